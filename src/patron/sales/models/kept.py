"""Sums over all deals of a workspace, kept beside them so that the home page and the board need not add up every deal at each visit."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from patron.identity.models import Membership
from patron.kernel.tenancy import TenantForeignKey, TenantModel
from patron.sales.enums import ForecastCategory, Outcome
from patron.sales.models.pipeline import Stage

#: What is kept. The row `built` names what was counted: another number, and all is counted anew.
LAYOUT = 2


class Cut(models.TextChoices):
    """Along what deals are added up. Open and closed ones together are all deals once; by owner they are all there once more.

    Open ones are counted twice more, without amounts: by the `day` they came to their stage, and by that of their next activity.
    """

    BUILT = "built"
    OPEN = "open"
    CLOSED = "closed"
    OWNER = "owner"
    SINCE = "since"
    NEXT = "next"


def _to(model: Any) -> Any:
    return TenantForeignKey(model, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)


def _amount() -> Any:
    return models.DecimalField(max_digits=30, decimal_places=2, default=0, db_default=0)


class DealSum(TenantModel):
    """A part of a sum over deals that are not archived: what belongs to the same group is added up to get it.

    Columns bear the names of the deals' own, so that the same questions can be asked of both (`sales.domain.kept`). Every statement that changes
    deals adds rows with the difference, by the triggers of `sales.database`, whoever writes: they are as exact as the deals, without a lock that
    writers would wait for. `day` is one of UTC (see `sales.domain.stage_totals`). `sales_keep_sums()` puts the rows of a group together from time to time. Until it has run once for a workspace (the
    row `built`), there are no sums to be read. Derived, hence neither in the ledger nor in an export.
    """

    ledgered = False
    exported = False
    written_by_triggers = True

    cut = models.CharField(max_length=6, choices=Cut.choices)
    folded = models.BooleanField(default=False, db_default=False)
    owner = _to(Membership)
    stage = _to(Stage)
    outcome = models.CharField(max_length=14, choices=Outcome.choices, blank=True, default="", db_default="")
    forecast_category = models.CharField(max_length=10, choices=ForecastCategory.choices, blank=True, default="", db_default="")
    expected_close = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    day = models.DateField(null=True)
    deals = models.BigIntegerField(default=0, db_default=0)
    base_amount = _amount()
    weighted = _amount()
    won_base = _amount()
    lost_base = _amount()

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["workspace", "cut", "closed_on"], name="deal_sum_by_cut"),
            models.Index(fields=["workspace", "id"], name="deal_sum_loose", condition=Q(folded=False)),
        ]
