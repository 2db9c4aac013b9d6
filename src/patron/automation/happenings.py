"""What an operation did to each record, read from the ledger: several changes of one row become one."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection

from patron.kernel.tenancy import current_workspace_id

Noted = tuple[uuid.UUID, datetime.datetime]  # an operation and its time

# Changes in the order of the ledger, a bounded number of every operation: no more are looked at, however large an import is. Only the first change
# of a row in its operation starts an event; `starts` says which these are.
_NEXT = """
SELECT c.seq, c.operation_id, c.at, c.table_name, c.row_id, NOT EXISTS (
    SELECT FROM ledger_change e WHERE e.workspace_id = %(ws)s AND e.row_id = c.row_id AND e.at = c.at AND e.operation_id = c.operation_id
      AND e.table_name = c.table_name AND e.seq < c.seq) AS starts
FROM unnest(%(ops)s::uuid[], %(ats)s::timestamptz[]) AS o(id, at) CROSS JOIN LATERAL (
    SELECT seq, operation_id, at, table_name, row_id FROM ledger_change
    WHERE workspace_id = %(ws)s AND operation_id = o.id AND at = o.at AND seq > %(after)s AND table_name = ANY(%(tables)s)
    ORDER BY seq LIMIT %(most)s) c
ORDER BY c.seq LIMIT %(most)s
"""
_WHOLE = """
SELECT c.operation_id, c.table_name, c.row_id, c.seq, c.action, c.changes::text
FROM unnest(%(ops)s::uuid[], %(ats)s::timestamptz[], %(tables)s::text[], %(rows)s::uuid[]) AS f(op, at, tbl, row_id)
JOIN ledger_change c ON c.workspace_id = %(ws)s AND c.row_id = f.row_id AND c.at = f.at AND c.operation_id = f.op AND c.table_name = f.tbl
ORDER BY c.seq
"""


@dataclass(slots=True)
class Happening:
    """The net effect of an operation on one row: `action` I, U or D; `row` the whole row by column where it was made or removed, `changes`
    {column: [old, new]} where it was changed."""

    seq: int
    operation_id: uuid.UUID
    table: str
    row_id: uuid.UUID
    action: str
    row: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, list[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of the ledger: what happened in it, the number of its last change, and whether it was the last."""

    happenings: list[Happening]
    after: int
    last: bool


def step(noted: Sequence[Noted], tables: Iterable[str], after: int, most: int) -> Step:
    """The next stretch of these operations beyond change `after`: at most `most` changes. Two queries."""
    if not noted:
        return Step([], after, last=True)
    params: dict[str, Any] = {"ws": current_workspace_id(), "ops": [o for o, _ in noted], "ats": [a for _, a in noted], "after": after, "tables": sorted(tables), "most": most}
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, params)
        looked_at = cursor.fetchall()
        firsts = [row for row in looked_at if row[5]]
        whole: dict[str, Any] = {"ws": params["ws"], "ops": [r[1] for r in firsts], "ats": [r[2] for r in firsts], "tables": [r[3] for r in firsts], "rows": [r[4] for r in firsts]}
        cursor.execute(_WHOLE, whole)
        found = folded(cursor.fetchall())
    return Step(found, looked_at[-1][0] if looked_at else after, last=len(looked_at) < most)


def folded(rows: Iterable[tuple[uuid.UUID, str, uuid.UUID, int, str, str]]) -> list[Happening]:
    """One happening per operation and row, in the order of their first changes; rows that came and went, and changes that cancel out, are none."""
    found: dict[tuple[uuid.UUID, str, uuid.UUID], Happening] = {}
    for operation_id, table, row_id, seq, action, text in rows:
        values = json.loads(text, parse_float=Decimal)
        known = found.get((operation_id, table, row_id))
        if known is None:
            known = found[operation_id, table, row_id] = Happening(seq, operation_id, table, row_id, action)
            _start(known, action, values)
        else:
            _add(known, action, values)
    return [h for h in found.values() if h.action in "ID" or (h.action == "U" and h.changes)]


def _start(known: Happening, action: str, values: dict[str, Any]) -> None:
    if action == "U":
        known.changes = values
    else:
        known.row = values


def _add(known: Happening, action: str, values: dict[str, Any]) -> None:
    if action == "U" and known.action == "I":
        known.row.update({column: new for column, (_old, new) in values.items()})
    elif action == "U":
        for column, (old, new) in values.items():
            known.changes[column] = [known.changes.get(column, [old])[0], new]
        known.changes = {c: pair for c, pair in known.changes.items() if pair[0] != pair[1]}
    elif action == "D":
        known.action, known.row = ("-" if known.action == "I" else "D"), values
    else:
        known.action, known.row = "I", values
