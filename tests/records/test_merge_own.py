"""Merging and own values: of built-in types and of types that the workspace made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from patron.collab.models import ActivityLink
from patron.customers.models import Account
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import changes, lookup, registry, undoing
from patron.records.custom_models import CustomField
from patron.records.merge_models import Merge
from patron.records.merging import engine, preview
from patron.records.own_records import CustomType
from patron.records.verbs import Refused
from patron.setup.domain import own_fields
from patron.testing import Scene
from tests.records.making import make
from tests.records.merge_kit import differences, merge, note_on, signed, unmerge, whole
from tests.records.own_kit import COURSES, LEVELS, courses, make_type, own_field
from tests.records.test_merge import view

ACCOUNTS = registry.get("accounts")


@pytest.fixture(autouse=True)
def opened(scene: Scene) -> Iterator[None]:
    with workspace(scene.workspace.pk):
        yield


@pytest.fixture
def fields(scene: Scene) -> None:
    """Accounts with own fields of the kinds that merge differently."""
    with signed(scene) as access:
        for more in (
            {"key": "tier", "kind": "text"}, {"key": "sites", "kind": "number"}, {"key": "topics", "kind": "multi_choice", "choices": LEVELS},
            {"key": "level", "kind": "choice", "choices": LEVELS}, {"key": "vip", "kind": "checkbox"}, {"key": "rival", "kind": "relation", "target": "accounts"},
            {"key": "code", "kind": "text", "unique": True},
        ):  # fmt: skip
            own_field(access, "accounts", **more)


def account(name: str, **custom: Any) -> Any:
    return Account.objects.create(name=name, custom=custom)


def custom(record: Any) -> dict[str, Any]:
    return dict(type(record).objects.values_list("custom", flat=True).get(pk=record.pk))


def test_own_values_are_united_chosen_and_come_back(scene: Scene, fields: None) -> None:
    with signed(scene):
        a = account("A", tier="gold", topics=["basic"], level="basic")
        b = account("B", tier="silver", sites="12", topics=["expert"], vip=True, code="B-1")
        c = account("C", sites="7", level="expert")
    before = whole(scene)
    item = merge(scene, "accounts", a, b, c, choices={"x_tier": b, "x_sites": c, "x_vip": a})
    assert custom(a) == {"tier": "silver", "sites": "7", "topics": ["basic", "expert"], "level": "basic", "code": "B-1"}
    assert unmerge(scene, item).left == []
    assert differences(before, whole(scene)) == []


def test_the_preview_says_what_the_merge_will_do(scene: Scene, fields: None) -> None:
    with signed(scene):
        far = account("Far")
        a, b = account("A", tier="gold", topics=["basic"]), account("B", tier="silver", sites="12", topics=["expert"], rival=str(far.pk), vip=True)
        account("Third", rival=str(b.pk))
    shown = preview.of_merge(ACCOUNTS, [a, b], {"x_tier": b.pk}, view(scene))
    lines = {line.name: line for line in shown.lines}
    assert lines["x_tier"].texts == ["gold", "silver"]
    assert (lines["x_tier"].result, lines["x_sites"].result, lines["x_topics"].result) == ("silver", "12", "Basic, Expert")
    assert lines["x_rival"].texts == ["", "Far"]
    assert lines["x_vip"].texts[0] == ""
    assert lines["x_tier"].open
    assert ("Accounts", 1) in shown.moves


def test_values_are_chosen_by_the_name_of_the_field_as_far_as_the_role_shows_it(scene: Scene, fields: None) -> None:
    with signed(scene):
        a, b = account("A", tier="gold"), account("B", tier="silver")
    with pytest.raises(Refused):
        merge(scene, "accounts", a, b, choices={"tier": b})
    access = scene.access("dora")
    access.field_rules["accounts"] = {"x_tier": "hidden"}
    with pytest.raises(Refused):
        engine.merge(ACCOUNTS, a.pk, [b.pk], access=access, choices={"x_tier": b.pk})
    assert custom(a) == {"tier": "gold"}


def test_links_among_merged_records_never_lead_to_what_is_gone_or_to_itself(scene: Scene, fields: None) -> None:
    with signed(scene):
        far = account("Far")
        a = account("A")
        b = account("B", rival=str(a.pk))
        c = account("C", rival=str(far.pk))
        Account.objects.filter(pk=a.pk).update(custom={"rival": str(b.pk)})
        third = account("Third", rival=str(b.pk))
    before = whole(scene)
    item = merge(scene, "accounts", a, b, c)
    assert custom(a) == {"rival": str(far.pk)}
    assert custom(third) == {"rival": str(a.pk)}
    assert unmerge(scene, item).left == []
    assert differences(before, whole(scene)) == []


def test_values_of_retired_and_deleted_fields_go_along_and_come_back(scene: Scene, fields: None) -> None:
    with signed(scene) as access:
        a, b = account("A"), account("B", tier="gold", sites="3", level="expert")
        third = account("Third", rival=str(b.pk))
        own_fields.retire(CustomField.objects.get(key="tier"), access=access)
        own_fields.remove(CustomField.objects.get(key="sites"), access=access)
        own_fields.retire(CustomField.objects.get(key="rival"), access=access)
        changes.edit(registry.get("custom-fields"), CustomField.objects.get(key="level"), {"choices": LEVELS[:1]}, access=access)
    before = whole(scene)
    item = merge(scene, "accounts", a, b)
    assert custom(a) == {"tier": "gold", "sites": "3", "level": "expert"}
    assert custom(third) == {"rival": str(a.pk)}
    assert unmerge(scene, item).left == []
    assert differences(before, whole(scene)) == []


def test_a_field_that_is_deleted_after_a_merge_keeps_nobody_from_coming_back(scene: Scene, fields: None) -> None:
    with signed(scene):
        a, b = account("A", sites="3"), account("B", tier="gold", sites="4")
    item = merge(scene, "accounts", a, b, choices={"x_sites": b})
    with signed(scene) as access:
        own_fields.remove(CustomField.objects.get(key="tier"), access=access)
        own_fields.remove(CustomField.objects.get(key="sites"), access=access)
    parted = unmerge(scene, item)
    assert (parted.left, parted.back) == ([], [b.pk])
    assert (custom(a), custom(b)) == ({"sites": "3"}, {"tier": "gold", "sites": "4"})


def test_a_record_comes_back_without_the_value_that_its_field_cannot_read_any_more(scene: Scene, fields: None) -> None:
    with signed(scene):
        a, b = account("A"), account("B", tier="gold", sites="4")
    item = merge(scene, "accounts", a, b)
    with signed(scene) as access:
        Account.objects.filter(pk=a.pk).update(custom={})
        own_fields.remove(CustomField.objects.get(key="tier"), access=access)
        own_field(access, "accounts", key="tier", kind="number")
    parted = unmerge(scene, item)
    assert parted.back == [b.pk]
    assert custom(b) == {"sites": "4"}
    assert ("My tier", "another record has this value now") in [(what.rpartition(": ")[2], why) for what, why in preview.words(parted.left, view(scene))]


def test_undoing_a_deletion_brings_back_what_a_field_held_that_was_deleted_since(scene: Scene, fields: None) -> None:
    from patron.records.actions import delete

    with signed(scene):
        b = account("B", tier="gold")
    with operation("accounts.delete", access=scene.access()) as signed_as:
        delete(b, access=scene.access())
    with signed(scene) as access:
        own_fields.remove(CustomField.objects.get(key="tier"), access=access)
    undoing.undo_operation(signed_as.id, view=view(scene))
    assert custom(b) == {"tier": "gold"}


def test_a_new_value_of_a_deleted_field_is_refused_as_before(scene: Scene, fields: None) -> None:
    from django.db import IntegrityError, transaction

    with signed(scene) as access:
        a = account("A")
        own_fields.remove(CustomField.objects.get(key="tier"), access=access)
        with pytest.raises(IntegrityError), transaction.atomic():
            Account.objects.filter(pk=a.pk).update(custom={"tier": "gold"})


# --- types of the workspace's own -----------------------------------------------------------------------------------------


@pytest.fixture
def two(scene: Scene) -> dict[str, Any]:
    """Two courses that are the same, one that follows on them, a contact and a note."""
    with signed(scene) as access:
        courses(access)
        kind = registry.get(COURSES)
        a = make(kind, access, name="Welding", x_code="W-1", x_topics=["basic"])
        b = make(kind, access, name="Welding 1", x_code="W-2", x_topics=["expert"], x_outline="Sparks", tags=["hot"])
        after = make(kind, access, name="Welding 2", x_code="W-3", x_follows=b.pk)
        ann = changes.create(registry.get("contacts"), {"last_name": "Ann", "x_course": b.pk}, access=access)
        note_on("both", (COURSES, b))
    return {"a": a, "b": b, "after": after, "ann": ann}


def test_records_of_an_own_type_become_one_and_two_again(scene: Scene, two: dict[str, Any]) -> None:
    before = whole(scene)
    item = merge(scene, COURSES, two["a"], two["b"], choices={"x_code": two["b"]})
    a, kind = registry.get(COURSES).model.objects.get(pk=two["a"].pk), registry.get(COURSES)
    assert (a.name, a.number, a.tags) == ("Welding", two["a"].number, ["hot"])
    assert {k: a.custom[k] for k in ("code", "topics", "outline")} == {"code": "W-2", "topics": ["basic", "expert"], "outline": "Sparks"}
    assert custom(two["after"])["follows"] == custom(two["ann"])["course"] == str(a.pk)
    assert ActivityLink.objects.get(record_type=COURSES).record_id == a.pk
    assert changes.get_visible(kind, scene.access(), two["b"].pk).pk == a.pk
    assert lookup.one(kind.fields["x_follows"], str(two["b"].pk), view(scene)) == a.pk
    assert unmerge(scene, item).left == []
    assert differences(before, whole(scene)) == []


def test_a_merge_of_an_own_type_is_undone_from_its_history(scene: Scene, two: dict[str, Any]) -> None:
    before = whole(scene)
    item = merge(scene, COURSES, two["a"], two["b"])
    undoing.undo_operation(item.operation_id, view=view(scene))
    assert differences(before, whole(scene)) == []


def test_records_of_two_own_types_are_not_merged(scene: Scene, two: dict[str, Any]) -> None:
    with signed(scene) as access:
        make_type(access, "Rooms", "Room")
        room = make(registry.get("x-rooms"), access, name="Welding")
    with pytest.raises(Refused):
        merge(scene, COURSES, two["a"], room)
    assert not Merge.objects.exists()


def test_a_record_comes_back_in_a_state_that_its_type_has_no_more(scene: Scene, two: dict[str, Any]) -> None:
    with signed(scene) as access:
        two["b"].state = "over"
        two["b"].save()
    item = merge(scene, COURSES, two["a"], two["b"])
    with signed(scene) as access:
        kind = CustomType.objects.get(key=COURSES)
        changes.edit(registry.get("record-types"), kind, {"states": [s for s in kind.states if s["value"] != "over"]}, access=access)
    assert unmerge(scene, item).left == []
    assert type(two["b"]).objects.get(pk=two["b"].pk).state == "over"


def test_a_number_that_another_record_took_meanwhile_stays_with_that(scene: Scene, two: dict[str, Any]) -> None:
    item = merge(scene, COURSES, two["a"], two["b"])
    with signed(scene) as access:
        other = make(registry.get(COURSES), access, name="Other")
        type(other).objects.filter(pk=other.pk).update(external_id="sf-9", number=two["b"].number)
    parted = unmerge(scene, item)
    back = type(two["b"]).objects.get(pk=two["b"].pk)
    assert (back.number, back.custom["code"]) == ("", "W-2")
    assert [x.columns for x in parted.left] == [("number",)]


def test_the_pages_of_an_own_type_merge_and_unmerge(scene: Scene, two: dict[str, Any]) -> None:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(scene.users["dora"])
    home = f"/w/{scene.workspace.slug}/{COURSES}/"
    ids = {"ids": [str(two["a"].pk), str(two["b"].pk)]}
    page = client.get(f"{home}merge/", ids)
    assert page.status_code == 200
    assert "W-2" in page.text and 'name="choice-x_code"' in page.text
    assert client.post(f"{home}merge/", {**ids, "keep": str(two["a"].pk), "choice-x_code": str(two["b"].pk)}).status_code == 302
    assert custom(two["a"])["code"] == "W-2"
    dialog = client.get(f"{home}{two['a'].pk}/do/unmerge/")
    assert "Welding 1" in dialog.text
    assert client.post(f"{home}{two['a'].pk}/do/unmerge/").status_code in (200, 302)
    assert (custom(two["a"])["code"], custom(two["b"])["code"]) == ("W-1", "W-2")
