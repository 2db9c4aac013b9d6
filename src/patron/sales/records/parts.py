"""What hangs on deals. A person sees and changes the parts of the deals that they may see and change."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.catalog.enums import BillingFrequency
from patron.identity.access import Access
from patron.records import registry
from patron.records.record_type import RecordType, Section
from patron.records.registry import register
from patron.sales.domain import around, imported, lines
from patron.sales.models import Deal, DealCompetitor, DealLine, DealMember, JobRequest, Stakeholder

#: What a right on a part takes on the deal.
_ON_THE_DEAL = {"create": "edit", "delete": "edit", "import": "edit"}


class PartOfDeal(RecordType):
    """Rights follow the deal; the role's own entry for the part can only narrow them."""

    owners = ()
    seen_with = ("deals",)
    has_page = False
    searchable = False
    sort = "-created_at"
    duplicate_fields = ()

    def restrict(self, queryset: QuerySet[Any], access: Access, action: str = "view") -> QuerySet[Any]:
        on_deal = _ON_THE_DEAL.get(action, action)
        if access.scope(self.key, action) is None:
            return queryset.none()
        if access.scope("deals", on_deal) == "all":
            return queryset
        return queryset.filter(deal__in=Deal.objects.visible_to(access, on_deal).values("pk"))

    def allows(self, record: Any, access: Access, action: str) -> bool:
        on_deal = _ON_THE_DEAL.get(action, action)
        return access.can(self.key, action) and registry.get("deals").allows(record.deal, access, on_deal)

    def owner_ids(self, record: Any) -> set[uuid.UUID | None]:
        return registry.get("deals").owner_ids(record.deal)

    def defaults(self, access: Access) -> dict[str, Any]:
        return {}

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        """A part is added to a deal that the person may change; it stays with it. The deal is locked: nobody closes it meanwhile."""
        deal = Deal.objects.select_for_update(of=("self",)).filter(pk=record.deal_id).first()
        if deal is None or not registry.get("deals").allows(deal, access, "edit"):
            return {"deal": _now("Choose a deal that you may change.")}
        if "deal" in changed and not record._state.adding:
            return {"deal": _now("This stays with its deal.")}
        return {}


@register
class DealLineType(PartOfDeal):
    key, model, icon = "deal-lines", DealLine, "list"
    label, plural = _("Deal line"), _("Deal lines")
    description = _("Products and services in deals, with quantity, price and what became of them.")
    title = "description"
    subtitle = ("deal", "product")
    columns = ("deal", "product", "quantity", "unit_price", "discount", "frequency", "value", "outcome")
    filters = ("product", "outcome", "deal", "frequency", "lost_reason")
    sections = (
        Section(_("Line"), ("deal", "product", "description", "spec", "quantity", "unit", "unit_price", "discount")),
        Section(_("Billing and cost"), ("frequency", "commitment_months", "unit_cost", "requested_on", "position")),
    )
    quick = ("deal", "product", "description", "quantity", "unit_price", "discount", "frequency", "commitment_months")
    protected = ("won_quantity", "lost_quantity", "deferred_quantity", "lost_reason")
    internal = ("history", "moved_quantity")
    tones: ClassVar[dict[str, dict[str, str]]] = {"outcome": {"open": "info", "won": "good", "lost": "bad", "deferred": "warn"}}
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "deal": ("opportunity_id", "opportunity", "deal id"), "quantity": ("qty",), "unit_price": ("price", "sales price", "close_value"),
    }  # fmt: skip
    constraint_messages: ClassVar[dict[str, tuple[str, Any]]] = {
        "line_quantity": ("quantity", _("Enter a quantity above zero.")),
        "line_discount": ("discount", _("Enter a discount between 0 and 100.")),
        "line_one_off_commitment": ("commitment_months", _("What is billed once has no commitment.")),
        "line_parts": ("quantity", _("More than this quantity is won, lost or deferred already.")),
    }

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        found = super().clean(record, access=access, changed=changed)
        if not found and not record.deal.is_open:
            return {"": _now("This deal is closed. Reopen it first.")}
        if record._state.adding:
            lines.complete(record, commitment_months=record.commitment_months or None, currency=record.deal.currency or access.workspace.currency)
        elif record.frequency == BillingFrequency.ONE_OFF and "frequency" in changed:
            record.commitment_months = 0
        if not record.description and record.product_id is None:
            found["product"] = _now("Choose a product or describe what is sold.")
        return found

    def saved(self, record: Any, *, access: Access, created: bool, changed: set[str]) -> None:
        lines.changed([record.deal_id])

    def imported(self, ids: list[uuid.UUID], *, access: Access, created: bool) -> None:
        imported.lines_imported(ids, access=access, created=created)


@register
class DealMemberType(PartOfDeal):
    key, model, icon = "deal-members", DealMember, "users"
    label, plural = _("Team member"), _("Sales team")
    description = _("Who works on a deal beside its owner; the deal is theirs too.")
    title = "member"
    columns = ("deal", "role", "split")
    filters = ("member", "role", "deal")
    sections = (Section("", ("deal", "member", "role", "split")),)

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        found = super().clean(record, access=access, changed=changed)
        if not 0 <= record.split <= around.split_left(record.deal_id, without=record.pk):
            found["split"] = _now("The splits of a deal add up to 100 % at most.")
        return found


@register
class StakeholderType(PartOfDeal):
    key, model, icon = "stakeholders", Stakeholder, "user-round"
    label, plural = _("Stakeholder"), _("Stakeholders")
    description = _("Who has a say on the customer's side of a deal.")
    title = "contact"
    columns = ("deal", "role", "influence", "sentiment")
    filters = ("role", "influence", "sentiment", "deal")
    sections = (Section("", ("deal", "contact", "role", "influence", "sentiment", "note")),)
    tones: ClassVar[dict[str, dict[str, str]]] = {"sentiment": {"positive": "good", "negative": "bad"}}


@register
class DealCompetitorType(PartOfDeal):
    key, model, icon = "deal-competitors", DealCompetitor, "swords"
    label, plural = _("Competitor in a deal"), _("Competitors in deals")
    description = _("Who else is after a deal, and how it ended for them.")
    title = "competitor"
    columns = ("deal", "outcome", "strengths", "weaknesses")
    filters = ("competitor", "outcome", "deal")
    sections = (Section("", ("deal", "competitor", "strengths", "weaknesses", "outcome")),)
    tones: ClassVar[dict[str, dict[str, str]]] = {"outcome": {"beaten": "good", "lost_to": "bad"}}


@register
class JobRequestType(PartOfDeal):
    key, model, icon = "job-requests", JobRequest, "briefcase"
    label, plural = _("Job request"), _("Job requests")
    description = _("Work that the customer asks for in a deal.")
    title = "title"
    columns = ("deal", "quantity", "requested_on")
    filters = ("deal", "requested_on")
    sections = (Section("", ("deal", "title", "spec", "quantity", "requested_on", "position")),)
