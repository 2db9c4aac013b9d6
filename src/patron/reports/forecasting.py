"""The forecast by month (D1) as a report: its figures are those of `sales.domain.forecast`, the same that the home page shows."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from patron.records import filters, periods
from patron.records.kinds import View
from patron.records.record_type import RecordType
from patron.reports.definition import BadReport, Definition, Measure
from patron.reports.enums import Bucket
from patron.reports.keys import Key, bucket_label
from patron.reports.result import Line, Result
from patron.reports.run import method
from patron.reports.sums import Column
from patron.sales.domain import forecast as figures
from patron.sales.enums import ForecastCategory

BACK = 3
AHEAD = 6
_OPEN = ["outcome", "is", ["open"]]
_WON = ["outcome", "is", ["won", "partially_won"]]
_SINGLE = (ForecastCategory.PIPELINE, ForecastCategory.BEST, ForecastCategory.COMMIT, ForecastCategory.OMITTED)


@method("forecast")
def forecast(definition: Definition, record_type: RecordType, rows: QuerySet[Any], view: View) -> Result:
    """Months with what is won and what is open by category; overdue and undated deals stand apart and are in no month and no total."""
    hidden = {"expected_close", "base_amount", "weighted", "outcome", "closed_on", "won_base", "forecast_category", "stage"} - set(record_type.visible_fields(view.access))
    if definition.type_key != "deals" or hidden:
        raise BadReport(_("Your role hides what this report adds up."))
    today = view.access.today()
    start, end = periods.months_on(today, -BACK), periods.months_on(today, definition.top or AHEAD)
    found = figures.forecast(rows, start=start, end=end, today=today)
    columns = _columns(str(view.access.workspace.currency))
    key = Key(filters.resolve(record_type, "expected_close", view), Bucket.MONTH)
    lines = [_month(month, today, view) for month in found.months if month.month]
    whole = figures.Month(None)
    for month in found.months:
        for name in ("pipeline", "best", "commit", "omitted", "weighted", "closed", "deals"):
            setattr(whole, name, getattr(whole, name) + getattr(month, name))
    total = Line((), (_("In these months"),), _values(whole), wheres=_wheres([max(start, today), end - _DAY], [start, end - _DAY]), kind="total")
    apart = []
    if found.overdue.deals:
        apart.append(Line((None,), (_("Overdue"),), _values(found.overdue), wheres=_apart(["expected_close", "before", today.isoformat()]), kind="apart"))
    if found.undated.deals:
        apart.append(Line((None,), (_("No close date"),), _values(found.undated), wheres=_apart(["expected_close", "empty"]), kind="apart"))
    notes = [_("Best case and likely contain what other columns show: they are never added to them. Overdue deals are in no month.")]
    return Result(definition, record_type, [key], columns, [*apart, *lines], [*apart, *lines], [], total, view, notes, heads=[_("Month")], charted=("closed", "weighted"))


_DAY = datetime.timedelta(days=1)


def _columns(currency: str) -> list[Column]:
    words = {
        "closed": _("Won"), "commit": _("Commit"), "best": _("Best case only"), "pipeline": _("Pipeline"), "omitted": _("Omitted"),
        "weighted": _("Weighted"), "best_case": _("Best case (won, commit and best)"), "likely": _("Likely (won and weighted)"),
    }  # fmt: skip
    money = [Column(n, Measure(n), word, "money", currency) for n, word in words.items()]
    return [*money, Column("deals", Measure("deals"), _("Deals"), "integer")]


def _values(month: figures.Month) -> dict[str, Any]:
    return {n: getattr(month, n) for n in ("closed", "commit", "best", "pipeline", "omitted", "weighted", "best_case", "likely", "deals")}


def _month(month: figures.Month, today: datetime.date, view: View) -> Line:
    assert month.month is not None
    last = periods.months_on(month.month, 1) - _DAY
    wheres = _wheres([max(month.month, today), last], [month.month, last])
    return Line((month.month,), (bucket_label(Bucket.MONTH, month.month, view),), _values(month), wheres=wheres, places=((0, month.month),))


def _wheres(ahead: list[datetime.date], whole: list[datetime.date]) -> dict[str, Any]:
    """The deals behind each column: won ones by the day they closed, open ones by the day they are expected to, from today on."""
    won = {"and": [_WON, ["closed_on", "between", [d.isoformat() for d in whole]]]}
    due = ["expected_close", "between", [d.isoformat() for d in ahead]]
    found = _open(due)
    found["closed"] = won
    found["best_case"] = {"or": [won, {"and": [_OPEN, due, {"or": [_category(ForecastCategory.COMMIT), _category(ForecastCategory.BEST)]}]}]}
    found["likely"] = {"or": [won, found["weighted"]]}
    found["deals"] = {"or": [won, {"and": [_OPEN, due]}]}
    return found


def _open(due: Any) -> dict[str, Any]:
    found: dict[str, Any] = {str(c): {"and": [_OPEN, due, _category(c)]} for c in _SINGLE}
    found["weighted"] = {"and": [_OPEN, due, {"not": _category(ForecastCategory.OMITTED)}]}
    return found


def _apart(due: Any) -> dict[str, Any]:
    found = _open(due)
    both = {"and": [_OPEN, due, {"or": [_category(ForecastCategory.COMMIT), _category(ForecastCategory.BEST)]}]}
    return {**found, "best_case": both, "likely": found["weighted"], "closed": {"and": [_OPEN, _WON]}, "deals": {"and": [_OPEN, due]}}


def _category(category: str) -> dict[str, Any]:
    """Deals that count in a category: by their own, else by their stage's; what is in no other counts as pipeline."""
    if category == ForecastCategory.PIPELINE:
        return {"not": {"or": [_category(c) for c in _SINGLE[1:]]}}
    word = str(category)
    return {"or": [["forecast_category", "is", [word]], {"and": [["forecast_category", "empty"], ["stage.forecast_category", "is", [word]]]}]}
