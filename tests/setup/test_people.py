"""People and teams: the list, roles, leaving with a hand-over, coming back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patron.identity.domain.people import team_ids
from patron.identity.enums import MembershipState
from patron.identity.models import Membership, Role, Team, TeamMember
from patron.kernel.tenancy import workspace
from patron.ledger.models import Operation
from patron.ledger.operations import operation
from patron.ledger.undo import undo
from patron.records import registry
from patron.setup.domain import ownership
from patron.testing import Scene


def verb(scene: Scene, who: str, name: str) -> str:
    return f"/w/{scene.workspace.slug}/people/{scene.members[who].pk}/do/{name}/"


def reload(scene: Scene, who: str) -> Membership:
    with workspace(scene.workspace.pk):
        return Membership.objects.select_related("role").get(pk=scene.members[who].pk)


def test_list_finds_by_words_and_state(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    client = as_()
    page = client.get(url("people")).content.decode()
    assert all(name in page for name in ("Alice", "Bob", "Erin", "Read-only auditor"))
    assert "North" in page
    found = client.get(url("people") + "?q=ali").content.decode()
    assert ">Alice</a>" in found
    assert ">Bob</a>" not in found
    assert "Nobody found" in client.get(url("people") + "?q=zzz").content.decode()
    client.post(verb(scene, "charlie", "deactivate"))
    assert ">Charlie</a>" not in client.get(url("people")).content.decode()
    assert ">Charlie</a>" in client.get(url("people") + "?state=deactivated").content.decode()


def test_list_takes_a_constant_number_of_queries(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    client = as_()
    client.get(url("people"))
    with CaptureQueriesContext(connection) as few:
        client.get(url("people"))
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        agent = Role.objects.get(key="sales-agent")
        Membership.objects.bulk_create(Membership(name=f"Person {i}", role=agent) for i in range(30))
    with CaptureQueriesContext(connection) as many:
        client.get(url("people"))
    assert len(many) == len(few)


def test_role_changes_with_history_and_undo(scene: Scene, as_: Callable[..., Any]) -> None:
    with workspace(scene.workspace.pk):
        boss = Role.objects.get(key="manager")
    dialog = as_(hx=True).get(verb(scene, "alice", "change_role")).content.decode()
    assert "Works own leads and deals" in dialog
    answer = as_(hx=True).post(verb(scene, "alice", "change_role"), {"role": str(boss.pk)})
    assert answer.status_code == 204
    assert reload(scene, "alice").role.key == "manager"
    history = as_().get(f"/w/{scene.workspace.slug}/people/{scene.members['alice'].pk}/?tab=history").content.decode()
    assert "Sales agent" in history
    assert "Manager" in history
    as_().post(json.loads(answer.headers["HX-Trigger"])["toast"]["undo"])
    assert reload(scene, "alice").role.key == "sales-agent"


def test_deactivated_person_is_out_at_once_and_comes_back(scene: Scene, as_: Callable[..., Any]) -> None:
    alice = as_("alice")
    home = f"/w/{scene.workspace.slug}/settings/profile/"
    assert alice.get(home).status_code == 200
    as_().post(verb(scene, "alice", "deactivate"), {"_reason": "Left the company"})
    assert alice.get(home).status_code == 404
    with workspace(scene.workspace.pk):
        assert Operation.objects.get(verb="people.deactivate").reason == "Left the company"
    assert as_().post(verb(scene, "alice", "deactivate")).status_code == 422
    as_().post(verb(scene, "alice", "reactivate"))
    assert alice.get(home).status_code == 200


def test_person_without_a_sign_in_is_listed_again(scene: Scene, as_: Callable[..., Any]) -> None:
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        listed = Membership.objects.create(name="Imported Ingo", role=Role.objects.get(key="sales-agent"))
    where = f"/w/{scene.workspace.slug}/people/{listed.pk}/do/"
    as_().post(f"{where}deactivate/")
    as_().post(f"{where}reactivate/")
    with workspace(scene.workspace.pk):
        assert Membership.objects.get(pk=listed.pk).state == MembershipState.LISTED


OWNED = [t.key for t in registry.all_types() if t.owners and t.fields.get(t.owners[0]) is not None and t.fields[t.owners[0]].kind == "person" and t.key not in ("team-members", "activities", "keys", "proposals") and t.screens]


@pytest.mark.parametrize("key", OWNED)
def test_open_work_is_handed_over_whatever_its_type_and_undone_as_one(scene: Scene, as_: Callable[..., Any], made: Callable[..., Any], key: str) -> None:
    record_type = registry.get(key)
    column = record_type.owners[0]
    mine = made(key, **{column: scene.members["alice"].pk})
    theirs = made(key, **{column: scene.members["charlie"].pk})
    dialog = as_(hx=True).get(verb(scene, "alice", "deactivate")).content.decode()
    assert str(record_type.plural) in dialog
    as_().post(verb(scene, "alice", "deactivate"), {"reassign_to": str(scene.members["bob"].pk)})

    def owner(record: Any) -> Any:
        with workspace(scene.workspace.pk):
            return getattr(record_type.model.objects.get(pk=record.pk), f"{column}_id")

    assert (owner(mine), owner(theirs)) == (scene.members["bob"].pk, scene.members["charlie"].pk)
    with workspace(scene.workspace.pk):
        undo(Operation.objects.get(verb="people.deactivate").pk, access=scene.access())
    assert owner(mine) == scene.members["alice"].pk
    assert reload(scene, "alice").state == MembershipState.ACTIVE


def test_closed_work_stays_with_the_person(scene: Scene, as_: Callable[..., Any], made: Callable[..., Any]) -> None:
    """What somebody sold is theirs in every report, whoever they hand over to."""
    won = made("deals", owner=scene.members["alice"].pk)
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        type(won).objects.filter(pk=won.pk).update(archived_at="2026-01-01T00:00Z")
        assert not [n for t, _c, n in ownership.counts(scene.members["alice"]) if t.key == "deals"]
    as_().post(verb(scene, "alice", "deactivate"), {"reassign_to": str(scene.members["bob"].pk)})
    with workspace(scene.workspace.pk):
        assert type(won).objects.get(pk=won.pk).owner_id == scene.members["alice"].pk


@pytest.mark.parametrize("heir", ["alice", "charlie"])
def test_hand_over_goes_to_somebody_who_stays(scene: Scene, as_: Callable[..., Any], heir: str) -> None:
    as_().post(verb(scene, "charlie", "deactivate"))
    answer = as_().post(verb(scene, "alice", "deactivate"), {"reassign_to": str(scene.members[heir].pk)})
    assert answer.status_code == 422
    assert reload(scene, "alice").state == MembershipState.ACTIVE


def test_numbers_on_the_page_open_the_same_rows(scene: Scene, as_: Callable[..., Any], made: Callable[..., Any]) -> None:
    for _i in range(3):
        made("leads", owner=scene.members["alice"].pk)
    page = as_().get(f"/w/{scene.workspace.slug}/people/{scene.members['alice'].pk}/").content.decode()
    start = page.index(f"/w/{scene.workspace.slug}/leads/?f=")
    link = page[start : page.index('"', start)].replace("&amp;", "&")
    listed = as_().get(link).content.decode()
    assert listed.count("<tr data-id=") == 3


def test_others_see_no_sign_in_data(scene: Scene, as_: Callable[..., Any]) -> None:
    where = f"/w/{scene.workspace.slug}/people/{scene.members['alice'].pk}/"
    assert "Signs in as" in as_().get(where).content.decode()
    assert "Signs in as" not in as_("bob").get(where).content.decode()


# --- Teams ------------------------------------------------------------------------------------------------------------


def team(scene: Scene, name: str) -> Team:
    with workspace(scene.workspace.pk):
        return Team.objects.get(name=name)


def test_people_join_and_leave_teams_with_undo(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    south = team(scene, "South")
    where = url("teams", south.pk, "members")
    added = as_(hx=True).post(where, {"add": str(scene.members["alice"].pk)})
    assert added.status_code == 204
    assert "Alice is in South now" in added.headers["HX-Trigger"]
    with workspace(scene.workspace.pk):
        assert TeamMember.objects.filter(team=south, member=scene.members["alice"]).exists()
        assert scene.members["charlie"].pk in scene.access("alice").team_member_ids
    by_name = as_().post(where, {"add": "bob"})
    assert by_name.status_code == 302
    as_().post(where, {"remove": str(scene.members["alice"].pk)})
    with workspace(scene.workspace.pk):
        assert sorted(TeamMember.objects.filter(team=south).values_list("member__name", flat=True)) == ["Bob", "Charlie"]
    as_().post(json.loads(added.headers["HX-Trigger"])["toast"]["undo"])


def test_team_says_what_is_wrong(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    where = url("teams", team(scene, "South").pk, "members")
    unknown = as_(hx=True).post(where, {"add": "Nobody Here"})
    assert unknown.status_code == 422
    assert "Nobody Here" in json.loads(unknown.headers["HX-Trigger"])["toast"]["text"]
    assert as_().post(where, {"remove": "x"}).status_code == 404
    assert as_("erin").post(where, {"add": str(scene.members["alice"].pk)}).status_code == 403


def test_teams_page_shows_every_team(as_: Callable[..., Any], url: Callable[..., str]) -> None:
    page = as_().get(url("teams")).content.decode()
    assert "led by Erin" in page
    assert page.count('name="remove"') == 3


@pytest.mark.parametrize("name", ["alice", "bob", "charlie", "dora", "erin", "rita"])
def test_explained_team_is_the_real_one(scene: Scene, name: str) -> None:
    with workspace(scene.workspace.pk):
        assert set(team_ids(scene.members[name])) == set(scene.access(name).team_member_ids)
