"""Exchange rates, dated."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from patron.records.columns import CurrencyField
from patron.records.model import Record, external_id_once


class ExchangeRate(Record):
    """One unit of the workspace's base currency buys `rate` units of `currency`, from `on` until the next dated rate (D23)."""

    currency = CurrencyField(_("currency"))
    on = models.DateField(_("valid from"))
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8, help_text=_("How many units of this currency one unit of the base currency buys."))
    source = models.CharField(_("source"), max_length=80, blank=True, default="", db_default="")

    class Meta(Record.Meta):
        constraints: ClassVar = [
            external_id_once("exchange_rate_external_id_once"),
            models.UniqueConstraint(fields=["workspace", "currency", "on"], name="exchange_rate_day_once"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="exchange_rate_positive"),
            models.CheckConstraint(condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="exchange_rate_currency_code"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "currency", "id"], name="exchange_rate_by_currency"),
            models.Index(fields=["workspace", "on", "id"], name="exchange_rate_by_day"),
            models.Index(fields=["workspace", "created_at", "id"], name="exchange_rate_by_created"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.on.isoformat()}"
