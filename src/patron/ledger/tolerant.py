"""Taking an operation back as far as nothing newer stands in the way: what unmerging needs. `ledger.undo` is all or nothing.

A value goes back where it is still what the operation made of it; a row that was removed comes back where what it pointed to is there; a row
that was made goes where nobody changed it since. Everything else is left alone and named. Set-based; only where PostgreSQL refuses a set are its
rows tried one by one. What triggers do beside (a link that follows its task) is put back, so that exactly the operation's own effect goes.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import UniqueConstraint

from patron.kernel.tenancy import current_workspace_id
from patron.ledger.as_stored import as_stored
from patron.ledger.models import Operation
from patron.ledger.operations import current_operation
from patron.ledger.undo import _NET, OWN_AS_IT_WAS, OWN_OF_REMOVED, _dependency_order


@dataclass(frozen=True, slots=True)
class Left:
    """What was not taken back: columns of a row (empty: the row as a whole) and why: changed, gone, target, taken."""

    table: str
    row_id: uuid.UUID
    columns: tuple[str, ...]
    why: str


def take_back(target: Operation) -> list[Left]:
    """Take back what `target` did, inside the open operation; answers what was left as it is now."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'; DROP TABLE IF EXISTS undo_net")
        _net(cursor, target.pk, target.at)
        order = _models(cursor)
        left = [found for model in order for find in (_missing, _changed, _touched) for found in find(cursor, model)]
        left += [found for model in order for found in _targets(cursor, model, order)]
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        with as_stored():
            left += _go_back(cursor, target, order)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; DROP TABLE undo_net")
    return left


def _go_back(cursor: Any, target: Operation, order: list[Any]) -> list[Left]:
    left = []
    for model in reversed(order):
        left += _each(cursor, model, _remove_made, "n.first = 'I' AND n.last <> 'D'")
    for model in reversed(order):
        left += _each(cursor, model, _old_values, "n.first = 'U' AND n.last = 'U'")
    _put_back_side_effects(cursor, target)
    for model in order:
        left += _each(cursor, model, _bring_back, "n.last = 'D'")
    return left


def _net(cursor: Any, operation_id: uuid.UUID, at: Any) -> None:
    cursor.execute(_NET, {"ws": current_workspace_id(), "op": operation_id, "at": at})
    cursor.execute("CREATE INDEX ON undo_net (table_name, row_id); ANALYZE undo_net")


def _models(cursor: Any) -> list[Any]:
    cursor.execute("SELECT DISTINCT table_name FROM undo_net")
    return _dependency_order({name for (name,) in cursor.fetchall()})


def _quoted(model: Any) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _missing(cursor: Any, model: Any) -> list[Left]:
    """Changed rows that are gone since."""
    cursor.execute(
        f"DELETE FROM undo_net n WHERE n.table_name = %s AND n.last <> 'D' AND NOT EXISTS (SELECT FROM {_quoted(model)} t WHERE t.workspace_id = %s AND t.id = n.row_id) "
        "RETURNING n.row_id, n.first",
        [model._meta.db_table, current_workspace_id()],
    )
    return [Left(model._meta.db_table, row, (), "gone") for row, first in cursor.fetchall() if first != "I"]


def _changed(cursor: Any, model: Any) -> list[Left]:
    """Values that are no longer what the operation made of them leave the net."""
    cursor.execute(
        f"WITH f AS (SELECT n.row_id, array_agg(k.key ORDER BY k.key) AS keys FROM undo_net n JOIN {_quoted(model)} t ON t.workspace_id = %(ws)s AND t.id = n.row_id, "
        "LATERAL jsonb_object_keys(n.was) AS k(key) WHERE n.table_name = %(table)s AND n.first = 'U' AND n.last = 'U' "
        "AND nullif(ledger_flat(to_jsonb(t)) -> k.key, 'null') IS DISTINCT FROM nullif(n.became -> k.key, 'null') GROUP BY n.row_id) "
        "UPDATE undo_net n SET was = n.was - f.keys FROM f WHERE n.table_name = %(table)s AND n.row_id = f.row_id RETURNING n.row_id, f.keys",
        {"ws": current_workspace_id(), "table": model._meta.db_table},
    )
    return [Left(model._meta.db_table, row, tuple(keys), "changed") for row, keys in cursor.fetchall()]


