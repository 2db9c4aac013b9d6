"""The staged rows into records: set-based, in chunks, under one operation and inside one transaction of the caller."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, IntegrityError, connection, models
from django.utils.translation import gettext as _

from patron.kernel.db import gin
from patron.kernel.numbering import draw
from patron.kernel.tenancy import current_workspace_id
from patron.ledger.operations import operation
from patron.records import constraints, registry
from patron.records import shared as tables
from patron.records.imports import database, extras, own, recheck
from patron.records.imports.binding import Bound
from patron.records.record_type import RecordType
from patron.records.verbs import Refused

CHUNK = 5000
MANY = 500  # rows from which on the planner has to know of them
_TAKEN = re.compile(r"=\(.*?, (.*)\) already exists")


class NotApplied(Refused):
    """The import was refused as a whole; nothing was written."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Staged rows to be written together: lines after `after` up to `upto`."""

    part: int
    action: str
    after: int
    upto: int


class Applier:
    """Carries out exactly what was staged. `tell` is told how many rows are done."""

    def __init__(
        self, import_id: uuid.UUID, bound: Bound, tell: Callable[[int], None] = lambda done: None, attached: extras.Attached | None = None
    ) -> None:
        self.attached = attached or extras.Attached()
        self.import_id, self.bound, self.type, self.tell = import_id, bound, bound.type, tell
        self.params = {"ws": current_workspace_id(), "import": import_id}
        self.done = 0
        #: The rows that were being written; after a refusal those among which the culprit is.
        self.batch: Batch | None = None

    def run(self, *, filename: str, rows: int) -> uuid.UUID:
        """Write everything and answer the operation's id; `NotApplied` in words where the database refuses. Then nothing was written."""
        access = self.bound.access
        try:
            with operation(f"{self.type.key}.import", access=access, details={"import": str(self.import_id), "file": filename, "rows": rows}) as signed:
                draw(f"imports.{self.type.key}", 1)  # imports of one type go one after the other: each sees what the one before it made
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL jit = off")
                    if self.bound.plan.history:
                        cursor.execute("SET LOCAL app.keep_times = 'on'")  # consequences of the import do not change when a record was changed
                    self._write(cursor)
                    cursor.execute("SET LOCAL app.keep_times = ''")
                return signed.id
        except IntegrityError as error:
            raise NotApplied(self.why(error)) from error
        except DatabaseError as error:
            if getattr(error.__cause__, "sqlstate", "")[:2] != "22":
                raise
            raise NotApplied(_("A value does not fit: %(why)s") % {"why": str(error).splitlines()[0]}) from error

    def _write(self, cursor: Any) -> None:
        for number, maker in enumerate(self.bound.parts, 1):
            self._insert(cursor, maker.type, number, maker.paths, maker.constants)
        selves = [c.path for c in self.bound.selves]
        own.add_choices(self.import_id, self.bound)
        recheck.Recheck(self.import_id, self.bound).run()
        self._insert(cursor, self.type, 0, self.bound.inserted, constants(self.bound), selves)
        self._update(cursor)
        for extra in self.bound.extras:
            extras.apply(self.import_id, self.type, extra, self.bound.access, self.attached, fill=self.bound.plan.fill)
        if self.bound.plan.refuse:
            self._refuse_errors(cursor)

    def _refuse_errors(self, cursor: Any) -> None:
        cursor.execute(_FIRST_ERROR, self.params)
        if found := cursor.fetchone():
            raise NotApplied(_("Row %(line)s has an error now, and the plan writes nothing while one has. Check the file again.") % {"line": found[0]})

    # --- new records --------------------------------------------------------------------------------------------------

    def _insert(self, cursor: Any, record_type: RecordType, part: int, paths: list[str], fixed: Mapping[str, Any], selves: list[str] | None = None) -> None:
        statement, values = insertion(record_type.model, paths, fixed)
        batches = list(self._batches(cursor, part, "new"))
        with gin.sorted_in_beside(record_type.model, len(batches) * CHUNK):
            for batch in batches:
                self.batch = batch
                cursor.execute(statement, {**self.params, **values, **_range(batch)})
                self._progress(cursor.rowcount if part == 0 else 0)
        follows = self._follows(record_type)
        if (follows or selves) and (len(batches) > 1 or (batches and cursor.rowcount > MANY)):
            database.statistics(record_type.model)
        for path in selves or ():
            for batch in batches:
                cursor.execute(_pointing(record_type.model, path), {**self.params, **_range(batch)})
        for batch in batches if follows else ():
            self._follow(cursor, record_type, batch)

    def _follows(self, record_type: RecordType) -> bool:
        """Whether something is to be done once the rows are there: consequences of the type, or a right that only the rows show."""
        rows = record_type.model.objects.all()
        return type(record_type).imported is not RecordType.imported or record_type.restrict(rows, self.bound.access, "create") is not rows

    def _follow(self, cursor: Any, record_type: RecordType, batch: Batch) -> None:
        """Check the right to have made these records, and let their type's consequences follow."""
        cursor.execute(f"SELECT r.target_id FROM records_importrow r WHERE {_BATCH} ORDER BY r.line", {**self.params, **_range(batch)})
        ids = [pk for (pk,) in cursor.fetchall()]
        rows = record_type.model.objects.filter(pk__in=ids)
        allowed = record_type.restrict(rows, self.bound.access, "create")
        if allowed is not rows and allowed.count() != len(ids):
            raise NotApplied(_("Your role does not allow to create some of these %(plural)s.") % {"plural": str(record_type.plural).lower()})
        if ids:
            record_type.imported(ids, access=self.bound.access, created=True)

    # --- records that exist -------------------------------------------------------------------------------------------

    def _update(self, cursor: Any) -> None:
        statement = updating(self.type.model, self.bound.paths)
        batches = list(self._batches(cursor, 0, "change"))
        with gin.sorted_in_beside(self.type.model, len(batches) * CHUNK):
            for batch in batches:
                self.batch = batch
                self._update_batch(cursor, statement, batch)

    def _update_batch(self, cursor: Any, statement: str, batch: Batch) -> None:
        cursor.execute(statement, {**self.params, **_range(batch)})
        written = [row for (row,) in cursor.fetchall()]
        recheck.changed_since(self.import_id, batch.after, batch.upto, written)
        cursor.execute(f"SELECT r.target_id FROM records_importrow r WHERE {_BATCH}", {**self.params, **_range(batch)})
        ids = [pk for (pk,) in cursor.fetchall()]
        if ids:
            self.type.imported(ids, access=self.bound.access, created=False)
        self._progress(len(written))

    # --- in between ---------------------------------------------------------------------------------------------------

    def _batches(self, cursor: Any, part: int, action: str) -> Any:
        after = -1
        while True:
            cursor.execute(_UPTO, {**self.params, "part": part, "action": action, "after": after})
            (upto,) = cursor.fetchone()
            if upto is None:
                return
            yield Batch(part, action, after, upto)
            after = upto

    def _progress(self, more: int) -> None:
        self.done += more
        self.tell(self.done)

    def why(self, error: IntegrityError) -> str:
        """What the database refused, in words, with the value where it says so. Row-level security keeps it from showing the row."""
        cause = error.__cause__
        diagnostics = getattr(cause, "diag", None)
        table = getattr(diagnostics, "table_name", None) or self.type.table
        record_type = self.type if table == self.type.table else next((t for t in registry.all_types() if t.table == table), self.type)
        words = " ".join(constraints.explain(record_type, error).values())
        detail = getattr(diagnostics, "message_detail", None) or ""
        if taken := _TAKEN.search(detail):
            words = f"{words} ({taken[1]})"
        return words


