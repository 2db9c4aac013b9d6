"""One column of a plan: texts of the file into values of a field, each distinct text read once."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from patron.kernel import parsing
from patron.kernel.parsing import Invalid, ParseContext, is_blank
from patron.kernel.parsing.numbers import fitted
from patron.records.fields import Field
from patron.records.imports import plan as plans
from patron.records.kinds import View, kind_of
from patron.records.verbs import Refused

_REMEMBER, _LONGEST = 50_000, 200
_CHOICE = 60  # characters of a choice
_WIDE = (36, 15)  # digits and places of numbers before they are multiplied
_HOLE = re.compile(r"\{([^{}|]+)(?:\|([^{}]*))?\}")


class Problem(msgspec.Struct, frozen=True):
    """Why a cell or row cannot be used. `column` is the heading, "" for the row as a whole."""

    column: str
    message: str


class Amount(NamedTuple):
    """Money written with its currency."""

    value: Decimal
    currency: str


class Named(NamedTuple):
    """A cell that names another record."""

    text: str


class _Blank:
    """Nothing was written."""


BLANK = _Blank()
Parser = Callable[[str], Any]


@dataclass(slots=True)
class Texts:
    """Where a column's texts come from: one cell, a constant, or several cells put together."""

    index: int | None
    constant: str = ""
    holes: Sequence[tuple[str, int, str | int]] = ()
    tail: str = ""
    when: Sequence[tuple[int, tuple[str, ...]]] = ()

    def of(self, cells: Sequence[str]) -> str:
        if self.when and not all(cells[index].strip().startswith(words) for index, words in self.when):
            return ""
        if self.index is not None:
            return cells[self.index]
        if not self.holes:
            return self.constant
        filled = (before + (cells[index].strip() or (cells[other].strip() if isinstance(other, int) else other)) for before, index, other in self.holes)
        return "".join(filled) + self.tail

    @property
    def read(self) -> set[int]:
        """The cells it depends on."""
        return {self.index} if self.index is not None else {index for index, _words in self.when} | {i for _before, index, other in self.holes for i in (index, other) if isinstance(i, int)}


def texts_of(column: plans.Column, place: Mapping[str, int]) -> Texts:
    """Where the column's texts come from; `place` gives the index of a heading. `Refused` for headings that the file lacks."""
    when = [(_index(name, place), tuple(words)) for name, words in column.when.items()]
    if column.constant is not None:
        return Texts(None, column.constant, when=when)
    if column.template or when:
        found = template(column.template or f"{{{column.column}}}", place)
        found.when = when
        return found
    return Texts(_index(column.column, place))


def template(text: str, place: Mapping[str, int]) -> Texts:
    """`{column}`, `{column|otherwise}` and `{column|=another column}` in a text."""
    holes: list[tuple[str, int, str | int]] = []
    end = 0
    for hole in _HOLE.finditer(text):
        other = hole[2] or ""
        holes.append((text[end : hole.start()], _index(hole[1].strip(), place), _index(other[1:].strip(), place) if other.startswith("=") else other))
        end = hole.end()
    return Texts(None, "", holes, text[end:]) if holes else Texts(None, text)


def _index(heading: str, place: Mapping[str, int]) -> int:
    try:
        return place[heading]
    except KeyError:
        raise Refused(_("The file has no column “%(name)s”.") % {"name": heading}) from None


