"""Keyset paging of a list that is ordered by the name of what each record points to: owner, account, product.

Sorting by a joined name would read every row for the first page. Instead the names are walked in their order and the first rows of each found by the index on
the relation, many names in one statement; where that does not fill a page (a narrow filter, say) the rest is sorted in one piece.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from patron.kernel.db import prepared
from patron.kernel.db.functions import Fold
from patron.kernel.parsing import Invalid
from patron.records.keyset_cursor import Cursor, Place, RowCompare

#: How many names are asked at once, round by round: few may have many rows, many may have none.
ROUNDS = (64, 512)
Name = tuple[uuid.UUID, str]


def _place(value: Any) -> tuple[uuid.UUID, str]:
    """The id and the name in a cursor's value."""
    try:
        return uuid.UUID(str(value)[:32]), str(value)[32:]
    except ValueError as error:
        raise Invalid(_("This page of the list no longer exists. Start from the first page.")) from error


class Linked:
    """One page. `path` is the relation's column, `title` the path of the name as seen from the record that is pointed to; `key` names the statements
    where they may be kept (`kernel.db.prepared`)."""

    def __init__(self, rows: Callable[[], QuerySet[Any]], path: str, target: Any, title: str, *, descending: bool, key: Hashable = None) -> None:
        self._rows, self.path, self.target, self.title, self.descending = rows, path, target, title, descending
        self.turn, self.sign = ("-", "<") if descending else ("", ">")
        self.key = key and (key, "linked", descending)

    @cached_property
    def base(self) -> QuerySet[Any]:
        return self._rows().order_by()

    def fetch(self, size: int, edge: Cursor | None) -> list[Place]:
        """The places after the edge of rows that point to something; their value is the id that is pointed to, and its name."""
        start = None if edge is None or edge.value is None else _place(edge.value)
        found: list[tuple[Name, uuid.UUID]] = []
        if start and edge:
            same = self.base.filter(**{self.path: start[0], f"pk__{'lt' if self.descending else 'gt'}": edge.id})
            found += [(start, pk) for pk in same.order_by(f"{self.turn}pk").values_list("pk", flat=True)[:size]]
        for many in ROUNDS:
            if len(found) >= size:
                break
            names = self._names(start, many)
            found += self._ids(names, size - len(found))
            if len(names) < many:
                break
            start = names[-1]
        else:
            if len(found) < size and start:
                found += self._rest(start, size - len(found))
        return [Place(f"{target.hex}{name}", pk) for (target, name), pk in found[:size]]

    def _names(self, start: Name | None, many: int) -> list[Name]:
        """The next names in order."""

        def build() -> QuerySet[Any]:
            rows = self.target.objects.annotate(_name=Fold(F(self.title))).order_by(f"{self.turn}_name", f"{self.turn}pk")
            if start is not None:
                rows = rows.filter(RowCompare(F("_name"), F("pk"), Value(start[1]), Value(start[0]), operator=self.sign))
            return rows.values_list("pk", "_name")[:many]

        rows = prepared.rows((self.key, many), build) if self.key and start is None else build()
        return [(pk, name or "") for pk, name in rows]

    def _ids(self, names: list[Name], size: int) -> list[tuple[Name, uuid.UUID]]:
        """The first rows of the names, in the names' order: an index scan with a limit for each, in one statement."""
        if not names:
            return []

        def of_one() -> QuerySet[Any]:
            return self.base.filter(**{self.path: RawSQL("t.id", [])}).order_by(f"{self.turn}pk").values("pk")[:size]

        try:
            sql, params = prepared.statement((self.key, "of one", size), of_one) if self.key else of_one().query.sql_with_params()
        except EmptyResultSet:  # what is looked for is nowhere
            return []
        statement = (
            f"SELECT t.place, r.id FROM unnest(%s::uuid[]) WITH ORDINALITY AS t(id, place) CROSS JOIN LATERAL ({sql}) AS r(id) "
            f"ORDER BY t.place, r.id {'DESC' if self.descending else 'ASC'} LIMIT %s"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [prepared.array([pk for pk, _name in names]), *params, size])
            return [(names[place - 1], pk) for place, pk in cursor.fetchall()]

    def _rest(self, start: Name, size: int) -> list[tuple[Name, uuid.UUID]]:
        """What comes after the names that were walked, by a sort over all of it."""
        name = f"{self.path.removesuffix('_id')}__{self.title}"
        rows = self.base.filter(~Q(**{f"{self.path}__isnull": True})).annotate(_name=Fold(F(name)))
        rows = rows.filter(RowCompare(F("_name"), F(self.path), Value(start[1]), Value(start[0]), operator=self.sign))
        found = rows.order_by(f"{self.turn}_name", f"{self.turn}{self.path}", f"{self.turn}pk").values_list(self.path, "_name", "pk")[:size]
        return [((target, name or ""), pk) for target, name, pk in found]
