"""Everything of a workspace out: from one snapshot, row by row through COPY, in constant memory."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec
from django.conf import settings
from django.db import connection
from django.utils import timezone

from patron.identity.models import Workspace
from patron.records.archive import form, tables
from patron.records.archive.form import Manifest, Member, Table
from patron.records.archive.tables import Known

#: Told how many rows are out, and of how many (0: not counted).
Tell = Callable[[int, int], None]
_LEVEL = 4  # of deflate: half the time of the usual 6, a tenth larger
_PIECE = 1 << 18
_CHUNK = 1 << 20
_LEDGER = "ledger_change"


def nobody(done: int, total: int) -> None:
    """Nobody is told."""


def write(place: Workspace, stream: IO[bytes], *, tell: Tell = nobody, count: bool = False) -> Manifest:
    """Write the workspace's file; answers its manifest.

    Reads over a connection of its own, in one REPEATABLE READ transaction: the file is the workspace at one instant, whatever others do
    meanwhile. `count` counts the rows first, for `tell`. Rights are the caller's business; API keys and invitations stay out.
    """
    own: Any = connection.copy()
    own.ensure_connection()
    raw = own.connection
    try:
        with raw.transaction():
            raw.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            raw.execute(f"SET LOCAL app.workspace_id = '{place.pk}'; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL jit = off")
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
                return _Writer(archive, raw, place, tell).run(count)
    finally:
        own.close()


class _Writer:
    def __init__(self, archive: zipfile.ZipFile, raw: Any, place: Workspace, tell: Tell) -> None:
        self.archive, self.raw, self.place, self.tell = archive, raw, place, tell
        self.done = self.total = 0
        self.members: dict[str, Member] = {}

    def run(self, count: bool) -> Manifest:
        known = tables.known(self.raw)
        if count:
            self.total = sum(self._count(name) for name in known)
        self._add(form.README, [form.ABOUT.encode()])
        self._add(form.SCHEMA, [msgspec.json.format(msgspec.json.encode(tables.described(known)), indent=1)])
        self._add(form.WORKSPACE, [msgspec.json.format(self._workspace(), indent=1)])
        self._copy(form.USERS, self._users())
        made = [self._table(table) for table in known.values()]
        files = self._files()
        manifest = Manifest(
            format=form.KIND, version=form.VERSION, patron=settings.PATRON_VERSION, made_at=timezone.now().isoformat(timespec="seconds"), slug=self.place.slug, name=self.place.name,
            rows=sum(t.rows for t in made), tables=made, members=self.members, files=files, migrations=self._migrations(),
        )  # fmt: skip
        self._add(form.MANIFEST, [msgspec.json.format(msgspec.json.encode(manifest), indent=1)])
        return manifest

    def _count(self, table: str) -> int:
        return int(self.raw.execute(f'SELECT count(*) FROM "{table}" WHERE {tables.TENANT} = %s', [self.place.pk]).fetchone()[0])

    # --- parts --------------------------------------------------------------------------------------------------------

    def _workspace(self) -> bytes:
        row = self.raw.execute("SELECT to_jsonb(w)::text FROM identity_workspace w WHERE id = %s", [self.place.pk]).fetchone()
        return str(row[0]).encode()

    def _users(self) -> str:
        columns = ", ".join(tables.USER_COLUMNS)
        members = f"SELECT user_id FROM identity_membership WHERE workspace_id = '{self.place.pk}'"
        return f"SELECT {columns} FROM {tables.user_table()} WHERE id IN ({members}) ORDER BY id"

    def _table(self, table: Known) -> Table:
        key = ", ".join(f'"{name}"' for name in (["at", "seq"] if table.name == _LEDGER else table.key))
        columns = ", ".join(_expression(table, c.name, c.type) for c in table.written)
        query = f"SELECT {columns} FROM \"{table.name}\" WHERE {tables.TENANT} = '{self.place.pk}' ORDER BY {key}"
        rows, member = self._copied(f"tables/{table.name}.csv", query)
        self.done += rows
        self.tell(self.done, self.total)
        return Table(bytes=member.bytes, sha256=member.sha256, name=table.name, rows=rows, columns=table.written)

    def _migrations(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for app, name in self.raw.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall():
            found.setdefault(app, []).append(name)
        return found

    def _files(self) -> int:
        """Uploaded files: everything below files/<area>/<workspace>/. One that is deleted meanwhile is left out, as a moment later it would be."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["path", "bytes", "sha256"])
        count = 0
        for path, name in files_of(self.place):
            try:
                member = self._add(f"files/{name}", _pieces(path), packed=False, keep=False)
            except FileNotFoundError:
                continue
            writer.writerow([name, member.bytes, member.sha256])
            count += 1
        self._add(form.FILES, [out.getvalue().encode()])
        return count

    # --- into the archive ---------------------------------------------------------------------------------------------

    def _copy(self, name: str, query: str) -> None:
        _rows, self.members[name] = self._copied(name, query)

    def _copied(self, name: str, query: str) -> tuple[int, Member]:
        with self.raw.cursor() as cursor:
            with cursor.copy(f"COPY ({query}) TO STDOUT WITH (FORMAT csv, HEADER)") as copy:
                member = self._add(name, self._told(copy), keep=False)
            return max(cursor.rowcount, 0), member

    def _told(self, copy: Iterable[Any]) -> Iterator[bytes]:
        """Rows joined into pieces worth compressing; tells about every ten thousandth."""
        piece, size, rows = [], 0, 0
        for row in copy:
            piece.append(bytes(row))
            size += len(row)
            if size >= _PIECE:
                rows += len(piece)
                yield b"".join(piece)
                self.tell(self.done + rows, self.total)
                piece, size = [], 0
        yield b"".join(piece)

    def _add(self, name: str, pieces: Iterable[bytes], *, packed: bool = True, keep: bool = True) -> Member:
        info = zipfile.ZipInfo(name, form.TIME)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info._compresslevel = _LEVEL  # type: ignore[attr-defined]
        info.external_attr = 0o600 << 16
        digest, size = hashlib.sha256(), 0
        pieces = iter(pieces)
        piece = next(pieces, b"")  # a file that is gone is noticed before its member begins
        with self.archive.open(info, "w", force_zip64=True) as target:
            while piece:
                digest.update(piece)
                size += len(piece)
                target.write(piece)
                piece = next(pieces, b"")
        member = Member(bytes=size, sha256=digest.hexdigest())
        if keep and name != form.MANIFEST:
            self.members[name] = member
        return member


def _expression(table: Known, column: str, kind: str) -> str:
    if column in table.secrets:
        return f"""'' AS "{column}\"""" if kind.startswith(("character", "text")) else f"""NULL::{kind} AS "{column}\""""
    hidden = tables.secrets()
    if table.name == _LEDGER and column == "changes" and hidden:
        cases = " ".join(f"WHEN '{name}' THEN changes - '{{{','.join(columns)}}}'::text[]" for name, columns in hidden.items())
        return f"CASE table_name {cases} ELSE changes END AS changes"
    return f'"{column}"'


def root() -> Path:
    """Where uploaded files are kept: <area>/<workspace>/… below it."""
    return Path(settings.DATA_DIR) / "files"


def files_of(place: Workspace) -> Iterator[tuple[Path, str]]:
    """The uploaded files of a workspace, each with its name in the archive: area/rest, without the workspace."""
    for area in sorted(root().glob("*")):
        own = area / str(place.pk)
        for path in sorted(own.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path, f"{area.name}/{path.relative_to(own).as_posix()}"


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece
