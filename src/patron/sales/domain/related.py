"""Who can be called or met about a deal or a lead, and whose timelines belong to theirs."""

from __future__ import annotations

import uuid

from django.db.models import Q

from patron.collab.domain import related
from patron.collab.domain.refs import Ref
from patron.customers.domain.related import contacts_of
from patron.identity.access import Access
from patron.records import registry
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
    mine = Q(account=ref.id) if ref.type_key == "accounts" else Q(contact=ref.id) | Q(pk__in=Stakeholder.objects.filter(contact=ref.id).values("deal"))
    rows = registry.get("deals").live(access).filter(mine)
    return [Ref("deals", pk) for pk in rows.order_by("-created_at", "-pk").values_list("pk", flat=True)[:MOST]]


def _self(ref: Ref, access: Access) -> list[Ref]:
    return [ref]


related.register_people("deals", _people_of_deal)
related.register_people("leads", _self)
related.register_family("accounts", _deals)
related.register_family("contacts", _deals)
