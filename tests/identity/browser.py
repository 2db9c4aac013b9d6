"""A real server and Debian's Chromium for browser tests, and axe over a page."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from patron.testing import Scene

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
RULES = (*WCAG, "best-practice")
COLOURS = ("color-contrast", "link-in-text-block")  # axe's rules that depend on the theme
#: A theme and the size of the window.
Look = tuple[Literal["light", "dark"], int, int]

expect.set_options(timeout=20_000)  # ms: how long a slow machine may take to reach a state


class Quiet(WSGIRequestHandler):
    """Keeps the test's output for the test."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """Patron on a free port of localhost (passkeys need a name): its address."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser. Playwright runs an event loop in the test's thread, in which Django would refuse the database."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def new_page(browser: Browser, base: str, **options: Any) -> Page:
    """A page of a fresh profile that fails the test on any error in its console."""
    page = browser.new_context(base_url=base, **options).new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" and "status of 4" not in message.text else None)
    page.troubles = troubles  # type: ignore[attr-defined]
    return page


def press(page: Page, name: str, role: Any = "button") -> None:
    """Press a button, or follow a link, that leads to another page; go on when that has loaded."""
    with page.expect_navigation():
        page.get_by_role(role, name=name).click()


def sign_in(page: Page, email: str, password: str) -> None:
    """Through the form, as a person does; as far as the page behind it, which may ask for a code."""
    page.goto("/auth/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    with page.expect_navigation():
        page.press("[name=password]", "Enter")


def entered(browser: Browser, base: str, scene: Scene, name: str = "dora", **options: Any) -> Page:
    """A page of somebody who has signed in before: the form, slow on purpose, has tests of its own."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(scene.users[name])
    page = new_page(browser, base, **options)
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": str(client.session.session_key), "url": base}])
    return page


_REST = """new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(Promise.allSettled(
    document.getAnimations().filter(a => a.effect?.getComputedTiming().iterations !== Infinity).map(a => a.finished)).then(() => true)))))"""
_AXE = """only => axe.run(document, {preload: false, resultTypes: ['violations'], runOnly: only}).then(
    r => r.violations.flatMap(v => v.nodes.map(n => v.id + ' ' + n.target.join(' ') + ' ' + n.html.slice(0, 140))))"""


def violations(page: Page, tags: tuple[str, ...] = RULES, *, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe finds against WCAG 2.2 AA, once what moves or fades in has come to rest: rule and element. `rules` asks for these alone."""
    before = list(getattr(page, "troubles", []))
    page.evaluate(_REST)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(_AXE, {"type": "rule", "values": rules} if rules else {"type": "tag", "values": tags})
    getattr(page, "troubles", [])[:] = before
    return list(found)


def faults(page: Page, *looks: Look, tags: tuple[str, ...] = RULES) -> list[str]:
    """What is wrong with the page that is shown, in one look after the other: all that axe knows in a window of a new size, what depends on colours
    in another theme; and whether the page scrolls sideways. Nothing is loaded anew: what scripts and the server do depends on neither."""
    found, sizes = [], set()
    for theme, width, height in looks:
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{theme} {width}: {fault}" for fault in violations(page, tags, rules=COLOURS if width in sizes else ())]
        if overflows(page):
            found.append(f"{theme} {width}: scrolls sideways")
        sizes.add(width)
    return found


def overflows(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