def _touched(cursor: Any, model: Any) -> list[Left]:
    """Rows that the operation made and somebody changed since stay."""
    cursor.execute(
        "DELETE FROM undo_net n WHERE n.table_name = %s AND n.first = 'I' AND EXISTS (SELECT FROM ledger_change c WHERE c.workspace_id = %s "
        "AND c.row_id = n.row_id AND c.table_name = n.table_name AND c.seq > n.newest) RETURNING n.row_id",
        [model._meta.db_table, current_workspace_id()],
    )
    return [Left(model._meta.db_table, row, (), "changed") for (row,) in cursor.fetchall()]


def _targets(cursor: Any, model: Any, order: list[Any]) -> list[Left]:
    """Values that point to what is gone: a column that may be empty is left out, a row that cannot be without it stays away."""
    left = []
    for field in model._meta.local_fields:
        target = field.remote_field.model if field.remote_field is not None else None
        if target is None or not getattr(field, "is_tenant_fk", False):
            continue
        coming = "OR EXISTS (SELECT FROM undo_net m WHERE m.table_name = %(target)s AND m.last = 'D' AND m.row_id = v.id)"
        for column, when in (("removed", "n.last = 'D'"), ("was", "n.last = 'U'")):
            cursor.execute(
                f"SELECT n.row_id FROM undo_net n, LATERAL (SELECT (n.{column} ->> %(name)s)::uuid AS id) v WHERE n.table_name = %(table)s AND {when} AND v.id IS NOT NULL "
                f"AND NOT (EXISTS (SELECT FROM {_quoted(target)} t WHERE t.workspace_id = %(ws)s AND t.id = v.id) {coming})",
                {"name": field.column, "table": model._meta.db_table, "target": target._meta.db_table, "ws": current_workspace_id()},
            )
            lost = [row for (row,) in cursor.fetchall()]
            if not lost:
                continue
            left += [Left(model._meta.db_table, row, (field.column,), "target") for row in lost]
            if column == "removed" and not field.null:
                cursor.execute("DELETE FROM undo_net WHERE table_name = %s AND row_id = ANY(%s)", [model._meta.db_table, lost])
            else:
                cursor.execute(f"UPDATE undo_net SET {column} = {column} - %s WHERE table_name = %s AND row_id = ANY(%s)", [field.column, model._meta.db_table, lost])
    return left


#: Who knows which column made PostgreSQL refuse a row, where no constraint of the model says it: (model, row, error) -> columns that may be given up.
Refusing = Callable[[Any, uuid.UUID, IntegrityError], list[str]]
_refusing: list[Refusing] = []


def refusing(function: Refusing) -> Refusing:
    """Register one who knows."""
    _refusing.append(function)
    return function


Step = Callable[[Any, Any, str, list[Any]], None]


def _each(cursor: Any, model: Any, step: Step, which: str) -> list[Left]:
    """The whole set at once; where PostgreSQL refuses it, row by row, naming those that cannot."""
    try:
        with transaction.atomic():
            step(cursor, model, "", [])
        return []
    except IntegrityError:
        cursor.execute(f"SELECT n.row_id FROM undo_net n WHERE n.table_name = %s AND {which} ORDER BY n.row_id", [model._meta.db_table])
    left = []
    for (row,) in cursor.fetchall():
        left += _one(cursor, model, step, row)
    return left


def _one(cursor: Any, model: Any, step: Step, row: uuid.UUID) -> list[Left]:
    """One row; a value that another row has now is given up where it may be empty."""
    given_up: list[str] = []
    while True:
        try:
            with transaction.atomic():
                step(cursor, model, "AND n.row_id = %s", [row])
            return [Left(model._meta.db_table, row, tuple(given_up), "taken")] if given_up else []
        except IntegrityError as error:
            free = [column for name in _refusing for column in name(model, row, error)] or (_may_be_empty(model, error) if step is _bring_back else [])
            if not free or set(free) <= set(given_up):
                return [Left(model._meta.db_table, row, (), "taken")]
            given_up += free
            cursor.execute("UPDATE undo_net SET removed = removed || %s::jsonb, was = was - %s::text[] WHERE table_name = %s AND row_id = %s", [_empty(free), free, model._meta.db_table, row])


