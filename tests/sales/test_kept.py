"""The sums that are kept over deals are those of the deals, whoever changed them, folded or not; and only those who see all deals get them."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import psycopg
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patron.catalog.models import ExchangeRate
from patron.collab.domain.refs import Ref
from patron.collab.domain.tasks import create_task
from patron.customers.models import Account
from patron.identity.access import Access
from patron.kernel.tenancy import workspace
from patron.ledger.models import Operation
from patron.ledger.operations import operation
from patron.ledger.undo import undo
from patron.records import changes, registry
from patron.records.imports import service
from patron.sales import jobs
from patron.sales.domain import kept, queries, report
from patron.sales.domain.closing import close_lines, lose_deal, win_deal
from patron.sales.domain.decisions import Decision
from patron.sales.domain.forecast import forecast
from patron.sales.domain.kept import Deals
from patron.sales.domain.stage_totals import pipeline_totals
from patron.sales.domain.stages import open_stages
from patron.sales.domain.start import ship_lists
from patron.sales.enums import StageKind
from patron.sales.models import Deal, DealSum, LostReason, Stage
from patron.testing import Scene
from tests.database import as_owner
from tests.records.import_kit import imported, inside, table
from tests.records.merge_kit import merge, unmerge
from tests.records.together import client
from tests.sales.conftest import MakeDeal

D = Decimal
DAY, HOUR, INSTANT = datetime.timedelta(days=1), datetime.timedelta(hours=1), datetime.timedelta(microseconds=1)
ZONES = ("America/Los_Angeles", "Asia/Kathmandu", "Europe/Berlin", "Pacific/Kiritimati", "UTC")


def figures(deals: Deals, today: datetime.date) -> dict[str, Any]:
    """Everything that is asked of sums."""
    days = [today - 60 * DAY, today - 20 * DAY]
    return {
        "forecast": forecast(deals.by_day, start=today - 200 * DAY, end=today + 200 * DAY, today=today), "rates": queries.rates_between(deals.by_day, days),
        "all": queries.win_rates(deals.by_day), "open": queries.open_totals(deals.by_day, today),
        "quarters": report.by_quarter(deals.by_day.order_by()), **{by: report.by(deals.by_owner.order_by(), by) for by in ("agent", "manager", "region")},
    }  # fmt: skip


def compare(access: Access) -> None:
    """Both ways, and what time brings for people of several zones: now, hours and weeks later, and at the very instants at which something begins to rot."""
    found, rows = kept.whole(access), kept.part(queries.live(access))
    assert found.kept and found.by_day.model is DealSum
    assert figures(found, access.today()) == figures(rows, access.today())
    now, stages = timezone.now(), open_stages()
    ages = [since + days * DAY for since, days in Deal.objects.filter(stage__expected_days__gte=0).values_list("stage_since", "stage__expected_days")[:4]]
    for n, moment in enumerate([now, now + 11 * HOUR, now + 9 * DAY, *ages, *(age + INSTANT for age in ages)]):
        with time_machine.travel(moment, tick=False):
            reader = replace(access, preferences={"time_zone": ZONES[n % len(ZONES)]})
            assert pipeline_totals(found, stages, access=reader) == pipeline_totals(rows, stages, access=reader)


_ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["make", "make", "amount", "owner", "date", "archive", "back", "stage", "omit", "win", "partly", "lose", "rate", "delete", "chance", "all", "fold", "since", "next", "nexts", "expects"]
        ),
        st.integers(0, 5), st.integers(0, 400),
    ), max_size=14,
)  # fmt: skip


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_ACTS)
def test_sums_follow_whatever_happens_to_deals(scene: Scene, access: Access, make_deal: MakeDeal, price: LostReason, acts: list[tuple[str, int, int]]) -> None:
    Deal.objects.all().delete()
    kept.keep(1)
    for act, which, much in acts:
        _do(act, which, much, scene, access, make_deal, price)
    compare(access)
    kept.keep(1)
    compare(access)
    assert not DealSum.objects.filter(folded=False).exists()


def _do(act: str, which: int, much: int, scene: Scene, access: Access, make_deal: MakeDeal, price: LostReason) -> None:
    rows, today = list(Deal.objects.order_by("pk")), access.today()
    if act == "make":
        make_deal(much, 50, owner=scene.members[("alice", "bob", "charlie")[which % 3]], expected_close=today + (much - 200) * DAY)
    elif act == "fold":
        kept.keep(1)
    elif act == "all":
        Deal.objects.filter(outcome="open").update(expected_close=today + (much - 200) * DAY)
    elif act == "nexts":
        Deal.objects.update(next_activity_at=timezone.now() + (much - 200) * HOUR / 4)
    elif act == "expects":
        Stage.objects.filter(kind=StageKind.OPEN).exclude(name="Negotiation").update(expected_days=(None, 0, 1, 14, 30)[which % 5])
    elif act == "chance":
        Stage.objects.filter(kind=StageKind.OPEN).update(forecast_category=("pipeline", "best", "commit", "omitted")[which % 4])
    elif rows and act in ("win", "partly", "lose"):
        _close(act, rows[which % len(rows)], today - (much % 150) * DAY, access, price)
    elif rows:
        _change(act, rows[which % len(rows)], which, much, scene, today)


def _change(act: str, deal: Deal, which: int, much: int, scene: Scene, today: datetime.date) -> None:
    stages = Stage.objects.filter(kind=StageKind.OPEN).order_by("order")
    plain: dict[str, dict[str, Any]] = {
        "owner": {"owner": scene.members["dora"] if much % 2 else None}, "date": {"expected_close": None if much > 300 else today + (much - 200) * DAY}, "archive": {"archived_at": timezone.now()},
        "back": {"archived_at": None}, "omit": {"forecast_category": ("omitted", "commit", "")[which % 3]}, "rate": {"currency": "USD", "rate": D(2) if much % 2 else None},
        "amount": {"probability": D(much % 101)}, "stage": {"stage": stages[which % 3]} if deal.is_open else {"description": "closed"},
        "since": {"stage_since": timezone.now() - much * HOUR * 7 / 4}, "next": {"next_activity_at": None if much > 300 else timezone.now() + (much - 150) * HOUR / 3},
    }  # fmt: skip
    if act == "delete":
        deal.lines.all().delete()
        Deal.objects.filter(pk=deal.pk).delete()
    else:
        Deal.objects.filter(pk=deal.pk).update(**plain[act])


def _close(act: str, deal: Deal, on: datetime.date, access: Access, price: LostReason) -> None:
    lines = list(deal.lines.order_by("position"))
    if not deal.is_open or deal.archived_at is not None or deal.rate is None or deal.currency == "USD" or len(lines) != 2:  # no rate is known on the day of closing
        return
    if act == "partly":
        close_lines(deal, [Decision(lines[0], won=D(1)), Decision(lines[1], lost=D(1), reason=price)], access=access, closed_on=on)
    elif act == "lose":
        lose_deal(deal, access=access, reason=price)
    else:
        win_deal(deal, access=access)


def test_a_part_of_many_deals_is_one_difference(access: Access, make_deal: MakeDeal) -> None:
    """Bulk changes write a row for each group, not for each deal."""
    for _n in range(6):
        make_deal(100)
    kept.keep(1)
    Deal.objects.update(expected_close=access.today())
    assert DealSum.objects.filter(folded=False).count() == 2  # what left the one day, and what came to the other; sums by owner are as they were
    compare(access)
    Deal.objects.update(description="said", last_activity_at=timezone.now())
    assert DealSum.objects.filter(folded=False).count() == 2


def test_undo_of_a_bulk_change_and_the_nightly_rates(lasting_scene: Scene) -> None:
    scene, access = lasting_scene, lasting_scene.access()
    with workspace(scene.workspace.pk), operation("test", access=access):
        ship_lists()
        ExchangeRate.objects.create(currency="USD", on=access.today() - 9 * DAY, rate=D(2))
        account = Account.objects.create(name="Globex")
    assert jobs.keep_sums(0) >= 1
    with workspace(scene.workspace.pk):
        for n in range(3):
            changes.create(registry.get("deals"), {"name": f"D{n}", "amount": D(100 + n), "currency": "USD", "account": account.pk}, access=access)
        compare(access)
        with operation("test", access=access) as signed:
            Deal.objects.update(owner=scene.members["bob"], expected_close=access.today())
        compare(access)
        undo(signed.id, access=access)
        compare(access)
        with operation("test", access=access):
            ExchangeRate.objects.create(currency="USD", on=access.today(), rate=D(4))
    jobs.nightly(0)
    with workspace(scene.workspace.pk):
        assert kept.whole(access).by_owner.filter(outcome="open").exists()
        compare(access)
        undo(Operation.objects.filter(verb="deals.create").latest("at").pk, access=access)
        compare(access)
        assert queries.open_totals(kept.whole(access).by_day, access.today()).count == 2


def test_what_is_not_committed_yet_is_counted_when_it_is(lasting_scene: Scene) -> None:
    """The sums are built, and folded, while somebody else is in the middle of a change."""
    scene, access = lasting_scene, lasting_scene.access()
    with workspace(scene.workspace.pk), operation("test", access=access):
        ship_lists()
        account = Account.objects.create(name="Globex")
        deals = [changes.create(registry.get("deals"), {"name": f"D{n}", "amount": D(100), "account": account.pk}, access=access) for n in range(2)]
    for first in (True, False):
        with psycopg.connect(**connection.get_connection_params()) as other:
            other.execute(f"SET LOCAL app.workspace_id = '{scene.workspace.pk}'; SET LOCAL app.operation_id = '{scene.workspace.pk}'")
            other.execute("UPDATE sales_deal SET amount = amount + 11 WHERE id = %s", [deals[0].pk])
            with workspace(scene.workspace.pk), operation("test", access=access):
                Deal.objects.filter(pk=deals[1].pk).update(amount=D(7 if first else 8))
            with workspace(scene.workspace.pk):
                assert kept.keep(1)
                compare(access)
            other.commit()
        with workspace(scene.workspace.pk):
            compare(access)
            assert queries.open_totals(kept.whole(access).by_day, access.today()).base == D(118 if first else 130)


def test_what_time_brings_is_known_at_the_instant(scene: Scene, access: Access, make_deal: MakeDeal) -> None:
    """A deal rots when its days are over, not when a day is; an activity is overdue when the day of whoever asks is over; a setting counts at once, and what is archived not at all."""
    noon = datetime.datetime(2026, 3, 10, 12, 30, tzinfo=datetime.UTC)
    new = Stage.objects.get(name="New", pipeline__is_default=True)
    Stage.objects.filter(pk=new.pk).update(expected_days=14)
    deals = [make_deal(100) for _n in range(4)]
    Deal.objects.filter(pk=deals[3].pk).update(archived_at=noon)
    Deal.objects.update(stage_since=noon, next_activity_at=noon + 8 * HOUR)
    kept.keep()

    def asked(moment: datetime.datetime, zone: str = "UTC") -> tuple[int, int, int, int]:
        with time_machine.travel(moment, tick=False):
            there = replace(access, preferences={"time_zone": zone})
            totals = pipeline_totals(kept.whole(there), open_stages(), access=there)[new.pk]
        return totals.rotting, totals.next_overdue, totals.next_today, totals.next_planned

    assert asked(noon) == (0, 0, 3, 0)
    assert asked(noon + 12 * HOUR) == (0, 3, 0, 0)
    assert asked(noon + 12 * HOUR, "America/Los_Angeles") == (0, 0, 3, 0)
    assert asked(noon, "Pacific/Kiritimati") == (0, 0, 3, 0)
    assert asked(noon - 6 * HOUR, "Pacific/Kiritimati") == (0, 0, 0, 3)
    Deal.objects.update(next_activity_at=noon + 15 * HOUR)
    assert (asked(noon), asked(noon, "America/Los_Angeles")) == ((0, 0, 0, 3), (0, 0, 3, 0))
    assert asked(noon + 19 * HOUR, "America/Los_Angeles") == (0, 3, 0, 0)
    for came in (noon, noon - 9 * HOUR):
        for n, deal in enumerate(deals):
            Deal.objects.filter(pk=deal.pk).update(stage_since=came + n % 3 * HOUR)
        assert [asked(came + 14 * DAY + n * HOUR)[0] for n in range(4)] == [0, 1, 2, 3]
        assert asked(came + 14 * DAY + INSTANT)[0] == 1
        Stage.objects.filter(pk=new.pk).update(expected_days=13)
        assert asked(came + 13 * DAY + HOUR + INSTANT)[0] == 2
        Stage.objects.filter(pk=new.pk).update(expected_days=14)
    Stage.objects.filter(pk=new.pk).update(expected_days=None)
    assert asked(noon + 300 * DAY)[0] == 0


def test_imports_tasks_merges_and_their_undo_are_counted(scene: Scene) -> None:
    """Doors that write many rows by SQL of their own."""
    heads = {"Id": "external_id", "Deal": "name", "Account": {"field": "account", "relation": {"create": True}}, "Stage": "stage"}
    rows = [(f"D{n}", f"Deal {n}", ("Globex", "Globex Ltd")[n % 2], ("New", "Qualified", "Won")[n % 3]) for n in range(7)]
    with inside(scene) as view:
        kept.keep(1)
        made = imported(view, "deals", table(tuple(heads), *rows), {"columns": heads})
        assert Deal.objects.filter(outcome="open").count() == 5
        compare(view.access)
        service.undo(made, view)
        assert not Deal.objects.exists()
        compare(view.access)
        imported(view, "deals", table(tuple(heads), *rows), {"columns": heads})
        with operation("test", access=view.access):
            deals = list(Deal.objects.order_by("name"))
            tasks = [create_task(access=view.access, subject="Call", due=view.access.today() + n * DAY, about=Ref.of(deal)) for n, deal in enumerate(deals, -2)]
        assert Deal.objects.filter(next_activity_at=None).count() == 0
        compare(view.access)
        with operation("test", access=view.access):
            tasks[0].delete()
            tasks[1].archived_at = timezone.now()
            tasks[1].save()
        one, other = Account.objects.order_by("name")
        compare(view.access)
        item = merge(scene, "accounts", one, other)
        compare(view.access)
        unmerge(scene, item)
        compare(view.access)


def test_sums_of_an_older_layout_are_not_read_and_are_counted_anew(lasting_scene: Scene) -> None:
    """As they are between an update and the first run of the job."""
    scene, access = lasting_scene, lasting_scene.access()
    with workspace(scene.workspace.pk), operation("test", access=access):
        ship_lists()
        changes.create(registry.get("deals"), {"name": "D", "account": Account.objects.create(name="Globex").pk}, access=access)
    with workspace(scene.workspace.pk):
        assert kept.keep()
    mine = f"workspace_id = '{scene.workspace.pk}'"
    as_owner(f"UPDATE sales_dealsum SET deals = 0 WHERE {mine} AND cut = 'built'", f"DELETE FROM sales_dealsum WHERE {mine} AND cut IN ('since', 'next')")
    with workspace(scene.workspace.pk):
        assert not kept.whole(access).kept
        assert kept.keep()
        compare(access)


def test_only_who_sees_every_deal_is_answered_from_sums(scene: Scene, access: Access, make_deal: MakeDeal) -> None:
    make_deal(100, owner=scene.members["alice"])
    make_deal(50, owner=scene.members["charlie"])
    assert kept.whole(access).by_day.model is Deal, "nothing is kept before it was counted once"
    kept.keep()
    assert kept.whole(access).by_day.model is DealSum
    mine = kept.whole(scene.access("alice"))
    assert mine.by_day.model is Deal and mine.by_owner.model is Deal
    assert queries.open_totals(mine.by_day, access.today()).base == D(100)


@pytest.mark.parametrize("page", ["?by=agent", "?by=product", "?by=quarter", "deals/board/", "deals/board/?sort=-base_amount"])
def test_pages_say_the_same_from_sums_with_as_many_queries(scene: Scene, access: Access, make_deal: MakeDeal, price: LostReason, page: str) -> None:
    for n in range(4):
        deal = make_deal(100 + n, 50, owner=scene.members[("alice", "charlie")[n % 2]], expected_close=access.today() + (n * 40 - 60) * DAY)
        Deal.objects.filter(pk=deal.pk).update(stage_since=timezone.now() - n * 10 * DAY, next_activity_at=(None, timezone.now() + (n - 2) * DAY)[n % 2])
    win_deal(make_deal(40, owner=scene.members["alice"]), access=access)
    lose_deal(make_deal(30), access=access, reason=price)
    browser, address = client(scene), f"/w/{scene.workspace.slug}/{page}"
    pages, numbers = [], []
    for _n in range(2):
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            pages.append(re.sub(r'"\w{64}"', "", browser.get(address).content.decode()))
        numbers.append(len(captured))
        kept.keep()
    assert pages[0] == pages[1] and ("Won this quarter" in pages[0] or "2 rotting" in pages[0])
    assert numbers[0] == numbers[1]


def test_a_board_that_is_narrowed_counts_its_rows(scene: Scene, access: Access, make_deal: MakeDeal) -> None:
    make_deal(100, name="Fleet")
    make_deal(10, name="Walnut")
    Deal.objects.filter(pk=make_deal(1, name="Gone").pk).update(archived_at=timezone.now())
    kept.keep()
    browser, board = client(scene), f"/w/{scene.workspace.slug}/deals/board/"
    said = {query: browser.get(f"{board}?{query}").content.decode() for query in ("", "q=walnut", "archived=1", 'f={"and":[["base_amount","gte",50]]}')}
    assert [re.search(r"open in (\d)", page).group(1) for page in said.values()] == ["2", "1", "3", "1"]  # type: ignore[union-attr]
