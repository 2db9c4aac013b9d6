"""A workspace out and in again: equal to the last row, and nothing of a bad file."""

from __future__ import annotations

import datetime
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from patron.config import libpq
from patron.config.database import parse
from patron.identity.access import Access
from patron.identity.models import User, Workspace
from patron.kernel.tenancy import uuid7, workspace
from patron.ledger import undo
from patron.ledger.models import Operation
from patron.ledger.operations import operation
from patron.records import changes, registry
from patron.records.archive import form, reading, tables, whole
from patron.records.archive.form import BadFile
from patron.testing import Scene, make_workspace
from tests.records import making


@pytest.fixture
def owner() -> Iterator[psycopg.Connection[Any]]:
    """The tables' owner, in the database of the tests."""
    place = parse(os.environ["DATABASE_URL"]) | {"NAME": connection.settings_dict["NAME"]}
    with libpq.connect(place) as raw:
        yield raw


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder of the test's own."""
    before, settings.DATA_DIR = settings.DATA_DIR, tmp_path / "data"
    yield tmp_path
    settings.DATA_DIR = before


@pytest.fixture
def filled(committing: None, folder: Path) -> Scene:
    """A workspace with every record type, a history with changes and an undo, and an uploaded file."""
    scene = make_workspace()
    with workspace(scene.workspace.pk):
        access = scene.access()
        for record_type in registry.all_types():
            with operation(f"{record_type.key}.create", access=access):
                first = making.make(record_type, access)
            if "tags" in record_type.fields and record_type.title in record_type.editable_fields(access):
                with operation("test.tag", access=access):
                    first.refresh_from_db()
                    changes.edit(record_type, first, {"tags": ["a \"quoted\" tag", "b,c", "Größe"]}, access=access)
        with operation("test.rename", access=access) as renamed:
            lead = making.make(registry.get("leads"), access, description="=1+1, \"x\"\r\n\\N \t\u2028 é 🦉")
        undo.undo(renamed.id, access=access)
        with operation("test.again", access=access):
            making.make(registry.get("leads"), access, description="=1+1, \"x\"\r\n\\N \t\u2028 é 🦉")
        assert lead.pk
    path = settings.DATA_DIR / "files" / "attachments" / str(scene.workspace.pk) / "ab" / "abcd"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\x00content")
    return scene


def out(scene: Scene, target: Path) -> Path:
    whole.to_file(scene.workspace, target, scene.system)
    return target


def rows_of(raw: psycopg.Connection[Any], place: Workspace) -> dict[str, list[Any]]:
    """Every row of every table of a workspace, but for what an export leaves out."""
    found, bound = {}, {name: table.bound for name, table in tables.known(raw).items()}
    with raw.transaction():
        raw.execute(f"SET LOCAL app.workspace_id = '{place.pk}'")
        for table in tables.known(raw):
            hidden = "{" + ",".join({"workspace_id", *bound[table], *tables.secrets().get(table, ())}) + "}"
            secret = " AND table_name <> 'identity_apitoken'" if table == "ledger_change" else ""
            found[table] = raw.execute(
                f'SELECT (to_jsonb(t) - %s::text[])::text FROM "{table}" t WHERE workspace_id = %s {secret} ORDER BY 1', [hidden, place.pk]
            ).fetchall()
    return found


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(found.pop(form.MANIFEST))
    place = json.loads(found.pop(form.WORKSPACE))
    for key in ("made_at", "slug", "name"):
        manifest.pop(key)
    manifest["members"].pop(form.WORKSPACE)
    return {**found, "manifest": json.dumps(manifest).encode(), "settings": json.dumps(place["settings"]).encode()}


