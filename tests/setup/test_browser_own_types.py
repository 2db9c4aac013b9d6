"""Record types in a real browser: the settings, and what a type made there looks like, in both themes and on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from patron.kernel.tenancy import workspace
from patron.records import registry
from patron.records.own_records import CustomType
from patron.testing import Scene, open_workspace
from tests.identity.browser import entered, faults
from tests.records.making import make
from tests.records.own_kit import COURSES, courses, make_type

pytestmark = pytest.mark.browser


def enter(base: str, browser: Browser, scene: Scene, **options: Any) -> Page:
    return entered(browser, base, scene, **options)


def test_every_screen_is_accessible_and_fits(base: str, browser: Browser, lasting_people: Scene) -> None:
    with open_workspace(lasting_people) as access:
        made = courses(access)
        make_type(access, "Vehicles", "Vehicle")
        customer = make(registry.get("accounts"), access)
        record = make(registry.get(COURSES), access, name="Welding", x_customer=customer.pk)
    page = enter(base, browser, lasting_people)
    root = f"/w/{lasting_people.workspace.slug}"
    for path in (
        "settings/types/", "settings/types/new/", f"settings/types/{made.pk}/", f"{COURSES}/", f"{COURSES}/new/?form=all", f"{COURSES}/{record.pk}/", f"{COURSES}/{record.pk}/?tab=history",
        f"accounts/{customer.pk}/?tab={COURSES}-customer", "x-vehicles/",
    ):  # fmt: skip
        page.goto(f"{root}/{path}")
        expect(page.locator("h1")).to_have_count(1)
        assert not faults(page, ("light", 1440, 1800), ("dark", 1440, 1800), ("light", 390, 1800)), path
    assert not page.troubles  # type: ignore[attr-defined]


def test_from_nothing_to_a_record_in_its_second_state(base: str, browser: Browser, lasting_people: Scene) -> None:
    page = enter(base, browser, lasting_people, viewport={"width": 1440, "height": 1800})
    root = f"/w/{lasting_people.workspace.slug}"
    page.goto(f"{root}/settings/types/")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="New record type")).to_be_visible()
    page.get_by_label("Name of one").fill("Contract")
    page.get_by_label("Name of many").fill("Contracts")
    page.get_by_role("radio", name="file signature").focus()
    page.keyboard.press("Space")
    page.get_by_label("State 1", exact=True).fill("Draft")
    page.get_by_label("State 2", exact=True).fill("Signed")
    page.get_by_label("Colour of state 2").select_option("good")
    page.get_by_role("button", name="Add a state").click()
    expect(page.get_by_label("State 4", exact=True)).to_be_focused()
    page.keyboard.type("Ended")
    page.get_by_role("button", name="Remove state 3").click()
    expect(page.get_by_label("State 4", exact=True)).to_have_count(0)
    expect(page.get_by_label("State 3", exact=True)).to_have_value("Ended")
    page.get_by_label("Numbers begin with").fill("CON")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Contracts", level=1)).to_be_visible()
    page.get_by_role("link", name="Contracts", exact=True).click()
    page.get_by_role("link", name="New contract").first.click()
    page.locator("#dialog #f-name").fill("Frame contract")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Frame contract", level=1)).to_be_visible()
    expect(page.get_by_text("CON-0001").first).to_be_visible()
    page.get_by_role("link", name="Change state").click()
    expect(page.locator("#dialog select")).to_have_value("signed")
    page.locator("#dialog").get_by_role("button", name="Change state").click()
    expect(page.locator("header .badge", has_text="Signed").first).to_be_visible()
    with workspace(lasting_people.workspace.pk):
        assert CustomType.objects.get().icon == "file-signature"
        assert registry.get("x-contracts").model.objects.get().state == "signed"
    assert not page.troubles  # type: ignore[attr-defined]
