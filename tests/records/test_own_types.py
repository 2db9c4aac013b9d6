"""Record types that a workspace makes itself: what is theirs alone; everything else is in `test_every_type`."""

from __future__ import annotations

import copy
import pickle
import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from patron.collab.domain.refs import Ref, ensure, titles
from patron.identity.access import Access
from patron.identity.models import Role
from patron.kernel.tenancy import workspace
from patron.ledger import undo
from patron.ledger.models import Operation
from patron.ledger.operations import operation
from patron.records import changes, duplicates, filters, history, palette, perform, registry, undoing
from patron.records.custom_models import CustomField
from patron.records.customs import indexes
from patron.records.own_records import CustomRecord, CustomType
from patron.records.verbs import Refused
from patron.setup.domain import ownership
from patron.testing import Scene, make_workspace, open_workspace
from tests.records.import_kit import imported, inside, messages, numbers, table, view_for
from tests.records.making import make
from tests.records.own_kit import COURSES, STATES, courses, make_type, own_field


def client_of(scene: Scene, name: str = "dora") -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(scene.users[name])
    return client


def course(access: Access, name: str = "Welding", **values: Any) -> Any:
    return make(registry.get(COURSES), access, name=name, **values)


def latest(verb: str) -> Operation:
    return Operation.objects.filter(verb=verb).latest("at", "pk")


# --- whose they are ---------------------------------------------------------------------------------------------------


def test_another_workspace_knows_nothing_of_it(scene: Scene) -> None:
    with open_workspace(scene) as access:
        made = courses(access)
        record = course(access)
        assert registry.get(COURSES) in registry.all_types()
        assert registry.of_model(type(record)).key == COURSES
    assert registry.find(COURSES) is None
    assert registry.find_model(type(record)) is None
    other = make_workspace()
    with open_workspace(other) as access:
        assert registry.find(COURSES) is None
        assert COURSES not in {t.key for t in registry.all_types()}
        with pytest.raises(Refused):
            ensure([Ref(COURSES, record.pk)], access)
        twin = make_type(access)
        assert (twin.key, registry.get(COURSES).model is type(record)) == (COURSES, False)
        assert not registry.get(COURSES).visible(access).exists()
        assert [v.name for v in registry.verbs(COURSES) if v.name == "set_state"] == []
        assert made.pk != twin.pk
    assert client_of(other).get(f"/w/{other.workspace.slug}/{COURSES}/{record.pk}/").status_code == 404


