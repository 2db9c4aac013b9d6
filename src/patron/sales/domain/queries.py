"""Questions about many deals at once. Each takes the rows that the person may see and answers with a constant number of queries."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from patron.identity.access import Access
from patron.sales.enums import Outcome, StageKind
from patron.sales.models import Deal, Stage
from patron.sales.rules import win_rate

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


def day_bounds(access: Access) -> tuple[datetime.datetime, datetime.datetime]:
    """Start and end of the person's today, as instants."""
    start = datetime.datetime.combine(access.today(), datetime.time(), tzinfo=access.zone)
    end = datetime.datetime.combine(access.today() + datetime.timedelta(days=1), datetime.time(), tzinfo=access.zone)
    return start, end


def rotting(stages: list[Stage], now: datetime.datetime | None = None) -> Q:
    """Open deals that stand in one of these stages for longer than it expects (domain, section 3)."""
    return _too_long(stages, now or timezone.now()) & Q(outcome=Outcome.OPEN)


def _too_long(stages: list[Stage], now: datetime.datetime) -> Q:
    old = Q(stage__isnull=True)
    for stage in stages:
        if stage.kind == StageKind.OPEN and stage.expected_days is not None:
            old |= Q(stage=stage.pk, stage_since__lt=now - datetime.timedelta(days=stage.expected_days))
    return old


def pipeline_totals(rows: QuerySet[Any], stages: list[Stage], *, access: Access) -> dict[uuid.UUID, StageTotals]:
    """Totals of open stages over `rows`, in one query that the index `deal_board_totals` answers alone; a stage without deals has zeros."""
    start, end = day_bounds(access)
    counted = (
        rows.order_by()
        .filter(outcome=Outcome.OPEN, pipeline__in={s.pipeline_id for s in stages}, stage__in=[s.pk for s in stages])
        .values("stage")
        .annotate(
            n=Count("stage"),
            sum_base=Sum("base_amount"),
            sum_weighted=Sum("weighted"),
            n_rotting=Count("stage", filter=_too_long(stages, timezone.now())),
            n_late=Count("stage", filter=Q(expected_close__lt=access.today())),
            n_none=Count("stage", filter=Q(next_activity_at__isnull=True)),
            n_overdue=Count("stage", filter=Q(next_activity_at__lt=start)),
            n_today=Count("stage", filter=Q(next_activity_at__gte=start, next_activity_at__lt=end)),
        )
    )
    totals = {stage.pk: StageTotals(stage.pk) for stage in stages}
    for row in counted:
        planned = row["n"] - row["n_none"] - row["n_overdue"] - row["n_today"]
        totals[row["stage"]] = StageTotals(
            row["stage"], row["n"], row["sum_base"] or _ZERO, row["sum_weighted"] or _ZERO, row["n_rotting"], row["n_late"],
            row["n_none"], row["n_overdue"], row["n_today"], planned,
        )  # fmt: skip
    return totals


@dataclass(frozen=True, slots=True)
class WinRate:
    """What of the decided was won (D2). By count a partly won deal is one win; by value its parts count where they belong."""

    won: int
    partially_won: int
    lost: int
    won_value: Decimal
    lost_value: Decimal

    @property
    def by_count(self) -> Decimal | None:
        return win_rate(self.won, self.lost)

    @property
    def by_value(self) -> Decimal | None:
        return win_rate(self.won_value, self.lost_value)


WON = Q(outcome__in=(Outcome.WON, Outcome.PARTIALLY_WON))
LOST = Q(outcome=Outcome.LOST)
OPEN = Q(outcome=Outcome.OPEN)


def win_rates(rows: QuerySet[Any]) -> WinRate:
    """Wins and losses among `rows`, in one query; values in base currency. `won` counts the partly won, too."""
    found = rows.order_by().aggregate(
        won=Count("pk", filter=WON), partly=Count("pk", filter=Q(outcome=Outcome.PARTIALLY_WON)), lost=Count("pk", filter=LOST),
        won_value=Sum("won_base"), lost_value=Sum("lost_base"),
    )  # fmt: skip
    return WinRate(found["won"], found["partly"], found["lost"], found["won_value"] or _ZERO, found["lost_value"] or _ZERO)


def without_next_step(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Open deals for which nothing is planned."""
    return rows.filter(OPEN, next_activity_at__isnull=True)


def closing_late(rows: QuerySet[Any], *, access: Access) -> QuerySet[Any]:
    """Open deals whose expected close has passed."""
    return rows.filter(OPEN, expected_close__lt=access.today())


def live(access: Access) -> QuerySet[Any]:
    """The deals that a person may see, without archived ones."""
    return Deal.objects.visible_to(access).filter(archived_at=None)  # type: ignore[no-any-return]
