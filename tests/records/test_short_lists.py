"""Narrowed lists are tried as short ones (`records.keyset_few`) unless a sample says that they are long (`records.keyset_many`); whichever way is gone, people see the same pages."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F

from patron.customers.models import Account
from patron.kernel.db.functions import Fold
from patron.kernel.formats import Formats
from patron.records import registry, sampling, sized
from patron.records.kinds import View
from patron.records.listing import Lister, ListState
from patron.testing import Scene, make_workspace, open_workspace
from tests.database import as_owner
from tests.records.test_own_fields import account, make_field, view_for

CITIES = ("Ulm", "", "Bonn", "Ulm", "Aachen", "", "Zwolle")
SORTS = ("name", "-name", "city", "-city", "annual_revenue", "-annual_revenue", "-created_at", "x_score", "-x_score", "owner", "industry")
#: FEW, FEWER, and of how many rows that begin with the text a sample sees one, of how many others.
WAYS = {"short": (5000, 500, 0, 0), "long": (7, 3, 0, 0), "expected to be long": (0, 500, 0, 0), "a sample saw that it is long": (0, 500, 1, 1), "most begin so": (0, 500, 1, 0)}
WALNUTS = {op: {"and": [["name", op, text]]} for op, text in (("contains", "walnut"), ("lacks", "oak"))}  # what PostgreSQL is not asked about, and what it is


def way_is(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    few, fewer, begun, others = WAYS[way]

    def sample(queryset: Any, expression: Any) -> sampling.Sample:
        values = queryset.annotate(_sort=expression).values_list("_sort", flat=True) if begun else []
        return sampling.Sample(tuple(v for v in values if others or str(v).startswith("walnut")), pages=99 * begun, looked_at=1_000)

    monkeypatch.setattr(sized, "FEW", few)
    monkeypatch.setattr(sized, "FEWER", fewer)
    monkeypatch.setattr(sampling, "of", sample)


@pytest.fixture
def filled(scene: Scene) -> Any:
    with open_workspace(scene) as access:
        make_field(access, "score", "number")
        for n in range(23):
            more = {"annual_revenue": (n * 7) % 5 * 1000 or None, "x_score": (n * 3) % 4 or None}
            account(access, f"{'Walnut' if n % 3 else 'Old walnut'} {n % 9} works", city=CITIES[n % len(CITIES)], **more)
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
    for way in WAYS:
        way_is(monkeypatch, way)
        forth, back, counts = pages(state, filled)
        assert back == forth, way
        assert [len(page) for page in forth] == [5, 5, 5, 5, 3], way
        assert len({pk for page in forth for pk in page}) == 23, way
        assert way != "short" or counts == {(23, True)}
        assert way != "long" or not any(exact for _count, exact in counts)
        found[way] = forth
    assert all(pages == found["short"] for pages in found.values())


def test_rows_without_a_value_come_last_either_way(filled: View) -> None:
    for sort in ("annual_revenue", "-annual_revenue"):
        forth, _back, _counts = pages(ListState(filter=WALNUTS["contains"], sort=sort), filled)
        model = registry.get("accounts").model
        amounts = [model.objects.get(pk=pk).annual_revenue for page in forth for pk in page]
        known = [amount for amount in amounts if amount is not None]
        assert known == sorted(known, reverse=sort[0] == "-")
        assert amounts == known + [None] * (len(amounts) - len(known))


def test_many_rows_are_counted_as_more_than_few(filled: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sized, "FEW", 10)
    state = ListState(filter=WALNUTS["contains"], sort="name")
    shown = Lister(registry.get("accounts"), filled, state).page(5)
    assert not shown.exact
    shown.count = 10
    assert shown.counted(Formats("en", ZoneInfo("UTC"))) == "more than 10"


def test_a_filter_that_nothing_meets_is_an_empty_page(filled: View) -> None:
    state = ListState(filter=json.loads('{"and": [["name", "contains", "zzzz"]]}'))
    shown = Lister(registry.get("accounts"), filled, state).page(5)
    assert (shown.rows, shown.count, shown.exact, shown.after, shown.before) == ([], 0, True, "", "")


def test_a_sample_of_a_large_table_knows_what_is_common_in_the_open_workspace(lasting_scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_workspace(password=None)
    for scene, name in ((lasting_scene, "Walnut"), (other, "Silver")):
        with open_workspace(scene):
            Account.objects.bulk_create(Account(name=f"{name} {n} works", description="long " * 40) for n in range(1200))
    monkeypatch.setattr(sampling, "LARGE", 10)
    monkeypatch.setattr(sampling, "PAGES", 80)
    as_owner("ANALYZE customers_account", *sampling._sampled(Account))
    try:
        with open_workspace(lasting_scene):
            common, unknown = (sampling.of(Account.objects.filter(name__startswith=name), Fold(F("name"))) for name in ("Walnut", "Silver"))
    finally:
        monkeypatch.undo()
        as_owner(*sampling._sampled(Account))
    assert all(value.startswith("walnut") for value in common.values)
    assert 600 < common.rows < 2400
    assert common.beyond(20)
    assert not common.beyond(5000)
    assert unknown == sampling.Sample()
    with open_workspace(lasting_scene):
        assert sampling.of(Account.objects.all(), Fold(F("name"))) == sampling.Sample()  # not large any more
