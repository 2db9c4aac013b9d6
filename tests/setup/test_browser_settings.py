"""The settings in a real browser: every screen in both themes and on a phone, and what moves by keyboard."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from patron.identity.models import Role
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import registry
from patron.setup.domain import lists
from patron.testing import Scene
from tests.identity.browser import entered, faults, new_page, overflows, violations
from tests.records.making import make

pytestmark = pytest.mark.browser
PAGES = ("profile", "security", "rights/mine", "keys", "keys/new", "workspace", "people", "people/invite", "teams", "roles", "rights", "pipelines", "lists", "lists/lost-reasons", "data", "changes")


def furnish(scene: Scene) -> None:
    """Something to see on every screen."""
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        for key, number in (("industries", 3), ("lost-reasons", 2), ("stages", 2), ("accounts", 2), ("deals", 2)):
            for _i in range(number):
                make(registry.get(key), scene.access())


def enter(base: str, browser: Browser, scene: Scene, name: str = "dora", **options: Any) -> Page:
    return entered(browser, base, scene, name, **options)


def at(scene: Scene, path: str) -> str:
    return f"/w/{scene.workspace.slug}/settings/{path}/"


def toast(page: Page, text: str) -> None:
    expect(page.locator(".toast").last).to_contain_text(text)


def test_every_screen_is_accessible_and_fits(base: str, browser: Browser, lasting_people: Scene) -> None:
    furnish(lasting_people)
    page = enter(base, browser, lasting_people)
    with workspace(lasting_people.workspace.pk):
        role = Role.objects.get(key="sales-agent").pk
    extra = (f"roles/{role}", f"rights/?person={lasting_people.members['alice'].pk}&type=deals".rstrip("/"))
    for path in (*PAGES, *extra):
        page.goto(at(lasting_people, path).replace("&type=deals/", "&type=deals"))
        expect(page.locator("h1")).to_have_count(1)
        assert not faults(page, ("light", 1440, 4200), ("dark", 1440, 4200), ("light", 390, 4200)), path
    page.goto(f"/w/{lasting_people.workspace.slug}/people/{lasting_people.members['alice'].pk}/")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 4200})
        assert not overflows(page)
    assert not page.troubles  # type: ignore[attr-defined]


def test_inviting_by_keyboard_alone(base: str, browser: Browser, lasting_people: Scene) -> None:
    page = enter(base, browser, lasting_people)
    page.goto(at(lasting_people, "people"))
    page.keyboard.press("n")
    dialog = page.locator("#dialog")
    expect(dialog.get_by_role("heading", name="Invite somebody")).to_be_visible()
    expect(page.locator("#f-email")).to_be_focused()
    assert not violations(page)
    page.keyboard.type("nonsense")
    page.keyboard.press("Enter")
    expect(dialog.locator("#e-email")).to_contain_text("e-mail address")
    page.fill("#f-email", "nina@new.example")
    page.keyboard.press("Enter")
    toast(page, "Invitation to nina@new.example on its way")
    expect(dialog).not_to_be_visible()
    page.get_by_role("link", name="nina").click()
    expect(page.get_by_text("On its way to nina@new.example.")).to_be_visible()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the link").click()
    assert "/auth/join/" in page.evaluate("navigator.clipboard.readText()")
    toast(page, "Link copied")


def test_invited_person_joins_in_the_browser(base: str, browser: Browser, lasting_people: Scene) -> None:
    boss = enter(base, browser, lasting_people)
    boss.goto(at(lasting_people, "people/invite"))
    boss.fill("#f-email", "nina@new.example")
    boss.get_by_role("button", name="Send the invitation").click()
    toast(boss, "on its way")
    boss.goto(at(lasting_people, "people") + "?state=invited")
    boss.get_by_role("link", name="nina").click()
    link = boss.input_value("#f-link")
    nina = new_page(browser, base, viewport={"width": 390, "height": 900})
    nina.goto("/auth/join/" + link.split("/auth/join/")[1])
    assert not violations(nina)
    nina.fill("[name=name]", "Nina Novak")
    nina.fill("[name=password]", "correct horse battery staple")
    nina.get_by_role("button", name="Join").click()
    nina.wait_for_url(f"{base}/w/{lasting_people.workspace.slug}/**")
    boss.reload()
    expect(boss.get_by_role("heading", name="Nina Novak")).to_be_visible()


def test_colour_is_previewed_saved_and_undone(base: str, browser: Browser, lasting_people: Scene) -> None:
    page = enter(base, browser, lasting_people)
    page.goto(at(lasting_people, "workspace"))
    page.get_by_role("radio", name="Colour 5").check(force=True)
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--hue').trim()") == "150"
    page.get_by_role("button", name="Save changes").click()
    toast(page, "Saved")
    assert page.evaluate("document.documentElement.style.getPropertyValue('--hue')") == "150"
    page.locator(".toast [data-undo]").click()
    expect(page.get_by_role("radio", name="Colour 1", exact=True)).to_be_checked()


def test_error_is_said_at_its_field_and_first(base: str, browser: Browser, lasting_people: Scene) -> None:
    page = enter(base, browser, lasting_people)
    page.goto(at(lasting_people, "workspace"))
    page.fill("#f-name", "")
    page.fill("#f-order_window_days", "many")
    page.get_by_role("button", name="Save changes").click()
    summary = page.locator("[data-errors]")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("2 fields need a change")
    assert not violations(page)
    summary.get_by_role("link").first.click()
    expect(page.locator("#f-name")).to_be_focused()


def test_entries_are_added_renamed_and_moved(base: str, browser: Browser, lasting_people: Scene) -> None:
    page = enter(base, browser, lasting_people)
    page.goto(at(lasting_people, "lists/industries"))
    for name in ("Steel", "Water", "Food"):
        page.fill("#f-name", name)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
        expect(page.locator("#f-name")).to_have_value("")
    page.get_by_role("button", name="Move Food up").focus()
    page.keyboard.press("Enter")
    toast(page, "Moved")
    expect(page.locator("tbody tr").nth(1)).to_contain_text("Food")
    page.get_by_role("button", name="Move Food up").press("Enter")
    expect(page.locator("tbody tr").nth(0)).to_contain_text("Food")
    page.get_by_role("button", name="Water", exact=True).click()
    editor = page.locator("tbody th").get_by_role("textbox")
    expect(editor).to_be_focused()
    editor.fill("Drinking water")
    editor.press("Enter")
    expect(page.get_by_role("button", name="Drinking water", exact=True)).to_be_visible()
    page.reload()
    assert [re.sub(r"\s+", " ", t).strip() for t in page.locator("tbody th").all_inner_texts()] == ["Food", "Steel", "Drinking water"]
    page.locator("tbody tr").nth(0).locator(".grab").drag_to(page.locator("tbody tr").nth(2).locator(".grab"))
    toast(page, "Moved")
    with workspace(lasting_people.workspace.pk):
        assert [r.name for r in lists.rows(registry.get("industries"))][-1] == "Food"
    page.get_by_role("button", name="Delete Food").click()
    toast(page, "Deleted")
    expect(page.locator("tbody tr")).to_have_count(2)
    assert not page.troubles  # type: ignore[attr-defined]


def test_matrix_marks_what_changes_and_follows_the_rest(base: str, browser: Browser, lasting_people: Scene) -> None:
    page = enter(base, browser, lasting_people)
    page.goto(at(lasting_people, "roles"))
    page.get_by_role("link", name="Sales agent", exact=True).click()
    page.wait_for_url("**/settings/roles/*-*/")
    page.get_by_label("Accounts: See", exact=True).select_option("own")
    assert page.get_by_label("Own rules for Accounts", exact=True).is_checked()
    expect(page.locator("[data-row=accounts] td").first).to_have_class("changed")
    page.get_by_label("Own rules for Accounts", exact=True).uncheck()
    assert page.get_by_label("Accounts: See", exact=True).input_value() == "all"
    page.get_by_label("Everything else: Edit", exact=True).select_option("team")
    assert page.get_by_label("Accounts: Edit", exact=True).input_value() == "team"
    assert page.get_by_label("Deals: Edit", exact=True).input_value() == "own", "has a line of its own"
    page.get_by_role("button", name="Save changes").click()
    toast(page, "Role saved")
    expect(page.get_by_text("Everything else: Edit")).to_be_visible()
    assert not violations(page)
    page.get_by_role("link", name="all fields of Accounts").click()
    page.locator("#f-website").select_option("hidden")
    page.get_by_role("button", name="Save rules").click()
    expect(page.get_by_role("link", name="1 rule fields of Accounts")).to_be_visible()


def test_team_members_come_and_go(base: str, browser: Browser, lasting_people: Scene) -> None:
    page = enter(base, browser, lasting_people)
    page.goto(at(lasting_people, "teams"))
    south = page.locator("section", has=page.get_by_role("heading", name="South"))
    box = south.get_by_role("combobox")
    for name in ("Alice", "Bob"):
        box.click()
        box.press_sequentially(name, delay=20)
        south.get_by_role("option", name=name).click()
        south.get_by_role("button", name="Add").click()
        toast(page, f"{name} is in South now")
        expect(south.get_by_role("link", name=name)).to_be_visible()
    south.get_by_role("button", name="Take Alice out").click()
    expect(south.get_by_role("link", name="Alice")).to_have_count(0)
    page.locator(".toast [data-undo]").last.click()
    expect(south.get_by_role("link", name="Alice")).to_be_visible()
    assert not page.troubles  # type: ignore[attr-defined]


def test_leaving_hands_work_over(base: str, browser: Browser, lasting_people: Scene) -> None:
    furnish(lasting_people)
    page = enter(base, browser, lasting_people)
    with workspace(lasting_people.workspace.pk), operation("test", access=lasting_people.access()):
        make(registry.get("leads"), lasting_people.access(), owner=lasting_people.members["charlie"].pk)
    page.goto(f"/w/{lasting_people.workspace.slug}/people/{lasting_people.members['charlie'].pk}/")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("link", name="Deactivate").click()
    dialog = page.locator("#dialog")
    expect(dialog.get_by_text("Leads")).to_be_visible()
    assert not violations(page)
    dialog.get_by_role("combobox").fill("Ali")
    dialog.get_by_role("option", name="Alice").click()
    dialog.get_by_label("Reason").fill("Moves on")
    dialog.get_by_role("button", name="Deactivate").click()
    toast(page, "Deactivated: Charlie")
    expect(page.locator(".page-head").get_by_text("Deactivated")).to_be_visible()


def test_look_changes_at_once(base: str, browser: Browser, lasting_people: Scene) -> None:
    page = enter(base, browser, lasting_people, "alice")
    page.goto(at(lasting_people, "profile"))
    page.get_by_label("Colours").select_option("dark")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.get_by_role("button", name="Save changes").click()
    toast(page, "Saved")
    page.goto(at(lasting_people, "security"))
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    expect(page.locator(".settings > nav").get_by_role("link")).to_have_text(["Profile", "Security", "What I may see", "API keys", "Proposals of tools"])
