"""Own fields in a real browser: the settings in both themes and on a phone, fields that come and go in a form, choices and formulas as they are written."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import changes, registry
from patron.records.custom_models import CustomField
from patron.setup.domain import own_fields
from patron.testing import Scene
from tests.identity.browser import entered, faults, press, violations
from tests.records.test_own_fields import CHOICES, account, make_field

pytestmark = pytest.mark.browser
PAGES = (
    "fields/", "fields/accounts/", "fields/products/", "fields/accounts/new/", "fields/accounts/new/?kind=text", "fields/accounts/new/?kind=choice",
    "fields/accounts/new/?kind=formula", "fields/accounts/new/?kind=relation", "field-sets/",
)  # fmt: skip


def enter(base: str, browser: Browser, scene: Scene) -> Page:
    return entered(browser, base, scene)


def at(scene: Scene, path: str) -> str:
    return f"/w/{scene.workspace.slug}/{path}"


def furnish(scene: Scene) -> None:
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        access = scene.access()
        field_set = changes.create(registry.get("field-sets"), {"name": "Vessels", "description": "Of shipping lines"}, access=access)
        make_field(access, "tier", "choice", choices=CHOICES, required=True)
        make_field(access, "code", "text", unique=True, field_set=field_set.pk)
        make_field(access, "tram", "text", visible_if={"and": [["city", "is", "Wien"]]}, readonly_if={"and": [["x_tier", "is", "gold"]]})
        gone = make_field(access, "gone", "date")
        one = account(access, "Acme", x_tier="gold", employees=21)
        own_fields.attach(field_set, access=access, account=one)
        registry.verb("custom-fields", "archive").act(gone, access=access)
        CustomField.objects.filter(key="code").update(index_state="failed")


def test_every_screen_is_accessible_and_fits(base: str, browser: Browser, lasting_people: Scene) -> None:
    furnish(lasting_people)
    page = enter(base, browser, lasting_people)
    with workspace(lasting_people.workspace.pk):
        edit = f"fields/accounts/{CustomField.objects.get(key='tram').pk}/"
    for path in (*PAGES, edit):
        page.goto(at(lasting_people, f"settings/{path}"))
        expect(page.locator("h1")).to_have_count(1)
        assert not faults(page, ("light", 1440, 2000), ("dark", 390, 2000)), path
    assert not page.troubles  # type: ignore[attr-defined]


def test_field_is_made_and_comes_and_goes_with_another(base: str, browser: Browser, lasting_people: Scene) -> None:
    page = enter(base, browser, lasting_people)
    page.goto(at(lasting_people, "settings/fields/accounts/"))
    page.get_by_role("link", name="New field").first.click()
    page.get_by_role("link", name="Text A line of words").click()
    page.fill("#f-label", "Tram line")
    expect(page.locator("#f-key")).to_have_value("tram_line")
    box = page.locator("#f-visible_if")
    box.get_by_role("button", name="Condition", exact=True).click()
    box.locator("[data-field]").select_option("city")
    box.locator("[data-op]").select_option("is")
    box.locator("[data-value]").fill("Wien")
    page.get_by_role("button", name="Save field").first.click()
    expect(page.locator(".toast").last).to_contain_text("Field “Tram line” is there, everywhere")
    page.goto(at(lasting_people, "accounts/new/?form=all"))
    field = page.locator("[data-own=x_tram_line]")
    expect(field).to_be_hidden()
    page.fill("#f-city", "Wien")
    expect(field).to_be_visible()
    page.fill("#f-x_tram_line", "71")
    page.fill("#f-city", "Bern")
    expect(field).to_be_hidden()
    page.fill("#f-name", "Acme")
    press(page, "Create account")
    with workspace(lasting_people.workspace.pk):
        assert registry.get("accounts").model.objects.get(name="Acme").custom == {}, "what is hidden is not sent"
    assert not page.troubles  # type: ignore[attr-defined]


def test_choices_are_written_in_rows_and_a_formula_is_tried_while_it_is_written(base: str, browser: Browser, lasting_people: Scene) -> None:
    furnish(lasting_people)
    page = enter(base, browser, lasting_people)
    page.goto(at(lasting_people, "settings/fields/accounts/new/?kind=choice"))
    page.fill("#f-label", "Level")
    for place, words in enumerate(("High", "Middle", "Low", "None at all")):
        if place == page.locator("[name=choice-label]").count():
            page.get_by_role("button", name="Add a choice").click()
            expect(page.locator("[name=choice-label]")).to_have_count(place + 1)
        page.locator("[name=choice-label]").nth(place).fill(words)
    page.get_by_role("button", name="Move choice 1 down").click()
    expect(page.locator("[name=choice-label]").first).to_have_value("Middle")
    expect(page.locator("#f-label")).to_have_value("Level")
    page.get_by_role("button", name="Save field").first.click()
    page.wait_for_url("**/settings/fields/accounts/")
    with workspace(lasting_people.workspace.pk):
        assert [c["value"] for c in CustomField.objects.get(key="level").choices] == ["middle", "high", "low", "none_at_all"]
    page.goto(at(lasting_people, "settings/fields/accounts/new/?kind=formula"))
    page.get_by_role("button", name="Employees").click()
    page.locator("#f-formula").press_sequentially(" * 2")
    expect(page.locator("#worked-out")).to_contain_text("42")
    page.locator("#f-formula").fill("{nothing}")
    expect(page.locator("#worked-out")).to_contain_text("There is no field")
    assert not violations(page)
