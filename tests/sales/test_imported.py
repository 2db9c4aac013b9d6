"""Deals and lines that come by file: what the database derives, what the hooks complete, and the public data set as a whole."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from patron.catalog.models import Product
from patron.customers.models import Account
from patron.identity.access import Access
from patron.records import registry
from patron.sales.domain.opening import open_deal
from patron.sales.enums import Outcome
from patron.sales.models import Deal, DealLine, DealReview, Pipeline, Stage, StageChange
from tests.sales.conftest import MakeDeal, stage

D = Decimal
DATA = Path(__file__).parents[3] / "shared" / "data" / "sales-opportunities"


def bring(access: Access, *deals: Deal) -> list[Deal]:
    """What an import does: rows first, then the type's hook."""
    Deal.objects.bulk_create(deals)
    registry.get("deals").imported([d.pk for d in deals], access=access, created=True)
    return [Deal.objects.get(pk=d.pk) for d in deals]


def test_a_deal_in_a_closing_stage_is_history(access: Access, account: Account) -> None:
    day, opened = datetime.date(2017, 3, 1), datetime.date(2016, 10, 20)
    won, lost, open_ = bring(
        access,
        Deal(name="Won", stage=stage("Won"), account=account, amount=D(1054), closed_on=day, opened_on=opened),
        Deal(name="Lost", stage=stage("Lost"), amount=D(0), closed_on=day),
        Deal(name="Open", stage=stage("Qualified"), opened_on=opened),
    )
    assert (won.outcome, won.history, won.won_amount, won.closed_on, won.effective_probability) == (Outcome.WON, True, D(1054), day, D(100))
    assert (lost.outcome, lost.history, lost.lost_reason, lost.closed_on) == (Outcome.LOST, True, None, day)
    assert (open_.outcome, open_.history, open_.account, open_.stage_since.astimezone(access.workspace.zone).date()) == (
        Outcome.OPEN,
        False,
        None,
        opened,
    )
    assert {won.number, lost.number, open_.number} == {"D-1001", "D-1002", "D-1003"}
    assert StageChange.objects.get(deal=won).at.astimezone(access.workspace.zone).date() == day
    assert not DealReview.objects.exists()


def test_the_expected_close_stands_in_for_a_missing_closing_day(access: Access, account: Account) -> None:
    day = datetime.date(2017, 3, 1)
    (deal,) = bring(access, Deal(name="Won", stage=stage("Won"), account=account, amount=D(5), expected_close=day))
    assert deal.closed_on == day


def test_a_later_file_may_close_a_deal(access: Access, make_deal: MakeDeal) -> None:
    deal = make_deal(amount=D(900))
    Deal.objects.filter(pk=deal.pk).update(stage=stage("Won"), closed_on=access.today())
    registry.get("deals").imported([deal.pk], access=access, created=False)
    deal.refresh_from_db()
    assert (deal.outcome, deal.won_amount, deal.history) == (Outcome.WON, D(900), True)
    assert [c.to_stage.name for c in deal.stage_changes.order_by("at")] == ["New", "Won"]


def test_a_named_pipeline_keeps_its_own_stage_of_that_name(access: Access) -> None:
    renewals = Pipeline.objects.create(name="Renewals")
    for place, name in enumerate(("First", "Won")):
        Stage.objects.create(pipeline=renewals, name=name, kind="won" if name == "Won" else "open", order=place, probability=place * 100)
    named, first = Deal(name="A", pipeline=renewals, stage=stage("Won")), Deal(name="B", pipeline=renewals, stage=stage("New"))
    assert [(d.pipeline, d.stage.name) for d in bring(access, named, first)] == [(renewals, "Won"), (renewals, "First")]
    with pytest.raises(IntegrityError), transaction.atomic():
        bring(access, Deal(name="C", pipeline=renewals, stage=stage("Negotiation")))


def test_lines_share_the_fate_of_their_deal(access: Access, account: Account) -> None:
    product = Product.objects.create(name="GTX Pro", price=D(4821), cost=D(3000))
    won, lost, open_ = bring(
        access,
        Deal(name="Won", stage=stage("Won"), account=account, amount=D(4514), closed_on=access.today()),
        Deal(name="Lost", stage=stage("Lost"), amount=D(0), closed_on=access.today()),
        Deal(name="Open", stage=stage("Qualified")),
    )
    lines = [
        DealLine(deal=won, product=product, unit_price=D(4514)),
        DealLine(deal=lost, product=product, unit_price=D(0)),
        DealLine(deal=open_, product=product),
    ]
    DealLine.objects.bulk_create(lines)
    registry.get("deal-lines").imported([line.pk for line in lines], access=access, created=True)
    for deal in (won, lost, open_):
        deal.refresh_from_db()
    assert [DealLine.objects.get(pk=line.pk).outcome for line in lines] == ["won", "lost", "open"]
    assert (won.won_amount, won.gross_profit, lost.lost_amount, open_.amount) == (D(4514), D(1514), D(0), None)
    assert DealLine.objects.filter(description="GTX Pro").count() == 3


def test_a_deal_is_opened_with_what_the_caller_says(access: Access, account: Account) -> None:
    deal = open_deal(access=access, name="Given", account=account, stage=stage("Negotiation"), currency="EUR")
    assert (deal.stage.name, deal.pipeline.is_default, deal.opened_on) == ("Negotiation", True, access.today())
