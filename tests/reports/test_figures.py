"""Figures of reports: each once, in its own currency, under the reader's rights; and the list behind each holds exactly its rows."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patron.customers.models import Account, Contact
from patron.identity.access import Access
from patron.kernel.parsing import Invalid
from patron.records import registry
from patron.reports import forecasting
from patron.reports.definition import Definition, Grouping, Measure
from patron.reports.run import run
from patron.sales.domain.closing import lose_deal, win_deal
from patron.sales.domain.forecast import forecast
from patron.sales.domain.kept import part
from patron.sales.domain.opening import open_deal
from patron.sales.domain.queries import live, win_rates
from patron.sales.domain.stage_totals import pipeline_totals
from patron.sales.domain.stages import stages_of
from patron.sales.enums import StageKind
from patron.sales.models import Deal, LostReason, Pipeline, Stage
from patron.testing import Scene, open_workspace
from tests.records.making import make
from tests.reports.conftest import figures, listed, report, view_for

D = Decimal
WON = {"and": [["outcome", "is", ["won", "partially_won"]]]}
LOST = {"and": [["outcome", "is", ["lost"]]]}


def deal(access: Access, amount: Any = 100, **values: Any) -> Deal:
    return open_deal(access=access, **{"name": "Deal", "amount": None if amount is None else D(amount), **values})


@pytest.mark.parametrize("deals", [0, 1, 3])
@pytest.mark.parametrize("contacts", [0, 1, 3])
def test_sums_over_collections_do_not_multiply(access: Access, deals: int, contacts: int) -> None:
    """The ROI defect: a cost on the parent, summed over a join with its children, counts once for each of them."""
    account = Account.objects.create(name="Globex", annual_revenue=1000)
    Account.objects.create(name="Alone", annual_revenue=10)
    for n in range(deals):
        deal(access, 50, account=account, name=f"Deal {n}")
    for n in range(contacts):
        Contact.objects.create(last_name=f"Person {n}", account=account)
    found = report(
        access, "accounts", ("name",), Measure("revenue", "sum", "annual_revenue"), Measure("deals", "sum", "base_amount", collection="deals"),
        Measure("n", "count", collection="deals"), Measure("people", "count", collection="contacts"), Measure("roi", "formula", formula="(deals - revenue) / revenue"),
    )  # fmt: skip
    globex = next(line for line in found.lines if line.labels == ("Globex",)).values
    assert (globex["revenue"], globex["deals"], globex["n"], globex["people"]) == (D(1000), D(50 * deals), deals, contacts)
    assert globex["roi"] == (D(50 * deals) - 1000) / 1000
    assert (found.total.values["revenue"], found.total.values["deals"]) == (D(1010), D(50 * deals))


def test_an_average_over_a_collection_is_that_of_its_records(access: Access) -> None:
    one, two = Account.objects.create(name="One"), Account.objects.create(name="Two")
    for account, amount in ((one, 10), (one, 20), (two, 60)):
        deal(access, amount, account=account)
    found = report(access, "accounts", (), Measure("mean", "avg", "base_amount", collection="deals"), Measure("big", "max", "base_amount", collection="deals"))
    assert (found.total.values["mean"], found.total.values["big"]) == (D(30), D(60))


def test_median_average_and_ends_are_exact(access: Access) -> None:
    for amount in ("0.10", "0.20", "0.40", "100"):
        deal(access, amount)
    deal(access, None)
    found = report(access, "deals", (), *(Measure(a, a, "base_amount") for a in ("median", "avg", "min", "max", "sum")))
    assert {k: found.total.values[k] for k in ("median", "avg", "min", "max", "sum")} == {"median": D("0.3"), "avg": D("25.175"), "min": D("0.1"), "max": D(100), "sum": D("100.7")}
    assert "1 deals have no amount" in found.notes[0]


def test_money_in_several_currencies_is_never_added(access: Access) -> None:
    base = access.workspace.currency
    for amount, currency in ((100, base), (50, "USD"), (7, "USD")):
        deal(access, amount, currency=currency)
    found = report(access, "deals", (), Measure("amount", "sum", "amount"))
    assert {(c.currency, found.total.values[c.id]) for c in found.columns} == {(base, D(100)), ("USD", D(57))}
    with pytest.raises(Invalid, match="several currencies"):
        report(access, "deals", (), Measure("amount", "sum", "amount"), Measure("twice", "formula", formula="amount * 2"))


def test_a_partly_won_deal_counts_as_the_home_page_counts_it(access: Access) -> None:
    """D2: win rate by count and by value, from the same rows."""
    account, price = Account.objects.create(name="Globex"), LostReason.objects.get(name="Price")
    for amount in (100, 50):
        win_deal(deal(access, amount, account=account), access=access)
    lose_deal(deal(access, 50, account=account), access=access, reason=price)
    deal(access, 9)
    from patron.reports.shipped import SHIPPED

    found = run(SHIPPED["win-rate"].definition, view_for(access)).total.values
    rates = win_rates(live(access))
    assert (round(found["rate"], 1), round(found["by_value"], 1)) == (rates.by_count, rates.by_value) == (D("66.7"), D("75.0"))


def test_the_pipeline_is_that_of_the_board(access: Access) -> None:
    from patron.reports.shipped import SHIPPED

    for n, name in enumerate(("New", "New", "Qualified", "Negotiation")):
        deal(access, 100 * (n + 1), stage=Stage.objects.get(name=name))
    stages = stages_of(Pipeline.objects.get().pk, StageKind.OPEN)
    board = pipeline_totals(part(live(access)), stages, access=access)
    found = run(SHIPPED["pipeline-by-stage"].definition, view_for(access))
    assert [line.labels[0] for line in found.lines] == ["New", "Qualified", "Negotiation"]
    for line in found.lines:
        totals = board[line.keys[0]]
        assert (line.values["deals"], line.values["value"], line.values["weighted"]) == (totals.count, totals.base, totals.weighted)


def test_stages_of_two_pipelines_are_told_apart(access: Access) -> None:
    from patron.sales.domain.start import ship_pipeline

    second = ship_pipeline("Renewals")
    deal(access, 1, stage=Stage.objects.get(name="New", pipeline__name="Sales"))
    deal(access, 2, pipeline=second, stage=Stage.objects.get(name="New", pipeline=second))
    assert figures(report(access, "deals", ("stage",), Measure("value", "sum", "base_amount")), "value") == {"New (Renewals)": D(2), "New (Sales)": D(1)}


def test_the_forecast_keeps_overdue_apart_and_never_adds_what_nests(access: Access) -> None:
    """D1, and each figure's list sums up to it."""
    assert forecasting.AHEAD == 6
    today = access.today()
    account = Account.objects.create(name="Globex")
    made = {
        "late": deal(access, 1000, expected_close=today - datetime.timedelta(days=3)), "commit": deal(access, 100, expected_close=today, forecast_category="commit", probability=80),
        "best": deal(access, 200, expected_close=today, forecast_category="best", probability=50), "none": deal(access, 400),
        "omitted": deal(access, 800, expected_close=today, forecast_category="omitted", probability=50), "stage": deal(access, 60, expected_close=today, stage=Stage.objects.get(name="Negotiation")),
    }  # fmt: skip
    win_deal(deal(access, 30, account=account), access=access)
    found = run(Definition("deals", method="forecast"), view_for(access))
    by = {line.labels[0]: line for line in found.lines}
    now = next(line for line in found.lines if line.keys[0] == today.replace(day=1))
    assert {k: now.values[k] for k in ("closed", "commit", "best", "pipeline", "omitted", "best_case")} == {
        "closed": D(30), "commit": D(160), "best": D(200), "pipeline": D(0), "omitted": D(800), "best_case": D(390),
    }  # fmt: skip
    assert now.values["weighted"] == D(80) + D(100) + D(45)
    assert now.values["likely"] == now.values["weighted"] + 30
    assert (by["Overdue"].values["pipeline"], by["No close date"].values["pipeline"]) == (D(1000), D(400))
    assert found.total.values["best_case"] == D(390) and found.total.values["deals"] == 5
    months = forecast(live(access), start=today.replace(day=1), end=today.replace(day=1) + datetime.timedelta(days=32), today=today)
    assert months.months[0].weighted == now.values["weighted"]
    for line in [*found.lines, found.total]:
        for column in found.columns:
            rows = listed(found, found.drill(line, column))
            amounts = {"deals": lambda d: 1, "weighted": lambda d: d.weighted, "likely": lambda d: d.won_base if d.is_won else d.weighted}
            worth = amounts.get(column.id, lambda d: d.won_base if d.is_won else d.base_amount)
            assert sum(worth(d) for d in rows) == line.values[column.id], (line.labels, column.id)
    assert made["late"].pk in listed(found, found.drill(by["Overdue"], found.columns[3])).values_list("pk", flat=True)


