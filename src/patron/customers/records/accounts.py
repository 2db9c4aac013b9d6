"""Accounts as a record type."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.customers.enums import AccountStatus
from patron.customers.models import Account, AccountTree
from patron.identity.access import Access
from patron.records import registry
from patron.records.record_type import RecordType, Section, Tab
from patron.records.registry import register


@register
class AccountRecord(RecordType):
    """Organizations and households that we sell to or serve."""

    key = "accounts"
    model = Account
    label, plural, icon = _("Account"), _("Accounts"), "building"
    avatar = "company"
    description = _("Organizations and households that you sell to or serve, in trees of groups and branches.")
    nav, nav_order = "sales", 10
    subtitle = ("number", "city")
    columns = ("name", "status", "owner", "industry", "segment", "city", "country", "employees", "annual_revenue", "parent")
    filters = ("status", "owner", "industry", "segment", "country", "parent", "tags", "blacklisted")
    sections = (
        Section(_("Account"), ("name", "legal_name", "kind", "parent", "owner", "project_manager", "industry", "segment", "tags")),
        Section(_("Reach"), ("website", "email", "phone", "street", "postcode", "city", "region", "country")),
        Section(_("Size"), ("employees", "annual_revenue", "founded_year", "description")),
        Section(_("Terms"), ("currency", "price_adjuster", "terms_kind", "terms_days", "invoicing_option", "send_invoices", "tax_number", "tax_treatment")),
        Section(_("Rules"), ("allow_negative_profit", "share_orders", "satisfaction_email", "credit_limit_override", "credit_limit_reason", "credit_limit_until")),
        Section(_("Other systems"), ("number", "external_id")),
    )
    quick = ("name", "website", "phone", "owner", "parent", "industry", "city", "country")
    facts = (
        "industry", "segment", "legal_name", "website", "email", "phone", "street", "postcode", "city", "country", "employees", "annual_revenue", "founded_year",
        "project_manager", "currency", "terms_kind", "terms_days", "invoicing_option", "tax_number", "description",
    )  # fmt: skip
    sort = "name"
    totals = ("employees", "annual_revenue")
    keys = ("external_id", "number", "name", "email", "website")
    protected = ("status", "status_since", "blacklisted", "blacklist_reason")
    tones: ClassVar[dict[str, dict[str, str]]] = {"status": {"prospect": "info", "active": "good", "churned": "warn"}}
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "name": ("account", "company", "organisation", "customer"), "industry": ("sector",), "parent": ("subsidiary of", "parent company", "group"),
        "founded_year": ("year established", "founded"), "annual_revenue": ("revenue", "turnover"), "country": ("office location",), "owner": ("account manager",),
    }  # fmt: skip
    collections: ClassVar[dict[str, tuple[str, str]]] = {"contacts": ("contacts", "account"), "deals": ("deals", "account"), "branches": ("accounts", "parent")}
    duplicate_fields = ("name", "website", "email", "phone")

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        errors = {}
        if "parent" in changed and record.parent_id:
            if record.parent_id == record.pk:
                errors["parent"] = _now("An account cannot be its own parent.")
            elif AccountTree.objects.filter(ancestor=record.pk, descendant=record.parent_id).exists():
                errors["parent"] = _now("“%(name)s” lies below this account already: choose another parent.") % {"name": record.parent}
        if any((record.credit_limit_override is not None, record.credit_limit_reason, record.credit_limit_until)):
            if record.credit_limit_override is None:
                errors["credit_limit_override"] = _now("Enter the limit that the reason is for.")
            if not record.credit_limit_reason:
                errors["credit_limit_reason"] = _now("Say why the limit is overridden.")
            if record.credit_limit_until is None:
                errors["credit_limit_until"] = _now("Say until when the override holds.")
        return errors

    def badge(self, record: Any) -> tuple[str, str] | None:
        if record.blacklisted:
            return str(_("Blacklisted")), "bad"
        return str(AccountStatus(record.status).label), self.tones["status"][record.status]

    def crumbs(self, record: Any, access: Access) -> list[tuple[str, uuid.UUID]]:
        above = AccountTree.objects.filter(descendant=record.pk, depth__gt=0).order_by("-depth").values_list("ancestor__name", "ancestor")
        return [(str(name), pk) for name, pk in above]


registry.attach_tab("accounts", Tab("contacts", _("Contacts"), "contacts", lambda a: Q(affiliations__account=a.pk, affiliations__archived_at=None), lambda a: {"account": str(a.pk)}, order=10))
registry.attach_tab("accounts", Tab("branches", _("Branches"), "accounts", lambda a: Q(parent=a.pk), lambda a: {"parent": str(a.pk)}, order=90))
