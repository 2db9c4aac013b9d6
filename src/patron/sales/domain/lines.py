"""The lines of a deal: adding, changing and removing them, and deciding one at a time."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from decimal import Decimal
from typing import Annotated, Any, Final

from django.db import connection
from django.db.models import Max, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.catalog.enums import BillingFrequency
from patron.catalog.models import Product
from patron.identity.access import Access
from patron.kernel.tenancy import current_workspace_id
from patron.records.verbs import Input, Refused, verb
from patron.sales.domain.amounts import recompute
from patron.sales.domain.closing import settle
from patron.sales.domain.decisions import Decision, decide, split_of
from patron.sales.domain.stages import is_open
from patron.sales.models import Deal, DealLine, LostReason
from patron.sales.rules import PERIOD_MONTHS

A_YEAR = 12


@verb("deals", "add_line", label=_("Add line"), icon="plus", action="edit", when=is_open, done=_("Line added"), order=62)
def add_line(
    deal: Deal,
    *,
    access: Access,
    product: Annotated[Product | None, Input(_("Product"))] = None,
    description: Annotated[str, Input(_("Description"), hint=_("Empty: the product's name."))] = "",
    quantity: Annotated[Decimal, Input(_("Quantity"))] = Decimal(1),
    unit_price: Annotated[Decimal | None, Input(_("Unit price"), kind="money", hint=_("Empty: the product's."))] = None,
    discount: Annotated[Decimal, Input(_("Discount"), kind="percent")] = Decimal(0),
    frequency: Annotated[BillingFrequency | None, Input(_("Billed"), hint=_("Empty: as the product."))] = None,
    commitment_months: Annotated[int | None, Input(_("Commitment (months)"))] = None,
) -> DealLine:
    """Put a product, or a service in words, on an open deal. Price, cost, unit and billing come from the product unless given.

    The product's price is taken only where it is in the deal's currency: a wrong price is worse than none.
    """
    if product is None and not description.strip():
        raise Refused(_now("Choose a product or describe what is sold."), field="product")
    line = DealLine(deal=deal, product=product, description=description.strip(), quantity=quantity, unit_price=unit_price, discount=discount)
    line.frequency = frequency or ""
    line.position = _next_position(deal)
    complete(line, commitment_months=commitment_months, currency=deal.currency or access.workspace.currency)
    line.save(force_insert=True)
    recompute([deal.pk])
    line.refresh_from_db()
    return line


def _next_position(deal: Deal) -> int:
    return int(deal.lines.aggregate(last=Coalesce(Max("position"), Value(0)))["last"]) + 1


def complete(line: DealLine, *, commitment_months: int | None, currency: str) -> None:
    """Fill what a line leaves open from its product; a recurring line without a commitment is taken for a year."""
    product: Any = line.product
    if product is not None:
        line.description = line.description or product.name
        line.unit = line.unit or getattr(product, "unit", "") or ""
        line.frequency = line.frequency or product.frequency
        if not product.currency or product.currency == currency:
            line.unit_price = product.price if line.unit_price is None else line.unit_price
            line.unit_cost = product.cost if line.unit_cost is None else line.unit_cost
    line.frequency = line.frequency or BillingFrequency.ONE_OFF
    recurring = PERIOD_MONTHS[line.frequency]
    line.commitment_months = 0 if not recurring else (A_YEAR if commitment_months is None else commitment_months)


def changed(deal_ids: Collection[uuid.UUID]) -> None:
    """Lines of these deals were written: bring the deals' totals along."""
    recompute(deal_ids)


def _deal_is_open(line: DealLine, access: Access) -> str | None:
    return is_open(line.deal, access)


def _undecided(line: DealLine, access: Access) -> str | None:
    return _deal_is_open(line, access) or (None if split_of(line).open else _now("This line is decided already."))


