"""What every kind of field can do."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.db.models import BooleanField, Case, Q, Value, When
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup, escape

from patron.identity.access import Access
from patron.kernel.formats import Formats
from patron.kernel.parsing import Invalid, ParseContext, unkept
from patron.records.fields import Field

DASH = Markup('<span class="muted">—</span>')


@dataclass(frozen=True, slots=True)
class View:
    """For whom values are read and shown."""

    access: Access
    fmt: Formats

    def parsing(self) -> ParseContext:
        """How this person writes dates and numbers."""
        workspace = self.access.workspace
        return ParseContext(
            locale=self.access.locale, zone=self.access.zone, today=self.access.today(), country=workspace.country, currency=workspace.currency
        )

    def href(self, type_key: str, record_id: Any) -> str:
        return f"/w/{quote(self.access.workspace.slug)}/{type_key}/{record_id}/"


@dataclass(frozen=True, slots=True)
class Operator:
    """A way to compare. `values`: none, one, two, many, or period (a named stretch of days)."""

    key: str
    label: Any
    values: str = "one"


EMPTY = (Operator("empty", _("is empty"), "none"), Operator("filled", _("is filled"), "none"))
Cell = Callable[[tuple[Any, ...]], Any]


class Kind:
    """The base: plain text behaviour. Subclasses say what differs."""

    name = "text"
    #: The column type that staged text is cast to in SQL.
    sql = "text"
    numeric = False
    looks_up = False
    operators: tuple[Operator, ...] = ()

    def parse(self, text: str, field: Field, ctx: ParseContext) -> Any:
        """The value that `text` stands for; `Invalid` with words that say what to do. Blank text never comes here."""
        raise NotImplementedError

    def blank(self, field: Field) -> Any:
        """What an empty input stores."""
        return None if field.nullable else ""

    def paths(self, field: Field) -> tuple[str, ...]:
        """The ORM paths that a list needs to show the field."""
        return (field.path,)

    def cell(self, field: Field, at: tuple[int, ...], view: View) -> Cell:
        """A function from a fetched row to what a list shows; `at` are the positions of `paths` in the row."""
        (i,) = at

        def show(row: tuple[Any, ...]) -> Any:
            value = row[i]
            return DASH if value is None or value == "" else self.html(value, field, view)

        return show

    def html(self, value: Any, field: Field, view: View) -> Any:
        """One value that is not empty, as markup."""
        return escape(self.text(value, field, view))

    def text(self, value: Any, field: Field, view: View) -> str:
        """One value in plain words: history, files for reading, phone lists."""
        return str(value)

    def input(self, value: Any, field: Field, view: View) -> str:
        """The value as its input shows it; `parse` reads it back to the same value."""
        return "" if value is None else str(value)

    def words(self, rows: list[tuple[Any, ...]], field: Field, view: View) -> list[str]:
        """For files, where `looks_up`: what the fetched rows of `paths` say to a person, looked up together."""
        raise NotImplementedError

    def plain(self, value: Any) -> Any:
        """The value for JSON: exact, without locale."""
        return value

    def from_plain(self, value: Any, field: Field, ctx: ParseContext) -> Any:
        """The value that JSON stands for: what `plain` wrote, read back exactly; `Invalid` otherwise. null and "" never come here."""
        return self.parse(fitting(written(value), field), field, ctx)

    def plain_paths(self, field: Field) -> tuple[str, ...]:
        """The ORM paths that `plain_many` needs."""
        return (field.path,)

    def plain_many(self, rows: list[tuple[Any, ...]], field: Field, view: View) -> list[Any]:
        """The JSON values of many rows of `plain_paths`, looked up at once where that takes a query."""
        return [self.plain(value) for (value,) in rows]

    def schema(self, field: Field) -> dict[str, Any]:
        """What `plain` writes and `from_plain` reads, as JSON Schema (2020-12), null aside."""
        return {"type": "string", **({"maxLength": field.max_length} if field.max_length else {})}

    def condition(self, field: Field, op: str, value: Any, view: View) -> Q:
        """The operator as a condition; `Invalid` where the value does not fit."""
        if op in ("empty", "filled"):
            return self.is_empty(field) if op == "empty" else ~self.is_empty(field)
        raise Invalid(str(_("This field cannot be filtered that way.")))

    def is_empty(self, field: Field) -> Q:
        empty = Q(**{f"{field.path}__isnull": True})
        return empty if field.nullable and not self._holds_text() else (empty | Q(**{field.path: ""}) if self._holds_text() else empty)

    def _holds_text(self) -> bool:
        return self.sql == "text"

    def all_operators(self) -> tuple[Operator, ...]:
        return (*self.operators, *EMPTY)


def unless(found: Q) -> Q:
    """The rows that a condition does not hold for: those without a value too, as people read "is not".

    Django minds columns that may be NULL by itself. An own value that is not there is NULL inside a column that never is: of this it knows nothing.
    """
    if not _asks_own(found):
        return ~found
    return Q(Case(When(found, then=Value(False)), default=Value(True), output_field=BooleanField()))


def _asks_own(found: Q) -> bool:
    return any(_asks_own(part) if isinstance(part, Q) else isinstance(part, tuple) and "custom__" in part[0] for part in found.children)


def written(value: Any) -> str:
    """A JSON string that PostgreSQL can keep; `Invalid` for other types and for what is no text."""
    if not isinstance(value, str):
        raise Invalid(str(_("Write this as text, in quotation marks.")))
    if unkept(value):
        raise Invalid(str(_("Leave out control characters, zero-width spaces and marks that turn the reading direction.")))
    return value


def fitting(value: Any, field: Field) -> Any:
    """The value, if its text is no longer than its column; else `Invalid`."""
    if isinstance(value, str) and 0 < field.max_length < len(value):
        raise Invalid(str(_("Shorten the text to %(most)d characters; it has %(length)d.")) % {"most": field.max_length, "length": len(value)})
    return value


def one(value: Any) -> Any:
    """The single value of a condition that may come as a list."""
    if isinstance(value, list):
        if len(value) != 1:
            raise Invalid(str(_("Choose one value.")))
        return value[0]
    return value


def many(value: Any) -> list[Any]:
    """The values of a condition that may come as one."""
    return value if isinstance(value, list) else [value]


def date_text(value: datetime.date | datetime.datetime) -> str:
    return value.isoformat()
