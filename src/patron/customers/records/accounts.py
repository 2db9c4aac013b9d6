"""Accounts as a record type."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.customers.database import CYCLE
from patron.customers.domain.numbers import fresh_numbers, give_numbers
from patron.customers.domain.parents import refusal
from patron.customers.domain.places import follow_accounts, open_places
from patron.customers.domain.rollups import Figure, Total, figures, totals
from patron.customers.domain.status import recompute_status
from patron.customers.domain.trees import path
from patron.customers.enums import STATUS_TONES, AccountStatus
from patron.customers.models import Account, Contact
from patron.customers.models.account import MOST_TERMS_DAYS
from patron.identity.access import Access
from patron.kernel.formats import Formats
from patron.records import registry
from patron.records.matching import Match
from patron.records.record_type import RecordType, Section, Stat, Tab
from patron.records.registry import register
from patron.records.views.base import href


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
    filters = ("status", "owner", "industry", "segment", "country", "last_activity_at", "parent", "tags", "blacklisted")
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
    badge_of = ("status", "blacklisted")
    tones: ClassVar[dict[str, dict[str, str]]] = {"status": STATUS_TONES}
    constraint_messages: ClassVar[dict[str, tuple[str, Any]]] = {
        CYCLE: ("parent", _("This account is above the one you chose: somebody else may have moved it just now. Choose another parent.")),
        "account_not_own_parent": ("parent", _("An account cannot be its own parent.")),
        "account_terms_days": ("terms_days", _("Enter at most 365 days.")),
        "account_price_adjuster": ("price_adjuster", _("Enter more than -100 per cent.")),
        "account_credit_override_whole": ("credit_limit_override", _("An override needs an amount, a reason and an end.")),
        "account_blacklist_reason": ("blacklist_reason", _("Say why the account is blacklisted.")),
    }
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "name": ("account", "company", "organisation", "customer"), "industry": ("sector",), "parent": ("subsidiary of", "parent company", "group"),
        "founded_year": ("year established", "founded"), "annual_revenue": ("revenue", "turnover"), "country": ("office location",), "owner": ("account manager",),
    }  # fmt: skip
    collections: ClassVar[dict[str, tuple[str, str]]] = {"contacts": ("contacts", "account"), "deals": ("deals", "account"), "branches": ("accounts", "parent")}
    duplicate_fields = ("name", "website", "email", "phone")
    matches = (
        Match("name", "company", ("name", "legal_name"), needed=True), Match("domain", "domain", ("website",)), Match("email", "email"), Match("phone", "phone"),
        Match("tax_number", "code"), Match("street", "text"), Match("postcode", "code"), Match("city", "text"), Match("country", "same"),
    )  # fmt: skip
    match_blocks = ("name", "email", "phone", "tax_number", "domain name^3", "name~ city^4", "name^8", "name~ postcode", "street^8 postcode", "name^5 country")
    mergeable = True
    merge_together = (
        ("street", "postcode", "city", "region", "country"), ("terms_kind", "terms_days"), ("blacklisted", "blacklist_reason"), ("status", "status_since"),
        ("credit_limit_override", "credit_limit_reason", "credit_limit_until"),
    )  # fmt: skip
    merge_wins: ClassVar[dict[str, Any]] = {"blacklisted": True, "satisfaction_email": False}

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        errors = {**_parent_errors(record, changed), **_override_errors(record)}
        if record.terms_days is not None and record.terms_days > MOST_TERMS_DAYS:
            errors["terms_days"] = _now("Enter at most %(most)s days.") % {"most": MOST_TERMS_DAYS}
        if record.price_adjuster is not None and record.price_adjuster <= -100:
            errors["price_adjuster"] = _now("Enter more than -100 per cent.")
        if record._state.adding and record.name and not record.number and not errors:
            (record.number,) = fresh_numbers(1)
        return errors

    def imported(self, ids: list[uuid.UUID], *, access: Access, created: bool) -> None:
        give_numbers(ids)

    def merged(self, ids: list[uuid.UUID], *, access: Access) -> None:
        follow_accounts(list(Contact.objects.filter(account__in=ids).values_list("pk", flat=True)))
        recompute_status(ids, access=access, cause="merge")

    def stats(self, record: Any, access: Access) -> list[Stat]:
        found, fmt = totals([record.pk], access).get(record.pk, {}), Formats(access.locale, access.zone)
        return [_stat(figure, record, found.get(figure.key, Total()), access, fmt) for figure in figures(access)]

    def badge(self, record: Any) -> tuple[str, str] | None:
        if record.blacklisted:
            return str(_("Blacklisted")), "bad"
        return str(AccountStatus(record.status).label), self.tones["status"][record.status]

    def tree_address(self, access: Access) -> str:
        return "" if access.hides("accounts", "parent") else href(access, "accounts", "tree")

    def crumbs(self, record: Any, access: Access) -> list[tuple[str, uuid.UUID]]:
        return [] if access.hides("accounts", "parent") else path(record, access)


def _parent_errors(record: Any, changed: set[str]) -> dict[str, str]:
    if "parent" not in changed or record.parent is None:
        return {}
    why = refusal(record.pk, record.parent)
    return {"parent": why} if why else {}


def _override_errors(record: Any) -> dict[str, str]:
    """An override of the credit limit comes whole: amount, reason and end (D6)."""
    if record.credit_limit_override is None and not record.credit_limit_reason and record.credit_limit_until is None:
        return {}
    errors = {}
    if record.credit_limit_override is None:
        errors["credit_limit_override"] = _now("Enter the limit that the reason is for.")
    elif record.credit_limit_override < 0:
        errors["credit_limit_override"] = _now("Enter zero or more.")
    if not record.credit_limit_reason:
        errors["credit_limit_reason"] = _now("Say why the limit is overridden.")
    if record.credit_limit_until is None:
        errors["credit_limit_until"] = _now("Say until when the override holds.")
    return errors


def _stat(figure: Figure, record: Any, total: Total, access: Access, fmt: Formats) -> Stat:
    """A figure with its branches where these add something; "partial" where something is hidden (D3)."""
    own, branches = (str(fmt.money(amount, access.workspace.currency, cents=False)) for amount in (total.own, total.branches))
    notes = [_now("%(amount)s with branches") % {"amount": branches}] if total.branches != total.own else []
    notes += [_now("partial")] if total.partial else []
    query = figure.query(record.pk)
    return Stat(figure.label, own, ", ".join(notes), href(access, figure.type_key, query=query) if query else "")


def _people(account: Any) -> Q:
    """The contacts who are in the account now."""
    return Q(pk__in=open_places(account=account.pk).values("contact"))


registry.attach_tab("accounts", Tab("contacts", _("Contacts"), "contacts", _people, lambda a: {"account": str(a.pk)}, order=10, of=("affiliations.account",)))
registry.attach_tab("accounts", Tab("branches", _("Branches"), "accounts", lambda a: Q(parent=a.pk), lambda a: {"parent": str(a.pk)}, order=90, of=("accounts.parent",)))
