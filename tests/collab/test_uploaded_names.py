"""Names of files arrive as they are, whatever they spell in HTML, by every door that takes files; and are never a path."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from patron.collab.models import Attachment
from patron.kernel.tenancy import workspace
from patron.records.import_models import Import
from patron.testing import Scene, open_workspace
from tests.api.conftest import key_of
from tests.collab.file_kit import PDF, browser, make_field, names
from tests.collab.test_own_files import account

pytestmark = pytest.mark.usefixtures("storage")

SENT = ("docs&notes.pdf", "a&lt;b.txt", "R&amp;D &#38; more.txt", "Ünïcode &copy; “x”; 50%.txt")  # as a browser sends them
PATHS = {"../../etc/a&lt;b.pdf": "a&lt;b.pdf", "C:\\Users\\ann\\b&notes.pdf": "b&notes.pdf", "&#47;c.pdf": "&#47;c.pdf", "d\x01\x7f\u202e.pdf": "d.pdf"}


def form(files: list[tuple[str, str]], **texts: str) -> dict[str, Any]:
    """A form as browsers write it (HTML, 4.10.21.8): names in UTF-8, quotation marks alone spelt otherwise. `files`: (control, name)."""
    parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in texts.items()]
    content = PDF.decode()
    for control, name in files:
        quoted = name.replace('"', "%22")
        parts.append(f'--x\r\nContent-Disposition: form-data; name="{control}"; filename="{quoted}"\r\nContent-Type: application/pdf\r\n\r\n{content}\r\n')
    return {"data": "".join([*parts, "--x--\r\n"]).encode(), "content_type": "multipart/form-data; boundary=x"}


def test_a_form_of_files_keeps_names(scene: Scene) -> None:
    one = account(scene)
    answer = browser(scene).post(f"/w/{scene.workspace.slug}/collab/on/accounts/{one.pk}/files/", **form([("file", name) for name in SENT]))
    assert answer.status_code == 302
    assert {name for name, _field in names(scene)} == set(SENT)


def test_the_form_of_a_record_keeps_names_in_its_fields(scene: Scene) -> None:
    with open_workspace(scene) as access:
        make_field(access, "drawings", several=True)
    files = [("x_drawings", name) for name in SENT]
    answer = browser(scene).post(f"/w/{scene.workspace.slug}/accounts/new/?form=all", **form(files, **{"name": "R&amp;D", "has-x_drawings": "1"}))
    assert answer.status_code == 302
    assert set(names(scene)) == {(name, "drawings") for name in SENT}


def test_the_api_keeps_names(scene: Scene) -> None:
    one = account(scene)
    headers = {"Authorization": f"Bearer {key_of(scene)}"}
    answer = Client(HTTP_HOST="127.0.0.1").post(f"/api/v1/accounts/{one.pk}/files/", headers=headers, **form([("file", name) for name in SENT]))
    assert answer.status_code == 201 and [told["name"] for told in answer.json()["data"]] == list(SENT)


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=ü"])
@pytest.mark.parametrize("more", [{}, {"Idempotency-Key": "once"}])
def test_the_api_says_what_is_no_form(scene: Scene, content_type: str, more: dict[str, str]) -> None:
    one = account(scene)
    program = Client(HTTP_HOST="127.0.0.1", raise_request_exception=False)
    sent = {**form([("file", "a.txt")]), "content_type": content_type}
    answer = program.post(f"/api/v1/accounts/{one.pk}/files/", headers={"Authorization": f"Bearer {key_of(scene)}", **more}, **sent)
    assert answer.status_code == 400 and answer.json()["detail"].startswith("The form cannot be read: Invalid"), answer.content
    assert names(scene) == []


def test_an_import_keeps_the_name_of_its_file(scene: Scene) -> None:
    sent = form([("file", "R&amp;D.csv")], type="leads")
    table = sent["data"].replace(PDF, b"Last name,Company\r\nLee,Globex\r\n")
    answer = browser(scene).post(f"/w/{scene.workspace.slug}/import/", data=table, content_type=sent["content_type"])
    assert answer.status_code == 302
    with workspace(scene.workspace.pk):
        assert Import.objects.get().filename == "R&amp;D.csv"


def test_names_stay_names_and_no_paths(scene: Scene) -> None:
    one = account(scene)
    here, dora = f"/w/{scene.workspace.slug}/collab/on/accounts/{one.pk}/files/", browser(scene)
    for sent, kept in PATHS.items():
        assert dora.post(here, **form([("file", sent)])).status_code == 302
        with workspace(scene.workspace.pk):
            assert Attachment.objects.order_by("-created_at", "-id").values_list("name", flat=True).first() == kept
    before = len(names(scene))
    for nothing in ("..", ".", "a/..", "\x01", "dir/"):
        assert dora.post(here, **form([("file", nothing)])).status_code == 422, nothing
    assert len(names(scene)) == before
