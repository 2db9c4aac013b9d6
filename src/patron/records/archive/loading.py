"""A workspace's file into the database: as the owner of the tables, since history may be written by nobody else; all of it or nothing.

Rows come as they were, bookkeeping included: triggers of the tables sleep for the length of the transaction, foreign keys and other constraints
do not. Meanwhile others may read every workspace, but not write.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from patron.kernel.tenancy import uuid7
from patron.ledger import sealing
from patron.records.archive import form, tables, writing
from patron.records.archive.form import BadFile, Table
from patron.records.archive.reading import Source
from patron.records.archive.tables import TENANT

_LEDGER = "ledger_change"
_PATIENCE = "15s"
Say = Callable[[str], object]


@dataclass(slots=True)
class Restored:
    """What came of it. `joined` are people who were here already, by e-mail address; `kept_id`: the workspace's own id is the file's."""

    slug: str
    workspace_id: uuid.UUID
    rows: int
    files: int
    people: int = 0
    joined: list[str] = field(default_factory=list)
    kept_id: bool = True


def load(source: Source, raw: psycopg.Connection[Any], *, slug: str = "", say: Say = lambda words: None) -> Restored:
    """Restore into a new workspace. `raw` is a connection of the tables' owner. Raises `BadFile`; then nothing was written."""
    try:
        with raw.transaction(), _files_placed(source) as place_files:
            loader = _Loader(source, raw, say)
            done = loader.run(slug or source.manifest.slug)
            done.files = place_files(done.workspace_id)
            return done
    except psycopg.errors.LockNotAvailable as error:
        raise BadFile("Others are writing without a pause. Try again at a quieter time.") from error
    except (psycopg.errors.IntegrityError, psycopg.errors.DataError) as error:
        raise BadFile(f"The file's rows do not fit together: {str(error).splitlines()[0]}") from error


