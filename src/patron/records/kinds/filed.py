"""The kind of own fields that hold files of their record: shown by name, given out by a link each."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from markupsafe import Markup

from patron.kernel.markup import filled
from patron.kernel.parsing import Invalid, ParseContext
from patron.kernel.text import fold
from patron.records import uploads
from patron.records.fields import Field
from patron.records.kinds.base import DASH, EMPTY, Cell, Kind, Operator, View, one, unless
from patron.records.uploads import Told

_LINK = '<a class="link" href="%s" download>%s</a>'
_SHOWN = '<span class="file-names">%s</span>'
_SEVERAL = '<span class="file-names"><span class="muted">%s:</span> %s</span>'
_ID = {"type": "string", "format": "uuid"}
#: A file as programs are told of it, as JSON Schema.
TOLD: dict[str, Any] = {
    "type": "object", "properties": {"id": _ID, "name": {"type": "string"}, "media_type": {"type": "string"}, "size": {"type": "integer"}, "url": {"type": "string"}},
    "required": ["id"], "additionalProperties": False,
}  # fmt: skip


class Files(Kind):
    """Ids of files, in their order. Lists look all of their files up at once."""

    name = "file"
    sql = "text[]"
    looks_up = True
    operators: tuple[Operator, ...] = (Operator("contains", _("has a file named")), Operator("lacks", _("has no file named")))

    def parse(self, text: str, field: Field, ctx: ParseContext) -> Any:
        return uploads.ids_of(text)

    def blank(self, field: Field) -> Any:
        return []

    def cell(self, field: Field, at: tuple[int, ...], view: View) -> Cell:
        (i,), page = at, _Page(view)
        return lambda row: page.add(row[i]) if row[i] else DASH

    def words(self, rows: list[tuple[Any, ...]], field: Field, view: View) -> list[str]:
        known = uploads.keeper().told([i for (ids,) in rows for i in ids or ()], view.access)
        return ["; ".join(known[i].name for i in ids or () if i in known) for (ids,) in rows]

    def text(self, value: Any, field: Field, view: View) -> str:
        return ", ".join(file.name for file in _told(value, view))

    def html(self, value: Any, field: Field, view: View) -> Any:
        return linked(_told(value, view)) or DASH

    def input(self, value: Any, field: Field, view: View) -> str:
        return " ".join(value or [])

    def plain(self, value: Any) -> Any:
        return list(value or [])

    def plain_many(self, rows: list[tuple[Any, ...]], field: Field, view: View) -> list[Any]:
        return uploads.as_plain([ids for (ids,) in rows], view.access)

    def from_plain(self, value: Any, field: Field, ctx: ParseContext) -> Any:
        """Ids of files on the record; what was read may be sent back as it is."""
        if not isinstance(value, list):
            raise Invalid(gettext_now("Write a list, in square brackets."))
        ids: list[Any] = [item.get("id") if isinstance(item, dict) else item for item in value]
        if not all(isinstance(i, str) and len(i) <= 60 for i in ids):
            raise Invalid(gettext_now("Write the ids of files on this record."))
        return uploads.ids_of(" ".join(ids))

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "array", "items": {"anyOf": [TOLD, _ID]}, "maxItems": uploads.MOST if field.several else 1}

    def condition(self, field: Field, op: str, value: Any, view: View) -> Q:
        nothing = Q(**{f"{field.path}__len": None}) | Q(**{field.path: []})
        if op in ("empty", "filled"):
            return nothing if op == "empty" else ~nothing
        if op not in ("contains", "lacks"):
            raise Invalid(gettext_now("This field cannot be filtered that way."))
        words = fold(str(one(value) or "")).strip()
        if not words:
            raise Invalid(gettext_now("Enter a part of the file's name."))
        has = Q(**{f"{field.path}__overlap": uploads.keeper().named(words)})
        return has if op == "contains" else unless(has)

    def all_operators(self) -> tuple[Operator, ...]:
        return (*self.operators, *EMPTY)


def linked(files: list[Told]) -> Markup:
    """The files by name, each a link to its content."""
    return Markup(", ").join(filled(_LINK, file.url, file.name) for file in files)


def _told(ids: Any, view: View) -> list[Told]:
    known = uploads.keeper().told(ids or (), view.access)
    return [known[i] for i in ids or () if i in known]


class _Page:
    """Collects the files of a list while its rows are made; the first cell to be printed looks all of them up."""

    def __init__(self, view: View) -> None:
        self.view, self.wanted = view, list[str]()
        self.found: dict[str, Told] | None = None

    def add(self, ids: list[str]) -> _Late:
        self.wanted += ids
        self.found = None
        return _Late(self, ids)

    def files(self, ids: list[str]) -> list[Told]:
        if self.found is None:
            self.found = uploads.keeper().told(self.wanted, self.view.access)
        return [self.found[i] for i in ids if i in self.found]


class _Late:
    """A cell whose names are looked up when it is printed: the file as a link; of several their number, then each."""

    __slots__ = ("_ids", "_page")

    def __init__(self, page: _Page, ids: list[str]) -> None:
        self._page, self._ids = page, ids

    def __html__(self) -> str:
        files = self._page.files(self._ids)
        links = linked(files)
        if len(files) < 2:
            return str(filled(_SHOWN, links) if links else DASH)
        return str(filled(_SEVERAL, ngettext("%(n)s file", "%(n)s files", len(files)) % {"n": self._page.view.fmt.number(len(files))}, links))

    def __str__(self) -> str:
        return ", ".join(file.name for file in self._page.files(self._ids))


FILE = Files()
