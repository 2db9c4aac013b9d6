"""Keyset paging of a list that contained text narrows to very many rows: nobody may look at all of them to show fifty."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Func, QuerySet, TextField

from patron.kernel.db.compiler import instead
from patron.records.keyset import Sort, beyond
from patron.records.keyset_cursor import Cursor, Place

#: For each row of a page so many are looked at, in the order of the list, before that is given up; and so many where the index knows the text.
LOOKED_AT, READ = 160, 600


def walked(queryset: QuerySet[Any], sort: Sort, *, size: int, text: str = "", after: Cursor | None = None, before: Cursor | None = None) -> list[Place] | None:
    """The places of a page, found among the next rows of the table in the list's order; None where these are too few to fill it.

    The rows that are looked at are those of an index's stretch, whatever narrows the list: their number is known beforehand. `text` is what
    their sort value has to contain, where that is the condition: it is held against the index before anything else.
    """
    edge, backwards = (before, True) if before is not None else (after, False)
    if edge is not None and edge.value is None:
        return None
    model, descending = queryset.model, sort.descending != backwards
    turn = "-" if descending else ""
    rows = beyond(model.objects.annotate(_sort=sort.expression), edge, descending)
    if sort.nullable:
        rows = rows.filter(_sort__isnull=False)
    sql, params = rows.order_by(f"{turn}_sort", f"{turn}pk").values_list("_sort")[: (READ if text else LOOKED_AT) * size].query.sql_with_params()
    sql = sql.replace("SELECT ", "SELECT *, ", 1)  # every column, without Django writing each of them
    kept = Func(template=f'{connection.ops.quote_name(model._meta.db_table)}."_sort"', output_field=TextField())
    found = instead(queryset, f"({sql})", params).annotate(_sort=kept)
    if text:
        found = found.filter(_sort__contains=text)
    places = [Place(*row) for row in found.order_by(f"{turn}_sort", f"{turn}pk").values_list("_sort", "pk")[:size]]
    if len(places) < size:
        return None
    return places[::-1] if backwards else places


def inside(begun: QuerySet[Any], held: QuerySet[Any], sort: Sort, *, size: int, after: Cursor | None = None, before: Cursor | None = None) -> list[Place]:
    """The places of a page by a text, of the rows whose text begins with what is looked for and those that hold it further on: of the first
    as many as fit, for the list's own order has them side by side; of the others all."""
    edge, backwards = (before, True) if before is not None else (after, False)
    descending = sort.descending != backwards
    way, turn = ("DESC", "-") if descending else ("ASC", "")
    near, far = (beyond(rows.annotate(_sort=sort.expression), edge, descending).order_by() for rows in (begun, held))
    first, with_first = near.order_by(f"{turn}_sort", f"{turn}pk").values_list("_sort", "pk")[:size].query.sql_with_params()
    other, with_other = far.values_list("_sort", "pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH far AS MATERIALIZED ({other}) SELECT * FROM (({first}) UNION (SELECT * FROM far)) AS found (value, id) ORDER BY value {way}, id {way} LIMIT {size:d}",
            [*with_other, *with_first],
        )
        places = [Place(*row) for row in cursor.fetchall()]
    return places[::-1] if backwards else places
