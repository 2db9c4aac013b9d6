"""The calendar of series, and clock times across changes of the clock."""

from __future__ import annotations

import calendar
import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.collab import rules
from patron.collab.enums import Recurrence

day = datetime.date.fromisoformat
BERLIN = ZoneInfo("Europe/Berlin")
UNITS = [Recurrence.DAILY, Recurrence.WEEKLY, Recurrence.MONTHLY, Recurrence.YEARLY]
days = st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 12, 31))
series = st.tuples(days, st.sampled_from(UNITS), st.integers(1, 40))


def instant(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


def test_monthly_from_the_31st_takes_the_last_day_and_comes_back() -> None:
    found = [rules.occurrence(day("2026-01-31"), Recurrence.MONTHLY, 1, n) for n in range(6)]
    assert [str(d) for d in found] == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]


def test_yearly_from_the_leap_day_comes_back_to_it() -> None:
    found = [rules.occurrence(day("2024-02-29"), Recurrence.YEARLY, 1, n) for n in range(5)]
    assert [str(d) for d in found] == ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]


@given(series, st.integers(0, 200))
def test_occurrences_rise_and_keep_the_anchor_day(given_series: tuple[datetime.date, str, int], number: int) -> None:
    anchor, unit, every = given_series
    one, next_one = (rules.occurrence(anchor, unit, every, n) for n in (number, number + 1))
    assert one < next_one
    if unit in rules.MONTHS:
        assert one.day == min(anchor.day, calendar.monthrange(one.year, one.month)[1])
    else:
        assert (one - anchor).days == rules.DAYS[Recurrence(unit)] * every * number


@given(series, days)
def test_next_day_is_the_first_of_the_series_after_a_day(given_series: tuple[datetime.date, str, int], after: datetime.date) -> None:
    anchor, unit, every = given_series
    found = rules.next_day(anchor, unit, every, after)
    assert found is not None
    assert found > after
    number = next(n for n in range(40_000) if rules.occurrence(anchor, unit, every, n) == found)
    assert number == 0 or rules.occurrence(anchor, unit, every, number - 1) <= after


@given(series, days, days)
def test_next_day_never_passes_the_end(given_series: tuple[datetime.date, str, int], after: datetime.date, until: datetime.date) -> None:
    anchor, unit, every = given_series
    bounded, free = (rules.next_day(anchor, unit, every, after, end) for end in (until, None))
    assert bounded == (free if free is not None and free <= until else None)


@given(series, st.integers(0, 30), st.integers(-400, 400))
def test_next_due_lies_after_the_task_and_not_in_the_past(given_series: tuple[datetime.date, str, int], number: int, late: int) -> None:
    anchor, unit, every = given_series
    due = rules.occurrence(anchor, unit, every, number)
    today = due + datetime.timedelta(days=late)
    found = rules.next_due(anchor, unit, every, due=due, today=today)
    assert found is not None
    assert found > due
    assert found >= today


def test_what_does_not_repeat_has_no_next() -> None:
    assert rules.next_day(day("2026-01-31"), Recurrence.NONE, 1, day("2026-02-01")) is None


def test_the_calendar_ends_without_an_error() -> None:
    assert rules.next_day(day("9999-12-01"), Recurrence.MONTHLY, 1, day("9999-12-31")) is None
    assert rules.next_day(day("9999-12-01"), Recurrence.DAILY, 300, day("9999-12-31")) is None


def test_same_time_keeps_the_clock_across_the_change_to_summer_time() -> None:
    winter = instant("2026-03-28T08:00")  # 09:00 in Berlin
    assert rules.same_time_on(day("2026-03-29"), winter, BERLIN) == instant("2026-03-29T07:00")


def test_a_time_that_clocks_skip_moves_forward() -> None:
    assert rules.same_time_on(day("2026-03-29"), instant("2026-03-28T01:30"), BERLIN) == instant("2026-03-29T01:30")  # 02:30 is 03:30 that day


def test_a_time_that_happens_twice_is_the_first() -> None:
    assert rules.same_time_on(day("2026-10-25"), instant("2026-10-24T00:30"), BERLIN) == instant("2026-10-25T00:30")


@given(days, days, st.times(), st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]))
def test_same_time_shows_the_same_clock_unless_it_is_skipped(one: datetime.date, other: datetime.date, clock: datetime.time, name: str) -> None:
    zone = ZoneInfo(name)
    start = datetime.datetime.combine(one, clock, tzinfo=zone).astimezone(datetime.UTC)
    shown = start.astimezone(zone).time()
    found = rules.same_time_on(other, start, zone).astimezone(zone)
    skipped = datetime.datetime.combine(other, shown, tzinfo=zone).astimezone(datetime.UTC).astimezone(zone).time() != shown
    assert skipped or (found.date() == other and found.time() == shown)


@pytest.mark.parametrize(
    ("on", "end"), [("2026-03-29", "2026-03-29T21:59:59"), ("2026-10-25", "2026-10-25T22:59:59"), ("2026-12-31", "2026-12-31T22:59:59")]
)
def test_the_end_of_a_day_is_its_last_second(on: str, end: str) -> None:
    assert rules.end_of(day(on), BERLIN) == instant(end)


def test_a_reminder_stays_as_many_days_before() -> None:
    evening_before = instant("2026-03-27T17:00")  # 18:00 the day before
    found = rules.moved(evening_before, of=day("2026-03-28"), to=day("2026-04-04"), zone=BERLIN)
    assert found == instant("2026-04-03T16:00")
