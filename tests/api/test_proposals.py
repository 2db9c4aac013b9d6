"""Proposals: shown with what they would change, bound to the record's revision, judged anew when a person approves."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from patron.api.models import Proposal
from patron.collab.models import Notification
from patron.kernel.tenancy import workspace
from patron.ledger.models import Change, Operation
from patron.ledger.operations import operation
from patron.records import registry
from patron.testing import Scene
from tests.api.conftest import program_of
from tests.api.test_mcp import rpc
from tests.records.making import make
from tests.records.merge_kit import merge

Ask = Callable[..., Proposal]


@pytest.fixture
def ask(scene: Scene) -> Ask:
    """A proposal made by the assistant of a person."""

    def call(name: str, arguments: dict[str, Any], person: str = "alice") -> Proposal:
        answer = rpc(program_of(scene, person), name, arguments)
        assert not answer.get("isError"), answer
        with workspace(scene.workspace.pk):
            return Proposal.objects.get(pk=answer["structuredContent"]["proposal"])

    return call


@pytest.fixture
def account(scene: Scene) -> Any:
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        return make(registry.get("accounts"), scene.access(), name="Acme", city="Bonn", owner=scene.members["alice"].pk)


def client_of(scene: Scene, name: str) -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(scene.users[name])
    return client


def decide(scene: Scene, proposal: Proposal, verb: str = "approve", person: str = "alice", **data: Any) -> Any:
    return client_of(scene, person).post(f"/w/{scene.workspace.slug}/proposals/{proposal.pk}/do/{verb}/", data)


def now(scene: Scene, record: Any) -> Any:
    with workspace(scene.workspace.pk):
        return type(record).objects.get(pk=record.pk)


def test_a_change_is_shown_before_and_after_and_done_under_the_approvers_name(scene: Scene, ask: Ask, account: Any) -> None:
    proposal = ask("edit_record", {"type": "accounts", "id": str(account.pk), "values": {"city": "Ulm"}, "why": "They moved"})
    assert now(scene, account).city == "Bonn"
    with workspace(scene.workspace.pk):
        told = Notification.objects.get(kind="proposed")
        assert told.member_id == scene.members["alice"].pk and told.record_id == proposal.pk
        before = Change.objects.count()
    page = client_of(scene, "alice").get(f"/w/{scene.workspace.slug}/proposals/{proposal.pk}/").content.decode()
    assert "Bonn" in page and "Ulm" in page and "They moved" in page
    with workspace(scene.workspace.pk):
        assert Change.objects.count() == before, "looking writes nothing"
    assert decide(scene, proposal).status_code == 302
    assert now(scene, account).city == "Ulm"
    with workspace(scene.workspace.pk):
        signed = Operation.objects.get(verb="accounts.edit")
        assert signed.actor_id == scene.members["alice"].pk and signed.subject_id == account.pk
        assert signed.details["proposal"] == str(proposal.pk) and signed.details["proposed_by"] == "Alice" and signed.details["program"] == "test"
        assert Proposal.objects.get(pk=proposal.pk).state == "approved"
    assert decide(scene, proposal).status_code == 422, "once"
    undone = client_of(scene, "alice").post(f"/w/{scene.workspace.slug}/history/{signed.pk}/undo/")
    assert undone.status_code == 302 and now(scene, account).city == "Bonn" and now(scene, proposal).state == "open"


def test_a_record_that_changed_goes_back_to_the_person(scene: Scene, ask: Ask, account: Any) -> None:
    proposal = ask("edit_record", {"type": "accounts", "id": str(account.pk), "values": {"city": "Ulm"}})
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        account.city = "Trier"
        account.save()
    refused = decide(scene, proposal, seen=str(proposal.seen_revision))
    text = refused.content.decode()
    assert refused.status_code == 422 and "changed meanwhile" in text and "Trier" in text
    assert decide(scene, proposal).status_code == 422 and now(scene, account).city == "Trier"
    dialog = client_of(scene, "alice").get(f"/w/{scene.workspace.slug}/proposals/{proposal.pk}/do/approve/").content.decode()
    assert "changed since this was proposed" in dialog
    assert decide(scene, proposal, seen=str(now(scene, account).revision)).status_code == 302
    assert now(scene, account).city == "Ulm"


def test_what_was_proposed_for_a_merged_record_is_shown_for_the_one_that_stayed(scene: Scene, ask: Ask, account: Any) -> None:
    proposal = ask("edit_record", {"type": "accounts", "id": str(account.pk), "values": {"city": "Ulm"}})
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        stayed = make(registry.get("accounts"), scene.access(), name="Acme Ltd", city="Trier", owner=scene.members["alice"].pk)
    merge(scene, "accounts", stayed, account)
    assert decide(scene, proposal).status_code == 422, "the person has not seen the record that stayed"
    dialog = client_of(scene, "alice").get(f"/w/{scene.workspace.slug}/proposals/{proposal.pk}/do/approve/").content.decode()
    assert "Trier" in dialog and "Ulm" in dialog
    assert decide(scene, proposal, seen=str(now(scene, stayed).revision)).status_code == 302
    assert now(scene, stayed).city == "Ulm"


def test_a_verb_is_shown_with_its_consequences_and_judged_anew(scene: Scene, ask: Ask) -> None:
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        lead = make(registry.get("leads"), scene.access(), owner=scene.members["alice"].pk)
        reason = make(registry.get("disqualify-reasons"), scene.access(), name="No budget")
    proposal = ask("leads_disqualify", {"id": str(lead.pk), "inputs": {"reason": str(reason.pk)}})
    assert now(scene, lead).status == "new"
    page = client_of(scene, "alice").get(f"/w/{scene.workspace.slug}/proposals/{proposal.pk}/").content.decode()
    assert "No budget" in page and "Disqualified" in page
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        role = scene.members["alice"].role
        role.matrix = {**role.matrix, "leads": {"view": "team"}}
        role.save()
    refused = decide(scene, proposal, seen=str(now(scene, lead).revision))
    assert refused.status_code == 422 and "Your role does not reach" in refused.content.decode()
    assert decide(scene, proposal, person="dora", seen=str(now(scene, lead).revision)).status_code == 302
    assert now(scene, lead).status == "disqualified"
    with workspace(scene.workspace.pk):
        assert Operation.objects.get(verb="leads.disqualify").actor_id == scene.members["dora"].pk


def test_declining_keeps_the_reason_and_the_tool_reads_it(scene: Scene, ask: Ask, account: Any) -> None:
    proposal = ask("delete_record", {"type": "accounts", "id": str(account.pk)})
    assert decide(scene, proposal, "decline").status_code == 422, "a reason is asked for"
    assert decide(scene, proposal, "decline", why="They are our best customer").status_code == 302
    assert now(scene, account).city == "Bonn"
    read = rpc(program_of(scene, "alice"), "read_record", {"type": "proposals", "id": str(proposal.pk)})["structuredContent"]
    assert (read["state"], read["answer"], read["decided_by"]) == ("declined", "They are our best customer", str(scene.members["alice"].pk))


def test_no_program_decides_and_no_stranger_sees(scene: Scene, ask: Ask, account: Any) -> None:
    proposal = ask("edit_record", {"type": "accounts", "id": str(account.pk), "values": {"city": "Ulm"}})
    for verb, body in (("approve", {}), ("decline", {"inputs": {"why": "x"}})):
        answer = program_of(scene, "alice").post(f"proposals/{proposal.pk}/do/{verb}/", body)
        assert answer.status_code == 422 and "programs cannot" in answer.data["detail"]
    assert decide(scene, proposal, person="bob").status_code == 404
    assert client_of(scene, "bob").get(f"/w/{scene.workspace.slug}/proposals/{proposal.pk}/").status_code == 404
    assert now(scene, account).city == "Bonn"


def test_a_lapsed_proposal_is_not_done(scene: Scene, ask: Ask, account: Any) -> None:
    proposal = ask("edit_record", {"type": "accounts", "id": str(account.pk), "values": {"city": "Ulm"}})
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        Proposal.objects.filter(pk=proposal.pk).update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    refused = decide(scene, proposal)
    assert refused.status_code == 422 and "lapsed" in refused.content.decode() and now(scene, account).city == "Bonn"


def test_what_cannot_be_done_is_refused_when_asked(scene: Scene, account: Any) -> None:
    program = program_of(scene, "alice")
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        theirs = make(registry.get("accounts"), scene.access(), owner=scene.members["charlie"].pk)
    for name, arguments, word in (
        ("edit_record", {"type": "accounts", "id": str(account.pk), "values": {"name": ""}}, "invalid"), ("edit_record", {"type": "accounts", "id": str(account.pk), "values": {}}, "invalid"),
        ("edit_record", {"type": "accounts", "id": str(account.pk), "values": {"city": "X"}, "revision": 99}, "stale"), ("edit_record", {"type": "accounts", "id": str(theirs.pk), "values": {"city": "X"}}, "forbidden"),
        ("do_verb", {"type": "accounts", "id": str(account.pk), "verb": "restore"}, "refused"), ("create_record", {"type": "contacts", "values": {}}, "invalid"),
    ):  # fmt: skip
        answer = rpc(program, name, arguments)
        assert answer["isError"] and answer["structuredContent"]["code"] == word, (name, answer)
    with workspace(scene.workspace.pk):
        assert not Proposal.objects.exists() and Operation.objects.filter(verb__startswith="mcp.").count() == 6


def test_a_new_record_keeps_what_names_meant_when_it_was_proposed(scene: Scene, ask: Ask, account: Any) -> None:
    proposal = ask("create_record", {"type": "contacts", "values": {"last_name": "Kern", "account": {"by": {"name": "acme"}}}})
    assert proposal.inputs.get("account") == str(account.pk)
    page = client_of(scene, "alice").get(f"/w/{scene.workspace.slug}/proposals/{proposal.pk}/").content.decode()
    assert "Kern" in page and "Acme" in page
    assert decide(scene, proposal).status_code == 302
    with workspace(scene.workspace.pk):
        assert registry.get("contacts").model.objects.get(last_name="Kern").account_id == account.pk
