"""What winning a deal starts elsewhere.

The account's status follows in `sales` already, since accounts lie below it. Orders, live subscriptions and projects of won lines (D2) will be
made here, in the transaction that wins the deal, as soon as their contexts exist; until then nothing of them is shown.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from patron.collab.domain import notifications
from patron.collab.domain.refs import Ref
from patron.identity.access import Access
from patron.sales.domain.closing import after_close
from patron.sales.models import Deal

notifications.kind("deal_won", _("%(who)s won “%(title)s”"), "trophy")


@after_close
def tell_the_people(deal: Deal, access: Access) -> None:
    """Tell the deal's owner, its sales team and the account's manager that it was won; whoever won it is not told. Nothing on a loss."""
    if not deal.is_won:
        return
    people = {deal.owner_id, deal.account.owner_id if deal.account else None}
    people.update(deal.members.filter(archived_at=None).values_list("member", flat=True))
    about = Ref("deals", deal.pk)
    key = f"won:{deal.pk}:{deal.closed_on}"
    notifications.tell((notifications.Telling("deal_won", person, about, key) for person in sorted(filter(None, people))), access=access)
