"""Signing in with a real browser: password, authenticator app, recovery code, passkey; pages by keyboard, in both themes, on a phone."""

from __future__ import annotations

import re
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from patron.testing import PASSWORD, Scene
from tests.identity.browser import Look, faults, new_page, press, sign_in, violations

pytestmark = pytest.mark.browser
SECURITY = "/auth/security/"


def address(scene: Scene, name: str = "alice") -> str:
    return f"{name}@{scene.workspace.slug}.example"


def confirm(page: Page) -> None:
    """Enter the password again where a page asks for it."""
    if "reauthenticate" in page.url:
        page.fill("[name=password]", PASSWORD)
        press(page, "Confirm")


def virtual_authenticator(page: Page, **options: Any) -> Any:
    """Chromium's own: a platform authenticator that answers for a person."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    wanted = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True, **options}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {**wanted, "automaticPresenceSimulation": True}})
    return session


def test_password_by_keyboard_alone(base: str, browser: Browser, lasting_people: Scene) -> None:
    page = new_page(browser, base)
    page.goto("/auth/login/")
    expect(page.locator("[name=login]")).to_be_focused()
    page.keyboard.type(address(lasting_people))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("You have 4 tries left")
    expect(page.locator("[name=password]")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/w/{lasting_people.workspace.slug}/**")
    assert not page.troubles  # type: ignore[attr-defined]


def test_password_can_be_shown(base: str, browser: Browser, lasting_people: Scene) -> None:
    page = new_page(browser, base)
    page.goto("/auth/login/")
    page.fill("[name=password]", "abc")
    page.get_by_role("button", name="Show password").click()
    assert page.locator("[name=password]").get_attribute("type") == "text"


def test_authenticator_app_and_recovery_code(base: str, browser: Browser, lasting_people: Scene) -> None:
    page = new_page(browser, base)
    sign_in(page, address(lasting_people), PASSWORD)
    page.goto(SECURITY)
    press(page, "Add: Authenticator app", "link")
    confirm(page)
    assert page.locator("img.qr").evaluate("image => image.complete && image.naturalWidth > 0")
    page.get_by_text("Cannot scan it?").click()
    secret = page.locator("code.secret").inner_text()
    page.fill("[name=code]", "000000")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".error")).to_contain_text("This code is not right")
    assert page.locator("code.secret").text_content() == secret
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    press(page, "Add the app")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    assert not violations(page)

    page.context.clear_cookies()
    sign_in(page, address(lasting_people), PASSWORD)
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    assert not violations(page)
    page.fill("[name=code]", codes[0])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/w/{lasting_people.workspace.slug}/**")
    page.goto(SECURITY)
    expect(page.get_by_text("9 codes left")).to_be_visible()

    press(page, "Remove: Authenticator app", "link")
    confirm(page)
    press(page, "Remove the app")
    expect(page.get_by_text("Off: a password alone is enough")).to_be_visible()
    assert not page.troubles  # type: ignore[attr-defined]


def test_passkey_is_added_and_signs_in_alone(base: str, browser: Browser, lasting_people: Scene) -> None:
    page = new_page(browser, base)
    virtual_authenticator(page)
    sign_in(page, address(lasting_people), PASSWORD)
    page.goto(SECURITY)
    press(page, "Add: Passkeys", "link")
    confirm(page)
    assert re.match(r"Passkey on \w+", page.input_value("[name=name]"))
    page.fill("[name=name]", "Work laptop")
    assert not violations(page)
    press(page, "Add the passkey")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("/auth/passkeys/")
    expect(page.get_by_text("Work laptop")).to_be_visible()
    assert not violations(page)

    page.context.clear_cookies()
    page.goto(f"/auth/login/?next=/w/{lasting_people.workspace.slug}/people/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{base}/w/{lasting_people.workspace.slug}/people/")

    page.goto("/auth/passkeys/")
    press(page, "Rename Work laptop", "link")
    confirm_by_passkey(page)
    page.fill("[name=name]", "Old laptop")
    press(page, "Save the name")
    press(page, "Remove Old laptop", "link")
    press(page, "Remove the passkey")
    expect(page.get_by_text("No passkey yet")).to_be_visible()
    assert not page.troubles  # type: ignore[attr-defined]


def confirm_by_passkey(page: Page) -> None:
    """Where a page asks once more who one is, choose the passkey."""
    if "reauthenticate" not in page.url:
        return
    if page.get_by_role("link", name="Use a passkey").count():
        press(page, "Use a passkey", "link")
    press(page, "Use a passkey")


def test_passkey_as_second_step(base: str, browser: Browser, lasting_people: Scene) -> None:
    page = new_page(browser, base)
    virtual_authenticator(page)
    sign_in(page, address(lasting_people), PASSWORD)
    page.goto("/auth/passkeys/add/")
    confirm(page)
    page.uncheck("[name=passwordless]")
    press(page, "Add the passkey")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.context.clear_cookies()
    sign_in(page, address(lasting_people), PASSWORD)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"**/w/{lasting_people.workspace.slug}/**")


def test_passkey_refused_says_what_to_do(base: str, browser: Browser, lasting_people: Scene) -> None:
    page = new_page(browser, base)
    virtual_authenticator(page)
    page.goto("/auth/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("No passkey was used")
    page.goto(base.replace("localhost", "127.0.0.1") + "/auth/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("http://localhost")


def test_other_devices_are_signed_out(base: str, browser: Browser, lasting_people: Scene) -> None:
    here, there = new_page(browser, base), new_page(browser, base)
    for page in (here, there):
        sign_in(page, address(lasting_people), PASSWORD)
    here.goto("/auth/sessions/")
    expect(here.get_by_text("Chrome on Linux")).to_have_count(2)
    expect(here.get_by_text("This device")).to_have_count(1)
    assert not violations(here)
    here.get_by_role("button", name="Sign out all others").click()
    expect(here.get_by_text("You are signed in nowhere else")).to_be_visible()
    there.goto("/auth/sessions/")
    assert "/auth/login/" in there.url


ENTRANCE = ("/auth/login/", "/auth/password/reset/", "/auth/password/reset/done/", "/auth/password/reset/key/1-a-b/", "/auth/signup/", "/auth/inactive/")
OWN = (SECURITY, "/auth/sessions/", "/auth/passkeys/", "/auth/password/change/", "/auth/passkeys/add/", "/auth/app/add/", "/auth/logout/")


def test_every_page_is_accessible_and_fits_a_phone(base: str, browser: Browser, lasting_people: Scene) -> None:
    page = new_page(browser, base)
    looks: tuple[Look, ...] = (("light", 390, 800), ("dark", 390, 800))
    for path in ENTRANCE:
        page.goto(path)
        assert not faults(page, *looks), path
    sign_in(page, address(lasting_people), PASSWORD)
    for path in OWN:
        page.goto(path)
        confirm(page)
        assert not faults(page, *looks), path
    assert not page.troubles  # type: ignore[attr-defined]
