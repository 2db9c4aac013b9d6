"""How many rows of a large table a condition holds for, told from some of its pages. Under row-level security PostgreSQL may use no statistics for contained text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Func, IntegerField, QuerySet

from patron.kernel.db.compiler import instead
from patron.kernel.db.install import SETTING, is_distributed, per_table
from patron.kernel.db.keys import SEEN
from patron.records.database import has_search

#: Pages of a table from which on it is worth asking, and how many are looked at: some 1 500 rows, 2 ms.
LARGE, PAGES = 10_000, 128
#: So many times as many hits as one would expect of `few` rows, and some more, are hardly ever chance (once in two thousand lists).
TIMES, BEYOND = 1.6, 6


@dataclass(frozen=True, slots=True)
class Sample:
    """The sort values of the rows found on the pages that were looked at, and on how many of these; how many rows these pages hold, and how many pages there are for one of them."""

    values: tuple[Any, ...] = ()
    pages: int = 0
    looked_at: float = 0
    scale: float = 1

    @property
    def rows(self) -> int:
        """How many rows there will be in all, in two digits. None found says nothing: a table that is not large is not looked at."""
        return int(float(f"{len(self.values) * self.scale:.2g}"))

    def beyond(self, few: int) -> bool:
        """Whether there are surely more rows than `few`. Counted by pages: what came in one file lies side by side."""
        return self.pages >= TIMES * few / self.scale + BEYOND


def of(queryset: QuerySet[Any], expression: Any) -> Sample:
    """What the queryset would find on some pages of its table; nothing on a small table, on a cluster, or in a workspace with a small part of the table."""
    model = queryset.model
    if not has_search(model) or is_distributed():
        return Sample()
    table = model._meta.db_table
    try:
        page = Func(template=f'"{table}"."_page"', output_field=IntegerField())
        rows = instead(queryset, f'{SEEN}."{table}_sampled"', ()).annotate(_sort=expression, _page=page)
        sql, params = rows.order_by().values_list("_sort", "_page").query.sql_with_params()
    except EmptyResultSet:
        return Sample()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT relpages, reltuples, _page, _sort FROM ({sql}) AS found, pg_class WHERE oid = 'public.\"{table}\"'::regclass", params)
        found = cursor.fetchall()
    if not found:
        return Sample()
    pages, rows, *_rest = found[0]
    return Sample(tuple(row[3] for row in found), len({row[2] for row in found}), PAGES * rows / pages, pages / PAGES)


@per_table
def _sampled(model: Any) -> list[str]:
    """The view `seen.<table>_sampled`: the rows of the open workspace on some of the table's pages, always the same ones; none of a table that is not large."""
    if not has_search(model) or is_distributed():
        return []
    quote, table = connection.ops.quote_name, model._meta.db_table
    view = f'{SEEN}."{table}_sampled"'
    part = f"SELECT CASE WHEN relpages < {LARGE} THEN 0 ELSE 100.0 * {PAGES} / relpages END FROM pg_class WHERE oid = 'public.\"{table}\"'::regclass"
    return [
        f'CREATE OR REPLACE VIEW {view} AS SELECT *, (ctid::text::point)[0]::int AS _page FROM public."{table}" TABLESAMPLE SYSTEM (({part})) REPEATABLE (1) WHERE workspace_id = {SETTING}',
        f"ALTER VIEW {view} OWNER TO {quote(settings.PATRON_READER_ROLE)}",
        f"GRANT SELECT ON {view} TO {quote(settings.PATRON_APP_ROLE)}",
    ]
