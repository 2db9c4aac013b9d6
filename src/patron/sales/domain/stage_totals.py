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

from django.db.models import Count, DecimalField, Q, QuerySet, Sum, Value
from django.utils import timezone

from patron.identity.access import Access
from patron.sales.domain.kept import Deals
from patron.sales.domain.queries import OPEN, day_bounds, number, rots_from, too_long
from patron.sales.models import Cut, DealSum, Stage

_ZERO = Decimal(0)
_FIGURES = ("n", "sum_base", "sum_weighted", "n_late", "n_rotting", "n_none", "n_before", "n_until")


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

    def between(self, column: str) -> Q:
        return Q(**{f"{column}__gte": self.start, f"{column}__lt": self.end})


def pipeline_totals(deals: Deals, stages: list[Stage], *, access: Access) -> dict[uuid.UUID, StageTotals]:
    """Totals of open stages, in one query; a stage without deals has zeros. Deals themselves are read by the index `deal_board_totals` alone."""
    if not stages:
        return {}
    now, (start, end) = timezone.now(), day_bounds(access)
    keys, pipelines = [s.pk for s in stages], {s.pipeline_id for s in stages}
    rows = deals.rows.order_by().filter(OPEN, pipeline__in=pipelines, stage__in=keys)
    late = Q(expected_close__lt=access.today())
    if deals.by_stage.model is DealSum:
        kept = deals.by_stage.order_by().filter(OPEN, stage__in=keys)
        asked = _of_sums(kept, stages, late, now, start, end).union(_of_the_edges(rows, stages, now, start, end), all=True)
    else:
        asked = _grouped(
            rows, None, late, too_long(stages, now), Q(next_activity_at__isnull=True), Q(next_activity_at__lt=start), Q(next_activity_at__lt=end)
        )  # fmt: skip
    return _read(stages, asked)


def _grouped(rows: QuerySet[Any], every: Q | None, late: Q, rotting: Q, none: Q, before: Q, until: Q) -> QuerySet[Any]:
    """The figures of each stage: deals or sums, by the conditions that each of them knows."""
    made = {
        "n": number(rows, every), "sum_base": Sum("base_amount"), "sum_weighted": Sum("weighted"), "n_late": number(rows, late), "n_rotting": number(rows, rotting),
        "n_none": number(rows, none), "n_before": number(rows, before), "n_until": number(rows, until),
    }  # fmt: skip
    return rows.values("stage").annotate(**made).values_list("stage", *_FIGURES)


def _of_sums(kept: QuerySet[Any], stages: list[Stage], late: Q, now: datetime.datetime, start: datetime.datetime, end: datetime.datetime) -> QuerySet[Any]:
    since, following = Q(cut=Cut.SINCE), Q(cut=Cut.NEXT)
    old = Q(stage__isnull=True)
    for at, keys in rots_from(stages, now).items():
        old |= Q(stage__in=keys, day__lt=Near.to(at).day)
    return _grouped(
        kept, Q(cut=Cut.OPEN), late, since & old, following & Q(day__isnull=True), following & Q(day__lt=Near.to(start).day), following & Q(day__lt=Near.to(end).day)
    )


def _of_the_edges(rows: QuerySet[Any], stages: list[Stage], now: datetime.datetime, start: datetime.datetime, end: datetime.datetime) -> QuerySet[Any]:
    """What sums by day lack, or have too much."""
    old, sign = Q(stage__isnull=True), 1
    for at, keys in rots_from(stages, now).items():
        near = Near.to(at)
        old |= Q(stage__in=keys) & near.between("stage_since")
        sign = near.sign  # the same for all: they are whole days apart
    first, last = Near.to(start), Near.to(end)
    before, until = first.between("next_activity_at"), last.between("next_activity_at")
    none = Value(_ZERO, output_field=DecimalField())
    made = {
        **dict.fromkeys(_FIGURES, none), "n_rotting": Count("stage", filter=old) * sign,
        "n_before": Count("stage", filter=before) * first.sign, "n_until": Count("stage", filter=until) * last.sign,
    }  # fmt: skip
    return rows.filter(old | before | until).values("stage").annotate(**made).values_list("stage", *_FIGURES)


def _read(stages: list[Stage], rows: Iterable[tuple[Any, ...]]) -> dict[uuid.UUID, StageTotals]:
    found: dict[uuid.UUID, list[Any]] = {stage.pk: [_ZERO] * len(_FIGURES) for stage in stages}
    for key, *figures in rows:
        found[key] = [have + (more or 0) for have, more in zip(found[key], figures, strict=True)]
    totals = {}
    for key, (n, base, weighted, *more) in found.items():
        late, rotting, none, before, until = map(int, more)
        totals[key] = StageTotals(key, int(n), base, weighted, rotting, late, none, before, until - before, int(n) - none - until)
    return totals
