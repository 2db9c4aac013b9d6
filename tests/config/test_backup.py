"""Backup and restore: everything comes back, and nothing is overwritten."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from patron.config import embedded

if TYPE_CHECKING:
    from tests.config.conftest import Site

TABLE = """
CREATE TABLE note (workspace_id uuid, body text);
INSERT INTO note VALUES ('00000000-0000-7000-8000-000000000001', 'Grüße');
ALTER TABLE note ENABLE ROW LEVEL SECURITY; ALTER TABLE note FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON note USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);
CREATE FUNCTION note_count() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM note';
GRANT patron_reader TO CURRENT_USER; ALTER FUNCTION note_count() OWNER TO patron_reader;
GRANT SELECT ON note TO patron_app;
GRANT SELECT ON note TO patron_reader;
CREATE VIEW seen.note AS SELECT * FROM note; ALTER VIEW seen.note OWNER TO patron_reader; GRANT SELECT ON seen.note TO patron_app;
"""


@pytest.fixture
def filled(site: Site) -> Site:
    """A site with a row under row-level security, a function of another role, and an uploaded file."""
    with psycopg.connect(embedded.ensure_running(site.data), autocommit=True) as connection:
        connection.execute(TABLE)
    embedded.stop(site.data)
    (site.data / "files" / "a b").mkdir(parents=True)
    (site.data / "files" / "a b" / "ü.txt").write_text("content")
    return site


def back_up(site: Site, target: Path) -> dict[str, object]:
    done = site.run("backup", str(target), "--json")
    assert done.returncode == 0, done.stderr
    result: dict[str, object] = json.loads(done.stdout)
    return result


def rewrite(source: Path, target: Path, change: Callable[[tarfile.TarInfo, bytes], tuple[str, bytes]]) -> None:
    """Copy an archive with its members changed."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            stream = old.extractfile(member)
            assert stream is not None
            member.name, content = change(member, stream.read())
            member.size, member.pax_headers = len(content), {}
            new.addfile(member, io.BytesIO(content))


def test_everything_comes_back_in_another_place(filled: Site, make_site: Callable[..., Site], tmp_path: Path) -> None:
    result = back_up(filled, tmp_path / "backup.tar")
    other = make_site("other", empty=True)
    done = other.run("restore", str(tmp_path / "backup.tar"))

    assert (done.returncode, done.stderr) == (0, "")
    assert result["files"] == 1
    assert (other.data / "files" / "a b" / "ü.txt").read_text() == "content"
    assert (other.data / "secret_key").read_text() == (filled.data / "secret_key").read_text()
    with psycopg.connect(embedded.ensure_running(other.data)) as connection:
        assert connection.execute("SELECT body FROM note").fetchall() == [("Grüße",)]
        owner = connection.execute("SELECT proowner::regrole::text FROM pg_proc WHERE proname = 'note_count'").fetchone()
        assert owner == ("patron_reader",)
    embedded.stop(other.data)
    seen = other.run("dbshell", "-Atc", "SELECT count(*), (SELECT relforcerowsecurity FROM pg_class WHERE relname = 'note') FROM note")
    assert seen.stdout == "0|t\n"


def test_the_file_is_private_and_an_existing_one_is_kept(filled: Site, tmp_path: Path) -> None:
    target = tmp_path / "backup.tar"
    back_up(filled, target)
    content = target.read_bytes()
    again = filled.run("backup", str(target))

    assert target.stat().st_mode & 0o777 == 0o600
    assert (again.returncode, target.read_bytes()) == (1, content)
    assert "exists already" in again.stderr
    assert [path.name for path in tmp_path.glob("*backup*")] == ["backup.tar"]


def test_a_database_that_holds_anything_is_not_restored_into(filled: Site, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup.tar")
    (filled.data / "files" / "a b" / "ü.txt").unlink()
    (filled.data / "files" / "a b").rmdir()
    done = filled.run("restore", str(tmp_path / "backup.tar"))

    assert done.returncode == 1
    assert "not empty" in done.stderr


def test_a_folder_that_holds_files_is_not_restored_into(filled: Site, make_site: Callable[..., Site], tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup.tar")
    other = make_site("other", empty=True)
    (other.data / "files").mkdir()
    (other.data / "files" / "mine.txt").write_text("mine")
    done = other.run("restore", str(tmp_path / "backup.tar"))

    assert done.returncode == 1
    assert (other.data / "files" / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("kind", ["damaged dump", "name that leads out", "cut off", "no archive"])
def test_a_bad_file_is_refused_and_nothing_is_written(kind: str, filled: Site, make_site: Callable[..., Site], tmp_path: Path) -> None:
    good, bad = tmp_path / "backup.tar", tmp_path / "bad.tar"
    back_up(filled, good)
    if kind == "damaged dump":
        rewrite(good, bad, lambda member, content: (member.name, content[:-1] + b"x" if member.name == "database.dump" else content))
    elif kind == "name that leads out":
        rewrite(good, bad, lambda member, content: ("files/../../out.txt" if member.name.startswith("files/") else member.name, content))
    else:
        bad.write_bytes(good.read_bytes()[:20_000] if kind == "cut off" else b"nothing of the kind")
    other = make_site("other", empty=True)
    done = other.run("restore", str(bad))

    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    assert not (other.data / "files").exists()
    assert not list(tmp_path.rglob("out.txt"))
    assert other.run("restore", str(good)).returncode == 0
