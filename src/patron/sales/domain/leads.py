"""What is done with leads before they are qualified (qualifying is a hand-off: `flows.lead_qualified`)."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Annotated, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.ledger.operations import operation
from patron.records.verbs import Input, Refused, When, verb
from patron.sales.domain.start import has_unknown_source, unknown_source
from patron.sales.enums import LeadStatus, Rating
from patron.sales.models import DisqualifyReason, Lead
from patron.sales.rules import LEAD_MOVES


def defaults(access: Access) -> dict[str, Any]:
    """A lead always has a source, and belongs to whoever enters it."""
    with operation("lead-sources.create", access=access) if not has_unknown_source() else nullcontext():
        found: dict[str, Any] = {"source": unknown_source().pk, "currency": access.workspace.currency}
    if access.member_id:
        found["owner"] = access.member_id
    return found


def may_become(status: LeadStatus) -> When:
    """A precondition: whether a lead may go to `status` now, by the table in `rules`."""

    def check(lead: Lead, access: Access) -> str | None:
        if status in LEAD_MOVES[LeadStatus(lead.status)]:
            return None
        now = LeadStatus(lead.status)
        words = _now("This lead is %(status)s already.") if now == status else _now("This lead is %(status)s: that cannot be done with it now.")
        return words % {"status": str(now.label).lower()}

    return check


def go(lead: Lead, status: LeadStatus, *, access: Access, **values: Any) -> Lead:
    """Move a lead along the table, with what belongs to the new state. `Refused` where the move is none, or somebody was faster."""
    if refusal := may_become(status)(lead, access):
        raise Refused(refusal)
    moved = Lead.objects.filter(pk=lead.pk, status=lead.status).update(status=status, **values)
    if not moved:
        raise Refused(_now("Somebody else has just moved this lead. Reload the page."))
    lead.refresh_from_db()
    return lead


@verb("leads", "start", label=_("Start working"), icon="play", when=may_become(LeadStatus.WORKING), bulk=True, done=_("In work"), order=20)
def start_lead(lead: Lead, *, access: Access) -> Lead:
    """Somebody has begun to work on a new lead. One without an owner goes to who starts it."""
    if lead.status == LeadStatus.DISQUALIFIED:
        raise Refused(_now("Reopen the lead first."))
    return go(lead, LeadStatus.WORKING, access=access, owner=lead.owner_id or access.member_id)


def _rate_all(rows: QuerySet[Any], *, access: Access, rating: Rating) -> int:
    return rows.exclude(rating=rating).update(rating=rating)


@verb("leads", "rate", label=_("Rate"), icon="star", bulk=_rate_all, done=_("Rated"), order=30)
def rate_lead(lead: Lead, *, access: Access, rating: Annotated[Rating, Input(_("Rating"))]) -> Lead:
    """A person's judgement of a lead. Changes neither its state nor its score."""
    Lead.objects.filter(pk=lead.pk).update(rating=rating)
    lead.refresh_from_db()
    return lead


@verb(
    "leads", "disqualify", label=_("Disqualify"), icon="circle-slash", when=may_become(LeadStatus.DISQUALIFIED), bulk=True, tone="bad",
    done=_("Disqualified"), order=40,
)  # fmt: skip
def disqualify_lead(
    lead: Lead,
    *,
    access: Access,
    reason: Annotated[DisqualifyReason, Input(_("Reason"))],  # type: ignore[valid-type]  # django-stubs reads Annotated[Model] as its own
    note: Annotated[str, Input(_("Note"), kind="long_text")] = "",
) -> Lead:
    """Stop working on a lead, for a reason. Refused while an open deal hangs on it. It may be reopened."""
    if lead.deals.filter(outcome="open", archived_at=None).exists():
        raise Refused(_now("An open deal hangs on this lead. Close the deal first."))
    values = {"disqualified_reason": reason, "disqualified_note": note[:500], "disqualified_at": timezone.now()}
    return go(lead, LeadStatus.DISQUALIFIED, access=access, **values)


def _is_disqualified(lead: Lead, access: Access) -> str | None:
    return None if lead.status == LeadStatus.DISQUALIFIED else _now("This lead is not disqualified.")


@verb("leads", "reopen", label=_("Reopen"), icon="rotate-ccw", when=_is_disqualified, bulk=True, done=_("Reopened"), order=45)
def reopen_lead(lead: Lead, *, access: Access) -> Lead:
    """Take a disqualified lead up again, as working. Why it was disqualified stays in its history."""
    return go(lead, LeadStatus.WORKING, access=access, disqualified_reason=None, disqualified_note="", disqualified_at=None)
