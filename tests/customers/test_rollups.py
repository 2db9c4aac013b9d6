"""Figures of trees: each fact once, rights before sums, "partial" where something is hidden (D3)."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

import pytest

from patron.customers.domain import rollups
from patron.customers.domain.rollups import Total, own_and_branches, register_figure, totals
from patron.customers.domain.trees import LEVELS, below, groups, path
from patron.customers.models import Account
from patron.identity.access import Access
from patron.testing import Scene
from tests.customers.conftest import Make


@pytest.fixture(autouse=True)
def figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """The revenue that accounts state themselves stands for deals, which customers does not know."""
    monkeypatch.setattr(rollups, "_figures", {})
    register_figure("revenue", "Revenue", type_key="accounts", facts=Account.objects.all, amount="annual_revenue", account="id")


@pytest.fixture
def group(make: Make) -> dict[str, Account]:
    """top 100 > (left 10 > leaf 1, right 20); alone 7; empty without revenue."""
    top = make("Top", annual_revenue=100)
    left = make("Left", parent=top, annual_revenue=10)
    return {
        "top": top, "left": left, "leaf": make("Leaf", parent=left, annual_revenue=1), "right": make("Right", parent=top, annual_revenue=20),
        "alone": make("Alone", annual_revenue=7), "empty": make("Empty"),
    }  # fmt: skip


def narrowed(scene: Scene, access: Access, scope: str = "own", who: str = "alice") -> Access:
    """Somebody who sees only own accounts."""
    return dataclasses.replace(scene.access(who), matrix={"*": {"view": "all"}, "accounts": {"view": scope}})


def total(own: int, branches: int, partial: bool = False) -> dict[str, Total]:
    return {"revenue": Total(Decimal(own), Decimal(branches), partial)}


def test_totals_are_own_and_with_branches(group: dict[str, Account], access: Access) -> None:
    found = totals([a.pk for a in group.values()], access)
    expected = {"top": total(100, 131), "left": total(10, 11), "leaf": total(1, 1), "right": total(20, 20), "alone": total(7, 7), "empty": total(0, 0)}
    assert found == {group[name].pk: value for name, value in expected.items()}


def test_totals_take_one_statement(group: dict[str, Account], access: Access, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        totals([a.pk for a in group.values()], access)
    with django_assert_num_queries(0):
        assert totals([], access) == {}


def test_hidden_facts_are_not_summed_and_it_says_partial(group: dict[str, Account], access: Access, scene: Scene) -> None:
    mine = ("top", "leaf", "alone")
    Account.objects.filter(pk__in=[group[n].pk for n in mine]).update(owner=scene.members["alice"])
    found = totals([group[n].pk for n in mine], narrowed(scene, access))
    assert found == {group["top"].pk: total(100, 101, True), group["leaf"].pk: total(1, 1), group["alone"].pk: total(7, 7)}


def test_who_may_not_view_the_facts_sees_no_figure(group: dict[str, Account], access: Access, scene: Scene) -> None:
    blind = dataclasses.replace(scene.access("alice"), matrix={"*": {"view": "all"}, "accounts": {}})
    assert totals([group["top"].pk], blind) == {}
    hidden = dataclasses.replace(scene.access("alice"), field_rules={"accounts": {"annual_revenue": "hidden"}})
    assert totals([group["top"].pk], hidden) == {}


def test_own_and_branches_selects_the_tree(group: dict[str, Account], access: Access) -> None:
    names = set(Account.objects.filter(pk__in=own_and_branches(group["left"].pk)).values_list("name", flat=True))
    assert names == {"Left", "Leaf"}


def shape(nodes: list[Any]) -> Any:
    return [(n.name, n.branches, shape(n.children)) for n in nodes]


def test_groups_are_accounts_with_branches(group: dict[str, Account], access: Access) -> None:
    page = groups(access)
    assert shape(page.roots) == [("Top", 3, [("Left", 1, [("Leaf", 0, [])]), ("Right", 0, [])])]
    assert page.after is None and not page.cut
    assert page.roots[0].totals == total(100, 131)


def test_archived_branches_are_left_out(group: dict[str, Account], access: Access) -> None:
    Account.objects.filter(pk=group["leaf"].pk).update(archived_at="2026-01-01T00:00Z")
    assert shape(groups(access).roots) == [("Top", 2, [("Left", 0, []), ("Right", 0, [])])]


def test_a_branch_is_a_top_for_who_does_not_see_above_it(group: dict[str, Account], access: Access, scene: Scene) -> None:
    Account.objects.filter(pk__in=[group["left"].pk, group["leaf"].pk]).update(owner=scene.members["alice"])
    eyes = narrowed(scene, access)
    assert shape(groups(eyes).roots) == [("Left", 1, [("Leaf", 0, [])])]
    assert path(group["leaf"], eyes) == [("Left", group["left"].pk)]
    assert path(group["leaf"], access) == [("Top", group["top"].pk), ("Left", group["left"].pk)]


def test_deep_trees_go_on_on_a_page_of_their_own(make: Make, access: Access) -> None:
    chain = [make("L0")]
    for i in range(1, 6):
        chain.append(make(f"L{i}", parent=chain[-1]))
    node = groups(access).roots[0]
    for _level in range(LEVELS):
        assert not node.deeper
        node = node.children[0]
    assert node.deeper and node.branches == 5 - LEVELS
    assert shape(below(chain[4], access).roots) == [("L4", 1, [("L5", 0, [])])]


def test_pages_go_on_where_the_last_one_ended(make: Make, access: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("patron.customers.domain.trees.ROOTS", 2)
    for name in ("Ä", "b", "B", "c", "D"):
        make("x", parent=make(name))
    seen, after = [], None
    for _page in range(3):
        page = groups(access, after)
        seen += [root.name for root in page.roots]
        after = page.after
    assert after is None
    assert sorted(seen) == sorted(["Ä", "b", "B", "c", "D"])
    assert [name.lower() for name in seen] == ["ä", "b", "b", "c", "d"]


def test_a_page_of_trees_takes_a_constant_number_of_queries(make: Make, access: Access, django_assert_num_queries: Any) -> None:
    for i in range(12):
        top = make(f"Top {i}")
        make("A", parent=top)
        make("B", parent=make("C", parent=top))
    with django_assert_num_queries(4):
        assert len(groups(access).roots) == 12
