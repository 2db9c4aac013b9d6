"""Sections of the record pages: people, the tree, connections, places."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from patron.customers.domain.places import open_places
from patron.customers.enums import ROLE_TONES, ContactRole
from patron.customers.models import Account, AccountBackup, AccountProduction, AccountTree, Affiliation, Connection
from patron.identity.access import Access
from patron.kernel.db import prepared
from patron.records import registry, seen
from patron.records.record_type import Panel
from patron.records.veil import veiled
from patron.records.views.base import href

MOST = 6


def _roles(place: Affiliation) -> list[tuple[str, str]]:
    return [(str(ContactRole(role).label), ROLE_TONES[role]) for role in place.roles]


def _do(record: Any, access: Access, verb: str) -> str:
    """Where a verb of the record is done; empty where the person may not change it."""
    record_type = registry.of_model(type(record))
    return href(access, record_type.key, record.pk, "do", verb) if record_type.allows(record, access, "edit") else ""


def people(account: Account, access: Access) -> dict[str, Any] | None:
    """The account's contacts with their roles: decision-makers first."""
    if not access.can("contacts", "view"):
        return None

    def build(account: uuid.UUID) -> Any:
        contacts = registry.get("contacts").live(access)
        return open_places(account=account, contact__in=contacts).select_related("contact").order_by("created_at", "pk")[:200]

    found = sorted(seen.rows(access, ("contacts",), "customers.people", build, account=account.pk), key=lambda p: (ContactRole.DECISION_MAKER not in p.roles, not p.primary))
    rows = [{"name": p.contact.name, "url": href(access, "contacts", p.contact_id), "title": p.title or p.contact.title, "roles": _roles(p)} for p in veiled(found[:MOST], access)]
    add = href(access, "contacts", "new", query=f"account={account.pk}&stay=1") if access.can("contacts", "create") else ""
    return {"rows": rows, "count": len(found), "add": add, "all": href(access, "accounts", account.pk, query="tab=contacts")}


def tree(account: Account, access: Access) -> dict[str, Any] | None:
    """The account's branches, each with how many lie below it; None where it has none."""
    def build(account: uuid.UUID) -> Any:
        return registry.get("accounts").live(access).filter(parent=account).order_by("name").values_list("pk", "name", "city")[: MOST + 1]

    children = seen.rows(access, ("accounts",), "customers.branches", build, account=account.pk)
    if not children:
        return None

    def lower(account: uuid.UUID) -> Any:
        live = registry.get("accounts").live(access).order_by().values("pk")
        return AccountTree.objects.filter(ancestor=account, depth__gt=0, descendant__in=live).order_by().values("ancestor").annotate(n=Count("pk")).values_list("n", flat=True)

    below = sum(seen.rows(access, ("accounts",), "customers.below", lower, account=account.pk))
    shows = not access.hides("accounts", "city")
    rows = [{"label": name, "url": href(access, "accounts", pk), "note": city if shows else ""} for pk, name, city in children[:MOST]]
    return {"rows": rows, "below": below, "tree": href(access, "accounts", "tree", query=f"of={account.pk}"), "all": href(access, "accounts", account.pk, query="tab=branches")}


def connections(record: Any, access: Access) -> dict[str, Any] | None:
    """What the record is to others, and others to it; None where there is nothing."""
    mine = "account" if isinstance(record, Account) else "contact"

    def build(record: uuid.UUID) -> Any:
        rows = registry.get("connections").visible(access).filter(Q(**{f"first_{mine}": record}) | Q(**{f"second_{mine}": record}), archived_at=None)
        return rows.select_related("type", "first_account", "first_contact", "second_account", "second_contact").order_by("created_at", "pk")[:20]

    rows = seen.rows(access, ("connections",), ("customers.connections", mine), build, record=record.pk)
    found = [_seen_from(c, record, access) for c in veiled(rows, access)]
    return {"rows": found, "add": _do(record, access, "connect")} if found else None


def _seen_from(connection: Connection, record: Any, access: Access) -> dict[str, Any]:
    first = record.pk in (connection.first_account_id, connection.first_contact_id)
    other: Any = (connection.second_account or connection.second_contact) if first else (connection.first_account or connection.first_contact)
    key = "accounts" if isinstance(other, Account) else "contacts"
    return {"what": connection.type.name if first else connection.type.reverse_name, "name": str(other), "url": href(access, key, other.pk), "company": key == "accounts", "since": connection.starts_on, "until": connection.ends_on}  # fmt: skip


def places(contact: Any, access: Access) -> dict[str, Any]:
    """The accounts that the contact is or was in, open places first."""
    def build(contact: uuid.UUID) -> Any:
        return registry.get("affiliations").live(access).filter(contact=contact).select_related("account").order_by("created_at", "pk")

    rows = seen.rows(access, ("affiliations",), "customers.places", build, contact=contact.pk)
    found = [
        {"name": p.account.name, "url": href(access, "accounts", p.account_id), "title": p.title, "roles": _roles(p), "primary": p.primary, "until": p.ends_on}
        for p in veiled(sorted(rows, key=lambda p: (p.ends_on is not None, not p.primary)), access)
    ]
    return {"rows": found, "add": _do(contact, access, "affiliate")}


def _backups(account: uuid.UUID) -> Any:
    return AccountBackup.objects.filter(account=account).order_by("position").values_list("member__name", flat=True)


def _production(account: uuid.UUID) -> Any:
    return AccountProduction.objects.filter(account=account).order_by("task_type", "spec").values_list("team__name", "task_type", "spec")


def team(account: Account, access: Access) -> dict[str, Any] | None:
    """Project manager, backups in the order in which they are asked, production teams; None where nobody is named."""
    backups = prepared.rows("customers.backups", _backups, account=account.pk)
    rules = prepared.rows("customers.production", _production, account=account.pk)
    production = [{"team": name, "what": " · ".join(filter(None, (task_type, spec))) or str(_("Everything else"))} for name, task_type, spec in rules]
    manager = str(veiled(account, access).project_manager or "")
    if not (manager or backups or production):
        return None
    return {"manager": manager, "backups": backups, "production": production, "add": _do(account, access, "add_backup")}


_ENDS = ("connections.type", *(f"connections.{end}_{kind}" for end in ("first", "second") for kind in ("account", "contact")))
registry.attach_panel("accounts", Panel("people", _("Contacts"), "customers/_people.html", people, "about", 5, ("affiliations.account", "affiliations.contact")))
registry.attach_panel("accounts", Panel("team", _("Team"), "customers/_team.html", team, "about", 10))
registry.attach_panel("accounts", Panel("tree", _("Branches"), "customers/_branches.html", tree, "about", 15, ("accounts.parent",)))
for _key in ("accounts", "contacts"):
    registry.attach_panel(_key, Panel("connections", _("Connections"), "customers/_connections.html", connections, "about", 20, _ENDS))
registry.attach_panel("contacts", Panel("places", _("Accounts"), "customers/_places.html", places, "work", 20, ("contacts.account", "affiliations.account", "affiliations.contact")))
