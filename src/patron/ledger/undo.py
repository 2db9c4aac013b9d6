"""Undo: an operation's inverse, as a new operation. Set-based, so that an import is undone like a single edit.

Every row goes back to what it was before the operation, field by field. Where something newer stands in the way (a field changed again,
a created record used by others), the undo is refused as a whole, with the reasons; nothing is half undone.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.kernel.tenancy import current_workspace_id
from patron.ledger.as_stored import as_stored
from patron.ledger.models import Operation
from patron.ledger.operations import Signed, operation, settle


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a row cannot go back: the table and row, the columns, and the newer operation (None: other rows point to it)."""

    table: str
    row_id: uuid.UUID
    columns: tuple[str, ...]
    operation_id: uuid.UUID | None


class CannotUndo(Exception):
    """The undo is refused; `message` says why, `obstacles` names up to 50 rows in the way."""

    def __init__(self, message: str, obstacles: list[Obstacle] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.obstacles = obstacles or []


# The net effect of an operation per row: first old value per column, whether the row was made or removed by it.
_NET = """
CREATE TEMP TABLE undo_net ON COMMIT DROP AS
WITH own AS (
  SELECT seq, table_name, row_id, action, CASE WHEN action <> 'I' THEN changes END AS changes
  FROM ledger_change WHERE workspace_id = %(ws)s AND operation_id = %(op)s AND at = %(at)s),
edge AS (
  SELECT table_name, row_id, (array_agg(action ORDER BY seq))[1] AS first, (array_agg(action ORDER BY seq DESC))[1] AS last,
         max(seq) AS newest, (array_agg(changes ORDER BY seq DESC) FILTER (WHERE action = 'D'))[1] AS removed
  FROM own GROUP BY table_name, row_id),
field AS (
  SELECT o.table_name, o.row_id, e.key, (array_agg(e.value -> 0 ORDER BY o.seq))[1] AS was, (array_agg(e.value -> 1 ORDER BY o.seq DESC))[1] AS became
  FROM own o, jsonb_each(o.changes) e WHERE o.action = 'U' GROUP BY o.table_name, o.row_id, e.key),
net AS (SELECT table_name, row_id, jsonb_object_agg(key, was) AS was, jsonb_object_agg(key, became) AS became FROM field GROUP BY table_name, row_id)
SELECT edge.table_name, edge.row_id, edge.first, edge.last, edge.newest, edge.removed, net.was, net.became
FROM edge LEFT JOIN net ON net.table_name = edge.table_name AND net.row_id = edge.row_id
WHERE NOT (edge.first = 'I' AND edge.last = 'D')
"""

#: Rows from which on an undo reads tables as a whole instead of row by row.
_MANY = 5000

# Newer changes of the same rows: of the same columns, or of any column of a row that the operation made.
_NEWER = """
SELECT n.table_name, n.row_id, c.operation_id, array_agg(DISTINCT k.key)
FROM undo_net n
JOIN ledger_change c ON c.workspace_id = %(ws)s AND c.row_id = n.row_id AND c.table_name = n.table_name AND c.seq > n.newest AND c.at >= %(at)s
LEFT JOIN LATERAL jsonb_object_keys(c.changes) AS k(key) ON true
WHERE c.operation_id <> ALL(%(undone)s)
  AND (n.first = 'I' OR n.last = 'D' OR c.action <> 'U' OR n.was ? k.key)
GROUP BY 1, 2, 3 LIMIT 50
"""


def undo(operation_id: uuid.UUID, *, access: Access, reason: str = "") -> uuid.UUID:
    """Take back what an operation did; answers the id of the undoing operation. Raises `CannotUndo`.

    Rights are the caller's business: see `records.undoing`. Undoing an undo does the original again.
    """
    target = Operation.objects.filter(pk=operation_id).first()
    if target is None:
        raise CannotUndo(_("There is no such change."))
    if Operation.objects.filter(undoes=operation_id).exists():
        raise CannotUndo(_("This was undone already."))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'; DROP TABLE IF EXISTS undo_net")
        # Planned for the few rows that statistics know of, joining an import's rows one by one would take hours.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(_NET, _params(target))
        cursor.execute("SET LOCAL enable_nestloop = on; CREATE INDEX ON undo_net (table_name, row_id); ANALYZE undo_net; SELECT count(*) FROM undo_net")
        many = _last_count(cursor) > _MANY
        with _signed(target, access, reason) as signed:
            _hold(cursor)
            cursor.execute(f"SET LOCAL enable_nestloop = {'off' if many else 'on'}")
            _refuse_newer(cursor, target)
            cursor.execute("SET LOCAL enable_nestloop = on")
            with as_stored():
                _revert(cursor)
            settle()
        cursor.execute("DROP TABLE undo_net")
        return signed.id


def _last_count(cursor: Any) -> int:
    """The number that the last of several statements answered."""
    while cursor.nextset():
        pass
    return int(cursor.fetchone()[0])


@contextlib.contextmanager
def _signed(target: Operation, access: Access, reason: str) -> Iterator[Signed]:
    """The undoing operation. Of two who undo the same at once the second waits here for the first, and is told."""
    subject = (target.subject_type, target.subject_id) if target.subject_id else None
    try:
        with operation("undo", access=access, subject=subject, reason=reason, undoes=target.pk, details={"verb": target.verb}) as signed:
            yield signed
    except IntegrityError as error:
        if "operation_undone_once" not in str(error):
            raise
        raise CannotUndo(_("This was undone already.")) from error


def _hold(cursor: Any) -> None:
    """Lock the rows that go back, before looking whether something newer stands in the way: whoever is changing one of them right now comes first."""
    cursor.execute("SELECT DISTINCT table_name FROM undo_net WHERE last <> 'D'")
    for (name,) in sorted(cursor.fetchall()):
        cursor.execute(
            f"SELECT count(*) FROM (SELECT FROM {connection.ops.quote_name(name)} t WHERE t.workspace_id = %s AND t.id IN "
            "(SELECT row_id FROM undo_net WHERE table_name = %s AND last <> 'D') ORDER BY t.id FOR UPDATE) AS held",
            [current_workspace_id(), name],
        )


def _params(target: Operation) -> dict[str, Any]:
    return {"ws": current_workspace_id(), "op": target.pk, "at": target.at, "undone": []}


def _refuse_newer(cursor: Any, target: Operation) -> None:
    """Newer changes stand in the way, unless they were undone themselves (the change and its undo cancel out) or are mere upkeep.

    Upkeep is what Patron does by itself to follow the world, such as the day's exchange rates: `details` says so.
    """
    cursor.execute(
        "SELECT id, undoes FROM ledger_operation WHERE workspace_id = %s AND undoes IS NOT NULL AND at >= %s", [current_workspace_id(), target.at]
    )
    cancelled = [i for pair in cursor.fetchall() for i in pair if i != target.pk]
    cursor.execute("SELECT id FROM ledger_operation WHERE workspace_id = %s AND details ? 'upkeep' AND at >= %s", [current_workspace_id(), target.at])
    cancelled += [i for (i,) in cursor.fetchall()]
    cursor.execute(_NEWER, {**_params(target), "undone": cancelled})
    found = [Obstacle(table, row, tuple(columns or ()), op) for table, row, op, columns in cursor.fetchall()]
    if found:
        raise CannotUndo(_("Something newer stands in the way: what this changed was changed again since."), found)


def _revert(cursor: Any) -> None:
    """Removed rows come back, changed ones get their old values, made ones go: in an order that foreign keys allow."""
    cursor.execute("SELECT DISTINCT table_name FROM undo_net")
    order = _dependency_order({name for (name,) in cursor.fetchall()})
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    try:
        for model in order:
            _bring_back(cursor, model)
        for model in order:
            _old_values(cursor, model)
        for model in reversed(order):
            _remove_made(cursor, model)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        raise CannotUndo(_blocked(error)) from error


def _blocked(error: IntegrityError) -> str:
    state = getattr(error.__cause__, "sqlstate", "")
    if state == "23503":
        return _("A record that this made is used by others since. Undo or remove those first.")
    if state == "23505":
        return _("A value that this would bring back is taken by another record now.")
    return _("The earlier values no longer fit: %(why)s") % {"why": str(error).splitlines()[0]}


def _dependency_order(tables: set[str]) -> list[Any]:
    """Models of the tables, those that are pointed to first."""
    by_table = {m._meta.db_table: m for m in apps.get_models() if m._meta.db_table in tables}
    placed: list[Any] = []

    def place(model: Any, above: tuple[Any, ...]) -> None:
        for field in model._meta.local_fields:
            target = field.remote_field.model if field.remote_field else None
            if target is not None and target is not model and target._meta.db_table in by_table and target not in above:
                place(target, (*above, model))
        if model not in placed:
            placed.append(model)

    for model in by_table.values():
        place(model, ())
    return placed


#: Own values as an object again: those of a removed row, and those of a row with the ones that go back.
OWN_OF_REMOVED = (
    "coalesce((SELECT jsonb_object_agg(substr(key, 8), value) FROM jsonb_each(n.removed || coalesce(n.was, '{}')) WHERE key LIKE 'custom.%%' AND value <> 'null'), '{}')"
)
OWN_AS_IT_WAS = (
    "jsonb_strip_nulls(t.custom || coalesce((SELECT jsonb_object_agg(substr(key, 8), value) FROM jsonb_each(n.was) WHERE key LIKE 'custom.%%'), '{}'))"
)


def _bring_back(cursor: Any, model: Any) -> None:
    """Insert removed rows again, with the bookkeeping that the ledger leaves out."""
    names = [f.column for f in model._meta.local_fields if f.column not in ("workspace_id", "id") and not getattr(f, "generated", False)]
    table, columns = connection.ops.quote_name(model._meta.db_table), [connection.ops.quote_name(n) for n in names]
    bookkeeping = ", ".join(f"'{n}', {v}" for n, v in (("revision", "1"), ("updated_at", "now()"), ("custom", OWN_OF_REMOVED)) if n in names)
    cursor.execute(
        f"INSERT INTO {table} (workspace_id, id, {', '.join(columns)}) SELECT %s, n.row_id, {', '.join(f'r.{c}' for c in columns)} "
        f"FROM undo_net n, jsonb_populate_record(NULL::{table}, jsonb_build_object({bookkeeping}) || n.removed || coalesce(n.was, '{{}}')) r "
        "WHERE n.table_name = %s AND n.last = 'D'",
        [current_workspace_id(), model._meta.db_table],
    )


def _old_values(cursor: Any, model: Any) -> None:
    table = connection.ops.quote_name(model._meta.db_table)
    cursor.execute("SELECT DISTINCT k FROM undo_net n, jsonb_object_keys(n.was) k WHERE n.table_name = %s AND n.first = 'U' AND n.last = 'U'", [model._meta.db_table])
    known = {f.column for f in model._meta.local_fields}
    keys = {name for (name,) in cursor.fetchall()}
    changed = [(name, connection.ops.quote_name(name)) for name in sorted(keys & known)]
    values = [f"{q} = CASE WHEN n.was ? '{c}' THEN r.{q} ELSE t.{q} END" for c, q in changed]
    if any(key.startswith("custom.") for key in keys):
        values.append(f"custom = {OWN_AS_IT_WAS}")
    if not values:
        return
    cursor.execute(
        f"UPDATE {table} t SET {', '.join(values)} "
        f"FROM undo_net n, jsonb_populate_record(NULL::{table}, n.was) r "
        "WHERE n.table_name = %s AND n.first = 'U' AND n.last = 'U' AND t.workspace_id = %s AND t.id = n.row_id",
        [model._meta.db_table, current_workspace_id()],
    )


def _remove_made(cursor: Any, model: Any) -> None:
    table = connection.ops.quote_name(model._meta.db_table)
    cursor.execute(
        f"DELETE FROM {table} t USING undo_net n WHERE n.table_name = %s AND n.first = 'I' AND n.last <> 'D' AND t.workspace_id = %s AND t.id = n.row_id",
        [model._meta.db_table, current_workspace_id()],
    )
