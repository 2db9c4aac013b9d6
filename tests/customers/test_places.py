"""A contact's account and its primary place stay one thing, whichever side is written."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from patron.customers.domain.contacts import affiliate, moved_job, roles_of, set_roles
from patron.customers.domain.places import follow_accounts
from patron.customers.models import Account, Affiliation, Contact
from patron.identity.access import Access
from patron.records import changes, registry
from patron.records.verbs import Refused
from tests.customers.conftest import Make


@pytest.fixture
def ann(access: Access) -> Contact:
    made: Contact = changes.create(registry.get("contacts"), {"first_name": "Ann", "last_name": "Lee", "title": "Buyer"}, access=access)
    return made


def in_step() -> bool:
    """Every contact's account is that of its primary place, and nobody has a primary place without it."""
    accounts = dict(Contact.objects.values_list("pk", "account"))
    primary = dict(Affiliation.objects.filter(primary=True, archived_at=None).values_list("contact", "account"))
    return {pk: account for pk, account in accounts.items() if account} == primary


def places(contact: Contact) -> list[tuple[str, bool, bool]]:
    """(account, primary, ended) in the order in which they were made."""
    rows = Affiliation.objects.filter(contact=contact).order_by("created_at", "pk").select_related("account")
    return [(p.account.name, p.primary, p.ends_on is not None) for p in rows]


def edit(record: Any, access: Access, **values: Any) -> None:
    changes.edit(registry.of_model(type(record)), record, values, access=access)


def test_a_new_contact_with_an_account_has_a_place_there(make: Make, access: Access) -> None:
    contact = changes.create(registry.get("contacts"), {"last_name": "Lee", "title": "CTO", "account": make("Globex").pk}, access=access)
    assert places(contact) == [("Globex", True, False)]
    assert Affiliation.objects.get().title == "CTO"


def test_another_account_in_the_form_moves_the_primary_flag(make: Make, access: Access, ann: Contact) -> None:
    one, two = make("One"), make("Two")
    edit(ann, access, account=one.pk)
    edit(ann, access, account=two.pk)
    assert places(ann) == [("One", False, False), ("Two", True, False)]
    edit(ann, access, account=one.pk)
    assert places(ann) == [("One", True, False), ("Two", False, False)]
    edit(ann, access, account=None)
    assert places(ann) == [("One", False, False), ("Two", False, False)]
    assert in_step()


def test_the_first_place_is_primary_the_next_is_not(make: Make, access: Access, ann: Contact) -> None:
    affiliate(ann, access=access, account=make("One"), roles="billing, Technical")
    affiliate(ann, access=access, account=make("Two"), title="Advisor")
    assert places(ann) == [("One", True, False), ("Two", False, False)]
    assert list(Affiliation.objects.order_by("created_at", "pk").values_list("roles", "title")) == [(["technical", "billing"], "Buyer"), ([], "Advisor")]
    assert in_step()


def test_a_place_can_take_over_as_primary(make: Make, access: Access, ann: Contact) -> None:
    affiliate(ann, access=access, account=make("One"))
    affiliate(ann, access=access, account=make("Two"), primary=True)
    assert places(ann) == [("One", False, False), ("Two", True, False)]
    edit(Affiliation.objects.get(account__name="One"), access, primary=True)
    assert places(ann) == [("One", True, False), ("Two", False, False)]
    assert in_step()


def test_one_open_place_per_pair(make: Make, access: Access, ann: Contact) -> None:
    one = make("One")
    affiliate(ann, access=access, account=one)
    with pytest.raises(Refused, match="is in “One” already"):
        affiliate(ann, access=access, account=one)
    with pytest.raises(IntegrityError, match="affiliation_open_once"), transaction.atomic():
        Affiliation.objects.create(contact=ann, account=one)
    with pytest.raises(changes.NotValid) as caught:
        changes.create(registry.get("affiliations"), {"contact": ann.pk, "account": one.pk}, access=access)
    assert caught.value.errors == {"account": "This contact is in the account already."}


def test_moved_job_ends_one_place_and_opens_the_next(make: Make, access: Access, ann: Contact) -> None:
    affiliate(ann, access=access, account=make("Old"))
    affiliate(ann, access=access, account=make("Side"))
    day = access.today() - datetime.timedelta(days=3)
    moved_job(ann, access=access, account=make("New"), title="Head of buying", on=day)
    assert places(ann) == [("Old", False, True), ("Side", False, False), ("New", True, False)]
    ann.refresh_from_db()
    assert (ann.account.name, ann.title) == ("New", "Head of buying")
    assert Affiliation.objects.get(account__name="Old").ends_on == day
    moved_job(ann, access=access, account=Account.objects.get(name="Old"))
    assert places(ann)[-1] == ("Old", True, False)
    assert in_step()


