"""People and competitors around a deal."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Annotated

from django.db.models import Sum
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.customers.models import Contact
from patron.identity.access import Access
from patron.identity.models import Membership
from patron.records.verbs import Input, Refused, verb
from patron.sales.enums import Influence, MemberRole, Sentiment, StakeholderRole
from patron.sales.models import Competitor, Deal, DealCompetitor, DealMember, Stakeholder

FULL = Decimal(100)


def split_left(deal_id: uuid.UUID, *, without: uuid.UUID | None = None) -> Decimal:
    """How many per cent of a deal are not yet given to a member of its team."""
    given = DealMember.objects.filter(deal=deal_id, archived_at=None).exclude(pk=without).aggregate(given=Sum("split"))["given"]
    return FULL - (given or Decimal(0))


@verb("deals", "add_member", label=_("Add to the sales team"), icon="user-plus", action="edit", done=_("Added to the team"), order=64)
def add_member(
    deal: Deal,
    *,
    access: Access,
    member: Annotated[Membership, Input(_("Colleague"))],  # type: ignore[valid-type]  # django-stubs reads Annotated[Model] as its own
    role: Annotated[MemberRole, Input(_("Role"))] = MemberRole.SUPPORT,
    split: Annotated[Decimal, Input(_("Split"), kind="percent")] = Decimal(0),
) -> DealMember:
    """Put a colleague into the deal's sales team: the deal is theirs too. Adding one who is there changes role and split."""
    found = DealMember.objects.filter(deal=deal, member=member).first()
    if not 0 <= split <= split_left(deal.pk, without=found.pk if found else None):
        raise Refused(_now("The splits of a deal add up to 100 % at most."), field="split")
    values = {"role": role, "split": split, "archived_at": None}
    made, _created = DealMember.objects.update_or_create(deal=deal, member=member, defaults=values)
    return made  # type: ignore[no-any-return]


@verb("deals", "add_stakeholder", label=_("Add stakeholder"), icon="users", action="edit", done=_("Stakeholder added"), order=66)
def add_stakeholder(
    deal: Deal,
    *,
    access: Access,
    contact: Annotated[Contact, Input(_("Contact"))],  # type: ignore[valid-type]  # django-stubs reads Annotated[Model] as its own
    role: Annotated[StakeholderRole, Input(_("Role"))] = StakeholderRole.OTHER,
    influence: Annotated[Influence, Input(_("Influence"))] = Influence.MEDIUM,
    sentiment: Annotated[Sentiment, Input(_("Sentiment"))] = Sentiment.NEUTRAL,
) -> Stakeholder:
    """Note who has a say on the customer's side. Adding one who is there changes what is noted. The first becomes the deal's contact."""
    values = {"role": role, "influence": influence, "sentiment": sentiment, "archived_at": None}
    made, _created = Stakeholder.objects.update_or_create(deal=deal, contact=contact, defaults=values)
    if deal.contact_id is None:
        Deal.objects.filter(pk=deal.pk).update(contact=contact)
    return made  # type: ignore[no-any-return]


@verb("deals", "add_competitor", label=_("Add competitor"), icon="swords", action="edit", done=_("Competitor added"), order=68)
def add_competitor(
    deal: Deal,
    *,
    access: Access,
    competitor: Annotated[Competitor, Input(_("Competitor"))],  # type: ignore[valid-type]  # django-stubs reads Annotated[Model] as its own
    strengths: Annotated[str, Input(_("Strengths"), kind="long_text")] = "",
    weaknesses: Annotated[str, Input(_("Weaknesses"), kind="long_text")] = "",
) -> DealCompetitor:
    """Note who else is after the deal. What is left empty is taken from what we know of the competitor."""
    values = {"strengths": strengths or competitor.strengths, "weaknesses": weaknesses or competitor.weaknesses, "archived_at": None}
    made, _created = DealCompetitor.objects.update_or_create(deal=deal, competitor=competitor, defaults=values)
    return made  # type: ignore[no-any-return]