class Cells:
    """A plan's column tied to its field: `value(text)` is what a text stands for, `BLANK`, `Amount`, `Named` or a `Problem`.

    `stored` is the model's column, whose own limits are checked too.
    """

    def __init__(self, field: Field, column: plans.Column, texts: Texts, view: View, stored: Any = None) -> None:
        self.field, self.column, self.texts = field, column, texts
        self.name, self.path = field.name, field.path
        self.heading = column.column or str(field.label)
        self.clears = column.blank == "clear"
        self.empty = None if field.is_relation else kind_of(field.kind).blank(field)
        self.known: dict[str, Any] = {}
        self.grows = column.relation.create and field.is_custom and field.kind in ("choice", "multi_choice") and view.access.manages_settings
        self.grown: set[str] = set()
        self._parse = self._parser(context(column, view), view)
        self._validators = _validators(field, stored)

    def value(self, text: str) -> Any:
        """What the text stands for. Never raises; remembers up to 50 000 texts."""
        try:
            return self.known[text]
        except KeyError:
            pass
        found = self._read(text)
        if len(text) <= _LONGEST:
            if len(self.known) >= _REMEMBER:
                self.known.clear()
            self.known[text] = found
        return found

    def _read(self, text: str) -> Any:
        if self.column.first:
            text = text.split(self.column.first, 1)[0]
            text = self.column.fixes.get(text.strip(), text)
        if is_blank(text):
            return BLANK
        if self.column.prefix:
            text = f"{self.column.prefix}{text.strip()}"
        try:
            value = self._parse(text)
            for validate in self._validators:
                validate(value.value if isinstance(value, Amount) else value)
        except Invalid as error:
            return Problem(self.heading, error.message)
        except ValidationError as error:
            return Problem(self.heading, f"“{text.strip()[:60]}”: {' '.join(error.messages)}")
        length = self.field.max_length
        if length and isinstance(value, str) and len(value) > length:
            return Problem(self.heading, _("Shorten the text to %(most)d characters; it has %(length)d.") % {"most": length, "length": len(value)})
        return value

    def _parser(self, ctx: ParseContext, view: View) -> Parser:
        field = self.field
        if field.name == "id":
            return lambda text: parsing.uuid_(text)
        if field.is_relation:
            return lambda text: Named(text.strip())
        if field.kind == "money":
            return _money(field, ctx, view.access.workspace.currency, plans.factor_of(self.column))
        if self.grows:
            return lambda text: self._chosen(text, ctx)
        kind, factor = kind_of(field.kind), plans.factor_of(self.column)
        if factor is None:
            return lambda text: kind.parse(text, field, ctx)
        if not kind.numeric:
            raise Refused(_("“%(field)s” is no number and cannot be multiplied.") % {"field": field.label})
        whole = field.kind == "integer"
        return lambda text: _scaled(text, ctx, factor, 0 if whole else field.places, whole)


    def _chosen(self, text: str, ctx: ParseContext) -> Any:
        """A choice of the list, or one that is to be put on it: its words are its value."""
        found = []
        for part in [text.strip()] if self.field.kind == "choice" else parsing.tags(text):
            try:
                found += (value if isinstance(value := kind_of(self.field.kind).parse(part, self.field, ctx), list) else [value])
            except Invalid:
                if len(part) > _CHOICE:
                    raise
                found.append(part)
                self.grown.add(part)
        return found[0] if self.field.kind == "choice" else list(dict.fromkeys(found))


def context(column: plans.Column, view: View) -> ParseContext:
    """How this column writes dates and numbers: as the plan says, else as the person does."""
    usual = view.parsing()
    return ParseContext(
        locale=usual.locale, zone=usual.zone, today=usual.today, country=usual.country,
        date_order=column.date_order or None, decimal_mark=column.decimal_mark or usual.decimal_mark,  # type: ignore[arg-type]
    )  # fmt: skip


def _money(field: Field, ctx: ParseContext, base: str, factor: Decimal | None) -> Parser:
    """Amounts, exactly as written: more decimals than the column keeps are refused, a written currency is never dropped."""
    expected = base if not field.currency else None

    def parse(text: str) -> Any:
        amount, currency = parsing.money(text, ctx, expected, *(_WIDE if factor else (field.digits, field.places)))
        if factor:
            amount = fitted(amount * factor, field.digits, field.places)
        if currency is None:
            return amount
        if field.currency:
            return Amount(amount, currency)
        if currency != base:
            raise Invalid(_("Amounts here are in %(base)s, this one is in %(other)s. Convert it first.") % {"base": base, "other": currency})
        return amount

    return parse


def _scaled(text: str, ctx: ParseContext, factor: Decimal, places: int, whole: bool) -> Any:
    value = fitted(parsing.number(text, ctx, *_WIDE) * factor, _WIDE[0], places)
    return int(value) if whole else value


def _validators(field: Field, stored: Any) -> list[Callable[[Any], None]]:
    """What the table demands beyond the kind: numbers that fit their column and keep its limits, tags that are not too long."""
    if stored is None:
        return []
    if kind_of(field.kind).numeric:
        return list(stored.validators)
    if field.kind == "tags" and stored.base_field.max_length:
        return [lambda tags: _short_enough(tags, stored.base_field.max_length)]
    return []


def _short_enough(tags: list[str], most: int) -> None:
    long = next((tag for tag in tags if len(tag) > most), None)
    if long is not None:
        raise Invalid(_("Shorten the tag “%(tag)s” to %(most)d characters.") % {"tag": long[:60], "most": most})


def as_id(text: str) -> uuid.UUID | None:
    """The identifier that a text is, if it is one."""
    if len(text) not in (32, 36):
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def headings_of(column: plans.Column) -> set[str]:
    """The headings of the file that a plan's column reads."""
    if column.constant is not None:
        return set(column.when)
    if not column.template:
        return {column.column, *column.when}
    holes = [(hole[1].strip(), hole[2] or "") for hole in _HOLE.finditer(column.template)]
    return set(column.when) | {name for name, _other in holes} | {other[1:].strip() for _name, other in holes if other.startswith("=")}
