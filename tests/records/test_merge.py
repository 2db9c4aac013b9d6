"""Merging loses nothing, and unmerging gives back what was there."""

from __future__ import annotations

from typing import Any

import pytest

from patron.collab.models import ActivityLink, Favourite, TaskLink
from patron.customers.models import Account, AccountBackup, Affiliation, Connection, ConnectionType, Contact
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import changes, lookup, registry, undoing
from patron.records.custom_models import CustomField
from patron.records.kinds import View
from patron.records.merge_models import Merge, Redirect
from patron.records.merging import parting
from patron.records.models import SavedView
from patron.records.verbs import Refused
from patron.testing import Scene, make_workspace
from tests.records.merge_kit import differences, favourite, merge, note_on, signed, task_on, unmerge, whole

ACCOUNTS, CONTACTS = registry.get("accounts"), registry.get("contacts")


def view(scene: Scene, name: str = "dora") -> View:
    from patron.kernel.formats import Formats

    access = scene.access(name)
    return View(access, Formats("en", access.zone))


@pytest.fixture
def two(scene: Scene) -> dict[str, Any]:
    """Two accounts that are the same, with everything that can hang on them."""
    with signed(scene) as access:
        a = Account.objects.create(name="Globex", phone="+493012345678", tags=["big"])
        CustomField.objects.create(type_key="accounts", key="tier", label="Tier", kind="text")
        b = Account.objects.create(name="Globex GmbH", website="https://globex.example", city="Berlin", street="Am Ring 1", postcode="10115", tags=["vip"], number="A-77", external_id="sf-2", custom={"tier": "gold"})
        child = Account.objects.create(name="Branch", parent=b)
        ann = changes.create(CONTACTS, {"last_name": "Ann", "account": b.pk}, access=access)
        both = changes.create(CONTACTS, {"last_name": "Both", "account": b.pk}, access=access)
        Affiliation.objects.create(contact=both, account=a, title="")
        Affiliation.objects.filter(contact=both, account=b).update(title="Buyer", roles=["billing"])
        kind = ConnectionType.objects.create(name="partner of", reverse_name="partner of")
        between = Connection.objects.create(type=kind, first_account=a, second_account=b)
        aside = Connection.objects.create(type=kind, first_account=b, second_contact=ann, note="since the fair")
        for place, name in enumerate(("alice", "bob"), 1):
            AccountBackup.objects.create(account=a, member=scene.members[name], position=place)
        for place, name in enumerate(("bob", "charlie"), 1):
            AccountBackup.objects.create(account=b, member=scene.members[name], position=place)
        shared, alone = note_on("both", ("accounts", a), ("accounts", b)), note_on("alone", ("accounts", b))
        task = task_on("call them", "accounts", b)
        TaskLink.objects.create(task=task, record_type="accounts", record_id=a.pk)
        favourite(scene, "alice", "accounts", a), favourite(scene, "alice", "accounts", b), favourite(scene, "bob", "accounts", b)
        seen = SavedView.objects.create(type_key="contacts", name="Globex people", scope="workspace", state={"filter": ["account", "is", str(b.pk)]})
    return {"a": a, "b": b, "child": child, "ann": ann, "both": both, "between": between, "aside": aside, "shared": shared, "alone": alone, "task": task, "view": seen}


def test_every_relation_moves_with_its_attributes(scene: Scene, two: dict[str, Any]) -> None:
    item = merge(scene, "accounts", two["a"], two["b"])
    with workspace(scene.workspace.pk):
        a = Account.objects.get(pk=two["a"].pk)
        assert not Account.objects.filter(pk=two["b"].pk).exists()
        assert (a.name, a.phone, a.website, a.city, a.street) == ("Globex", "+493012345678", "https://globex.example", "Berlin", "Am Ring 1")
        assert (a.tags, a.number, a.external_id, a.custom) == (["big", "vip"], "A-77", "sf-2", {"tier": "gold"})
        assert Account.objects.get(pk=two["child"].pk).parent_id == a.pk
        assert Contact.objects.get(pk=two["ann"].pk).account_id == a.pk
        place = Affiliation.objects.get(contact=two["both"], account=a)
        assert (place.title, place.roles, place.primary) == ("Buyer", ["billing"], True)
        assert Contact.objects.get(pk=two["both"].pk).account_id == a.pk
        assert not Connection.objects.filter(pk=two["between"].pk).exists()
        assert Connection.objects.get(pk=two["aside"].pk).note == "since the fair"
        backups = AccountBackup.objects.filter(account=a).order_by("position").values_list("member", "position")
        assert list(backups) == [(scene.members["alice"].pk, 1), (scene.members["bob"].pk, 2), (scene.members["charlie"].pk, 3)]
        assert ActivityLink.objects.filter(record_id=a.pk).count() == 2
        assert list(TaskLink.objects.filter(task=two["task"]).values_list("record_id", flat=True)) == [a.pk]
        assert set(Favourite.objects.filter(record_id=a.pk).values_list("member", flat=True)) == {scene.members["alice"].pk, scene.members["bob"].pk}
        assert SavedView.objects.get(pk=two["view"].pk).state == {"filter": ["account", "is", str(a.pk)]}
        assert item.counts["collab.ActivityLink.record_id"] == 2 and item.merged[0]["title"] == "Globex GmbH"


