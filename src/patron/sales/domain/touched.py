"""Keeps "last activity" and "next activity" of leads and deals, which lists, board and home read, in step with `collab`."""

from __future__ import annotations

import uuid

from patron.collab.domain import touch
from patron.customers.domain import touched as accounts
from patron.identity.access import Access
from patron.sales.models import Deal, Lead


def _keep(model: type[Deal | Lead]) -> touch.Touched:
    def listener(ids: list[uuid.UUID], access: Access) -> None:
        touch.refresh(model._meta.db_table, ids, last="last_activity_at", next_="next_activity_at", access=access)

    return listener


def _accounts_of(ids: list[uuid.UUID], access: Access) -> None:
    accounts.refresh(Deal.objects.filter(pk__in=ids, account__isnull=False).values_list("account", flat=True), access=access)


touch.register("deals", _keep(Deal))
touch.register("leads", _keep(Lead))
touch.register("deals", _accounts_of, order=accounts.ORDER)
accounts.register_part("SELECT d.account_id, max(d.last_activity_at) FROM sales_deal d WHERE d.workspace_id = %(workspace)s AND d.account_id = ANY(%(ids)s) GROUP BY 1")
