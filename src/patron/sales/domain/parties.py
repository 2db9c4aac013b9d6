"""What selling tells its neighbours below: accounts that bought, people who have something to look at."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from patron.collab.domain import notifications
from patron.collab.domain.refs import Ref
from patron.identity.access import Access
from patron.identity.models import TeamMember
from patron.sales.models import Deal

notifications.kind("review_opened", _("“%(title)s” was lost: your group is to look into it"), "clipboard-list")


def deals_won(deal_ids: list[uuid.UUID], *, access: Access) -> None:
    """Let the statuses of the accounts follow deals that may have been won just now."""


def deals_reopened(deals: Iterable[Deal], *, access: Access) -> None:
    """Let the statuses of the accounts follow deals that count as won no longer."""


def tell(team_id: uuid.UUID, type_key: str, record_id: uuid.UUID, *, access: Access) -> None:
    """Tell the members of a group that a review waits for them; once per review."""
    members = TeamMember.objects.filter(team=team_id).values_list("member", flat=True)
    about = Ref(type_key, record_id)
    notifications.tell((notifications.Telling("review_opened", member, about, f"review:{record_id}") for member in members), access=access)
