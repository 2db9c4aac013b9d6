"""Where webhooks may not go, whatever the name says."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.automation import addresses, sending
from patron.kernel.parsing import Invalid
from patron.testing import Scene
from tests.automation.receiving import Receiver, created, delivered, deliveries, hook_of

REFUSED = [
    "127.0.0.1", "127.255.0.9", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.1.1", "169.254.169.254", "100.64.0.1",
    "100.100.100.200", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "168.63.129.16", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1", "100::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe", "::ffff:168.63.129.16", "::7f00:1", "::127.0.0.1", "64:ff9b::a00:1", "64:ff9b::169.254.169.254", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1",
    "2001:0:7f00:1::1", "nonsense", "",
]  # fmt: skip
ALLOWED = ["1.1.1.1", "93.184.215.14", "172.15.0.1", "172.32.0.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


@pytest.mark.parametrize("address", REFUSED)
def test_inside_addresses_are_refused(address: str, settings: Any) -> None:
    settings.PATRON_WEBHOOK_LOOPBACK = False
    assert not addresses.allowed(address)


@pytest.mark.parametrize("address", ALLOWED)
def test_public_addresses_are_allowed(address: str, settings: Any) -> None:
    settings.PATRON_WEBHOOK_LOOPBACK = False
    assert addresses.allowed(address)


@pytest.mark.parametrize("address", [a for a in REFUSED if a not in ("127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1")])
def test_the_setting_for_tests_opens_loopback_alone(address: str) -> None:
    assert not addresses.allowed(address)


@given(st.ip_addresses(v=4))
def test_an_address_inside_an_ipv6_form_is_judged_like_itself(address: Any) -> None:
    plain = addresses.allowed(str(address))
    assert addresses.allowed(f"::ffff:{address}") == plain
    assert addresses.allowed(f"64:ff9b::{address}") in (plain, False)
    if not plain:
        assert not addresses.allowed(f"64:ff9b::{address}")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/", "http://example.com/", "https://", "https:///x", "https://user:pw@example.com/", "https://example.com/#part", "https://exa mple.com/", "https://127.0.0.1/",
        "https://[::1]/", "https://10.1.2.3/", "https://[::ffff:10.0.0.1]/", "https://169.254.169.254/latest/", "javascript:alert(1)", "https://example.com/\r\nx: y", "https://example.com\\@10.0.0.1/",
        "https://example.com:99999/", "https://" + "a" * 600 + ".com/",
    ],
)  # fmt: skip
def test_what_cannot_be_an_address_is_refused_when_it_is_typed(url: str, settings: Any) -> None:
    settings.PATRON_WEBHOOK_LOOPBACK = False
    with pytest.raises(Invalid):
        addresses.check_url(url)


def test_ordinary_addresses_are_taken(settings: Any) -> None:
    settings.PATRON_WEBHOOK_LOOPBACK = False
    for url in ("https://example.com", "https://example.com:8443/in?a=1&b=2", "https://bücher.example/x", "https://[2606:4700:4700::1111]/"):
        addresses.check_url(url)


@pytest.mark.parametrize("name", ["localhost", "2130706433", "0x7f.1", "127.1", "0"])
def test_names_that_lead_inside_are_refused_when_connecting(name: str, settings: Any) -> None:
    settings.PATRON_WEBHOOK_LOOPBACK = False
    with pytest.raises((sending.NotAllowedThere, socket.gaierror)):
        sending.resolve(name, 80)


def test_a_name_that_changes_its_mind_is_connected_to_where_it_was_checked(scene: Scene, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the name is asked once, and what was checked is what is connected to; Host stays the name's."""
    asked: list[str] = []

    def answer(host: str, port: int, **_options: Any) -> Any:
        asked.append(host)
        inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", port))]
        good = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        return inside + good if len(asked) == 1 else inside

    monkeypatch.setattr(sending.socket, "getaddrinfo", answer)
    sender = sending.Sender()
    url = f"http://rebinding.example:{receiver.port}/in"
    first = sender.send(url, b"{}", {})
    assert first.good and asked == ["rebinding.example"]
    assert receiver.messages[0].headers["host"] == f"rebinding.example:{receiver.port}"
    sender.close()
    second = sender.send(url, b"{}", {})
    assert not second.good and "private network" in second.problem and len(receiver.messages) == 1


def test_a_message_to_the_inside_fails_in_words_and_is_not_sent(scene: Scene, receiver: Receiver, settings: Any) -> None:
    hook_of(scene, receiver.url, "industries.create")
    created(scene)
    settings.PATRON_WEBHOOK_LOOPBACK = False
    delivered(scene)
    (row,) = deliveries(scene)
    assert row.state == "waiting" and "private network" in row.problem and not receiver.messages


def test_certificates_are_checked_against_the_name(receiver: Receiver) -> None:
    outcome = sending.Sender().send(f"https://localhost:{receiver.port}/", b"{}", {})
    assert not outcome.good and outcome.status is None and outcome.problem