def test_restored_beside_others_it_is_equal_to_the_last_row(filled: Scene, folder: Path, owner: Any) -> None:
    before = rows_of(owner, filled.workspace)
    first = out(filled, folder / "a.zip")
    done = whole.from_file(first, owner, slug=f"{filled.workspace.slug}-again")
    assert (done.kept_id, done.files, done.people) == (False, 1, 0)
    place = Workspace.objects.get(slug=f"{filled.workspace.slug}-again")
    after = rows_of(owner, place)
    assert {t: len(r) for t, r in after.items()} == {t: len(r) for t, r in before.items()}
    assert after == before
    assert all(before[t] for t in ("ledger_operation", "ledger_change", "identity_membership", "identity_role"))
    assert (settings.DATA_DIR / "files" / "attachments" / str(place.pk) / "ab" / "abcd").read_bytes() == b"\x00content"
    second = folder / "b.zip"
    whole.to_file(place, second, Access.system(place))
    assert contents(second) == contents(first)


def test_in_the_restored_workspace_undo_still_works(filled: Scene, folder: Path, owner: Any) -> None:
    whole.from_file(out(filled, folder / "a.zip"), owner, slug=f"{filled.workspace.slug}-undo")
    place = Workspace.objects.get(slug=f"{filled.workspace.slug}-undo")
    access = Access.system(place)
    model = registry.get("leads").model
    with workspace(place.pk):
        count = model.objects.count()
        undo.undo(Operation.objects.get(verb="test.again").pk, access=access)
        assert model.objects.count() == count - 1
        with operation("test.after", access=access) as signed:
            making.make(registry.get("accounts"), access)
        undo.undo(signed.id, access=access)
        taken_back = Operation.objects.get(verb="undo", undoes=Operation.objects.get(verb="test.rename").pk)
        undo.undo(taken_back.pk, access=access)
        assert model.objects.count() == count


def test_ids_and_people_stay_where_they_are_free(filled: Scene, folder: Path, owner: Any) -> None:
    path = out(filled, folder / "a.zip")
    gone, kept = filled.workspace.pk, filled.users["alice"].pk
    fresh = uuid7()
    with zipfile.ZipFile(path) as archive:
        users, place = archive.read(form.USERS).decode(), json.loads(archive.read(form.WORKSPACE))
    new = rewritten(path, folder / "b.zip", {
        form.USERS: users.replace(str(kept), str(fresh)).replace("alice@", "new.alice@"), form.WORKSPACE: json.dumps({**place, "id": str(uuid7())}),
        "tables/identity_membership.csv": lambda text: text.replace(str(kept), str(fresh)),
    })  # fmt: skip
    done = whole.from_file(new, owner, slug=f"{filled.workspace.slug}-else")
    assert done.kept_id and done.workspace_id != gone
    assert done.people == 1
    newcomer = User.objects.get(pk=fresh)
    assert newcomer.email.startswith("new.alice@") and not newcomer.has_usable_password()


