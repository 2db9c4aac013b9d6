"""Finding duplicates among many records: stage, block, learn, score. Set-based in temporary tables; Python compares only what blocks propose.

Bounded: a block with more than `MOST_IN_BLOCK` records is left out and reported (a telephone exchange, "Smith" in London), so the number of proposed
pairs grows with the records and not with their square. Memory holds counts of values and a sample, never all records.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from patron.quality.plan import SEPARATOR, Levels, Plan
from patron.quality.weights import Weights, by_chance, learn

MOST_IN_BLOCK = 60
LEARN_FROM = 300_000  # pairs
SAMPLE = 3000  # records, for what agrees by chance
CHANCE_PAIRS = 40_000
MOST_COUNTED = 200_000  # different values per comparison; beyond, those seen once are dropped
_CHUNK = 10_000

Row = tuple[uuid.UUID | str, bool, Mapping[str, Any]]
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Found:
    """Two records that are probably the same, with the level and the weight in bits of every comparison."""

    a: str
    b: str
    probability: float
    levels: Levels
    bits: tuple[float, ...]


@dataclass(slots=True)
class Census:
    """What a scan knows of all records: how often values occur, and a sample."""

    total: int = 0
    changed: int = 0
    counts: list[Counter[str]] = field(default_factory=list)
    present: list[int] = field(default_factory=list)
    sample: list[Sequence[str]] = field(default_factory=list)
    oversized: dict[str, int] = field(default_factory=dict)
    pairs: int = 0
    first: int = 0
    model: Weights | None = None

    @property
    def possible(self) -> float:
        """How many pairs there could be: of all records, or of the `first` ones with the others."""
        return self.first * (self.total - self.first) if self.first else self.total * (self.total - 1) / 2

    @property
    def fewer(self) -> int:
        """The records of the smaller side."""
        return min(self.first, self.total - self.first) if self.first else self.total

    def same(self) -> list[float]:
        """The probability that two random values are the same, per comparison."""
        return [sum(c * (c - 1) for c in counts.values()) / max(n * (n - 1), 1) for counts, n in zip(self.counts, self.present, strict=True)]


def find(
    plan: Plan, rows: Iterable[Row], *, census: Census, against: tuple[Plan, Iterable[Row]] | None = None, model: Weights | None = None, least: float = 0.5,
    tell: Tell = lambda *_: None,
) -> Iterator[Found]:  # fmt: skip
    """Stage the rows, then yield pairs from probability `least` on; `census` is filled on the way.

    With `against`, other rows and how to read them, only pairs of one of the rows with one of those are looked at: `a` is of the first, `b` of the others.

    A row is (id, whether it changed since the last scan, values by field); pairs of two unchanged rows are left out. Without a `model` one is learned
    and put into `census.model`. Needs an open transaction: the temporary tables live as long as it.
    """
    stage(plan, rows, census, tell)
    if against is not None:
        census.first = census.total
        stage(against[0], against[1], census, tell)
        if census.first in (0, census.total):
            return
    propose(plan, census)
    tell("compare", 0, census.pairs)
    model = model or learned(plan, census)
    model.common, model.present, model.chance = list(census.counts), census.present, [way.chance for way in plan.ways]
    census.model = model
    done = 0
    for one, other, a, b in _proposed():
        done += 1
        if done % _CHUNK == 0:
            tell("compare", done, census.pairs)
        first, second = a.split(SEPARATOR), b.split(SEPARATOR)
        levels = plan.levels(first, second)
        if levels is None:
            continue
        bits = model.bits(levels, first)
        probability = model.probability(bits)
        if probability >= least:
            yield Found(one, other, probability, levels, tuple(bits))


def stage(plan: Plan, rows: Iterable[Row], census: Census, tell: Tell) -> None:
    """Every record's comparable values and blocks into temporary tables, counting on the way; called again, it adds to them."""
    chance = random.Random(census.total)  # the same rows give the same model
    if not census.counts:
        census.counts, census.present = [Counter() for _m in plan.matches], [0] * len(plan.matches)
        with connection.cursor() as cursor:
            cursor.execute(
                "DROP TABLE IF EXISTS scan_row, scan_key, scan_pair; CREATE TEMP TABLE scan_row (n int, id text, changed boolean, v text) ON COMMIT DROP; "
                "CREATE TEMP TABLE scan_key (block smallint, hash bigint, n int) ON COMMIT DROP"
            )
    chunk: list[tuple[int, str, bool, list[str]]] = []
    for pk, changed, row in rows:
        values = plan.values(row)
        census.changed += changed
        _count(census, values, chance)
        chunk.append((census.total, str(pk), changed, values))
        census.total += 1
        if len(chunk) >= _CHUNK:
            _copy(plan, chunk)
            tell("read", census.total, 0)
            chunk = []
    _copy(plan, chunk)


