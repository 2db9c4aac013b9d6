"""Signing in without a browser: words, states, lock-out, what is closed."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import NoReverseMatch, reverse

from patron.identity.adapter import browser_of
from patron.testing import PASSWORD, Scene

LOGIN = "/auth/login/"


def try_with(client: Client, scene: Scene, password: str, name: str = "alice") -> Any:
    return client.post(LOGIN, {"login": f"{name}@{scene.workspace.slug}.example", "password": password})


def words(response: Any) -> str:
    """The message of a refusal."""
    return " ".join(re.findall(r'role="alert">.*?<div>(.*?)</div>', response.content.decode(), re.DOTALL))


def test_right_password_leads_to_the_workspace(anonymous: Client, people: Scene) -> None:
    response = try_with(anonymous, people, PASSWORD)
    assert (response.status_code, response.url) == (302, "/")
    assert anonymous.get("/").url == f"/w/{people.workspace.slug}/"


def test_address_is_compared_without_case_and_kept_as_verified(anonymous: Client, people: Scene) -> None:
    response = anonymous.post(LOGIN, {"login": f" ALICE@{people.workspace.slug}.example ", "password": PASSWORD})
    assert response.status_code == 302
    assert EmailAddress.objects.filter(user=people.users["alice"], verified=True, primary=True).count() == 1


def test_sign_in_leads_on_to_where_one_wanted_to_go(anonymous: Client, people: Scene) -> None:
    wanted = f"/w/{people.workspace.slug}/people/"
    first = anonymous.get(wanted)
    assert first.url == f"/auth/login/?next={wanted.replace('/', '%2F')}"
    assert f'name="next" value="{wanted}"' in anonymous.get(first.url).content.decode()
    data = {"login": f"alice@{people.workspace.slug}.example", "password": PASSWORD}
    assert anonymous.post(LOGIN, {**data, "next": wanted}).url == wanted


def test_sign_in_never_leads_to_another_site(anonymous: Client, people: Scene) -> None:
    data = {"login": f"alice@{people.workspace.slug}.example", "password": PASSWORD, "next": "https://evil.example/"}
    assert anonymous.post(LOGIN, data).url == "/"


def test_wrong_password_and_unknown_address_look_alike(anonymous: Client, people: Scene) -> None:
    known, unknown = try_with(anonymous, people, "wrong"), try_with(anonymous, people, "wrong", "nobody")
    assert known.status_code == unknown.status_code == 422
    assert words(known) == words(unknown) == "The e-mail address or password is not right. You have 4 tries left."


def test_five_failures_lock_the_address_for_five_minutes(anonymous: Client, people: Scene) -> None:
    with time_machine.travel("2026-03-02T09:00:00Z", tick=False) as clock:
        statuses = [try_with(anonymous, people, "wrong").status_code for _i in range(4)]
        assert statuses == [422] * 4
        fifth = try_with(anonymous, people, "wrong")
        assert (fifth.status_code, words(fifth)) == (429, "Too many tries. Wait 5 minutes, then try again, or set a new password.")
        clock.shift(150)
        right = try_with(anonymous, people, PASSWORD)
        assert (right.status_code, words(right)) == (429, "Too many tries. Wait 3 minutes, then try again, or set a new password.")
        assert right.headers["Retry-After"] == "60"
        assert try_with(anonymous, people, PASSWORD, "bob").status_code == 302, "others are not locked out"
        clock.shift(151)
        anonymous.logout()
        assert try_with(anonymous, people, PASSWORD).status_code == 302


def test_many_tries_from_one_place_are_stopped_by_a_page(anonymous: Client, people: Scene) -> None:
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False):
        answers = [anonymous.post(LOGIN, {"login": f"n{i}@x.example", "password": "wrong"}) for i in range(61)]
    assert answers[11].status_code == 429, "ten failures a minute from one address"
    assert answers[60].status_code == 429
    assert "Wait one minute" in answers[60].content.decode()


def test_switched_off_user_is_told_so(anonymous: Client, people: Scene) -> None:
    people.users["alice"].is_active = False
    people.users["alice"].save()
    response = try_with(anonymous, people, PASSWORD)
    assert response.url == reverse("account_inactive")
    assert "switched off" in anonymous.get(response.url).content.decode()


def test_nobody_signs_up(anonymous: Client, people: Scene) -> None:
    page = anonymous.get("/auth/signup/")
    assert "People join by invitation" in page.content.decode()
    anonymous.post("/auth/signup/", {"email": "new@x.example", "password1": PASSWORD})
    assert not EmailAddress.objects.filter(email="new@x.example").exists()


def test_pages_that_patron_does_not_use_do_not_exist(anonymous: Client, people: Scene) -> None:
    for path in ("/auth/email/", "/auth/confirm-email/", "/auth/login/code/confirm/"):
        assert anonymous.get(path).status_code == 404
    for name in ("account_email", "account_confirm_email", "account_confirm_login_code"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_own_pages_ask_strangers_to_sign_in(anonymous: Client, people: Scene) -> None:
    for name in ("mfa_index", "usersessions_list", "account_change_password", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn"):
        assert anonymous.get(reverse(name)).url.startswith(LOGIN)


def test_password_change_keeps_this_device_and_signs_out_others(anonymous: Client, people: Scene) -> None:
    other = Client(HTTP_HOST="127.0.0.1")
    for client in (anonymous, other):
        try_with(client, people, PASSWORD)
    wrong = anonymous.post("/auth/password/change/", {"oldpassword": "no", "password1": "a brand new phrase", "password2": "a brand new phrase"})
    assert wrong.status_code == 422
    assert "This is not your present password." in wrong.content.decode()
    short = anonymous.post("/auth/password/change/", {"oldpassword": PASSWORD, "password1": "short", "password2": "short"})
    assert short.status_code == 422
    assert "at least 10 characters" in short.content.decode()
    done = anonymous.post("/auth/password/change/", {"oldpassword": PASSWORD, "password1": "a brand new phrase", "password2": "a brand new phrase"})
    assert done.url == reverse("mfa_index")
    assert anonymous.get(reverse("mfa_index")).status_code == 200
    assert other.get(reverse("mfa_index")).status_code == 302


def test_sign_out_asks_on_get_and_acts_on_post(anonymous: Client, people: Scene) -> None:
    try_with(anonymous, people, PASSWORD)
    assert "Sign out?" in anonymous.get("/auth/logout/").content.decode()
    assert anonymous.get(reverse("mfa_index")).status_code == 200
    anonymous.post("/auth/logout/")
    assert anonymous.get(reverse("mfa_index")).status_code == 302


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("curl/8", "Unknown browser"),
    ],
)
def test_browser_is_named_as_people_say_it(agent: str, said: str) -> None:
    assert browser_of(agent) == said
