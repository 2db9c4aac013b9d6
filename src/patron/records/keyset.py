"""Keyset paging: any sort, forwards and backwards, over columns that may be empty; each page is at most two index scans."""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.utils.translation import gettext as _

from patron.kernel.db.functions import Fold
from patron.kernel.parsing import Invalid
from patron.records.fields import Field
from patron.records.kinds import kind_of
from patron.records.kinds.linked import Relation


class RowCompare(Func):
    """`(a, id) > (x, y)`: one comparison that an index over (a, id) answers from the right place on."""

    output_field: Any = BooleanField()
    conditional = True

    def __init__(self, *expressions: Any, operator: str = ">", **extra: Any) -> None:
        super().__init__(*expressions, **extra)
        self.operator = operator

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> Any:  # type: ignore[override]
        parts = [compiler.compile(e) for e in self.source_expressions]
        (a, b, c, d) = (sql for sql, _params in parts)
        return f"({a}, {b}) {self.operator} ({c}, {d})", [p for _sql, params in parts for p in params]


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


@dataclass(frozen=True, slots=True)
class Cursor:
    """The edge of a page: the last row's sort value (None: among the empty ones) and id."""

    value: Any
    id: uuid.UUID

    def encode(self) -> str:
        text = json.dumps([None if self.value is None else str(self.value), self.id.hex], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(text: str) -> Cursor:
    """The cursor of an address; `Invalid` when it was tampered with or belongs elsewhere."""
    try:
        value, key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return Cursor(value, uuid.UUID(key))
    except (ValueError, TypeError) as error:
        raise Invalid(_("This page of the list no longer exists. Start from the first page.")) from error


def page(queryset: QuerySet[Any], sort: Sort, paths: list[str], *, size: int, after: Cursor | None = None, before: Cursor | None = None) -> list[tuple[Any, ...]]:
    """Up to `size` rows of `paths`; each row ends with its sort value and its id. Rows before a cursor come in list order too."""
    base = queryset.annotate(_sort=sort.expression).order_by()
    if before is not None:
        rows = _stretch(base, sort, paths, size, before, backwards=True)
        return rows[::-1]
    return _stretch(base, sort, paths, size, after, backwards=False)


def _stretch(base: QuerySet[Any], sort: Sort, paths: list[str], size: int, edge: Cursor | None, *, backwards: bool) -> list[tuple[Any, ...]]:
    """Filled rows, then empty ones; backwards the other way round."""
    filled = _Part(base.filter(_sort__isnull=False) if sort.nullable else base, sort.descending != backwards, by_value=True)
    empty = _Part(base.filter(_sort__isnull=True), sort.descending != backwards, by_value=False)
    parts = ([filled, empty] if sort.nullable else [filled]) if not backwards else ([empty, filled] if sort.nullable else [filled])
    rows: list[tuple[Any, ...]] = []
    for part in parts:
        inside = edge is not None and part.by_value == (edge.value is not None)
        if edge is not None and not inside and part is parts[0] and len(parts) > 1:
            continue  # the edge lies in the second part: the first is behind us
        if len(rows) < size:
            rows += part.fetch(paths, size - len(rows), edge if inside else None)
    return rows


@dataclass(frozen=True, slots=True)
class _Part:
    queryset: QuerySet[Any]
    descending: bool
    by_value: bool

    def fetch(self, paths: list[str], size: int, edge: Cursor | None) -> list[tuple[Any, ...]]:
        sign, turn = ("<", "-") if self.descending else (">", "")
        queryset = self.queryset
        if edge is not None and self.by_value:
            value = Value(edge.value, output_field=queryset.query.annotations["_sort"].output_field)
            queryset = queryset.filter(**{f"_sort__{'lte' if self.descending else 'gte'}": value})
            queryset = queryset.filter(RowCompare(F("_sort"), F("pk"), value, Value(edge.id), operator=sign))
        elif edge is not None:
            queryset = queryset.filter(**{f"pk__{'lt' if self.descending else 'gt'}": edge.id})
        order = [f"{turn}_sort", f"{turn}pk"] if self.by_value else [f"{turn}pk"]
        return list(queryset.order_by(*order).values_list(*paths, "_sort", "pk")[:size])


ALWAYS = Q()
