"""Files by the typed client, against a served Patron."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tracemalloc
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from patron.collab.domain import contents
from patron.testing import Scene, make_workspace
from tests.api.conftest import key_of
from tests.collab.file_kit import PDF, make_field
from tests.records.import_kit import inside

MEGABYTE = 1 << 20


@pytest.fixture
def patron(server: str, lasting_scene: Scene, client_package: Any) -> Iterator[Any]:
    yield client_package.Patron(server, key_of(lasting_scene))
    shutil.rmtree(default_storage.path(f"{contents.AREA}/{lasting_scene.workspace.pk}"), ignore_errors=True)


def test_a_file_of_any_name_comes_back_as_it_was(patron: Any, tmp_path: Path) -> None:
    lead = patron.leads.create({"last_name": "Kern"})
    path = tmp_path / "Ünïcode's “Angebot”; 50% & copy&notes &lt;R&amp;D.pdf"
    path.write_bytes(PDF)
    told = patron.leads.add_file(lead["id"], path)
    assert (told["name"], told["media_type"], told["size"]) == (path.name, "application/pdf", len(PDF)) and told["url"].endswith(f"/files/{told['id']}/content/")
    added = patron.leads.add_files(lead["id"], [path])
    assert added.operation and patron.operation(added.operation)["id"] == added.operation
    quoted = patron.leads.add_file(lead["id"], b"x", name='5" pipe\r\nX: y.txt')
    assert quoted["name"] == "5 pipeX y.txt"  # without what systems refuse
    names = [path.name, path.name, quoted["name"]]
    assert sorted(f["name"] for f in patron.leads.files(lead["id"])) == sorted(names)
    assert [f["name"] for f in patron.leads.files(lead["id"], sort="-size")][-1] == quoted["name"]
    patron.undo(added.operation)
    assert len(list(patron.leads.files(lead["id"]))) == 2 and patron.files.content(told["id"]) == PDF
    assert patron.files.get(told["id"])["about"] == {"type": "leads", "id": lead["id"]}


def test_a_large_file_is_never_in_memory_as_a_whole(patron: Any, tmp_path: Path) -> None:
    size, big, back = 45 * MEGABYTE, tmp_path / "big.bin", tmp_path / "back.bin"
    with big.open("wb") as file:
        for _block in range(45):
            file.write(os.urandom(MEGABYTE))
    lead = patron.leads.create({"last_name": "Kern"})
    tracemalloc.start()
    try:
        told = patron.leads.add_file(lead["id"], big)
        assert patron.files.download(told["id"], back) == size
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert told["size"] == size and peak < 4 * MEGABYTE, peak
    assert hashlib.file_digest(back.open("rb"), "sha256").hexdigest() == patron.files.get(told["id"])["sha256"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["back.bin", "big.bin"]


def test_streams_from_where_they_are_and_from_pipes(patron: Any, client_package: Any) -> None:
    lead = patron.leads.create({"last_name": "Kern"})
    begun = io.BytesIO(b"header, content")
    begun.seek(8)
    reading, writing = os.pipe()
    os.write(writing, b"from a pipe")
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        uploads = [client_package.Upload(begun, "a.txt"), client_package.Upload(pipe, "b.txt"), client_package.Upload(b"c", "c.txt")]
        added = patron.leads.add_files(lead["id"], uploads)
    assert [patron.files.content(told["id"]) for told in added.files] == [b"content", b"from a pipe", b"c"]
    into = io.BytesIO()
    assert patron.files.download(added.files[1]["id"], into) == 11 and into.getvalue() == b"from a pipe"
    assert b"".join(patron.files.pieces(added.files[0]["id"])) == b"content"
    with pytest.raises(ValueError, match="name"):
        patron.leads.add_file(lead["id"], b"nameless")


def test_own_fields_take_files(patron: Any, lasting_scene: Scene) -> None:
    with inside(lasting_scene) as view:
        make_field(view.access, "drawings", several=True)
    account = patron.accounts.create({"name": "Kern AG"})
    told = patron.accounts.add_file(account["id"], PDF, name="plan.pdf", field="x_drawings")
    loose = patron.accounts.add_file(account["id"], b"loose", name="loose.txt")
    assert patron.accounts.get(account["id"])["x_drawings"] == [told]
    assert {f["name"] for f in patron.accounts.files(account["id"])} == {"plan.pdf", "loose.txt"}
    assert patron.accounts.edit(account["id"], {"x_drawings": [told, loose["id"]]})["x_drawings"] == [told, loose]
    assert patron.accounts.edit(account["id"], {"x_drawings": [loose["id"]]})["x_drawings"] == [loose]


def test_refusals_are_those_of_other_methods(server: str, patron: Any, client_package: Any, lasting_scene: Scene, tmp_path: Path) -> None:
    lead = patron.leads.create({"last_name": "Kern"})
    told = patron.leads.add_file(lead["id"], b"secret", name="a.txt")
    with pytest.raises(client_package.Invalid) as empty:
        patron.leads.add_files(lead["id"], [client_package.Upload(b"x", "b.txt"), client_package.Upload(b"", "empty.txt")])
    assert empty.value.errors == {"file": "This file is empty."}
    with pytest.raises(client_package.Invalid):
        patron.leads.add_file(lead["id"], b"\0" * (51 * MEGABYTE), name="large.bin")
    with pytest.raises(client_package.Invalid):
        patron.leads.add_file(lead["id"], b"x", name="a.txt", field="last_name")
    other = client_package.Patron(server, key_of(make_workspace(password=None)))
    kept = tmp_path / "kept.txt"
    kept.write_text("as it was")
    for asked in (lambda: other.files.content(told["id"]), lambda: other.files.download(told["id"], kept), lambda: list(other.leads.files(lead["id"])),
                  lambda: other.leads.add_file(lead["id"], b"x", name="a.txt"), lambda: patron.files.content(str(uuid.uuid4()))):  # fmt: skip
        with pytest.raises(client_package.NotFound):
            asked()
    assert kept.read_text() == "as it was" and list(tmp_path.iterdir()) == [kept]
    narrow = client_package.Patron(server, key_of(lasting_scene, scopes=("leads.view", "leads.edit")))
    for forbidden in (lambda: narrow.leads.add_file(lead["id"], b"x", name="a.txt"), lambda: list(narrow.leads.files(lead["id"]))):
        with pytest.raises(client_package.Forbidden) as refused:
            forbidden()
        assert refused.value.code == "out-of-scope"
    with pytest.raises(client_package.Unauthenticated):
        client_package.Patron(server, "patron_x").leads.add_file(lead["id"], b"\0" * (3 * MEGABYTE), name="a.bin")
    assert [f["name"] for f in patron.leads.files(lead["id"])] == ["a.txt"]


def test_what_breaks_off_is_asked_for_again_and_an_upload_is_done_once(patron: Any, client_package: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from patron_client import core

    monkeypatch.setattr(core, "WAIT", 0)
    lead = patron.leads.create({"last_name": "Kern"})
    once, lost = core.Transport._once, []

    def lossy(self: Any, method: str, *rest: Any) -> Any:
        answer = once(self, method, *rest)
        if method == "POST" and not lost:
            lost.append(answer)
            raise ConnectionResetError("the answer got lost")
        return answer

    monkeypatch.setattr(core.Transport, "_once", lossy)
    path = tmp_path / "a.bin"
    path.write_bytes(b"0123456789" * 50_000)
    told = patron.leads.add_file(lead["id"], path)
    assert lost and len(list(patron.leads.files(lead["id"]))) == 1

    really, cut = core.Transport.pieces, []

    def breaking(self: Any, where: str) -> Iterator[bytes]:
        for number, piece in enumerate(really(self, where)):
            if number == 1 and len(cut) < 2:
                cut.append(where)
                raise client_package.Unreachable(0, {"code": "unreachable"})
            yield piece

    monkeypatch.setattr(core.Transport, "pieces", breaking)
    assert patron.files.download(told["id"], tmp_path / "b.bin") == 500_000 and len(cut) == 2
    assert (tmp_path / "b.bin").read_bytes() == path.read_bytes()
    cut.clear()
    patron.transport.retries = 1
    with pytest.raises(client_package.Unreachable):
        patron.files.download(told["id"], tmp_path / "c.bin")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.bin", "b.bin"]
