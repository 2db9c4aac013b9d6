"""Account numbers are drawn when nobody typed one, each once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from patron.customers.domain.numbers import fresh_numbers, give_numbers
from patron.customers.models import Account
from patron.identity.access import Access
from patron.records import changes, registry
from tests.customers.conftest import Make


def create(access: Access, **values: Any) -> Account:
    made: Account = changes.create(registry.get("accounts"), values, access=access)
    return made


def test_accounts_are_numbered_in_order(access: Access) -> None:
    assert [create(access, name=name).number for name in "ABC"] == ["A-10001", "A-10002", "A-10003"]


def test_a_typed_number_stays_and_is_not_drawn_again(access: Access) -> None:
    assert create(access, name="Old", number="a-10002").number == "a-10002"
    assert [create(access, name=name).number for name in "AB"] == ["A-10001", "A-10003"]


def test_a_refused_account_takes_no_number(access: Access) -> None:
    with pytest.raises(changes.NotValid):
        create(access, name="")
    with pytest.raises(changes.NotValid):
        create(access, name="A", credit_limit_reason="because")
    assert create(access, name="B").number == "A-10001"


def test_a_number_is_given_once(make: Make) -> None:
    make("A", number="K-1")
    with pytest.raises(IntegrityError, match="account_number_once"), transaction.atomic():
        make("B", number="k-1")


def test_many_are_numbered_at_once(make: Make, access: Access, django_assert_max_num_queries: Any) -> None:
    kept = make("Kept", number="A-10003")
    made = Account.objects.bulk_create(Account(name=f"N{i}") for i in range(10))
    with django_assert_max_num_queries(7):
        assert give_numbers([kept.pk, *(a.pk for a in made)]) == 10
    numbers = list(Account.objects.exclude(pk=kept.pk).order_by("created_at", "pk").values_list("number", flat=True))
    assert numbers == ["A-10001", "A-10002", *(f"A-{n}" for n in range(10004, 10012))]
    assert give_numbers([a.pk for a in made]) == 0
    assert fresh_numbers(1) == ["A-10012"]
