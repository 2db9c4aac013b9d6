"""What follows when deals and lines came by file: set-based, one statement each, inside the import's operation."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.db import connection
from django.db.models import Count

from patron.identity.access import Access
from patron.kernel.numbering import draw
from patron.kernel.tenancy import current_workspace_id
from patron.sales.domain import parties
from patron.sales.domain.amounts import recompute
from patron.sales.domain.lines import follow_closed_deals
from patron.sales.domain.opening import FIRST, SERIES
from patron.sales.domain.stages import keep_history
from patron.sales.models import Deal, DealLine

#: Foreign-key checks that this connection planned while the tables were small would read them whole, once per row.
_FORGET_PLANS: Final = "DISCARD PLANS"

#: Numbers, the day of closing, the rate, and since when the deal stands where it stands: all that a file leaves open, in one update.
_COMPLETE: Final = """
WITH fresh AS (
  SELECT id, row_number() OVER (ORDER BY opened_on NULLS LAST, id) - 1 AS place FROM sales_deal
  WHERE workspace_id = %(workspace)s AND id = ANY (%(ids)s) AND number = ''
)
UPDATE sales_deal d SET
  number = CASE WHEN fresh.id IS NULL THEN d.number ELSE 'D-' || (%(first)s + fresh.place) END,
  closed_on = CASE WHEN d.outcome = 'open' THEN d.closed_on ELSE coalesce(d.closed_on, d.expected_close) END,
  rate = catalog_rate(d.currency, coalesce(d.closed_on, %(today)s)),
  stage_since = CASE WHEN %(created)s THEN
      coalesce((CASE WHEN d.outcome = 'open' THEN d.opened_on ELSE d.closed_on END)::timestamp AT TIME ZONE %(zone)s, d.stage_since)
    ELSE d.stage_since END
FROM (SELECT unnest(%(ids)s::uuid[]) AS id) wanted LEFT JOIN fresh USING (id)
WHERE d.workspace_id = %(workspace)s AND d.id = wanted.id
"""


def deals_imported(ids: list[uuid.UUID], *, access: Access, created: bool) -> None:
    """Number the deals, give them their rate and a first row of history, and let account statuses follow.

    A deal in a closing stage is history: it keeps its days, takes the expected close for a missing closing day, and opens no review.
    Outcome, probability and won amount are the database's (`sales.database`).
    """
    values: dict[str, Any] = {
        "workspace": current_workspace_id(), "ids": ids, "today": access.today(), "zone": access.workspace.time_zone, "created": created,
        "first": _numbers(ids),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_PLANS)
        cursor.execute(_COMPLETE, values)
    keep_history(ids, access=access)
    recompute(list(DealLine.objects.filter(deal__in=ids).values_list("deal", flat=True).distinct()) if not created else [])
    parties.sold_to(parties.accounts_of(ids, won=created), access=access, cause="deals imported")


def _numbers(ids: list[uuid.UUID]) -> int:
    """The first of as many numbers as there are deals without one."""
    wanted = Deal.objects.filter(pk__in=ids, number="").aggregate(n=Count("pk"))["n"]
    return draw(SERIES, wanted, start=FIRST) if wanted else 0


_DESCRIBE: Final = """
UPDATE sales_dealline l SET
  description = CASE WHEN l.description = '' THEN p.name ELSE l.description END,
  unit = CASE WHEN l.unit = '' THEN left(p.unit, 20) ELSE l.unit END,
  unit_cost = CASE WHEN l.unit_cost IS NULL AND p.currency IN ('', l.currency) THEN p.cost ELSE l.unit_cost END
FROM catalog_product p
WHERE l.workspace_id = %(workspace)s AND l.id = ANY (%(ids)s) AND p.workspace_id = l.workspace_id AND p.id = l.product_id
  AND (l.description = '' OR l.unit = '' OR l.unit_cost IS NULL)
"""


def lines_imported(ids: list[uuid.UUID], *, access: Access, created: bool) -> None:
    """Name lines after their products, let those of closed deals share the deal's fate, and bring the deals' totals along.

    Never fills in a price: what the file does not say was not agreed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_PLANS)
        cursor.execute(_DESCRIBE, {"workspace": current_workspace_id(), "ids": ids})
    deals = list(DealLine.objects.filter(pk__in=ids).values_list("deal", flat=True).distinct())
    if created:
        follow_closed_deals(deals)
    recompute(deals)
