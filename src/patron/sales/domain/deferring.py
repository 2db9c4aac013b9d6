"""What is neither won nor lost goes on in a deal of its own (D2)."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from patron.identity.access import Access
from patron.sales.domain.amounts import recompute
from patron.sales.domain.opening import open_deal
from patron.sales.models import Deal, DealLine, DealMember, Stakeholder

_CARRIED = ("account_id", "lead_id", "contact_id", "owner_id", "pipeline_id", "currency", "source_id", "campaign", "description", "tags", "custom")
_COPIED = (
    "product_id",
    "description",
    "spec",
    "unit",
    "unit_price",
    "discount",
    "frequency",
    "commitment_months",
    "unit_cost",
    "requested_on",
    "position",
)


def defer_lines(deal: Deal, *, access: Access) -> Deal | None:
    """Open a linked deal with the deferred quantities of `deal`; None where there are none, or where they moved before.

    Carries account, people, currency, source and campaign; not activities, reviews or competitors. The old lines keep their deferred
    quantities as history, and count in the new deal alone.
    """
    waiting = list(deal.lines.filter(archived_at=None, deferred_quantity__gt=F("moved_quantity")).order_by("position", "id"))
    if not waiting:
        return None
    values: dict[str, Any] = {name: getattr(deal, name) for name in _CARRIED}
    onward = open_deal(access=access, name=deal.name, deferred_from=deal, **values)
    DealLine.objects.bulk_create(
        DealLine(deal=onward, quantity=line.deferred_quantity - line.moved_quantity, **{name: getattr(line, name) for name in _COPIED})
        for line in waiting
    )
    deal.lines.filter(pk__in=[line.pk for line in waiting]).update(moved_quantity=F("deferred_quantity"))
    DealMember.objects.bulk_create(DealMember(deal=onward, member_id=m.member_id, role=m.role, split=m.split) for m in deal.members.all())
    Stakeholder.objects.bulk_create(
        Stakeholder(deal=onward, contact_id=s.contact_id, role=s.role, influence=s.influence, sentiment=s.sentiment, note=s.note)
        for s in deal.stakeholders.all()
    )
    recompute([onward.pk])
    onward.refresh_from_db()
    return onward
