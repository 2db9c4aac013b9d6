"""Files on records: who may see, add and remove them; what a browser is given; what undo brings back."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from patron.collab.domain import contents, files, timeline
from patron.collab.domain.refs import Ref
from patron.collab.models import Attachment
from patron.ledger import undo
from patron.records import perform, registry
from patron.records.verbs import Refused
from patron.testing import Scene, make_workspace, open_workspace
from tests.records import making

pytestmark = pytest.mark.usefixtures("storage")


def client(scene: Scene, name: str) -> Client:
    found = Client()
    found.force_login(scene.users[name])
    return found


def lead(scene: Scene, owner: str) -> Any:
    with open_workspace(scene) as access:
        return making.make(registry.get("leads"), access, owner=scene.members[owner].pk)


def upload(scene: Scene, name: str, record: Any, *uploads: tuple[str, bytes], script: bool = True) -> Any:
    headers = {"HX-Request": "true"} if script else {}
    data = {"file": [SimpleUploadedFile(n, c) for n, c in uploads]}
    return client(scene, name).post(f"/w/{scene.workspace.slug}/collab/on/leads/{record.pk}/files/", data, headers=headers)


def only(scene: Scene) -> Attachment:
    with open_workspace(scene):
        return Attachment.objects.get()


def content_url(scene: Scene, row: Attachment) -> str:
    return f"/w/{scene.workspace.slug}/collab/files/{row.pk}/content/"


def test_a_file_is_added_shown_and_given_out_as_a_harmless_download(scene: Scene) -> None:
    record = lead(scene, "alice")
    answer = upload(scene, "alice", record, ("../../Angebot <1>.html", b"<!doctype html><script>alert(1)</script>"))
    assert answer.status_code == 200 and "Angebot 1.html" in answer.content.decode()
    row = only(scene)
    assert (row.name, row.media_type, row.owner_id) == ("Angebot 1.html", "text/html", scene.members["alice"].pk)
    given_out = client(scene, "alice").get(content_url(scene, row))
    assert b"".join(given_out.streaming_content).startswith(b"<!doctype")  # type: ignore[attr-defined]
    assert given_out.headers["Content-Disposition"].startswith("attachment")
    assert given_out.headers["X-Content-Type-Options"] == "nosniff"
    assert given_out.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert given_out.headers["Content-Type"] == "text/plain"
    page = client(scene, "alice").get(f"/w/{scene.workspace.slug}/leads/{record.pk}/").content.decode()
    assert page.count("Angebot 1.html") >= 2  # in the panel and on the timeline


def test_without_script_the_record_page_follows_and_a_refusal_is_a_page(scene: Scene) -> None:
    record = lead(scene, "alice")
    assert upload(scene, "alice", record, ("a.txt", b"a"), script=False).status_code == 302
    refused = upload(scene, "alice", record, ("b.txt", b""), script=False)
    assert refused.status_code == 422 and "This file is empty." in refused.content.decode()
    with open_workspace(scene):
        assert Attachment.objects.count() == 1


def test_who_does_not_see_the_record_finds_neither_file_nor_content(scene: Scene) -> None:
    record = lead(scene, "charlie")
    upload(scene, "charlie", record, ("secret.txt", b"secret"))
    row, slug = only(scene), scene.workspace.slug
    alice = client(scene, "alice")
    assert alice.get(content_url(scene, row)).status_code == 404
    assert alice.get(f"/w/{slug}/files/{row.pk}/").status_code == 404
    assert b"secret.txt" not in alice.get(f"/w/{slug}/files/").content
    assert upload(scene, "alice", record, ("x.txt", b"x")).status_code == 404
    assert client(scene, "rita").get(content_url(scene, row)).status_code == 200
    assert upload(scene, "rita", record, ("x.txt", b"x")).status_code == 422
    other = make_workspace()
    assert client(other, "dora").get(content_url(other, row)).status_code == 404


def test_too_large_or_one_bad_among_several_adds_none(scene: Scene) -> None:
    record = lead(scene, "alice")
    with override_settings(PATRON_FILE_MEGABYTES=1):
        answer = upload(scene, "alice", record, ("fine.txt", b"fine"), ("big.bin", b"x" * (1024**2 + 1)))
    assert answer.status_code == 422 and "larger than 1 MB" in answer.content.decode()
    with open_workspace(scene):
        assert not Attachment.objects.exists()


def test_removal_is_undone_with_the_content_and_nothing_needed_is_forgotten(scene: Scene) -> None:
    record = lead(scene, "alice")
    upload(scene, "alice", record, ("a.txt", b"same"), ("b.txt", b"same"))
    from patron.kernel.tenancy import workspace

    with workspace(scene.workspace.pk):
        access = scene.access("alice")
        rows = list(Attachment.objects.order_by("pk"))
        assert rows[0].sha256 == rows[1].sha256
        done = perform.perform(registry.verb("files", "delete"), registry.get("files"), rows[0], access=access, inputs={})
        later = timezone.now() + datetime.timedelta(days=2)
        assert contents.forget_unneeded(later) == 0
        undo.undo(done.operation_id, access=access)
        assert Attachment.objects.count() == 2
        default_storage.save(contents.path_of("ab" * 32), io.BytesIO(b"left over"))
        assert contents.forget_unneeded(timezone.now()) == 0
        assert contents.forget_unneeded(later) == 1
        assert contents.opened(rows[0].sha256).read() == b"same"


def test_rename_keeps_the_kind_and_refuses_nothing_names(scene: Scene) -> None:
    record = lead(scene, "alice")
    upload(scene, "alice", record, ("a.pdf", b"%PDF-1.7"))
    with open_workspace(scene, "alice") as access:
        row = Attachment.objects.get()
        files.rename(row, access=access, name="b.exe")
        assert (row.name, row.media_type) == ("b.exe", "application/pdf")
        with pytest.raises(Refused):
            files.rename(row, access=access, name=" ../.. ")


def test_others_may_not_remove_what_they_did_not_add(scene: Scene) -> None:
    record = lead(scene, "alice")
    upload(scene, "alice", record, ("a.txt", b"a"))
    row = only(scene)
    with open_workspace(scene, "bob") as access, pytest.raises(perform.NotAllowed):
        perform.perform(registry.verb("files", "delete"), registry.get("files"), row, access=access, inputs={})


def test_the_timeline_takes_no_more_queries_for_more_files(scene: Scene, django_assert_max_num_queries: Any) -> None:
    record = lead(scene, "alice")
    upload(scene, "alice", record, *[(f"{n}.txt", str(n).encode()) for n in range(12)])
    with open_workspace(scene, "alice") as access, django_assert_max_num_queries(14):
        page = timeline.page("leads", record.pk, access)
    assert sum("added the file" in line.item.text for group in page.groups for line in group.lines) == 12
    assert Ref("leads", record.pk)


@given(st.text(max_size=300))
def test_a_cleaned_name_leads_nowhere(name: str) -> None:
    try:
        cleaned = contents.clean_name(name)
    except Refused:
        return
    assert cleaned and len(cleaned) <= 200
    assert not set(cleaned) & set('/\\<>:"|?*\x00\r\n') and cleaned not in (".", "..")
    assert contents.clean_name(cleaned) == cleaned


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.4", "application/pdf"), (b"\x89PNG\r\n\x1a\n....", "image/png"), (b"PK\x03\x04....word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"\n <!-- x --> <SVG onload=1>", "text/html"), (b"name,city\n", "text/plain"), (b"a\x00b", "application/octet-stream"), (b"MZ\x90", "application/vnd.microsoft.portable-executable"),
    ],
)  # fmt: skip
def test_kinds_are_told_by_content(head: bytes, kind: str) -> None:
    assert contents.sniff(head) == kind
