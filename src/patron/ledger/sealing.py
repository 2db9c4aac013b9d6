"""Sealing: operations go into hash-chained blocks, per workspace, after they were written.

Triggers only insert: a chain made as rows are written halves what a workspace can write, and an import would hold its head until it commits (scale.md, section 8).
A block takes operations in the order of `ledger.feed`, and only those older than every transaction that still runs: what lies before them is complete for
good, so nothing is ever left out, in whatever order transactions commit. What was sealed is what lies at or before the head's place.

One statement per block reads, hashes and writes; hashes are added up, never texts, so an import with a million changes needs no more memory than a click.
Whoever seals a workspace holds an advisory lock until the transaction ends, which PostgreSQL gives back whatever happens to the process; the trigger of
`ledger.chain` refuses a second block of one number all the same.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection

from patron.kernel.db.install import is_distributed
from patron.kernel.tenancy import current_workspace_id, uuid7, workspace
from patron.ledger import canonical
from patron.ledger.chain import NOBODY

OPERATIONS = 1000  # in a block at most
CHANGES = 100_000  # in a block at most, but for an operation that alone has more
#: On a cluster a transaction is over on the coordinator a moment before its rows are seen on the nodes: that long after looking at what still runs is sealed.
SETTLING = 5.0

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('ledger.seal:' || %s::text, 0))"
_RUNNING = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_HEAD = f"""SELECT coalesce(max(xid), -1) AS xid, coalesce(max(seq), 0) AS seq, coalesce(max(last::text), '{NOBODY}')::uuid AS id FROM ledger_head WHERE workspace_id = %(ws)s"""

# The next operations, one after the other, as long as the block has room: their changes are counted no further than there is room for.
_NEXT = f"""
SELECT o.id, o.at, o.xid, o.seq, o.own, c.n FROM (
  SELECT o.id, o.at, o.xid, o.seq, {canonical.OPERATION} AS own FROM ledger_operation AS o
  WHERE o.workspace_id = %(ws)s AND (o.xid, o.seq, o.id) > ({{after}}) AND o.xid < %(before)s
  ORDER BY o.xid, o.seq, o.id LIMIT 1) AS o
CROSS JOIN LATERAL (SELECT count(*) AS n FROM (
  SELECT FROM ledger_change WHERE workspace_id = %(ws)s AND operation_id = o.id AND at BETWEEN o.at AND o.at LIMIT %(room)s + 1) AS counted) AS c
"""
_SEAL = f"""
WITH RECURSIVE picked (place, id, at, xid, seq, own, total) AS (
  SELECT 1, first.id, first.at, first.xid, first.seq, first.own, first.n
  FROM ({_HEAD}) AS h CROSS JOIN LATERAL ({_NEXT.format(after="h.xid, h.seq, h.id")}) AS first
  UNION ALL
  SELECT p.place + 1, next.id, next.at, next.xid, next.seq, next.own, p.total + next.n
  FROM picked AS p CROSS JOIN LATERAL ({_NEXT.format(after="p.xid, p.seq, p.id")}) AS next
  WHERE p.place < %(most)s AND p.total + next.n <= %(room)s),
hashed AS (
  SELECT o.place, o.id, o.own, c.n, c.hash FROM picked AS o CROSS JOIN LATERAL ({canonical.CHANGES}) AS c),
made AS (
  SELECT coalesce(h.number, 0) + 1 AS number, coalesce(h.hash, '') AS previous, statement_timestamp() AS at, b.* FROM (
    SELECT array_agg(id ORDER BY place) AS operations, array_agg(n ORDER BY place) AS counts, string_agg(own, ''::bytea ORDER BY place) AS operation_hashes,
      string_agg(hash, ''::bytea ORDER BY place) AS change_hashes, sum(n) AS changes, count(*) AS many
    FROM hashed) AS b LEFT JOIN ledger_head AS h ON h.workspace_id = %(ws)s
  WHERE b.many > 0)
INSERT INTO ledger_seal (workspace_id, id, form, number, at, operations, counts, operation_hashes, change_hashes, changes, previous, hash)
SELECT %(ws)s, %(id)s, {canonical.FORM}, m.number, m.at, m.operations, m.counts, m.operation_hashes, m.change_hashes, m.changes, m.previous, {canonical.block("m")}
FROM made AS m RETURNING number, hash, cardinality(operations), changes
"""


@dataclass(frozen=True, slots=True)
class Block:
    """A block that was made."""

    number: int
    hash: str
    operations: int
    changes: int


def settled() -> int:
    """The transaction number below which nothing runs any more; on a cluster, after a pause in which its nodes have caught up. Outside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_RUNNING)
        before = int(cursor.fetchone()[0])
    if is_distributed():
        time.sleep(SETTLING)
    return before


def seal(before: int, *, most: int = OPERATIONS, room: int = CHANGES) -> Block | None:
    """Make the next block of the open workspace, of operations written by transactions below `before`; None where nothing waits.

    Waits for whoever seals this workspace. The block is there when the transaction commits.
    """
    ws = current_workspace_id()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(_LOCK, [str(ws)])
        cursor.execute(_SEAL, {"ws": ws, "id": uuid7(), "before": before, "most": most, "room": room})
        row = cursor.fetchone()
    return Block(*row) if row else None


def seal_all(workspace_id: uuid.UUID, *, before: int | None = None, blocks: int | None = None, until: float = float("inf")) -> list[Block]:
    """Seal what waits in a workspace, each block in a transaction of its own: all of it, at most `blocks`, or until `time.monotonic()` says `until`."""
    limit = settled() if before is None else before
    made: list[Block] = []
    while (blocks is None or len(made) < blocks) and time.monotonic() < until:
        with workspace(workspace_id):
            block = seal(limit)
        if block is None:
            break
        made.append(block)
    return made


# --- a restored chain -------------------------------------------------------------------------------------------------

_ANEW = """
UPDATE ledger_operation AS o SET xid = p.place FROM (
  SELECT q.workspace_id, q.id, CASE WHEN s.id IS NULL THEN 1 ELSE 0 END AS place FROM ledger_operation AS q
  LEFT JOIN (SELECT workspace_id, unnest(operations) AS id FROM ledger_seal WHERE {ledger_seal}) AS s ON s.workspace_id = q.workspace_id AND s.id = q.id
  WHERE {q}) AS p
WHERE {o} AND p.workspace_id = o.workspace_id AND p.id = o.id AND o.xid <> p.place
"""
_HEADS_ANEW = f"UPDATE ledger_head SET xid = 0, seq = {2**63 - 1} WHERE {{ledger_head}}"


def start_anew(cursor: Any, workspace_id: uuid.UUID | None = None) -> None:
    """After a restore of a workspace, or of everything: transactions count from elsewhere, so that restored operations come first; those that no block
    holds yet (1) behind those that one does (0), so that they are sealed next. As the owner of the tables, where row-level security lets it."""
    for statement in (_ANEW, _HEADS_ANEW):
        of = {t: f"{t}.workspace_id = '{workspace_id}'" if workspace_id else "true" for t in ("ledger_seal", "ledger_head", "q", "o")}
        cursor.execute(statement.format(**of))
