"""Accounts: organizations and households, in trees, with their people and commercial terms."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from patron.customers.enums import AccountKind, AccountStatus, InvoicingOption, TaxTreatment, TermsKind
from patron.customers.models.functions import CompanyDomain
from patron.customers.models.lists import Industry, Segment
from patron.identity.models import Membership, Team
from patron.kernel.db.functions import Fold, SearchText
from patron.kernel.tenancy import TenantForeignKey, TenantModel
from patron.records.columns import CountryField, CurrencyField, MoneyField, PercentField, PhoneField
from patron.records.merging.rules import Fold as FoldRows
from patron.records.merging.rules import Renumber
from patron.records.model import Record, external_id_once, inside_indexes, own_text, own_text_index

MOST_TERMS_DAYS = 365


class Account(Record):
    """An organization or a household that we sell to or serve (domain, section 2).

    `status` and `status_since` are derived (`domain.status`), `domain` is kept by PostgreSQL, `number` is drawn when it is left empty.
    `last_activity_at` is kept by `domain.touched`. `parent` makes the tree; PostgreSQL keeps its closure (`AccountTree`) and refuses a cycle. Amounts are in the workspace's base currency;
    `currency` is the one we deal in with the account, empty for the workspace's.
    """

    name = models.CharField(_("name"), max_length=200)
    number = models.CharField(_("number"), max_length=40, blank=True, default="", db_default="")
    kind = models.CharField(_("kind"), max_length=12, choices=AccountKind.choices, default=AccountKind.ORGANIZATION, db_default=AccountKind.ORGANIZATION)
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True, default="", db_default="")
    parent = TenantForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("parent account"), db_index=False)
    status = models.CharField(_("status"), max_length=10, choices=AccountStatus.choices, default=AccountStatus.PROSPECT, db_default=AccountStatus.PROSPECT)
    status_since = models.DateTimeField(_("status since"), db_default=Now(), editable=False)
    owner = TenantForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="accounts", verbose_name=_("account manager"), db_index=False)
    project_manager = TenantForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("project manager"), db_index=False)
    industry = TenantForeignKey(Industry, null=True, blank=True, on_delete=models.PROTECT, related_name="accounts", verbose_name=_("industry"), db_index=False)
    segment = TenantForeignKey(Segment, null=True, blank=True, on_delete=models.PROTECT, related_name="accounts", verbose_name=_("segment"), db_index=False)
    website = models.URLField(_("website"), max_length=2000, blank=True, default="", db_default="")
    domain = models.GeneratedField(
        expression=CompanyDomain(models.F("website"), models.F("email")), output_field=models.TextField(), db_persist=True, verbose_name=_("domain")
    )
    email = models.EmailField(_("e-mail"), max_length=254, blank=True, default="", db_default="")
    phone = PhoneField(_("phone"), blank=True, default="", db_default="")
    street = models.CharField(_("street"), max_length=200, blank=True, default="", db_default="")
    postcode = models.CharField(_("postcode"), max_length=20, blank=True, default="", db_default="")
    city = models.CharField(_("city"), max_length=120, blank=True, default="", db_default="")
    region = models.CharField(_("region"), max_length=120, blank=True, default="", db_default="")
    country = CountryField(_("country"), blank=True, default="", db_default="")
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    annual_revenue = MoneyField(_("annual revenue"), currency_field="", null=True, blank=True)
    founded_year = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    description = models.TextField(_("description"), blank=True, default="", db_default="")

    currency = CurrencyField(_("currency"), blank=True, default="", db_default="")
    price_adjuster = PercentField(_("price adjuster"), default=0, db_default=0, help_text=_("Per cent on the price book: -5 makes everything 5% cheaper."))
    terms_kind = models.CharField(_("payment terms"), max_length=12, choices=TermsKind.choices, default=TermsKind.NET, db_default=TermsKind.NET)
    terms_days = models.PositiveSmallIntegerField(
        _("payment days"), default=30, db_default=30, validators=[MaxValueValidator(MOST_TERMS_DAYS)], help_text=_("The N of the payment terms.")
    )
    invoicing_option = models.CharField(
        _("invoicing"), max_length=10, choices=InvoicingOption.choices, default=InvoicingOption.PER_ORDER, db_default=InvoicingOption.PER_ORDER
    )
    send_invoices = models.BooleanField(_("send invoices automatically"), default=False, db_default=False)
    tax_number = models.CharField(_("tax number"), max_length=40, blank=True, default="", db_default="")
    tax_treatment = models.CharField(
        _("tax treatment"), max_length=14, choices=TaxTreatment.choices, default=TaxTreatment.STANDARD, db_default=TaxTreatment.STANDARD
    )
    blacklisted = models.BooleanField(_("blacklisted"), default=False, db_default=False, help_text=_("No new quote, order or job."))
    blacklist_reason = models.CharField(_("blacklist reason"), max_length=500, blank=True, default="", db_default="")
    allow_negative_profit = models.BooleanField(_("jobs at negative profit"), default=False, db_default=False)
    share_orders = models.BooleanField(_("share orders with the tree"), default=False, db_default=False)
    satisfaction_email = models.BooleanField(_("satisfaction e-mail"), default=True, db_default=True)
    credit_limit_override = MoneyField(_("credit limit override"), currency_field="", null=True, blank=True)
    credit_limit_reason = models.CharField(_("reason of the override"), max_length=500, blank=True, default="", db_default="")
    credit_limit_until = models.DateField(_("override ends on"), null=True, blank=True)
    last_activity_at = models.DateTimeField(_("last activity"), null=True, blank=True, editable=False)
    search = models.GeneratedField(
        expression=SearchText("name", "number", "legal_name", "email", "website", "phone", "city", "tax_number"),
        output_field=models.TextField(), db_persist=True, editable=False,
    )  # fmt: skip
    own_text = own_text()

    derived_columns: ClassVar = ("last_activity_at",)  # kept by `domain.touched`, told by the activities themselves

    spelt: ClassVar[tuple[str, ...]] = ("name",)
    begins: ClassVar[tuple[str, ...]] = ("name", "number")
    dials: ClassVar[tuple[str, ...]] = ("phone",)
    inside: ClassVar[tuple[str, ...]] = ("name",)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            external_id_once("account_external_id_once"),
            models.UniqueConstraint("workspace", Lower("number"), name="account_number_once", condition=~models.Q(number="")),
            models.CheckConstraint(condition=~models.Q(name=""), name="account_named"),
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="account_not_own_parent"),
            models.CheckConstraint(condition=models.Q(status__in=AccountStatus.values), name="account_status_known"),
            models.CheckConstraint(condition=models.Q(kind__in=AccountKind.values), name="account_kind_known"),
            models.CheckConstraint(condition=models.Q(currency="") | models.Q(currency__regex=r"^[A-Z]{3}$"), name="account_currency_code"),
            models.CheckConstraint(condition=models.Q(terms_days__lte=MOST_TERMS_DAYS), name="account_terms_days"),
            models.CheckConstraint(condition=models.Q(price_adjuster__gt=-100), name="account_price_adjuster"),
            models.CheckConstraint(condition=models.Q(blacklisted=False) | ~models.Q(blacklist_reason=""), name="account_blacklist_reason"),
            models.CheckConstraint(
                condition=models.Q(credit_limit_override__isnull=True, credit_limit_until__isnull=True, credit_limit_reason="")
                | (models.Q(credit_limit_override__gte=0, credit_limit_until__isnull=False) & ~models.Q(credit_limit_reason="")),
                name="account_credit_override_whole",
            ),
        ]
        indexes: ClassVar = [
            *inside_indexes("name", "account"),
            models.Index("workspace", Fold("number"), "id", name="account_by_number"),
            models.Index(fields=["workspace", "status", "id"], name="account_by_status"),
            models.Index(fields=["workspace", "status_since", "id"], name="account_by_status_since"),
            models.Index(fields=["workspace", "owner", "id"], name="account_by_owner"),
            models.Index(fields=["workspace", "project_manager", "id"], name="account_by_project_manager"),
            models.Index(fields=["workspace", "parent", "id"], name="account_by_parent", condition=models.Q(parent__isnull=False)),
            models.Index(fields=["workspace", "industry", "id"], name="account_by_industry"),
            models.Index(fields=["workspace", "segment", "id"], name="account_by_segment"),
            models.Index("workspace", Fold("city"), "id", name="account_by_city"),
            models.Index(fields=["workspace", "country", "id"], name="account_by_country"),
            models.Index(fields=["workspace", "employees", "id"], name="account_by_employees"),
            models.Index(fields=["workspace", "annual_revenue", "id"], name="account_by_revenue"),
            models.Index(fields=["workspace", "founded_year", "id"], name="account_by_founded"),
            models.Index(fields=["workspace", "created_at", "id"], name="account_by_created"),
            models.Index(fields=["workspace", "updated_at", "id"], name="account_by_updated"),
            models.Index(fields=["workspace", "last_activity_at", "id"], name="account_by_last_activity"),
            models.Index(fields=["workspace", "domain"], name="account_by_domain", condition=~models.Q(domain="")),
            models.Index(fields=["workspace", "phone"], name="account_by_phone", condition=~models.Q(phone="")),
            models.Index("workspace", Lower("email"), name="account_by_email", condition=~models.Q(email="")),
            GinIndex("workspace", OpClass("search", name="gin_trgm_ops"), name="account_search"),
            own_text_index("account_own_text"),
        ]


class StatusChange(TenantModel):
    """When an account's status changed, from what to what, and what made it: churn is exact to the day."""

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="status_changes", db_on_delete="CASCADE", db_index=False)
    before = models.CharField(_("from"), max_length=10, choices=AccountStatus.choices)
    after = models.CharField(_("to"), max_length=10, choices=AccountStatus.choices)
    at = models.DateTimeField(_("at"), db_default=Now())
    cause = models.CharField(_("cause"), max_length=120)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(before=models.F("after")), name="status_change_changes"),
            models.CheckConstraint(condition=~models.Q(cause=""), name="status_change_caused"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "account", "-at"], name="status_change_by_account"),
            models.Index(fields=["workspace", "after", "-at"], name="status_change_by_status"),
        ]


