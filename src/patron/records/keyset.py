"""Keyset paging: any sort, forwards and backwards, over columns that may be empty.

The places of a page (ids in their order) are found first, in at most two index scans; then the columns of these rows alone, by a statement that is the same for
every page and filter and therefore kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import models
from django.db.models import F, QuerySet, Value

from patron.kernel.db import prepared
from patron.kernel.db.functions import Fold
from patron.records.customs.transforms import alike_everywhere
from patron.records.fields import Field
from patron.records.keyset_cursor import Cursor, Place, RowCompare, decode
from patron.records.keyset_linked import Linked
from patron.records.kinds import kind_of
from patron.records.kinds.linked import Relation

#: Asked for the rows of a list only where their statement has to be written.
Rows = Callable[[], QuerySet[Any]]
__all__ = ["Cursor", "Place", "Sort", "decode", "page", "places", "rows_at"]


@dataclass(frozen=True, slots=True)
class Sort:
    """What a list is ordered by: an expression, the path whose emptiness puts a row last, and the direction."""

    field: Field
    descending: bool

    @property
    def expression(self) -> Any:
        kind = kind_of(self.field.kind)
        if isinstance(kind, Relation):
            return Fold(F(kind.title_path(self.field)))
        return Fold(F(self.field.path)) if kind.sql == "text" and self.field.kind not in ("choice", "currency", "country") else F(self.field.path)

    @property
    def nullable(self) -> bool:
        return self.field.nullable or bool(self.field.prefix)

    @property
    def linked(self) -> bool:
        """Whether it is the order of the names that rows point to."""
        return isinstance(kind_of(self.field.kind), Relation) and not self.field.prefix and not self.field.is_custom

    @property
    def name(self) -> str:
        return ("-" if self.descending else "") + self.field.name


def page(
    queryset: QuerySet[Any], sort: Sort, paths: list[str], *, size: int, after: Cursor | None = None, before: Cursor | None = None, key: Hashable = None
) -> list[tuple[Any, ...]]:
    """Up to `size` rows of `paths`; each row ends with its sort value and its id. Rows before a cursor come in list order too.

    `key` names all that the queryset and the sort depend on, where the statement of the first page may be kept (`kernel.db.prepared`).
    """
    return rows_at(places(lambda: queryset, sort, size=size, after=after, before=before, key=key), queryset.model, paths)


def places(rows: Rows, sort: Sort, *, size: int, after: Cursor | None = None, before: Cursor | None = None, key: Hashable = None) -> list[Place]:
    """Where the rows of a page are: sort value and id. `rows` is asked for the queryset where the statement is not kept."""
    edge, backwards = (before, True) if before is not None else (after, False)
    descending = sort.descending != backwards
    filled: _Valued | Linked
    if sort.linked:
        title = kind_of(sort.field.kind).title_path(sort.field).partition("__")[2]  # type: ignore[attr-defined]
        filled = Linked(rows, sort.field.path, sort.field.model, title, descending=descending, key=key)
        empty = _Empty(lambda: rows().order_by().filter(**{f"{sort.field.path}__isnull": True}), descending)
    else:

        def valued(*, empty: bool) -> QuerySet[Any]:
            base = rows().annotate(_sort=sort.expression).order_by()
            return base.filter(_sort__isnull=empty) if sort.nullable else base

        filled, empty = _Valued(partial(valued, empty=False), descending, key), _Empty(partial(valued, empty=True), descending, key)
    found = _stretch(filled, empty, size, edge, backwards=backwards, nullable=sort.nullable)
    return found[::-1] if backwards else found


def rows_at(found: list[Place], model: Any, paths: list[str]) -> list[tuple[Any, ...]]:
    """The columns of the rows at these places, each row ending with its sort value and its id. Knows no rights: the places do."""
    if not found:
        return []

    def build(ids: list[Any]) -> QuerySet[Any]:
        return model.objects.filter(pk__among=ids).values_list(*paths, "pk")  # type: ignore[no-any-return]

    ids = [place.id for place in found]
    rows = prepared.rows(("rows", model._meta.label, tuple(paths)), build, ids=ids) if alike_everywhere(paths) else build(ids)
    loaded = {row[-1]: row[:-1] for row in rows}
    return [(*loaded[place.id], place.value, place.id) for place in found if place.id in loaded]


def _stretch(filled: Any, empty: Any, size: int, edge: Cursor | None, *, backwards: bool, nullable: bool) -> list[Place]:
    """Filled rows, then empty ones; backwards the other way round."""
    parts = [filled, *([empty] if nullable else [])]
    found: list[Place] = []
    for part in reversed(parts) if backwards else parts:
        inside = edge is not None and (part is filled) == (edge.value is not None)
        if edge is not None and not inside and nullable and part is (empty if backwards else filled):
            continue  # the edge lies in the second part: the first is behind us
        if len(found) < size:
            found += part.fetch(size - len(found), edge if inside else None)
    return found


def beyond(rows: QuerySet[Any], edge: Cursor | None, descending: bool) -> QuerySet[Any]:
    """Those of the rows, each with its `_sort`, that come after the edge in the order."""
    if edge is None:
        return rows
    value = Value(edge.value, output_field=rows.query.annotations["_sort"].output_field)
    rows = rows.filter(**{f"_sort__{'lte' if descending else 'gte'}": value})
    return rows.filter(RowCompare(F("_sort"), F("pk"), value, Value(edge.id), operator="<" if descending else ">"))


@dataclass(frozen=True, slots=True)
class _Valued:
    """The rows with a sort value, ordered by it."""

    rows: Rows
    descending: bool
    key: Hashable = None

    def fetch(self, size: int, edge: Cursor | None) -> list[Place]:
        turn = "-" if self.descending else ""

        def build() -> QuerySet[Any]:
            return beyond(self.rows(), edge, self.descending).order_by(f"{turn}_sort", f"{turn}pk").values_list("_sort", "pk")[:size]

        return _places(self.key if edge is None else None, size, build)


@dataclass(frozen=True, slots=True)
class _Empty:
    """The rows without a sort value, ordered by id."""

    rows: Rows
    descending: bool
    key: Hashable = None

    def fetch(self, size: int, edge: Cursor | None) -> list[Place]:
        turn = "-" if self.descending else ""

        def build() -> QuerySet[Any]:
            rows = self.rows() if edge is None else self.rows().filter(**{f"pk__{'lt' if self.descending else 'gt'}": edge.id})
            return rows.order_by(f"{turn}pk").values_list(Value(None, output_field=models.TextField()), "pk")[:size]

        return _places((self.key, "empty") if self.key and edge is None else None, size, build)


def _places(key: Hashable, size: int, build: Callable[[], QuerySet[Any]]) -> list[Place]:
    return [Place(*row) for row in (prepared.rows((key, size), build) if key else build())]
