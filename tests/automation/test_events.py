"""What is told of what: every committed change once, under its names, with old and new values, in words that the ledger has."""

from __future__ import annotations

import json
import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from patron.automation import collecting
from patron.automation.domain import subscriptions
from patron.automation.models import Outbox
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.ledger.undo import undo
from patron.records import bulk, registry
from patron.testing import Scene
from tests.automation.receiving import collected, created, done, edited, hook_of
from tests.records.making import make

URL = "https://receiver.example/in"


def bodies(scene: Scene) -> list[Any]:
    return [json.loads(d.payload) for d in collected(scene)]


def test_create_edit_delete_carry_values_changes_and_the_old_row(scene: Scene) -> None:
    hook_of(scene, URL, "accounts.*")
    account = created(scene, "accounts", name="Larkfield", annual_revenue=Decimal("1234.50"))
    edited(scene, "accounts", account, name="Larkfield Ltd", annual_revenue=Decimal("99.90"))
    done(scene, "accounts", account, "delete")
    made, changed, gone = bodies(scene)
    assert [b["type"] for b in (made, changed, gone)] == ["accounts.create", "accounts.edit", "accounts.delete"]
    assert changed["changes"] == {"annual_revenue": ["1234.50", "99.90"], "name": ["Larkfield", "Larkfield Ltd"]}
    assert gone["data"]["name"] == "Larkfield Ltd" and gone["data"]["annual_revenue"] == "99.90" and gone["record"]["title"] == "Larkfield Ltd"
    assert "changes" not in made and "changes" not in gone
    assert changed["operation"]["actor"] == "Dora" and changed["operation"]["verb"] == "accounts.edit"
    assert changed["record"]["url"].endswith(f"/w/{scene.workspace.slug}/accounts/{account.pk}/") and changed["record"]["id"] == str(account.pk)
    assert changed["timestamp"].endswith("Z")


def test_a_verb_is_told_under_its_own_name_and_as_an_edit(scene: Scene) -> None:
    hook_of(scene, URL, "accounts.archive", name="Verb")
    hook_of(scene, URL, "accounts.edit", name="Edits")
    hook_of(scene, URL, "deals.win", name="Other")
    account = created(scene, "accounts")
    done(scene, "accounts", account, "archive")
    assert [(b["type"], b["action"]) for b in bodies(scene)] == [("accounts.archive", "edit")] * 2


def test_undo_is_told_like_any_change_and_names_what_it_undoes(scene: Scene) -> None:
    hook_of(scene, URL, "industries.*")
    industry = created(scene, "industries", name="Steel")
    operation_id = done(scene, "industries", industry, "delete").operation_id
    with workspace(scene.workspace.pk):
        undo(operation_id, access=scene.access())
    told = bodies(scene)
    assert [b["type"] for b in told] == ["industries.create", "industries.delete", "industries.create"]
    assert told[2]["operation"]["verb"] == "undo" and told[2]["operation"]["undoes"] == str(operation_id) and told[2]["data"]["name"] == "Steel"


def test_what_came_and_went_or_cancelled_out_inside_an_operation_is_no_event(scene: Scene) -> None:
    hook_of(scene, URL, "industries.*")
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        kind = registry.get("industries")
        passing, kept = make(kind, scene.access()), make(kind, scene.access(), name="First")
        passing.delete()
        kept.name = "Second"
        kept.save()
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        for name in ("Third", "Second"):
            kept.name = name
            kept.save()
    (only,) = bodies(scene)
    assert only["type"] == "industries.create" and only["data"]["name"] == "Second"


def test_rolled_back_work_is_not_told(scene: Scene) -> None:
    hook_of(scene, URL, "industries.*")

    def fail() -> None:
        with workspace(scene.workspace.pk), operation("test", access=scene.access()):
            make(registry.get("industries"), scene.access())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert bodies(scene) == []


