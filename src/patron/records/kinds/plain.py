"""Kinds whose values stand for themselves: text, numbers, dates, yes and no."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup, escape

from patron.kernel import parsing
from patron.kernel.markup import filled
from patron.kernel.parsing import Invalid, ParseContext
from patron.kernel.text import fold
from patron.records import periods
from patron.records.fields import Field
from patron.records.kinds.base import DASH, Cell, Kind, Operator, View, many, one, unless, written

#: How programs write numbers, whoever they act for.
NEUTRAL = ParseContext(decimal_mark=".", date_order="YMD")
_DECIMAL = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?", re.ASCII)
_DAY = re.compile(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT = re.compile(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})", re.ASCII)


class Text(Kind):
    operators = (
        Operator("contains", _("contains")), Operator("lacks", _("does not contain")), Operator("is", _("is"), "many"),
        Operator("is_not", _("is not"), "many"), Operator("starts", _("starts with")),
    )  # fmt: skip
    parser: Callable[..., Any] = staticmethod(parsing.text)

    def __init__(self, name: str, parser: Callable[..., Any] | None = None) -> None:
        self.name = name
        self._parser = parser

    def parse(self, text: str, field: Field, ctx: ParseContext) -> Any:
        if self._parser is None:
            return parsing.text(text, field.max_length or 1000)
        return self._parser(text, ctx) if self.name == "phone" else self._parser(text)

    def schema(self, field: Field) -> dict[str, Any]:
        return {**super().schema(field), **({"format": "email"} if self.name == "email" else {})}

    def condition(self, field: Field, op: str, value: Any, view: View) -> Q:
        if op in ("empty", "filled"):
            return super().condition(field, op, value, view)
        if op in ("is", "is_not"):
            chosen = Q(**{f"{field.path}__folded__in": [fold(str(v)) for v in many(value)]})
            return chosen if op == "is" else unless(chosen)
        words = str(one(value) or "").strip()
        if not words:
            raise Invalid(gettext_now("Enter the text to look for."))
        if op == "starts":
            return Q(**{f"{field.path}__folded__startswith": fold(words)})
        found = Q(**{f"{field.path}__folded__contains": fold(words)})
        if op == "contains":
            return found
        if op == "lacks":
            return unless(found)
        return super().condition(field, op, value, view)


class LongText(Text):
    def parse(self, text: str, field: Field, ctx: ParseContext) -> Any:
        return parsing.long_text(text, field.max_length or 100_000)

    def html(self, value: Any, field: Field, view: View) -> Any:
        return escape(" ".join(str(value).split())[:200])


class Link(Text):
    """E-mail, web address, telephone: a value that one can follow."""

    def __init__(self, name: str, parser: Callable[..., Any], scheme: str) -> None:
        super().__init__(name, parser)
        self.scheme = scheme

    def html(self, value: Any, field: Field, view: View) -> Any:
        shown = self.text(value, field, view)
        extra = Markup(' rel="noopener noreferrer" target="_blank"') if not self.scheme else ""
        return filled('<a class="link" href="%s%s"%s>%s</a>', self.scheme, value, extra, shown)

    def text(self, value: Any, field: Field, view: View) -> str:
        if self.name == "phone":
            return parsing.phone_display(str(value))
        return str(value).removeprefix("https://").removeprefix("http://").rstrip("/") if not self.scheme else str(value)

    def input(self, value: Any, field: Field, view: View) -> str:
        return "" if not value else (parsing.phone_display(str(value)) if self.name == "phone" else str(value))


class OtherCurrency(Invalid):
    """An amount written in another currency than the expected one; the door that knows the record decides what follows."""

    def __init__(self, amount: Decimal, currency: str, expected: str | None) -> None:
        self.amount, self.currency = amount, currency
        if expected is None:
            super().__init__(gettext_now("Enter the amount alone, without “%(other)s”.") % {"other": currency})
        else:
            words = gettext_now("This amount is in %(base)s, “%(other)s” is another currency. Convert the amount, or choose %(other)s where the currency can be chosen.")
            super().__init__(words % {"base": expected, "other": currency})


class Number(Kind):
    """Whole numbers, decimals, money and percentages: exact, never float."""

    numeric = True
    sql = "numeric"
    operators = (
        Operator("eq", _("is")), Operator("ne", _("is not")), Operator("gte", _("at least")), Operator("lte", _("at most")),
        Operator("gt", _("more than")), Operator("lt", _("less than")), Operator("between", _("between"), "two"),
    )  # fmt: skip

    def __init__(self, name: str) -> None:
        self.name = name

    def parse(self, text: str, field: Field, ctx: ParseContext) -> Any:
        """The number, inside the field's limits. A currency written with an amount must be `ctx.currency`: raises `OtherCurrency`."""
        if self.name == "percent":
            return parsing.percent(text, ctx, field.digits, field.places, field.low, field.high)
        return _within(self._parsed(text, field, ctx), field)

    def _parsed(self, text: str, field: Field, ctx: ParseContext) -> Any:
        if self.name == "integer":
            return parsing.integer(text, ctx, *_bounds(field))
        if self.name == "money":
            amount, written = parsing.money(text, ctx, ctx.currency)
            if written and written != ctx.currency:
                raise OtherCurrency(amount, written, ctx.currency)
            return amount
        return parsing.number(text, ctx, field.digits, field.places)

    def paths(self, field: Field) -> tuple[str, ...]:
        return (field.path, field.currency) if field.currency else (field.path,)

    def cell(self, field: Field, at: tuple[int, ...], view: View) -> Cell:
        if self.name != "money":
            return super().cell(field, at, view)
        base, money, i = view.access.workspace.currency, view.fmt.money, at[0]
        j = at[1] if len(at) > 1 else -1

        def show(row: tuple[Any, ...]) -> Any:
            value = row[i]
            return DASH if value is None else money(value, (row[j] or base) if j >= 0 else base)

        return show

    def text(self, value: Any, field: Field, view: View) -> str:
        if self.name == "percent":
            return view.fmt.percent(value)
        if self.name == "money":
            return view.fmt.money(Decimal(value), view.access.workspace.currency)
        return view.fmt.number(value if isinstance(value, int) else Decimal(value).normalize() + 0)

    def input(self, value: Any, field: Field, view: View) -> str:
        if value is None:
            return ""
        if isinstance(value, int):
            return str(value)
        places = 0 if value == value.to_integral_value() else max(2, -int(Decimal(value).normalize().as_tuple().exponent))
        shown = f"{value:.{places}f}"
        return shown.replace(".", view.parsing().decimal_mark)

    def plain(self, value: Any) -> Any:
        return value if value is None or isinstance(value, int) else format(value, "f") if isinstance(value, Decimal) else str(value)

    def from_plain(self, value: Any, field: Field, ctx: ParseContext) -> Any:
        """A whole number as a number; decimals as text, so that no program on the way makes them floats."""
        if self.name == "integer":
            if not isinstance(value, int) or isinstance(value, bool):
                raise Invalid(gettext_now("Write a whole number without quotation marks and decimals, such as 12."))
            return parsing.integer(str(value), NEUTRAL, *_bounds(field))
        text = written(value)
        if not _DECIMAL.fullmatch(text):
            raise Invalid(gettext_now("Write a decimal number in quotation marks, such as \"12.50\"."))
        return _within(parsing.number(text, NEUTRAL, field.digits, field.places), field)

    def schema(self, field: Field) -> dict[str, Any]:
        if self.name == "integer":
            low, high = _bounds(field)
            return {"type": "integer", "minimum": low, "maximum": high}
        decimals = f"(\\.[0-9]{{1,{field.places}}})?" if field.places else ""
        return {"type": "string", "pattern": f"^-?[0-9]{{1,{max(1, field.digits - field.places)}}}{decimals}$"}

    def blank(self, field: Field) -> Any:
        return None if field.nullable else (field.default if field.default is not None else 0)

    def condition(self, field: Field, op: str, value: Any, view: View) -> Q:
        if op in ("empty", "filled"):
            return super().condition(field, op, value, view)
        if op == "between":
            low, high = (self._number(v, field, view) for v in _pair(value))
            return Q(**{f"{field.path}__gte": low, f"{field.path}__lte": high})
        number = self._number(one(value), field, view)
        if op == "ne":
            return unless(Q(**{field.path: number}))
        lookup = {"eq": "", "gte": "__gte", "lte": "__lte", "gt": "__gt", "lt": "__lt"}.get(op)
        if lookup is None:
            return super().condition(field, op, value, view)
        return Q(**{f"{field.path}{lookup}": number})

    def _number(self, value: Any, field: Field, view: View) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        ctx = replace(view.parsing(), currency=None) if field.currency else view.parsing()
        return self.parse(str(value), replace(field, low=None, high=None), ctx)


