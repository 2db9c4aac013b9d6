"""Everything of a workspace from the settings screen: a job, a file for administrators, an end."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from patron.kernel.tenancy import workspace
from patron.records import jobs
from patron.records.archive import background
from patron.records.export_models import ExportState, WorkspaceExport
from patron.testing import Scene


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    before, settings.DATA_DIR = settings.DATA_DIR, tmp_path
    yield tmp_path
    settings.DATA_DIR = before


@pytest.fixture
def begun(lasting_scene: Scene, folder: Path, monkeypatch: Any) -> Scene:
    """An export that an administrator has begun; the job has not run yet."""
    monkeypatch.setattr(jobs.export_workspace, "defer", lambda **values: None)
    assert client(lasting_scene, "dora").post(address(lasting_scene, "export")).status_code == 302
    return lasting_scene


def client(scene: Scene, name: str) -> Client:
    found = Client()
    found.force_login(scene.users[name])
    return found


def address(scene: Scene, *parts: object) -> str:
    return "/".join([f"/w/{scene.workspace.slug}/settings/data", *map(str, parts), ""])


def item_of(scene: Scene) -> WorkspaceExport:
    with workspace(scene.workspace.pk):
        return WorkspaceExport.objects.get()


def run(scene: Scene, name: str = "dora") -> WorkspaceExport:
    jobs.export_workspace(str(scene.workspace.pk), str(item_of(scene).pk), str(scene.users[name].pk))
    return item_of(scene)


def test_an_administrator_gets_the_file_and_nobody_else(begun: Scene) -> None:
    assert b"Waiting for its turn" in client(begun, "dora").get(address(begun)).content
    item = run(begun)
    assert (item.state, item.rows) == (ExportState.DONE, item.total)
    page = client(begun, "dora").get(address(begun)).content.decode()
    assert address(begun, "export", item.pk, "file") in page
    answer = client(begun, "dora").get(address(begun, "export", item.pk, "file"))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert answer.headers["Content-Disposition"].startswith("attachment") and answer.headers["Cache-Control"] == "no-store"
    for name in ("alice", "rita", "erin"):
        for parts in (("export", item.pk, "file"), ("export", item.pk), ()):
            assert client(begun, name).get(address(begun, *parts)).status_code == 403
        assert client(begun, name).post(address(begun, "export")).status_code == 403


def test_a_second_one_waits_for_the_first(begun: Scene) -> None:
    again = client(begun, "dora").post(address(begun, "export"), headers={"HX-Request": "true"})
    assert again.status_code == 409
    with workspace(begun.workspace.pk):
        assert WorkspaceExport.objects.count() == 1


def test_who_lost_the_right_meanwhile_gets_nothing(begun: Scene) -> None:
    item = run(begun, "alice")
    assert item.state == ExportState.FAILED
    assert not background.path_of(item).exists()


def test_progress_ends_in_a_fresh_page_and_files_go_after_a_week(begun: Scene) -> None:
    dora, item = client(begun, "dora"), item_of(begun)
    assert dora.get(address(begun, "export", item.pk), headers={"HX-Request": "true"}).content.count(b"progressbar") == 1
    item = run(begun)
    assert dora.get(address(begun, "export", item.pk), headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    with workspace(begun.workspace.pk):
        assert background.forget_old(timezone.now()) == 0
        assert background.forget_old(timezone.now() + datetime.timedelta(days=8)) == 1
    assert not background.path_of(item).exists()
    assert dora.get(address(begun, "export", item.pk, "file")).status_code == 404


def test_another_workspace_finds_nothing(begun: Scene) -> None:
    from patron.testing import make_workspace

    item, other = run(begun), make_workspace()
    assert client(other, "dora").get(address(other, "export", item.pk, "file")).status_code == 404
