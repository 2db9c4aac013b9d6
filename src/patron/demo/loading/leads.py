"""Leads in every state."""

from __future__ import annotations

from typing import Any

from patron.demo.loading.book import Book, stamps, write
from patron.demo.loading.touching import Touches
from patron.demo.story import things
from patron.sales.enums import LeadStatus, Rating
from patron.sales.models import Lead


def load(book: Book, touches: Touches) -> None:
    """Write the leads; those that were qualified say what they became."""
    write(Lead, (_lead(book, lead, touches) for lead in book.story.leads))


def _lead(book: Book, lead: things.Lead, touches: Touches) -> Lead:
    record = book.ref(things.Ref("leads", lead.key))
    held = book.held.get(("leads", lead.key))
    said = [lead.message, f"Budget: {lead.budget_note}" if lead.budget_note else ""]
    return Lead(
        id=record.id, company=lead.company, first_name=lead.first_name, last_name=lead.last_name, title=lead.title, email=lead.email,
        phone=lead.phone, website=lead.website, city=lead.city, country=lead.country, industry_id=book.maybe("industries", lead.industry),
        employees=lead.employees, source_id=book.id("lead_sources", lead.source), owner_id=book.person(lead.owner),
        rating=Rating.UNRATED if held == "rating" else lead.rating, status=lead.state, need=lead.need, budget=lead.budget,
        currency=book.workspace.currency if lead.budget else "", authority=lead.authority, timeline=lead.timeline,
        description="\n\n".join(filter(None, said)), last_activity_at=touches.last(record), next_activity_at=touches.next(record),
        tags=book.tags(lead.tags), **_end(book, lead), **stamps(lead.created_at, lead.moves[-1].at),
    )  # fmt: skip


def _end(book: Book, lead: things.Lead) -> dict[str, Any]:
    """What is known of a lead that is no longer worked on."""
    if lead.state == LeadStatus.DISQUALIFIED:
        return {"disqualified_at": lead.moves[-1].at, "disqualified_reason_id": book.maybe("disqualify_reasons", lead.disqualify_reason)}
    made = lead.qualification
    if lead.state != LeadStatus.QUALIFIED or made is None:
        return {}
    return {
        "qualified_at": made.at, "converted_account_id": book.maybe("accounts", made.account),
        "converted_contact_id": book.maybe("contacts", made.contact), "converted_deal_id": book.maybe("deals", made.deal),
    }  # fmt: skip