def test_threads_of_two_workspaces_each_see_their_own(committing: None) -> None:
    scenes = [make_workspace(), make_workspace()]
    for scene, label in zip(scenes, ("Vehicle", "Contract"), strict=True):
        with open_workspace(scene) as access:
            make_type(access, f"{label}s", label, states=STATES)
    seen: dict[int, set[str]] = {}
    barrier = threading.Barrier(2)

    def look(place: int) -> None:
        found: set[str] = set()
        try:
            for _i in range(20):
                with workspace(scenes[place].workspace.pk):
                    barrier.wait(30)
                    found |= {t.key for t in registry.all_types() if t.key.startswith("x-")}
        finally:
            seen[place] = found
            connection.close()

    threads = [threading.Thread(target=look, args=(place,)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert seen == {0: {"x-vehicles"}, 1: {"x-contracts"}}


def test_a_committed_change_reaches_every_process_by_its_version(lasting_scene: Scene) -> None:
    with open_workspace(lasting_scene) as access:
        made = make_type(access, "Vehicles", "Vehicle")
    with workspace(lasting_scene.workspace.pk):
        first = registry.get("x-vehicles")
        assert registry.get("x-vehicles") is first
    with workspace(lasting_scene.workspace.pk):
        assert registry.get("x-vehicles") is first, "kept between transactions"
    with open_workspace(lasting_scene) as access:
        changes.edit(registry.get("record-types"), made, {"label": "Car", "plural": "Cars"}, access=access)
    with workspace(lasting_scene.workspace.pk):
        assert str(registry.get("x-vehicles").label) == "Car"
        assert registry.get("x-vehicles").model is first.model
    with workspace(lasting_scene.workspace.pk), CaptureQueriesContext(connection) as asked:
        for _i in range(5):
            registry.all_types()
    assert len(asked) <= 1


def test_types_share_a_table_and_nothing_else(scene: Scene) -> None:
    with open_workspace(scene) as access:
        courses(access)
        vehicles = make_type(access, "Vehicles", "Vehicle", prefix="V")
        own_field(access, vehicles.key, key="seats", kind="text")
        one, other = course(access, "Welding for beginners", x_seats=Decimal(12), external_id="7"), make(registry.get("x-vehicles"), access, name="Welding van", x_seats="many", external_id="7")
        assert (one.number, other.number) == ("CRS-0001", "V-0001")
        lists = [list(registry.get(key).visible(access).values_list("pk", flat=True)) for key in (COURSES, "x-vehicles")]
        assert lists == [[one.pk], [other.pk]]
        view = view_for(access)
        big = filters.condition(registry.get(COURSES), ["x_seats", "gt", "10"], view)
        assert [r.pk for r in registry.get(COURSES).model.objects.filter(big).order_by("custom__number_seats")] == [one.pk]
        hits = {t.key: [row[0] for row in rows] for t, rows in palette.search("welding", view)}
        assert hits == {COURSES: [one.pk], "x-vehicles": [other.pk]}
        assert {t.key: [row[0] for row in rows] for t, rows in palette.search("weldign for beginers", view)}[COURSES] == [one.pk]
        assert len(duplicates.while_typing(registry.get(COURSES), {"name": "Welding for beginners"}, view)) == 1
        made = indexes.statements(registry.get(COURSES).table, COURSES, registry.get(COURSES).fields["x_seats"], unique=False)
        assert f"type_id = '{registry.get(COURSES).id}'" in made[0]  # type: ignore[attr-defined]
        with pytest.raises(IntegrityError), transaction.atomic():
            CustomRecord.objects.filter(pk=one.pk).update(type=vehicles)


def test_records_can_be_copied_and_pickled(scene: Scene) -> None:
    with open_workspace(scene) as access:
        courses(access)
        record = course(access)
        for twin in (copy.copy(record), pickle.loads(pickle.dumps(record))):
            assert (twin, type(twin), twin.name) == (record, type(record), record.name)


# --- states and numbers -----------------------------------------------------------------------------------------------


def test_states_move_by_verb_one_by_one_and_many_at_once(scene: Scene) -> None:
    with workspace(scene.workspace.pk):
        access = scene.access()
        with operation("test", access=access):
            courses(access)
        kind = registry.get(COURSES)
        records = [course(access, f"Course {n}") for n in range(3)]
        assert {r.state for r in records} == {"planned"}
        verb = registry.verb(COURSES, "set_state")
        state = perform.read_inputs(verb, {"state": "running"}, view_for(access))
        done = perform.perform(verb, kind, records[0], access=access, inputs=state)
        assert kind.badge(kind.model.objects.get(pk=records[0].pk)) == ("Running", "good")
        assert perform.perform_many(verb, kind, kind.model.objects.all(), access=access, inputs=state).count == 2
        assert next(e.what for e in history.of_record(kind, records[0], view_for(access)).entries) == "state changed"
        assert ("State", "Planned", "Running") in history.of_record(kind, records[0], view_for(access)).entries[0].changes
        assert done.count == 1
        with pytest.raises(changes.NotValid):
            perform.read_inputs(verb, {"state": "nowhere"}, view_for(access))
        with pytest.raises(IntegrityError), transaction.atomic(), operation("test", access=access):
            CustomRecord.objects.filter(pk=records[0].pk).update(state="nowhere")


def test_a_state_in_use_stays_and_new_states_reach_old_records(scene: Scene) -> None:
    with open_workspace(scene) as access:
        own = registry.get("record-types")
        made = make_type(access, "Vehicles", "Vehicle")
        record = make(registry.get("x-vehicles"), access, name="Van")
        assert "state" not in registry.get("x-vehicles").fields
        changes.edit(own, made, {"states": STATES}, access=access)
        assert registry.get("x-vehicles").model.objects.get(pk=record.pk).state == "planned"
        with pytest.raises(changes.NotValid) as refused:
            changes.edit(own, made, {"states": STATES[1:]}, access=access)
        assert refused.value.errors == {"states": "1 records are in the state “Planned”. Move them to another one first."}
        renamed = [{"value": "planned", "label": "Foreseen"}, *STATES[1:]]
        changes.edit(own, CustomType.objects.get(pk=made.pk), {"states": renamed}, access=access)
        assert registry.get("x-vehicles").badge(registry.get("x-vehicles").model.objects.get(pk=record.pk)) == ("Foreseen", "none")


def test_done_states_are_nobodys_open_work(scene: Scene) -> None:
    with open_workspace(scene) as access:
        courses(access)
        kind, alice = registry.get(COURSES), scene.members["alice"]
        course(access, "Open", owner=alice.pk)
        course(access, "Over", owner=alice.pk, state="over")
        assert {t.key: n for t, _column, n in ownership.counts(alice)}[kind.key] == 1


def test_a_refused_record_gives_its_number_back(scene: Scene) -> None:
    with open_workspace(scene) as access:
        courses(access)
        course(access, external_id="a")
        with pytest.raises(changes.NotValid):
            course(access, external_id="a")
        assert course(access, external_id="b").number == "CRS-0002"


# --- relations --------------------------------------------------------------------------------------------------------


def test_links_lead_both_ways(scene: Scene) -> None:
    with open_workspace(scene) as access:
        courses(access)
        customer = make(registry.get("accounts"), access, name="Brightwater")
        first = course(access, "Basics", x_customer=customer.pk)
        second = course(access, "Advanced", x_follows=first.pk)
        person = make(registry.get("contacts"), access, x_course=first.pk)
        assert [t.type_key for t in registry.tabs("accounts")][-1] == COURSES
        assert {(t.type_key, str(t.title)) for t in registry.tabs(COURSES)} == {(COURSES, "Courses"), ("contacts", "Contacts")}
        assert titles([Ref(COURSES, first.pk)], access)[Ref(COURSES, first.pk)].text == "Basics"
    client, base = client_of(scene), f"/w/{scene.workspace.slug}"
    of_account = client.get(f"{base}/accounts/{customer.pk}/?tab={COURSES}-customer").content.decode()
    assert "Basics" in of_account and "Advanced" not in of_account
    assert f"{base}/{COURSES}/new/?x_customer={customer.pk}" in of_account
    assert "Advanced" in client.get(f"{base}/{COURSES}/{first.pk}/?tab={COURSES}-follows").content.decode()
    assert person.name in client.get(f"{base}/{COURSES}/{first.pk}/?tab=contacts-course").content.decode()
    assert "Basics" in client.get(f"{base}/contacts/{person.pk}/").content.decode()
    assert "Basics" in client.get(f"{base}/{COURSES}/{second.pk}/").content.decode()


def test_rights_narrow_what_links_show(scene: Scene) -> None:
    with open_workspace(scene) as access:
        courses(access)
        hers, theirs = course(access, "Hers", owner=scene.members["alice"].pk), course(access, "Theirs")
        role = Role.objects.get(key="sales-agent")
        role.matrix = {**role.matrix, COURSES: {"view": "own", "edit": "own"}}
        role.save()
    base = f"/w/{scene.workspace.slug}/{COURSES}/"
    alice = client_of(scene, "alice")
    listed = alice.get(base).content.decode()
    assert "Hers" in listed and "Theirs" not in listed
    assert [alice.get(f"{base}{r.pk}/").status_code for r in (hers, theirs)] == [200, 404]
    assert alice.get(f"{base}new/").status_code == 404
    assert alice.post(f"{base}{theirs.pk}/do/set_state/", {"state": "over"}).status_code == 404
    with workspace(scene.workspace.pk):
        role.refresh_from_db()
        rest = role.matrix.get("*", {}).get("view")
        assert scene.access("bob").scope("x-others", "view") == rest


# --- import, history, undo --------------------------------------------------------------------------------------------

PLAN = {"columns": {"Title": "name", "State": "state", "Key": "external_id"}, "key": ["external_id"], "mode": "upsert"}


def test_import_and_its_undo(scene: Scene) -> None:
    with inside(scene) as view:
        make_type(view.access, states=STATES, prefix="CRS")
        make_type(view.access, "Vehicles", "Vehicle")
        make(registry.get("x-vehicles"), view.access, name="Van", external_id="k2")
        kind = registry.get(COURSES)
        old = make(kind, view.access, name="Old", external_id="k1")
        file = table(("Title", "State", "Key"), ("Newer", "Running", "k1"), ("Second", "", "k2"), ("Third", "Nonsense", "k3"), ("Fourth", "Over", "k4"))
        item = imported(view, COURSES, file, PLAN)
        assert numbers(item) == {"new": 2, "change": 1, "error": 1}, messages(item)
        assert sorted(kind.model.objects.values_list("name", "state", "number")) == [("Fourth", "over", "CRS-0003"), ("Newer", "running", "CRS-0001"), ("Second", "planned", "CRS-0002")]
        undoing.undo_operation(latest(f"{COURSES}.import").pk, view=view)
        assert list(kind.model.objects.values_list("pk", "name", "state")) == [(old.pk, "Old", "planned")]
        assert registry.get("x-vehicles").model.objects.count() == 1


def test_history_knows_the_type_of_what_is_gone(scene: Scene) -> None:
    with workspace(scene.workspace.pk):
        access = scene.access()
        with operation("test", access=access):
            courses(access)
        kind, view = registry.get(COURSES), view_for(access)
        record = course(access, "Welding")
        changes.edit(kind, record, {"name": "Soldering", "x_seats": Decimal(8)}, access=access)
        perform.perform(registry.verb(COURSES, "delete"), kind, record, access=access, inputs={})
        told = [c for e in history.of_record(kind, record, view).entries for c in e.changes]
        assert ("Title", "Welding", "Soldering") in told
        assert any(label == "My seats" for label, _old, _new in told)
        assert undoing.summary(latest(f"{COURSES}.delete")) == [("Courses", "removed", 1)]
        undo.undo(latest(f"{COURSES}.delete").pk, access=access)
        assert kind.model.objects.get(pk=record.pk).custom["seats"] == "8"


# --- retire and delete ------------------------------------------------------------------------------------------------


def test_a_retired_type_keeps_its_records_and_takes_no_new_ones(scene: Scene) -> None:
    with open_workspace(scene) as access:
        made = courses(access)
        record = course(access, "Welding")
        registry.verb("record-types", "archive").act(made, access=access)
        with pytest.raises(changes.NotValid, match="retired"):
            course(access)
    client, base = client_of(scene), f"/w/{scene.workspace.slug}"
    assert client.get(f"{base}/{COURSES}/new/").status_code == 404
    assert client.post(f"{base}/{COURSES}/new/", {"name": "New"}).status_code == 404
    assert "Welding" in client.get(f"{base}/{COURSES}/").content.decode()
    assert client.get(f"{base}/{COURSES}/{record.pk}/").status_code == 200
    assert f'href="{base}/{COURSES}/"' not in client.get(f"{base}/accounts/").content.decode()
    with open_workspace(scene) as access:
        registry.verb("record-types", "restore").act(CustomType.objects.get(pk=made.pk), access=access)
        assert registry.get(COURSES).creatable
    assert f'href="{base}/{COURSES}/"' in client.get(f"{base}/accounts/").content.decode()


def test_only_a_type_without_records_and_links_is_deleted_and_undo_brings_it_back(scene: Scene) -> None:
    with workspace(scene.workspace.pk):
        access = scene.access()
        with operation("test", access=access):
            made = courses(access)
            record = course(access)
        own, verb = registry.get("record-types"), registry.verb("record-types", "delete")
        with pytest.raises(Refused, match="There are 1 records of this type"):
            perform.perform(verb, own, made, access=access, inputs={})
        with operation("test", access=access):
            record.delete()
        with pytest.raises(Refused, match="My course"):
            perform.perform(verb, own, made, access=access, inputs={})
        with operation("test", access=access):
            CustomField.objects.filter(type_key="contacts").delete()
        perform.perform(verb, own, made, access=access, inputs={})
        assert registry.find(COURSES) is None
        assert not CustomField.objects.filter(type_key=COURSES).exists()
        undo.undo(latest("record-types.delete").pk, access=access)
    with workspace(scene.workspace.pk):
        assert "x_seats" in registry.get(COURSES).fields


# --- definitions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("values", "field"), [
    ({"plural": "Accounts"}, "plural"), ({"key": "123"}, "key"), ({"prefix": "1A"}, "prefix"), ({"icon": "nothing"}, "icon"),
    ({"states": [{"label": "A"}, {"label": "a"}]}, "states"), ({"nav": "nowhere"}, "nav"),
])  # fmt: skip
def test_wrong_definitions_are_refused_where_they_are_wrong(scene: Scene, values: dict[str, Any], field: str) -> None:
    with open_workspace(scene) as access, pytest.raises(changes.NotValid) as refused:
        make_type(access, **{"plural": "Things", "label": "Thing", **values})
    assert list(refused.value.errors) == [field]


