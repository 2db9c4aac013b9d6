"""A list of records: its state (all of it in the address), its rows, its count and its totals."""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum
from django.http import QueryDict
from django.utils.translation import gettext as _

from patron.kernel.formats import Formats
from patron.records import filters, keyset, search, seen
from patron.records.fields import Field
from patron.records.kinds import Invalid, View, kind_of
from patron.records.kinds.base import Cell
from patron.records.record_type import RecordType
from patron.records.sized import FEW, Sized

PAGE = 50


@dataclass(frozen=True, slots=True)
class ListState:
    """What the address says: filter, words, sort, columns, archived or not, and the edge of the page; `seen` marks what the saved `view` was when the list was opened with it."""

    filter: Any = field(default_factory=dict)
    words: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()
    archived: bool = False
    after: str = ""
    before: str = ""
    view: str = ""
    seen: str = ""

    @classmethod
    def read(cls, params: QueryDict | dict[str, str], base: ListState | None = None) -> ListState:
        """The state in query parameters, over that of a saved view."""
        state = base or cls()
        changes: dict[str, Any] = {"after": params.get("after", ""), "before": params.get("before", ""), "view": params.get("view", state.view), "seen": params.get("seen", state.seen)}
        if "f" in params:
            changes["filter"] = filters.read(params.get("f", ""))
        if "q" in params:
            changes["words"] = str(params.get("q", "")).strip()[:200]
        if params.get("sort"):
            changes["sort"] = params["sort"]
        if params.get("columns"):
            changes["columns"] = tuple(c for c in str(params["columns"]).split(",") if c)
        if "archived" in params:
            changes["archived"] = params.get("archived") == "1"
        return replace(state, **changes)

    def query(self, **changes: Any) -> str:
        """The parameters of an address with some of them changed; an edge of a page is dropped unless it is given."""
        state = replace(self, **{"after": "", "before": "", **changes})
        pairs = {
            "view": state.view,
            "seen": state.seen if state.view else "",
            "f": json.dumps(state.filter, separators=(",", ":"), ensure_ascii=False) if state.filter or state.view else "",
            "q": state.words,
            "sort": state.sort,
            "columns": ",".join(state.columns),
            "archived": "1" if state.archived else "",
            "after": state.after,
            "before": state.before,
        }
        return urlencode({k: v for k, v in pairs.items() if v})


@dataclass(slots=True)
class Row:
    """One record of a list: its cells in the order of the columns, and what actions need."""

    id: Any
    cells: list[Any]
    title: str
    revision: int
    subtitle: str = ""


@dataclass(slots=True)
class Listing:
    """A page of a list, ready to show."""

    columns: list[Field]
    rows: list[Row]
    sort: keyset.Sort
    after: str
    before: str
    count: int
    exact: bool

    def counted(self, fmt: Formats) -> str:
        """How many rows there are, as well as it is known."""
        if self.exact or self.count > FEW:
            return fmt.count(self.count, self.exact)
        return _("more than %(n)s") % {"n": fmt.number(self.count)}