def _count(census: Census, values: list[str], chance: random.Random) -> None:
    for place, value in enumerate(values):
        if value:
            census.present[place] += 1
            counts = census.counts[place]
            counts[value] += 1
            if len(counts) > MOST_COUNTED:
                census.counts[place] = Counter({v: n for v, n in counts.items() if n > 1})
    if len(census.sample) < SAMPLE:
        census.sample.append(values)
    elif (at := chance.randrange(census.total + 1)) < SAMPLE:
        census.sample[at] = values


def _copy(plan: Plan, chunk: list[tuple[int, str, bool, list[str]]]) -> None:
    with connection.cursor() as cursor:
        with cursor.cursor.copy("COPY scan_row (n, id, changed, v) FROM STDIN") as copy:
            for n, pk, changed, values in chunk:
                copy.write_row((n, pk, changed, SEPARATOR.join(values)))
        with cursor.cursor.copy("COPY scan_key (block, hash, n) FROM STDIN") as copy:
            for n, _pk, _changed, values in chunk:
                for block, key in plan.keys(values):
                    copy.write_row((block, key, n))


def propose(plan: Plan, census: Census) -> None:
    """The pairs that share a block, each once; blocks that are too large are counted and left out."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'; SET LOCAL jit = off; ANALYZE scan_row; ANALYZE scan_key")
        cursor.execute("CREATE TEMP TABLE scan_block ON COMMIT DROP AS SELECT block, hash, count(*)::int AS size, CASE WHEN count(*) <= %s THEN array_agg(n) END AS members FROM scan_key GROUP BY 1, 2 HAVING count(*) > 1", [MOST_IN_BLOCK])
        cursor.execute("SELECT block, count(*) FROM scan_block WHERE members IS NULL GROUP BY 1")
        census.oversized = {plan.blocks[block]: number for block, number in cursor.fetchall()}
        narrowed = "" if census.changed == census.total else "AND EXISTS (SELECT FROM scan_row r WHERE r.n IN (a, b) AND r.changed)"
        if narrowed:
            cursor.execute("CREATE INDEX ON scan_row (n)")
        if census.first:
            narrowed += f" AND a < {census.first} AND b >= {census.first}"
        cursor.execute(
            "CREATE TEMP TABLE scan_pair ON COMMIT DROP AS SELECT DISTINCT a, b FROM scan_block, LATERAL unnest(members) AS a, LATERAL unnest(members) AS b "
            f"WHERE members IS NOT NULL AND a < b {narrowed}"
        )
        census.pairs = cursor.rowcount
        cursor.execute("DROP TABLE scan_block; ANALYZE scan_pair")


def learned(plan: Plan, census: Census) -> Weights:
    """A model from a sample of the proposed pairs."""
    every = max(1, census.pairs // LEARN_FROM)
    patterns: Counter[Levels] = Counter()
    for _one, _other, a, b in _proposed(f"WHERE (hashint8extended((p.a::bigint << 32) + p.b, 0) & 9223372036854775807) % {every} = 0"):
        levels = plan.levels(a.split(SEPARATOR), b.split(SEPARATOR))
        if levels is not None:
            patterns[levels] += every
    u = by_chance(plan, _random_pairs(plan, census), census.same(), census.present)
    return learn(plan, patterns, u, census.possible, census.fewer * 0.02)


def _random_pairs(plan: Plan, census: Census) -> list[Levels]:
    chance, found = random.Random(1), []
    if len(census.sample) < 2:
        return []
    for _n in range(min(CHANCE_PAIRS, len(census.sample) ** 2)):
        levels = plan.all_levels(*chance.sample(census.sample, 2))
        found.append(levels)
    return found


def _proposed(where: str = "") -> Iterator[tuple[str, str, str, str]]:
    """The proposed pairs with their values, streamed."""
    with connection.chunked_cursor() as cursor:
        cursor.cursor.itersize = _CHUNK  # by default a hundred rows to a round trip
        cursor.execute(f"SELECT x.id, y.id, x.v, y.v FROM scan_pair p JOIN scan_row x ON x.n = p.a JOIN scan_row y ON y.n = p.b {where}")
        yield from cursor