def test_the_reader_counts_only_what_they_may_see_and_is_told(scene: Scene, access: Access) -> None:
    for name in ("alice", "charlie"):
        deal(access, 100, owner=scene.members[name])
    mine = report(scene.access("alice"), "deals", ("owner",), Measure("value", "sum", "base_amount"))
    assert figures(mine, "value") == {"Alice": D(100)}
    assert mine.partial and mine.notes[0].startswith("Partial")
    assert not report(access, "deals", ("owner",)).partial


def _hiding(access: Access, key: str, *names: str) -> Access:
    from dataclasses import replace

    return replace(access, field_rules={key: dict.fromkeys(names, "hidden")})


def test_hidden_fields_are_neither_summed_nor_grouped_nor_asked_for(access: Access) -> None:
    deal(access, 100)
    blind = _hiding(access, "deals", "base_amount", "stage")
    left = report(blind, "deals", (), Measure("n"), Measure("value", "sum", "base_amount"), Measure("mean", "formula", formula="value / n"))
    assert [c.id for c in left.columns] == ["n"] and "left out" in left.notes[0]
    for asked in ({"by": ("stage",)}, {"filter": {"and": [["base_amount", "gt", 5]]}}):
        with pytest.raises(Invalid):
            report(blind, "deals", asked.get("by", ()), Measure("n"), filter=asked.get("filter", {}))  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        report(blind, "deals", (), Measure("value", "sum", "base_amount"))
    related = report(blind, "accounts", (), Measure("n"), Measure("value", "sum", "base_amount", collection="deals"))
    assert [c.id for c in related.columns] == ["n"]


