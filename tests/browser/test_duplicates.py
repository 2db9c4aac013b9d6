"""Duplicates by mouse and keyboard: search, merge with a choice, unmerge, not the same; in light, dark and on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from patron.customers.models import Contact
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.quality.domain import scanning
from patron.records import registry
from patron.testing import Scene
from tests.identity.browser import WCAG, faults

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def twins(company: Scene) -> dict[str, Any]:
    """Two pairs of contacts, found by a scan."""
    with workspace(company.workspace.pk):
        with operation("test", access=company.access()):
            made = [
                Contact.objects.create(first_name=first, last_name=last, email=mail, phone=phone)
                for first, last, mail, phone in (
                    ("Marta", "Kowalska", "marta@kowal.example", "+48221234567"), ("Marta", "Kowalski", "marta@kowal.example", ""),
                    ("Olaf", "Bergström", "olaf@berg.example", "+4687654321"), ("Olaf", "Bergstrom", "", "+4687654321"),
                )
            ]  # fmt: skip
        begun = scanning.begin(registry.get("contacts"))
        assert begun is not None
        scanning.run(begun)
    return {"marta": made[0].pk, "olaf": made[2].pk}


def test_an_empty_queue_says_what_a_search_does_and_begins_one(page: Any) -> None:
    page.goto("duplicates/?type=leads")
    expect(page.locator("main")).to_contain_text("Nobody has searched here yet")
    page.get_by_role("button", name="Search for duplicates").click()
    expect(page.locator("#scan-progress")).to_contain_text("Waiting for its turn")


def test_merge_from_the_queue_and_unmerge_from_the_record(page: Any, twins: dict[str, Any]) -> None:
    page.goto("duplicates/?type=contacts")
    card = page.locator("[data-twin]", has_text="Kowalska")
    expect(card).to_contain_text("same e-mail")
    card.get_by_role("button", name="Merge…").click()
    expect(page.locator("h1")).to_have_text("Merge contacts")
    row = page.locator("tr", has=page.get_by_role("rowheader", name="Last name"))
    page.get_by_role("radio", name="Marta Kowalski", exact=True).last.check()
    expect(row.locator(".result")).to_contain_text("Kowalski")
    page.get_by_role("button", name="Merge 2 records").click()
    expect(page.locator("h1")).to_have_text("Duplicates")
    expect(page.locator("[data-twin]", has_text="Kowalska")).to_have_count(0)
    page.goto(f"contacts/{twins['marta']}/")
    expect(page.locator("h1")).to_contain_text("Marta Kowalski")
    page.goto(f"contacts/{twins['marta']}/do/unmerge/")
    expect(page.locator("main")).to_contain_text("Comes back")
    page.get_by_role("button", name="Unmerge").click()
    expect(page.locator("h1")).to_contain_text("Marta Kowalska")


def test_not_the_same_by_keyboard_can_be_undone(page: Any, twins: dict[str, Any]) -> None:
    page.goto("duplicates/?type=contacts")
    before = page.locator("[data-twin]").count()
    for _n in range(before):
        page.keyboard.press("j")
        if "Olaf" in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("x")
    expect(page.locator("[data-twin]")).to_have_count(before - 1)
    page.goto("duplicates/?type=contacts")
    expect(page.locator("[data-twin]", has_text="Olaf")).to_have_count(0)


def test_screens_are_accessible_and_fit(page: Any, twins: dict[str, Any]) -> None:
    for path in ("duplicates/?type=contacts", "duplicates/?type=contacts&least=99", f"contacts/{twins['marta']}/do/merge/", f"contacts/merge/?ids={twins['marta']}&ids={twins['olaf']}"):
        page.goto(path)
        assert faults(page, ("light", 1440, 844), ("dark", 1440, 844), ("light", 390, 844), tags=WCAG) == [], path