class Lister:
    """Builds lists of one type for one person; every door that shows many records goes through it. `within` narrows the list beside the state: to what is on one record."""

    def __init__(self, record_type: RecordType, view: View, state: ListState, within: Q | None = None) -> None:
        self.type, self.view, self.state, self.within = record_type, view, state, within

    def queryset(self, action: str = "view") -> QuerySet[Any]:
        """The rows that the state selects and the person may see."""
        return search.narrowed(self.plain(action), self.state.filter) if self.state.filter else self.plain(action)

    def plain(self, action: str = "view") -> QuerySet[Any]:
        """The same rows, without what is there only to be found by an index."""
        rows = self.type.visible(self.view.access)
        if self.within is not None:
            rows = rows.filter(self.within)
        if action != "view":
            rows = self.type.restrict(rows, self.view.access, action)
        if not self.state.archived and self.type.archivable:
            rows = rows.filter(archived_at__isnull=True)
        if self.state.words:
            rows = search.matching(rows, self.state.words, record_type=self.type, access=self.view.access)
        if self.state.filter:
            rows = rows.filter(filters.condition(self.type, self.state.filter, self.view))
        return rows

    def columns(self) -> list[Field]:
        """The columns to show: the chosen ones that exist and are not hidden, else the type's own; the title always first."""
        known, chosen = self.type.visible_fields(self.view.access), []
        for name in self.state.columns or self.type.columns:
            try:
                chosen.append(filters.resolve(self.type, name, self.view))
            except Invalid:
                continue
        title = known[self.type.title]
        return [title, *(f for f in chosen if f.name != title.name)]

    def sort(self) -> keyset.Sort:
        """The order asked for; the type's own where that is none of its fields."""
        asked = self.state.sort or self.type.sort
        for name in (asked, self.type.sort, "-created_at"):
            try:
                found = filters.resolve(self.type, name.lstrip("-"), self.view)
            except Invalid:
                continue
            if found.sortable:
                return keyset.Sort(found, name.startswith("-"))
        raise Invalid("no sortable field")

    def page(self, size: int = PAGE) -> Listing:
        """One page: the rows' query (two where it reaches empty values), and how many there are."""
        columns = self.columns()
        paths, cells = self._plan(columns)
        after = keyset.decode(self.state.after) if self.state.after else None
        before = keyset.decode(self.state.before) if self.state.before and not after else None
        sized = self._sized()
        found = sized.places(size + 1, after=after, before=before)
        more = len(found) > size
        if more:
            found = found[1:] if before else found[:size]
        fetched = keyset.rows_at(found, self.type.model, paths)
        count, exact = (len(found), True) if not (after or before or more) else sized.count()
        edges = [keyset.Cursor(place.value, place.id).encode() for place in (found[:1] + found[-1:])] if found else ["", ""]
        back = bool(after) or (before is not None and more)
        forth = (before is not None) or more
        return Listing(columns, self._rows(fetched, cells), self.sort(), edges[-1] if forth and fetched else "", edges[0] if back and fetched else "", count, exact)

    def rows(self, paths: list[str], size: int, after: keyset.Cursor | None = None) -> list[tuple[Any, ...]]:
        """Up to `size` rows of `paths`, each with its sort value and id at the end: what programs are told."""
        return keyset.rows_at(self._sized().places(size, after=after), self.type.model, paths)

    def _plan(self, columns: list[Field]) -> tuple[list[str], list[Cell]]:
        """The paths to fetch (each once) and a cell function per column."""
        at: dict[str, int] = {"revision" if self.type.has_revision else "pk": 0}
        cells = []
        title = self.type.title_path
        at.setdefault(title, len(at))
        for column in columns:
            kind = kind_of(column.kind)
            places = tuple(at.setdefault(p, len(at)) for p in kind.paths(column))
            cells.append(kind.cell(column, places, self.view))
        return list(at), cells

    def _rows(self, fetched: list[tuple[Any, ...]], cells: list[Cell]) -> list[Row]:
        rest = cells[1:]
        return [Row(row[-1], [cell(row) for cell in rest], row[1], row[0]) for row in fetched]

    def _sized(self) -> Sized:
        sort = self.sort()
        return Sized(self.type.model, self.queryset, sort, plain=self.plain, tree=self.state.filter, words=self.state.words, key=self._key(sort), asked=sort.name != self.type.sort)

    def _key(self, sort: keyset.Sort) -> Hashable:
        """What names the statement of a plain list that the person sees all of: those are asked all day. None for others, and for the order of an own field."""
        if self.within is not None or self.state.filter or self.state.words or sort.field.is_custom or not seen.unrestricted(self.view.access, self.type.key):
            return None
        return ("list", self.type.key, sort.name, self.state.archived)

    def totals(self) -> dict[str, Any]:
        """Sums over the whole filter: of the type's `totals`, in base currency where they are money; and the exact count."""
        sums = {f"sum_{name}": Sum(name) for name in self.type.totals if name in self.type.visible_fields(self.view.access)}
        return dict(self.queryset().order_by().aggregate(count=Count("pk"), **sums))
