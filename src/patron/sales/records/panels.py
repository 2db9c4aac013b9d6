"""Sections of the record pages of leads and deals: what each loads. Constant numbers of queries."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.kernel.db import prepared
from patron.records import registry, seen
from patron.sales.domain.stages import missing, stages_of
from patron.sales.enums import LeadStatus, StageKind
from patron.sales.models import Deal, DealCompetitor, DealLine, DealMember, DealReview, JobRequest, Lead, Stakeholder

Context = dict[str, Any]
_MOST = 30  # open deals of an account that are added up here; more are added up by the database


def _may(record: Any, access: Access, action: str) -> bool:
    return registry.of_model(type(record)).allows(record, access, action)


def _here(record: Any, access: Access) -> str:
    return f"/w/{access.workspace.slug}/{registry.of_model(type(record)).key}/{record.pk}/"


def _parts(model: Any, deal: Deal, *related: str, order: tuple[str, ...] = ("created_at", "id")) -> list[Any]:
    """What hangs on the deal, in order, with what each points to."""

    def build(deal: uuid.UUID) -> Any:
        rows = model.objects.filter(deal=deal, archived_at=None).order_by(*order)
        return rows.select_related(*related) if related else rows

    return prepared.rows(("sales.parts", model, related), build, deal=deal.pk)


def path(deal: Deal, access: Access) -> Context | None:
    """The open stages of the deal's pipeline: those behind it, the one it stands in and for how long, and what the next one needs.

    Left out for closed deals: their badge and figures say how they ended.
    """
    if not deal.is_open:
        return None
    shown = stages_of(deal.pipeline_id, StageKind.OPEN)
    at = next((i for i, s in enumerate(shown) if s.pk == deal.stage_id), len(shown))
    days, may = None if access.hides("deals", "stage_since") else (timezone.now() - deal.stage_since).days, _may(deal, access, "act")
    steps = []
    for i, stage in enumerate(shown):
        state = "done" if i < at else "current" if i == at else ""
        url = f"{_here(deal, access)}do/move_stage/?stage={stage.pk}" if may and i != at else ""
        steps.append({"label": stage.name, "state": state, "note": _("%(n)s d") % {"n": days} if state == "current" and days is not None else "", "url": url})
    following = shown[at + 1] if at + 1 < len(shown) else None
    return {"steps": steps, "next": following.name if following else "", "needs": missing(deal, following) if following else []}


def lines(deal: Deal, access: Access) -> Context:
    """The lines in order, with the deal's totals."""
    rows = _parts(DealLine, deal, "product", "lost_reason", order=("position", "id"))
    return {
        "lines": rows, "open": deal.is_open, "currency": deal.currency or access.workspace.currency, "may": deal.is_open and _may(deal, access, "edit"),
        "may_close": deal.is_open and _may(deal, access, "act"), "root": f"/w/{access.workspace.slug}/deal-lines/",
        "show": lambda *names: not any(access.hides("deals", name) for name in names),
        "show_profit": not access.hides("deals", "gross_profit") and deal.gross_profit is not None,
        "margin": round(deal.gross_profit / deal.amount * 100, 1) if deal.gross_profit is not None and deal.amount and not access.hides("deals", "amount") else None,
    }  # fmt: skip


def jobs(deal: Deal, access: Access) -> Context | None:
    """Work that the customer asked for; left out where there is none."""
    rows = _parts(JobRequest, deal, order=("position", "id"))
    return {"jobs": rows, "may": _may(deal, access, "edit"), "root": f"/w/{access.workspace.slug}/job-requests/"} if rows else None


def stakeholders(deal: Deal, access: Access) -> Context:
    """Who has a say; `undecided` warns that nobody known can decide."""
    rows = _parts(Stakeholder, deal, "contact")
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
    rows = _parts(DealMember, deal, "member")
    return {
        "members": rows,
        "split": sum(m.split for m in rows),
        "may": _may(deal, access, "edit"),
        "root": f"/w/{access.workspace.slug}/deal-members/",
    }


def competitors(deal: Deal, access: Access) -> Context | None:
    """Who else is after the deal; of a closed deal only where somebody was."""
    rows = _parts(DealCompetitor, deal, "competitor")
    if not rows and not deal.is_open:
        return None
    return {"rivals": rows, "may": _may(deal, access, "edit"), "root": f"/w/{access.workspace.slug}/deal-competitors/"}


def reviews(deal: Deal, access: Access) -> Context | None:
    """What consultant groups found; left out where nothing was lost."""
    if not access.can("deal-reviews", "view"):
        return None

    def build(deal: uuid.UUID) -> Any:
        return DealReview.objects.visible_to(access).filter(deal=deal).select_related("team", "assignee", "lost_reason").order_by("due", "id")

    rows = seen.rows(access, ("deal-reviews",), "sales.reviews", build, deal=deal.pk)
    return {"reviews": rows, "root": f"/w/{access.workspace.slug}/deal-reviews/"} if rows else None


def continued(deal: Deal, access: Access) -> Context | None:
    """The deal that this one goes on from, and those that go on with what was deferred here."""

    def build(deal: uuid.UUID) -> Any:
        return Deal.objects.visible_to(access).filter(deferred_from=deal).select_related("stage").order_by("created_at")

    onward = seen.rows(access, ("deals",), "sales.onward", build, deal=deal.pk)
    before = Deal.objects.visible_to(access).filter(pk=deal.deferred_from_id).first() if deal.deferred_from_id else None
    return {"onward": onward, "before": before, "worth": not access.hides("deals", "amount"), "root": f"/w/{access.workspace.slug}/deals/"} if onward or before else None


def score(lead: Lead, access: Access) -> Context | None:
    """Where the lead's points come from; left out where these are hidden."""
    return None if access.hides("leads", "score") else {"score": lead.score, "reasons": lead.score_reasons}


def lead_path(lead: Lead, access: Access) -> Context:
    """The lead's states; a disqualified lead shows why."""
    last = LeadStatus.DISQUALIFIED if lead.status == LeadStatus.DISQUALIFIED else LeadStatus.QUALIFIED
    order = [LeadStatus.NEW, LeadStatus.WORKING, last]
    at = order.index(LeadStatus(lead.status))
    steps = [{"label": s.label, "state": "done" if i < at else "current" if i == at else ""} for i, s in enumerate(order)]
    reason = "" if access.hides("leads", "disqualified_reason") else str(lead.disqualified_reason or "")
    return {"steps": steps, "reason": reason, "note": "" if access.hides("leads", "disqualified_note") else lead.disqualified_note}


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

    def build(account: uuid.UUID) -> Any:
        return Deal.objects.visible_to(access).filter(account=account, outcome="open", archived_at=None).select_related("stage").order_by("expected_close", "id")

    shown = seen.rows(access, ("deals",), "sales.open_deals", lambda account: build(account)[:_MOST], account=account.pk)
    count, total = len(shown), sum((d.base_amount for d in shown if d.base_amount is not None), Decimal(0))
    if count == _MOST:
        all_of_them = build(account.pk).aggregate(total=Sum("base_amount"), count=Count("pk"))
        count, total = all_of_them["count"], all_of_them["total"]
    new = f"/w/{access.workspace.slug}/deals/new/?account={account.pk}" if access.can("deals", "create") else ""
    hidden = {name for name in ("amount", "expected_close", "effective_probability") if access.hides("deals", name)}
    return {"deals": shown[:5], "hidden": hidden, "count": count, "total": total, "new": new, "root": f"/w/{access.workspace.slug}/deals/", "account": account}
