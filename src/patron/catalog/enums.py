"""The closed lists of the catalogue."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProductKind(TextChoices):
    PRODUCT = "product", _("Product")
    SERVICE = "service", _("Service")


class BillingFrequency(TextChoices):
    """How often a price is charged; a line's own frequency starts from it."""

    ONE_OFF = "one_off", _("One-off")
    MONTHLY = "monthly", _("Monthly")
    QUARTERLY = "quarterly", _("Quarterly")
    ANNUAL = "annual", _("Annual")


class TaxCategory(TextChoices):
    """What a tax rate is chosen by; the rates themselves belong to invoicing."""

    STANDARD = "standard", _("Standard rate")
    REDUCED = "reduced", _("Reduced rate")
    ZERO = "zero", _("Zero rate")
    EXEMPT = "exempt", _("Exempt")


#: Months that one billing period has; a one-off price has none.
MONTHS: dict[str, int] = {BillingFrequency.MONTHLY: 1, BillingFrequency.QUARTERLY: 3, BillingFrequency.ANNUAL: 12}
