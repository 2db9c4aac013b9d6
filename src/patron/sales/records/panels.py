"""Sections of the record pages of leads and deals: what each loads. Constant numbers of queries."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.records import registry
from patron.sales.domain.stages import missing, stages_of
from patron.sales.enums import LeadStatus, StageKind
from patron.sales.models import Deal, DealCompetitor, DealLine, DealMember, DealReview, JobRequest, Lead, Stakeholder

Context = dict[str, Any]


def _may(record: Any, access: Access, action: str) -> bool:
    return registry.of_model(type(record)).allows(record, access, action)


def _here(record: Any, access: Access) -> str:
    return f"/w/{access.workspace.slug}/{registry.of_model(type(record)).key}/{record.pk}/"


def path(deal: Deal, access: Access) -> Context | None:
    """The open stages of the deal's pipeline: those behind it, the one it stands in and for how long, and what the next one needs.

    Left out for closed deals: their badge and figures say how they ended.
    """
    if not deal.is_open:
        return None
    shown = stages_of(deal.pipeline_id, StageKind.OPEN)
    at = next((i for i, s in enumerate(shown) if s.pk == deal.stage_id), len(shown))
    days, may = (timezone.now() - deal.stage_since).days, _may(deal, access, "act")
    steps = []
    for i, stage in enumerate(shown):
        state = "done" if i < at else "current" if i == at else ""
        url = f"{_here(deal, access)}do/move_stage/?stage={stage.pk}" if may and i != at else ""
        steps.append({"label": stage.name, "state": state, "note": _("%(n)s d") % {"n": days} if state == "current" else "", "url": url})
    following = shown[at + 1] if at + 1 < len(shown) else None
    return {"steps": steps, "next": following.name if following else "", "needs": missing(deal, following) if following else []}


def lines(deal: Deal, access: Access) -> Context:
    """The lines in order, with the deal's totals."""
    rows = list(DealLine.objects.filter(deal=deal, archived_at=None).select_related("product", "lost_reason").order_by("position", "id"))
    return {
        "lines": rows, "open": deal.is_open, "currency": deal.currency or access.workspace.currency, "may": deal.is_open and _may(deal, access, "edit"),
        "may_close": deal.is_open and _may(deal, access, "act"), "root": f"/w/{access.workspace.slug}/deal-lines/",
        "show_profit": not access.hides("deals", "gross_profit") and deal.gross_profit is not None,
        "margin": round(deal.gross_profit / deal.amount * 100, 1) if deal.gross_profit is not None and deal.amount else None,
    }  # fmt: skip


def jobs(deal: Deal, access: Access) -> Context | None:
    """Work that the customer asked for; left out where there is none."""
    rows = list(JobRequest.objects.filter(deal=deal, archived_at=None).order_by("position", "id"))
    return {"jobs": rows, "may": _may(deal, access, "edit"), "root": f"/w/{access.workspace.slug}/job-requests/"} if rows else None


def stakeholders(deal: Deal, access: Access) -> Context:
    """Who has a say; `undecided` warns that nobody known can decide."""
    rows = list(Stakeholder.objects.filter(deal=deal, archived_at=None).select_related("contact").order_by("created_at", "id"))
    undecided = deal.is_open and not any(s.role == "decision_maker" for s in rows)
    contacts = f"/w/{access.workspace.slug}/contacts/" if access.can("contacts", "view") else ""
    return {
        "people": rows,
        "undecided": undecided,
        "may": _may(deal, access, "edit"),
        "contacts": contacts,
        "root": f"/w/{access.workspace.slug}/stakeholders/",
    }


def team(deal: Deal, access: Access) -> Context:
    """The sales team beside the owner, and how the deal is split."""
    rows = list(DealMember.objects.filter(deal=deal, archived_at=None).select_related("member").order_by("created_at", "id"))
    return {
        "members": rows,
        "split": sum(m.split for m in rows),
        "may": _may(deal, access, "edit"),
        "root": f"/w/{access.workspace.slug}/deal-members/",
    }


def competitors(deal: Deal, access: Access) -> Context | None:
    """Who else is after the deal; of a closed deal only where somebody was."""
    rows = list(DealCompetitor.objects.filter(deal=deal, archived_at=None).select_related("competitor").order_by("created_at", "id"))
    if not rows and not deal.is_open:
        return None
    return {"rivals": rows, "may": _may(deal, access, "edit"), "root": f"/w/{access.workspace.slug}/deal-competitors/"}


def reviews(deal: Deal, access: Access) -> Context | None:
    """What consultant groups found; left out where nothing was lost."""
    if not access.can("deal-reviews", "view"):
        return None
    rows = list(DealReview.objects.visible_to(access).filter(deal=deal).select_related("team", "assignee", "lost_reason").order_by("due", "id"))
    return {"reviews": rows, "root": f"/w/{access.workspace.slug}/deal-reviews/"} if rows else None


def continued(deal: Deal, access: Access) -> Context | None:
    """The deal that this one goes on from, and those that go on with what was deferred here."""
    seen = Deal.objects.visible_to(access)
    onward = list(seen.filter(deferred_from=deal).select_related("stage").order_by("created_at"))
    before = seen.filter(pk=deal.deferred_from_id).first() if deal.deferred_from_id else None
    return {"onward": onward, "before": before, "root": f"/w/{access.workspace.slug}/deals/"} if onward or before else None


def score(lead: Lead, access: Access) -> Context:
    """Where the lead's points come from."""
    return {"score": lead.score, "reasons": lead.score_reasons}


def lead_path(lead: Lead, access: Access) -> Context:
    """The lead's states; a disqualified lead shows why."""
    last = LeadStatus.DISQUALIFIED if lead.status == LeadStatus.DISQUALIFIED else LeadStatus.QUALIFIED
    order = [LeadStatus.NEW, LeadStatus.WORKING, last]
    at = order.index(LeadStatus(lead.status))
    steps = [{"label": s.label, "state": "done" if i < at else "current" if i == at else ""} for i, s in enumerate(order)]
    return {"steps": steps, "reason": str(lead.disqualified_reason or ""), "note": lead.disqualified_note}


def made_of(lead: Lead, access: Access) -> Context | None:
    """What qualifying made or matched; left out before."""
    if lead.status != LeadStatus.QUALIFIED:
        return None
    pairs = (
        (_("Account"), "accounts", lead.converted_account),
        (_("Contact"), "contacts", lead.converted_contact),
        (_("Deal"), "deals", lead.converted_deal),
    )
    found = [
        {"label": label, "title": str(r), "url": f"/w/{access.workspace.slug}/{key}/{r.pk}/" if access.can(key, "view") else ""}
        for label, key, r in pairs
        if r is not None
    ]
    return {"made": found}


def open_deals(account: Any, access: Access) -> Context | None:
    """The open deals of an account, newest expected close first; left out for people who see no deals."""
    if not access.can("deals", "view"):
        return None
    rows = Deal.objects.visible_to(access).filter(account=account, outcome="open", archived_at=None)
    shown = list(rows.select_related("stage").order_by("expected_close", "id")[:6])
    count = len(shown) if len(shown) < 6 else rows.count()
    total = rows.aggregate(total=Sum("base_amount"))["total"] if count else None
    new = f"/w/{access.workspace.slug}/deals/new/?account={account.pk}" if access.can("deals", "create") else ""
    return {"deals": shown[:5], "count": count, "total": total, "new": new, "root": f"/w/{access.workspace.slug}/deals/", "account": account}
