"""Instants: a day and a time in the person's zone, kept as UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from patron.kernel.parsing.base import Invalid, ParseContext, is_blank, shown
from patron.kernel.parsing.dates import LONGEST, date_
from patron.kernel.text import _, fold

_NOW = frozenset(("now", "jetzt", "maintenant", "ahora", "adesso", "agora", "nu", "teraz"))
_TIME = re.compile(
    r"(?P<day>.+?)(?:,\s*|\s+|T)(?:(?:at|um|a|à|alle|kl\.?|om)\s+)?(?:las\s+)?"
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<half>[ap]\.?\s?m\.?)?\s*(?P<clock>uhr|h)?\s*(?P<zone>Z|UTC|GMT|(?:UTC|GMT)?[+-]\d{2}:?\d{2})?",
    re.I | re.ASCII,
)


def datetime_(s: str, ctx: ParseContext) -> datetime:
    """The instant written in `s`, in UTC.

    A day as `date_` reads it, then a time ("14:30", "2.30 pm", "14h30", "14:30 Uhr") and an offset or Z; without one
    the time is in `ctx.zone`; without a time the day begins. Of a time that clocks repeat, the first is meant.
    Raises `Invalid` for a time that clocks skip when they go forward, naming the times around it.
    """
    if len(s) > 10 and s[4] == "-" and s[7] == "-":
        try:
            return _in_utc(datetime.fromisoformat(s), ctx.zone, s)
        except ValueError as problem:
            if isinstance(problem, Invalid):
                raise
    if is_blank(s):
        raise Invalid(_("Enter a date and time, such as 2026-11-05 14:30."))
    if len(s) > LONGEST:
        raise Invalid(_no_time(s))
    text = " ".join(s.replace("\x00", "").split())
    if fold(text) in _NOW:
        return datetime.now(UTC)
    match = _TIME.fullmatch(text)
    if match is None or not (match["minute"] or match["half"] or match["clock"]):
        return _in_utc(datetime.combine(date_(text, ctx), time()), ctx.zone, s)
    day = date_(match["day"], ctx)
    return _in_utc(datetime.combine(day, _time(match, s), _offset(match["zone"])), ctx.zone, s)


def _time(match: re.Match[str], s: str) -> time:
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise Invalid(_no_time(s))
        hour = hour % 12 + (12 if match["half"][0] in "pP" else 0)
    fraction = (match["fraction"] or "0")[:6].ljust(6, "0")
    try:
        return time(hour, int(match["minute"] or 0), int(match["second"] or 0), int(fraction))
    except ValueError as problem:
        raise Invalid(_no_time(s)) from problem


def _offset(zone: str | None) -> timezone | None:
    if not zone:
        return None
    digits = re.sub(r"[^0-9+-]", "", zone)
    if not digits:
        return UTC
    minutes = int(digits[1:3]) * 60 + int(digits[3:5])
    if minutes >= 24 * 60:
        raise Invalid(_("The offset from UTC must be less than a day, such as +01:00."))
    return timezone(timedelta(minutes=-minutes if digits[0] == "-" else minutes))


def _in_utc(moment: datetime, zone: ZoneInfo, s: str) -> datetime:
    if moment.year < 1000:
        raise Invalid(_("“%s” is not a date: write the year with four digits, such as 2026-11-05.") % shown(s))
    try:
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        found = moment.replace(tzinfo=zone).astimezone(UTC)
        if found.astimezone(zone).replace(tzinfo=None) != moment:
            raise Invalid(_skipped(moment, zone))
    except OverflowError as problem:
        raise Invalid(_no_time(s)) from problem
    return found


def _skipped(moment: datetime, zone: ZoneInfo) -> str:
    """Why a time in the hour that clocks skip cannot be meant, and the two that can."""
    later = moment.replace(tzinfo=zone, fold=0).astimezone(UTC).astimezone(zone)
    earlier = moment.replace(tzinfo=zone, fold=1).astimezone(UTC).astimezone(zone)
    message = _("There is no %(time)s on %(day)s in %(zone)s: the clocks go forward. Enter %(earlier)s or %(later)s.")
    return message % {
        "time": f"{moment:%H:%M}",
        "day": moment.date(),
        "zone": zone.key,
        "earlier": f"{earlier:%H:%M}",
        "later": f"{later:%H:%M}",
    }


def _no_time(s: str) -> str:
    return _("“%s” is not a date and time. Enter it as 2026-11-05 14:30.") % shown(s)
