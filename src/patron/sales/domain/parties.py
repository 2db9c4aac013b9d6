"""What selling tells its neighbours below: accounts that bought, people who have something to look at."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from patron.collab.domain import notifications
from patron.collab.domain.refs import Ref
from patron.customers.domain.status import recompute_status, register_fact
from patron.identity.access import Access
from patron.identity.models import TeamMember
from patron.sales.enums import Outcome
from patron.sales.models import Deal

notifications.kind("review_opened", _("“%(title)s” was lost: your group is to look into it"), "clipboard-list")


def deals_won(deal_ids: list[uuid.UUID], *, access: Access) -> None:
    """Let the statuses of the accounts follow deals that may have been won just now."""
    accounts = Deal.objects.filter(pk__in=deal_ids, account__isnull=False).values_list("account", flat=True).distinct()
    recompute_status(list(accounts), access=access, cause="deal won")


def deals_reopened(deals: Iterable[Deal], *, access: Access) -> None:
    """Let the statuses of the accounts follow deals that count as won no longer."""
    recompute_status([deal.account_id for deal in deals], access=access, cause="deal reopened")


def won_deals(ids: Collection[uuid.UUID] | None) -> QuerySet[Any]:
    """Won deals count as the order that makes an account active until there are orders: account and day of closing."""
    rows = Deal.objects.filter(outcome__in=(Outcome.WON, Outcome.PARTIALLY_WON), account__isnull=False, archived_at=None, closed_on__isnull=False)
    rows = rows.order_by() if ids is None else rows.order_by().filter(account__in=ids)
    return rows.annotate(day=F("closed_on"))  # type: ignore[no-any-return]


register_fact("won deals", won_deals)


def tell(team_id: uuid.UUID, type_key: str, record_id: uuid.UUID, *, access: Access) -> None:
    """Tell the members of a group that a review waits for them; once per review."""
    members = TeamMember.objects.filter(team=team_id).values_list("member", flat=True)
    about = Ref(type_key, record_id)
    notifications.tell((notifications.Telling("review_opened", member, about, f"review:{record_id}") for member in members), access=access)
