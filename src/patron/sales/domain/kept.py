"""Deals, or the sums kept over all of them: the same questions asked of what answers faster.

Only a person who may see every deal is answered from sums; everybody else's deals are added up under their rights.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from patron.identity.access import Access
from patron.kernel.db import prepared
from patron.records import seen
from patron.sales.domain.queries import live
from patron.sales.models import LAYOUT, Cut, DealSum

#: Rows of differences from which on they are put together.
LOOSE = 500


class Deals(NamedTuple):
    """Rows to ask. `by_day` answers by outcome, stage, category and dates, `by_owner` by owner and outcome; `rows` are deals and answer everything.

    `kept` says whether these are all deals and sums of them are kept: then `stage_totals` asks these.
    """

    rows: QuerySet[Any]
    by_day: QuerySet[Any]
    by_owner: QuerySet[Any]
    kept: bool


def whole(access: Access) -> Deals:
    """All deals that the person sees: as sums where these are all there are and are kept already. One query."""
    rows = live(access)
    if not seen.unrestricted(access, "deals") or not prepared.rows("sales.built", _built):
        return part(rows)
    return Deals(rows, DealSum.objects.filter(cut__in=(Cut.OPEN, Cut.CLOSED)), DealSum.objects.filter(cut=Cut.OWNER), True)


def _built() -> QuerySet[Any]:
    return DealSum.objects.filter(cut=Cut.BUILT, deals=LAYOUT).values_list("pk")[:1]


def part(rows: QuerySet[Any]) -> Deals:
    """Some deals: those of a person, of a team, of a filter."""
    return Deals(rows, rows, rows, False)


def keep(loose: int = LOOSE) -> bool:
    """Begin to keep the sums of the open workspace, or put the differences that were noted since together where they are many. Answers whether
    anything was to be done. Figures are the same before, after and meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sales_keep_sums(%s)", [loose])
        found: bool = cursor.fetchone()[0]
    return found
