"""One tenant: a company that uses Patron."""

from typing import ClassVar
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from patron.kernel.tenancy import uuid7


class Workspace(models.Model):
    """Global directory of workspaces, with the settings that every page needs."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.CharField(_("address"), max_length=60, unique=True, validators=[RegexValidator(r"^[a-z0-9](-?[a-z0-9])*\Z")])
    name = models.CharField(_("name"), max_length=120)
    currency = models.CharField(_("base currency"), max_length=3, default="EUR")
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Berlin")
    language = models.CharField(_("language"), max_length=16, default="en")
    country = models.CharField(_("country"), max_length=2, default="DE")
    fiscal_month = models.PositiveSmallIntegerField(
        _("fiscal year starts in month"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    hue = models.PositiveSmallIntegerField(_("colour"), default=262, validators=[MaxValueValidator(359)])
    counts_orders = models.BooleanField(_("orders make an account active"), default=True)
    order_window_days = models.PositiveIntegerField(_("an order counts for (days)"), default=730)
    settings = models.JSONField(default=dict, blank=True)
    fields_version = models.PositiveIntegerField(default=0, db_default=0, editable=False)  # grows with every change of own fields and record types
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(fiscal_month__range=(1, 12)), name="workspace_fiscal_month"),
            models.CheckConstraint(condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="workspace_currency_code"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
