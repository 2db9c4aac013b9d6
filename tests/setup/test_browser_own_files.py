"""Files in own fields in a real browser: the field made in the settings, a form in the dialog, the record page in place, the download."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from patron.collab.models import Attachment
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.testing import Scene
from tests.identity.browser import entered, faults
from tests.records.test_own_fields import account

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("storage")]


def pdf(name: str) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-1.7 " + name.encode()}


def test_a_file_is_put_into_a_field_seen_fetched_and_removed(base: str, browser: Browser, lasting_people: Scene, tmp_path: Path) -> None:
    with workspace(lasting_people.workspace.pk), operation("test", access=lasting_people.access()):
        one = account(lasting_people.access(), "Acme")
    page = entered(browser, base, lasting_people)
    start = f"/w/{lasting_people.workspace.slug}/"
    page.goto(f"{start}settings/fields/accounts/new/?kind=file")
    page.get_by_label("Label").fill("Drawings")
    page.get_by_label("Several files").check()
    page.get_by_role("button", name="Save field").first.click()
    page.goto(f"{start}accounts/{one.pk}/")
    page.get_by_role("link", name="Edit", exact=True).click()
    form = page.locator("form").filter(has=page.locator("[name=x_drawings]"))
    form.locator("[name=x_drawings]").set_input_files([pdf("north.pdf"), pdf("south.pdf")])
    form.get_by_role("button", name="Save changes").click()
    fact = page.locator(".facts [data-edit$='/x_drawings/']")
    expect(fact.get_by_role("link", name="north.pdf")).to_be_visible()
    with page.expect_download() as fetched:
        fact.get_by_role("link", name="south.pdf").click()
    assert Path(fetched.value.path()).read_bytes() == b"%PDF-1.7 south.pdf" and fetched.value.suggested_filename == "south.pdf"
    fact.get_by_role("link", name="Edit Drawings").click()
    fact.get_by_label("Remove north.pdf").check()
    fact.locator("[name=x_drawings]").set_input_files(pdf("west.pdf"))
    fact.get_by_role("button", name="Save").click()
    expect(fact.get_by_role("link", name="west.pdf")).to_be_visible()
    expect(fact.get_by_role("link", name="north.pdf")).to_have_count(0)
    expect(fact.get_by_role("link", name="Edit Drawings")).to_have_count(1)
    with workspace(lasting_people.workspace.pk):
        assert sorted(Attachment.objects.values_list("name", "field_key")) == [("south.pdf", "drawings"), ("west.pdf", "drawings")]
    page.goto(f"{start}accounts/{one.pk}/edit/")
    assert not [fault for fault in faults(page, ("light", 1440, 2000), ("dark", 390, 2000)) if "drawings" in fault or "sideways" in fault]
    assert not page.troubles  # type: ignore[attr-defined]


