"""The closed lists of customers."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AccountKind(TextChoices):
    ORGANIZATION = "organization", _("Organization")
    HOUSEHOLD = "household", _("Household")


class AccountStatus(TextChoices):
    """Derived from what was bought, never typed (domain, section 2)."""

    PROSPECT = "prospect", _("Prospect")
    ACTIVE = "active", _("Active")
    CHURNED = "churned", _("Churned")


class TermsKind(TextChoices):
    """When an invoice is due; `terms_days` is the N of the last two."""

    ON_RECEIPT = "on_receipt", _("Due on receipt")
    NET = "net", _("Net N days")
    END_OF_MONTH = "end_of_month", _("End of month + N days")


class InvoicingOption(TextChoices):
    PER_ORDER = "per_order", _("Per order")
    MONTHLY = "monthly", _("Monthly")
    MANUAL = "manual", _("Manual")


class TaxTreatment(TextChoices):
    STANDARD = "standard", _("Standard")
    REVERSE_CHARGE = "reverse_charge", _("Reverse charge")
    EXEMPT = "exempt", _("Exempt")


class ContactRole(TextChoices):
    """What a contact is to one account; messages are routed by it (`domain.routing`)."""

    DECISION_MAKER = "decision_maker", _("Decision-maker")
    TECHNICAL = "technical", _("Technical")
    BILLING = "billing", _("Billing")


class Salutation(TextChoices):
    MS = "ms", _("Ms")
    MR = "mr", _("Mr")
    MX = "mx", _("Mx")


ROLE_TONES: dict[str, str] = {ContactRole.DECISION_MAKER: "note", ContactRole.TECHNICAL: "info", ContactRole.BILLING: "warn"}
STATUS_TONES: dict[str, str] = {AccountStatus.PROSPECT: "info", AccountStatus.ACTIVE: "good", AccountStatus.CHURNED: "bad"}
