"""What the parsers share: the refusal, the person's habits of writing, a memory for repeated cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar, cast
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import get_date_format
from babel.numbers import get_decimal_symbol

DateOrder = Literal["YMD", "DMY", "MDY"]
DecimalMark = Literal[".", ","]

V = TypeVar("V")
P = ParamSpec("P")

_UTC = ZoneInfo("UTC")
#: Stands for what follows from the locale or the zone; gone once the context is made.
_DERIVED: Any = None
_REMEMBER = 50_000
_REMEMBER_LENGTH = 100


class Invalid(ValueError):
    """Text that is no value of its kind. `message` is for the person and says what to do.

    `suggestion` is the text that was probably meant, where one is near enough to offer as a fix.
    """

    def __init__(self, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class ParseContext:
    """How this person, or this file, writes dates and numbers.

    `date_order` and `decimal_mark` follow the locale unless given; `country` (two letters, for phone numbers without a
    country code) is the locale's own where it names one ("de-AT"); `today` is the date in `zone`; `currency` is the one that
    amounts are in, None where that is not known.
    `order_chosen` tells an order somebody chose or a column's values proved from one that the locale merely suggests.
    """

    locale: str = "en"
    zone: ZoneInfo = _UTC
    today: date = _DERIVED
    date_order: DateOrder = _DERIVED
    decimal_mark: DecimalMark = _DERIVED
    country: str | None = None
    order_chosen: bool = _DERIVED
    currency: str | None = None

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        if self.order_chosen is None:
            set_(self, "order_chosen", self.date_order is not None)
        set_(self, "today", self.today or datetime.now(self.zone).date())
        set_(self, "date_order", self.date_order or locale_date_order(self.locale))
        set_(self, "decimal_mark", self.decimal_mark or locale_decimal_mark(self.locale))
        set_(self, "country", self.country or babel_locale(self.locale).territory)


@lru_cache(maxsize=256)
def babel_locale(name: str) -> Locale:
    """The locale that Babel knows under `name` ("de", "de-AT", "pt_BR"); its language, else English, when unknown."""
    for attempt in (name.replace("-", "_"), name[:2]):
        try:
            return Locale.parse(attempt)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


@lru_cache(maxsize=256)
def locale_date_order(name: str) -> DateOrder:
    """The order of day, month and year in the locale's short dates."""
    pattern = str(get_date_format("short", locale=babel_locale(name)))
    order = "".join(sorted("DMY", key=lambda part: pattern.find("M" if part == "M" else part.lower())))
    return cast(DateOrder, order) if order in ("YMD", "DMY", "MDY") else "DMY"


@lru_cache(maxsize=256)
def locale_decimal_mark(name: str) -> DecimalMark:
    """The locale's decimal mark; a point where it is neither point nor comma."""
    return "," if get_decimal_symbol(babel_locale(name)) == "," else "."


def is_blank(text: str) -> bool:
    """Whether nothing was entered: no text, or white space and invisible characters alone."""
    return not text or not text.strip(" \t\r\n\x00\ufeff\u200b\u00a0\u202f\u2060")


def shown(text: str, most: int = 60) -> str:
    """The refused text as messages quote it: one line, printable, cut at `most` characters."""
    line = "".join(c if c.isprintable() else " " for c in text[: most + 40])
    line = " ".join(line.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def memoised(parser: Callable[Concatenate[str, P], V], *args: P.args, **kwargs: P.kwargs) -> Callable[[str], V]:
    """`parser` with its further arguments filled in, remembering what each text gave, refusals included.

    For a column of a file, where few values come many times: `memoised(money, ctx, "EUR")`. Holds at most 50 000 texts
    of at most 100 characters and starts afresh when full. Not for `date_` across midnight: "today" is remembered.
    """
    values: dict[str, V] = {}
    refused: dict[str, tuple[str, str | None]] = {}

    def parse(text: str) -> V:
        try:
            return values[text]
        except KeyError:
            pass
        if text in refused:
            raise Invalid(*refused[text])
        if len(values) + len(refused) >= _REMEMBER:
            values.clear()
            refused.clear()
        try:
            value = parser(text, *args, **kwargs)
        except Invalid as problem:
            if len(text) <= _REMEMBER_LENGTH:
                refused[text] = (problem.message, problem.suggestion)
            raise
        if len(text) <= _REMEMBER_LENGTH:
            values[text] = value
        return value

    return parse
