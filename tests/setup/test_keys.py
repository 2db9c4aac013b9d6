"""Keys in the settings: who makes and sees them, what the page shows once, how one ends and comes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.test import Client

from patron.identity.models import ApiToken
from patron.kernel.tenancy import workspace
from patron.ledger.models import Operation
from patron.testing import Scene

As = Callable[..., Client]
FORM = {"name": "Shop", "reach": "chosen", "days": "90", "scope": ["deals.view", "accounts.edit"]}


def make_key(client: Client, url: Callable[..., str], **values: Any) -> str:
    answer = client.post(url("keys", "new"), {**FORM, **values})
    assert answer.status_code == 200, answer.content[:2000]
    assert "no-store" in answer.headers["Cache-Control"]
    found = re.search(r'value="(patron_[0-9a-f]{32}_[0-9a-f]{48})"', answer.content.decode())
    assert found
    return found[1]


def status(key: str, path: str = "me/") -> int:
    return Client(HTTP_HOST="127.0.0.1").get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {key}"}).status_code


def test_a_key_is_shown_once_and_opens_what_was_ticked(scene: Scene, as_: As, url: Callable[..., str]) -> None:
    client = as_("alice")
    key = make_key(client, url)
    assert status(key, "deals/") == 200 and status(key, "contacts/") == 403
    page = client.get(url("keys")).content.decode()
    assert "Shop" in page and key not in page and "deals: see" in page
    with workspace(scene.workspace.pk):
        made = ApiToken.objects.get()
        assert made.member_id == scene.members["alice"].pk and made.scopes == ["accounts.edit", "deals.view"]
        signed = Operation.objects.get(verb="keys.create")
        assert (signed.subject_type, signed.subject_id, signed.actor_id) == ("keys", made.pk, scene.members["alice"].pk)


def test_everybody_sees_their_own_and_administrators_all(as_: As, url: Callable[..., str], scene: Scene) -> None:
    make_key(as_("alice"), url, name="Of Alice")
    make_key(as_("bob"), url, name="Of Bob")
    alice, boss = as_("alice").get(url("keys")).content.decode(), as_().get(url("keys")).content.decode()
    assert "Of Alice" in alice and "Of Bob" not in alice
    assert "Of Alice" in boss and "Of Bob" in boss
    with workspace(scene.workspace.pk):
        theirs = ApiToken.objects.get(name="Of Bob").pk
    assert as_("alice").post(url("keys", theirs, "revoke")).status_code == 404
    assert as_("alice").post(f"/w/{scene.workspace.slug}/keys/{theirs}/do/revoke/").status_code == 404
    assert "Of Bob" not in as_("alice").get(f"/w/{scene.workspace.slug}/keys/").content.decode()


def test_revoking_turns_the_program_away_and_undo_lets_it_in_again(as_: As, url: Callable[..., str], scene: Scene) -> None:
    client = as_("alice")
    key = make_key(client, url)
    with workspace(scene.workspace.pk):
        pk = ApiToken.objects.get().pk
    assert "Revoke" in client.get(url("keys", pk, "revoke")).content.decode()
    assert client.post(url("keys", pk, "revoke")).status_code == 302
    assert status(key) == 401
    assert "Revoked" in client.get(url("keys")).content.decode()
    assert client.post(url("keys", pk, "revoke")).status_code == 422
    with workspace(scene.workspace.pk):
        done = Operation.objects.get(verb="keys.revoke").pk
    assert client.post(f"/w/{scene.workspace.slug}/history/{done}/undo/").status_code == 302
    assert status(key) == 200


def test_refused_forms_say_what_to_do_and_write_nothing(as_: As, url: Callable[..., str], scene: Scene) -> None:
    client = as_("alice")
    for wrong, word in (
        ({"name": " "}, "Name the program"), ({"name": "x" * 81}, "80 characters"), ({"reach": "?"}, "how far"), ({"scope": []}, "Tick at least one"),
        ({"days": "7"}, "when the key ends"), ({"scope": ["deals.fly"]}, "no scope"),
    ):  # fmt: skip
        answer = client.post(url("keys", "new"), {**FORM, **wrong})
        assert answer.status_code == 422 and word in answer.content.decode(), wrong
    with workspace(scene.workspace.pk):
        assert not ApiToken.objects.exists()


def test_who_may_create_nothing_makes_no_key(as_: As, url: Callable[..., str]) -> None:
    rita = as_("rita")
    assert "New key" not in rita.get(url("keys")).content.decode()
    assert rita.post(url("keys", "new"), FORM).status_code == 403
