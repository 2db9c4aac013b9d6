"""Sessions are looked up by statements of our own: they end when they should."""

from __future__ import annotations

import datetime

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from patron.testing import Scene


@pytest.fixture
def client(scene: Scene) -> Client:
    made = Client(HTTP_HOST="127.0.0.1")
    made.force_login(scene.users["alice"])
    return made


def status(scene: Scene, client: Client) -> int:
    return client.get(f"/w/{scene.workspace.slug}/").status_code


def test_a_session_that_ended_signs_nobody_in(scene: Scene, client: Client) -> None:
    assert status(scene, client) == 200
    Session.objects.filter(session_key=client.cookies["sessionid"].value).update(expire_date=timezone.now() - datetime.timedelta(seconds=1))
    assert status(scene, client) == 302


def test_a_session_key_that_never_was_signs_nobody_in(scene: Scene) -> None:
    stranger = Client(HTTP_HOST="127.0.0.1")
    stranger.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    assert status(scene, stranger) == 302


def test_signing_out_ends_the_session_for_good(scene: Scene, client: Client) -> None:
    key = client.cookies["sessionid"].value
    client.logout()
    again = Client(HTTP_HOST="127.0.0.1")
    again.cookies[settings.SESSION_COOKIE_NAME] = key
    assert status(scene, again) == 302


def test_a_user_who_is_switched_off_or_has_a_new_password_is_signed_out(scene: Scene, client: Client) -> None:
    user = scene.users["alice"]
    user.is_active = False
    user.save()
    assert status(scene, client) == 302
    user.is_active = True
    user.set_password("another password 99")
    user.save()
    assert status(scene, client) == 302


def test_preferences_of_the_user_are_read_as_they_were_written(scene: Scene, client: Client) -> None:
    user = scene.users["alice"]
    user.preferences = {"a": [1, "ü"]}
    user.save()
    request = client.get(f"/w/{scene.workspace.slug}/").wsgi_request
    assert request.user.preferences == {"a": [1, "ü"]}
