"""`patron user` and `patron token`, as they are typed."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from click.testing import CliRunner, Result
from django.test import Client

from patron.config import cli, runtime
from patron.identity import database, keys
from patron.identity.enums import MembershipState
from patron.identity.models import ApiToken, Membership, Role, User
from patron.kernel.tenancy import workspace
from patron.ledger.models import Change, Operation
from patron.ledger.operations import operation
from patron.testing import PASSWORD, Scene

FRESH = "a long enough phrase"
Run = Callable[..., Result]


@pytest.fixture
def run(people: Scene, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Types a command against the test's database."""

    @contextlib.contextmanager
    def ready(**_options: Any) -> Iterator[None]:
        yield

    monkeypatch.setattr(runtime, "django_ready", ready)
    return lambda *words, text="": CliRunner().invoke(cli.cli, words, input=text)


def membership(scene: Scene, email: str) -> Membership:
    with workspace(scene.workspace.pk):
        return Membership.objects.select_related("role").get(user__email=email)


def test_add_makes_a_user_who_can_sign_in(run: Run, people: Scene, anonymous: Client) -> None:
    done = run("user", "add", "zoe@new.example", "--name", "Zoe", "--workspace", people.workspace.slug, "--role", "Manager", "--password-stdin", text=FRESH + "\n")
    assert (done.exit_code, done.output) == (0, f"zoe@new.example can sign in to {people.workspace.slug} as Manager.\n")
    member = membership(people, "zoe@new.example")
    assert (member.name, member.role.key, member.state) == ("Zoe", "manager", MembershipState.ACTIVE)
    assert EmailAddress.objects.get(user__email="zoe@new.example").verified
    assert anonymous.post("/auth/login/", {"login": "zoe@new.example", "password": FRESH}).status_code == 302
    with workspace(people.workspace.pk):
        assert Operation.objects.get(verb="people.join").actor_name == "Patron"


def test_add_takes_over_a_listed_colleague(run: Run, people: Scene) -> None:
    with workspace(people.workspace.pk), operation("test", access=people.system):
        listed = Membership.objects.create(name="Imported Ingo", email="ingo@new.example", role=Role.objects.get(key="sales-agent"))
    run("user", "add", "Ingo@new.example", "--workspace", people.workspace.slug, "--role", "sales-agent", "--password-stdin", text=FRESH + "\n")
    assert membership(people, "Ingo@new.example").pk == listed.pk


@pytest.mark.parametrize(
    ("words", "text", "said"),
    [
        (["user", "add", "nonsense", "--password-stdin"], FRESH, "Enter an e-mail address"),
        (["user", "add", "a@b.example", "--password-stdin"], "short", "at least 10 characters"),
        (["user", "add", "a@b.example", "--workspace", "nowhere", "--password-stdin"], FRESH, "There is no workspace 'nowhere'."),
        (["user", "add", "a@b.example", "--workspace", "{slug}", "--role", "King", "--password-stdin"], FRESH, "There is no role 'King' in this workspace. There are: Account manager,"),
        (["user", "add", "alice@{slug}.example"], "", "has a user already"),
        (["user", "add", "alice@{slug}.example", "--workspace", "{slug}"], "", "is in this workspace already"),
        (["user", "password", "nobody@x.example", "--password-stdin"], FRESH, "There is no user 'nobody@x.example'."),
        (["user", "deactivate", "dora@{slug}.example", "--workspace", "{slug}"], "", "Make another person an administrator first"),
        (["token", "create", "Sync", "--workspace", "{slug}", "--person", "nobody@x.example"], "", "nobody who signs in to this workspace"),
        (["token", "create", "Sync", "--workspace", "{slug}", "--person", "bob@{slug}.example", "--scope", "deals.fly"], "", "There is no scope 'deals.fly'"),
        (["token", "create", " ", "--workspace", "{slug}", "--person", "bob@{slug}.example"], "", "Give the key a name"),
        (["token", "revoke", "00000000", "--workspace", "{slug}"], "", "There is no key in force that begins with '00000000'"),
    ],
)
def test_what_cannot_be_done_says_so_and_changes_nothing(run: Run, people: Scene, words: list[str], text: str, said: str) -> None:
    before = User.objects.count()
    done = run(*[w.format(slug=people.workspace.slug) for w in words], text=text + "\n")
    assert done.exit_code == 1
    assert said in done.output
    assert User.objects.count() == before
    with workspace(people.workspace.pk):
        assert not ApiToken.objects.exists()


def test_without_a_terminal_the_password_is_not_asked_for(run: Run, people: Scene) -> None:
    done = run("user", "add", "zoe@new.example")
    assert done.exit_code == 2
    assert "--password-stdin" in done.output


