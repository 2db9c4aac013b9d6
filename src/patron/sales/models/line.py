"""The lines of a deal."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from patron.catalog.enums import BillingFrequency
from patron.kernel.tenancy import TenantForeignKey
from patron.records.columns import CurrencyField, MoneyField, PercentField
from patron.records.model import Record, external_id_once
from patron.sales.enums import LineOutcome
from patron.sales.models import expressions
from patron.sales.models.deal import Deal
from patron.sales.models.expressions import generated_money
from patron.sales.models.lists import LostReason


def _quantity(label: Any, **options: Any) -> Any:
    return models.DecimalField(label, max_digits=12, decimal_places=3, **options)


_OPEN = Q(quantity__gt=F("won_quantity") + F("lost_quantity") + F("deferred_quantity"))


class DealLine(Record):
    """A product or service in a deal.

    `net` is what the customer pays per billing period, `value` what the line is worth over its commitment (at least one period), both
    less discount. The quantities say what became of it (D2); `outcome` and the three values follow from them, and the values of the parts
    add up to `value` to the cent. `moved_quantity` is what of the deferred has gone on in another deal and counts there. `unit_price` is
    empty while nobody knows it; then so are the amounts. Marked `history`, a lost line may lack its reason.
    """

    deal = TenantForeignKey(Deal, on_delete=models.CASCADE, db_on_delete="CASCADE", related_name="lines", verbose_name=_("deal"), db_index=False)
    product = TenantForeignKey(
        "catalog.Product", null=True, blank=True, on_delete=models.PROTECT, related_name="deal_lines", verbose_name=_("product"), db_index=False
    )
    description = models.CharField(_("description"), max_length=250, blank=True, default="", db_default="")
    spec = models.CharField(_("specification"), max_length=250, blank=True, default="", db_default="")
    quantity = _quantity(_("quantity"), default=1, db_default=1)
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="", db_default="")
    unit_price = MoneyField(_("unit price"), null=True, blank=True)
    discount = PercentField(_("discount"), default=0, db_default=0, validators=[MinValueValidator(0), MaxValueValidator(100)])
    frequency = models.CharField(
        _("billed"), max_length=10, choices=BillingFrequency.choices, default=BillingFrequency.ONE_OFF, db_default=BillingFrequency.ONE_OFF
    )
    commitment_months = models.PositiveSmallIntegerField(_("commitment (months)"), default=0, db_default=0)
    unit_cost = MoneyField(_("unit cost"), null=True, blank=True)
    currency = CurrencyField(_("currency"), blank=True, default="", db_default="", editable=False)
    net = generated_money(_("net"), expressions.net())
    monthly = generated_money(_("per month"), expressions.monthly())
    value = generated_money(_("value"), expressions.value())
    cost = generated_money(_("cost"), expressions.cost())
    won_quantity = _quantity(_("won quantity"), default=0, db_default=0)
    lost_quantity = _quantity(_("lost quantity"), default=0, db_default=0)
    deferred_quantity = _quantity(_("deferred quantity"), default=0, db_default=0)
    moved_quantity = _quantity(_("moved quantity"), default=0, db_default=0, editable=False)
    outcome = models.GeneratedField(
        expression=Case(
            When(_OPEN, then=Value(LineOutcome.OPEN.value)),
            When(won_quantity__gt=0, then=Value(LineOutcome.WON.value)),
            When(lost_quantity__gt=0, then=Value(LineOutcome.LOST.value)),
            default=Value(LineOutcome.DEFERRED.value),
        ),
        output_field=models.CharField(_("outcome"), max_length=8), db_persist=True, verbose_name=_("outcome"), choices=LineOutcome.choices,
    )  # fmt: skip
    deferred_value = generated_money(_("deferred value"), expressions.share("deferred_quantity"))
    won_value = generated_money(_("won value"), expressions.share("deferred_quantity", "won_quantity"))
    lost_value = generated_money(_("lost value"), expressions.share("deferred_quantity", "won_quantity", "lost_quantity"))
    lost_reason = TenantForeignKey(
        LostReason, null=True, blank=True, on_delete=models.PROTECT, related_name="lines", verbose_name=_("lost reason"), db_index=False
    )
    history = models.BooleanField(default=False, db_default=False, editable=False)
    requested_on = models.DateField(_("requested for"), null=True, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0, db_default=0)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity"),
            models.CheckConstraint(condition=Q(discount__range=(0, 100)), name="line_discount"),
            models.CheckConstraint(
                condition=Q(won_quantity__gte=0, lost_quantity__gte=0, deferred_quantity__gte=0)
                & Q(quantity__gte=F("won_quantity") + F("lost_quantity") + F("deferred_quantity")),
                name="line_parts",
            ),
            models.CheckConstraint(condition=Q(moved_quantity__gte=0, moved_quantity__lte=F("deferred_quantity")), name="line_moved"),
            models.CheckConstraint(condition=Q(lost_quantity=0) | Q(lost_reason__isnull=False) | Q(history=True), name="line_lost_for_a_reason"),
            models.CheckConstraint(condition=Q(frequency__in=BillingFrequency.values), name="line_frequency"),
            models.CheckConstraint(condition=~Q(frequency=BillingFrequency.ONE_OFF) | Q(commitment_months=0), name="line_one_off_commitment"),
            external_id_once("line_external_id"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "deal", "position", "id"], name="line_by_deal"),
            models.Index(fields=["workspace", "product", "id"], name="line_by_product"),
            models.Index(fields=["workspace", "lost_reason"], name="line_by_reason", condition=Q(lost_reason__isnull=False)),
            models.Index(fields=["workspace", "-created_at", "-id"], name="line_newest"),
        ]

    def __str__(self) -> str:
        return self.description or str(self.pk)