class _Loader:
    def __init__(self, source: Source, raw: psycopg.Connection[Any], say: Say) -> None:
        self.source, self.raw, self.say = source, raw, say
        self.known = tables.known(raw)
        self.users: dict[str, str] = {}

    def run(self, slug: str) -> Restored:
        self._check_fit()
        place = json.loads(self.source.read(form.WORKSPACE))
        kept = self._free(place, slug)
        if not kept:
            place["id"] = str(uuid7())
        place["slug"] = slug
        self.raw.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}'; SET LOCAL jit = off; SET LOCAL DateStyle = 'ISO'; SET LOCAL TimeZone = 'UTC'")
        for name in self.known:
            self.raw.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(name)))
        self.raw.execute("SET LOCAL lock_timeout = 0; SET CONSTRAINTS ALL DEFERRED")
        self.raw.execute("INSERT INTO identity_workspace SELECT * FROM jsonb_populate_record(NULL::identity_workspace, %s::jsonb)", [json.dumps(place)])
        self.raw.execute(f"SET LOCAL app.workspace_id = '{uuid.UUID(place['id'])}'")
        done = Restored(slug, uuid.UUID(place["id"]), 0, 0, kept_id=kept)
        self._people(done)
        for table in self.source.manifest.tables:
            done.rows += self._table(table, done.workspace_id)
        sealing.start_anew(self.raw, done.workspace_id)
        self.raw.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in self.known:
            self.raw.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(name)))
        return done

    # --- does it fit --------------------------------------------------------------------------------------------------

    def _check_fit(self) -> None:
        """Refuse files of a Patron whose tables are others than here."""
        applied = {(app, name) for app, name in self.raw.execute("SELECT app, name FROM django_migrations").fetchall()}
        newer = [f"{app}.{name}" for app, names in self.source.manifest.migrations.items() for name in names if (app, name) not in applied]
        if newer:
            raise BadFile(f"This file was written by a newer Patron ({self.source.manifest.patron}; it knows {newer[0]}). Install that version first.")
        for table in self.source.manifest.tables:
            here = self.known.get(table.name)
            if here is None:
                raise BadFile(f"This Patron has no table {table.name}.")
            kinds = {c.name: c.type for c in here.columns}
            other = next((c for c in table.columns if kinds.get(c.name) != c.type), None)
            if other is not None:
                raise BadFile(f"{table.name}.{other.name} is {kinds.get(other.name, 'unknown')} here and {other.type} in the file.")
            if lacking := sorted(here.demanded - {c.name for c in table.columns}):
                raise BadFile(f"The file lacks {table.name}.{lacking[0]}: it was written by an older Patron whose tables cannot be brought up to date.")

    def _free(self, place: dict[str, Any], slug: str) -> bool:
        """Whether the workspace keeps its id; `BadFile` where its address is taken or cannot be one."""
        from patron.identity.models import Workspace

        try:
            Workspace._meta.get_field("slug").clean(slug, None)
        except Exception as error:
            raise BadFile(f"“{slug}” cannot be a workspace's address: use small letters, digits and hyphens.") from error
        if self.raw.execute("SELECT FROM identity_workspace WHERE slug = %s", [slug]).rowcount:
            raise BadFile(f"There is a workspace {slug} already. Choose another address: --workspace ADDRESS")
        return not self.raw.execute("SELECT FROM identity_workspace WHERE id = %s", [uuid.UUID(place["id"])]).rowcount

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _people(self, done: Restored) -> None:
        """Those who sign in: somebody who is here already, by id or e-mail address, stays as they are; others come without a password."""
        columns = sql.SQL(", ").join(map(sql.Identifier, tables.USER_COLUMNS))
        table = sql.Identifier(tables.user_table())
        self.raw.execute(sql.SQL("CREATE TEMP TABLE people ON COMMIT DROP AS SELECT {} FROM {} LIMIT 0").format(columns, table))
        self._copied(sql.SQL("COPY people ({}) FROM STDIN WITH (FORMAT csv, HEADER MATCH)").format(columns), form.USERS)
        found = self.raw.execute(
            sql.SQL("SELECT p.id, u.id, u.email FROM people p JOIN {} u ON u.id = p.id OR lower(u.email) = lower(p.email) ORDER BY u.id = p.id").format(table)
        ).fetchall()
        self.users = {str(theirs): str(ours) for theirs, ours, _email in found}
        done.joined = sorted({email for _theirs, _ours, email in found})
        made = self.raw.execute(
            sql.SQL("INSERT INTO {} ({}, password, last_workspace) SELECT {}, '!' || md5(gen_random_uuid()::text), '' FROM people WHERE id <> ALL (%s)").format(table, columns, columns),
            [[uuid.UUID(i) for i in self.users]],
        )
        done.people = made.rowcount

    def _table(self, table: Table, workspace_id: uuid.UUID) -> int:
        here = self.known[table.name]
        name, columns = sql.Identifier(table.name), sql.SQL(", ").join(sql.Identifier(c.name) for c in table.columns)
        self.raw.execute(sql.SQL("CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT {} FROM {} LIMIT 0").format(columns, name))
        rows = self._copied(sql.SQL("COPY incoming ({}) FROM STDIN WITH (FORMAT csv, HEADER MATCH)").format(columns), table.member)
        if rows != table.rows:
            raise BadFile(f"{table.member} holds {rows} rows where the manifest says {table.rows}.")
        if any(c.name == "user_id" for c in here.columns):
            self._point_to_people()
        if table.name == _LEDGER:
            self._prepare_ledger()
        statement = sql.SQL("INSERT INTO {} ({}, {}) OVERRIDING SYSTEM VALUE SELECT %s, {} FROM incoming")
        self.raw.execute(statement.format(name, sql.Identifier(TENANT), columns, columns), [workspace_id])
        self.raw.execute("DROP TABLE incoming")
        if rows:
            self.say(f"  {table.name}: {rows}")
        return rows

    def _copied(self, statement: sql.Composed, member: str) -> int:
        with self.raw.cursor() as cursor:
            with cursor.copy(statement) as copy:
                for piece in self.source.pieces(member):
                    copy.write(piece)
            return max(cursor.rowcount, 0)

    def _point_to_people(self) -> None:
        moved = [(uuid.UUID(a), uuid.UUID(b)) for a, b in self.users.items() if a != b]
        if moved:
            self.raw.execute(
                "UPDATE incoming i SET user_id = m.ours FROM unnest(%s::uuid[], %s::uuid[]) AS m(theirs, ours) WHERE i.user_id = m.theirs",
                [[a for a, _b in moved], [b for _a, b in moved]],
            )

    def _prepare_ledger(self) -> None:
        """Changes made from now on get higher numbers than those of the file: undo tells newer from older by them."""
        self.raw.execute(
            "SELECT setval(name, greatest((SELECT max(seq) FROM incoming), nextval(name))) FROM pg_get_serial_sequence('ledger_change', 'seq') AS name"
        )


# --- files ------------------------------------------------------------------------------------------------------------


@contextmanager
def _files_placed(source: Source) -> Iterator[Callable[[uuid.UUID], int]]:
    """Unpack the uploaded files beside their places; they move there last, and go again when the transaction fails after that."""
    root = writing.root()
    root.mkdir(parents=True, exist_ok=True)
    placed: list[Path] = []
    with tempfile.TemporaryDirectory(dir=root, prefix=".restore-") as name:
        _unpack(source, Path(name))

        def place(workspace_id: uuid.UUID) -> int:
            for area in sorted(Path(name).iterdir()):
                target = root / area.name / str(workspace_id)
                if target.exists():
                    raise BadFile(f"There are files in {target} already.")
                target.parent.mkdir(exist_ok=True)
                placed.append(target)
                area.rename(target)
            return len(source.files)

        try:
            yield place
        except BaseException:
            for target in placed:
                shutil.rmtree(target, ignore_errors=True)
            raise


def _unpack(source: Source, folder: Path) -> None:
    needed, free = sum(m.bytes for m in source.files.values()), shutil.disk_usage(folder).free
    if needed > free:
        raise BadFile(f"The disk has {free / 1e6:.0f} MB free; the files need {needed / 1e6:.0f} MB.")
    for name in source.files:
        target = folder.joinpath(*name.split("/")[1:])
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as out:
            for piece in source.pieces(name):
                out.write(piece)