def _bounds(field: Field) -> tuple[int, int]:
    return (-(2**63) if field.low is None else int(field.low), 2**63 - 1 if field.high is None else int(field.high))


def _within(value: Any, field: Field) -> Any:
    """The number, if it is inside the field's limits."""
    if field.low is not None and value < field.low:
        raise Invalid(gettext_now("Enter %(low)s or more.") % {"low": field.low})
    if field.high is not None and value > field.high:
        raise Invalid(gettext_now("Enter %(high)s or less.") % {"high": field.high})
    return value


def _pair(value: Any) -> list[Any]:
    pair = many(value)
    if len(pair) != 2:
        raise Invalid(gettext_now("Enter both ends of the range."))
    return pair


class Day(Kind):
    """A calendar date: no zone, never shifted."""

    name = "date"
    sql = "date"
    operators = (
        Operator("within", _("is in"), "period"), Operator("on", _("is on")), Operator("before", _("is before")),
        Operator("after", _("is after")), Operator("between", _("between"), "two"),
    )  # fmt: skip

    def parse(self, text: str, field: Field, ctx: ParseContext) -> Any:
        return parsing.date_(text, ctx)

    def text(self, value: Any, field: Field, view: View) -> str:
        return view.fmt.date(value)

    def html(self, value: Any, field: Field, view: View) -> Any:
        return filled('<time datetime="%s">%s</time>', value.isoformat(), view.fmt.date(value))

    def plain(self, value: Any) -> Any:
        return None if value is None else value.isoformat()

    def from_plain(self, value: Any, field: Field, ctx: ParseContext) -> Any:
        try:
            return datetime.date.fromisoformat(_matching(_DAY, value))
        except ValueError:
            raise Invalid(gettext_now("Write a date as year-month-day, such as \"2026-11-05\".")) from None

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "format": "date"}

    def input(self, value: Any, field: Field, view: View) -> str:
        return "" if value is None else str(value.isoformat())

    def blank(self, field: Field) -> Any:
        return None

    def condition(self, field: Field, op: str, value: Any, view: View) -> Q:
        if op in ("empty", "filled"):
            return super().condition(field, op, value, view)
        start, end = self.span(field, op, value, view)
        bounds = Q()
        if start is not None:
            bounds &= Q(**{f"{field.path}__gte": self._edge(start, view)})
        if end is not None:
            bounds &= Q(**{f"{field.path}__lt": self._edge(end, view)})
        return bounds

    def span(self, field: Field, op: str, value: Any, view: View) -> tuple[datetime.date | None, datetime.date | None]:
        """Half-open [start, end) in days of the person's zone."""
        if op == "within":
            return periods.span(str(one(value)), view.access.today(), fiscal_month=view.access.workspace.fiscal_month)
        day = datetime.timedelta(days=1)
        if op == "between":
            low, high = (parsing.date_(str(v), view.parsing()) for v in _pair(value))
            return low, high + day
        date = parsing.date_(str(one(value)), view.parsing())
        spans = {"on": (date, date + day), "before": (None, date), "after": (date + day, None)}
        if op not in spans:
            raise Invalid(gettext_now("This field cannot be filtered that way."))
        return spans[op]

    def _edge(self, day: datetime.date, view: View) -> Any:
        return day