def test_what_is_no_field_is_refused_in_words(access: Access) -> None:
    for measures, by in (((Measure("x", "sum", "nothing"),), ()), ((Measure("n"),), ("nothing",)), ((Measure("n"),), ("tags",)), ((Measure("x", "sum", "name"),), ())):
        with pytest.raises(Invalid):
            report(access, "deals", by, *measures)


def test_top_groups_and_the_others(access: Access) -> None:
    for n, city in enumerate(("Kiel", "Kiel", "kiel", "Lübeck", "Lübeck", "Bonn", "")):
        Account.objects.create(name=f"A{n}", city=city, employees=n + 1)
    found = report(access, "accounts", ("city",), Measure("n"), Measure("mid", "median", "employees"), sort="-n", top=2)
    assert [(line.labels[0], line.values["n"], line.values["mid"]) for line in found.lines] == [("Kiel", 3, D(2)), ("Lübeck", 2, D("4.5")), ("Others (2)", 2, D("6.5"))]
    assert [listed(found, found.drill(line, found.columns[0])).count() for line in found.lines] == [3, 2, 2]


def test_too_many_groups_are_said_and_the_largest_still_found(access: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    from patron.reports import run as running

    monkeypatch.setattr(running, "MOST_READ", 3)
    for n, city in enumerate(("A", "B", "C", "D", "Z", "Z")):
        Account.objects.create(name=f"A{n}", city=city)
    found = report(access, "accounts", ("city",), Measure("n"), top=1)
    assert (found.lines[0].labels[0], found.lines[0].values["n"], found.lines[-1].values["n"], found.total.values["n"]) == ("Z", 2, 4, 6)
    assert "more than 3 groups" in found.notes[0]


def test_days_between_dates_and_formulas_over_them(access: Access) -> None:
    account, today = Account.objects.create(name="Globex"), access.today()
    for days in (10, 20):
        won = deal(access, 100, account=account, opened_on=today - datetime.timedelta(days=days))
        win_deal(won, access=access)
    found = report(
        access, "deals", (), Measure("won", where=WON), Measure("cycle", "avg", "opened_on", until="closed_on", where=WON), Measure("age", "max", "opened_on"),
        Measure("speed", "formula", formula="won * 100 / cycle"), Measure("never", "formula", formula="won / (won - won)"),
    ).total.values  # fmt: skip
    assert (found["cycle"], found["age"], round(found["speed"], 2), found["never"]) == (D(15), D(20), D("13.33"), None)


def test_quiet_months_show_and_shares_and_running_totals_add_up(access: Access) -> None:
    account = Account.objects.create(name="Globex")
    for day in ("2026-01-31", "2026-01-01", "2026-04-01"):
        d = win_deal(deal(access, 10, account=account), access=access)
        Deal.objects.filter(pk=d.pk).update(closed_on=day)
    found = report(access, "deals", (("closed_on", "month"),), Measure("n"), Measure("share", "sum", "won_base", show="share"), Measure("sofar", "count", show="running"))
    assert [(line.labels[0], line.values["n"], line.values["sofar"]) for line in found.lines] == [("Jan 2026", 2, 2), ("Feb 2026", 0, 2), ("Mar 2026", 0, 2), ("Apr 2026", 1, 3)]
    assert [line.values["share"] and round(line.values["share"], 1) for line in found.lines] == [D("66.7"), 0, 0, D("33.3")]
    assert found.total.values["sofar"] == 3


@pytest.mark.parametrize(("bucket", "labels"), [
    ("day", ["31 Dec 2025", "1 Apr 2026"]), ("week", ["Week of 29 Dec 2025", "Week of 30 Mar 2026"]), ("month", ["Dec 2025", "Apr 2026"]), ("quarter", ["Q4 2025", "Q2 2026"]),
    ("year", ["2025", "2026"]), ("fiscal_quarter", ["FQ3 2025/26", "FQ1 2026/27"]), ("fiscal_year", ["FY 2025/26", "FY 2026/27"]),
])  # fmt: skip
def test_buckets_of_dates_and_instants_and_the_lists_behind_them(access: Access, bucket: str, labels: list[str]) -> None:
    access.workspace.fiscal_month, access.workspace.time_zone = 4, "Pacific/Auckland"
    for instant, day in (("2025-12-31T10:30:00Z", "2025-12-31"), ("2026-03-31T12:00:00Z", "2026-04-01")):
        made = Account.objects.create(name=instant)
        Account.objects.filter(pk=made.pk).update(created_at=instant)
        Deal.objects.filter(pk=deal(access).pk).update(expected_close=day)
    for type_key, name in (("accounts", "created_at"), ("deals", "expected_close")):
        found = report(access, type_key, ((name, bucket),), Measure("n"))
        assert [line.labels[0] for line in found.lines if line.values["n"]] == labels, name
        for line in found.lines:
            assert listed(found, found.drill(line, found.columns[0])).count() == line.values["n"]


def test_the_same_queries_for_any_size(access: Access) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            report(access, "deals", ("owner", ("created_at", "month")), Measure("n"), Measure("amount", "sum", "amount"), top=1)
        return len(seen)

    deal(access)
    few = queries()
    for n in range(12):
        deal(access, n, name=f"D{n}", owner=None)
    assert queries() <= few + 2 <= 8


@pytest.mark.parametrize("key", [t.key for t in registry.all_types() if t.screens])
def test_every_type_groups_by_every_field_that_groups(scene: Scene, key: str) -> None:
    """Each group's list holds as many rows as the report says; custom and future types are held to it, too."""
    with open_workspace(scene) as access:
        record_type = registry.get(key)
        for _n in range(2):
            make(record_type, access)
        _holds(record_type, access)


def _holds(record_type: Any, access: Access) -> None:
    from patron.reports.keys import GROUPABLE

    for name, field in record_type.visible_fields(access).items():
        if field.kind in GROUPABLE:
            found = run(Definition(record_type.key, groupings=(Grouping(name),), measures=(Measure("n"),)), view_for(access))
            assert sum(line.values["n"] or 0 for line in found.lines) == found.total.values["n"] == record_type.live(access).count(), name
            for line in found.lines[:3]:
                assert listed(found, found.drill(line, found.columns[0])).count() == line.values["n"], (name, line.labels)


