"""Verbs of contacts: their places in accounts, and connections."""

from __future__ import annotations

import datetime
import uuid
from typing import Annotated, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.customers.domain.places import follow_places, make_primary, open_places
from patron.customers.enums import ContactRole
from patron.customers.models import Account, Affiliation, Connection, ConnectionType, Contact
from patron.identity.access import Access
from patron.kernel import parsing
from patron.kernel.parsing import Invalid
from patron.records.verbs import Input, Refused, verb

_ROLES = Input(_("Roles"), hint=_("Decision-maker, technical, billing: separated by commas."))


def roles_of(text: str) -> list[str]:
    """Roles as typed, in the order of the list; raises `Refused` for a word that is none."""
    options = {str(value): str(label) for value, label in ContactRole.choices}
    try:
        chosen = {parsing.choice(word, options) for word in parsing.tags(text)} if text.strip() else set()
    except Invalid as error:
        raise Refused(error.message, field="roles") from error
    return [value for value in ContactRole.values if value in chosen]


@verb("contacts", "affiliate", label=_("Add to an account"), icon="building", action="edit", order=40, done=_("Added to the account"))
def affiliate(
    contact: Contact,
    *,
    access: Access,
    account: Annotated[Account, Input(_("Account"))],  # type: ignore[valid-type]  # django-stubs reads Annotated[Model] as its own
    roles: Annotated[str, _ROLES] = "",
    title: Annotated[str, Input(_("Job title"))] = "",
    primary: Annotated[bool, Input(_("Primary account"))] = False,
) -> None:
    """Give the contact a place in one more account; the first place is the primary one."""
    if open_places(contact=contact.pk, account=account.pk).exists():
        raise Refused(_now("The contact is in “%(name)s” already.") % {"name": account}, field="account")
    place = Affiliation.objects.create(contact=contact, account=account, roles=roles_of(roles), title=title or contact.title)
    if primary:
        make_primary(place)
    follow_places([contact.pk])


@verb("contacts", "set_roles", label=_("Set roles"), icon="badge-check", action="edit", order=41, done=_("Roles set"))
def set_roles(
    contact: Contact,
    *,
    access: Access,
    account: Annotated[Account, Input(_("Account"))],  # type: ignore[valid-type]  # django-stubs reads Annotated[Model] as its own
    roles: Annotated[str, _ROLES] = "",
) -> None:
    """Say what the contact is to an account; messages are routed by it."""
    changed = open_places(contact=contact.pk, account=account.pk).update(roles=roles_of(roles))
    if not changed:
        raise Refused(_now("The contact has no place in “%(name)s”.") % {"name": account}, field="account")


@verb("contacts", "moved_job", label=_("Moved job"), icon="briefcase", action="edit", order=42, done=_("Moved to the new job"))
def moved_job(
    contact: Contact,
    *,
    access: Access,
    account: Annotated[Account, Input(_("New account"))],  # type: ignore[valid-type]  # django-stubs reads Annotated[Model] as its own
    title: Annotated[str, Input(_("New job title"))] = "",
    on: Annotated[datetime.date | None, Input(_("Since"), hint=_("Empty: today."))] = None,
) -> None:
    """Close the primary place and open one in another account. What was said and written stays with the time it belongs to."""
    day = on or access.today()
    if day > access.today():
        raise Refused(_now("Enter a day up to today: the move is recorded when it has happened."), field="on")
    if open_places(contact=contact.pk, account=account.pk).exists():
        raise Refused(_now("The contact is in “%(name)s” already.") % {"name": account}, field="account")
    contact.account, contact.title = account, title or contact.title
    contact.save(update_fields=["account", "title"])
    for place in open_places(contact=contact.pk, primary=True):
        place.primary, place.ends_on = False, max(day, place.starts_on or day)
        place.save(update_fields=["primary", "ends_on"])
    Affiliation.objects.create(contact=contact, account=account, title=title, starts_on=day, primary=True)


def _end(record: Any) -> dict[str, uuid.UUID]:
    return {"first_account_id" if isinstance(record, Account) else "first_contact_id": record.pk}


@verb("accounts", "connect", label=_("Connect"), icon="link", action="edit", order=62, done=_("Connected"))
@verb("contacts", "connect", label=_("Connect"), icon="link", action="edit", order=62, done=_("Connected"))
def connect(
    record: Any,
    *,
    access: Access,
    kind: Annotated[ConnectionType, Input(_("This is"))],  # type: ignore[valid-type]  # django-stubs reads Annotated[Model] as its own
    account: Annotated[Account | None, Input(_("Account"))] = None,
    contact: Annotated[Contact | None, Input(_("Contact"))] = None,
    since: Annotated[datetime.date | None, Input(_("Since"))] = None,
    note: Annotated[str, Input(_("Note"))] = "",
) -> None:
    """Say what the record is to an account or a contact: exactly one of the two, and not itself."""
    if (account is None) == (contact is None):
        raise Refused(_now("Choose an account or a contact, not both."), field="account")
    other: Any = account or contact
    if other.pk == record.pk:
        raise Refused(_now("A record cannot be connected with itself."), field="account" if account else "contact")
    Connection.objects.create(type=kind, second_account=account, second_contact=contact, starts_on=since, note=note, **_end(record))
