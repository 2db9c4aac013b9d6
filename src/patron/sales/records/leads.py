"""Leads."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.records.matching import Across, Match
from patron.records.record_type import RecordType, Section, Stat
from patron.records.registry import register
from patron.sales.domain import leads
from patron.sales.enums import LeadStatus
from patron.sales.models import Lead


@register
class LeadType(RecordType):
    """Somebody who has shown interest and is not yet qualified."""

    key, model, icon = "leads", Lead, "target"
    label, plural = _("Lead"), _("Leads")
    description = _("People and companies that have shown interest. Work on them, then qualify them into accounts, contacts and deals.")
    nav, nav_order = "sales", 30
    subtitle = ("company", "email")
    columns = ("company", "status", "rating", "score", "source", "owner", "next_activity_at", "created_at")
    filters = ("status", "owner", "rating", "source", "score", "created_at", "campaign", "country", "next_activity_at")
    sections = (
        Section(_("Who"), ("first_name", "last_name", "company", "title", "email", "phone", "website")),
        Section(_("Lead"), ("source", "campaign", "owner", "industry", "employees", "account", "contact")),
        Section(_("Qualification"), ("need", "budget", "currency", "authority", "timeline", "description")),
        Section(_("Address"), ("street", "postcode", "city", "country", "tags")),
    )
    quick = ("first_name", "last_name", "company", "email", "phone", "source", "owner")
    facts = (
        "title", "email", "phone", "website", "source", "campaign", "industry", "employees", "need", "budget", "authority", "timeline", "account", "contact",
        "street", "postcode", "city", "country", "disqualified_reason", "disqualified_note", "description",
    )  # fmt: skip
    sort = "-created_at"
    keys = ("external_id", "email")
    avatar = "person"
    protected = (
        "status", "rating", "disqualified_reason", "disqualified_note", "disqualified_at", "qualified_at",
        "converted_account", "converted_contact", "converted_deal",
    )  # fmt: skip
    matches = (
        Match("last_name", "surname", needed=True, swaps="first_name"), Match("first_name", "given", needed=True, swaps="last_name"), Match("company", "company"),
        Match("email", "email"), Match("phone", "phone"), Match("domain", "domain", ("website",)), Match("street", "text"), Match("postcode", "code"), Match("city", "text"),
    )  # fmt: skip
    match_blocks = (
        "email", "phone", "company first_name^1", "company city^4", "domain last_name~", "first_name last_name", "last_name~ company^4", "first_name~ company^4",
        "last_name~ first_name^2 city^4", "last_name~ postcode", "street^8 postcode", "company^8 postcode",
    )  # fmt: skip
    across = (
        Across(
            "contacts", _("Leads that are contacts"),
            matches=(
                Match("last_name", "surname", needed=True, swaps="first_name"), Match("first_name", "given", needed=True, swaps="last_name"),
                Match("company", "company"), Match("email", "email"), Match("phone", "phone"), Match("city", "text"),
            ),
            there={"last_name": ("last_name", "name"), "first_name": ("first_name", "name"), "company": ("account__name",), "phone": ("phone", "mobile")},
            blocks=("email", "phone", "first_name last_name", "last_name~ company^4", "first_name~ company^4", "last_name~ first_name^2 city^4", "email^8 last_name~"),
            only={"status__in": (LeadStatus.NEW, LeadStatus.WORKING)}, verb="qualify", inputs={"contact": "pk", "account": "account_id"},
        ),
    )  # fmt: skip
    mergeable = True
    merge_together = (
        ("first_name", "last_name"), ("street", "postcode", "city", "country"), ("budget", "currency"),
        ("status", "disqualified_reason", "disqualified_note", "disqualified_at", "qualified_at", "converted_account", "converted_contact", "converted_deal"),
    )  # fmt: skip
    merge_wins: ClassVar[dict[str, Any]] = {"status": LeadStatus.QUALIFIED}
    duplicate_fields = ("email", "phone", "website", "company", "last_name")
    badge_of = ("status",)
    tones: ClassVar[dict[str, dict[str, str]]] = {
        "status": {"new": "info", "working": "note", "qualified": "good", "disqualified": "none"},
        "rating": {"good": "good", "bad": "bad"},
    }
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "external_id": ("lead id", "lead_id", "id"), "company": ("company name", "organisation", "organization", "account name"),
        "first_name": ("given name", "forename"), "last_name": ("surname", "family name"), "title": ("position", "role"),
        "email": ("email address", "mail"), "phone": ("telephone", "phone number", "mobile"), "website": ("url", "web", "homepage"),
        "source": ("lead source", "origin"), "owner": ("lead owner", "assigned to", "sales agent"), "employees": ("number of employees", "company size"),
        "description": ("notes", "message", "comment"), "postcode": ("zip", "zip code", "postal code"), "industry": ("sector",),
    }  # fmt: skip
    constraint_messages: ClassVar[dict[str, tuple[str, Any]]] = {"lead_has_a_name": ("company", _("Enter a company or a person."))}

    def defaults(self, access: Access) -> dict[str, Any]:
        return leads.defaults(access)

    def badge(self, record: Any) -> tuple[str, str] | None:
        return str(LeadStatus(record.status).label), self.tones["status"][record.status]

    def stats(self, record: Any, access: Access) -> list[Stat]:
        rating = str(record.get_rating_display())
        return [
            Stat(_now("Score"), str(record.score), _now("of 100"), of=("score",)),
            Stat(_now("Rating"), rating, tone=self.tones["rating"].get(record.rating, ""), of=("rating",)),
            Stat(_now("Source"), str(record.source), record.campaign, of=("source", "campaign")),
        ]