def test_moved_job_is_refused_where_it_makes_no_sense(make: Make, access: Access, ann: Contact) -> None:
    one = make("One")
    affiliate(ann, access=access, account=one)
    with pytest.raises(Refused, match="already"):
        moved_job(ann, access=access, account=one)
    with pytest.raises(Refused, match="up to today"):
        moved_job(ann, access=access, account=make("Two"), on=access.today() + datetime.timedelta(days=1))


def test_roles_are_words_of_the_list(make: Make, access: Access, ann: Contact) -> None:
    one = make("One")
    affiliate(ann, access=access, account=one)
    set_roles(ann, access=access, account=one, roles="Decision-maker")
    assert Affiliation.objects.get().roles == ["decision_maker"]
    set_roles(ann, access=access, account=one)
    assert Affiliation.objects.get().roles == []
    with pytest.raises(Refused):
        roles_of("boss")
    with pytest.raises(Refused, match="no place"):
        set_roles(ann, access=access, account=make("Two"))


@pytest.mark.parametrize("way", ["archive", "delete", "end", "sql"])
def test_a_place_that_goes_takes_the_account_with_it(make: Make, access: Access, ann: Contact, way: str) -> None:
    affiliate(ann, access=access, account=make("One"))
    place = Affiliation.objects.get()
    if way == "archive":
        registry.verb("affiliations", "archive").act(place, access=access)
    elif way == "delete":
        registry.verb("affiliations", "delete").act(place, access=access)
    elif way == "end":
        edit(place, access, primary=False, ends_on=access.today())
    else:
        Affiliation.objects.filter(pk=place.pk).update(primary=False)
    ann.refresh_from_db()
    assert ann.account_id is None
    assert in_step()


def test_many_contacts_at_once_follow_their_accounts(make: Make, access: Access, django_assert_max_num_queries: Any) -> None:
    one, two = make("One"), make("Two")
    contacts = Contact.objects.bulk_create(Contact(last_name=f"C{i}", account=one if i % 2 else two) for i in range(20))
    with django_assert_max_num_queries(6):
        follow_accounts([c.pk for c in contacts])
    assert in_step()
    assert Affiliation.objects.count() == 20


def test_a_place_that_has_ended_is_not_primary(make: Make, access: Access, ann: Contact) -> None:
    values = {"contact": ann.pk, "account": make("One").pk, "primary": True, "starts_on": access.today(), "ends_on": access.today()}
    with pytest.raises(changes.NotValid) as caught:
        changes.create(registry.get("affiliations"), values, access=access)
    assert set(caught.value.errors) == {"primary"}
    with pytest.raises(IntegrityError, match="affiliation_primary_is_open"), transaction.atomic():
        Affiliation.objects.create(contact=ann, account=Account.objects.get(), primary=True, ends_on=access.today())


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"first_name": "Ann", "last_name": "Lee"}, "Ann Lee"), ({"last_name": " Lee "}, "Lee"), ({"name": "Dr. Ann Lee", "first_name": "Ann"}, "Dr. Ann Lee"),
        ({"name": "Ann"}, "Ann"),
    ],
)  # fmt: skip
def test_a_contact_has_a_name_however_it_is_made(access: Access, typed: dict[str, str], expected: str) -> None:
    made = changes.create(registry.get("contacts"), typed, access=access)
    raw = Contact.objects.create(**typed)
    raw.refresh_from_db()
    assert (made.name, raw.name) == (expected, expected)


def test_a_contact_without_a_name_is_refused(access: Access) -> None:
    with pytest.raises(changes.NotValid) as caught:
        changes.create(registry.get("contacts"), {"email": "ann@example.com"}, access=access)
    assert caught.value.errors == {"last_name": "Enter a first or last name."}
    with pytest.raises(IntegrityError, match="contact_named"), transaction.atomic():
        Contact.objects.create(email="ann@example.com")


def test_a_made_name_follows_a_typed_one_stays(access: Access, ann: Contact) -> None:
    Contact.objects.filter(pk=ann.pk).update(last_name="Lehmann")
    ann.refresh_from_db()
    assert ann.name == "Ann Lehmann"
    edit(ann, access, name="Dr. Ann Lehmann")
    Contact.objects.filter(pk=ann.pk).update(last_name="Lee")
    ann.refresh_from_db()
    assert ann.name == "Dr. Ann Lehmann"
