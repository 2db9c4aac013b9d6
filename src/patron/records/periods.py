"""Named stretches of days for filters: half-open, in the person's calendar."""

import datetime

from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from patron.kernel.parsing import Invalid

PERIODS = {
    "today": _("today"),
    "yesterday": _("yesterday"),
    "tomorrow": _("tomorrow"),
    "this_week": _("this week"),
    "last_week": _("last week"),
    "next_week": _("next week"),
    "this_month": _("this month"),
    "last_month": _("last month"),
    "next_month": _("next month"),
    "this_quarter": _("this quarter"),
    "last_quarter": _("last quarter"),
    "next_quarter": _("next quarter"),
    "this_year": _("this year"),
    "last_year": _("last year"),
    "this_fiscal_year": _("this fiscal year"),
    "last_7_days": _("the last 7 days"),
    "last_30_days": _("the last 30 days"),
    "last_90_days": _("the last 90 days"),
    "last_365_days": _("the last 365 days"),
    "next_7_days": _("the next 7 days"),
    "next_30_days": _("the next 30 days"),
    "next_90_days": _("the next 90 days"),
    "past": _("the past"),
    "future": _("the future"),
    "over_30_days_ago": _("over 30 days ago"),
    "over_90_days_ago": _("over 90 days ago"),
}
Span = tuple[datetime.date | None, datetime.date | None]


def months_on(day: datetime.date, months: int) -> datetime.date:
    """The first of the month that lies `months` after the day's own."""
    index = day.year * 12 + day.month - 1 + months
    return datetime.date(index // 12, index % 12 + 1, 1)


def span(name: str, today: datetime.date, *, fiscal_month: int = 1) -> Span:
    """[start, end) of a named period; an open side is None. "last n days" ends with today, "next n days" begins with it."""
    if name not in PERIODS:
        raise Invalid(gettext_now("Choose a period from the list."))
    day = datetime.timedelta(days=1)
    which, _rest, unit = name.partition("_")
    offset = {"this": 0, "last": -1, "next": 1}.get(which, 0)
    if unit.endswith("days"):
        days = int(unit.split("_")[0]) * day
        return (today - days + day, today + day) if which == "last" else (today, today + days)
    if unit == "week":
        monday = today - today.weekday() * day + offset * 7 * day
        return monday, monday + 7 * day
    steps = {"month": (1, today), "quarter": (3, months_on(today, -((today.month - 1) % 3))), "year": (12, today.replace(month=1, day=1))}
    if unit == "fiscal_year":
        steps[unit] = (12, months_on(today, -((today.month - fiscal_month) % 12)))
    if unit in steps:
        months, anchor = steps[unit]
        return months_on(anchor, offset * months), months_on(anchor, (offset + 1) * months)
    single = {"today": today, "yesterday": today - day, "tomorrow": today + day}
    if name in single:
        return single[name], single[name] + day
    if which == "over":
        return None, today - int(name.split("_")[1]) * day
    return (None, today) if name == "past" else (today + day, None)
