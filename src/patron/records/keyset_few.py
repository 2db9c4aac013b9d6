"""Keyset paging of a list that may be short: tried as such, and counted, in one statement."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from patron.records.keyset import Sort
from patron.records.keyset_cursor import Cursor, Place


def places(queryset: QuerySet[Any], sort: Sort, *, size: int, most: int, after: Cursor | None = None, before: Cursor | None = None) -> tuple[list[Place], int]:
    """The places of a page, and how many rows the queryset has: up to `most`, one more for more than these (then the places are worth nothing).
    PostgreSQL finds the rows without a thought for their order, and sorts them then. Rows without a value come last.
    """
    edge, backwards = (before, True) if before is not None else (after, False)
    try:
        sql, params = queryset.annotate(_sort=sort.expression).order_by().values_list("_sort", "pk")[: most + 1].query.sql_with_params()
    except EmptyResultSet:
        return [], 0
    way, sign = ("DESC", "<") if sort.descending != backwards else ("ASC", ">")
    where, more = "", list[Any]()
    if edge is not None and edge.value is None:
        where, more = f"WHERE (value IS NULL AND id {sign} %s){' OR value IS NOT NULL' if backwards else ''}", [edge.id]
    elif edge is not None:
        where, more = f"WHERE (value, id) {sign} (%s, %s){'' if backwards else ' OR value IS NULL'}", [str(edge.value), edge.id]
    order = f"value IS NULL {'DESC' if backwards else 'ASC'}, value {way}, id {way}"
    page = f"SELECT value, id FROM found {where} ORDER BY {order} LIMIT {size:d}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH found (value, id) AS MATERIALIZED ({sql}), counted (total) AS (SELECT count(*) FROM found) "
            f"SELECT value, id, total FROM counted LEFT JOIN LATERAL ({page}) AS page ON true ORDER BY {order}",
            [*params, *more],
        )
        rows = cursor.fetchall()
    found = [Place(value, pk) for value, pk, _total in rows if pk is not None]
    return found[::-1] if backwards else found, rows[0][2]
