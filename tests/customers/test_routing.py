"""Messages go to the holders of a role, else to the primary contact, else to the account's own address."""

from __future__ import annotations

from typing import Any

from patron.customers.domain.routing import recipients
from patron.customers.enums import ContactRole
from patron.customers.models import Account, Affiliation, Contact
from tests.customers.conftest import Make

BILLING = ContactRole.BILLING


def person(account: Account, name: str, *roles: str, email: str = "set", primary: bool = False, **values: Any) -> Contact:
    contact: Contact = Contact.objects.create(name=name, email=f"{name.lower()}@globex.example" if email == "set" else email, **values)
    Affiliation.objects.create(contact=contact, account=account, roles=list(roles), primary=primary)
    return contact


def answer(account: Account) -> tuple[list[str], str, str]:
    found = recipients(account, BILLING)
    return [c.name for c in found.contacts], found.email, found.fallback


def test_holders_of_the_role_receive_it_all_of_them(make: Make) -> None:
    account = make("Globex", email="office@globex.example")
    person(account, "Ann", "decision_maker", primary=True)
    person(account, "Bo", "billing", "technical")
    person(account, "Cy", "billing")
    assert answer(account) == (["Bo", "Cy"], "", "")


def test_without_a_holder_the_primary_contact_receives_it(make: Make) -> None:
    account = make("Globex", email="office@globex.example")
    person(account, "Side")
    person(account, "Ann", "technical", primary=True)
    person(account, "Late", primary=True)
    assert answer(account) == (["Ann"], "", "primary")


def test_without_anybody_the_account_receives_it(make: Make) -> None:
    assert answer(make("Globex", email="office@globex.example")) == ([], "office@globex.example", "account")
    assert answer(make("Silent")) == ([], "", "none")


def test_who_cannot_or_does_not_want_to_be_written_to_is_passed_over(make: Make) -> None:
    account, former = make("Globex", email="office@globex.example"), None
    person(account, "NoMail", "billing", email="")
    person(account, "Stopped", "billing", do_not_email=True)
    former = person(account, "Former", "billing")
    Affiliation.objects.filter(contact=former).update(ends_on="2020-01-01")
    assert answer(account) == ([], "office@globex.example", "account")