def test_unmerge_gives_the_first_state_back(scene: Scene, two: dict[str, Any]) -> None:
    before = whole(scene)
    item = merge(scene, "accounts", two["a"], two["b"], choices={"name": two["b"], "number": two["b"]})
    parted = unmerge(scene, item)
    assert parted.left == [] and parted.back == [two["b"].pk]
    assert differences(before, whole(scene)) == []
    with workspace(scene.workspace.pk):
        assert not Redirect.objects.exists()


def test_undo_of_a_merge_is_unmerging(scene: Scene, two: dict[str, Any]) -> None:
    before = whole(scene)
    item = merge(scene, "accounts", two["a"], two["b"])
    with workspace(scene.workspace.pk):
        undone = undoing.undo_operation(item.operation_id, view=view(scene))
        with pytest.raises(Refused, match="Merge them again"):
            undoing.undo_operation(undone, view=view(scene))
        with pytest.raises(Refused, match="already"):
            undoing.undo_operation(item.operation_id, view=view(scene))
    assert differences(before, whole(scene)) == []


def test_what_was_changed_since_stays_and_is_told_before(scene: Scene, two: dict[str, Any]) -> None:
    item = merge(scene, "accounts", two["a"], two["b"])
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        Account.objects.filter(pk=two["a"].pk).update(city="Hamburg")
        Affiliation.objects.filter(contact=two["ann"]).update(account=two["child"])
        note = note_on("new", ("accounts", two["a"]))
    with workspace(scene.workspace.pk):
        told = parting.preview(item, access=scene.access())
        assert not Account.objects.filter(pk=two["b"].pk).exists()
        with pytest.raises(Refused, match="Unmerge"):
            undoing.undo_operation(item.operation_id, view=view(scene))
    parted = unmerge(scene, item)
    assert {(x.table, x.columns) for x in told.left} == {(x.table, x.columns) for x in parted.left}
    assert ("customers_account", ("city",)) in {(x.table, x.columns) for x in parted.left}
    with workspace(scene.workspace.pk):
        assert Account.objects.get(pk=two["a"].pk).city == "Hamburg"
        assert Account.objects.get(pk=two["b"].pk).city == "Berlin"
        assert Affiliation.objects.get(contact=two["ann"]).account_id == two["child"].pk
        assert ActivityLink.objects.get(activity=note).record_id == two["a"].pk


def test_a_value_taken_since_is_given_up_and_told(scene: Scene, two: dict[str, Any]) -> None:
    item = merge(scene, "accounts", two["a"], two["b"], choices={"external_id": two["a"], "number": two["a"]})
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        Account.objects.filter(pk=two["a"].pk).update(external_id="", number="")
        Account.objects.create(name="Third", external_id="sf-2")
    parted = unmerge(scene, item)
    assert ("external_id",) in {x.columns for x in parted.left}
    with workspace(scene.workspace.pk):
        back = Account.objects.get(pk=two["b"].pk)
        assert (back.external_id, back.number) == ("", "A-77")


def test_old_ids_answer_with_the_survivor_through_chains(scene: Scene, two: dict[str, Any]) -> None:
    with signed(scene):
        c = Account.objects.create(name="Globex Group")
    first = merge(scene, "accounts", two["a"], two["b"])
    second = merge(scene, "accounts", c, two["a"])
    with workspace(scene.workspace.pk):
        assert changes.get_visible(ACCOUNTS, scene.access(), two["b"].pk).pk == c.pk
        assert lookup.one(CONTACTS.fields["account"], str(two["b"].pk), view(scene)) == c.pk
        with pytest.raises(Refused, match="unmerge that first"):
            parting.unmerge(first, access=scene.access())
    unmerge(scene, second)
    with workspace(scene.workspace.pk):
        assert changes.get_visible(ACCOUNTS, scene.access(), two["b"].pk).pk == two["a"].pk
    other = make_workspace()
    with workspace(other.workspace.pk):
        assert changes.get_visible(ACCOUNTS, other.access(), two["b"].pk) is None


