"""Narrowed lists are tried as short ones first (`records.keyset_few`); whichever way PostgreSQL goes, people see the same pages and counts."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from patron.kernel.formats import Formats
from patron.records import listing, registry
from patron.records.kinds import View
from patron.records.listing import Lister, ListState
from patron.testing import Scene, open_workspace
from tests.records.test_own_fields import account, make_field, view_for

CITIES = ("Ulm", "", "Bonn", "Ulm", "Aachen", "", "Zwolle")
SORTS = ("name", "-name", "city", "-city", "annual_revenue", "-annual_revenue", "-created_at", "x_score", "-x_score", "owner", "industry")
WAYS = {"short": (5000, 500), "long": (7, 3), "expected to be long": (0, 500)}  # FEW, FEWER
WALNUTS = {op: {"and": [["name", op, "walnut"]]} for op in ("contains", "starts")}  # what PostgreSQL is not asked about, and what it is


@pytest.fixture
def filled(scene: Scene) -> Any:
    with open_workspace(scene) as access:
        make_field(access, "score", "number")
        for n in range(23):
            more = {"annual_revenue": (n * 7) % 5 * 1000 or None, "x_score": (n * 3) % 4 or None}
            account(access, f"Walnut {n % 9} works", city=CITIES[n % len(CITIES)], **more)
        account(access, "Oak", city="Ulm")
        yield view_for(access)


def pages(state: ListState, view: View, *, size: int = 5) -> tuple[list[list[str]], list[list[str]], set[tuple[int, bool]]]:
    """The pages walked forwards, the same walked back from the last, and the counts that they showed."""
    record_type, forth, back, counts = registry.get("accounts"), list[list[str]](), list[list[str]](), set[tuple[int, bool]]()
    shown = Lister(record_type, view, state).page(size)
    while True:
        forth.append([str(row.id) for row in shown.rows])
        counts.add((shown.count, shown.exact))
        if not shown.after:
            break
        shown = Lister(record_type, view, ListState.read({"after": shown.after}, state)).page(size)
    while True:
        back.append([str(row.id) for row in shown.rows])
        if not shown.before:
            break
        shown = Lister(record_type, view, ListState.read({"before": shown.before}, state)).page(size)
    return forth, back[::-1], counts


@pytest.mark.parametrize("op", WALNUTS)
@pytest.mark.parametrize("sort", SORTS)
def test_every_way_shows_the_same_pages(filled: View, sort: str, op: str, monkeypatch: pytest.MonkeyPatch) -> None:
    state = ListState(filter=WALNUTS[op], sort=sort)
    found = {}
    for way, (few, fewer) in WAYS.items():
        monkeypatch.setattr(listing, "FEW", few)
        monkeypatch.setattr(listing, "FEWER", fewer)
        forth, back, counts = pages(state, filled)
        assert back == forth, way
        assert [len(page) for page in forth] == [5, 5, 5, 5, 3], way
        assert len({pk for page in forth for pk in page}) == 23, way
        assert way != "short" or counts == {(23, True)}
        assert way != "long" or not any(exact for _count, exact in counts)
        found[way] = forth
    assert found["long"] == found["short"] == found["expected to be long"]


def test_rows_without_a_value_come_last_either_way(filled: View) -> None:
    for sort in ("annual_revenue", "-annual_revenue"):
        forth, _back, _counts = pages(ListState(filter=WALNUTS["contains"], sort=sort), filled)
        model = registry.get("accounts").model
        amounts = [model.objects.get(pk=pk).annual_revenue for page in forth for pk in page]
        known = [amount for amount in amounts if amount is not None]
        assert known == sorted(known, reverse=sort[0] == "-")
        assert amounts == known + [None] * (len(amounts) - len(known))


def test_many_rows_are_counted_as_more_than_few(filled: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "FEW", 10)
    state = ListState(filter=WALNUTS["contains"], sort="name")
    shown = Lister(registry.get("accounts"), filled, state).page(5)
    assert not shown.exact
    shown.count = 10
    assert shown.counted(Formats("en", ZoneInfo("UTC"))) == "more than 10"


def test_a_filter_that_nothing_meets_is_an_empty_page(filled: View) -> None:
    state = ListState(filter=json.loads('{"and": [["name", "contains", "zzzz"]]}'))
    shown = Lister(registry.get("accounts"), filled, state).page(5)
    assert (shown.rows, shown.count, shown.exact, shown.after, shown.before) == ([], 0, True, "", "")
