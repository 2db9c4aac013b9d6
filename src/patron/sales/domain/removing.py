"""Deleting deals: what the account bought follows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.records import actions
from patron.records.verbs import verb
from patron.sales.domain import parties
from patron.sales.models import Deal


@verb("deals", "delete", label=_("Delete"), icon="trash-2", action="delete", bulk=True, tone="bad", order=95, done=_("Deleted"))
def delete_deal(deal: Deal, *, access: Access) -> None:
    """Remove the deal with its lines, people and reviews; undo brings it all back. The account's status follows."""
    account = deal.account_id
    actions.delete(deal, access=access)
    parties.sold_to([account], access=access, cause="deal deleted")
