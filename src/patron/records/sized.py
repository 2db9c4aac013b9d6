"""Where the rows of a page are, and how many rows a list has.

What PostgreSQL guesses of contained text and own fields is often wrong by a hundred, and a wrong guess sorts thousands of rows, or walks a million: so a narrowed
list is tried as a short one (`keyset_few`), unless a sample of its table says that it is long (`sampling`, `keyset_many`).
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, nullcontext
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from patron.kernel.db import prepared
from patron.records import keyset, keyset_few, keyset_many, ordering, sampling, search
from patron.records.kinds import kind_of

#: Rows up to which a narrowed list is found first and put in order then, and counted exactly.
FEW = 5000
#: The same where PostgreSQL expects many more; and where a sample finds it likely that there are some more.
FEWER, MORE = 500, 20_000
#: A page is full soon where one of so many rows is in the list.
OFTEN = 100


class Sized:
    """A list in one order, of the rows of `model` that `build` answers. `plain` answers the same rows, without what is there only for an index; `tree` and
    `words` are what narrows them; `key` names the statement where it may be kept; `asked`: somebody wants this order, it is not just the type's own."""

    def __init__(self, model: Any, build: keyset.Rows, sort: keyset.Sort, *, plain: keyset.Rows, tree: Any, words: str, key: Hashable = None, asked: bool = False) -> None:
        self.model, self._build, self.sort, self._plain, self.tree, self.words, self.key, self.asked = model, build, sort, plain, tree, words, key, asked

    @cached_property
    def queryset(self) -> QuerySet[Any]:
        return self._build()

    @cached_property
    def plain(self) -> QuerySet[Any]:
        return self._plain()

    def places(self, size: int, *, after: keyset.Cursor | None = None, before: keyset.Cursor | None = None) -> list[keyset.Place]:
        """Where the rows of a page are; `Unordered` where that would take too long to tell."""
        if self.sort.linked and not self.key:
            return self._ordered(lambda: self._rows if self.few is not None else self.queryset, size, after, before) if self.few != 0 else []
        found = None if self.key else self._narrowed(size, after, before)
        return self._ordered(lambda: self.queryset, size, after, before) if found is None else found

    def _narrowed(self, size: int, after: keyset.Cursor | None, before: keyset.Cursor | None) -> list[keyset.Place] | None:
        """A page of a list of few rows, or of very many; None where it is neither."""
        most = FEW
        if self._unforeseen:
            sample = sampling.of(search.helped(self.plain, self.tree), self.sort.expression)
            if sample.beyond(FEW):
                self.few, self.estimate = None, sample.rows
                return self._many(sample, size, after, before)
            most = MORE if sample.rows > FEW / 2 else FEW
        elif self.estimate >= 4 * FEW:
            most = FEWER
        found, total = keyset_few.places(self.queryset, self.sort, size=size, most=most, after=after, before=before)
        if total > most and most >= FEW:
            self.few = None
        if total > most:
            return None
        self.few = total
        return found

    def _many(self, sample: sampling.Sample, size: int, after: keyset.Cursor | None, before: keyset.Cursor | None) -> list[keyset.Place] | None:
        """A page of a list that has far more than `FEW` rows; None where its order does not help."""
        field = self.sort.field
        if not ordering.at_hand(self.model, self.sort):
            return None
        text = search.inside(self.model, self.tree, field.name)
        if text and OFTEN * sum(1 for value in sample.values if not str(value).startswith(text)) < sample.looked_at:
            begun, held = (self.plain.filter(q(field.path, text)) for q in (search.begins, search.holds))
            return keyset_many.inside(begun, held, self.sort, size=size, after=after, before=before)
        return keyset_many.walked(self.plain, self.sort, size=size, text=text, after=after, before=before)

    def _ordered(self, rows: keyset.Rows, size: int, after: keyset.Cursor | None, before: keyset.Cursor | None) -> list[keyset.Place]:
        if self.asked and not ordering.at_hand(self.model, self.sort) and self.estimate > ordering.MOST:
            raise ordering.refuse(self.sort)
        with _walked() if not self.key and not self.sort.linked and self._apart else nullcontext():
            return keyset.places(rows, self.sort, size=size, after=after, before=before, key=self.key)

    @property
    def _unforeseen(self) -> bool:
        """Whether PostgreSQL could only guess how many rows there are, so that asking it is in vain."""
        return bool(self.words) or '"contains"' in json.dumps(self.tree)

    @property
    def _apart(self) -> bool:
        """Whether the order has nothing to do with what narrows the list: then a page is full soon. By name, all walnuts come near the end."""
        field = self.sort.field
        return kind_of(field.kind).sql != "text" and f'"{field.name}"' not in json.dumps(self.tree)

    @cached_property
    def few(self) -> int | None:
        """The number of rows, None for more than `FEW`. Looks at no more of them."""
        found = self.queryset.order_by().values("pk")[: FEW + 1].count()
        return found if found <= FEW else None

    @property
    def _rows(self) -> QuerySet[Any]:
        """The same rows where there are few: found as when no order is asked for."""
        found: QuerySet[Any] = self.model.objects.filter(pk__in=self.queryset.order_by().values("pk")[: FEW + 1])
        return found

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
def _walked() -> Iterator[None]:
    """Inside, PostgreSQL puts no rows in order that an index has in order."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        yield
        cursor.execute("SET LOCAL enable_sort = on")
