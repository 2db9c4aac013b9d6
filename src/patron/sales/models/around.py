"""What hangs on a deal beside its lines: people, competitors, jobs, and the stages it went through."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from patron.identity.models import Membership
from patron.kernel.tenancy import TenantForeignKey, TenantModel
from patron.records.columns import PercentField
from patron.records.model import Record, external_id_once
from patron.sales.enums import Influence, MemberRole, RivalOutcome, Sentiment, StakeholderRole
from patron.sales.models.deal import Deal
from patron.sales.models.lists import Competitor
from patron.sales.models.pipeline import Stage


def _deal(related: str) -> Any:
    return TenantForeignKey(Deal, on_delete=models.CASCADE, db_on_delete="CASCADE", related_name=related, verbose_name=_("deal"), db_index=False)


def _choice(label: Any, kind: Any, default: Any) -> Any:
    length = max(map(len, kind.values))
    return models.CharField(label, max_length=length, choices=kind.choices, default=default, db_default=default)


class DealMember(Record):
    """A colleague in the sales team of a deal; the deal is theirs too. Splits of one deal add up to 100 at most."""

    deal = _deal("members")
    member = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("colleague"), db_index=False)
    role = _choice(_("role"), MemberRole, MemberRole.SUPPORT)
    split = PercentField(_("split"), default=0, db_default=0, validators=[MinValueValidator(0), MaxValueValidator(100)])

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "deal", "member"], name="deal_member_once"),
            models.CheckConstraint(condition=Q(split__range=(0, 100)), name="deal_member_split"),
            external_id_once("deal_member_external_id"),
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "member", "deal"], name="deal_member_by_member")]

    def __str__(self) -> str:
        return str(self.member)


class Stakeholder(Record):
    """A person on the customer's side who has a say."""

    deal = _deal("stakeholders")
    contact = TenantForeignKey("customers.Contact", on_delete=models.CASCADE, related_name="stakes", verbose_name=_("contact"), db_index=False)
    role = _choice(_("role"), StakeholderRole, StakeholderRole.OTHER)
    influence = _choice(_("influence"), Influence, Influence.MEDIUM)
    sentiment = _choice(_("sentiment"), Sentiment, Sentiment.NEUTRAL)
    note = models.CharField(_("note"), max_length=500, blank=True, default="", db_default="")

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "deal", "contact"], name="stakeholder_once"),
            external_id_once("stakeholder_external_id"),
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "contact", "deal"], name="stakeholder_by_contact")]

    def __str__(self) -> str:
        return str(self.contact)


class DealCompetitor(Record):
    """A competitor in one deal, and how it ended for them."""

    deal = _deal("competitors")
    competitor = TenantForeignKey(Competitor, on_delete=models.PROTECT, related_name="deals", verbose_name=_("competitor"), db_index=False)
    strengths = models.TextField(_("strengths"), blank=True, default="", db_default="")
    weaknesses = models.TextField(_("weaknesses"), blank=True, default="", db_default="")
    outcome = _choice(_("outcome"), RivalOutcome, RivalOutcome.OPEN)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "deal", "competitor"], name="deal_competitor_once"),
            external_id_once("deal_competitor_external_id"),
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "competitor", "deal"], name="deal_competitor_by_competitor")]

    def __str__(self) -> str:
        return str(self.competitor)


class JobRequest(Record):
    """A piece of work that the customer asks for; it becomes a job of the project once the deal is won and projects exist."""

    deal = _deal("job_requests")
    title = models.CharField(_("title"), max_length=200)
    spec = models.TextField(_("specification"), blank=True, default="", db_default="")
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3, default=1, db_default=1)
    requested_on = models.DateField(_("requested for"), null=True, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0, db_default=0)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="job_request_quantity"),
            external_id_once("job_request_external_id"),
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "deal", "position", "id"], name="job_request_by_deal")]

    def __str__(self) -> str:
        return self.title


class StageChange(TenantModel):
    """A deal went from one stage to another: velocity, conversion and age come from these rows. The first has no `from_stage`.

    `days` is how long the deal had stood in `from_stage`, in days and fractions. `override_reason` is why somebody let the deal into a
    stage whose required fields were not filled.
    """

    deal = _deal("stage_changes")
    from_stage = TenantForeignKey(Stage, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_stage = TenantForeignKey(Stage, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(db_default=Now())
    by = TenantForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    days = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    override_reason = models.CharField(max_length=500, blank=True, default="", db_default="")

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["workspace", "deal", "at", "id"], name="stage_change_by_deal"),
            models.Index(fields=["workspace", "from_stage", "at"], name="stage_change_from", condition=Q(from_stage__isnull=False)),
            models.Index(fields=["workspace", "to_stage", "at"], name="stage_change_to"),
        ]
