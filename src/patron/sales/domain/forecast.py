"""The pipeline forecast (D1)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.db.models.functions import TruncMonth

from patron.sales.domain.queries import OPEN, WON, number
from patron.sales.enums import ForecastCategory

_ZERO = Decimal("0.00")


@dataclass(slots=True)
class Month:
    """One month. `pipeline`, `best`, `commit` and `omitted` are single categories and exclude each other; `weighted` leaves out what is omitted.

    `best_case` and `likely` nest (commit is in both) and are never added to the single ones (D1).
    """

    month: datetime.date | None
    pipeline: Decimal = _ZERO
    best: Decimal = _ZERO
    commit: Decimal = _ZERO
    omitted: Decimal = _ZERO
    weighted: Decimal = _ZERO
    closed: Decimal = _ZERO
    deals: int = 0

    @property
    def best_case(self) -> Decimal:
        """Commit and best, with what is won already."""
        return self.closed + self.commit + self.best

    @property
    def likely(self) -> Decimal:
        """What is won, and the rest by its probability."""
        return self.closed + self.weighted


@dataclass(frozen=True, slots=True)
class Forecast:
    """Months from `start` to before `end`, and apart from them the open deals whose close date has passed or is unknown."""

    months: list[Month]
    overdue: Month
    undated: Month


def forecast(rows: QuerySet[Any], *, start: datetime.date, end: datetime.date, today: datetime.date) -> Forecast:
    """Forecast `rows` (visible deals, or sums over them by day) for [start, end), in base currency at the deals' stored rates; two queries.

    Open deals count in the month of their expected close, won ones at their won amount in the month they closed, lost ones nowhere.
    """
    months = {day: Month(day) for day in _months(start, end)}
    overdue, undated = Month(None), Month(None)
    category = Case(When(forecast_category="", then=F("stage__forecast_category")), default=F("forecast_category"))
    waiting = rows.order_by().filter(OPEN).filter(Q(expected_close__isnull=True) | Q(expected_close__lt=end))
    late = Q(expected_close__lt=today)
    grouped = waiting.values(_month=TruncMonth("expected_close"), _late=Case(When(late, then=1), default=0), _category=category)
    for row in grouped.annotate(n=number(rows), base=Sum("base_amount"), sum_weighted=Sum("weighted")):
        place = overdue if row["_late"] else undated if row["_month"] is None else months.get(row["_month"])
        if place is not None:
            _add(place, row)
    won = rows.order_by().filter(WON, closed_on__gte=start, closed_on__lt=end).values(_month=TruncMonth("closed_on"))
    for row in won.annotate(n=number(rows), sum_won=Sum("won_base")):
        months[row["_month"]].closed += row["sum_won"] or _ZERO
        months[row["_month"]].deals += row["n"]
    return Forecast(list(months.values()), overdue, undated)


def _add(place: Month, row: dict[str, Any]) -> None:
    category = row["_category"] if row["_category"] in _SINGLE else ForecastCategory.PIPELINE
    setattr(place, category, getattr(place, category) + (row["base"] or _ZERO))
    place.deals += row["n"]
    if category != ForecastCategory.OMITTED:
        place.weighted += row["sum_weighted"] or _ZERO


_SINGLE = (ForecastCategory.PIPELINE, ForecastCategory.BEST, ForecastCategory.COMMIT, ForecastCategory.OMITTED)


def _months(start: datetime.date, end: datetime.date) -> list[datetime.date]:
    """The first days of the months that [start, end) touches."""
    index, found = start.year * 12 + start.month - 1, []
    while (day := datetime.date(index // 12, index % 12 + 1, 1)) < end:
        found.append(day)
        index += 1
    return found
