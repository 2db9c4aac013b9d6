"""How the open deals of each stage stand: how many, what they are worth, what rots, is late, or has its next activity behind it.

What rots or is overdue is a question of time, by the instant: a deal rots from `expected_days` after it came to its stage, an activity is overdue
from the midnight of the person who asks. So sums cannot keep these numbers. What they keep is how many deals came to a stage on each day, and on which
day their next activity is (`Cut.SINCE`, `Cut.NEXT`); days are those of UTC, since people and workspaces differ in theirs and may change it. The days up
to the midnight (UTC) nearest to the instant in question are added up, and the deals between that midnight and the instant are counted one by one:
those of half a day at most, by the indexes `deal_board_totals` and `deal_by_next_activity`. Nothing is kept that a setting would change, so that a
stage may expect other days, and a person move to another zone, from one moment to the next.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from patron.identity.access import Access
from patron.kernel.db import prepared
from patron.sales.domain.kept import Deals
from patron.sales.domain.queries import OPEN, day_bounds, number, too_long
from patron.sales.models import Stage

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class StageTotals:
    """One column of the board. Amounts are in base currency. The four kinds of next activity add up to `count`."""

    stage_id: uuid.UUID
    count: int = 0
    base: Decimal = _ZERO
    weighted: Decimal = _ZERO
    rotting: int = 0
    overdue_close: int = 0
    next_none: int = 0
    next_overdue: int = 0
    next_today: int = 0
    next_planned: int = 0


class Near(NamedTuple):
    """An instant beside the midnight (UTC) nearest to it: what is before the instant is what is before `day`, and `sign` times what is from `start` to before `end`."""

    day: datetime.date
    start: datetime.datetime
    end: datetime.datetime
    sign: int

    @classmethod
    def to(cls, instant: datetime.datetime) -> Near:
        day = (instant.astimezone(datetime.UTC) + datetime.timedelta(hours=12)).date()
        midnight = datetime.datetime.combine(day, datetime.time(), tzinfo=datetime.UTC)
        return cls(day, min(instant, midnight), max(instant, midnight), 1 if instant > midnight else -1)


def pipeline_totals(deals: Deals, stages: list[Stage], *, access: Access) -> dict[uuid.UUID, StageTotals]:
    """Totals of open stages, in one query; a stage without deals has zeros. Deals themselves are read by the index `deal_board_totals` alone."""
    if not stages:
        return {}
    ask = _of_sums if deals.kept else _of_rows
    found = {stage.pk: StageTotals(stage.pk) for stage in stages}
    for key, n, base, weighted, late, rotting, none, before, until in ask(deals.rows, stages, access):
        found[key] = StageTotals(key, int(n), base or _ZERO, weighted or _ZERO, int(rotting), int(late), int(none), int(before), int(until - before), int(n - none - until))
    return found


def _of_rows(rows: QuerySet[Any], stages: list[Stage], access: Access) -> Iterable[Any]:
    (start, end), keys = day_bounds(access), [s.pk for s in stages]
    rows = rows.order_by().filter(OPEN, pipeline__in={s.pipeline_id for s in stages}, stage__in=keys)
    made = {
        "n": number(rows), "sum_base": Sum("base_amount"), "sum_weighted": Sum("weighted"), "n_late": number(rows, Q(expected_close__lt=access.today())),
        "n_rotting": number(rows, too_long(stages, timezone.now())), "n_none": number(rows, Q(next_activity_at__isnull=True)),
        "n_before": number(rows, Q(next_activity_at__lt=start)), "n_until": number(rows, Q(next_activity_at__lt=end)),
    }  # fmt: skip
    return rows.values("stage").annotate(**made).values_list("stage", *made)


def _between(column: str, start: str, end: str) -> str:
    return f"""CROSS JOIN LATERAL (SELECT count(*) FROM seen.sales_deal AS d WHERE d.workspace_id = %(workspace)s AND d.pipeline_id = asked.pipeline_id
  AND d.stage_id = asked.stage_id AND d.outcome = 'open' AND d.archived_at IS NULL AND d.{column} >= {start} AND d.{column} < {end})"""


#: Days of the sums, and deals between a midnight and an instant. Written by hand: the instants change with every second, and Django would take longer to
#: write it anew than PostgreSQL to answer.
_SUMS = f"""
WITH asked AS (
  SELECT * FROM unnest(%(stages)s::uuid[], %(pipelines)s::uuid[], %(days)s::date[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
    AS a (stage_id, pipeline_id, day, start_at, end_at)
), kept AS (
  SELECT s.stage_id, sum(deals) FILTER (WHERE cut = 'open') AS n, sum(base_amount) FILTER (WHERE cut = 'open') AS base, sum(weighted) FILTER (WHERE cut = 'open') AS weighted,
    sum(deals) FILTER (WHERE expected_close < %(today)s) AS late, sum(deals) FILTER (WHERE cut = 'since' AND s.day < asked.day) AS rotting,
    sum(deals) FILTER (WHERE cut = 'next' AND s.day IS NULL) AS idle, sum(deals) FILTER (WHERE cut = 'next' AND s.day < %(first)s) AS before,
    sum(deals) FILTER (WHERE cut = 'next' AND s.day < %(last)s) AS until
  FROM seen.sales_dealsum AS s JOIN asked USING (stage_id) WHERE s.workspace_id = %(workspace)s AND cut IN ('open', 'since', 'next') GROUP BY 1
)
SELECT stage_id, kept.n, base, weighted, coalesce(late, 0), coalesce(rotting, 0) + %(turn)s * aged.n, coalesce(idle, 0),
  coalesce(before, 0) + %(first_turn)s * first.n, coalesce(until, 0) + %(last_turn)s * last.n
FROM kept JOIN asked USING (stage_id)
{_between("stage_since", "asked.start_at", "asked.end_at")} AS aged (n)
{_between("next_activity_at", "%(first_start)s", "%(first_end)s")} AS first (n)
{_between("next_activity_at", "%(last_start)s", "%(last_end)s")} AS last (n)
WHERE kept.n > 0
"""


def _of_sums(rows: QuerySet[Any], stages: list[Stage], access: Access) -> Iterable[Any]:
    now = timezone.now()
    aged = [None if s.expected_days is None else Near.to(now - datetime.timedelta(days=s.expected_days)) for s in stages]
    first, last = map(Near.to, day_bounds(access))
    return prepared.fetch(_SUMS, {
        "workspace": access.workspace.pk, "today": access.today(), "stages": [s.pk for s in stages], "pipelines": [s.pipeline_id for s in stages],
        "days": [a and a.day for a in aged], "starts": [a and a.start for a in aged], "ends": [a and a.end for a in aged], "turn": Near.to(now).sign,
        "first": first.day, "first_start": first.start, "first_end": first.end, "first_turn": first.sign,
        "last": last.day, "last_start": last.start, "last_end": last.end, "last_turn": last.sign,
    })  # fmt: skip
