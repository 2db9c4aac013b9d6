"""Keeps "last activity" and "next activity" of leads and deals, which lists, board and home read, in step with `collab`."""

from __future__ import annotations

import uuid

from patron.collab.domain import touch
from patron.identity.access import Access
from patron.sales.models import Deal, Lead


def _keep(model: type[Deal | Lead]) -> touch.Touched:
    def listener(ids: list[uuid.UUID], access: Access) -> None:
        touch.refresh(model._meta.db_table, ids, last="last_activity_at", next_="next_activity_at", access=access)

    return listener


touch.register("deals", _keep(Deal))
touch.register("leads", _keep(Lead))
