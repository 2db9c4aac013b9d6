"""The totals of a deal, recomputed from its lines: one statement for one deal or ten thousand."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Final

from django.db import connection

from patron.kernel.tenancy import current_workspace_id

_TOTALS: Final = """
WITH totals AS (
  SELECT wanted.id AS deal_id,
    sum(l.value - round(l.value * l.moved_quantity / l.quantity, 2)) AS tcv,
    sum(l.value - round(l.value * l.moved_quantity / l.quantity, 2)) FILTER (WHERE l.frequency = 'one_off') AS one_off,
    sum(round(l.monthly * (l.quantity - l.moved_quantity) / l.quantity, 2)) FILTER (WHERE l.frequency <> 'one_off') AS mrr,
    sum(round(l.cost * (l.quantity - l.moved_quantity) / l.quantity, 2)) AS cost,
    coalesce(sum(l.won_value), 0) AS won,
    coalesce(sum(l.lost_value), 0) AS lost
  FROM unnest(%(deals)s::uuid[]) AS wanted (id)
  LEFT JOIN sales_dealline l ON l.workspace_id = %(workspace)s AND l.deal_id = wanted.id AND l.archived_at IS NULL
  GROUP BY wanted.id
)
UPDATE sales_deal d SET
  one_off_total = t.one_off, mrr = t.mrr, tcv = t.tcv, cost_total = t.cost,
  amount = CASE WHEN t.tcv IS NOT NULL THEN t.tcv WHEN d.tcv IS NOT NULL THEN NULL ELSE d.amount END,
  won_amount = CASE WHEN d.outcome = 'partially_won' THEN t.won ELSE d.won_amount END,
  lost_amount = CASE WHEN d.outcome = 'partially_won' THEN t.lost ELSE d.lost_amount END
FROM totals t
WHERE d.workspace_id = %(workspace)s AND d.id = t.deal_id
  AND (d.one_off_total, d.mrr, d.tcv, d.cost_total) IS DISTINCT FROM (t.one_off, t.mrr, t.tcv, t.cost)
"""


def recompute(deal_ids: Collection[uuid.UUID]) -> int:
    """Bring the totals of deals in line with their lines; answers how many changed.

    A deal whose lines have no price, or that has none, keeps the amount that somebody typed; one that had priced lines and lost the last
    of them has no amount any more. Needs an open operation.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, {"deals": list(deal_ids), "workspace": current_workspace_id()})
        return int(cursor.rowcount)