def test_list_shows_users_and_people(run: Run, people: Scene) -> None:
    with workspace(people.workspace.pk), operation("test", access=people.system):
        Membership.objects.create(name="Imported Ingo", role=Role.objects.get(key="sales-agent"))
    users = json.loads(run("user", "list", "--json").output)
    alice = next(u for u in users if u["email"] == people.users["alice"].email)
    assert alice["workspaces"] == [{"slug": people.workspace.slug, "role": "Sales agent", "state": "active"}]
    found = json.loads(run("user", "list", "--workspace", people.workspace.slug, "--json").output)
    assert [(p["name"], p["signs_in"]) for p in found if p["name"] == "Imported Ingo"] == [("Imported Ingo", False)]
    assert "Imported Ingo" in run("user", "list", "--workspace", people.workspace.slug).output


def test_password_ends_every_session(run: Run, people: Scene, anonymous: Client) -> None:
    email = people.users["alice"].email
    anonymous.post("/auth/login/", {"login": email, "password": PASSWORD})
    assert run("user", "password", email, "--password-stdin", text=FRESH + "\n").exit_code == 0
    assert anonymous.get("/auth/security/").status_code == 302
    assert User.objects.get(email=email).check_password(FRESH)


def test_deactivate_everywhere_and_activate(run: Run, people: Scene, anonymous: Client) -> None:
    email = people.users["alice"].email
    anonymous.post("/auth/login/", {"login": email, "password": PASSWORD})
    assert run("user", "deactivate", email).exit_code == 0
    assert anonymous.get("/auth/security/").status_code == 302
    assert run("user", "activate", email).exit_code == 0
    assert anonymous.post("/auth/login/", {"login": email, "password": PASSWORD}).url == "/"


def test_deactivate_in_one_workspace_keeps_the_reason(run: Run, people: Scene) -> None:
    email, slug = people.users["alice"].email, people.workspace.slug
    assert run("user", "deactivate", email, "--workspace", slug, "--reason", "Left in May").exit_code == 0
    assert membership(people, email).state == MembershipState.DEACTIVATED
    with workspace(people.workspace.pk):
        assert Operation.objects.get(verb="people.deactivate").reason == "Left in May"
    assert run("user", "activate", email, "--workspace", slug).exit_code == 0
    assert membership(people, email).state == MembershipState.ACTIVE


def test_second_step_off_helps_who_lost_a_phone(run: Run, people: Scene) -> None:
    user = people.users["alice"]
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "ABC"})
    assert "password alone" in run("user", "second-step-off", user.email).output
    assert not Authenticator.objects.filter(user=user).exists()
    assert "had no second step" in run("user", "second-step-off", user.email).output


def test_token_is_shown_once_and_kept_as_a_hash(run: Run, people: Scene) -> None:
    slug, email = people.workspace.slug, people.users["bob"].email
    made = json.loads(run("token", "create", "Sync", "--workspace", slug, "--person", email, "--scope", "deals.view", "--scope", "tasks.*", "--json").output)
    key = made["key"]
    assert keys.workspace_id_of(key) == people.workspace.pk
    with workspace(people.workspace.pk):
        kept = ApiToken.objects.get()
        assert (kept.prefix, kept.hash, kept.scopes) == (made["prefix"], keys.digest(key), ["deals.view", "tasks.*"])
        assert _found(key)
        assert key.rpartition("_")[2] not in json.dumps([c.changes for c in Change.objects.filter(table_name=ApiToken._meta.db_table)])
        assert Operation.objects.get(verb="keys.create").details == {"name": "Sync", "person": "Bob"}
    listed = json.loads(run("token", "list", "--workspace", slug, "--json").output)
    assert [(t["prefix"], t["person"], t["state"]) for t in listed] == [(made["prefix"], "Bob", "in force")]


def _found(key: str) -> bool:
    """Whether a program that shows the key is let in."""
    return database.enter_by_key(keys.workspace_id_of(key), keys.digest(key)) is not None


def test_revoked_expired_and_orphaned_tokens_are_no_longer_found(run: Run, people: Scene) -> None:
    slug, email = people.workspace.slug, people.users["bob"].email

    def create() -> dict[str, Any]:
        return dict(json.loads(run("token", "create", "Sync", "--workspace", slug, "--person", email, "--json").output))

    revoked, expired, orphaned = create(), create(), create()
    assert run("token", "revoke", revoked["prefix"], "--workspace", slug).exit_code == 0
    assert "no key in force" in run("token", "revoke", revoked["prefix"], "--workspace", slug).output
    with workspace(people.workspace.pk), operation("test", access=people.system):
        assert _found(orphaned["key"])
        ApiToken.objects.filter(prefix=expired["prefix"]).update(expires_at="2020-01-01T00:00Z")
        Membership.objects.filter(pk=people.members["bob"].pk).update(state=MembershipState.DEACTIVATED)
        assert not any(_found(t["key"]) for t in (revoked, expired, orphaned))
    assert keys.workspace_id_of("nonsense") is None