class AccountBackup(TenantModel):
    """A backup project manager; `position` 1 is asked first."""

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="backups", db_on_delete="CASCADE", db_index=False)
    member = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("project manager"), db_index=False)
    position = models.PositiveSmallIntegerField(_("position"), validators=[MinValueValidator(1)])
    merge_rules: ClassVar = {"account_backup_position_once": Renumber("position")}

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "account", "member"], name="account_backup_once"),
            models.UniqueConstraint(fields=["workspace", "account", "position"], name="account_backup_position_once", deferrable=models.Deferrable.DEFERRED),
            models.CheckConstraint(condition=models.Q(position__gte=1), name="account_backup_position"),
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "member"], name="account_backup_by_member")]


class AccountProduction(TenantModel):
    """Which team produces for an account: for a task type, a specification, both, or (both empty) everything else."""

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="production", db_on_delete="CASCADE", db_index=False)
    task_type = models.CharField(_("task type"), max_length=80, blank=True, default="")
    spec = models.CharField(_("specification"), max_length=120, blank=True, default="")
    team = TenantForeignKey(Team, on_delete=models.PROTECT, related_name="+", verbose_name=_("team"), db_index=False)
    merge_rules: ClassVar = {"account_production_once": FoldRows()}

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint("workspace", "account", Lower("task_type"), Lower("spec"), name="account_production_once")]
        indexes: ClassVar = [models.Index(fields=["workspace", "team"], name="account_production_by_team")]
