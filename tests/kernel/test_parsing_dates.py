"""Dates and instants: a date is the day that is written, an instant is one moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date, format_datetime
from hypothesis import given
from hypothesis import strategies as st

from patron.kernel.parsing import Invalid, ParseContext, date_, datetime_

TODAY = date(2026, 11, 5)
BERLIN = ZoneInfo("Europe/Berlin")
EN = ParseContext("en", zone=BERLIN, today=TODAY)
DE = ParseContext("de", zone=BERLIN, today=TODAY)
MDY = ParseContext("en", zone=BERLIN, today=TODAY, date_order="MDY")
LOCALES = ["en", "en_GB", "de", "fr", "es", "it", "pl", "sv", "nb", "pt_BR", "nl", "cs", "ja"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2016-10-20", date(2016, 10, 20)),
        ("2016/10/20", date(2016, 10, 20)),
        ("20161020", date(2016, 10, 20)),
        ("10/20/2016", date(2016, 10, 20)),
        ("3/1/2017", date(2017, 3, 1)),
        ("3/1/17", date(2017, 3, 1)),
        ("3/1/99", date(1999, 3, 1)),
        ("10/20/2016 0:00", date(2016, 10, 20)),
        ("10/20/2016 2:30 PM", date(2016, 10, 20)),
        ("2016-10-20 00:00:00", date(2016, 10, 20)),
        ("2016-10-20T14:30", date(2016, 10, 20)),
        ("2016-10-20T00:00:00Z", date(2016, 10, 20)),
        ("20 Oct 2016", date(2016, 10, 20)),
        ("Oct 20th, 2016", date(2016, 10, 20)),
        ("Thu, 20 Oct 2016", date(2016, 10, 20)),
        ("20-Oct-16", date(2016, 10, 20)),
        ("20. Oktober 2016", date(2016, 10, 20)),
        ("jeudi 20 octobre 2016", date(2016, 10, 20)),
        ("le 1er mai 2020", date(2020, 5, 1)),
        ("20 de octubre de 2016", date(2016, 10, 20)),
        ("2016年10月20日", date(2016, 10, 20)),
        ("today", TODAY),
        ("tomorrow", TODAY + timedelta(days=1)),
        ("gestern", TODAY - timedelta(days=1)),
        ("mañana", TODAY + timedelta(days=1)),
        ("+7", TODAY + timedelta(days=7)),
        ("+2w", TODAY + timedelta(days=14)),
        ("-1m", date(2026, 10, 5)),
        ("+1y", date(2027, 11, 5)),
    ],
)
def test_date_reads(text: str, day: date) -> None:
    assert date_(text, EN) == day


def test_date_order_is_the_contexts() -> None:
    assert date_("3/1/2017", DE) == date(2017, 1, 3)
    assert date_("3.1.2017", EN) == date(2017, 3, 1)
    assert date_("01/02/03", MDY) == date(2003, 1, 2)


def test_months_shift_to_the_last_day_of_a_shorter_month() -> None:
    assert date_("+1m", ParseContext(today=date(2026, 1, 31))) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("20/10/2016", "read as month, day, year, and there is no month 20. Write it as 2016-10-20"),
        ("2026-02-30", "2026-02 has 28 days"),
        ("31 April 2020", "2020-04 has 30 days"),
        ("2020-13-01", "there is no month 13"),
        ("01/02/03", "more than one way"),
        ("October 2016", "lacks the day or the year"),
        ("42663", "spreadsheet's day number"),
        ("0202-01-01", "four digits"),
        ("1/2/202", "four digits"),
        ("2016-10-20T22:30:00Z", "falls on another day in your time zone"),
        ("abc", "Enter it as year-month-day"),
        ("12", "Enter it as year-month-day"),
        ("+9999y", "not a date"),
        ("", "Enter a date"),
    ],
)
def test_date_refuses_with_the_reason(text: str, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        date_(text, EN)
    assert words in caught.value.message


def test_date_in_the_other_order_is_suggested() -> None:
    with pytest.raises(Invalid) as caught:
        date_("20/10/2016", EN)
    assert caught.value.suggestion == "2016-10-20"


DAYS = st.dates(date(1950, 1, 1), date(2045, 12, 31))


@given(DAYS, st.sampled_from(LOCALES), st.sampled_from(["medium", "long", "full"]))
def test_date_reads_back_what_each_locale_writes(day: date, locale: str, width: str) -> None:
    if (locale, width) == ("ja", "full"):
        width = "long"
    written = format_date(day, width, locale=locale)
    assert date_(written, ParseContext(locale, today=TODAY)) == day


@given(DAYS, st.sampled_from(LOCALES))
def test_date_reads_back_short_forms_when_the_order_is_certain(day: date, locale: str) -> None:
    ctx = ParseContext(locale, today=TODAY, order_chosen=True)
    written = format_date(day, "short", locale=locale)
    expected = day if str(day.year) in written else day.replace(year=_near(day.year))
    assert date_(written, ctx) == expected


def _near(year: int) -> int:
    return next(y for y in range(TODAY.year - 79, TODAY.year + 21) if y % 100 == year % 100)


@given(st.dates())
def test_date_iso_always_wins(day: date) -> None:
    for ctx in (EN, DE, MDY):
        if day.year >= 1000:
            assert date_(day.isoformat(), ctx) == day


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-05 14:30", datetime(2026, 11, 5, 13, 30, tzinfo=UTC)),
        ("2026-11-05T14:30:00Z", datetime(2026, 11, 5, 14, 30, tzinfo=UTC)),
        ("2026-11-05 14:30 +0200", datetime(2026, 11, 5, 12, 30, tzinfo=UTC)),
        ("10/20/2016 2:30 PM", datetime(2016, 10, 20, 12, 30, tzinfo=UTC)),
        ("10/20/16, 2:30\u202fPM", datetime(2016, 10, 20, 12, 30, tzinfo=UTC)),
        ("10/20/2016 12:00 AM", datetime(2016, 10, 19, 22, 0, tzinfo=UTC)),
        ("20. Oktober 2016 um 14:30 Uhr", datetime(2016, 10, 20, 12, 30, tzinfo=UTC)),
        ("Thu, 20 Oct 2016 14:30:00 GMT", datetime(2016, 10, 20, 14, 30, tzinfo=UTC)),
        ("today 14h30", datetime(2026, 11, 5, 13, 30, tzinfo=UTC)),
        ("tomorrow at 9am", datetime(2026, 11, 6, 8, 0, tzinfo=UTC)),
        ("2026-11-05", datetime(2026, 11, 4, 23, 0, tzinfo=UTC)),
        ("2026-10-25 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_datetime_reads(text: str, moment: datetime) -> None:
    assert datetime_(text, EN) == moment
    assert datetime_(text, EN).tzinfo is UTC


def test_datetime_explains_the_hour_that_clocks_skip() -> None:
    with pytest.raises(Invalid) as caught:
        datetime_("2026-03-29 02:30", EN)
    assert caught.value.message == (
        "There is no 02:30 on 2026-03-29 in Europe/Berlin: the clocks go forward. Enter 01:30 or 03:30."
    )


@pytest.mark.parametrize(
    "text", ["2016-10-20 25:00", "10/20/2016 13:30 PM", "9999-12-31 23:59-10:00", "", "soon", "0001-01-01 00:00"]
)
def test_datetime_refuses(text: str) -> None:
    with pytest.raises(Invalid):
        datetime_(text, EN)


MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2040, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC", "Australia/Lord_Howe"]))
def test_datetime_reads_back_iso_with_offset_exactly(moment: datetime, zone: str) -> None:
    ctx = ParseContext("en", zone=ZoneInfo(zone), today=TODAY)
    local = moment.astimezone(ctx.zone)
    assert datetime_(local.isoformat(sep=" "), ctx) == moment
    if local.fold == 0:
        assert datetime_(local.replace(tzinfo=None).isoformat(), ctx) == moment


@given(MOMENTS, st.sampled_from(["en", "de", "fr", "es", "it", "sv", "pl"]))
def test_datetime_reads_back_what_each_locale_writes(moment: datetime, locale: str) -> None:
    moment = moment.replace(second=0, microsecond=0)
    written = format_datetime(moment, "medium", tzinfo=UTC, locale=locale)
    assert datetime_(written, ParseContext(locale, today=TODAY)) == moment


@given(st.text(alphabet="0123456789/.-: TZ+apmOctMaio,", max_size=24))
def test_dates_are_read_or_refused(text: str) -> None:
    for ctx in (EN, DE):
        for parse in (date_, datetime_):
            assert _outcome(parse, text, ctx)


def _outcome(parse: Callable[[str, ParseContext], date], text: str, ctx: ParseContext) -> object:
    """The value, or the words of the refusal; anything else but a refusal fails the test."""
    try:
        return parse(text, ctx)
    except Invalid as problem:
        return problem.message
