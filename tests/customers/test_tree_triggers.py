"""The closure of the account tree follows every write, and no write makes a cycle (D3)."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.db.models import Case, UUIDField, Value, When
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patron.customers.database import CYCLE
from patron.customers.models import Account
from patron.testing import Scene, make_workspace, open_workspace
from tests.customers.conftest import Make, closure, walked


def chain_of(make: Make, *names: str) -> list[Account]:
    """Accounts, each below the one before it."""
    made: list[Account] = []
    for name in names:
        made.append(make(name, parent=made[-1] if made else None))
    return made


def test_tree_knows_each_account_above(make: Make) -> None:
    top, middle, leaf = chain_of(make, "Top", "Middle", "Leaf")
    assert closure() == {
        (top.pk, top.pk, 0), (middle.pk, middle.pk, 0), (leaf.pk, leaf.pk, 0),
        (top.pk, middle.pk, 1), (middle.pk, leaf.pk, 1), (top.pk, leaf.pk, 2),
    }  # fmt: skip


def test_tree_follows_a_move_with_all_branches(make: Make) -> None:
    one, *_rest = chain_of(make, "A", "B", "C")
    other = make("Other")
    Account.objects.filter(pk=one.pk).update(parent=other)
    assert closure() == walked()
    Account.objects.filter(pk=one.pk).update(parent=None)
    assert closure() == walked()


def test_tree_follows_a_delete(make: Make) -> None:
    *_top, leaf = chain_of(make, "A", "B", "C")
    leaf.delete()
    assert closure() == walked()


@pytest.mark.parametrize("at", [0, 1, 2])
def test_tree_refuses_a_cycle(make: Make, at: int) -> None:
    accounts = chain_of(make, "A", "B", "C")
    before = closure()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Account.objects.filter(pk=accounts[0].pk).update(parent=accounts[at])
    assert caught.value.__cause__.diag.constraint_name in (CYCLE, "account_not_own_parent")  # type: ignore[union-attr]
    assert closure() == before


def test_tree_refuses_a_cycle_by_plain_sql(make: Make) -> None:
    top, leaf = chain_of(make, "A", "B")
    with pytest.raises(IntegrityError, match="below itself"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE customers_account SET parent_id = %s WHERE id = %s", [leaf.pk, top.pk])


def test_tree_refuses_a_cycle_made_by_one_statement(make: Make) -> None:
    one, two, three = make("A"), make("B"), make("C")
    wanted = Case(When(pk=one.pk, then=Value(two.pk)), When(pk=two.pk, then=Value(one.pk)), When(pk=three.pk, then=Value(one.pk)))
    with pytest.raises(IntegrityError, match="below itself"), transaction.atomic():
        Account.objects.filter(pk__in=[one.pk, two.pk, three.pk]).update(parent_id=wanted)


def test_tree_takes_a_swap_in_one_statement(make: Make) -> None:
    top, below, leaf = chain_of(make, "A", "B", "C")
    wanted = Case(When(pk=top.pk, then=Value(below.pk)), default=Value(None))
    Account.objects.filter(pk__in=[top.pk, below.pk]).update(parent_id=wanted)
    assert closure() == walked()
    assert (below.pk, leaf.pk, 1) in closure()


def test_tree_takes_children_before_their_parents(make: Make) -> None:
    ids = [uuid.uuid4() for _ in range(4)]
    rows = [Account(pk=ids[i], name=str(i), parent_id=ids[i - 1] if i else None) for i in range(4)]
    Account.objects.bulk_create(rows[::-1])
    assert closure() == walked()


def test_tree_takes_parents_that_come_later_under_deferred_constraints(make: Make) -> None:
    ids = [uuid.uuid4() for _ in range(4)]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for i in (3, 1, 2, 0):
        Account.objects.create(pk=ids[i], name=str(i), parent_id=ids[i - 1] if i else None)
    assert closure() == walked()


def test_tree_is_not_written_by_the_application(make: Make) -> None:
    make("A")
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM customers_account_tree")


_SIZE = 7
_MOVES = st.lists(
    st.dictionaries(st.integers(0, _SIZE - 1), st.one_of(st.none(), st.integers(0, _SIZE - 1)), min_size=1, max_size=4), min_size=1, max_size=12
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=_MOVES)
def test_tree_equals_the_walk_after_any_moves(make: Make, moves: list[dict[int, int | None]]) -> None:
    """Each step moves up to four accounts in one statement; it is refused exactly when the result would have a cycle."""
    ids = [make(f"N{i}").pk for i in range(_SIZE)]
    for step in moves:
        wanted = dict(Account.objects.filter(pk__in=ids).values_list("pk", "parent_id"))
        wanted |= {ids[node]: None if above is None else ids[above] for node, above in step.items()}
        try:
            with transaction.atomic():
                whens = [When(pk=ids[node], then=Value(wanted[ids[node]])) for node in step]
                Account.objects.filter(pk__in=[ids[node] for node in step]).update(parent_id=Case(*whens, output_field=UUIDField()))
            refused = False
        except IntegrityError:
            refused = True
        assert refused == has_cycle(wanted)
        assert closure() == walked()
    Account.objects.filter(pk__in=ids).update(parent=None)
    Account.objects.filter(pk__in=ids).delete()


def has_cycle(parents: dict[Any, Any]) -> bool:
    """Whether walking up from some node never ends."""
    for start in parents:
        seen, at = set(), start
        while at is not None and at not in seen:
            seen.add(at)
            at = parents[at]
        if at is not None:
            return True
    return False


def concurrently(scene: Scene, *moves: tuple[uuid.UUID, uuid.UUID]) -> list[str]:
    """Do each move in a thread and transaction of its own, all writes begun before any commit is possible; "" or the refusal's words."""
    answers = [""] * len(moves)
    together = threading.Barrier(len(moves))

    def move(place: int, node: uuid.UUID, above: uuid.UUID) -> None:
        try:
            with open_workspace(scene):
                together.wait(10)
                Account.objects.filter(pk=node).update(parent_id=above)
        except IntegrityError as error:
            answers[place] = str(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=move, args=(i, *pair)) for i, pair in enumerate(moves)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    return answers


