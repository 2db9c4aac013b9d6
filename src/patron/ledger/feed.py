"""The ledger as a feed: every change once, in an order that never gains a row in its past.

Sequence numbers become visible out of order when transactions end out of order; a reader that remembers the highest one loses what commits
later below it. So the order is (number of the writing transaction, order inside it), and only transactions older than every one that still
runs are read: what lies before a cursor is complete for good. A long transaction holds the feed back, and loses nothing.

Transaction numbers belong to one database cluster; a cursor carries the cluster's identity and ends with it (see `start_anew`).
"""

from __future__ import annotations

import base64
import datetime
import json
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from patron.kernel.tenancy import current_workspace_id
from patron.ledger import sealing

_LATEST = 2**62
_OPERATIONS = 200  # looked at per page at most
_DONE = -1

_READ = f"""
WITH ops AS (
  SELECT id, at, xid, seq, verb, actor_id, actor_name, reason, undoes FROM ledger_operation
  WHERE workspace_id = %(ws)s AND (xid, seq) >= (%(xid)s, %(seq)s) AND NOT (xid = %(xid)s AND seq = %(seq)s AND %(change)s < 0)
    AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
  ORDER BY xid, seq LIMIT {_OPERATIONS})
SELECT ops.xid, ops.seq, c.seq, ops.id, ops.at, ops.verb, ops.actor_id, ops.actor_name, ops.reason, ops.undoes,
       c.table_name, c.row_id, c.action, c.changes::text
FROM ops LEFT JOIN LATERAL (
  SELECT seq, table_name, row_id, action, changes FROM ledger_change
  WHERE workspace_id = %(ws)s AND at = ops.at AND operation_id = ops.id AND table_name = ANY(%(tables)s)
    AND NOT (ops.xid = %(xid)s AND ops.seq = %(seq)s AND ledger_change.seq <= %(change)s)
  ORDER BY seq LIMIT %(limit)s) c ON true
ORDER BY ops.xid, ops.seq, c.seq LIMIT %(limit)s
"""


class Gone(Exception):
    """The cursor belongs to another database cluster, or is none: what it stood before cannot be known."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two changes: the operation's transaction and order, the last change read of it (-1: all of them)."""

    cluster: int
    xid: int
    seq: int
    change: int

    def encode(self) -> str:
        text = json.dumps([self.cluster, self.xid, self.seq, self.change], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Signature:
    """The operation that a change belongs to."""

    id: uuid.UUID
    at: datetime.datetime
    verb: str
    actor_id: uuid.UUID | None
    actor_name: str
    reason: str
    undoes: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of one row as the trigger wrote it, decimals exact; `cursor` lies behind it."""

    cursor: Cursor
    signed: Signature
    table: str
    row_id: uuid.UUID
    action: str
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Changes in order, the cursor behind all that was looked at, and whether there is more at once."""

    entries: list[Entry]
    cursor: Cursor
    more: bool


def decode(text: str) -> Cursor:
    """The cursor of an address; `Gone` for what is none."""
    try:
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        cluster, xid, seq, change = found
    except (ValueError, TypeError, RecursionError):
        raise Gone from None
    if not all(type(n) is int and -1 <= n < 2**63 for n in (xid, seq, change)) or type(cluster) is not int:
        raise Gone
    return Cursor(cluster, xid, seq, change)


def start() -> Cursor:
    """Before everything."""
    return Cursor(_cluster(), 0, 0, 0)


def now() -> Cursor:
    """Behind everything that is settled."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1")
        return Cursor(_cluster(), cursor.fetchone()[0], _LATEST, _DONE)


def _cluster() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        return int(cursor.fetchone()[0])


def read(after: Cursor, *, tables: list[str], limit: int) -> Page:
    """The next changes of `tables` in the open workspace. Raises `Gone`."""
    if after.cluster != _cluster():
        raise Gone
    with connection.cursor() as cursor:
        cursor.execute(
            _READ, {"ws": current_workspace_id(), "xid": after.xid, "seq": after.seq, "change": after.change, "tables": tables, "limit": limit + 1}
        )
        rows = cursor.fetchall()
    entries, last = [], after
    for row in rows[:limit]:
        xid, seq, change = row[:3]
        last = Cursor(after.cluster, xid, seq, _DONE if change is None else change)
        if change is not None:
            entries.append(Entry(last, Signature(*row[3:10]), row[10], row[11], row[12], json.loads(row[13], parse_float=Decimal)))
    return Page(entries, last, len(rows) > limit or len({row[:2] for row in rows}) >= _OPERATIONS)


def start_anew() -> None:
    """After a restore into another cluster: transactions count from elsewhere, so that all restored operations come first. As the owner."""
    tables = ("ledger_operation", "ledger_seal", "ledger_head")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        sealing.start_anew(cursor)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
