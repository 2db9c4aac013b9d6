"""Dates: calendar days without a time zone. A date stays the date that is written."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime, timedelta

from patron.kernel.parsing.base import Invalid, ParseContext, is_blank, shown
from patron.kernel.parsing.calendar_words import FILLERS, RELATIVE, months, plain, weekdays
from patron.kernel.text import _, fold

#: Two-digit years are read as the year from 79 before to 20 after the current one.
_YEARS_AHEAD = 20
#: Characters in a date, with its time; longer text is none.
LONGEST = 100

_THREE = re.compile(r"(\d{1,4})\s*[./\- ]\s*(\d{1,2})\s*[./\- ]\s*(\d{1,5})\.?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_SHIFT = re.compile(r"([+-])\s*(\d{1,4})\s*([dwmy]?)", re.ASCII | re.I)
_SERIAL = re.compile(r"[1-9]\d{4}(?:\.\d+)?", re.ASCII)
_TIMED = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)\s*(Z|UTC|[+-]\d{2}:?\d{2})?", re.ASCII
)
_CLOCK = re.compile(r",?\s\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[ap]\.?m\.?)?", re.ASCII | re.I)
_FOREIGN = str.maketrans({"年": "-", "月": "-", "日": " ", "년": "-", "월": "-", "일": " ", "\u200e": "", "\u200f": ""})
_WORDS = re.compile(r"\d+|[^\W\d_]+(?:['’][^\W\d_]+)*")
_ORDINAL = frozenset(("st", "nd", "rd", "th", "er", "º", "ª", "e", "o", "a"))


def date_(s: str, ctx: ParseContext) -> date:
    """The day written in `s`.

    ISO ("2026-11-05") always wins; other figures are read in `ctx.date_order`; months may be words of a dozen
    languages; "today", "tomorrow", "+7", "+2w", "-1m" count from `ctx.today`. A time of day without a zone is left out.
    Raises `Invalid`, with the reason, for days that do not exist, for two-digit years with more than one reading, for
    spreadsheet day numbers and for instants that fall on another day in the person's zone.
    """
    if len(s) == 10 and s[4] == "-" and s[7] == "-":
        try:
            if s >= "1000":
                return date.fromisoformat(s)
        except ValueError:
            pass
    text = _spaced(s)
    match = _THREE.match(text)
    if match and (match.end() == len(text) or _CLOCK.fullmatch(text, match.end())):
        return _from_figures(match[1], match[2], match[3], ctx, s)
    return _from_others(text, ctx, s)


def _spaced(s: str) -> str:
    if is_blank(s):
        raise Invalid(_("Enter a date, such as 2026-11-05."))
    if len(s) > LONGEST:
        raise Invalid(_no_date(s))
    if not s.isascii():
        s = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in s.translate(_FOREIGN))
    return " ".join(s.replace("\x00", "").split())


def _from_others(text: str, ctx: ParseContext, s: str) -> date:
    if match := _COMPACT.fullmatch(text):
        return made(int(match[1]), int(match[2]), int(match[3]), s)
    if match := _TIMED.fullmatch(text):
        return _from_instant(match[1], match[2], match[3], ctx, s)
    if match := _SHIFT.fullmatch(text):
        return _shifted(ctx.today, int(match[1] + match[2]), match[3].lower() or "d", s)
    days = RELATIVE.get(fold(text).replace("’", "'"))
    if days is not None:
        return ctx.today + timedelta(days=days)
    if _SERIAL.fullmatch(text):
        message = _("“%s” looks like a spreadsheet's day number. Format the column as dates, or enter 2026-11-05.")
        raise Invalid(message % shown(s))
    return _from_words(text, ctx, s)


def _from_figures(a: str, b: str, c: str, ctx: ParseContext, s: str) -> date:
    """Three figures. Four digits first are a year; otherwise the context's order tells."""
    first, second, third = int(a), int(b), int(c)
    if len(a) == 4:
        if len(c) > 2:
            raise Invalid(_no_date(s))
        return made(first, second, third, s)
    if len(a) > 2 or len(c) not in (2, 4):
        message = _("“%s” is not a date: write the year with four digits, such as 2026-11-05.")
        raise Invalid(message % shown(s))
    if ctx.date_order == "YMD":
        if len(c) == 2 and ctx.order_chosen:
            return made(_century(first, ctx), second, third, s)
        if len(c) == 4 and (first > 12) != (second > 12):
            return made(third, *((second, first) if first > 12 else (first, second)), s)
        raise Invalid(
            _("“%s” can be read in more than one way. Write it as year-month-day, such as 2026-11-05.") % shown(s)
        )
    if len(c) == 2 and not ctx.order_chosen and max(first, second, third) <= 12:
        raise Invalid(_("“%s” can be read in more than one way. Write the year with four digits.") % shown(s))
    year = third if len(c) == 4 else _century(third, ctx)
    day, month = (first, second) if ctx.date_order == "DMY" else (second, first)
    if month > 12 >= day:
        raise _wrong_order(year, month, day, ctx, s)
    return made(year, month, day, s)


