"""The queue at its door: who sees it, beginning a scan, its progress, deciding."""

from __future__ import annotations

from typing import Any

import pytest

from patron.customers.models import Contact
from patron.kernel.tenancy import workspace
from patron.quality import jobs
from patron.quality.domain import scanning
from patron.quality.models import Apart, Scan, ScanState
from patron.records import registry
from patron.testing import Scene
from tests.records.merge_kit import signed
from tests.records.test_every_type import address, client_of


@pytest.fixture
def found(scene: Scene) -> list[Any]:
    """Three records of one person, found by a scan."""
    with signed(scene):
        made = [Contact.objects.create(first_name="Helena", last_name="Brandt", email="h@x.example", phone="+493012345678") for _n in range(3)]
    with workspace(scene.workspace.pk):
        begun = scanning.begin(registry.get("contacts"))
        assert begun is not None
        scanning.run(begun)
    return made


def test_a_group_is_one_card_and_all_its_records_can_be_told_apart(scene: Scene, found: list[Any]) -> None:
    client, place = client_of(scene), address(scene, "duplicates")
    page = client.get(place, {"type": "contacts"}).content.decode()
    assert page.count("data-twin") == 1 and "All different" in page and "same phone" in page
    answer = client.post(place + "apart/", {"type": "contacts", "ids": [str(r.pk) for r in found]})
    assert answer.status_code == 302
    with workspace(scene.workspace.pk):
        assert Apart.objects.count() == 3
    assert "No duplicates left" in client.get(place, {"type": "contacts"}).content.decode()


def test_one_scan_at_a_time_and_its_progress_is_told(scene: Scene) -> None:
    client, place = client_of(scene), address(scene, "duplicates")
    assert "Nobody has searched here yet" in client.get(place, {"type": "contacts"}).content.decode()
    assert [client.post(place + "scan/", {"type": "contacts"}).status_code for _n in range(2)] == [302, 302]
    with workspace(scene.workspace.pk):
        scan = Scan.objects.get()
        Scan.objects.update(state=ScanState.RUNNING, phase="compare", done=20, total=80)
    bar = client.get(place + "progress/", {"scan": scan.pk}).content.decode()
    assert "Comparing" in bar and "20 of 80" in bar
    with workspace(scene.workspace.pk):
        Scan.objects.update(state=ScanState.FAILED, message="Something went wrong on our side.")
    assert client.get(place + "progress/", {"scan": scan.pk}).headers["HX-Refresh"] == "true"
    assert "Something went wrong" in client.get(place, {"type": "contacts"}).content.decode()
    assert client.get(place + "progress/", {"scan": "nonsense"}).status_code == 404


def test_the_job_scans_and_a_failure_keeps_the_pairs(scene: Scene, found: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with workspace(scene.workspace.pk):
        begun = scanning.begin(registry.get("contacts"))
        assert begun is not None
    monkeypatch.setattr(scanning, "find", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError):
        jobs.scan(workspace_id=str(scene.workspace.pk), scan_id=str(begun.pk))
    with workspace(scene.workspace.pk):
        assert Scan.objects.get(pk=begun.pk).state == ScanState.FAILED
    assert "data-twin" in client_of(scene).get(address(scene, "duplicates"), {"type": "contacts"}).content.decode()


def test_who_may_change_nothing_has_no_queue(scene: Scene, found: list[Any]) -> None:
    rita, place = client_of(scene, "rita"), address(scene, "duplicates")
    assert rita.get(place).status_code == 404
    assert rita.post(place + "scan/", {"type": "contacts"}).status_code == 404
    assert rita.post(place + "apart/", {"type": "contacts", "ids": [str(r.pk) for r in found]}).status_code == 404
    assert client_of(scene).post(place + "apart/", {"type": "contacts", "ids": ["x", "y"]}).status_code == 404
