"""The main screens as a person uses them: by mouse, by keyboard, in light, dark and on a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from patron.collab.models import Task
from patron.kernel.tenancy import workspace
from patron.records import changes, registry
from patron.sales.models import Deal, Lead
from patron.testing import Scene
from tests.browser.conftest import LOOKS
from tests.identity.browser import WCAG, faults, violations

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


def test_a_cell_that_somebody_else_changed_meanwhile_asks_which_value_to_keep(page: Any, company: Scene) -> None:
    accounts = registry.get("accounts")
    page.goto("accounts/?q=halden&columns=city")
    page.locator("td[data-edit$='/field/city/']").dblclick()
    page.fill("td input[name=city]", "Husum")
    with workspace(company.workspace.pk):
        changes.edit(accounts, accounts.model.objects.get(name="Halden"), {"city": "Tondern", "description": "Moved"}, access=company.access())
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("Tondern")
    dialog.get_by_label("Husum").check()
    dialog.get_by_role("button", name="Save this choice").click()
    expect(dialog).to_have_count(0)
    expect(page.locator("td[data-edit$='/field/city/']")).to_contain_text("Husum")
    with workspace(company.workspace.pk):
        found = accounts.model.objects.get(name="Halden")
        assert (found.city, found.description) == ("Husum", "Moved")
        changes.edit(accounts, found, {"city": "Kiel", "description": ""}, access=company.access())


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


def test_every_control_of_a_long_form_can_be_hit_on_a_phone(page: Any, company: Scene) -> None:
    with workspace(company.workspace.pk):
        deal = Deal.objects.get(name="Deal 0")
    found = []
    for place in (f"accounts/{deal.account_id}/edit/", "accounts/new/?form=all", f"deals/{deal.pk}/edit/", f"contacts/{deal.contact_id}/edit/"):
        page.goto(place)
        for height in (844, 700, 3000):
            page.set_viewport_size({"width": 390, "height": height})
            found += [f"{place} {height}: {fault}" for fault in violations(page, rules=("target-size",))]
    assert not found, "\n".join(found)


def test_the_bar_of_tabs_never_covers_what_has_the_focus(page: Any, company: Scene) -> None:
    with workspace(company.workspace.pk):
        deal = Deal.objects.get(name="Deal 0")
    page.set_viewport_size({"width": 390, "height": 700})
    page.goto(f"deals/{deal.pk}/")
    page.locator("main a").first.focus()
    covered = """() => { const at = document.activeElement, bar = document.querySelector('.tabbar').getBoundingClientRect(), box = at.getBoundingClientRect();
        return at.closest('main') && box.bottom > bar.top && box.top < bar.bottom ? at.outerHTML.slice(0, 120) : '' }"""
    found = []
    for _step in range(40):
        page.keyboard.press("Tab")
        found.append(page.evaluate(covered))
    assert not any(found), "\n".join(filter(None, found))
