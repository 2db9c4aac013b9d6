"""A webhook sees with the eyes of the person who made it, and only administrators see webhooks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from patron.automation.models import Health, Secret, Webhook
from patron.identity.models import Membership, Role
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import changes, perform, registry
from patron.records.changes import NotValid
from patron.records.verbs import Refused
from patron.testing import Scene, make_workspace
from tests.automation.receiving import Receiver, collected, created, delivered, deliveries, done, edited, hook_of
from tests.records.making import make

URL = "https://receiver.example/in"


def rule(scene: Scene, role: str, **values: Any) -> None:
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        Role.objects.filter(key=role).update(**values)


def narrow(scene: Scene, scope: str = "own") -> None:
    """Sales agents see accounts within `scope` from now on."""
    with workspace(scene.workspace.pk):
        matrix = Role.objects.get(key="sales-agent").matrix
    rule(scene, "sales-agent", matrix={**matrix, "accounts": {"view": scope, "create": "all", "edit": "own", "delete": "own"}})


def test_rows_out_of_sight_are_not_told(scene: Scene) -> None:
    narrow(scene)
    hook_of(scene, URL, "accounts.*", by="alice")
    mine = created(scene, "accounts", by="alice")
    other = created(scene, "accounts", by="charlie")
    done(scene, "accounts", other, "delete")
    done(scene, "accounts", mine, "delete")
    assert [d.record_id for d in collected(scene)] in ([mine.pk], [mine.pk, mine.pk])


def test_a_deleted_row_is_told_to_its_owner_with_its_last_values(scene: Scene) -> None:
    narrow(scene)
    hook_of(scene, URL, "accounts.delete", by="alice")
    mine, other = created(scene, "accounts", by="alice", name="Mine"), created(scene, "accounts", by="charlie")
    for record in (mine, other):
        done(scene, "accounts", record, "delete")
    assert [json.loads(d.payload)["data"]["name"] for d in collected(scene)] == ["Mine"]


def test_hidden_fields_are_left_out_when_the_event_is_made(scene: Scene) -> None:
    rule(scene, "sales-agent", field_rules={"accounts": {"annual_revenue": "hidden", "name": "hidden"}})
    hook_of(scene, URL, "accounts.*", by="alice")
    account = created(scene, "accounts", by="alice", name="Secret name")
    edited(scene, "accounts", account, annual_revenue=7)
    edited(scene, "accounts", account, description="Seen", annual_revenue=8)
    told = collected(scene)
    assert len(told) == 2 and json.loads(told[1].payload)["changes"] == {"description": ["", "Seen"]}
    for row in told:
        assert "annual_revenue" not in row.payload and "Secret name" not in row.payload and row.title == ""


def test_rights_that_shrank_bound_what_was_made_before(scene: Scene, receiver: Receiver) -> None:
    hook_of(scene, receiver.url, "accounts.*", by="alice")
    mine, other = created(scene, "accounts", by="alice", name="Mine"), created(scene, "accounts", by="charlie")
    assert len(collected(scene)) == 2
    narrow(scene)
    rule(scene, "sales-agent", field_rules={"accounts": {"annual_revenue": "hidden"}})
    delivered(scene)
    (message,) = receiver.messages
    assert message.json["record"]["id"] == str(mine.pk) and "annual_revenue" not in message.json["data"] and message.json["data"]["name"] == "Mine"
    assert {d.record_id: d.state for d in deliveries(scene)} == {mine.pk: "delivered", other.pk: "withheld"}


def test_nothing_goes_out_for_somebody_who_left_until_another_takes_over(scene: Scene, receiver: Receiver) -> None:
    hook = hook_of(scene, receiver.url, "industries.*", by="alice")
    created(scene)
    collected(scene)
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        Membership.objects.filter(pk=scene.members["alice"].pk).update(state="deactivated")
    assert delivered(scene) is None, "what nobody may send is not due: a worker would look for it again and again"
    assert not receiver.messages
    with workspace(scene.workspace.pk):
        assert "not active" in Health.objects.get(webhook_id=hook.pk).problem
    done(scene, "webhooks", hook, "take_over")
    delivered(scene)
    assert len(receiver.messages) == 1


def test_only_administrators_see_make_and_act(scene: Scene) -> None:
    hook = hook_of(scene, URL)
    kind = registry.get("webhooks")
    with workspace(scene.workspace.pk):
        for name in ("alice", "erin", "rita"):
            access = scene.access(name)
            assert not kind.visible(access).exists() and kind.editable_fields(access) == {}
            with pytest.raises(NotValid):
                changes.create(kind, {"name": "Mine", "url": URL, "events": ["*"]}, access=access)
            for verb in ("pause", "test", "rotate_secret", "replay", "take_over", "switch_off"):
                with pytest.raises((perform.NotAllowed, Refused)):
                    perform.perform(registry.verb("webhooks", verb), kind, hook, access=access, inputs={})


def test_another_workspace_is_told_nothing(scene: Scene) -> None:
    other = make_workspace()
    hook_of(scene, URL)
    collected(scene)
    before = len(deliveries(scene))
    with workspace(other.workspace.pk):
        make(registry.get("industries"), other.access())
    assert len(collected(scene)) == before and collected(other) == []


@pytest.mark.parametrize("events", [[], ["deals"], ["deals.nonsense"], ["nonsense.*"], ["**"], ["deals.win", "x' OR 1=1"], ["a.b"] * 101])
def test_events_that_do_not_exist_are_refused(scene: Scene, events: list[str]) -> None:
    with workspace(scene.workspace.pk), pytest.raises(NotValid) as refused:
        changes.create(registry.get("webhooks"), {"name": "Hook", "url": URL, "events": events}, access=scene.access())
    assert set(refused.value.errors) == {"events"}


def test_a_deleted_webhook_is_back_with_its_secret_when_that_is_undone(scene: Scene) -> None:
    from patron.ledger.undo import undo

    hook = hook_of(scene, URL)
    operation_id = done(scene, "webhooks", hook, "delete").operation_id
    with workspace(scene.workspace.pk):
        undo(operation_id, access=scene.access())
        assert Webhook.objects.filter(pk=hook.pk).exists() and Secret.objects.filter(webhook_id=hook.pk).exists()
