"""A currency that somebody writes with an amount is never dropped, and numbers stay inside their limits: the same at every door."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from patron.identity.access import Access
from patron.kernel.formats import Formats
from patron.kernel.parsing import Invalid
from patron.records import changes, perform, registry
from patron.records.kinds import View
from patron.sales.domain.start import ship_lists
from patron.sales.models import Deal, DealLine, Stage
from patron.testing import Scene, open_workspace


@pytest.fixture
def access(scene: Scene) -> Iterator[Access]:
    """Inside a workspace that deals in euros."""
    with open_workspace(scene) as opened:
        ship_lists()
        yield opened


@pytest.fixture
def view(access: Access) -> View:
    return View(access, Formats(access.locale, access.zone))


def read(view: View, type_key: str, record: Any = None, **data: str) -> changes.Reading:
    return changes.read(registry.get(type_key), data, view, None, record)


def test_a_written_currency_is_that_of_a_new_record_that_leaves_it_open(view: View) -> None:
    assert read(view, "deals", name="Pilot", amount="12 USD", currency="").values == {"name": "Pilot", "amount": Decimal(12), "currency": "USD"}
    assert read(view, "deals", name="Pilot", amount="12 USD").values["currency"] == "USD"


@pytest.mark.parametrize("typed", ["12 USD", "$12"])
def test_a_written_currency_that_is_not_the_chosen_one_is_refused(view: View, typed: str) -> None:
    reading = read(view, "deals", name="Pilot", amount=typed, currency="EUR")
    assert "USD" in reading.errors["amount"]
    assert "amount" not in reading.values


def test_a_record_keeps_its_currency_when_an_amount_is_written_with_another(view: View, access: Access) -> None:
    deal = changes.create(registry.get("deals"), {"name": "Pilot", "currency": "USD"}, access=access)
    assert read(view, "deals", deal, amount="12 USD").values == {"amount": Decimal(12)}
    assert "USD" in read(view, "deals", deal, amount="12 EUR").errors["amount"]
    assert changes.currency_of(registry.get("deals").fields["amount"], deal, view) == "USD"


def test_an_amount_in_the_base_currency_takes_no_other(view: View) -> None:
    assert "EUR" in read(view, "accounts", annual_revenue="1200 USD").errors["annual_revenue"]
    assert read(view, "accounts", annual_revenue="€1200").values == {"annual_revenue": Decimal(1200)}


def test_two_currencies_in_one_form_are_refused(view: View) -> None:
    reading = read(view, "products", name="Probe", price="12 USD", cost="5 GBP")
    (refused,) = reading.errors
    assert {"price", "cost"} - {refused} < set(reading.values)
    assert read(view, "products", name="Probe", price="12 USD", cost="5 USD").values["currency"] == "USD"


def test_a_verb_of_records_with_their_own_currency_takes_the_amount_alone(view: View) -> None:
    verb = registry.verb("deals", "add_line")
    with pytest.raises(changes.NotValid) as refused:
        perform.read_inputs(verb, {"description": "Work", "quantity": "1", "unit_price": "12 USD"}, view)
    assert "alone" in refused.value.errors["unit_price"]


@pytest.mark.parametrize(("type_key", "name", "typed"), [("stages", "probability", "101"), ("deals", "probability", "-1"), ("deal-lines", "discount", "250")])
def test_percentages_have_limits_and_say_them(view: View, type_key: str, name: str, typed: str) -> None:
    with pytest.raises(Invalid, match="from 0 to 100"):
        changes.read_one(registry.get(type_key).fields[name], typed, view)


def test_whole_numbers_say_their_limits_before_the_database_does(view: View) -> None:
    with pytest.raises(Invalid, match="365"):
        changes.read_one(registry.get("accounts").fields["terms_days"], "366", view)
    with pytest.raises(Invalid, match="32767"):
        changes.read_one(registry.get("accounts").fields["founded_year"], "40000", view)


def test_the_database_keeps_the_same_limits(access: Access) -> None:
    deal = changes.create(registry.get("deals"), {"name": "Pilot"}, access=access)
    with pytest.raises(IntegrityError, match="deal_own_probability"), transaction.atomic():
        Deal.objects.filter(pk=deal.pk).update(probability=101)
    with pytest.raises(IntegrityError, match="stage_probability"), transaction.atomic():
        Stage.objects.filter(pk=deal.stage_id).update(probability=-1)
    with pytest.raises(IntegrityError, match="line_discount"), transaction.atomic():
        DealLine.objects.create(deal=deal, description="Work", discount=101)


def test_a_large_amount_is_converted_to_the_cent(access: Access) -> None:
    """18 digits are more than division keeps: whole cents times 0.01 loses none."""
    deal = changes.create(registry.get("deals"), {"name": "Pilot", "amount": Decimal("9999999999999999.99")}, access=access)
    assert Deal.objects.values_list("base_amount", flat=True).get(pk=deal.pk) == Decimal("9999999999999999.99")
