"""Calendar rules of tasks: when a series comes round again, and what "the same time" means on another day."""

import calendar
import datetime
from zoneinfo import ZoneInfo

from patron.collab.enums import Recurrence

MONTHS = {Recurrence.MONTHLY: 1, Recurrence.YEARLY: 12}
DAYS = {Recurrence.DAILY: 1, Recurrence.WEEKLY: 7}


def occurrence(anchor: datetime.date, unit: str, every: int, number: int) -> datetime.date:
    """The `number`-th day of a series after its anchor (0 is the anchor itself).

    Months are counted from the anchor, never from the day before: 31 January gives 28 February, then 31 March; 29 February gives
    28 February in common years and the 29th again in the next leap year. Raises OverflowError beyond the year 9999.
    """
    if unit in DAYS:
        return anchor + datetime.timedelta(days=DAYS[Recurrence(unit)] * every * number)
    index = anchor.year * 12 + anchor.month - 1 + MONTHS[Recurrence(unit)] * every * number
    year, month = index // 12, index % 12 + 1
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        raise OverflowError("the calendar ends with the year 9999")
    return datetime.date(year, month, min(anchor.day, calendar.monthrange(year, month)[1]))


def next_day(anchor: datetime.date, unit: str, every: int, after: datetime.date, until: datetime.date | None = None) -> datetime.date | None:
    """The first day of the series that lies after `after`; None where the series does not repeat or has ended by `until` (included)."""
    if unit == Recurrence.NONE:
        return None
    number = max(0, _about(anchor, unit, every, after) - 1)
    try:
        while (day := occurrence(anchor, unit, every, number)) <= after:
            number += 1
    except OverflowError:
        return None
    return day if until is None or day <= until else None


def _about(anchor: datetime.date, unit: str, every: int, after: datetime.date) -> int:
    """A number of occurrences that certainly does not overshoot `after` by more than one."""
    if unit in DAYS:
        return (after - anchor).days // (DAYS[Recurrence(unit)] * every)
    months = (after.year - anchor.year) * 12 + after.month - anchor.month
    return months // (MONTHS[Recurrence(unit)] * every)


def next_due(
    anchor: datetime.date, unit: str, every: int, *, due: datetime.date, today: datetime.date, until: datetime.date | None = None
) -> datetime.date | None:
    """When a task of a series is due again once it was completed: after its own day and not before today, so that missed days are not piled up."""
    return next_day(anchor, unit, every, max(due, today - datetime.timedelta(days=1)), until)


def same_time_on(day: datetime.date, moment: datetime.datetime, zone: ZoneInfo) -> datetime.datetime:
    """The instant that shows the clock time of `moment` on another day of `zone`, in UTC.

    09:00 stays 09:00 when clocks change. A time that clocks skip moves forward by what they skip; one that happens twice is the first.
    """
    clock = moment.astimezone(zone).time().replace(fold=0)
    return datetime.datetime.combine(day, clock, tzinfo=zone).astimezone(datetime.UTC)


def end_of(day: datetime.date, zone: ZoneInfo) -> datetime.datetime:
    """The last second of a day, in UTC: the instant by which something due that day is done in time."""
    midnight = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), tzinfo=zone)
    return midnight.astimezone(datetime.UTC) - datetime.timedelta(seconds=1)


def moved(moment: datetime.datetime, *, of: datetime.date, to: datetime.date, zone: ZoneInfo) -> datetime.datetime:
    """An instant that belongs to a task due on `of`, carried along when the task moves `to` another day: the same number of days before or
    after it, at the same clock time."""
    day = moment.astimezone(zone).date()
    return same_time_on(to + (day - of), moment, zone)
