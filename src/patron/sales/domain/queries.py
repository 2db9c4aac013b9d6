"""Questions about many deals at once. Each takes the rows that the person may see and answers with a constant number of queries.

Those that say so may be asked of sums over deals as well (`domain.kept`).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from patron.identity.access import Access
from patron.sales.enums import Outcome, StageKind
from patron.sales.models import Deal, DealSum, Stage
from patron.sales.rules import win_rate

_ZERO = Decimal(0)


def day_bounds(access: Access) -> tuple[datetime.datetime, datetime.datetime]:
    """Start and end of the person's today, as instants."""
    start = datetime.datetime.combine(access.today(), datetime.time(), tzinfo=access.zone)
    end = datetime.datetime.combine(access.today() + datetime.timedelta(days=1), datetime.time(), tzinfo=access.zone)
    return start, end


def rotting(stages: list[Stage], now: datetime.datetime | None = None) -> Q:
    """Open deals that stand in one of these stages for longer than it expects (domain, section 3)."""
    return too_long(stages, now or timezone.now()) & Q(outcome=Outcome.OPEN)


def too_long(stages: list[Stage], now: datetime.datetime) -> Q:
    """Deals in one of these stages that came to it before what it expects, open or not."""
    old = Q(stage__isnull=True)
    for stage in stages:
        if stage.kind == StageKind.OPEN and stage.expected_days is not None:
            old |= Q(stage=stage.pk, stage_since__lt=now - datetime.timedelta(days=stage.expected_days))
    return old


@dataclass(frozen=True, slots=True)
class WinRate:
    """What of the decided was won (D2). By count a partly won deal is one win; by value its parts count where they belong."""

    won: int
    partially_won: int
    lost: int
    won_value: Decimal
    lost_value: Decimal

    def __add__(self, other: WinRate) -> WinRate:
        return WinRate(
            self.won + other.won, self.partially_won + other.partially_won, self.lost + other.lost, self.won_value + other.won_value, self.lost_value + other.lost_value
        )

    @property
    def by_count(self) -> Decimal | None:
        return win_rate(self.won, self.lost)

    @property
    def by_value(self) -> Decimal | None:
        return win_rate(self.won_value, self.lost_value)


WINS = (Outcome.WON, Outcome.PARTIALLY_WON)
WON = Q(outcome__in=WINS)
LOST = Q(outcome=Outcome.LOST)
OPEN = Q(outcome=Outcome.OPEN)


def number(rows: QuerySet[Any], only: Q | None = None) -> Any:
    """How many deals there are, where `rows` are deals or sums over them; for groups, too."""
    if rows.model is DealSum:
        return Coalesce(Sum("deals", filter=only), Value(0), output_field=IntegerField())
    return Count("stage", filter=only)  # every deal has one, and the index of the board has it, so that nothing else is read


def win_rates(rows: QuerySet[Any]) -> WinRate:
    """Wins and losses among `rows` (deals or sums), in one query; values in base currency. `won` counts the partly won, too."""
    return rates_between(rows, ())[0]


def rates_between(rows: QuerySet[Any], days: Sequence[datetime.date]) -> list[WinRate]:
    """Win rates of what closed before the first of `days` (ascending), from each of them to the next, and from the last on; in one query.

    What has no closing day counts in the first.
    """
    steps = [When(closed_on__gte=day, then=Value(i)) for i, day in reversed(list(enumerate(days, 1)))]
    part = Case(*steps, default=Value(0), output_field=IntegerField())
    found = rows.order_by().values("outcome", _part=part).annotate(n=number(rows), won=Sum("won_base"), lost=Sum("lost_base"))
    made = [WinRate(0, 0, 0, _ZERO, _ZERO) for _part in (None, *days)]
    for row in found:
        n, won = row["n"], row["outcome"] in WINS
        made[row["_part"]] += WinRate(
            n if won else 0, n if row["outcome"] == Outcome.PARTIALLY_WON else 0, n if row["outcome"] == Outcome.LOST else 0, row["won"] or _ZERO, row["lost"] or _ZERO
        )
    return made


@dataclass(frozen=True, slots=True)
class OpenTotals:
    """What is open, in base currency; `late` are those whose expected close has passed."""

    count: int
    late: int
    base: Decimal
    weighted: Decimal


def open_totals(rows: QuerySet[Any], today: datetime.date) -> OpenTotals:
    """The open deals among `rows` (deals or sums), in one query."""
    found = rows.order_by().filter(OPEN).aggregate(
        count=number(rows), late=number(rows, Q(expected_close__lt=today)), base=Sum("base_amount"), sum_weighted=Sum("weighted")
    )
    return OpenTotals(found["count"], found["late"], found["base"] or _ZERO, found["sum_weighted"] or _ZERO)


def without_next_step(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Open deals for which nothing is planned."""
    return rows.filter(OPEN, next_activity_at__isnull=True)


def closing_late(rows: QuerySet[Any], *, access: Access) -> QuerySet[Any]:
    """Open deals whose expected close has passed."""
    return rows.filter(OPEN, expected_close__lt=access.today())


def live(access: Access) -> QuerySet[Any]:
    """The deals that a person may see, without archived ones."""
    return Deal.objects.visible_to(access).filter(archived_at=None)  # type: ignore[no-any-return]