def rewritten(source: Path, target: Path, parts: dict[str, Any], *, honest: bool = True) -> Path:
    """A copy with other parts, whose manifest tells the truth about them (unless not `honest`)."""
    import hashlib

    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        manifest = json.loads(old.read(form.MANIFEST))
        for name in old.namelist():
            if name == form.MANIFEST:
                continue
            content = old.read(name)
            if name in parts:
                change = parts[name]
                content = (change(content.decode()) if callable(change) else change).encode() if not isinstance(change, bytes) else change
                entry = next((t for t in manifest["tables"] if f"tables/{t['name']}.csv" == name), manifest["members"].get(name))
                if honest and entry is not None:
                    entry.update(bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
            new.writestr(name, content)
        if form.MANIFEST in parts:
            parts[form.MANIFEST](manifest)
        new.writestr(form.MANIFEST, json.dumps(manifest))
    return target


def _break(path: Path, kind: str, folder: Path) -> Path:
    bad = folder / "bad.zip"
    leads = "tables/sales_lead.csv"
    if kind == "newer format":
        return rewritten(path, bad, {form.MANIFEST: lambda m: m.update(version=2)})
    if kind == "newer Patron":
        return rewritten(path, bad, {form.MANIFEST: lambda m: m["migrations"]["sales"].append("9999_more")})
    if kind == "checksum":
        return rewritten(path, bad, {leads: lambda text: text.replace("Company", "Compony")}, honest=False)
    if kind == "row that refers to nothing":
        return rewritten(path, bad, {"tables/identity_teammember.csv": lambda text: text.replace(text.split("\n")[1].split(",")[1], str(uuid7()))})
    if kind == "unknown column":
        return rewritten(path, bad, {form.MANIFEST: lambda m: m["tables"][0]["columns"].append({"name": "evil", "type": "text"})})
    if kind == "bomb":
        with zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(leads, "w", force_zip64=True) as member:
            for _piece in range(300):
                member.write(bytes(1 << 20))
        return bad
    if kind == "cut off":
        bad.write_bytes(path.read_bytes()[:-3000])
        return bad
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bad, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("files/../../evil.txt" if kind == "path that leads out" else "tables/more.csv", b"x")
    return bad


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("newer format", "newer version"), ("newer Patron", "newer Patron"), ("checksum", "checksum"), ("row that refers to nothing", "not fit together"), ("unknown column", "unknown here"),
        ("bomb", "next to nothing"), ("cut off", "damaged"), ("path that leads out", "forbidden name"), ("stowaway", "does not name"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_in_words_and_leaves_nothing(kind: str, words: str, filled: Scene, folder: Path, owner: Any) -> None:
    bad = _break(out(filled, folder / "a.zip"), kind, folder)
    with pytest.raises(BadFile, match=words):
        whole.from_file(bad, owner, slug=f"{filled.workspace.slug}-bad")
    assert not Workspace.objects.filter(slug=f"{filled.workspace.slug}-bad").exists()
    assert not list(folder.rglob("evil.txt"))
    assert [p.name for p in (settings.DATA_DIR / "files" / "attachments").iterdir()] == [str(filled.workspace.pk)]
    state = owner.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D' AND NOT tgisinternal").fetchone()
    assert state == (0,)


def test_a_taken_or_impossible_address_is_refused(filled: Scene, folder: Path, owner: Any) -> None:
    path = out(filled, folder / "a.zip")
    with pytest.raises(BadFile, match="already"):
        whole.from_file(path, owner)
    with pytest.raises(BadFile, match="small letters"):
        whole.from_file(path, owner, slug="../x")


def test_no_secret_leaves(filled: Scene, folder: Path, owner: Any) -> None:
    from patron.setup.domain import tokens

    with workspace(filled.workspace.pk):
        _made, key = tokens.create(filled.members["alice"], "robot", ["*.view"], access=filled.access(), lasts=datetime.timedelta(days=3))
        User.objects.filter(pk=filled.users["alice"].pk).update(password="argon2$secret-hash")
    path = out(filled, folder / "a.zip")
    with zipfile.ZipFile(path) as archive:
        everything = b"".join(archive.read(n) for n in archive.namelist())
    with workspace(filled.workspace.pk):
        hashed = [row for (row,) in filled.members["alice"].tokens.values_list("hash")]
    assert b"secret-hash" not in everything and key.encode() not in everything
    assert hashed and not any(h.encode() in everything for h in hashed)


def test_the_file_is_one_instant_and_the_export_is_in_the_history(filled: Scene, folder: Path, monkeypatch: Any) -> None:
    """Somebody writes between two tables: the file does not have it."""
    from patron.records.archive import writing

    known: Callable[[Any], Any] = tables.known

    def meanwhile(raw: Any) -> Any:
        found = known(raw)
        with workspace(filled.workspace.pk), operation("test.late", access=filled.system):
            making.make(registry.get("leads"), filled.access(), company="Late Ltd")
        return found

    monkeypatch.setattr(writing.tables, "known", meanwhile)
    path = out(filled, folder / "a.zip")
    with zipfile.ZipFile(path) as archive:
        assert b"Late Ltd" not in archive.read("tables/sales_lead.csv")
        assert b"test.late" not in archive.read("tables/ledger_operation.csv")
    assert path.stat().st_mode & 0o777 == 0o600
    with workspace(filled.workspace.pk):
        assert Operation.objects.filter(verb=whole.VERB).count() == 1


def test_reading_says_whether_a_file_is_one(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(b"no zip")
    assert not reading.is_one(tmp_path / "x.tar")
    with pytest.raises(BadFile), reading.opened(tmp_path / "x.tar"):
        pass