def _empty(columns: list[str]) -> str:
    return json.dumps({c: None if c.startswith("custom.") else "" for c in columns})


def _may_be_empty(model: Any, error: IntegrityError) -> list[str]:
    """The text columns of the unique constraint that was violated, where they may be empty."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    found = next((c for c in model._meta.constraints if c.name == name and isinstance(c, UniqueConstraint)), None)
    if found is None:
        return []
    words = repr(found)
    return [f.column for f in model._meta.local_fields if f.get_internal_type() in ("CharField", "TextField") and f.blank and (f.name in found.fields or f"F({f.name})" in words)]


def _remove_made(cursor: Any, model: Any, extra: str, values: list[Any]) -> None:
    cursor.execute(
        f"DELETE FROM {_quoted(model)} t USING undo_net n WHERE n.table_name = %s AND n.first = 'I' AND n.last <> 'D' AND t.workspace_id = %s AND t.id = n.row_id {extra}",
        [model._meta.db_table, current_workspace_id(), *values],
    )


def _old_values(cursor: Any, model: Any, extra: str, values: list[Any]) -> None:
    cursor.execute("SELECT DISTINCT k FROM undo_net n, jsonb_object_keys(n.was) k WHERE n.table_name = %s AND n.first = 'U' AND n.last = 'U'", [model._meta.db_table])
    known = {f.column for f in model._meta.local_fields}
    keys = {name for (name,) in cursor.fetchall()}
    changed = {connection.ops.quote_name(name): f"r.{connection.ops.quote_name(name)}" for name in sorted(keys & known)}
    if any(key.startswith("custom.") for key in keys):
        changed["custom"] = OWN_AS_IT_WAS
    if not changed:
        return
    cursor.execute(
        f"UPDATE {_quoted(model)} t SET ({', '.join(changed)}) = ROW({', '.join(changed.values())}) "
        f"FROM undo_net n, {_quoted(model)} x, jsonb_populate_record(x, n.was) r WHERE x.workspace_id = t.workspace_id AND x.id = t.id AND n.table_name = %s "
        f"AND n.first = 'U' AND n.last = 'U' AND n.was <> '{{}}' AND t.workspace_id = %s AND t.id = n.row_id {extra}",
        [model._meta.db_table, current_workspace_id(), *values],
    )


def _bring_back(cursor: Any, model: Any, extra: str, values: list[Any]) -> None:
    names = [f.column for f in model._meta.local_fields if f.column not in ("workspace_id", "id") and not getattr(f, "generated", False)]
    columns = [connection.ops.quote_name(n) for n in names]
    bookkeeping = ", ".join(f"'{n}', {v}" for n, v in (("revision", "1"), ("updated_at", "now()"), ("custom", OWN_OF_REMOVED)) if n in names)
    cursor.execute(
        f"INSERT INTO {_quoted(model)} (workspace_id, id, {', '.join(columns)}) SELECT %s, n.row_id, {', '.join(f'r.{c}' for c in columns)} FROM undo_net n, "
        f"jsonb_populate_record(NULL::{_quoted(model)}, jsonb_build_object({bookkeeping}) || n.removed || coalesce(n.was, '{{}}')) r "
        f"WHERE n.table_name = %s AND n.last = 'D' {extra}",
        [current_workspace_id(), model._meta.db_table, *values],
    )


def _put_back_side_effects(cursor: Any, target: Operation) -> None:
    """Rows that triggers made or removed while values went back: neither was the operation's own doing."""
    signed = current_operation()
    assert signed is not None
    cursor.execute("ALTER TABLE undo_net RENAME TO undo_kept; DROP TABLE IF EXISTS undo_net")
    _net(cursor, signed.id, Operation.objects.values_list("at", flat=True).get(pk=signed.id))
    cursor.execute("DELETE FROM undo_net n WHERE n.last = 'U' OR EXISTS (SELECT FROM undo_kept k WHERE k.table_name = n.table_name AND k.row_id = n.row_id)")
    order = _models(cursor)
    for model in reversed(order):
        _each(cursor, model, _remove_made, "n.first = 'I' AND n.last <> 'D'")
    for model in order:
        _each(cursor, model, _bring_back, "n.last = 'D'")
    cursor.execute("DROP TABLE undo_net; ALTER TABLE undo_kept RENAME TO undo_net")
