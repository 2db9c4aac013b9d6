"""A list of records: its state (all of it in the address), its rows, its count and its totals."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum
from django.http import QueryDict
from django.utils.translation import gettext as _

from patron.kernel.db import prepared
from patron.kernel.formats import Formats
from patron.records import filters, keyset, keyset_few, search, seen
from patron.records.fields import Field
from patron.records.kinds import Invalid, View, kind_of
from patron.records.kinds.base import Cell
from patron.records.record_type import RecordType

PAGE = 50
#: Rows up to which a narrowed list is found first and put in order then, and counted exactly.
FEW = 5000
#: The same where PostgreSQL expects many more.
FEWER = 500


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
            rows = search.narrowed(rows, self.state.filter).filter(filters.condition(self.type, self.state.filter, self.view))
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
        sized = Sized(self.queryset(), self._key(self.sort()))
        found = self.places(sized, size + 1, after=after, before=before)
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
        return keyset.rows_at(self.places(Sized(self.queryset(), self._key(self.sort())), size, after=after), self.type.model, paths)

    def places(self, sized: Sized, size: int, *, after: keyset.Cursor | None = None, before: keyset.Cursor | None = None) -> list[keyset.Place]:
        """Where the rows of a page are. What PostgreSQL guesses of contained words and own fields is often wrong by a hundred, and a wrong guess sorts
        thousands of rows, or walks a million: so it is tried whether there are few."""
        sort = self.sort()
        ask = partial(keyset.places, sort=sort, size=size, after=after, before=before, key=sized.key)
        if sized.key:
            return ask(sized.queryset)
        if sort.linked:
            return ask(sized.rows if sized.few is not None else sized.queryset) if sized.few != 0 else []
        most = FEW if self._unforeseen() or sized.estimate < 4 * FEW else FEWER
        found, total = keyset_few.places(sized.queryset, sort, size=size, most=most, after=after, before=before)
        if total <= most:
            sized.few = total
            return found
        if most == FEW:
            sized.few = None
        with walked() if self._apart(sort) else nullcontext():
            return ask(sized.queryset)

    def _unforeseen(self) -> bool:
        """Whether PostgreSQL could only guess how many rows there are, so that asking it is in vain."""
        return bool(self.state.words) or '"contains"' in json.dumps(self.state.filter)

    def _apart(self, sort: keyset.Sort) -> bool:
        """Whether the order has nothing to do with what narrows the list: then a page is full soon. By name, all walnuts come near the end."""
        return kind_of(sort.field.kind).sql != "text" and f'"{sort.field.name}"' not in json.dumps(self.state.filter)

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

    def _key(self, sort: keyset.Sort) -> Hashable:
        """What names the statement of a plain list that the person sees all of: those are asked all day. None for others, and for the order of an own field."""
        if self.within is not None or self.state.filter or self.state.words or sort.field.is_custom or not seen.unrestricted(self.view.access, self.type.key):
            return None
        return ("list", self.type.key, sort.name, self.state.archived)

    def totals(self) -> dict[str, Any]:
        """Sums over the whole filter: of the type's `totals`, in base currency where they are money; and the exact count."""
        sums = {f"sum_{name}": Sum(name) for name in self.type.totals if name in self.type.visible_fields(self.view.access)}
        return dict(self.queryset().order_by().aggregate(count=Count("pk"), **sums))


class Sized:
    """How many rows a list has: exactly where there are few, else the planner's estimate. `key` names the statement where it may be kept."""

    def __init__(self, queryset: QuerySet[Any], key: Hashable = None) -> None:
        self.queryset, self.key = queryset, key

    @cached_property
    def few(self) -> int | None:
        """The number of rows, None for more than `FEW`. Looks at no more of them."""
        found = self.queryset.order_by().values("pk")[: FEW + 1].count()
        return found if found <= FEW else None

    @property
    def rows(self) -> QuerySet[Any]:
        """The same rows where there are few: found as when no order is asked for."""
        return self.queryset.model.objects.filter(pk__in=self.queryset.order_by().values("pk")[: FEW + 1])  # type: ignore[no-any-return]

    @cached_property
    def estimate(self) -> int:
        """The planner's guess: costs a plan, reads nothing."""
        try:
            sql, params = prepared.statement((self.key, "ids"), self._ids) if self.key else self._ids().query.sql_with_params()
        except EmptyResultSet:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
            plan = cursor.fetchone()[0]
        return int((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Plan Rows"])

    def _ids(self) -> QuerySet[Any]:
        return self.queryset.order_by().values("pk")

    def count(self) -> tuple[int, bool]:
        """(rows, whether that is exact). Where there are more than `FEW` and the guess is below, `FEW` itself: more than that is all that is known."""
        if not self.key or self.estimate < 2 * FEW:
            if self.few is not None:
                return self.few, True
        return max(self.estimate, FEW), False


@contextmanager
def walked() -> Iterator[None]:
    """Inside, PostgreSQL puts no rows in order that an index has in order."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        yield
        cursor.execute("SET LOCAL enable_sort = on")