def _wrong_order(year: int, month: int, day: int, ctx: ParseContext, s: str) -> Invalid:
    """The refusal of a date that only the other order of day and month would make possible."""
    order = _("day, month, year") if ctx.date_order == "DMY" else _("month, day, year")
    iso = made(year, day, month, s).isoformat()
    message = _("“%(text)s” is read as %(order)s, and there is no month %(month)d. Write it as %(iso)s.")
    return Invalid(message % {"text": shown(s), "order": order, "month": month, "iso": iso}, suggestion=iso)


def _from_instant(day: str, time: str, offset: str | None, ctx: ParseContext, s: str) -> date:
    """The date of a written instant. Midnight with a zone is how systems write dates; other instants must agree."""
    written = made(int(day[:4]), int(day[5:7]), int(day[8:]), s)
    if offset is None or not time.strip("0:.,"):
        return written
    try:
        there = datetime.fromisoformat(f"{day}T{time}{offset.replace('UTC', 'Z')}").astimezone(ctx.zone).date()
    except (ValueError, OverflowError) as problem:
        raise Invalid(_no_date(s)) from problem
    if there != written:
        message = _("“%s” is an instant that falls on another day in your time zone. Enter the date alone.")
        raise Invalid(message % shown(s))
    return written


def _from_words(text: str, ctx: ParseContext, s: str) -> date:
    """A date with its month as a word: "20 Oct 2016", "October 20th, 2016", "jeudi 20 octobre 2016"."""
    figures: list[str] = []
    month: int | None = None
    place = 0
    for word in _WORDS.findall(text):
        if word.isdecimal():
            figures.append(word)
            continue
        found = months(ctx.locale).get(plain(word))
        if found and month is None:
            month, place = found, len(figures)
        elif (
            plain(word) not in weekdays(ctx.locale)
            and plain(word) not in FILLERS
            and not (figures and word.casefold() in _ORDINAL)
        ):
            raise Invalid(_no_date(s))
    if month is None or len(figures) not in (1, 2) or any(len(figure) not in (1, 2, 4) for figure in figures):
        raise Invalid(_no_date(s))
    if len(figures) == 1:
        raise Invalid(_("“%s” lacks the day or the year. Enter the whole date, such as 2026-11-05.") % shown(s))
    year, day = (figures[0], figures[1]) if len(figures[0]) == 4 and place else (figures[1], figures[0])
    if len(day) > 2 or len(year) == 1:
        raise Invalid(_no_date(s))
    return made(int(year) if len(year) == 4 else _century(int(year), ctx), month, int(day), s)


def made(year: int, month: int, day: int, s: str) -> date:
    """The date of these numbers, or `Invalid` with what is wrong with them."""
    if not 1000 <= year <= 9999:
        raise Invalid(_("“%s” is not a date: write the year with four digits, such as 2026-11-05.") % shown(s))
    try:
        return date(year, month, day)
    except ValueError:
        pass
    if not 1 <= month <= 12:
        raise Invalid(_("“%(text)s” is not a date: there is no month %(month)d.") % {"text": shown(s), "month": month})
    last = monthrange(year, month)[1]
    message = _("“%(text)s” is not a date: %(year)d-%(month)02d has %(last)d days.")
    raise Invalid(message % {"text": shown(s), "year": year, "month": month, "last": last})


def _century(year: int, ctx: ParseContext) -> int:
    """The full year of a two-digit one, from 79 years before to 20 years after the current year."""
    latest = ctx.today.year + _YEARS_AHEAD
    return latest - (latest - year) % 100


def _shifted(today: date, count: int, unit: str, s: str) -> date:
    """`count` days, weeks, months or years from `today`; the last day of a month that is too short."""
    try:
        if unit in "dw":
            return today + timedelta(days=count * (7 if unit == "w" else 1))
        year, month = divmod(today.year * 12 + today.month - 1 + count * (12 if unit == "y" else 1), 12)
        return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError) as problem:
        raise Invalid(_no_date(s)) from problem


def _no_date(s: str) -> str:
    return _("“%s” is not a date. Enter it as year-month-day, such as 2026-11-05.") % shown(s)
