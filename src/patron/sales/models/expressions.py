"""SQL expressions of generated columns."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Case, F, Func, Value, When
from django.db.models.functions import Cast, Greatest, NullIf, Round

from patron.catalog.enums import BillingFrequency
from patron.records.columns import MoneyField
from patron.sales.rules import PERIOD_MONTHS


class Joined(Func):
    """`a || ' ' || b`: immutable, as a generated column needs it."""

    template = "(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field: Any = models.TextField()


class Converted(Func):
    """`catalog.domain.rates.converted` in SQL: amount / rate to the cent, half up, exactly.

    Whole cents come from `div`, which does not round; times 0.01 is exact at any size, where / 100 would round large amounts to 16 digits.
    """

    output_field: Any = models.DecimalField(max_digits=18, decimal_places=2)

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> Any:  # type: ignore[override]
        amount, rate = (compiler.compile(source)[0] for source in self.get_source_expressions())
        return f"round(sign({amount}) * div(200 * abs({amount}) + {rate}, 2 * {rate}) * 0.01, 2)", []


def generated_money(label: Any, expression: Any, currency_field: str = "currency") -> Any:
    """A generated amount; the record machinery asks the column itself for its currency."""
    field: Any = models.GeneratedField(expression=expression, output_field=MoneyField(label), db_persist=True, verbose_name=label)
    field.currency_field = currency_field
    return field


def _decimal(places: int = 2) -> Any:
    return models.DecimalField(max_digits=18, decimal_places=places)


def _months(zero: int) -> Any:
    cases = [When(frequency=key, then=Value(months or zero)) for key, months in PERIOD_MONTHS.items()]
    return Case(*cases, default=Value(1), output_field=models.IntegerField())


def _round(inner: Any) -> Any:
    return Round(inner, precision=2, output_field=_decimal())


def net() -> Any:
    """`rules.line_net` in SQL."""
    return _round(F("quantity") * F("unit_price") * (Value(Decimal(100)) - F("discount")) / Value(Decimal(100)))


def monthly() -> Any:
    """Net per month; 0 for what is billed once."""
    recurring = _round(net() / Cast(_months(1), _decimal()))
    return Case(When(frequency=BillingFrequency.ONE_OFF, then=Value(Decimal(0))), default=recurring, output_field=_decimal())


def _times_periods(amount: Any) -> Any:
    """`amount` per period over the commitment: `rules.line_value` in SQL."""
    months = Cast(Greatest(F("commitment_months"), _months(1)), _decimal())
    recurring = _round(amount * months / Cast(_months(1), _decimal()))
    return Case(When(frequency=BillingFrequency.ONE_OFF, then=amount), default=recurring, output_field=_decimal())


def value() -> Any:
    """What the line is worth over its commitment, at least one billing period."""
    return _times_periods(net())


def cost() -> Any:
    """What the line costs us over the same time."""
    return _times_periods(_round(F("quantity") * F("unit_cost")))


def share(*through: str) -> Any:
    """The part of the value that stands for the last of these quantities, the others being counted before it (`rules.shares`)."""
    before = through[:-1]
    return _mark(through) - _mark(before) if before else _mark(through)


def _mark(quantities: tuple[str, ...]) -> Any:
    reached: Any = F(quantities[0])
    for name in quantities[1:]:
        reached = reached + F(name)
    return _round(value() * reached / NullIf(F("quantity"), Value(Decimal(0))))
