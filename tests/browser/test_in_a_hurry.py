"""A salesperson in a hurry, and one who uses no mouse: what the shortcuts promise, the board's menu, columns, refused forms."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
OPEN = "dialog[open]"


def test_a_deal_is_lost_from_the_menu_of_its_card(page: Any) -> None:
    page.goto("deals/board/")
    page.get_by_role("button", name="Move Deal 1").focus()
    page.keyboard.press("Enter")
    page.locator("[data-do=lose]").click()
    dialog = page.locator(OPEN)
    expect(dialog.get_by_role("heading")).to_contain_text("Deal 1")
    dialog.get_by_role("combobox", name=re.compile("Lost reason")).fill("pric")
    dialog.get_by_role("option", name="Price").click()
    dialog.get_by_role("button", name="Mark as lost").click()
    expect(page.locator("[data-stage] [data-id]", has_text="Deal 1")).to_have_count(0)
    expect(page.locator(".toast")).to_contain_text("Lost")


def test_space_previews_a_row_and_escape_comes_back_to_it(page: Any) -> None:
    page.goto("accounts/")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    drawer = page.locator("dialog.drawer[open]")
    expect(drawer.get_by_role("heading")).to_contain_text("Brightwater")
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(page.locator("tbody tr[data-id] th a").first).to_be_focused()


def test_selected_rows_are_assigned_with_a_key(page: Any) -> None:
    page.goto("accounts/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("a")
    expect(page.locator(OPEN)).to_contain_text("Assign")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.locator(OPEN)).to_contain_text("Edit 1 record")


@pytest.mark.parametrize(("key", "where"), [("h", r"/w/[^/]+/$"), ("i", "/collab/inbox/"), ("t", "/tasks/"), ("a", "/accounts/$"), ("c", "/contacts/$"), ("d", "/deals/board/"), ("l", "/leads/$")])
def test_g_and_a_letter_go_where_the_help_says(page: Any, key: str, where: str) -> None:
    page.goto("products/")
    page.keyboard.press("g")
    page.keyboard.press(key)
    expect(page).to_have_url(re.compile(where))


def test_escape_leaves_a_field_so_that_keys_work_again(page: Any) -> None:
    page.goto("accounts/?q=brightwater")
    page.get_by_role("link", name="Brightwater").first.click()
    expect(page.locator("h1")).to_contain_text("Brightwater")
    page.keyboard.press("l")
    expect(page.locator("#composer input").nth(1)).to_be_visible()
    page.locator("#composer [name=with_whom]").focus()
    page.keyboard.press("g")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()


def test_nothing_can_be_brought_back_where_nothing_is_archived(page: Any) -> None:
    page.goto("accounts/")
    page.locator("tbody .sel input").first.check()
    expect(page.locator("form.bulk")).to_contain_text("Archive")
    expect(page.locator("form.bulk")).not_to_contain_text("Bring back")


def test_columns_are_put_in_order_without_dragging(page: Any) -> None:
    page.goto("accounts/")
    page.get_by_role("link", name="Columns").click()
    page.get_by_role("button", name="Move Industry up").click()
    page.get_by_role("button", name="Move Industry up").press("Enter")
    page.get_by_role("button", name="Show these").click()
    expect(page.locator("thead th").nth(2)).to_contain_text("Industry")


def test_the_filter_opens_with_its_first_field(page: Any) -> None:
    page.goto("accounts/")
    page.keyboard.press("/")
    expect(page.locator(f"{OPEN} [data-field]").first).to_be_focused()


def test_a_refused_form_keeps_the_chosen_person(page: Any) -> None:
    page.goto("accounts/new/?form=all")
    owner = page.get_by_role("combobox", name="Account manager")
    chosen = owner.input_value()
    page.get_by_label("Annual revenue").fill("12 USD")
    page.get_by_label("Annual revenue").press("Control+Enter")
    expect(page.locator("[data-errors]")).to_contain_text("USD")
    expect(page.get_by_role("combobox", name="Account manager")).to_have_value(chosen)
    assert chosen == "Dora"


def test_a_call_is_logged_with_somebody_of_the_account(page: Any) -> None:
    page.goto("accounts/?q=brightwater")
    page.get_by_role("link", name="Brightwater").first.click()
    expect(page.locator("h1")).to_contain_text("Brightwater")
    page.keyboard.press("l")
    expect(page.locator("#composer input").nth(1)).to_be_visible()
    expect(page.locator("#c-people option")).to_have_attribute("value", "Helena Brandt")
    assert page.evaluate("document.activeElement.closest('#composer') !== null")
    page.get_by_label("With").fill("Helena Brandt")
    page.locator("#composer button").last.click()
    expect(page.locator("#timeline")).to_contain_text("Helena Brandt")


def test_the_list_of_accounts_and_the_tree_lead_to_each_other(page: Any) -> None:
    page.goto("accounts/")
    page.get_by_role("link", name="Tree").click()
    page.get_by_role("link", name="Table").click()
    expect(page.locator("tbody tr[data-id]")).not_to_have_count(0)


def test_what_is_not_there_is_said_inside_the_workspace(page: Any) -> None:
    page.goto("accounts/0190aaaa-0000-7000-8000-000000000000/")
    expect(page.locator("h1")).to_have_text("Not found")
    expect(page.locator("#sidebar")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_stage_names_are_never_clipped(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("deals/?q=Deal%200")
    page.get_by_role("link", name="Deal 0").first.click()
    expect(page.locator(".path")).to_be_visible()
    assert page.evaluate("[...document.querySelectorAll('.path li > *')].every((e) => e.scrollWidth <= e.clientWidth)")


@pytest.mark.parametrize("asked", [False, True], ids=["before-the-list-is-asked-for", "before-the-list-comes"])
def test_a_list_of_suggestions_that_comes_late_stays_away(page: Any, asked: bool) -> None:
    held: list[Any] = []
    page.route("**/webhooks/events/**", lambda route: held.append(route))
    page.clock.install()
    page.goto("settings/webhooks/")
    page.keyboard.press("n")
    field = page.get_by_role("combobox", name="Events")
    expect(field).to_be_visible()
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 60)  # an installed clock goes on by itself
    field.press_sequentially("deals.win")
    if asked:
        with page.expect_request("**/webhooks/events/**"):
            page.clock.run_for(200)
    field.press("Enter")
    expect(page.locator(OPEN).locator(".token")).to_contain_text("deals.win")
    page.clock.run_for(1000)
    for route in held:
        with page.expect_response("**/webhooks/events/**"):
            route.continue_()
    page.evaluate("new Promise((done) => { const c = new MessageChannel(); c.port1.onmessage = done; c.port2.postMessage(0); })")
    expect(page.locator(OPEN).locator(".listbox")).to_be_hidden()
    assert bool(held) is asked
