"""Kinds whose values come from a list: choices, tags, currencies, countries."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from babel import Locale
from django.db.models import Q
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from patron.kernel import parsing
from patron.kernel.markup import filled
from patron.kernel.parsing import Invalid, ParseContext
from patron.records.fields import Field
from patron.records.kinds.base import DASH, Cell, Kind, Operator, View, many, unless, written

ANY = (Operator("is", _("is"), "many"), Operator("is_not", _("is not"), "many"))


#: Values that a field with several holds at most.
MOST = 100


def listed(value: Any) -> list[Any]:
    """A JSON list; `Invalid` for anything else and for too long ones."""
    if not isinstance(value, list):
        raise Invalid(gettext_now("Write a list, in square brackets."))
    if len(value) > MOST:
        raise Invalid(gettext_now("Write at most %(most)d values; these are %(count)d.") % {"most": MOST, "count": len(value)})
    return value


class Choice(Kind):
    """One value of a closed list; shown as its label, as a badge where the list has tones."""

    name = "choice"
    operators: tuple[Operator, ...] = ANY

    def options(self, field: Field, view: View | None = None) -> tuple[tuple[str, Any], ...]:
        """(value, label) in the order of the list."""
        return field.choices

    def parse(self, text: str, field: Field, ctx: ParseContext) -> Any:
        return parsing.choice(text, {value: str(label) for value, label in self.options(field)})

    def from_plain(self, value: Any, field: Field, ctx: ParseContext) -> Any:
        """A value of the list, exactly as it is kept."""
        known = [v for v, _label in self.options(field)]
        if written(value) not in known:
            raise Invalid(gettext_now("Choose one of these: %(values)s.") % {"values": ", ".join(known) if len(known) < 20 else gettext_now("the codes of the list")})
        return value

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "enum": [v for v, _label in self.options(field)]}

    def blank(self, field: Field) -> Any:
        return None if field.nullable else (field.default or "")

    def label(self, value: Any, field: Field, view: View | None = None) -> str:
        return next((str(label) for v, label in self.options(field, view) if v == value), str(value))

    def text(self, value: Any, field: Field, view: View) -> str:
        return self.label(value, field, view)

    def cell(self, field: Field, at: tuple[int, ...], view: View) -> Cell:
        (i,) = at
        ready: dict[Any, Any] = {None: DASH, "": DASH}

        def show(row: tuple[Any, ...]) -> Any:
            value = row[i]
            shown = ready.get(value)
            if shown is None:
                shown = ready[value] = self.html(value, field, view)
            return shown

        return show

    def html(self, value: Any, field: Field, view: View) -> Any:
        tone, label = field.tones.get(value), self.label(value, field, view)
        return filled('<span class="badge is-%s">%s</span>', tone, label) if tone else label

    def condition(self, field: Field, op: str, value: Any, view: View) -> Q:
        if op not in ("is", "is_not"):
            return super().condition(field, op, value, view)
        known = {v for v, _label in self.options(field, view)}
        wanted = [str(v) for v in many(value)]
        if unknown := [v for v in wanted if v not in known]:
            wanted = [self.parse(v, field, view.parsing()) if v in unknown else v for v in wanted]
        chosen = Q(**{f"{field.path}__in": wanted})
        return chosen if op == "is" else unless(chosen)


class MultiChoice(Choice):
    """Several values of a closed list, kept as an array."""

    name = "multi_choice"
    sql = "text[]"

    def parse(self, text: str, field: Field, ctx: ParseContext) -> Any:
        options = {value: str(label) for value, label in self.options(field)}
        return list(dict.fromkeys(parsing.choice(part, options) for part in parsing.tags(text)))

    def from_plain(self, value: Any, field: Field, ctx: ParseContext) -> Any:
        return list(dict.fromkeys(super(MultiChoice, self).from_plain(v, field, ctx) for v in listed(value)))

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "array", "items": Choice.schema(self, field), "maxItems": MOST}

    def blank(self, field: Field) -> Any:
        return []

    def cell(self, field: Field, at: tuple[int, ...], view: View) -> Cell:
        return Kind.cell(self, field, at, view)

    def text(self, value: Any, field: Field, view: View) -> str:
        return ", ".join(self.label(v, field, view) for v in value)

    def html(self, value: Any, field: Field, view: View) -> Any:
        badges = (filled('<span class="badge is-%s">%s</span>', field.tones.get(v, "none"), self.label(v, field, view)) for v in value)
        return Markup(" ").join(badges) if value else DASH

    def input(self, value: Any, field: Field, view: View) -> str:
        return ", ".join(value or [])

    def plain(self, value: Any) -> Any:
        return list(value or [])

    def condition(self, field: Field, op: str, value: Any, view: View) -> Q:
        if op in ("empty", "filled"):
            nothing = Q(**{f"{field.path}__len": None}) | Q(**{field.path: []})
            return nothing if op == "empty" else ~nothing
        wanted = [str(v) for v in many(value)]
        if op == "has_all":
            return Q(**{f"{field.path}__contains": wanted})
        if op in ("is", "is_not"):
            any_of = Q(**{f"{field.path}__overlap": wanted})
            return any_of if op == "is" else unless(any_of)
        raise Invalid(gettext_now("This field cannot be filtered that way."))


class Tags(MultiChoice):
    """Free words, compared exactly; shown as quiet badges."""

    name = "tags"
    operators = (Operator("is", _("has any of"), "many"), Operator("has_all", _("has all of"), "many"), Operator("is_not", _("has none of"), "many"))

    def parse(self, text: str, field: Field, ctx: ParseContext) -> Any:
        return parsing.tags(text, field.max_length or 50)

    def from_plain(self, value: Any, field: Field, ctx: ParseContext) -> Any:
        """A list of words; none holds what separates words where people type them."""
        words = [parsing.tags(written(v), field.max_length or 50) for v in listed(value)]
        if any(len(found) != 1 for found in words):
            raise Invalid(gettext_now("A tag has at least one letter and no comma, semicolon, bar or line break."))
        return parsing.tags(",".join(found[0] for found in words), field.max_length or 50)

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": field.max_length or 50, "pattern": r"^[^,;|\n\r\t]*$"}, "maxItems": MOST}

    def label(self, value: Any, field: Field, view: View | None = None) -> str:
        return str(value)


@lru_cache(maxsize=16)
def _territories(locale: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(locale, sep="-" if "-" in locale else "_").territories
    return tuple(sorted(((c, n) for c, n in names.items() if len(c) == 2 and c.isalpha() and c not in ("ZZ", "EU", "UN", "EZ", "XA", "XB", "QO")), key=lambda p: p[1]))


@lru_cache(maxsize=16)
def _currencies(locale: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(locale, sep="-" if "-" in locale else "_").currencies
    common = ["EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "JPY", "CNY", "INR", "AUD", "CAD", "NZD", "BRL", "MXN", "ZAR", "TRY", "KRW", "SGD", "HKD", "AED", "ILS"]
    return tuple((code, f"{code} – {names.get(code, code)}") for code in [*common, *sorted(set(names) - set(common))])


class Country(Choice):
    """An ISO 3166 country, shown by its name in the person's language."""

    name = "country"

    def options(self, field: Field, view: View | None = None) -> tuple[tuple[str, Any], ...]:
        return _territories(view.access.locale if view else "en")

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[A-Z]{2}$"}

    def parse(self, text: str, field: Field, ctx: ParseContext) -> Any:
        code = text.strip().upper()
        known = dict(_territories("en"))
        if code in known:
            return code
        if code in _COUNTRY_ALIASES:
            return _COUNTRY_ALIASES[code]
        return parsing.choice(text, dict(_territories(ctx.locale)) if ctx.locale[:2] != "en" else known)


_COUNTRY_ALIASES = {"USA": "US", "UNITED STATES OF AMERICA": "US", "UK": "GB", "GREAT BRITAIN": "GB", "ENGLAND": "GB", "KOREA": "KR", "SOUTH KOREA": "KR", "RUSSIA": "RU", "HOLLAND": "NL", "CZECH REPUBLIC": "CZ", "DEUTSCHLAND": "DE"}  # fmt: skip


class Currency(Choice):
    """An ISO 4217 code, shown as the code."""

    name = "currency"

    def options(self, field: Field, view: View | None = None) -> tuple[tuple[str, Any], ...]:
        return _currencies(view.access.locale if view else "en")

    def text(self, value: Any, field: Field, view: View) -> str:
        return str(value)

    def html(self, value: Any, field: Field, view: View) -> Any:
        return value

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[A-Z]{3}$"}

    def parse(self, text: str, field: Field, ctx: ParseContext) -> Any:
        code = text.strip().upper()
        return code if code in dict(_currencies("en")) else parsing.choice(text, dict(_currencies("en")))


CHOICE, MULTI_CHOICE, TAGS, COUNTRY, CURRENCY = Choice(), MultiChoice(), Tags(), Country(), Currency()