@verb(
    "deal-lines", "remove", label=_("Remove"), icon="trash-2", action="delete", when=_deal_is_open, bulk=True, tone="bad", done=_("Removed"), order=70
)
def remove_line(line: DealLine, *, access: Access) -> None:
    """Take a line off an open deal. Of a closed deal nothing is removed: it is reopened first."""
    if line.moved_quantity:
        raise Refused(_now("A part of this line goes on in another deal."))
    deal_id = line.deal_id
    line.delete()
    recompute([deal_id])


@verb("deal-lines", "win", label=_("Won"), icon="circle-check", when=_undecided, bulk=True, tone="good", done=_("Won"), order=10)
def win_line(
    line: DealLine, *, access: Access, quantity: Annotated[Decimal | None, Input(_("Quantity"), hint=_("Empty: all that is open."))] = None
) -> Deal:
    """Note that a line, or a part of its quantity, is won. The last line that is decided closes the deal (D2)."""
    return _one(Decision(line, won=_part(line, quantity)), access=access)


@verb("deal-lines", "lose", label=_("Lost"), icon="circle-x", when=_undecided, bulk=True, tone="bad", done=_("Lost"), order=12)
def lose_line(
    line: DealLine,
    *,
    access: Access,
    reason: Annotated[LostReason, Input(_("Lost reason"))],  # type: ignore[valid-type]  # django-stubs reads Annotated[Model] as its own
    quantity: Annotated[Decimal | None, Input(_("Quantity"), hint=_("Empty: all that is open."))] = None,
) -> Deal:
    """Note that a line, or a part of its quantity, is lost, for a reason. The last line that is decided closes the deal (D2)."""
    return _one(Decision(line, lost=_part(line, quantity), reason=reason), access=access)


@verb("deal-lines", "defer", label=_("Defer"), icon="clock", when=_undecided, bulk=True, done=_("Deferred"), order=14)
def defer_line(
    line: DealLine, *, access: Access, quantity: Annotated[Decimal | None, Input(_("Quantity"), hint=_("Empty: all that is open."))] = None
) -> Deal:
    """Put a line, or a part of its quantity, off. When the deal closes it goes on in a linked new deal (D2)."""
    return _one(Decision(line, deferred=_part(line, quantity)), access=access)


def _part(line: DealLine, quantity: Decimal | None) -> Decimal:
    if quantity is not None and quantity <= 0:
        raise Refused(_now("Enter a quantity above zero."), field="quantity")
    return split_of(line).open if quantity is None else quantity


def _one(decision: Decision, *, access: Access) -> Deal:
    deal: Deal = Deal.objects.select_for_update(of=("self",)).get(pk=decision.line.deal_id)
    if refusal := is_open(deal, access):
        raise Refused(refusal)
    decision.line.refresh_from_db()
    decide([decision])
    return settle(deal, access=access)


#: One statement whatever the planner knows of tables that were empty a moment ago: lines are reached from the deals, by hash or by index.
_SHARE_FATE: Final = """
WITH closed AS MATERIALIZED (
  SELECT id, outcome = 'won' AS won FROM sales_deal WHERE workspace_id = %(workspace)s AND id = ANY (%(deals)s) AND outcome IN ('won', 'lost')
)
UPDATE sales_dealline l SET
  won_quantity = CASE WHEN closed.won THEN l.quantity ELSE 0 END, lost_quantity = CASE WHEN closed.won THEN 0 ELSE l.quantity END, history = true
FROM closed
WHERE l.workspace_id = %(workspace)s AND l.deal_id = closed.id AND l.won_quantity = 0 AND l.lost_quantity = 0 AND l.deferred_quantity = 0
"""


def follow_closed_deals(deal_ids: Collection[uuid.UUID]) -> None:
    """Lines that came by file onto deals which are won or lost share the deal's fate. Set-based; partly won deals are left alone."""
    with connection.cursor() as cursor:
        cursor.execute(_SHARE_FATE, {"workspace": current_workspace_id(), "deals": list(deal_ids)})
