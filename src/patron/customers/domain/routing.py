"""Who receives what: messages go to the holders of a role, with a fallback that is said (domain, section 2)."""

from __future__ import annotations

from typing import NamedTuple

from patron.customers.domain.places import open_places
from patron.customers.enums import ContactRole
from patron.customers.models import Account, Contact


class Recipients(NamedTuple):
    """Who is written to. `fallback` says why it is not a holder of the role: "" (it is), "primary", "account", or "none": nobody can be."""

    contacts: list[Contact]
    email: str
    fallback: str


def recipients(account: Account, role: ContactRole) -> Recipients:
    """The holders of `role`; without one, the primary contact; without one, the account's own address. Sends nothing: the caller does, and says so.

    The primary contact is the one that has been longest in the account as their primary one. Contacts without an address, archived ones and
    those who do not want e-mail are passed over, also as holders of the role.
    """
    places = open_places(account=account.pk, contact__archived_at=None, contact__do_not_email=False).exclude(contact__email="")
    found = list(places.select_related("contact").order_by("created_at", "pk"))
    if holders := [place.contact for place in found if role in place.roles]:
        return Recipients(holders, "", "")
    if primary := next((place.contact for place in found if place.primary), None):
        return Recipients([primary], "", "primary")
    return Recipients([], account.email, "account" if account.email else "none")