class Instant(Day):
    """A moment: stored as UTC, read and shown in the person's zone."""

    name = "datetime"
    sql = "timestamptz"

    def parse(self, text: str, field: Field, ctx: ParseContext) -> Any:
        return parsing.datetime_(text, ctx)

    def text(self, value: Any, field: Field, view: View) -> str:
        return view.fmt.datetime(value)

    def html(self, value: Any, field: Field, view: View) -> Any:
        return view.fmt.stamp(value)

    def input(self, value: Any, field: Field, view: View) -> str:
        return "" if value is None else value.astimezone(view.access.zone).strftime("%Y-%m-%dT%H:%M")

    def plain(self, value: Any) -> Any:
        return None if value is None else value.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")

    def from_plain(self, value: Any, field: Field, ctx: ParseContext) -> Any:
        try:
            return datetime.datetime.fromisoformat(_matching(_INSTANT, value).upper()).astimezone(datetime.UTC)
        except (ValueError, OverflowError):
            raise Invalid(gettext_now("Write a moment with its offset from UTC, such as \"2026-11-05T14:30:00Z\".")) from None

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}

    def _edge(self, day: datetime.date, view: View) -> Any:
        return datetime.datetime.combine(day, datetime.time(), tzinfo=view.access.zone)


def _matching(pattern: re.Pattern[str], value: Any) -> str:
    text = written(value)
    if not pattern.fullmatch(text):
        raise ValueError(text)
    return text


class Checkbox(Kind):
    name = "checkbox"
    sql = "boolean"
    operators = (Operator("is", _("is"), "one"),)

    def parse(self, text: str, field: Field, ctx: ParseContext) -> Any:
        return parsing.checkbox(text)

    def from_plain(self, value: Any, field: Field, ctx: ParseContext) -> Any:
        if not isinstance(value, bool):
            raise Invalid(gettext_now("Write true or false, without quotation marks."))
        return value

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "boolean"}

    def text(self, value: Any, field: Field, view: View) -> str:
        return gettext_now("Yes") if value else gettext_now("No")

    def input(self, value: Any, field: Field, view: View) -> str:
        return "yes" if value else ""

    def blank(self, field: Field) -> Any:
        return False

    def condition(self, field: Field, op: str, value: Any, view: View) -> Q:
        if op != "is":
            return super().condition(field, op, value, view)
        chosen = one(value)
        return Q(**{field.path: chosen if isinstance(chosen, bool) else parsing.checkbox(str(chosen))})

    def all_operators(self) -> tuple[Operator, ...]:
        return self.operators


TEXT = Text("text")
LONG_TEXT = LongText("long_text")
EMAIL = Link("email", parsing.email, "mailto:")
URL = Link("url", parsing.url, "")
PHONE = Link("phone", parsing.phone, "tel:")
INTEGER, NUMBER, MONEY, PERCENT = Number("integer"), Number("number"), Number("money"), Number("percent")
DATE, DATETIME, CHECKBOX = Day(), Instant(), Checkbox()
