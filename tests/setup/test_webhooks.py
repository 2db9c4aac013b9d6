"""The screens of webhooks: making one and seeing its secret once, what it sent, sending again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from patron.automation.models import Delivery, Health, Webhook
from patron.kernel.tenancy import workspace
from patron.setup.domain import deliveries as listing
from patron.testing import Scene
from tests.automation.receiving import Receiver, created, delivered, deliveries, hook_of, receiving, secret_of
from tests.identity.browser import Look, entered, faults


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.PATRON_WEBHOOK_LOOPBACK = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def test_the_secret_is_shown_when_it_is_made_and_never_again(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    dora = as_()
    answer = dora.post(url("webhooks", "new"), {"name": "Warehouse", "url": "https://warehouse.example/in", "events": "deals.win, accounts.*"})
    with workspace(scene.workspace.pk):
        hook = Webhook.objects.get()
    assert hook.events == ["deals.win", "accounts.*"] and hook.member_id == scene.members["dora"].pk
    secret = secret_of(scene, hook)
    assert secret in answer.content.decode().replace("&#43;", "+") and answer.headers["Cache-Control"] == "no-store"
    for path in (url("webhooks"), url("webhooks", hook.pk), url("webhooks", hook.pk, "edit")):
        page = dora.get(path)
        assert page.status_code == 200 and "whsec_" not in page.content.decode()
    replaced = dora.post(url("webhooks", hook.pk, "do", "rotate_secret")).content.decode()
    assert "whsec_" in replaced and secret not in replaced


@pytest.mark.parametrize(("name", "value"), [("url", "http://example.com/"), ("url", "https://10.0.0.1/"), ("events", "deals.nonsense"), ("events", ""), ("name", "")])
def test_what_is_wrong_is_said_at_its_field(as_: Callable[..., Any], url: Callable[..., str], scene: Scene, name: str, value: str) -> None:
    data = {"name": "Hook", "url": "https://receiver.example/", "events": "*", name: value}
    answer = as_().post(url("webhooks", "new"), data)
    assert answer.status_code == 422 and f'id="e-{name}"' in answer.content.decode()
    with workspace(scene.workspace.pk):
        assert not Webhook.objects.exists()


def test_messages_are_filtered_opened_and_sent_again(scene: Scene, as_: Callable[..., Any], url: Callable[..., str], receiver: Receiver) -> None:
    hook = hook_of(scene, receiver.url, "industries.*")
    receiver.answer, receiver.content = (lambda message, number: 500), b"<script>alert(1)</script>"
    created(scene, name="Steel & <b>iron</b>")
    delivered(scene)
    with workspace(scene.workspace.pk):
        Delivery.objects.update(state="exhausted", attempts=8)
    dora = as_()
    page = dora.get(url("webhooks", hook.pk) + "?state=exhausted").content.decode()
    assert "industries.create" in page and "<b>iron" not in page
    assert "industries.create" not in dora.get(url("webhooks", hook.pk) + "?state=delivered").content.decode()
    (row,) = deliveries(scene)
    opened = dora.get(url("webhooks", hook.pk, row.pk)).content.decode()
    assert "&lt;script&gt;" in opened and "<script>alert" not in opened and f"msg_{row.pk.hex}" in opened
    assert dora.post(url("webhooks", hook.pk, "do", "replay"), {"message": f"msg_{row.pk.hex}"}).status_code == 302
    receiver.answer = lambda message, number: 200
    delivered(scene)
    assert "sent again" in dora.get(url("webhooks", hook.pk)).content.decode()
    assert dora.post(url("webhooks", hook.pk, "do", "replay"), {"since": "2026-01-01T00:00"}).status_code == 409


def test_pages_of_messages_miss_none(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 3)
    hook = hook_of(scene, "https://receiver.example/", "*")
    with workspace(scene.workspace.pk):
        Delivery.objects.bulk_create(Delivery(webhook_id=hook.pk, seq=i, event="x.y", type_key="x", record_id=hook.pk, operation_id=hook.pk, payload="{}") for i in range(8))
        seen, after = [], ""
        while True:
            rows, after = listing.page(hook, "", after)
            seen += [r.pk for r in rows]
            if not after:
                break
        assert len(seen) == len(set(seen)) == 8
        for broken in ("x", "2026-01-01_x", "_", "9999-99-99T00:00:00Z_" + str(hook.pk)):
            assert len(listing.page(hook, "", broken)[0]) == 3


@pytest.mark.parametrize("name", ["alice", "rita"])
def test_only_administrators_come_in(scene: Scene, as_: Callable[..., Any], url: Callable[..., str], name: str) -> None:
    hook = hook_of(scene, "https://receiver.example/", "*")
    client = as_(name)
    for path in (url("webhooks"), url("webhooks", "new"), url("webhooks", hook.pk), url("webhooks", "events")):
        assert client.get(path).status_code == 403
    assert client.post(url("webhooks", hook.pk, "do", "rotate_secret")).status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_screens_are_accessible_and_fit(base: str, browser: Browser, lasting_people: Scene, width: int) -> None:
    scene = lasting_people
    looks: tuple[Look, ...] = (("light", width, 2000), ("dark", width, 2000))
    page = entered(browser, base, scene, viewport={"width": width, "height": 2000})
    start = f"/w/{scene.workspace.slug}/settings/webhooks/"
    page.goto(start)
    expect(page.get_by_text("No webhooks yet")).to_be_visible()
    assert not faults(page, *looks)
    page.keyboard.press("n")
    expect(page.locator("#dialog").get_by_role("heading", name="New webhook")).to_be_visible()
    page.fill("#f-name", "Warehouse")
    page.fill("#f-url", "https://warehouse.example/" + "long" * 30)
    page.fill("#f-events", "deals.win")
    page.keyboard.press("Enter")
    page.locator("#dialog").get_by_role("button", name="Create webhook").click()
    expect(page.locator("#f-secret")).to_have_value(re.compile("^whsec_"))
    assert not faults(page, *looks)
    page.get_by_role("button", name="I have copied it").click()
    expect(page.get_by_role("heading", name="Warehouse", level=1)).to_be_visible()
    with workspace(scene.workspace.pk):
        hook = Webhook.objects.get()
        Delivery.objects.create(webhook_id=hook.pk, seq=1, event="deals.win", type_key="deals", record_id=hook.pk, title="Deal", operation_id=hook.pk, payload='{"a": 1}', state="exhausted", problem="The receiver answered 500.", status=500, milliseconds=3, answer="no", attempts=8)
        Health.objects.create(webhook_id=hook.pk, failures=8, problem="The receiver answered 500.")
    for path in (start, f"{start}{hook.pk}/"):
        page.goto(path)
        assert not faults(page, *looks), path
    page.get_by_role("link", name="deals.win").click()
    expect(page.locator("#dialog pre").first).to_be_visible()
    assert not faults(page, *looks)
    page.locator("#dialog").get_by_role("button", name="Send again").click()
    expect(page.locator(".toast").last).to_contain_text("1 message goes out again")
