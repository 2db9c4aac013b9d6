"""The main screens as a person uses them: by mouse, by keyboard, in light, dark and on a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from patron.collab.models import Task
from patron.kernel.tenancy import workspace
from patron.sales.models import Deal, Lead
from patron.testing import Scene
from tests.browser.conftest import LOOKS
from tests.identity.browser import WCAG, faults

pytestmark = pytest.mark.browser
SCREENS = (
    "", "accounts/", "contacts/", "leads/", "deals/", "deals/board/", "tasks/", "products/", "accounts/new/?form=all", "accounts/filter/", "collab/inbox/", "accounts/tree/", "activities/", "product-lines/",
    "accounts/?q=nothing-like-it", "accounts/columns/", "reports/sales/", "import/",
)  # fmt: skip


def test_a_list_finds_sorts_and_opens_by_keyboard(page: Any) -> None:
    page.goto("accounts/")
    page.fill("[data-find]", "halden")
    page.press("[data-find]", "Enter")
    expect(page.locator("tbody tr[data-id]")).to_have_count(1)
    page.goto("accounts/?sort=-name")
    expect(page.locator("tbody tr[data-id] th").first).to_contain_text("Lindqvist")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Lindqvist")


def test_a_cell_is_edited_in_place_and_undone_from_the_history(page: Any) -> None:
    page.goto("accounts/?q=brightwater&columns=city")
    page.locator("td[data-edit$='/field/city/']").dblclick()
    page.fill("td input[name=city]", "Lübeck")
    page.keyboard.press("Enter")
    expect(page.locator("td[data-edit$='/field/city/']")).to_contain_text("Lübeck")
    page.get_by_role("link", name="Brightwater").first.click()
    page.get_by_role("link", name="History").click()
    expect(page.locator(".history")).to_contain_text("Lübeck")
    page.get_by_role("link", name="Details").first.click()
    page.get_by_role("button", name="Undo this").click()
    page.goto("accounts/?q=brightwater&columns=city")
    expect(page.locator("td[data-edit$='/field/city/']")).to_contain_text("Kiel")


def test_a_record_is_made_in_a_dialog_and_faults_are_said_there(page: Any) -> None:
    page.goto("accounts/")
    page.get_by_role("link", name="New account").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_role("button", name="Create account").click()
    expect(dialog.locator("[data-errors]")).to_contain_text("Name")
    dialog.get_by_label("Name").first.fill("Varmeland Energi")
    dialog.get_by_role("button", name="Create account").click()
    expect(page.locator("h1")).to_contain_text("Varmeland Energi")


def test_a_card_moves_by_keyboard_and_the_sums_follow(page: Any, company: Scene) -> None:
    page.goto("deals/board/")
    card = page.locator("[data-stage] [data-id]", has_text="Deal 2")
    card.locator("a").first.focus()
    with page.expect_response(re.compile("/do/move_stage/")):
        page.keyboard.press("2")
    expect(page.locator("[data-stage]").nth(1).locator("[data-id]", has_text="Deal 2")).to_be_visible()
    with workspace(company.workspace.pk):
        assert Deal.objects.get(name="Deal 2").stage.name == "Qualified"


def test_the_palette_finds_in_spite_of_a_typing_error(page: Any) -> None:
    page.goto("")
    page.keyboard.press("Control+k")
    page.locator("#palette [role=combobox]").fill("lindqist")
    expect(page.locator("#palette [role=option]", has_text="Lindqvist")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()


def test_a_filter_is_built_and_shown_as_a_chip(page: Any) -> None:
    page.goto("accounts/")
    page.locator("a.chip.add").click()
    dialog = page.locator("dialog[open]")
    dialog.locator("[data-field]").select_option("name")
    dialog.locator("[data-op]").select_option("contains")
    dialog.locator("[data-value]").fill("hald")
    dialog.get_by_role("button", name="Apply filter").click()
    expect(page.locator("tbody tr[data-id]")).to_have_count(1)
    expect(page.locator(".chip").first).to_contain_text("hald")


def test_selected_rows_are_tagged_together(page: Any) -> None:
    page.goto("leads/")
    page.locator("tbody .sel input").first.check()
    page.locator("form.bulk").get_by_text("Tag", exact=True).click()
    dialog = page.locator("dialog[open]")
    dialog.locator("input[role=combobox]").fill("autumn fair")
    dialog.get_by_role("button", name="Tag").click()
    expect(page.locator(".toast")).to_contain_text("1 record")


def test_screens_are_accessible_and_never_scroll_sideways(page: Any, company: Scene) -> None:
    with workspace(company.workspace.pk):
        deal, task, lead = Deal.objects.get(name="Deal 0"), Task.objects.get(), Lead.objects.get()
    places = [
        *SCREENS, f"deals/{deal.pk}/", f"accounts/{deal.account_id}/", f"contacts/{deal.contact_id}/", f"tasks/{task.pk}/", f"leads/{lead.pk}/",
        f"leads/{lead.pk}/do/qualify/", f"deals/{deal.pk}/?tab=history", f"deals/{deal.pk}/?preview=1", f"deals/{lead.pk}/",
    ]  # fmt: skip
    found = []
    for place in places:
        answer = page.goto(place)
        assert answer.status == (404 if place == f"deals/{lead.pk}/" else 200), place
        found += [f"{place or 'home'}: {fault}" for fault in faults(page, *LOOKS, tags=WCAG)]
    assert not found, "\n".join(found)
