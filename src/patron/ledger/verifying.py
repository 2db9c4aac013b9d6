"""Verification: every block is made again from what the tables hold, and the first one that differs is told, with what differs.

Blocks are read in ranges, and the database answers with a line for each: memory does not grow with the chain. What is not found, and cannot be: that
somebody who owns the tables wrote the whole chain anew from some block on. Whoever keeps a head elsewhere finds that, too (`expected`).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection
from django.utils.translation import gettext_lazy as _

from patron.kernel.tenancy import current_workspace_id
from patron.ledger import canonical

BLOCKS, CHANGES = 200, 200_000  # in a range at most, but for a block that alone has more changes

What = Literal[
    "missing_block", "rewritten_block", "unlinked_block", "missing_operation", "changed_operation", "missing_change", "added_change", "changed_change",
    "sealed_twice", "unsealed_operation", "stray_change", "other_head", "other_than_expected",
]  # fmt: skip

_RANGE = f"""
SELECT max(number) FROM (
  SELECT number, row_number() OVER w AS place, sum(changes) OVER w AS total FROM (
    SELECT number, changes FROM ledger_seal WHERE workspace_id = %(ws)s AND number > %(after)s AND number <= %(to)s ORDER BY number LIMIT {BLOCKS}) AS next
  WINDOW w AS (ORDER BY number)) AS counted WHERE place = 1 OR total <= {CHANGES}
"""
_OPERATIONS = f"""
  SELECT u.place, u.id, o.id IS NOT NULL AS there, {canonical.OPERATION} AS own, c.n, c.hash
  FROM unnest(s.operations) WITH ORDINALITY AS u (id, place)
  LEFT JOIN ledger_operation AS o ON o.workspace_id = %(ws)s AND o.id = u.id CROSS JOIN LATERAL ({canonical.CHANGES}) AS c
"""
_BLOCKS = f"""
SELECT s.number, s.previous, s.hash, s.form = {canonical.FORM} AND s.hash = {canonical.block("s")} AND s.changes = (SELECT sum(n) FROM unnest(s.counts) AS n),
  cardinality(s.operations), (f.counts, f.own, f.hash) IS NOT DISTINCT FROM (s.counts, s.operation_hashes, s.change_hashes)
FROM ledger_seal AS s CROSS JOIN LATERAL (
  SELECT array_agg(n ORDER BY place) AS counts, string_agg(own, ''::bytea ORDER BY place) AS own, string_agg(hash, ''::bytea ORDER BY place) AS hash
  FROM ({_OPERATIONS}) AS each) AS f
WHERE s.workspace_id = %(ws)s AND s.number > %(after)s AND s.number <= %(to)s ORDER BY s.number
"""
# The first operation of a block that differs: whether it is there, as it was, how many changes more it has than it had.
_DIFFERS = f"""
SELECT f.id, f.there, f.own = substring(s.operation_hashes FROM 32 * f.place::integer - 31 FOR 32), f.n - s.counts[f.place]
FROM ledger_seal AS s CROSS JOIN LATERAL ({_OPERATIONS}) AS f
WHERE s.workspace_id = %(ws)s AND s.number = %(number)s AND (
  NOT f.there OR f.n IS DISTINCT FROM s.counts[f.place] OR f.own IS DISTINCT FROM substring(s.operation_hashes FROM 32 * f.place::integer - 31 FOR 32)
  OR f.hash IS DISTINCT FROM substring(s.change_hashes FROM 32 * f.place::integer - 31 FOR 32)) ORDER BY f.place LIMIT 1
