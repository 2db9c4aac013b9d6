"""Contacts, their places in accounts, and connections, as record types."""

from __future__ import annotations

import functools
import operator
import uuid
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.customers import rules
from patron.customers.domain.places import follow_accounts, follow_places, make_primary, open_places
from patron.customers.models import Affiliation, Connection, Contact
from patron.identity.access import Access
from patron.records import registry
from patron.records.matching import Match
from patron.records.record_type import RecordType, Section
from patron.records.registry import register

ENDS = ("first_account", "first_contact", "second_account", "second_contact")


@register
class ContactRecord(RecordType):
    """People: of several accounts, or of none."""

    key = "contacts"
    model = Contact
    label, plural, icon = _("Contact"), _("Contacts"), "users"
    avatar = "person"
    description = _("People at your accounts, with their roles; or people on their own.")
    nav, nav_order = "sales", 20
    subtitle = ("title", "account")
    columns = ("name", "account", "title", "email", "phone", "city", "country", "owner")
    filters = ("account", "owner", "title", "country", "tags", "do_not_email")
    sections = (
        Section(_("Person"), ("salutation", "first_name", "last_name", "account", "title", "department", "owner", "tags")),
        Section(_("Reach"), ("email", "phone", "mobile", "city", "country", "language", "profile_url", "do_not_call", "do_not_email")),
        Section(_("More"), ("name", "birthday", "description", "external_id")),
    )
    quick = ("first_name", "last_name", "account", "title", "email", "phone")
    facts = ("account", "title", "department", "email", "phone", "mobile", "city", "country", "language", "birthday", "profile_url", "do_not_call", "do_not_email", "description")
    sort = "name"
    keys = ("external_id", "email", "phone", "name")
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {"title": ("job title", "position", "role"), "account": ("company", "organisation")}
    duplicate_fields = ("email", "phone", "mobile", "last_name")
    matches = (
        Match("last_name", "surname", ("last_name", "name"), needed=True, swaps="first_name"),
        Match("first_name", "given", ("first_name", "name"), needed=True, swaps="last_name"),
        Match("email", "email"), Match("phone", "phone", ("phone", "mobile")), Match("account", "same"), Match("city", "text"), Match("birthday", "date"),
    )  # fmt: skip
    match_blocks = (
        "email", "phone", "first_name last_name", "last_name~ account", "first_name~ account", "last_name~ first_name^2 city^4", "birthday last_name^1",
        "last_name^4 first_name~ city^3", "email^8 last_name~",
    )  # fmt: skip
    mergeable = True
    merge_together = (("name", "first_name", "last_name", "salutation"), ("city", "country"))
    merge_wins: ClassVar[dict[str, Any]] = {"do_not_call": True, "do_not_email": True}
    constraint_messages: ClassVar[dict[str, tuple[str, Any]]] = {"contact_named": ("last_name", _("Enter a name for the contact."))}

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        made = rules.full_name(record.first_name, record.last_name)
        if not record.name or (changed & {"first_name", "last_name"} and "name" not in changed and made):
            record.name = made
        return {} if record.name else {"last_name": _now("Enter a first or last name.")}

    def saved(self, record: Any, *, access: Access, created: bool, changed: set[str]) -> None:
        if "account" in changed:
            follow_accounts([record.pk])

    def imported(self, ids: list[uuid.UUID], *, access: Access, created: bool) -> None:
        follow_accounts(ids)

    def merged(self, ids: list[uuid.UUID], *, access: Access) -> None:
        follow_accounts(ids)
        follow_places(ids)


