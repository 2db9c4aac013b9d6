"""What selling tells its neighbours below: accounts that bought, figures to sum over accounts, people who have something to look at."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from patron.collab.domain import notifications
from patron.collab.domain.refs import Ref
from patron.customers.domain.rollups import register_figure
from patron.customers.domain.status import recompute_status, register_fact
from patron.identity.access import Access
from patron.identity.models import TeamMember
from patron.sales.enums import Outcome
from patron.sales.models import Deal

_WON = (Outcome.WON, Outcome.PARTIALLY_WON)


def _sales(accounts: Collection[uuid.UUID] | None) -> QuerySet[Any]:
    """Won deals with the day they closed: each counts as the order that makes an account active, until orders exist. Archived ones too."""
    rows = Deal.objects.filter(outcome__in=_WON, account__isnull=False, closed_on__isnull=False)
    rows = rows if accounts is None else rows.filter(account__in=list(accounts))
    return rows.annotate(day=F("closed_on"))  # type: ignore[no-any-return]


def _open_deals() -> QuerySet[Any]:
    return Deal.objects.filter(outcome=Outcome.OPEN, archived_at=None)  # type: ignore[no-any-return]


def _won_deals() -> QuerySet[Any]:
    return Deal.objects.filter(outcome__in=_WON, archived_at=None)  # type: ignore[no-any-return]


register_fact("deals", _sales)
register_figure("open_pipeline", _("Open pipeline"), type_key="deals", facts=_open_deals, amount="base_amount", where=(["outcome", "is", ["open"]],))
register_figure("won", _("Won"), type_key="deals", facts=_won_deals, amount="won_base", where=(["outcome", "is", [str(o) for o in _WON]],))
notifications.kind("review_opened", _("“%(title)s” was lost: your group is to look into it"), "clipboard-list")


def sold_to(accounts: Iterable[uuid.UUID | None], *, access: Access, cause: str) -> None:
    """Let the statuses of accounts follow what was won, or is won no longer. Needs an open operation."""
    recompute_status(accounts, access=access, cause=cause)


def accounts_of(deal_ids: Collection[uuid.UUID], *, won: bool = False) -> list[uuid.UUID | None]:
    """The accounts of deals, each once; with `won` of those that are won."""
    rows = Deal.objects.filter(pk__in=list(deal_ids), account__isnull=False)
    rows = rows.filter(outcome__in=_WON) if won else rows
    return list(rows.order_by().values_list("account", flat=True).distinct())


def tell(team_id: uuid.UUID, type_key: str, record_id: uuid.UUID, *, access: Access) -> None:
    """Tell the members of a group that a review waits for them; once per review."""
    members = TeamMember.objects.filter(team=team_id).values_list("member", flat=True)
    about = Ref(type_key, record_id)
    notifications.tell((notifications.Telling("review_opened", member, about, f"review:{record_id}") for member in members), access=access)
