"""Keys, proposals, applications and consent in a real browser: accessible in both themes and on a phone; approving and granting by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, expect

from patron.api.domain import oauth
from patron.api.domain.proposals import Wish, propose
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import registry
from patron.testing import Scene, make_workspace
from tests.identity.browser import chromium, entered, overflows, serving, violations
from tests.records.making import make

pytestmark = pytest.mark.browser


@pytest.fixture
def people(committing: None) -> Scene:
    return make_workspace()


@pytest.fixture
def base(committing: None) -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_a_person_decides(base: str, browser: Browser, people: Scene, theme: Any, width: int) -> None:
    with workspace(people.workspace.pk), operation("test", access=people.access()):
        account = make(registry.get("accounts"), people.access(), name="Acme", city="Bonn")
        proposal = propose(Wish(registry.get("accounts"), "edit", account, {"city": "Ulm"}, "They moved"), access=people.access(), client="Desk assistant")
        app = make(registry.get("applications"), people.access(), name="Planner", redirect_uris=f"{base}/api/docs/")
    place = f"/w/{people.workspace.slug}"
    page = entered(browser, base, people, color_scheme=theme, viewport={"width": width, "height": 1200})
    asked = {"client_id": oauth.client_id_of(app), "redirect_uri": f"{base}/api/docs/", "response_type": "code", "code_challenge": "c" * 43, "code_challenge_method": "S256", "state": "x"}
    consent = f"/oauth/authorize/?{urlencode(asked)}"
    for path in (f"{place}/settings/keys/", f"{place}/settings/keys/new/", f"{place}/proposals/", f"{place}/proposals/{proposal.pk}/", f"{place}/proposals/{proposal.pk}/do/approve/", f"{place}/applications/{app.pk}/", consent):
        page.goto(path)
        expect(page.locator("h1")).to_have_count(1)
        assert not violations(page), path
        assert not overflows(page), path
    with page.expect_navigation(url="**code=**"):
        page.get_by_role("button", name="Grant access").click()
    assert "state=x" in page.url
    page.goto(f"{place}/proposals/{proposal.pk}/")
    expect(page.get_by_text("Bonn")).to_be_visible()
    page.get_by_role("link", name="Approve").or_(page.get_by_role("button", name="Approve")).first.click()
    dialog = page.locator("#dialog")
    expect(dialog.get_by_text("Desk assistant")).to_be_visible()
    assert not violations(page)
    dialog.get_by_role("button", name="Approve").click()
    expect(page.locator(".toast").last).to_contain_text("Approved and done")
    with workspace(people.workspace.pk):
        assert registry.get("accounts").model.objects.get(pk=account.pk).city == "Ulm"
    assert not page.troubles  # type: ignore[attr-defined]
