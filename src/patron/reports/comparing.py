"""A report beside another stretch of time: which stretch, and which of its groups stands beside which.

The period of a report is that of its filter: the first condition at its top that bounds a date on both sides. Periods go by the calendar: the one before
a quarter is the quarter before, whatever its number of days. A report without such a condition, but grouped by a date, is compared group by group.
Days are those of the reader's zone and weeks begin on Monday, as everywhere in filters and groups, so that each figure is the length of the list behind it.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from patron.records import filters, periods
from patron.records.kinds import View, kind_of
from patron.records.kinds.plain import Day
from patron.records.record_type import RecordType
from patron.reports import keys
from patron.reports.definition import BadReport, Definition
from patron.reports.enums import Bucket, Compare
from patron.reports.keys import Key

Span = tuple[datetime.date, datetime.date]
_DAY = datetime.timedelta(days=1)
_DATES = ("date", "datetime")


@dataclass(slots=True)
class Comparison:
    """`now` and `before` are half-open stretches of the field `name`, `filter` is the report's with the one put in place of the other.

    Where the report has no period, `now` is None: each group of a date is compared with an earlier one of the same report.
    """

    how: str
    filter: Any
    fiscal_month: int = 1
    name: str = ""
    now: Span | None = None
    before: Span | None = None
    buckets: dict[str, dict[datetime.date, datetime.date]] = field(default_factory=dict)

    def partner(self, chosen: Sequence[Key], values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """The group that stands beside a group; None where there is none."""
        if self.now is None:
            return _earlier(self.how, chosen, values)
        moved = [self._bucket(key, value) for key, value in zip(chosen, values, strict=True)]
        return None if any(m is _LOST for m in moved) else tuple(moved)

    def _bucket(self, key: Key, value: Any) -> Any:
        if not key.is_date or key.field.name != self.name or value is None:
            return value
        return self._paired(key.bucket).get(value, _LOST)

    def _paired(self, bucket: str) -> dict[datetime.date, datetime.date]:
        """The first bucket of the one stretch beside the first of the other, and so on; what the longer one has left has no partner."""
        if bucket not in self.buckets and self.now and self.before:
            self.buckets[bucket] = dict(zip(self.within(bucket, self.now), self.within(bucket, self.before), strict=False))
        return self.buckets[bucket]

    def within(self, bucket: str, inside: Span) -> list[datetime.date]:
        """The buckets of a stretch."""
        first, last = (keys.starts(bucket, day, self.fiscal_month) for day in (inside[0], inside[1] - _DAY))
        return keys.between(bucket, first, last)

    def back(self, chosen: Sequence[Key], values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """The group of the report that a group of the other stretch stands beside."""
        found = []
        for key, value in zip(chosen, values, strict=True):
            if key.is_date and key.field.name == self.name and value is not None:
                value = next((now for now, before in self._paired(key.bucket).items() if before == value), _LOST)
            found.append(value)
        return None if any(v is _LOST for v in found) else tuple(found)

    @property
    def heading(self) -> str:
        """What figures are compared with, in a heading."""
        return {Compare.YEAR: _("a year before"), Compare.CHOSEN: _("chosen period")}.get(Compare(self.how), _("period before"))

    def was(self, figure: str) -> str:
        """A figure of that time in a sentence."""
        words = {Compare.YEAR: _("%(figure)s a year before"), Compare.CHOSEN: _("%(figure)s in the chosen period")}
        return words.get(Compare(self.how), _("%(figure)s in the period before")) % {"figure": figure}

    def note(self, view: View) -> str:
        """The two stretches, in a sentence."""
        if self.now is None or self.before is None:
            return _("Each group is compared with the same one a year before.") if self.how == Compare.YEAR else _("Each group is compared with the one before it.")
        words = _("%(now)s, compared with %(before)s.") % {"now": stretch(self.now, view), "before": stretch(self.before, view)}
        running = self.now[0] <= view.access.today() < self.now[1] - _DAY
        return _("%(words)s The first is not over yet.") % {"words": words} if running else words


_LOST: Any = object()


def of(definition: Definition, record_type: RecordType, chosen: Sequence[Key], view: View) -> Comparison | None:
    """What a report is compared with; None where it is not. `BadReport` where it has no period, or too long a one for its groups."""
    if not definition.compare:
        return None
    nodes, fiscal_month = filters.only(definition.filter), int(view.access.workspace.fiscal_month)
    for place, node in enumerate(nodes):
        now = _span(record_type, node, view)
        if now is not None:
            before = _other(definition, now)
            beside = [node[0], "between", [before[0].isoformat(), (before[1] - _DAY).isoformat()]]
            found = Comparison(definition.compare, {"and": [*nodes[:place], beside, *nodes[place + 1 :]]}, fiscal_month, node[0], now, before)
            _check(found, chosen)
            return found
    if definition.compare == Compare.CHOSEN or not any(key.is_date for key in chosen):
        raise BadReport(_("To compare, filter by a period with two ends, such as “closed on is in this quarter”; or group by a date."))
    return Comparison(definition.compare, definition.filter, fiscal_month)


def _check(found: Comparison, chosen: Sequence[Key]) -> None:
    for key in chosen:
        if key.is_date and key.field.name == found.name and found.now and len(found.within(key.bucket, found.now)) >= keys.MOST_BUCKETS:
            raise BadReport(_("This period has too many groups to be compared: group it by month, or choose a shorter one."))


def _span(record_type: RecordType, node: Any, view: View) -> Span | None:
    """The days that a condition selects, where it is one on a date and bounds them on both sides."""
    if not isinstance(node, list) or len(node) != 3 or node[1] not in ("within", "between", "on") or node[0] in record_type.collections:
        return None
    if filters.retired(record_type, node[0]):
        return None
    named = filters.resolve(record_type, node[0], view)
    kind = kind_of(named.kind)
    if named.kind not in _DATES or not isinstance(kind, Day):
        return None
    start, end = kind.span(named, node[1], node[2], view)
    return (start, end) if start is not None and end is not None and start < end else None


def _other(definition: Definition, now: Span) -> Span:
    if definition.compare == Compare.CHOSEN:
        return datetime.date.fromisoformat(definition.compare_from), datetime.date.fromisoformat(definition.compare_to) + _DAY
    try:
        return year_before(now) if definition.compare == Compare.YEAR else previous(now)
    except (ValueError, OverflowError):
        raise BadReport(_("There are no days that early to compare with.")) from None


def previous(now: Span) -> Span:
    """The stretch that ends where this one begins: as many months where these are whole, else as many days."""
    start, end = now
    if start.day == end.day == 1:
        return periods.months_on(start, -_months(now)), start
    return start - (end - start), start


def year_before(now: Span) -> Span:
    """The same days of the year before; whole weeks go back 52 weeks, so that weekdays meet, and 29 February becomes the 28th."""
    start, end = now
    if start.day == end.day == 1:
        return periods.months_on(start, -12), periods.months_on(end, -12)
    if start.weekday() == 0 and (end - start).days % 7 == 0:
        return start - 364 * _DAY, end - 364 * _DAY
    return _year_back(start), _year_back(end - _DAY) + _DAY


def _year_back(day: datetime.date) -> datetime.date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def _months(now: Span) -> int:
    return (now[1].year - now[0].year) * 12 + now[1].month - now[0].month


def _earlier(how: str, chosen: Sequence[Key], values: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """The group with the earlier date in place of its own; with several dates in the first of them."""
    place = next((i for i, key in enumerate(chosen) if key.is_date), None)
    if place is None or values[place] is None:
        return None
    day, bucket = values[place], chosen[place].bucket
    return (*values[:place], _step(how, bucket, day), *values[place + 1 :])


def _step(how: str, bucket: str, day: datetime.date) -> datetime.date:
    months = keys.months_of(bucket)
    if months:
        return periods.months_on(day, -12 if how == Compare.YEAR else -months)
    if how == Compare.YEAR:
        return day - 364 * _DAY if bucket == Bucket.WEEK else _year_back(day)
    return day - (7 * _DAY if bucket == Bucket.WEEK else _DAY)


def stretch(inside: Span, view: View) -> str:
    """“1 Jul 2026 – 30 Sep 2026”."""
    first, last = inside[0], inside[1] - _DAY
    return view.fmt.date(first) if first == last else _("%(first)s – %(last)s") % {"first": view.fmt.date(first), "last": view.fmt.date(last)}
