"""Lines and the totals that follow from them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patron.catalog.enums import BillingFrequency
from patron.catalog.models import Product
from patron.identity.access import Access
from patron.records import changes, registry
from patron.records.verbs import Refused
from patron.sales.domain.closing import win_deal
from patron.sales.domain.lines import add_line, remove_line
from patron.sales.models import DealLine
from patron.sales.rules import PERIOD_MONTHS, line_net, line_value, round2
from tests.sales.conftest import MakeDeal

D = Decimal


def test_a_line_takes_price_cost_and_billing_from_its_product(access: Access, make_deal: MakeDeal) -> None:
    product = Product.objects.create(name="Support", price=D(99), cost=D(40), frequency="monthly", unit="user")
    line = add_line(make_deal(), access=access, product=product, quantity=D(10), commitment_months=24)
    assert (line.description, line.unit, line.unit_price, line.frequency) == ("Support", "user", D(99), "monthly")
    assert (line.net, line.monthly, line.value, line.cost) == (D(990), D(990), D(23760), D(9600))


def test_totals_split_one_off_and_recurring(access: Access, make_deal: MakeDeal) -> None:
    deal = make_deal()
    add_line(deal, access=access, description="Roll-out", unit_price=D(5000))
    add_line(deal, access=access, description="Licence", unit_price=D(1200), frequency=BillingFrequency.ANNUAL, commitment_months=36)
    deal.refresh_from_db()
    assert (deal.one_off_total, deal.mrr, deal.tcv, deal.amount, deal.gross_profit) == (D(5000), D(100), D(8600), D(8600), None)


def test_a_price_in_another_currency_is_not_taken(access: Access, make_deal: MakeDeal) -> None:
    product = Product.objects.create(name="Support", price=D(99), currency="USD")
    deal = make_deal(amount=D(500))
    line = add_line(deal, access=access, product=product)
    deal.refresh_from_db()
    assert (line.unit_price, line.net, deal.amount) == (None, None, D(500))


def test_removing_the_last_line_leaves_no_amount(access: Access, make_deal: MakeDeal) -> None:
    deal = make_deal(100)
    remove_line(deal.lines.get(), access=access)
    deal.refresh_from_db()
    assert (deal.amount, deal.tcv) == (None, None)


def test_the_amount_follows_the_lines_in_the_form_too(access: Access, make_deal: MakeDeal) -> None:
    deal = make_deal(100)
    lines, deals = registry.get("deal-lines"), registry.get("deals")
    changes.edit(lines, deal.lines.get(), {"quantity": D(3)}, access=access)
    deal.refresh_from_db()
    assert deal.amount == D(300)
    with pytest.raises(changes.NotValid, match="lines"):
        changes.edit(deals, deal, {"amount": D(5)}, access=access)
    changes.create(lines, {"deal": deal.pk, "description": "More", "unit_price": D(7)}, access=access)
    deal.refresh_from_db()
    assert deal.amount == D(307)


def test_lines_of_a_closed_deal_stay_as_they_are(access: Access, make_deal: MakeDeal) -> None:
    deal = win_deal(make_deal(100), access=access)
    with pytest.raises(changes.NotValid, match="closed"):
        changes.edit(registry.get("deal-lines"), deal.lines.get(), {"quantity": D(3)}, access=access)


def test_a_line_needs_a_product_or_words(access: Access, make_deal: MakeDeal) -> None:
    with pytest.raises(Refused, match="product"):
        add_line(make_deal(), access=access)


@pytest.mark.parametrize("values", [{"quantity": 0}, {"discount": 101}, {"won_quantity": 2}, {"lost_quantity": 1}, {"commitment_months": 12}])
def test_the_database_refuses_lines_that_cannot_be(access: Access, make_deal: MakeDeal, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_deal(100).lines.update(**values)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.decimals("0.001", 999, places=3), st.decimals(0, 99999, places=2), st.decimals(0, 100, places=2),
    st.sampled_from(BillingFrequency.values), st.integers(0, 60),
)  # fmt: skip
def test_the_database_reckons_as_the_rules_do(
    access: Access, make_deal: MakeDeal, quantity: D, price: D, discount: D, frequency: str, months: int
) -> None:
    months = months if PERIOD_MONTHS[frequency] else 0
    line = DealLine.objects.create(
        deal=make_deal(), quantity=quantity, unit_price=price, discount=discount, frequency=frequency, commitment_months=months
    )
    line.refresh_from_db()
    assert line.net == line_net(quantity, price, discount)
    assert line.value == line_value(line.net, frequency, months)
    assert line.monthly == (round2(line.net / PERIOD_MONTHS[frequency]) if PERIOD_MONTHS[frequency] else 0)
