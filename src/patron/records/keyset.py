"""Keyset paging: any sort, forwards and backwards, over columns that may be empty; each page is at most two index scans."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Value

from patron.kernel.db import prepared
from patron.kernel.db.functions import Fold
from patron.records.fields import Field
from patron.records.keyset_cursor import Cursor, RowCompare, decode, narrow
from patron.records.keyset_linked import Linked
from patron.records.kinds import kind_of
from patron.records.kinds.linked import Relation

__all__ = ["Cursor", "Sort", "decode", "page"]


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
    def name(self) -> str:
        return ("-" if self.descending else "") + self.field.name


def page(
    queryset: QuerySet[Any], sort: Sort, paths: list[str], *, size: int, after: Cursor | None = None, before: Cursor | None = None, key: Hashable = None
) -> list[tuple[Any, ...]]:
    """Up to `size` rows of `paths`; each row ends with its sort value and its id. Rows before a cursor come in list order too.

    `key` names all that the queryset, the sort and the paths depend on, where the statement of the first page may be kept (`kernel.db.prepared`).
    """
    edge, backwards = (before, True) if before is not None else (after, False)
    descending = sort.descending != backwards
    filled: _Valued | Linked
    if isinstance(kind_of(sort.field.kind), Relation) and not sort.field.prefix and not sort.field.is_custom:
        title = kind_of(sort.field.kind).title_path(sort.field).partition("__")[2]  # type: ignore[attr-defined]
        filled = Linked(queryset.order_by(), sort.field.path, sort.field.model, title, paths, descending=descending)
        empty = _Empty(queryset.order_by().filter(**{f"{sort.field.path}__isnull": True}), paths, descending)
    else:
        base = queryset.annotate(_sort=sort.expression).order_by()
        filled = _Valued(base.filter(_sort__isnull=False) if sort.nullable else base, sort.expression, paths, descending, key)
        empty = _Empty(base.filter(_sort__isnull=True), paths, descending, key)
    rows = _stretch(filled, empty, size, edge, backwards=backwards, nullable=sort.nullable)
    return rows[::-1] if backwards else rows


def _stretch(filled: Any, empty: Any, size: int, edge: Cursor | None, *, backwards: bool, nullable: bool) -> list[tuple[Any, ...]]:
    """Filled rows, then empty ones; backwards the other way round."""
    parts = [filled, *([empty] if nullable else [])]
    rows: list[tuple[Any, ...]] = []
    for part in reversed(parts) if backwards else parts:
        inside = edge is not None and (part is filled) == (edge.value is not None)
        if edge is not None and not inside and nullable and part is (empty if backwards else filled):
            continue  # the edge lies in the second part: the first is behind us
        if len(rows) < size:
            rows += part.fetch(size - len(rows), edge if inside else None)
    return rows


@dataclass(frozen=True, slots=True)
class _Valued:
    """The rows with a sort value, ordered by it."""

    queryset: QuerySet[Any]
    expression: Any
    paths: list[str]
    descending: bool
    key: Hashable = None

    def fetch(self, size: int, edge: Cursor | None) -> list[tuple[Any, ...]]:
        sign, turn = ("<", "-") if self.descending else (">", "")
        rows, order = self.queryset, [f"{turn}_sort", f"{turn}pk"]
        if edge is not None:
            value = Value(edge.value, output_field=rows.query.annotations["_sort"].output_field)
            rows = rows.filter(**{f"_sort__{'lte' if self.descending else 'gte'}": value})
            rows = rows.filter(RowCompare(F("_sort"), F("pk"), value, Value(edge.id), operator=sign))
        return _listed(self.key if edge is None else None, size, lambda: narrow(rows, order, size).annotate(_sort=self.expression).order_by(*order).values_list(*self.paths, "_sort", "pk"))


@dataclass(frozen=True, slots=True)
class _Empty:
    """The rows without a sort value, ordered by id."""

    queryset: QuerySet[Any]
    paths: list[str]
    descending: bool
    key: Hashable = None

    def fetch(self, size: int, edge: Cursor | None) -> list[tuple[Any, ...]]:
        turn, rows = "-" if self.descending else "", self.queryset
        if edge is not None:
            rows = rows.filter(**{f"pk__{'lt' if self.descending else 'gt'}": edge.id})
        key = (self.key, "empty") if self.key and edge is None else None
        found = _listed(key, size, lambda: narrow(rows, [f"{turn}pk"], size).order_by(f"{turn}pk").values_list(*self.paths, "pk"))
        return [(*row[:-1], None, row[-1]) for row in found]


def _listed(key: Hashable, size: int, build: Callable[[], QuerySet[Any]]) -> list[Any]:
    return prepared.rows((key, size), build) if key else list(build())