def test_keys_are_made_of_names_and_never_change(scene: Scene) -> None:
    with open_workspace(scene) as access:
        assert make_type(access, "Company cars 2").key == "x-company-cars"
        second = make_type(access, "Company cars 3")
        assert (second.key, make_type(access, "Größen").key, make_type(access, "契約").key) == ("x-company-cars-b", "x-grossen", "x-type")
        with pytest.raises(changes.NotValid) as refused:
            changes.edit(registry.get("record-types"), second, {"key": "x-other"}, access=access)
        assert list(refused.value.errors) == ["key"]


def test_states_can_be_set_as_text(scene: Scene) -> None:
    with workspace(scene.workspace.pk):
        access = scene.access()
        made, own = make_type(access, states=STATES), registry.get("record-types")
        verb = registry.verb("record-types", "set_states")
        assert verb.inputs[0].spec.initial(made, access) == "Planned | info\nRunning | good\nOver | none | done"
        inputs = perform.read_inputs(verb, {"states": "Planned | note\n\nHeld back | warn\nOver | done"}, view_for(access))
        perform.perform(verb, own, made, access=access, inputs=inputs)
        assert [(s.value, s.tone, s.closed) for s in registry.get(COURSES).states] == [("planned", "note", False), ("held_back", "warn", False), ("over", "none", True)]
        with pytest.raises(perform.NotAllowed):
            perform.perform(verb, own, made, access=scene.access("alice"), inputs=inputs)


def test_only_administrators_define(scene: Scene) -> None:
    with open_workspace(scene, "alice") as access, pytest.raises(changes.NotValid):
        make_type(access)