_AFTER = "r.workspace_id = %(ws)s AND r.import_id = %(import)s AND r.part = %(part)s AND r.action = %(action)s AND r.line > %(after)s"
_BATCH = f"{_AFTER} AND r.line <= %(upto)s"
_UPTO = f"SELECT max(line) FROM (SELECT r.line FROM records_importrow r WHERE {_AFTER} ORDER BY r.line LIMIT {CHUNK}) AS next"
_FIRST_ERROR = """
SELECT line FROM records_importrow WHERE workspace_id = %(ws)s AND import_id = %(import)s AND part = 0 AND action = 'error' ORDER BY line LIMIT 1
"""


def _range(batch: Batch) -> dict[str, Any]:
    return {"part": batch.part, "action": batch.action, "after": batch.after, "upto": batch.upto}


def constants(bound: Bound) -> Mapping[str, Any]:
    """Values that every new row of the import has, by column of the table: defaults of fields that no column of the file gives."""
    return {path: value for path, value in bound.defaults.items() if path not in bound.paths}


def _columns(model: Any) -> dict[str, Any]:
    return {f.attname: f for f in model._meta.local_fields if not getattr(f, "generated", False)}


def record_of(model: Any, paths: list[str]) -> str:
    """The staged JSON as typed columns."""
    quote, known = connection.ops.quote_name, _columns(model)
    typed = ", ".join(f"{quote(known[p].column)} {known[p].db_type(connection)}" for p in paths if p in known) or "nothing text"
    return f"jsonb_to_record(coalesce(r.values, '{{}}')) AS v({typed})"


