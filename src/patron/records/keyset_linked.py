"""Keyset paging of a list that is ordered by the name of what each record points to: owner, account, product.

Sorting by a joined name would read every row for the first page. Instead the names are walked in their order and the rows of each fetched by the index on
the relation; after a few rounds without a full page (a narrow filter, say) the rest is sorted in one piece.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Func, IntegerField, Q, QuerySet, Value
from django.utils.translation import gettext as _

from patron.kernel.db.functions import Fold
from patron.kernel.parsing import Invalid
from patron.records.keyset_cursor import Cursor, RowCompare, narrow

#: How many names are asked at once, round by round: one while each has many rows, ever more while they have few.
ROUNDS = (1, 4, 16, 64, 256, 256, 256)
Row = tuple[Any, ...]


class _Place(Func):
    """`array_position(ids, id)`: the order of the names, for their rows."""

    function = "array_position"
    output_field: Any = IntegerField()
    template = "array_position(%(expressions)s)"

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        ids, column = self.source_expressions
        sql, params = compiler.compile(column)
        return f"array_position(%s::uuid[], {sql})", [ids.value, *params]  # type: ignore[attr-defined]


def _place(value: Any) -> tuple[uuid.UUID, str]:
    """The id and the name in a cursor's value."""
    try:
        return uuid.UUID(str(value)[:32]), str(value)[32:]
    except ValueError as error:
        raise Invalid(_("This page of the list no longer exists. Start from the first page.")) from error


class Linked:
    """One page. `path` is the relation's column, `title` the path of the name as seen from the record that is pointed to."""

    def __init__(self, queryset: QuerySet[Any], path: str, target: Any, title: str, paths: list[str], *, descending: bool) -> None:
        self.base, self.path, self.target, self.title = queryset, path, target, title
        self.paths, self.descending = paths, descending
        self.turn, self.sign = ("-", "<") if descending else ("", ">")

    def fetch(self, size: int, edge: Cursor | None) -> list[Row]:
        """Rows after the edge that point to something; each ends with its place in the order and its id."""
        start = None if edge is None or edge.value is None else _place(edge.value)
        rows: list[Row] = []
        if start and edge:
            rows += self._rows(self.base.filter(**{self.path: start[0], f"pk__{'lt' if self.descending else 'gt'}": edge.id}), [start], size)
        targets = self._targets(start)
        for many in ROUNDS:
            if len(rows) >= size:
                break
            group = [pair for _n, pair in zip(range(many), targets, strict=False)]
            if not group:
                return rows
            start = group[-1]
            rows += self._rows(self.base.filter(**{f"{self.path}__in": [pk for pk, _name in group]}), group, size - len(rows))
        else:
            if len(rows) < size and start:
                rows += self._rest(start, size - len(rows))
        return rows

    def _rows(self, rows: QuerySet[Any], group: list[tuple[uuid.UUID, str]], size: int) -> list[Row]:
        """Up to `size` rows of a few names, in the names' order."""
        names = dict(group)
        order = [f"{self.turn}pk"]
        if len(group) > 1:
            rows = rows.annotate(_place=_Place(Value(list(names)), F(self.path)))
            order = ["_place", *order]
        found = narrow(rows, order, size).annotate(**({"_place": _Place(Value(list(names)), F(self.path))} if len(group) > 1 else {}))
        return [(*row[:-2], f"{row[-2].hex}{names[row[-2]]}", row[-1]) for row in found.order_by(*order).values_list(*self.paths, self.path, "pk")]

    def _targets(self, start: tuple[uuid.UUID, str] | None) -> Iterator[tuple[uuid.UUID, str]]:
        """The names after `start` in order, a chunk at a time."""
        size = 8
        while True:
            rows = self.target.objects.annotate(_name=Fold(F(self.title))).order_by(f"{self.turn}_name", f"{self.turn}pk")
            if start is not None:
                rows = rows.filter(RowCompare(F("_name"), F("pk"), Value(start[1]), Value(start[0]), operator=self.sign))
            chunk = list(rows.values_list("pk", "_name")[:size])
            yield from ((pk, name or "") for pk, name in chunk)
            if len(chunk) < size:
                return
            start, size = (chunk[-1][0], chunk[-1][1] or ""), size * 8

    def _rest(self, start: tuple[uuid.UUID, str], size: int) -> list[Row]:
        """What comes after the names that were walked, by a sort over all of it."""
        name = f"{self.path.removesuffix('_id')}__{self.title}"
        rows = self.base.filter(~Q(**{f"{self.path}__isnull": True})).annotate(_name=Fold(F(name)))
        rows = rows.filter(RowCompare(F("_name"), F(self.path), Value(start[1]), Value(start[0]), operator=self.sign))
        found = rows.order_by(f"{self.turn}_name", f"{self.turn}{self.path}", f"{self.turn}pk").values_list(*self.paths, "_name", self.path, "pk")[:size]
        return [(*row[:-3], f"{row[-2].hex}{row[-3]}", row[-1]) for row in found]
