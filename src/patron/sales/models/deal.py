"""Deals: what we try to sell, and how it ended."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now, Round
from django.utils.translation import gettext_lazy as _

from patron.identity.models import Membership
from patron.kernel.db.functions import Fold, SearchText
from patron.kernel.tenancy import TenantForeignKey
from patron.records.columns import CurrencyField, MoneyField, PercentField
from patron.records.model import Record, external_id_once, inside_indexes, own_text, own_text_index
from patron.sales.enums import ForecastCategory, Outcome, StageKind
from patron.sales.models.expressions import Converted, generated_money
from patron.sales.models.lead import Lead
from patron.sales.models.lists import Competitor, LeadSource, LostReason
from patron.sales.models.pipeline import Pipeline, Stage

_WON = Q(outcome__in=(Outcome.WON, Outcome.PARTIALLY_WON))
_MONEY = models.DecimalField(max_digits=18, decimal_places=2)


def _to(model: Any, label: Any, related: str = "+", **options: Any) -> Any:
    options = {"null": True, "blank": True, "on_delete": models.SET_NULL, **options}
    return TenantForeignKey(model, related_name=related, verbose_name=label, db_index=False, **options)


def _base(label: Any, expression: Any) -> Any:
    """A generated amount in the workspace's currency."""
    return generated_money(label, expression, "")


def _in_base(column: str) -> Any:
    return Converted(F(column), F("rate"))


_weighted = Case(
    When(outcome=Outcome.PARTIALLY_WON, then=_in_base("won_amount")),
    default=Round(_in_base("amount") * F("effective_probability") / Value(100), precision=2, output_field=_MONEY),
    output_field=_MONEY,
)
_stage_kind = Case(
    When(_WON, then=Value(StageKind.WON.value)),
    When(outcome=Outcome.LOST, then=Value(StageKind.LOST.value)),
    default=Value(StageKind.OPEN.value),
)
_index = models.Index