"""
_SEALED = "SELECT unnest(operations) AS id FROM ledger_seal WHERE workspace_id = %(ws)s"
_TWICE = f"SELECT id FROM ({_SEALED}) AS sealed GROUP BY id HAVING count(*) > 1 LIMIT 1"
_UNSEALED = f"""
SELECT o.id FROM ledger_operation AS o JOIN ledger_head AS h ON h.workspace_id = o.workspace_id AND (o.xid, o.seq, o.id) <= (h.xid, h.seq, h.last)
LEFT JOIN ({_SEALED}) AS s ON s.id = o.id WHERE o.workspace_id = %(ws)s AND s.id IS NULL ORDER BY o.xid, o.seq LIMIT 1
"""
_STRAY = """
SELECT c.operation_id FROM ledger_change AS c LEFT JOIN ledger_operation AS o ON o.workspace_id = c.workspace_id AND o.id = c.operation_id AND o.at = c.at
WHERE c.workspace_id = %(ws)s AND o.id IS NULL LIMIT 1
"""
_HEAD = "SELECT number, hash, operations, changes FROM ledger_head WHERE workspace_id = %(ws)s"


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold; `words` says it to people."""

    what: What
    number: int | None = None
    operation_id: uuid.UUID | None = None

    @property
    def words(self) -> str:
        return str(WORDS[self.what]) % {"number": self.number, "operation": self.operation_id}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was verified (blocks, operations; the last block's number and hash), and what was found."""

    blocks: int
    operations: int
    hash: str
    found: Break | None


WORDS: dict[What, Any] = {
    "missing_block": _("Block %(number)s is missing."),
    "rewritten_block": _("Block %(number)s was rewritten: its hash is not that of its contents."),
    "unlinked_block": _("Block %(number)s does not follow the block before it: one of the two was rewritten."),
    "missing_operation": _("Operation %(operation)s of block %(number)s is missing."),
    "changed_operation": _("Operation %(operation)s of block %(number)s was changed."),
    "missing_change": _("A change of operation %(operation)s in block %(number)s is missing."),
    "added_change": _("A change was added to operation %(operation)s of block %(number)s."),
    "changed_change": _("A change of operation %(operation)s in block %(number)s was altered."),
    "sealed_twice": _("Operation %(operation)s is in two places of the chain."),
    "unsealed_operation": _("Operation %(operation)s lies before the last block, and is in none: it was put there later."),
    "stray_change": _("There is a change that belongs to no operation at its time; it names operation %(operation)s."),
    "other_head": _("The end of the chain, block %(number)s, is another one than the head says."),
    "other_than_expected": _("Block %(number)s has not the expected hash: the chain was written anew from it or from a block before it."),
}


Tell = Callable[[int, int], None]


def verify(*, expected: dict[int, str] | None = None, tell: Tell = lambda done, total: None) -> Verdict:
    """Verify the chain of the open workspace. `expected` are hashes of blocks that were kept elsewhere; `tell(blocks, of)` is told how far it is.

    Reads only. Others may write and seal meanwhile: what is sealed after the beginning is verified the next time.
    """
    ws: Any = {"ws": current_workspace_id()}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        head = _one(cursor, _HEAD, ws)
        walk = _Walk(cursor, ws, dict(expected or {}), tell)
        found = walk.run(head[0] if head else 0) or _head(cursor, ws, walk, head) or _whole(cursor, ws)
    return Verdict(walk.number, walk.operations, walk.hash, found)


class _Walk:
    """From block to block, each against the one before."""

    def __init__(self, cursor: Any, ws: dict[str, Any], expected: dict[int, str], tell: Tell) -> None:
        self.cursor, self.ws, self.expected, self.tell = cursor, ws, expected, tell
        self.number, self.hash, self.operations = 0, "", 0

    def run(self, to: int) -> Break | None:
        while True:
            asked = {**self.ws, "after": self.number, "to": to}
            last = _one(self.cursor, _RANGE, asked)[0]
            if last is None:
                break
            self.cursor.execute(_BLOCKS, {**asked, "to": last})
            for row in self.cursor.fetchall():
                if found := self._block(*row):
                    return found
            self.tell(self.number, to)
        return None

    def _block(self, number: int, previous: str, own: str, itself: bool, operations: int, same: bool) -> Break | None:
        if number != self.number + 1:
            return Break("missing_block", self.number + 1)
        if not itself:
            return Break("rewritten_block", number)
        if previous != self.hash:
            return Break("unlinked_block", number)
        if not same:
            return self._difference(number)
        if self.expected.pop(number, own) != own:
            return Break("other_than_expected", number)
        self.number, self.hash, self.operations = number, own, self.operations + operations
        return None

    def _difference(self, number: int) -> Break:
        row = _one(self.cursor, _DIFFERS, {**self.ws, "number": number})
        if row is None:  # put right meanwhile
            return Break("rewritten_block", number)
        operation_id, there, as_it_was, more = row
        if not there:
            return Break("missing_operation", number, operation_id)
        if not as_it_was:
            return Break("changed_operation", number, operation_id)
        return Break("changed_change" if not more else "added_change" if more > 0 else "missing_change", number, operation_id)


def _head(cursor: Any, ws: dict[str, Any], walk: _Walk, head: Any) -> Break | None:
    """The head against the last block: the block that is missing from the end, or the head that was moved."""
    number, own, operations, _changes = head or (0, "", 0, 0)
    if walk.number < number:
        return Break("missing_block", walk.number + 1)
    beyond = _one(cursor, "SELECT min(number) FROM ledger_seal WHERE workspace_id = %(ws)s AND number > (SELECT coalesce(max(number), 0) FROM ledger_head WHERE workspace_id = %(ws)s)", ws)
    if beyond[0] is not None or (own, operations) != (walk.hash, walk.operations):
        return Break("other_head", beyond[0] or number)
    if walk.expected:
        return Break("missing_block", min(walk.expected))
    return None


def _whole(cursor: Any, ws: dict[str, Any]) -> Break | None:
    """What no single block tells: tables against tables, which statistics that are behind would have joined row by row."""
    cursor.execute("SET LOCAL enable_nestloop = off")
    questions: list[tuple[What, str]] = [("sealed_twice", _TWICE), ("unsealed_operation", _UNSEALED), ("stray_change", _STRAY)]
    found = next((Break(what, operation_id=row[0]) for what, question in questions if (row := _one(cursor, question, ws))), None)
    cursor.execute("SET LOCAL enable_nestloop = on")
    return found


def _one(cursor: Any, question: str, values: dict[str, Any]) -> Any:
    cursor.execute(question, values)
    return cursor.fetchone()
