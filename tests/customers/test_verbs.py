"""Verbs of accounts through the door that every caller uses, alone and at a time."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from patron.customers.domain.start import CONNECTION_TYPES, ship_lists
from patron.customers.domain.team import production_team
from patron.customers.models import Account, AccountBackup, AccountTree, Connection, ConnectionType, Contact
from patron.identity.access import Access
from patron.identity.models import Team
from patron.kernel.tenancy import workspace as open_tenant
from patron.ledger.undo import undo
from patron.records import changes, perform, registry
from patron.records.verbs import Refused
from patron.testing import Scene, open_workspace
from tests.customers.conftest import Make, closure, walked

ACCOUNTS = "accounts"


def do(verb: str, record: Any, access: Access, **inputs: Any) -> perform.Done:
    record_type = registry.of_model(type(record))
    return perform.perform(registry.verb(record_type.key, verb), record_type, record, access=access, inputs=inputs)


def test_move_takes_the_branches_along(make: Make, access: Access) -> None:
    top, branch, other = make("Top"), make("Branch"), make("Other")
    leaf = make("Leaf", parent=branch)
    do("move", branch, access, parent=top)
    assert AccountTree.objects.filter(ancestor=top, descendant=leaf, depth=2).exists()
    do("move", branch, access, parent=other)
    do("move", branch, access)
    assert closure() == walked()


def test_move_below_itself_is_refused_in_words(make: Make, access: Access) -> None:
    top = make("Top")
    leaf = make("Leaf", parent=make("Branch", parent=top))
    with pytest.raises(Refused, match="“Leaf” lies below this account"):
        do("move", top, access, parent=leaf)
    with pytest.raises(Refused, match="its own parent"):
        do("move", top, access, parent=top)
    with pytest.raises(changes.NotValid) as caught:
        changes.edit(registry.get(ACCOUNTS), top, {"parent": leaf.pk}, access=access)
    assert "lies below this account" in caught.value.errors["parent"]


def test_undo_of_a_move_moves_the_tree_back(scene: Scene) -> None:
    with open_workspace(scene):
        top, other = Account.objects.create(name="Top"), Account.objects.create(name="Other")
        branch = Account.objects.create(name="Branch", parent=top)
        Account.objects.create(name="Leaf", parent=branch)
        before = closure()
    access = scene.access()
    with open_tenant(scene.workspace.pk):
        done = do("move", Account.objects.get(pk=branch.pk), access, parent=other)
        assert closure() != before
        undo(done.operation_id, access=access)
        assert closure() == before == walked()


def at_a_time(scene: Scene, *acts: Callable[[Access], Any]) -> list[str]:
    """Do each in a thread and transaction of its own; "" or the words of the refusal. Anything else fails the test."""
    answers, begun = ["no answer"] * len(acts), threading.Barrier(len(acts))

    def run(place: int, act: Callable[[Access], Any]) -> None:
        try:
            with open_workspace(scene) as access:
                begun.wait(10)
                act(access)
            answers[place] = ""
        except (Refused, changes.NotValid) as refusal:
            answers[place] = str(refusal)
        except Exception as error:  # noqa: BLE001 - a thread's failure is the test's
            answers[place] = f"CRASH {error!r}"
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)
    return answers


@pytest.mark.parametrize("door", ["verb", "form"])
@pytest.mark.parametrize("_round", range(4))
def test_two_people_moving_two_accounts_under_each_other(lasting_scene: Scene, door: str, _round: int) -> None:
    with open_workspace(lasting_scene):
        one, two = Account.objects.create(name="One"), Account.objects.create(name="Two")

    def move(account: Account, parent: Account) -> Callable[[Access], Any]:
        if door == "verb":
            return lambda access: do("move", account, access, parent=parent)
        return lambda access: changes.edit(registry.get(ACCOUNTS), account, {"parent": parent.pk}, access=access)

    answers = at_a_time(lasting_scene, move(one, two), move(two, one))
    assert not [a for a in answers if a.startswith(("CRASH", "no answer"))], answers
    assert sorted(map(bool, answers)) == [False, True], answers
    with open_workspace(lasting_scene):
        assert closure() == walked()
        assert Account.objects.filter(parent=None).count() == 1


def test_blacklisting_needs_a_reason(make: Make, access: Access) -> None:
    account = make("Globex")
    do("blacklist", account, access, reason="Does not pay")
    account.refresh_from_db()
    assert (account.blacklisted, account.blacklist_reason) == (True, "Does not pay")
    assert registry.get(ACCOUNTS).badge(account) == ("Blacklisted", "bad")
    with pytest.raises(Refused, match="blacklisted already"):
        do("blacklist", account, access, reason="Again")
    do("unblacklist", account, access)
    with pytest.raises(Refused, match="not blacklisted"):
        do("unblacklist", account, access)
    with pytest.raises(IntegrityError, match="account_blacklist_reason"), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(blacklisted=True)


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"credit_limit_override": 5}, {"credit_limit_reason", "credit_limit_until"}), ({"credit_limit_reason": "x"}, {"credit_limit_override", "credit_limit_until"}),
        ({"terms_days": 366}, {"terms_days"}), ({"price_adjuster": -100}, {"price_adjuster"}),
        ({"credit_limit_override": -1, "credit_limit_reason": "x", "credit_limit_until": "2030-01-01"}, {"credit_limit_override"}),
    ],
)  # fmt: skip
def test_terms_that_do_not_fit_are_refused_by_python_and_by_the_database(access: Access, values: dict[str, Any], wrong: set[str]) -> None:
    with pytest.raises(changes.NotValid) as caught:
        changes.create(registry.get(ACCOUNTS), {"name": "Globex", **values}, access=access)
    assert set(caught.value.errors) == wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(name="Globex", **values)


def test_backups_are_asked_in_order(make: Make, access: Access, scene: Scene) -> None:
    account, people = make("Globex", project_manager=scene.members["erin"]), scene.members

    def order() -> list[str]:
        return list(AccountBackup.objects.filter(account=account).order_by("position").values_list("member__name", flat=True))

    for name in ("alice", "bob"):
        do("add_backup", account, access, member=people[name])
    do("add_backup", account, access, member=people["charlie"], first=True)
    assert order() == ["Charlie", "Alice", "Bob"]
    do("remove_backup", account, access, member=people["alice"])
    assert order() == ["Charlie", "Bob"]
    assert list(AccountBackup.objects.order_by("position").values_list("position", flat=True)) == [1, 2]
    for name, words in (("bob", "on the list already"), ("erin", "is the project manager")):
        with pytest.raises(Refused, match=words):
            do("add_backup", account, access, member=people[name])
    with pytest.raises(Refused, match="not on the list"):
        do("remove_backup", account, access, member=people["alice"])


def test_the_most_specific_production_team_is_chosen(make: Make, access: Access) -> None:
    account = make("Globex")
    teams = {name: Team.objects.create(name=name, kind="production") for name in ("any", "task", "spec", "both")}
    assert production_team(account, "translation", "de-en") is None
    do("set_production", account, access, team=teams["any"])
    do("set_production", account, access, team=teams["task"], task_type="Translation")
    do("set_production", account, access, team=teams["spec"], spec="de-en")
    do("set_production", account, access, team=teams["both"], task_type="Translation", spec="de-en")

    def chosen(task: str = "", spec: str = "") -> str:
        return str(production_team(account, task, spec))

    assert [chosen("translation", "DE-EN"), chosen("review", "de-en"), chosen("translation", "fr"), chosen("review")] == ["both", "spec", "task", "any"]
    do("set_production", account, access, team=teams["any"], task_type="translation", spec="de-en")
    assert chosen("translation", "de-en") == "any"
    do("set_production", account, access, task_type="translation", spec="de-en")
    assert chosen("translation", "de-en") == "spec"
    with pytest.raises(Refused, match="No team is set"):
        do("set_production", account, access, task_type="nothing")


def test_parties_are_connected_by_typed_ends(make: Make, access: Access) -> None:
    ship_lists()
    ship_lists()
    assert ConnectionType.objects.count() == len(CONNECTION_TYPES)
    kind, account = ConnectionType.objects.get(name="subsidiary of"), make("Globex")
    person = Contact.objects.create(name="Ann")
    do("connect", account, access, kind=kind, account=make("Holding"), note="Since the merger")
    do("connect", person, access, kind=kind, account=account)
    assert {str(c) for c in Connection.objects.all()} == {"Globex · subsidiary of · Holding", "Ann · subsidiary of · Globex"}
    for inputs in ({}, {"account": account, "contact": person}):
        with pytest.raises(Refused, match="not both"):
            do("connect", account, access, kind=kind, **inputs)
    with pytest.raises(Refused, match="with itself"):
        do("connect", account, access, kind=kind, account=account)


@pytest.mark.parametrize("ends", [{}, {"first_account": 0}, {"first_account": 0, "second_account": 0}, {"first_account": 0, "first_contact": 0, "second_account": 1}])
def test_connection_needs_exactly_one_party_per_end(make: Make, access: Access, ends: dict[str, int]) -> None:
    kind = ConnectionType.objects.create(name="partner of", reverse_name="partner of")
    known: dict[str, list[Any]] = {"account": [make("A"), make("B")], "contact": [Contact.objects.create(name="Ann")]}
    chosen = {end: known[end.partition("_")[2]][place] for end, place in ends.items()}
    with pytest.raises(changes.NotValid):
        changes.create(registry.get("connections"), {"type": kind, **chosen}, access=access)
    with pytest.raises(IntegrityError), transaction.atomic():
        Connection.objects.create(type=kind, **chosen)


def test_places_and_connections_hide_parties_that_are_hidden(make: Make, access: Access, scene: Scene) -> None:
    mine, theirs = make("Mine", owner=scene.members["alice"]), make("Theirs")
    ann = Contact.objects.create(name="Ann")
    for account in (mine, theirs):
        do("affiliate", ann, access, account=account)
    kind = ConnectionType.objects.create(name="partner of", reverse_name="partner of")
    Connection.objects.create(type=kind, first_account=mine, second_account=theirs)
    Connection.objects.create(type=kind, first_account=mine, second_contact=ann)
    eyes = dataclasses.replace(scene.access("alice"), matrix={"*": {"view": "all"}, ACCOUNTS: {"view": "own"}})
    assert [p.account.name for p in registry.get("affiliations").visible(eyes)] == ["Mine"]
    assert [c.second_contact for c in registry.get("connections").visible(eyes)] == [ann]
