"""The sales report, the forecast and the board's totals: every figure once, with a constant number of queries."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patron.catalog.models import ExchangeRate, Product
from patron.customers.models import Account, Industry
from patron.identity.access import Access
from patron.identity.models import Membership
from patron.records import registry
from patron.records.keyset import Sort, decode
from patron.sales.board import LIMIT, lane, lanes
from patron.sales.domain.closing import close_lines, lose_deal, win_deal
from patron.sales.domain.decisions import Decision
from patron.sales.domain.forecast import forecast
from patron.sales.domain.kept import part
from patron.sales.domain.queries import live, win_rates
from patron.sales.domain.report import plain, sales_report
from patron.sales.domain.stage_totals import pipeline_totals
from patron.sales.domain.stages import stages_of
from patron.sales.enums import StageKind
from patron.sales.models import Deal, LostReason
from patron.testing import Scene
from tests.sales.conftest import MakeDeal, stage

D = Decimal


@pytest.fixture
def sold(scene: Scene, access: Access, account: Account, make_deal: MakeDeal, price: LostReason) -> dict[str, Deal]:
    """One deal of every outcome; two lines in each, so that a fan-out would show."""
    Account.objects.filter(pk=account.pk).update(industry=Industry.objects.create(name="Water"))
    Account.objects.create(name="Globex North", parent=account)
    Membership.objects.filter(pk=scene.members["alice"].pk).update(manager=scene.members["erin"], office="Central")
    gtx = Product.objects.create(name="GTX")
    deals = {name: make_deal(100, 50, owner=scene.members["alice"]) for name in ("won", "partly", "lost", "open")}
    for deal in deals.values():
        deal.lines.filter(position=1).update(product=gtx)
    win_deal(deals["won"], access=access)
    first, second = deals["partly"].lines.order_by("position")
    close_lines(deals["partly"], [Decision(first, won=D(1)), Decision(second, lost=D(1), reason=price)], access=access)
    lose_deal(deals["lost"], access=access, reason=price)
    make_deal(amount=D(30), account=None)
    return deals


def test_every_figure_is_counted_once(access: Access, sold: dict[str, Deal]) -> None:
    report = sales_report(access)
    by = report.pop("by")
    assert report == {
        "deals": 5, "won": {"count": 2, "value": D(250)}, "lost": {"count": 1}, "open": {"count": 2},
        "accounts": 2, "subsidiaries": 1, "deals_without_account": 1,
    }  # fmt: skip
    agent = by["agent"][0]
    assert (agent["label"], agent["deals"], agent["won"], agent["lost"]) == (
        "Alice", 4, {"count": 2, "value": D(250), "partially": 1}, {"count": 1, "value": D(200)},
    )  # fmt: skip
    assert (agent["win_rate"], agent["win_rate_by_value"]) == (D("66.7"), D("55.6"))
    assert [r["label"] for r in by["manager"]] == ["Erin", "none"]
    assert [(r["label"], r["won"]["value"]) for r in by["region"]] == [("Central", D(250)), ("none", D(0))]
    assert [(r["label"], r["deals"]) for r in by["sector"]] == [("Water", 4), ("none", 1)]
    assert [r["key"] for r in by["quarter"]] == [f"{access.today().year}-Q{(access.today().month + 2) // 3}"]


def test_each_dimension_adds_up_to_the_whole(access: Access, sold: dict[str, Deal]) -> None:
    report = sales_report(access)
    for name, rows in report["by"].items():
        assert sum(r["won"]["value"] for r in rows) == report["won"]["value"], name
        if name != "quarter":
            assert sum(r["open"]["value"] for r in rows) == D(180), name


def test_products_are_summed_by_their_lines(access: Access, sold: dict[str, Deal]) -> None:
    rows = {r["label"]: r for r in sales_report(access)["by"]["product"]}
    assert (rows["GTX"]["deals"], rows["GTX"]["won"]["value"], rows["GTX"]["lost"]) == (4, D(200), {"count": 1, "value": D(100)})
    assert (rows["none"]["won"]["value"], rows["none"]["lost"]["value"], rows["none"]["open"]["value"]) == (D(50), D(100), D(80))


def test_the_report_takes_the_same_queries_for_any_size(access: Access, sold: dict[str, Deal], make_deal: MakeDeal) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            sales_report(access)
        return len(seen)

    before = queries()
    for n in range(5):
        win_deal(make_deal(10 * n + 1), access=access)
    assert queries() == before <= 10


def test_the_report_is_plain_text_for_json(access: Access, sold: dict[str, Deal]) -> None:
    assert plain(sales_report(access))["won"] == {"count": 2, "value": "250.00"}


def test_people_see_figures_of_what_they_see(scene: Scene, access: Access, sold: dict[str, Deal]) -> None:
    assert sales_report(scene.access("charlie"))["deals"] == 0
    assert sales_report(scene.access("bob"))["deals"] == 4


def test_foreign_money_counts_at_the_rate_of_the_day(access: Access, make_deal: MakeDeal) -> None:
    ExchangeRate.objects.create(currency="USD", on=access.today() - datetime.timedelta(days=9), rate=D("1.25"))
    deal = win_deal(make_deal(100, currency="USD"), access=access)
    assert (deal.won_amount, deal.won_base, deal.base_amount) == (D(100), D(80), D(80))


def test_money_without_a_rate_is_unknown_and_not_nothing(access: Access, make_deal: MakeDeal) -> None:
    deal = make_deal(100, currency="USD")
    assert (deal.rate, deal.base_amount) == (None, None)
    with pytest.raises(Exception, match="exchange rate"):
        win_deal(deal, access=access)


def test_win_rates(access: Access, sold: dict[str, Deal]) -> None:
    rates = win_rates(live(access))
    assert (rates.won, rates.partially_won, rates.lost, rates.by_count, rates.by_value) == (2, 1, 1, D("66.7"), D("55.6"))


def on(deal: Deal, **values: Any) -> Deal:
    Deal.objects.filter(pk=deal.pk).update(**values)
    deal.refresh_from_db()
    return deal


def test_totals_of_the_board(access: Access, make_deal: MakeDeal) -> None:
    now, today = timezone.now(), access.today()
    day = datetime.timedelta(days=1)
    on(make_deal(100), stage_since=now - 15 * day, next_activity_at=now + 3 * day)
    on(make_deal(200), expected_close=today - day, next_activity_at=now - 2 * day)
    on(make_deal(300), stage=stage("Qualified"))
    stages = stages_of(stage("New").pipeline_id, StageKind.OPEN)
    with CaptureQueriesContext(connection) as seen:
        totals = pipeline_totals(part(live(access)), stages, access=access)
    first, second = totals[stage("New").pk], totals[stage("Qualified").pk]
    assert len(seen) == 1
    assert (first.count, first.base, first.weighted, first.rotting, first.overdue_close) == (2, D(300), D(30), 1, 1)
    assert (first.next_none, first.next_overdue, first.next_planned) == (0, 1, 1)
    assert (second.count, second.weighted, second.next_none) == (1, D(75), 1)
    assert totals[stage("Negotiation").pk].count == 0


def test_cards_come_in_order_and_the_rest_on_demand(access: Access, make_deal: MakeDeal) -> None:
    today = access.today()
    for n in range(LIMIT + 3):
        make_deal(amount=D(n), name=f"Deal {n:02}", expected_close=today + datetime.timedelta(days=n) if n else None)
    make_deal(amount=D(1), stage=stage("Negotiation"), name="Alone")
    sort = Sort(registry.get("deals").fields["expected_close"], False)
    pipeline = stage("New").pipeline_id
    with CaptureQueriesContext(connection) as seen:
        first, *_others, last = lanes(part(live(access)), pipeline, sort, access=access)
    assert len(seen) == 4
    assert [c.name for c in first.cards[:2]] == ["Deal 01", "Deal 02"]
    assert (len(first.cards), [c.name for c in last.cards], last.after) == (LIMIT, ["Alone"], "")
    rest = lane(live(access), first.stage, sort, decode(first.after), access=access)
    assert [c.name for c in rest.cards] == ["Deal 31", "Deal 32", "Deal 00"]


def test_forecast_by_d1(access: Access, make_deal: MakeDeal, price: LostReason) -> None:
    today = access.today()
    month = datetime.timedelta(days=31)
    make_deal(100, stage=stage("Negotiation"), expected_close=today)
    make_deal(200, stage=stage("Proposal sent"), expected_close=today)
    make_deal(400, expected_close=today, forecast_category="omitted")
    make_deal(800, expected_close=today - month)
    make_deal(1600)
    win_deal(make_deal(3200), access=access)
    lose_deal(make_deal(6400), access=access, reason=price)
    start = today.replace(day=1)
    found = forecast(live(access), start=start, end=(start + month).replace(day=1), today=today)
    (this,) = found.months
    assert (this.commit, this.best, this.pipeline, this.omitted, this.closed) == (D(100), D(200), D(0), D(400), D(3200))
    assert (this.weighted, this.likely, this.best_case) == (D(175), D(3375), D(3500))
    assert (found.overdue.pipeline, found.undated.pipeline) == (D(800), D(1600))
