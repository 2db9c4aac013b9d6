"""Inviting people, the mail, the link, and joining by it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from patron.identity import invitations
from patron.identity.enums import MembershipState
from patron.identity.models import Invitation, Membership, Role, Team, User
from patron.kernel.tenancy import workspace
from patron.ledger.models import Operation
from patron.ledger.undo import undo
from patron.setup import jobs
from patron.testing import PASSWORD, Scene, make_workspace

NEW = "nina@new.example"


def admin(scene: Scene, name: str = "dora") -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(scene.users[name])
    return client


def role(scene: Scene, key: str) -> Role:
    with workspace(scene.workspace.pk):
        return Role.objects.get(key=key)


def ask(scene: Scene, email: str = NEW, **data: Any) -> Any:
    """The administrator sends the form."""
    given = {"email": email, "name": "Nina", "role": str(role(scene, "manager").pk), **data}
    return admin(scene).post(f"/w/{scene.workspace.slug}/settings/people/invite/", given)


def member(scene: Scene, email: str = NEW) -> Membership:
    with workspace(scene.workspace.pk):
        return Membership.objects.select_related("role").get(email__iexact=email)


def send(scene: Scene, who: Membership) -> str:
    """What the worker does; the link in the mail."""
    with workspace(scene.workspace.pk):
        code = Invitation.objects.get(member=who).code
    jobs.send_invitation(workspace_id=str(scene.workspace.pk), member_id=str(who.pk), code=code, by="Dora")
    return re.search(r"https?://[^/]+(/auth/join/\S+/)", mail.outbox[-1].body)[1]  # type: ignore[index]


@pytest.fixture
def invited(people: Scene) -> tuple[Scene, Membership, str]:
    """A scene, somebody invited to it, and their link."""
    assert ask(people).status_code == 302
    who = member(people)
    return people, who, send(people, who)


def test_invitation_makes_a_member_with_role_team_and_manager(people: Scene) -> None:
    with workspace(people.workspace.pk):
        north = Team.objects.get(name="North")
    ask(people, team=str(north.pk), manager=str(people.members["erin"].pk))
    made = member(people)
    assert (made.state, made.role.key, made.name) == (MembershipState.INVITED, "manager", "Nina")
    with workspace(people.workspace.pk):
        assert made.manager == people.members["erin"]
        assert made.teams.get().team == north
        signed = Operation.objects.get(verb="people.invite")
    assert signed.actor_id == people.members["dora"].pk


def test_mail_says_who_invites_where_and_for_how_long(invited: tuple[Scene, Membership, str]) -> None:
    scene, _who, _link = invited
    sent = mail.outbox[-1]
    assert sent.to == [NEW]
    assert sent.subject == f"Dora invites you to {scene.workspace.name}"
    assert "Hello Nina," in sent.body
    assert "for 7 days" in sent.body


def test_new_person_joins_with_name_and_password(invited: tuple[Scene, Membership, str], anonymous: Client) -> None:
    scene, who, link = invited
    page = anonymous.get(link).content.decode()
    assert f"Join {scene.workspace.name}" in page
    assert 'value="Nina"' in page
    done = anonymous.post(link, {"name": "Nina Novak", "password": PASSWORD})
    assert done.url == f"/w/{scene.workspace.slug}/"
    joined = member(scene)
    assert (joined.state, joined.name, joined.user.email) == (MembershipState.ACTIVE, "Nina Novak", NEW)  # type: ignore[union-attr]
    assert anonymous.get(f"/w/{scene.workspace.slug}/settings/profile/").status_code == 200
    with workspace(scene.workspace.pk):
        signed = Operation.objects.get(verb="people.accept")
    assert (signed.actor_id, signed.actor_name, signed.address) == (who.pk, "Nina", "127.0.0.1")


def test_weak_password_and_missing_name_are_refused_in_place(invited: tuple[Scene, Membership, str], anonymous: Client) -> None:
    scene, _who, link = invited
    answer = anonymous.post(link, {"name": " ", "password": "short"})
    assert answer.status_code == 422
    assert "Enter your name." in answer.content.decode()
    assert "at least 10 characters" in answer.content.decode()
    assert member(scene).state == MembershipState.INVITED
    assert not User.objects.filter(email=NEW).exists()


def test_link_works_once(invited: tuple[Scene, Membership, str], anonymous: Client) -> None:
    _scene, _who, link = invited
    anonymous.post(link, {"name": "Nina", "password": PASSWORD})
    again = Client(HTTP_HOST="127.0.0.1").get(link)
    assert again.status_code == 410
    assert "It was used already" in again.content.decode()


def test_link_ends_after_seven_days(people: Scene, anonymous: Client) -> None:
    with time_machine.travel("2026-05-01T12:00:00Z", tick=False) as clock:
        ask(people)
        link = send(people, member(people))
        clock.shift(7 * 24 * 3600 - 60)
        assert anonymous.get(link).status_code == 200
        clock.shift(120)
        late = anonymous.get(link)
    assert late.status_code == 410
    assert "older than seven days" in late.content.decode()


def test_new_mail_ends_the_older_link(invited: tuple[Scene, Membership, str], anonymous: Client) -> None:
    scene, who, link = invited
    assert admin(scene).post(f"/w/{scene.workspace.slug}/people/{who.pk}/do/resend/").status_code == 302
    newer = send(scene, who)
    assert anonymous.get(link).status_code == 410
    assert anonymous.get(newer).status_code == 200


def test_forged_and_broken_links_are_told_apart_from_nothing(people: Scene, anonymous: Client) -> None:
    ask(people)
    link = send(people, member(people))
    for bad in (link.replace("/auth/join/", "/auth/join/A"), "/auth/join/abc/", "/auth/join/a.b.c/"):
        assert anonymous.get(bad).status_code == 410, bad


def test_deactivating_withdraws_the_invitation(invited: tuple[Scene, Membership, str], anonymous: Client) -> None:
    scene, who, link = invited
    admin(scene).post(f"/w/{scene.workspace.slug}/people/{who.pk}/do/deactivate/")
    assert anonymous.get(link).status_code == 410


def test_somebody_with_a_sign_in_joins_another_workspace_by_it(invited: tuple[Scene, Membership, str], anonymous: Client) -> None:
    scene, _who, link = invited
    user = User.objects.create_user(NEW, PASSWORD, name="Nina")
    page = anonymous.get(link).content.decode()
    assert "You have a sign-in with this address already" in page
    assert anonymous.post(link, {"name": "Eve", "password": "something else entirely"}).status_code == 200, "the password of an existing user stays theirs"
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    way = re.search(r'href="(/auth/login/\?next=[^"]+)"', page)[1]  # type: ignore[index]
    signed_in = anonymous.post(way, {"login": NEW, "password": PASSWORD, "next": link})
    assert signed_in.url == link
    assert "You join as Manager." in anonymous.get(link).content.decode()
    assert anonymous.post(link).url == f"/w/{scene.workspace.slug}/"
    assert member(scene).user_id == user.pk


def test_signed_in_as_somebody_else_is_told_so(invited: tuple[Scene, Membership, str]) -> None:
    scene, _who, link = invited
    page = admin(scene, "alice").get(link).content.decode()
    assert "This invitation is for nina@new.example" in page
    admin(scene, "alice").post(link, {"name": "Alice", "password": PASSWORD})
    assert member(scene).state == MembershipState.INVITED


def test_invitation_can_be_undone_until_it_is_accepted(invited: tuple[Scene, Membership, str], anonymous: Client) -> None:
    scene, _who, link = invited
    with workspace(scene.workspace.pk):
        undo(Operation.objects.get(verb="people.invite").pk, access=scene.access())
        assert not Membership.objects.filter(email=NEW).exists()
    assert anonymous.get(link).status_code == 410


@pytest.mark.parametrize(
    ("email", "said"),
    [("", "Enter a value"), ("nonsense", "e-mail address"), ("ALICE@{slug}.example", "Alice is in this workspace already.")],
)
def test_invitation_says_what_is_wrong_with_the_address(people: Scene, email: str, said: str) -> None:
    answer = ask(people, email.format(slug=people.workspace.slug))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'id="e-email"' in answer.content.decode()


def test_listed_colleague_is_invited_at_their_own_record(people: Scene) -> None:
    with workspace(people.workspace.pk):
        from patron.ledger.operations import operation

        with operation("test", access=people.access()):
            listed = Membership.objects.create(name="Imported Ingo", role=Role.objects.get(key="sales-agent"))
    where = f"/w/{people.workspace.slug}/people/{listed.pk}/do/invite/"
    assert admin(people).post(where, {"email": ""}).status_code == 422
    taken = admin(people).post(where, {"email": f"bob@{people.workspace.slug}.example"})
    assert "Another person here has this address." in taken.content.decode()
    assert admin(people).post(where, {"email": "ingo@new.example"}).status_code == 302
    assert member(people, "ingo@new.example").pk == listed.pk


@pytest.mark.parametrize("name", ["alice", "erin", "rita"])
def test_only_administrators_invite(people: Scene, name: str) -> None:
    where = f"/w/{people.workspace.slug}/settings/people/invite/"
    assert admin(people, name).get(where).status_code == 403
    assert admin(people, name).post(where, {"email": NEW}).status_code == 403
    with workspace(people.workspace.pk):
        assert not Membership.objects.filter(email=NEW).exists()


def test_mail_server_away_is_shown_to_the_administrator_and_tried_again(people: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(people)
    who = member(people)

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise ConnectionRefusedError("Connection refused")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    with pytest.raises(ConnectionRefusedError):
        send(people, who)
    page = admin(people).get(f"/w/{people.workspace.slug}/people/{who.pk}/").content.decode()
    assert "The mail could not be sent: Connection refused" in page
    assert jobs.send_invitation.retry_strategy is not None


def test_link_on_the_page_is_for_administrators(invited: tuple[Scene, Membership, str]) -> None:
    scene, who, link = invited
    where = f"/w/{scene.workspace.slug}/people/{who.pk}/"
    token = link.split("/")[-2].rpartition(".")[0].rpartition(".")[0]
    assert token in admin(scene).get(where).content.decode()
    assert token not in admin(scene, "alice").get(where).content.decode()


def test_workspaces_do_not_mix(invited: tuple[Scene, Membership, str], anonymous: Client) -> None:
    """The same address may be invited to two workspaces; each link is for its own."""
    scene, _who, link = invited
    other = make_workspace()
    ask(other)
    second = send(other, member(other))
    anonymous.post(second, {"name": "Nina", "password": PASSWORD})
    assert member(other).state == MembershipState.ACTIVE
    assert member(scene).state == MembershipState.INVITED
    claim = invitations.read(link.split("/")[-2])
    assert claim.workspace_id == scene.workspace.pk
