"""Who receives what: messages go to the holders of a role, with a fallback that is said (domain, section 2)."""

from __future__ import annotations

from typing import NamedTuple

from patron.customers.models import Account, Affiliation, Contact


class Recipients(NamedTuple):
    """Who is written to. `fallback` says in a word why it is not a holder of the role: "", "primary" or "account"."""

    contacts: list[Contact]
    email: str
    fallback: str


def recipients(account: Account, role: str) -> Recipients:
    """The holders of `role` with an address who may be written to; else the first contact; else the account's own address."""
    places = Affiliation.objects.filter(account=account.pk, ends_on=None, archived_at=None, contact__archived_at=None, contact__do_not_email=False)
    places = places.exclude(contact__email="").select_related("contact").order_by("-primary", "created_at", "pk")
    holders = [p.contact for p in places if role in p.roles]
    if holders:
        return Recipients(holders, "", "")
    first = places.first()
    return Recipients([first.contact], "", "primary") if first else Recipients([], account.email, "account")