@pytest.mark.parametrize("round_", range(5))
def test_two_moves_under_each_other_leave_one(lasting_scene: Scene, round_: int) -> None:
    with open_workspace(lasting_scene):
        one, two = Account.objects.create(name="One"), Account.objects.create(name="Two")
    answers = concurrently(lasting_scene, (one.pk, two.pk), (two.pk, one.pk))
    assert sorted(bool(a) for a in answers) == [False, True]
    assert "below itself" in "".join(answers)
    with open_workspace(lasting_scene):
        assert closure() == walked()


@pytest.mark.parametrize("round_", range(5))
def test_a_ring_of_moves_leaves_one_out(lasting_scene: Scene, round_: int) -> None:
    with open_workspace(lasting_scene):
        tops = [Account.objects.create(name=f"Top {i}") for i in range(4)]
        leaves = [Account.objects.create(name=f"Leaf {i}", parent=tops[i]) for i in range(4)]
    answers = concurrently(lasting_scene, *((tops[i].pk, leaves[(i + 1) % 4].pk) for i in range(4)))
    assert sum(bool(a) for a in answers) == 1
    with open_workspace(lasting_scene):
        assert closure() == walked()


@pytest.mark.parametrize("round_", range(5))
def test_a_leaf_added_while_its_tree_moves_is_in_the_closure(lasting_scene: Scene, round_: int) -> None:
    with open_workspace(lasting_scene):
        group, top = Account.objects.create(name="Group"), Account.objects.create(name="Top")
        middle = Account.objects.create(name="Middle", parent=top)
    together = threading.Barrier(2)

    def add() -> None:
        try:
            with open_workspace(lasting_scene):
                together.wait(10)
                Account.objects.create(name="Leaf", parent=middle)
        finally:
            connections.close_all()

    thread = threading.Thread(target=add)
    thread.start()
    with open_workspace(lasting_scene):
        together.wait(10)
        Account.objects.filter(pk=top.pk).update(parent=group)
    thread.join(30)
    with open_workspace(lasting_scene):
        assert closure() == walked()


def test_a_move_under_an_old_snapshot_is_refused(lasting_scene: Scene) -> None:
    """Under REPEATABLE READ the trigger could not see what others moved meanwhile."""
    with open_workspace(lasting_scene):
        one, two = Account.objects.create(name="One"), Account.objects.create(name="Two")
    with pytest.raises(DatabaseError, match="not moved under REPEATABLE READ"), transaction.atomic(), connection.cursor() as cursor:  # noqa: PT012
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with open_workspace(lasting_scene):
            Account.objects.filter(pk=one.pk).update(parent=two)


def test_trees_of_two_workspaces_do_not_meet(db: None) -> None:
    here, there = make_workspace(), make_workspace()
    with open_workspace(here):
        mine = Account.objects.create(name="Mine")
    with open_workspace(there), pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(name="Thief", parent_id=mine.pk)
