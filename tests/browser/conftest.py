"""A real server in a thread and Debian's Chromium: what a person sees and does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import changes, registry
from patron.sales.domain.start import ship_lists
from patron.testing import PASSWORD, Scene, make_workspace
from tests.identity.browser import Look, serving
from tests.identity.browser import chromium as launched

#: What every screen is judged in: a desk's window in both themes, and a phone's.
LOOKS: tuple[Look, ...] = (("light", 1440, 900), ("dark", 1440, 900), ("light", 390, 3000))


@pytest.fixture(scope="module")
def address(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Where the server answers; it works on this worker's database."""
    with django_db_blocker.unblock(), serving() as found:
        yield found


@pytest.fixture(scope="module")
def company(address: str) -> Scene:
    """A committed workspace with a little of everything."""
    scene = make_workspace(password=PASSWORD)
    access = scene.access()
    with workspace(scene.workspace.pk), operation("test", access=access):
        ship_lists()
        accounts = [changes.create(registry.get("accounts"), {"name": n, "city": "Kiel", "country": "DE"}, access=access) for n in ("Brightwater", "Halden", "Lindqvist")]
        contact = changes.create(registry.get("contacts"), {"first_name": "Helena", "last_name": "Brandt", "account": accounts[0].pk}, access=access)
        for n, amount in enumerate((1200, 4500, 90000)):
            changes.create(registry.get("deals"), {"name": f"Deal {n}", "account": accounts[n].pk, "contact": contact.pk if n == 0 else None, "amount": amount}, access=access)
        changes.create(registry.get("leads"), {"company": "Nordfrisk", "email": "info@nordfrisk.example"}, access=access)
        changes.create(registry.get("tasks"), {"subject": "Call back", "assignee": access.member_id, "due": access.today()}, access=access)
    return scene


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def signed_in(chromium: Any, address: str, company: Scene) -> Any:
    """The state of a browser in which the administrator has signed in through the form."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{address}/auth/login/")
    page.fill("input[name=login]", company.users["dora"].email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{address}/w/{company.workspace.slug}/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def page(chromium: Any, signed_in: Any, address: str, company: Scene) -> Iterator[Any]:
    """A page of the workspace; an error of a script fails the test."""
    context = chromium.new_context(storage_state=signed_in, viewport={"width": 1440, "height": 900}, base_url=f"{address}/w/{company.workspace.slug}/")
    shown = context.new_page()
    faults: list[str] = []
    shown.on("pageerror", lambda error: faults.append(str(error)))
    yield shown
    context.close()
    assert faults == []
