"""A real server in a thread and Debian's Chromium: what a person sees and does."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import changes, registry
from patron.sales.domain.start import ship_lists
from patron.testing import PASSWORD, Scene, make_workspace

ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Nothing: the tests say what went wrong."""


@pytest.fixture(scope="module")
def address(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Where the server answers; it works on this worker's database."""
    from patron.config.wsgi import application

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with django_db_blocker.unblock():
        server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
        server.set_app(application)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()


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
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        yield browser
        browser.close()


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
