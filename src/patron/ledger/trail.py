"""How the chains of all workspaces stand: their heads, and what waits to be sealed. For the command line, the job and the doctor; rights are the caller's business."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from django.db import connection

from patron.kernel.tenancy import current_workspace_id
from patron.ledger.chain import NOBODY

_BEHIND = f"""
FROM ledger_operation AS o WHERE o.workspace_id = %(ws)s AND (o.xid, o.seq, o.id) > (
  SELECT coalesce(max(h.xid), -1), coalesce(max(h.seq), 0), coalesce(max(h.last::text), '{NOBODY}')::uuid FROM ledger_head AS h WHERE h.workspace_id = %(ws)s)
"""
_HEAD = "SELECT number, hash, at, operations, changes FROM ledger_head WHERE workspace_id = %(ws)s"
_LAST = "SELECT hash FROM ledger_seal WHERE workspace_id = %(ws)s ORDER BY number DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a workspace's chain: number 0 and no hash before the first block. `sound`: the last block is the one that the head names, which says
    nothing of those before it. `since`: when the operation that waits longest was done; None where none waits."""

    workspace_id: uuid.UUID
    number: int
    hash: str
    at: datetime.datetime | None
    operations: int
    changes: int
    sound: bool
    since: datetime.datetime | None


def heads() -> list[Head]:
    """Of every workspace, whichever is open. Reads one row or two of each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ledger_heads()")
        return [Head(ws, number or 0, own or "", at, operations or 0, changes or 0, sound, since) for ws, number, own, at, operations, changes, sound, since in cursor.fetchall()]


def head() -> Head:
    """Of the open workspace."""
    ws = {"ws": current_workspace_id()}
    with connection.cursor() as cursor:
        cursor.execute(_HEAD, ws)
        number, own, at, operations, changes = cursor.fetchone() or (0, "", None, 0, 0)
        cursor.execute(_LAST, ws)
        last = cursor.fetchone() or ("",)
        cursor.execute(f"SELECT o.at {_BEHIND} ORDER BY o.xid, o.seq LIMIT 1", ws)
        since = cursor.fetchone() or (None,)
    return Head(ws["ws"], number, own, at, operations, changes, last[0] == own, since[0])


def waiting() -> int:
    """How many operations of the open workspace are in no block yet."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_BEHIND}", {"ws": current_workspace_id()})
        return int(cursor.fetchone()[0])
