"""A forgotten password, with a real mail server at the other end."""

from __future__ import annotations

import email
import email.policy
import re
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test import Client

from patron.identity.models import User
from patron.testing import PASSWORD, Scene

FRESH = "an entirely new phrase"


class Box:
    """Keeps what arrives."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append((envelope.rcpt_tos, message))
        return "250 OK"


@pytest.fixture
def box(settings: Any) -> Iterator[Box]:
    """A mail server on a free port, which Patron is told to use."""
    found = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(found, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL = "crm@larkfield.example"
    yield found
    controller.stop()


def ask(client: Client, address: str) -> Any:
    return client.post("/auth/password/reset/", {"email": address})


def link_in(message: EmailMessage) -> str:
    return re.search(r"https?://[^/]+(/auth/password/reset/key/\S+)", message.get_content())[1]  # type: ignore[index]


def test_link_arrives_and_sets_a_new_password_once(anonymous: Client, people: Scene, box: Box) -> None:
    elsewhere = Client(HTTP_HOST="127.0.0.1")
    address = people.users["alice"].email
    elsewhere.post("/auth/login/", {"login": address, "password": PASSWORD})
    assert ask(anonymous, address.upper()).url == "/auth/password/reset/done/"
    ((to, message),) = box.mails
    assert [a.lower() for a in to] == [address]
    assert (message["From"], message["Subject"]) == ("crm@larkfield.example", "Set a new password for Patron")
    assert message.get_content_type() == "text/plain"
    assert "Hello Alice," in message.get_content()

    form = anonymous.get(link_in(message), follow=True)
    assert "Choose a new password" in form.content.decode()
    where = form.redirect_chain[-1][0]
    unlike = anonymous.post(where, {"password1": FRESH, "password2": "other"})
    assert unlike.status_code == 422
    done = anonymous.post(where, {"password1": FRESH, "password2": FRESH}, follow=True)
    assert "All devices were signed out" in done.content.decode()
    assert User.objects.get(pk=people.users["alice"].pk).check_password(FRESH)
    assert elsewhere.get("/auth/security/").status_code == 302
    assert box.mails[-1][1]["Subject"] == "Your password was reset"

    again = Client(HTTP_HOST="127.0.0.1").get(link_in(message), follow=True)
    assert "This link no longer works" in again.content.decode()


def test_unknown_address_gets_the_same_answer_and_no_mail(anonymous: Client, people: Scene, box: Box) -> None:
    assert ask(anonymous, "nobody@elsewhere.example").url == "/auth/password/reset/done/"
    assert not box.mails


def test_mail_server_away_changes_nothing_for_strangers(anonymous: Client, people: Scene, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert ask(anonymous, people.users["alice"].email).url == "/auth/password/reset/done/"


def test_reset_ends_a_lock_out(anonymous: Client, people: Scene, box: Box) -> None:
    address = people.users["alice"].email
    for _i in range(5):
        anonymous.post("/auth/login/", {"login": address, "password": "wrong"})
    assert anonymous.post("/auth/login/", {"login": address, "password": PASSWORD}).status_code == 429
    ask(anonymous, address)
    where = anonymous.get(link_in(box.mails[0][1]), follow=True).redirect_chain[-1][0]
    anonymous.post(where, {"password1": FRESH, "password2": FRESH})
    assert anonymous.post("/auth/login/", {"login": address, "password": FRESH}).status_code == 302


def test_too_many_mails_to_one_address_are_refused(anonymous: Client, people: Scene, box: Box) -> None:
    answers = [ask(anonymous, people.users["bob"].email).status_code for _i in range(6)]
    assert answers == [302] * 5 + [429]
    assert len(box.mails) == 5


def test_nonsense_is_refused_in_place(anonymous: Client, people: Scene) -> None:
    answer = ask(anonymous, "nonsense")
    assert answer.status_code == 422
    assert 'id="e-email"' in answer.content.decode()


def test_change_of_password_is_told_by_mail(anonymous: Client, people: Scene, box: Box) -> None:
    anonymous.post("/auth/login/", {"login": people.users["alice"].email, "password": PASSWORD})
    anonymous.post("/auth/password/change/", {"oldpassword": PASSWORD, "password1": FRESH, "password2": FRESH})
    ((_to, message),) = box.mails
    assert message["Subject"] == "Your password was changed"
    assert "Address: 127.0.0.1" in message.get_content()