def test_the_most_restrictive_consent_wins_over_a_choice(scene: Scene) -> None:
    with signed(scene):
        a, b = Contact.objects.create(name="Ann"), Contact.objects.create(name="Anne", do_not_call=True, do_not_email=True)
    merge(scene, "contacts", a, b, choices={"do_not_call": a})
    with workspace(scene.workspace.pk):
        stayed = Contact.objects.get(pk=a.pk)
        assert stayed.do_not_call and stayed.do_not_email


def test_no_circle_comes_of_merging_within_a_tree(scene: Scene) -> None:
    """L above X above S: merging L into S puts X below S and S where L was."""
    with signed(scene):
        top = Account.objects.create(name="Top")
        upper = Account.objects.create(name="L", parent=top)
        middle = Account.objects.create(name="X", parent=upper)
        lower = Account.objects.create(name="S", parent=middle)
    before = whole(scene)
    item = merge(scene, "accounts", lower, upper)
    with workspace(scene.workspace.pk):
        assert Account.objects.get(pk=lower.pk).parent_id == top.pk
        assert Account.objects.get(pk=middle.pk).parent_id == lower.pk
    unmerge(scene, item)
    assert differences(before, whole(scene)) == []


def test_a_parent_from_below_is_no_choice(scene: Scene) -> None:
    with signed(scene):
        upper = Account.objects.create(name="Upper")
        middle = Account.objects.create(name="Middle", parent=upper)
        stray = Account.objects.create(name="Stray", parent=middle)
    with pytest.raises(Refused, match="lies below"):
        merge(scene, "accounts", upper, stray, choices={"parent": stray})


def test_contacts_keep_one_primary_place(scene: Scene) -> None:
    with signed(scene) as access:
        one, other = Account.objects.create(name="One"), Account.objects.create(name="Other")
        a = changes.create(CONTACTS, {"last_name": "Ann", "account": one.pk}, access=access)
        b = changes.create(CONTACTS, {"last_name": "Ann", "account": other.pk}, access=access)
    before = whole(scene)
    item = merge(scene, "contacts", a, b)
    with workspace(scene.workspace.pk):
        assert {(p.account_id, p.primary) for p in Affiliation.objects.filter(contact=a)} == {(one.pk, True), (other.pk, False)}
        assert Contact.objects.get(pk=a.pk).account_id == one.pk
    unmerge(scene, item)
    assert differences(before, whole(scene)) == []


def test_who_may_not_edit_one_of_them_merges_nothing(scene: Scene) -> None:
    with signed(scene):
        mine = Contact.objects.create(name="Ann", owner=scene.members["alice"])
        theirs = Contact.objects.create(name="Ann", owner=scene.members["charlie"])
    for name, given in (("alice", (mine, theirs)), ("alice", (theirs, mine)), ("rita", (mine, theirs))):
        with pytest.raises(Refused, match="may not change"):
            merge(scene, "contacts", *given, name=name)
    with pytest.raises(Refused, match="2 to 10"):
        merge(scene, "contacts", mine, mine)
    other = make_workspace()
    with signed(other):
        far = Contact.objects.create(name="Ann")
    with pytest.raises(Refused, match="does not exist"):
        merge(scene, "contacts", mine, far)
    with workspace(scene.workspace.pk):
        assert not Merge.objects.exists()


def test_the_work_does_not_grow_with_the_rows(scene: Scene) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for n in (1, 30):
        with signed(scene):
            a, b = Account.objects.create(name="A"), Account.objects.create(name="B")
            for i in range(n):
                note_on(f"n{i}", ("accounts", b)), task_on(f"t{i}", "accounts", b)
                note_on(f"m{i}", ("accounts", a), ("accounts", b))
        with CaptureQueriesContext(connection) as queries:
            item = merge(scene, "accounts", a, b)
        with CaptureQueriesContext(connection) as back:
            unmerge(scene, item)
        counts.append((len(queries), len(back)))
    assert counts[0] == counts[1]


def test_an_import_finds_the_survivor_by_the_external_id_of_a_merged_record(scene: Scene) -> None:
    from patron.records.merging import redirects

    with signed(scene):
        a, b = Account.objects.create(name="A", external_id="sf-1"), Account.objects.create(name="B", external_id="sf-2")
    merge(scene, "accounts", a, b)
    with workspace(scene.workspace.pk):
        assert redirects.by_external_id(ACCOUNTS, {"sf-1", "sf-2", ""}) == {"sf-2": a.pk}