class Deal(Record):
    """An opportunity. Amounts are in `currency`; divided by `rate` (D23) they are in the workspace's. An unknown rate is empty, never 1.

    The database keeps (see `sales.database`): `pipeline` and the kind of `outcome` in step with `stage`; `effective_probability` (the
    stage's, unless `probability` overrides it; 100 and 0 once closed); `won_amount` and `lost_amount` of all but partly won deals.
    `amount` is the value of the lines less what went on in another deal, where there are lines, else what somebody typed; empty while unknown.
    `history` marks a deal that came closed from another system: it alone may lack the account, date or reason that a verb demands.
    """

    number = models.CharField(_("number"), max_length=20, blank=True, default="", db_default="", editable=False)
    name = models.CharField(_("name"), max_length=250)
    account = _to("customers.Account", _("account"), "deals", on_delete=models.PROTECT)
    lead = _to(Lead, _("lead"), "deals")
    contact = _to("customers.Contact", _("contact"), "deals")
    owner = _to(Membership, _("owner"), on_delete=models.PROTECT)
    pipeline = _to(Pipeline, _("pipeline"), "deals", null=False, on_delete=models.PROTECT)
    stage = _to(Stage, _("stage"), "deals", null=False, blank=False, on_delete=models.PROTECT)
    stage_since = models.DateTimeField(_("in this stage since"), db_default=Now(), editable=False)
    outcome = models.CharField(_("outcome"), max_length=14, choices=Outcome.choices, default=Outcome.OPEN, db_default=Outcome.OPEN)
    stage_kind = models.GeneratedField(expression=_stage_kind, output_field=models.CharField(max_length=8), db_persist=True)
    probability = PercentField(
        _("own probability"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(100)], help_text=_("Empty: the stage's.")
    )
    effective_probability = PercentField(_("probability"), default=0, db_default=0, editable=False)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    expected_close = models.DateField(_("expected close"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    currency = CurrencyField(_("currency"), blank=True, default="", db_default="")
    rate = models.DecimalField(_("exchange rate"), max_digits=18, decimal_places=8, null=True, default=1, db_default=1, editable=False)
    amount = MoneyField(_("amount"), null=True, blank=True)
    base_amount = _base(_("value"), _in_base("amount"))
    weighted = _base(_("weighted value"), _weighted)
    one_off_total = MoneyField(_("one-off"), null=True, blank=True, editable=False)
    mrr = MoneyField(_("per month (MRR)"), null=True, blank=True, editable=False)
    tcv = MoneyField(_("contract value (TCV)"), null=True, blank=True, editable=False)
    cost_total = MoneyField(_("cost"), null=True, blank=True, editable=False)
    gross_profit = generated_money(_("potential gross profit"), F("amount") - F("cost_total"))
    won_amount = MoneyField(_("won amount"), default=0, db_default=0, editable=False)
    lost_amount = MoneyField(_("lost amount"), default=0, db_default=0, editable=False)
    won_base = _base(_("won value"), _in_base("won_amount"))
    lost_base = _base(_("lost value"), _in_base("lost_amount"))
    source = _to(LeadSource, _("source"), "deals", on_delete=models.PROTECT)
    campaign = models.CharField(_("campaign"), max_length=120, blank=True, default="", db_default="")
    lost_reason = _to(LostReason, _("lost reason"), "deals", on_delete=models.PROTECT)
    lost_note = models.TextField(_("note on the loss"), blank=True, default="", db_default="")
    lost_to = _to(Competitor, _("lost to"), "deals_won", on_delete=models.PROTECT)
    next_step = models.CharField(_("next step"), max_length=250, blank=True, default="", db_default="")
    description = models.TextField(_("description"), blank=True, default="", db_default="")
    forecast_category = models.CharField(
        _("forecast category"),
        max_length=10,
        choices=ForecastCategory.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_("Empty: the stage's."),
    )
    deferred_from = _to("self", _("continues"), "continued_by", editable=False)
    history = models.BooleanField(_("imported closed"), default=False, db_default=False, editable=False)
    last_activity_at = models.DateTimeField(_("last activity"), null=True, blank=True, editable=False)
    next_activity_at = models.DateTimeField(_("next activity"), null=True, blank=True, editable=False)
    search = models.GeneratedField(
        expression=SearchText("name", "number", "external_id", "campaign", "next_step"),
        output_field=models.TextField(),
        db_persist=True,
        editable=False,
    )
    own_text = own_text()

    derived_columns: ClassVar = ("last_activity_at", "next_activity_at")  # kept by `domain.touched`, told by the activities themselves

    spelt: ClassVar[tuple[str, ...]] = ("name",)
    begins: ClassVar[tuple[str, ...]] = ("name", "number")
    inside: ClassVar[tuple[str, ...]] = ("name",)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "number"], name="deal_number_once", condition=~Q(number="")),
            models.CheckConstraint(condition=Q(probability__isnull=True) | Q(probability__range=(0, 100)), name="deal_own_probability"),
            models.CheckConstraint(condition=Q(effective_probability__range=(0, 100)), name="deal_probability"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="deal_outcome"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="deal_rate"),
            models.CheckConstraint(condition=Q(closed_on__isnull=True) | ~Q(outcome=Outcome.OPEN), name="deal_open_has_no_end"),
            models.CheckConstraint(condition=Q(outcome=Outcome.OPEN) | Q(closed_on__isnull=False) | Q(history=True), name="deal_closed_on_a_day"),
            models.CheckConstraint(condition=~_WON | Q(account__isnull=False) | Q(history=True), name="deal_won_with_account"),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.LOST) | Q(lost_reason__isnull=False) | Q(history=True), name="deal_lost_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.OPEN, won_amount=0, lost_amount=0)
                | (~Q(outcome=Outcome.OPEN) & (Q(amount__isnull=True) | Q(amount=F("won_amount") + F("lost_amount")))),
                name="deal_parts_make_the_whole",
            ),
            models.CheckConstraint(condition=~Q(deferred_from=F("id")), name="deal_not_from_itself"),
            external_id_once("deal_external_id"),
        ]
        indexes: ClassVar = [
            _index(fields=["workspace", "pipeline", "stage", "expected_close", "id"], name="deal_board"),
            _index(
                fields=["workspace", "pipeline", "stage", "stage_since"],
                include=["base_amount", "weighted", "expected_close", "next_activity_at"],
                condition=Q(outcome=Outcome.OPEN, archived_at__isnull=True),
                name="deal_board_totals",
            ),
            _index(
                fields=["workspace", "pipeline", "stage", "next_activity_at"],
                condition=Q(outcome=Outcome.OPEN, archived_at__isnull=True, next_activity_at__isnull=False),
                name="deal_board_ahead",
            ),
            *inside_indexes("name", "deal"),
            _index("workspace", Fold("number"), "id", name="deal_by_number"),
            _index(fields=["workspace", "-created_at", "-id"], name="deal_newest"),
            _index(fields=["workspace", "expected_close", "id"], name="deal_by_close"),
            _index(fields=["workspace", "closed_on", "id"], name="deal_by_closed"),
            _index(fields=["workspace", "amount", "id"], name="deal_by_amount"),
            _index(fields=["workspace", "base_amount", "id"], name="deal_by_base_amount"),
            _index(fields=["workspace", "stage", "id"], name="deal_by_stage"),
            _index(fields=["workspace", "outcome", "id"], name="deal_by_outcome"),
            _index(fields=["workspace", "owner", "id"], name="deal_by_owner"),
            _index(fields=["workspace", "account", "id"], name="deal_by_account"),
            _index(fields=["workspace", "contact"], name="deal_by_contact", condition=Q(contact__isnull=False)),
            _index(fields=["workspace", "lead"], name="deal_by_lead", condition=Q(lead__isnull=False)),
            _index(fields=["workspace", "source"], name="deal_by_source", condition=Q(source__isnull=False)),
            _index(fields=["workspace", "lost_reason"], name="deal_by_lost_reason", condition=Q(lost_reason__isnull=False)),
            _index(fields=["workspace", "lost_to"], name="deal_by_lost_to", condition=Q(lost_to__isnull=False)),
            _index(fields=["workspace", "deferred_from"], name="deal_by_origin", condition=Q(deferred_from__isnull=False)),
            _index(fields=["workspace", "next_activity_at", "id"], name="deal_by_next_activity"),
            GinIndex("workspace", OpClass("search", name="gin_trgm_ops"), name="deal_search"),
            own_text_index("deal_own_text"),
        ]

    @property
    def is_open(self) -> bool:
        return bool(self.outcome == Outcome.OPEN)

    @property
    def is_won(self) -> bool:
        return self.outcome in (Outcome.WON, Outcome.PARTIALLY_WON)