@register
class AffiliationRecord(RecordType):
    """A contact's place in an account."""

    key = "affiliations"
    model = Affiliation
    label, plural, icon = _("Place in an account"), _("Places in accounts"), "briefcase"
    title = "contact"
    columns = ("contact", "account", "title", "roles", "primary", "starts_on", "ends_on")
    filters = ("account", "contact", "roles", "primary")
    sections = (Section(_("Place"), ("contact", "account", "title", "roles", "starts_on", "ends_on", "primary")),)
    sort = "-created_at"
    owners = ("contact__owner",)
    seen_with = ("accounts", "contacts")
    searchable = False
    has_page = False
    duplicate_fields = ()
    constraint_messages: ClassVar[dict[str, tuple[str, Any]]] = {
        "affiliation_open_once": ("account", _("This contact is in the account already.")),
        "affiliation_primary_once": ("primary", _("The contact has another primary account: change it on the contact.")),
        "affiliation_primary_is_open": ("primary", _("A place that has ended cannot be the primary one.")),
        "affiliation_ends_after_start": ("ends_on", _("The end lies before the start.")),
    }

    def owner_ids(self, record: Any) -> set[uuid.UUID | None]:
        return {record.contact.owner_id}

    def restrict(self, queryset: QuerySet[Any], access: Access, action: str = "view") -> QuerySet[Any]:
        """A place shows no contact or account that the person may not see."""
        rows = super().restrict(queryset, access, action)
        for key, path in (("contacts", "contact"), ("accounts", "account")):
            if access.scope(key, "view") != "all":
                rows = rows.filter(**{f"{path}__in": registry.get(key).visible(access).order_by().values("pk")})
        return rows

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        errors = {}
        if record.primary and record.ends_on:
            errors["primary"] = _now("A place that has ended cannot be the primary one.")
        if record.starts_on and record.ends_on and record.ends_on < record.starts_on:
            errors["ends_on"] = _now("The end lies before the start.")
        if record.primary and open_places(contact=record.contact_id, primary=True).exclude(pk=record.pk).exists():
            record.primary, record.takes_over = False, True  # the other gives it up once this one is written
        return errors

    def saved(self, record: Any, *, access: Access, created: bool, changed: set[str]) -> None:
        if getattr(record, "takes_over", False):
            make_primary(record)
        follow_places([record.contact_id])

    def imported(self, ids: list[uuid.UUID], *, access: Access, created: bool) -> None:
        follow_places(set(Affiliation.objects.filter(pk__in=ids).values_list("contact", flat=True)))


@register
class ConnectionRecord(RecordType):
    """A typed relation between two parties."""

    key = "connections"
    model = Connection
    label, plural, icon = _("Connection"), _("Connections"), "link"
    title = "type"
    columns = ("type", "first_account", "first_contact", "second_account", "second_contact", "starts_on", "ends_on")
    filters = ("type", "first_account", "second_account", "first_contact", "second_contact")
    sections = (Section(_("Connection"), ("type", "first_account", "first_contact", "second_account", "second_contact", "starts_on", "ends_on", "note")),)
    sort = "-created_at"
    owners = ()
    seen_with = ("accounts", "contacts")
    searchable = False
    has_page = False
    duplicate_fields = ()

    def own(self, access: Access, scope: str) -> Q:
        """A connection is a person's own where one of its parties is."""
        reach = [i for i in access.reach(scope) if i is not None]
        return functools.reduce(operator.or_, (Q(**{f"{end}__owner__in": reach}) for end in ENDS))

    def owner_ids(self, record: Any) -> set[uuid.UUID | None]:
        return {party.owner_id for party in (getattr(record, end) for end in ENDS) if party is not None}

    def restrict(self, queryset: QuerySet[Any], access: Access, action: str = "view") -> QuerySet[Any]:
        """A connection shows no party that the person may not see."""
        rows = super().restrict(queryset, access, action)
        for end in ENDS:
            key = "accounts" if end.endswith("account") else "contacts"
            if access.scope(key, "view") != "all":
                seen = registry.get(key).visible(access).order_by().values("pk")
                rows = rows.filter(Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__in": seen}))
        return rows

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        errors = {}
        for end, label in (("first", _now("first")), ("second", _now("second"))):
            chosen = [n for n in (f"{end}_account", f"{end}_contact") if getattr(record, f"{n}_id")]
            if len(chosen) != 1:
                errors[f"{end}_account"] = _now("Choose an account or a contact for the %(end)s end, not both.") % {"end": label}
        same = record.first_account_id and record.first_account_id == record.second_account_id
        if same or (record.first_contact_id and record.first_contact_id == record.second_contact_id):
            errors["second_account"] = _now("Both ends are the same. Choose another second end.")
        if record.starts_on and record.ends_on and record.ends_on < record.starts_on:
            errors["ends_on"] = _now("The end lies before the start.")
        return errors
