"""Leads: somebody has shown interest and is not yet qualified."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Lower, Trim
from django.utils.translation import gettext_lazy as _

from patron.customers.models.functions import CompanyDomain
from patron.identity.models import Membership
from patron.kernel.db.functions import Fold, SearchText
from patron.kernel.tenancy import TenantForeignKey
from patron.records.columns import CountryField, CurrencyField, MoneyField, PhoneField
from patron.records.model import Record, external_id_once, own_text, own_text_index
from patron.sales.enums import LeadStatus, Rating
from patron.sales.models.expressions import Joined
from patron.sales.models.lists import DisqualifyReason, LeadSource
from patron.sales.score import score_expression

_person = Trim(Joined("first_name", "last_name"))
_name = Case(
    When(Q(first_name__gt="") | Q(last_name__gt=""), then=_person),
    When(company__gt="", then=F("company")),
    When(email__gt="", then=F("email")),
    default=F("phone"),
    output_field=models.CharField(max_length=250),
)


def _text(label: Any, length: int) -> Any:
    return models.CharField(label, max_length=length, blank=True, default="", db_default="")


def _to(model: Any, label: Any, related: str = "+", **options: Any) -> Any:
    options = {"null": True, "blank": True, "on_delete": models.SET_NULL, **options}
    return TenantForeignKey(model, related_name=related, verbose_name=label, db_index=False, **options)


class Lead(Record):
    """A company, a person, or a person in a company.

    `name` is who to ask for: the person, else the company. `account` and `contact` are whom the lead is known to belong to already;
    the `converted_…` records are what qualifying made or matched. PostgreSQL keeps `name`, `domain` and `score` (`sales.score`).
    """

    name = models.GeneratedField(expression=_name, output_field=models.CharField(_("name"), max_length=250), db_persist=True, verbose_name=_("name"))
    company = _text(_("company"), 200)
    first_name = _text(_("first name"), 100)
    last_name = _text(_("last name"), 100)
    title = _text(_("job title"), 120)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True, default="", db_default="")
    phone = PhoneField(_("phone"), blank=True, default="", db_default="")
    website = models.URLField(_("website"), max_length=300, blank=True, default="", db_default="")
    domain = models.GeneratedField(
        expression=CompanyDomain(F("website"), F("email")), output_field=models.TextField(), db_persist=True, verbose_name=_("domain")
    )
    street = _text(_("street"), 200)
    postcode = _text(_("postcode"), 20)
    city = _text(_("city"), 100)
    country = CountryField(_("country"), blank=True, default="", db_default="")
    industry = _to("customers.Industry", _("industry"))
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    source = _to(LeadSource, _("source"), "leads", null=False, blank=False, on_delete=models.PROTECT)
    campaign = _text(_("campaign"), 120)
    owner = _to(Membership, _("owner"), on_delete=models.PROTECT)
    rating = models.CharField(_("rating"), max_length=8, choices=Rating.choices, default=Rating.UNRATED, db_default=Rating.UNRATED)
    status = models.CharField(_("status"), max_length=12, choices=LeadStatus.choices, default=LeadStatus.NEW, db_default=LeadStatus.NEW)
    score = models.GeneratedField(
        expression=score_expression(), output_field=models.IntegerField(_("score")), db_persist=True, verbose_name=_("score")
    )
    need = models.TextField(_("need"), blank=True, default="", db_default="")
    budget = MoneyField(_("budget"), null=True, blank=True)
    currency = CurrencyField(_("currency"), blank=True, default="", db_default="")
    authority = models.TextField(_("authority"), blank=True, default="", db_default="")
    timeline = models.TextField(_("timeline"), blank=True, default="", db_default="")
    description = models.TextField(_("description"), blank=True, default="", db_default="")
    account = _to("customers.Account", _("existing account"), "leads")
    contact = _to("customers.Contact", _("existing contact"), "leads")
    disqualified_reason = _to(DisqualifyReason, _("reason for disqualifying"), on_delete=models.PROTECT)
    disqualified_note = _text(_("note on disqualifying"), 500)
    disqualified_at = models.DateTimeField(_("disqualified"), null=True, blank=True)
    qualified_at = models.DateTimeField(_("qualified"), null=True, blank=True)
    converted_account = _to("customers.Account", _("account"), "qualified_leads")
    converted_contact = _to("customers.Contact", _("contact"), "qualified_leads")
    converted_deal = _to("sales.Deal", _("deal"), "qualified_leads")
    last_activity_at = models.DateTimeField(_("last activity"), null=True, blank=True, editable=False)
    next_activity_at = models.DateTimeField(_("next activity"), null=True, blank=True, editable=False)
    search = models.GeneratedField(
        expression=SearchText("company", "first_name", "last_name", "email", "phone", "website", "city", "campaign"),
        output_field=models.TextField(), db_persist=True, editable=False,
    )  # fmt: skip
    own_text = own_text()

    derived_columns: ClassVar = ("last_activity_at", "next_activity_at")  # kept by `domain.touched`, told by the activities themselves

    spelt: ClassVar[tuple[str, ...]] = ("company", "name",)
    begins: ClassVar[tuple[str, ...]] = ("name", "company")
    dials: ClassVar[tuple[str, ...]] = ("phone",)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(company__gt="") | Q(first_name__gt="") | Q(last_name__gt="") | Q(email__gt="") | Q(phone__gt=""), name="lead_has_a_name"
            ),
            models.CheckConstraint(condition=Q(status__in=LeadStatus.values), name="lead_status"),
            models.CheckConstraint(
                condition=~Q(status=LeadStatus.DISQUALIFIED) | Q(disqualified_at__isnull=False, disqualified_reason__isnull=False),
                name="lead_disqualified_with_reason",
            ),
            models.CheckConstraint(condition=~Q(status=LeadStatus.QUALIFIED) | Q(qualified_at__isnull=False), name="lead_qualified_at"),
            external_id_once("lead_external_id"),
        ]
        indexes: ClassVar = [
            models.Index("workspace", Fold("name"), "id", name="lead_by_name"),
            models.Index("workspace", Fold("company"), "id", name="lead_by_company"),
            models.Index(fields=["workspace", "-created_at", "-id"], name="lead_newest"),
            models.Index(fields=["workspace", "score", "id"], name="lead_by_score"),
            models.Index(fields=["workspace", "status", "created_at", "id"], name="lead_by_status"),
            models.Index(fields=["workspace", "owner", "created_at", "id"], name="lead_by_owner"),
            models.Index(fields=["workspace", "source"], name="lead_by_source"),
            models.Index(fields=["workspace", "next_activity_at", "id"], name="lead_by_next_activity"),
            models.Index("workspace", Lower("email"), name="lead_by_email", condition=~Q(email="")),
            models.Index(fields=["workspace", "phone"], name="lead_by_phone", condition=~Q(phone="")),
            models.Index(fields=["workspace", "domain"], name="lead_by_domain", condition=~Q(domain="")),
            models.Index(fields=["workspace", "account"], name="lead_by_account", condition=Q(account__isnull=False)),
            models.Index(fields=["workspace", "contact"], name="lead_by_contact", condition=Q(contact__isnull=False)),
            models.Index(fields=["workspace", "converted_account"], name="lead_by_made_account", condition=Q(converted_account__isnull=False)),
            models.Index(fields=["workspace", "converted_contact"], name="lead_by_made_contact", condition=Q(converted_contact__isnull=False)),
            models.Index(fields=["workspace", "converted_deal"], name="lead_by_made_deal", condition=Q(converted_deal__isnull=False)),
            GinIndex("workspace", OpClass("search", name="gin_trgm_ops"), name="lead_search"),
            own_text_index("lead_own_text"),
        ]

    @property
    def person(self) -> str:
        """The person's name; empty for a company alone."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def score_reasons(self) -> list[dict[str, Any]]:
        """The terms of the score, most points first: `{"points", "text"}`."""
        from patron.sales.score import reasons

        return reasons(self)