def insertion(model: Any, paths: list[str], fixed: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """INSERT of a batch of staged rows, and the values that all of them share."""
    quote, known = connection.ops.quote_name, _columns(model)
    names, sources = ["workspace_id", "id"], ["r.workspace_id", "r.target_id"]
    values: dict[str, Any] = {}
    fixed = {**fixed, **tables.constants(model)}
    for path, field in known.items():
        if path in paths:
            names.append(quote(field.column))
            sources.append(f"v.{quote(field.column)}")
        elif path == "custom" and any(map(own.is_own, [*paths, *fixed])):
            names.append("custom")
            sources.append(f"jsonb_strip_nulls({' || '.join(filter(None, ('CAST(%(fixed_custom)s AS jsonb)', own.object_of(paths))))})")
            values["fixed_custom"] = own.constant(fixed)
        elif path in ("id", "workspace_id"):
            continue
        elif path in fixed or not (field.has_db_default() or (field.null and not field.has_default())):
            names.append(quote(field.column))
            sources.append(shared(field, fixed, values))
    table = quote(model._meta.db_table)
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(sources)} FROM records_importrow r, {record_of(model, paths)} WHERE {_BATCH}", values


def shared(field: Any, fixed: Mapping[str, Any], values: dict[str, Any]) -> str:
    """A value that every row gets: a parameter with its type, or now()."""
    if field.attname not in fixed and (getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)):
        return "now()"
    value = fixed[field.attname] if field.attname in fixed else field.get_default()
    values[f"fixed_{field.attname}"] = field.get_db_prep_save(value.pk if isinstance(value, models.Model) else value, connection)
    return f"CAST(%(fixed_{field.attname})s AS {field.db_type(connection)})"


def updating(model: Any, paths: list[str]) -> str:
    """UPDATE of a batch of staged rows whose records are still as they were when the file was checked; answers the staged rows' ids."""
    quote, known = connection.ops.quote_name, _columns(model)
    settings = ", ".join(f"{c} = CASE WHEN r.values ? '{p}' THEN v.{c} ELSE t.{c} END" for p in paths if p in known for c in (quote(known[p].column),))
    if together := own.object_of(paths):
        settings = ", ".join(filter(None, (settings, f"custom = patron_patched(t.custom, {together})")))
    unchanged = "AND t.revision = r.seen" if "revision" in known else ""
    return (
        f"UPDATE {quote(model._meta.db_table)} t SET {settings} FROM records_importrow r, {record_of(model, paths)} "
        f"WHERE {_BATCH} AND t.workspace_id = r.workspace_id AND t.id = r.target_id {unchanged} RETURNING r.id"
    )


def _pointing(model: Any, path: str) -> str:
    """UPDATE that lets new records point to others of their kind, once all of them are there."""
    quote, column = connection.ops.quote_name, _columns(model)[path].column
    return (
        f"UPDATE {quote(model._meta.db_table)} t SET {quote(column)} = (r.values ->> '{path}')::uuid FROM records_importrow r "
        f"WHERE {_BATCH} AND r.values ->> '{path}' IS NOT NULL AND t.workspace_id = r.workspace_id AND t.id = r.target_id"
    )