def test_a_bulk_edit_is_an_event_per_record_made_in_a_constant_number_of_queries(scene: Scene, django_assert_max_num_queries: Any) -> None:
    hook_of(scene, URL, "accounts.edit")
    made = [created(scene, "accounts") for _ in range(30)]
    collected(scene)
    with workspace(scene.workspace.pk):
        access = scene.access()
        kind = registry.get("accounts")
        bulk.edit_many(kind, kind.visible(access).filter(pk__in=[a.pk for a in made]), {"description": "All alike"}, access=access)
    with django_assert_max_num_queries(40):
        collecting.collect(scene.workspace)
    assert {b["record"]["id"] for b in bodies(scene)} == {str(a.pk) for a in made}
    assert all(b["changes"]["description"][1] == "All alike" for b in bodies(scene))


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_steps_of_any_size_make_each_event_once_and_in_order(scene: Scene, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(collecting, "STEP", size)
    hook_of(scene, URL, "industries.*")
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        several = [make(registry.get("industries"), scene.access()) for _ in range(4)]
        for number, record in enumerate(several):
            record.name = f"Renamed {number}"
            record.save()
    edited(scene, "industries", several[0], name="Once more")
    told = bodies(scene)
    assert [b["type"] for b in told] == ["industries.create"] * 4 + ["industries.edit"]
    assert [b["record"]["id"] for b in told[:4]] == [str(r.pk) for r in several]
    with workspace(scene.workspace.pk):
        assert not Outbox.objects.exists()


def test_a_transaction_that_commits_late_is_told_and_none_is_told_twice(lasting_scene: Scene) -> None:
    """An operation opened earlier commits after a later one was already told: its lower numbers are no gap."""
    scene = lasting_scene
    hook_of(scene, URL, "industries.*")
    opened, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with workspace(scene.workspace.pk), operation("test", access=scene.access()):
                make(registry.get("industries"), scene.access(), name="Late")
                opened.set()
                assert go_on.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert opened.wait(20)
    created(scene, "industries", name="Early")
    assert [b["data"]["name"] for b in bodies(scene)] == ["Early"]
    go_on.set()
    thread.join(20)
    assert sorted(b["data"]["name"] for b in bodies(scene)) == ["Early", "Late"]
    assert len(bodies(scene)) == 2


def test_changes_of_a_row_keep_their_order_when_the_operation_that_opened_first_came_second(lasting_scene: Scene) -> None:
    scene = lasting_scene
    hook_of(scene, URL, "industries.edit")
    industry = created(scene, "industries", name="Zero")
    opened, go_on = threading.Event(), threading.Event()

    def second() -> None:
        try:
            with workspace(scene.workspace.pk), operation("industries.edit", access=scene.access()):
                opened.set()
                assert go_on.wait(20)
                type(industry).objects.filter(pk=industry.pk).update(name="Two")
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    assert opened.wait(20)
    edited(scene, "industries", industry, name="One")
    go_on.set()
    thread.join(20)
    assert [b["changes"]["name"] for b in bodies(scene)] == [["Zero", "One"], ["One", "Two"]]


def test_without_webhooks_nothing_is_noted(scene: Scene) -> None:
    created(scene)
    hook = hook_of(scene, URL, "industries.*")
    done(scene, "webhooks", hook, "switch_off")
    bodies(scene)
    created(scene)
    with workspace(scene.workspace.pk):
        assert not Outbox.objects.exists()


def test_own_fields_are_told_under_their_names(scene: Scene) -> None:
    with workspace(scene.workspace.pk):
        make(registry.get("custom-fields"), scene.access(), key="floor", label="Floor", kind="number", type_key="accounts")
    hook_of(scene, URL, "accounts.*")
    account = created(scene, "accounts", x_floor=Decimal(3))
    bodies(scene)
    edited(scene, "accounts", account, x_floor=Decimal("4.5"))
    made, changed = bodies(scene)
    assert Decimal(made["data"]["x_floor"]) == 3
    assert [Decimal(v) for v in changed["changes"]["x_floor"]] == [3, Decimal("4.5")]


@pytest.mark.parametrize(
    ("events", "fits"),
    [(["*"], True), (["deals.*"], True), (["deals.win"], True), (["deals.edit"], True), (["deals.create"], False), (["accounts.*"], False), (["deals.lose"], False)],
)
def test_what_an_event_answers_to(events: list[str], fits: bool) -> None:
    assert subscriptions.matches(events, "deals", "deals.win", "edit") is fits
