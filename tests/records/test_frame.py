"""What stands around every page is kept between pages: each person still sees their own, and at once what was changed."""

from __future__ import annotations

import re

from django.test import Client

from patron.identity.models import Membership, Role, Workspace
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.testing import Scene


def client_of(scene: Scene, name: str) -> Client:
    client = Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)
    client.force_login(scene.users[name])
    return client


def page(scene: Scene, client: Client, path: str = "accounts/") -> str:
    return client.get(f"/w/{scene.workspace.slug}/{path}", follow=True).content.decode()


def sidebar(text: str) -> str:
    return text[text.index('<nav class="sidebar"') : text.index('<header class="topbar">')]


def test_each_person_sees_the_frame_of_their_own(scene: Scene) -> None:
    alice, dora = client_of(scene, "alice"), client_of(scene, "dora")
    for _again in range(2):
        one, other = page(scene, alice), page(scene, dora)
        assert "<b>Alice</b>" in one and "<b>Dora</b>" not in one
        assert "<b>Dora</b>" in other and "/settings/" in sidebar(other) and "/settings/" not in sidebar(one)


def test_the_place_is_marked_wherever_one_is(scene: Scene) -> None:
    client = client_of(scene, "dora")
    for path, label in (("accounts/", "Accounts"), ("contacts/", "Contacts"), ("", "Home"), ("accounts/", "Accounts"), ("settings/", "Settings")):
        marked = re.findall(r'aria-current="page">.*?<span class="clip">(.*?)</span>', sidebar(page(scene, client, path)))
        assert marked == [label], path


def test_the_kept_frame_has_the_form_token_of_its_own_answer(scene: Scene) -> None:
    client = client_of(scene, "alice")
    page(scene, client)
    text = page(scene, client)
    menu = text[text.index('id="account"') :]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', menu)
    assert token and "<!--" not in menu
    where = f"/w/{scene.workspace.slug}/preferences/"
    assert client.post(where, {"theme": "dark", "csrfmiddlewaretoken": token[1]}).status_code in (204, 302)
    assert client.post(where, {"theme": "light", "csrfmiddlewaretoken": "x" * 64}).status_code == 403
    assert re.search(r'value="dark"[^>]*aria-pressed="true"', page(scene, client))


def test_a_change_of_name_role_and_workspace_shows_on_the_next_page(scene: Scene) -> None:
    client = client_of(scene, "alice")
    page(scene, client)
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        Workspace.objects.filter(pk=scene.workspace.pk).update(name="Renamed & Sons")
        Membership.objects.filter(pk=scene.members["alice"].pk).update(name="Alice Newname", role=Role.objects.get(key="administrator"))
    text = page(scene, client)
    assert "Renamed &amp; Sons" in sidebar(text) and "<b>Alice Newname</b>" in text and "/settings/" in sidebar(text)
