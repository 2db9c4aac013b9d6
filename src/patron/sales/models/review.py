"""Reviews: a consultant group looks at why something was lost."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patron.identity.models import Membership, Team
from patron.kernel.tenancy import TenantForeignKey
from patron.records.model import Record, external_id_once
from patron.sales.enums import ReviewState, Winnable
from patron.sales.models.deal import Deal
from patron.sales.models.line import DealLine
from patron.sales.models.lists import LostReason


class DealReview(Record):
    """A lost deal, or a lost line of a partly won one, in the hands of its lost reason's consultant group (D2)."""

    name = models.CharField(_("name"), max_length=300, editable=False)
    deal = TenantForeignKey(Deal, on_delete=models.CASCADE, db_on_delete="CASCADE", related_name="reviews", verbose_name=_("deal"), db_index=False)
    line = TenantForeignKey(
        DealLine,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        db_on_delete="CASCADE",
        related_name="reviews",
        verbose_name=_("line"),
        db_index=False,
    )
    lost_reason = TenantForeignKey(LostReason, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("lost reason"), db_index=False)
    team = TenantForeignKey(Team, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("consultant group"), db_index=False)
    assignee = TenantForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("assignee"), db_index=False
    )
    due = models.DateField(_("due"))
    state = models.CharField(_("state"), max_length=10, choices=ReviewState.choices, default=ReviewState.OPEN, db_default=ReviewState.OPEN)
    finding = models.TextField(_("finding"), blank=True, default="", db_default="")
    winnable = models.CharField(_("winnable"), max_length=8, choices=Winnable.choices, blank=True, default="", db_default="")
    action = models.TextField(_("what we change"), blank=True, default="", db_default="")
    revisit_on = models.DateField(_("revisit on"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True, editable=False)
    done_by = TenantForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False, editable=False)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state=ReviewState.DONE) | (Q(done_at__isnull=False) & ~Q(finding="")), name="review_done_with_finding"
            ),
            models.UniqueConstraint(
                fields=["workspace", "deal", "line"], nulls_distinct=False, name="review_open_once", condition=Q(state=ReviewState.OPEN)
            ),
            external_id_once("review_external_id"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "deal"], name="review_by_deal"),
            models.Index(fields=["workspace", "line"], name="review_by_line", condition=Q(line__isnull=False)),
            models.Index(fields=["workspace", "team", "state", "due", "id"], name="review_by_team"),
            models.Index(fields=["workspace", "assignee", "due", "id"], name="review_by_assignee"),
            models.Index(fields=["workspace", "due", "id"], name="review_by_due"),
            models.Index(fields=["workspace", "lost_reason"], name="review_by_reason"),
        ]
