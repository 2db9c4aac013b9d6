"""Who can be called or met about a deal or a lead, and whose timelines belong to theirs."""

from __future__ import annotations

import uuid
from typing import Any

from patron.collab.domain import related
from patron.collab.domain.refs import Ref
from patron.customers.domain.related import contacts_of
from patron.identity.access import Access
from patron.records import registry, seen
from patron.sales.models import Deal, Stakeholder

MOST = 200  # deals of one account or contact that are read along, the newest first


def _people_of_deal(ref: Ref, access: Access) -> list[Ref]:
    """The deal's contact and stakeholders, then the other contacts of its account."""
    if not access.can("contacts", "view"):
        return []
    deal = Deal.objects.filter(pk=ref.id).values_list("contact", "account").first()
    if deal is None:
        return []
    contact, account = deal
    known: list[uuid.UUID] = list(Stakeholder.objects.filter(deal=ref.id, archived_at=None).order_by("created_at", "pk").values_list("contact", flat=True))
    return [*(Ref("contacts", pk) for pk in ([contact] if contact else []) + known), *(contacts_of(Ref("accounts", account), access) if account else [])]


def _deals(ref: Ref, access: Access) -> list[Ref]:
    """The deals of an account; of a contact, those that name it or have it as a stakeholder."""
    if not access.can("deals", "view"):
        return []
    of_account = ref.type_key == "accounts"

    def build(party: uuid.UUID) -> Any:
        rows = registry.get("deals").live(access)
        if of_account:
            return rows.filter(account=party).order_by("-created_at", "-pk").values_list("pk", flat=True)[:MOST]
        named = Deal.objects.filter(contact=party).values("pk").union(Stakeholder.objects.filter(contact=party).values("deal"))
        return rows.filter(pk__in=named).order_by("-created_at", "-pk").values_list("pk", flat=True)[:MOST]

    return [Ref("deals", pk) for pk in seen.rows(access, ("deals",), ("sales.deals_of", of_account), build, party=ref.id)]


def _self(ref: Ref, access: Access) -> list[Ref]:
    return [ref]


related.register_people("deals", _people_of_deal)
related.register_people("leads", _self)
related.register_family("accounts", _deals)
related.register_family("contacts", _deals)
