"""What foreign money is worth in the workspace's base currency on a day (D23)."""

import datetime
from decimal import Decimal, localcontext
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from patron.catalog.models import ExchangeRate
from patron.identity.models import Workspace
from patron.kernel.tenancy import current_workspace_id

_DIGITS = 60  # enough for 18 digits times a rate of 18: nothing is rounded on the way


class NoRate(LookupError):
    """No exchange rate is known for a currency on a day; the message says which to enter."""

    def __init__(self, currency: str, day: datetime.date) -> None:
        text = _("There is no exchange rate for %(currency)s on %(day)s or before. Enter one under exchange rates.")
        super().__init__(text % {"currency": currency, "day": day.isoformat()})
        self.currency = currency
        self.day = day


def rate_on(currency: str, day: datetime.date, *, base: str | None = None) -> Decimal:
    """How many units of `currency` one unit of the base currency buys on `day`: the newest rate dated that day or before.

    1 for the base currency itself and for "" (the workspace's). `base` spares a query where the caller knows it. Raises `NoRate`.
    """
    if currency in ("", base if base is not None else _base()):
        return Decimal(1)
    rates = ExchangeRate.objects.filter(currency=currency, on__lte=day, archived_at__isnull=True).order_by("-on")
    rate = rates.values_list("rate", flat=True).first()
    if rate is None:
        raise NoRate(currency, day)
    return Decimal(rate)


def to_base(amount: Decimal, currency: str, day: datetime.date, *, base: str | None = None) -> Decimal:
    """`amount` in the base currency at the rate of `day`, with two decimals, half up, rounded once. Raises `NoRate`."""
    return converted(amount, rate_on(currency, day, base=base))


def converted(amount: Decimal, rate: Decimal) -> Decimal:
    """`amount` / `rate` with two decimals, half up; the twin of the SQL function `catalog_converted`."""
    with localcontext() as context:
        context.prec = _DIGITS
        cents = (200 * abs(amount) + rate) // (2 * rate)
        return (cents.copy_sign(amount) / 100).quantize(Decimal("0.01")) + 0


class RateOn(models.Func):
    """`catalog_rate(currency, day)` for querysets: null where no rate is known."""

    function = "catalog_rate"
    output_field: Any = models.DecimalField(max_digits=18, decimal_places=8)


class ToBase(models.Func):
    """`catalog_to_base(amount, currency, day)` for querysets: null where no rate is known, so that a sum can tell."""

    function = "catalog_to_base"
    output_field: Any = models.DecimalField(max_digits=18, decimal_places=2)


def _base() -> str:
    return str(Workspace.objects.values_list("currency", flat=True).get(pk=current_workspace_id()))
