"""Foreign money in base currency, in Python and in PostgreSQL alike (D23)."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Sum, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patron.catalog.domain.rates import NoRate, RateOn, ToBase, converted, rate_on, to_base
from patron.catalog.models import ExchangeRate, Product
from patron.identity.access import Access
from patron.records import changes, registry
from patron.testing import make_workspace, open_workspace

DAY = datetime.date(2026, 3, 10)


def days(n: int) -> datetime.date:
    return DAY + datetime.timedelta(days=n)


@pytest.fixture
def rates(access: Access) -> None:
    for on, rate in ((days(-9), "1.25"), (DAY, "1.10"), (days(9), "1.5")):
        ExchangeRate.objects.create(currency="USD", on=on, rate=Decimal(rate))


@pytest.mark.parametrize(("offset", "expected"), [(-9, "1.25"), (-1, "1.25"), (0, "1.10"), (8, "1.10"), (9, "1.5"), (900, "1.5")])
def test_the_newest_rate_of_the_day_or_before_holds(rates: None, offset: int, expected: str) -> None:
    assert rate_on("USD", days(offset)) == Decimal(expected)


@pytest.mark.parametrize("currency", ["EUR", ""])
def test_base_currency_needs_no_rate(access: Access, currency: str) -> None:
    assert rate_on(currency, DAY) == 1
    assert to_base(Decimal("12.34"), currency, DAY) == Decimal("12.34")


@pytest.mark.parametrize(("currency", "offset"), [("USD", -10), ("GBP", 0)])
def test_an_unknown_rate_is_said_and_never_guessed(rates: None, currency: str, offset: int) -> None:
    with pytest.raises(NoRate, match=f"no exchange rate for {currency} on {days(offset).isoformat()}"):
        rate_on(currency, days(offset))
    with connection.cursor() as cursor:
        cursor.execute("SELECT catalog_rate(%s, %s), catalog_to_base(5, %s, %s)", [currency, days(offset), currency, days(offset)])
        assert cursor.fetchone() == (None, None)


def test_an_archived_rate_holds_no_longer(rates: None) -> None:
    ExchangeRate.objects.filter(on=DAY).update(archived_at="2026-01-01T00:00Z")
    assert rate_on("USD", DAY) == Decimal("1.25")
    with connection.cursor() as cursor:
        cursor.execute("SELECT catalog_rate('USD', %s)", [DAY])
        assert cursor.fetchone() == (Decimal("1.25"),)


def test_many_amounts_convert_in_one_statement(rates: None) -> None:
    Product.objects.create(name="A", price=Decimal(110), currency="USD")
    Product.objects.create(name="B", price=Decimal(5))
    Product.objects.create(name="C", price=Decimal(7), currency="GBP")
    rows = Product.objects.annotate(base=ToBase(F("price"), F("currency"), Value(DAY)), rate=RateOn(F("currency"), Value(DAY))).order_by("name")
    assert list(rows.values_list("base", "rate")) == [(Decimal("100.00"), Decimal("1.1")), (Decimal("5.00"), 1), (None, None)]
    assert rows.aggregate(total=Sum("base"))["total"] == Decimal("105.00")


def test_rates_of_another_workspace_do_not_count(db: None) -> None:
    with open_workspace(make_workspace()):
        ExchangeRate.objects.create(currency="USD", on=DAY, rate=2)
    with open_workspace(make_workspace()), pytest.raises(NoRate):
        rate_on("USD", DAY)


_AMOUNT = st.decimals(min_value=-(10**15), max_value=10**15, places=2)
_RATE = st.decimals(min_value=Decimal("0.00000001"), max_value=10**9, places=8)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amount=_AMOUNT, rate=_RATE)
def test_conversion_is_exact_half_up_on_both_sides(access: Access, amount: Decimal, rate: Decimal) -> None:
    exact = Fraction(amount) / Fraction(rate) * 100
    cents = int(abs(exact) + Fraction(1, 2)) * (1 if exact >= 0 else -1)
    assert converted(amount, rate) * 100 == cents
    with connection.cursor() as cursor:
        cursor.execute("SELECT catalog_converted(%s, %s)", [amount, rate])
        assert cursor.fetchone()[0] * 100 == cents


@pytest.mark.parametrize(("amount", "rate", "expected"), [("1", "3", "0.33"), ("0.05", "10", "0.01"), ("-0.05", "10", "-0.01"), ("0", "7", "0.00"), ("-0.01", "9", "0.00")])
def test_conversion_examples(amount: str, rate: str, expected: str) -> None:
    assert str(converted(Decimal(amount), Decimal(rate))) == expected


def test_one_rate_per_currency_and_day_above_zero(rates: None, access: Access) -> None:
    with pytest.raises(IntegrityError, match="exchange_rate_day_once"), transaction.atomic():
        ExchangeRate.objects.create(currency="USD", on=DAY, rate=2)
    with pytest.raises(IntegrityError, match="exchange_rate_positive"), transaction.atomic():
        ExchangeRate.objects.create(currency="GBP", on=DAY, rate=0)


@pytest.mark.parametrize(("values", "field"), [({"currency": "EUR", "rate": 1}, "currency"), ({"currency": "GBP", "rate": -1}, "rate")])
def test_rates_that_make_no_sense_are_refused_in_words(access: Access, values: dict[str, object], field: str) -> None:
    with pytest.raises(changes.NotValid) as caught:
        changes.create(registry.get("exchange-rates"), {"on": DAY, **values}, access=access)
    assert set(caught.value.errors) == {field}
