"""Scans keep pairs; people decide about them, and the decision holds."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

import pytest
from django.utils import timezone

from patron.customers.models import Account, Contact
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.ledger.undo import undo
from patron.quality import subjects
from patron.quality.domain import apart, queue, scanning
from patron.quality.models import Apart, LearnedModel, Pair, Scan, ScanState
from patron.records import duplicates, perform, registry
from patron.records.kinds import View
from patron.records.merging import engine
from patron.testing import Scene
from tests.records.merge_kit import signed
from tests.records.own_kit import COURSES, courses, own_field

CONTACTS = registry.get("contacts")


def view(scene: Scene, name: str = "dora") -> View:
    from patron.kernel.formats import Formats

    access = scene.access(name)
    return View(access, Formats("en", access.zone))


@pytest.fixture
def people(scene: Scene) -> dict[str, Any]:
    """Two Helenas and a twin account, among others."""
    with signed(scene):
        owner = {"owner": scene.members["alice"]}
        one = Contact.objects.create(first_name="Helena", last_name="Brandt", email="helena@brightwater.example", phone="+493012345678", **owner)
        other = Contact.objects.create(first_name="Helena", last_name="Brand", email="helena@brightwater.example", mobile="+493012345678", owner=scene.members["charlie"])
        for n in range(30):
            Contact.objects.create(first_name=f"Given{n}", last_name=f"Family{n}", email=f"p{n}@other{n}.example")
        Account.objects.create(name="Brightwater GmbH", website="https://brightwater.example", city="Kiel")
        Account.objects.create(name="Brightwater", website="https://www.brightwater.example/en", city="Kiel")
    return {"one": one, "other": other}


def scan(key: str = "contacts", *, full: bool = True) -> Scan:
    begun = scanning.begin(registry.get(key), full=full)
    assert begun is not None
    scanning.run(begun)
    return Scan.objects.get(pk=begun.pk)


def test_a_scan_finds_pairs_with_reasons_and_keeps_the_model(scene: Scene, people: dict[str, Any]) -> None:
    with workspace(scene.workspace.pk):
        done = scan()
        assert (done.state, done.counts["records"], done.counts["found"]) == (ScanState.DONE, 32, 1)
        assert LearnedModel.objects.get(type_key="contacts").version == 1
        (group,) = queue.page(view(scene), CONTACTS).groups
        assert {r.id for r in group.records} == {people["one"].pk, people["other"].pk}
        assert group.probability > 0.9
        assert [r.text for r in group.reasons][:2] == ["same phone", "same e-mail"] or {"same phone", "same e-mail"} <= {r.text for r in group.reasons}
        assert "last name differs by one letter" in {r.text for r in group.reasons}
        scan("accounts")
        assert len(queue.page(view(scene), registry.get("accounts")).groups) == 1


def test_not_the_same_is_remembered_for_good(scene: Scene, people: dict[str, Any]) -> None:
    with workspace(scene.workspace.pk):
        scan()
        verb = registry.verb("contacts", "keep_apart")
        done = perform.perform(verb, CONTACTS, people["one"], access=scene.access(), inputs={"others": [str(people["other"].pk)]})
        assert queue.page(view(scene), CONTACTS).groups == []
        assert scan().counts["found"] == 0
        typed = {"email": "helena@brightwater.example", "_record": str(people["one"].pk)}
        assert duplicates.while_typing(CONTACTS, typed, view(scene)) == []
        assert len(duplicates.while_typing(CONTACTS, {**typed, "_record": ""}, view(scene))) == 2
        undo(done.operation_id, access=scene.access())
        assert not Apart.objects.exists() and scan().counts["found"] == 1


def test_what_was_said_of_a_merged_record_holds_for_the_one_that_stayed(scene: Scene, people: dict[str, Any]) -> None:
    with signed(scene) as access:
        third = Contact.objects.create(first_name="Helena", last_name="Brandt", email="helena@brightwater.example")
        apart.remember(CONTACTS, [(people["one"].pk, people["other"].pk)], access)
    with workspace(scene.workspace.pk):
        engine.merge(CONTACTS, third.pk, [people["one"].pk], access=scene.access())
        assert apart.said(CONTACTS) == {(min(third.pk, people["other"].pk), max(third.pk, people["other"].pk))}
        assert scan().counts["found"] == 0


def test_a_person_sees_only_pairs_whose_records_both_are_theirs_to_see(scene: Scene, people: dict[str, Any]) -> None:
    role = scene.members["alice"].role
    with workspace(scene.workspace.pk):
        scan()
        with operation("test", access=scene.access()):
            role.matrix = {**role.matrix, "contacts": {"view": "own", "edit": "own"}}
            role.save()
        assert queue.page(view(scene, "alice"), CONTACTS).groups == []
        assert queue.count(view(scene, "alice"), CONTACTS) == 0
        with operation("test", access=scene.access()):
            Contact.objects.filter(pk=people["other"].pk).update(owner=scene.members["alice"])
        assert queue.count(view(scene, "alice"), CONTACTS) == 1


def test_the_nightly_scan_compares_what_changed_and_learns_nothing_anew(scene: Scene, people: dict[str, Any]) -> None:
    with workspace(scene.workspace.pk):
        scan()
        Scan.objects.update(started_at=timezone.now() + datetime.timedelta(days=1))
        quiet = scan(full=False)
        assert (quiet.counts["changed"], quiet.counts["pairs"], Pair.objects.count()) == (0, 0, 1)
        Scan.objects.update(started_at=timezone.now() - datetime.timedelta(days=1))
        again = scan(full=False)
        assert (again.counts["changed"], again.counts["found"], again.full, LearnedModel.objects.count()) == (32, 1, False, 1)


def test_groups_hang_together_and_stay_small() -> None:
    import uuid

    ids = [uuid.UUID(int=n) for n in range(30)]
    groups, best = scanning.grouped([(ids[0], ids[1], 0.99), (ids[1], ids[2], 0.95), (ids[3], ids[4], 0.6), (ids[2], ids[3], 0.7)])
    assert {groups[i] for i in ids[:3]} == {ids[0]} and groups[ids[3]] == groups[ids[4]] == ids[3]
    assert best == {(ids[0], ids[1]), (ids[3], ids[4])}
    chain, _best = scanning.grouped([(a, b, 0.99) for a, b in itertools.pairwise(ids)])
    assert max(list(chain.values()).count(g) for g in set(chain.values())) <= scanning.MOST_IN_GROUP


def test_records_of_an_own_type_are_compared_by_name_and_own_fields(scene: Scene) -> None:
    with workspace(scene.workspace.pk):
        with operation("test", access=scene.access()):
            courses(scene.access())
            make = registry.get(COURSES).model.objects.create
            for n in range(30):
                make(name=f"{chr(65 + n % 26) * 3} Course {n}", custom={"code": f"C-{n}"})
            one, other = make(name="Welding for beginners", custom={"code": "W-17"}), make(name="Welding for beginer", custom={"code": "W-17"})
        kind = registry.get(COURSES)
        assert COURSES in {s.key for s in subjects.subjects()}
        scan(COURSES)
        (group,) = queue.page(view(scene), kind).groups
        assert {r.id for r in group.records} == {one.pk, other.pk}
        assert "same my code" in {r.text for r in group.reasons}


def test_a_new_own_field_makes_the_next_scan_learn_anew(scene: Scene) -> None:
    with workspace(scene.workspace.pk):
        with operation("test", access=scene.access()):
            courses(scene.access())
            for name in ("Welding for beginners", "Welding for beginners", "Soldering", "Glazing"):
                registry.get(COURSES).model.objects.create(name=name)
        scan(COURSES)
        assert len(queue.page(view(scene), registry.get(COURSES)).groups) == 1
        with operation("test", access=scene.access()):
            own_field(scene.access(), COURSES, key="mail", kind="email")
        (group,) = queue.page(view(scene), registry.get(COURSES)).groups
        assert group.reasons == [], "those that are kept are about other comparisons"
        with operation("test", access=scene.access()):
            registry.get(COURSES).model.objects.filter(name="Glazing").update(custom={"mail": "a@b.example"})
        assert scan(COURSES, full=False).full
        (group,) = queue.page(view(scene), registry.get(COURSES)).groups
        assert group.reasons
