"""Two people in one form, in a browser: the dialog that comes back, and tiles that are dragged."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import changes, registry
from patron.reports.domain import dashboards
from patron.testing import Scene
from tests.automation.receiving import hook_of
from tests.identity.browser import Look, entered, faults


@pytest.mark.browser
def test_a_dialog_comes_back_with_what_was_typed_and_saves_it_then(base: str, browser: Browser, lasting_people: Scene) -> None:
    scene = lasting_people
    hook = hook_of(scene, "https://example.com/hook", name="Warehouse")
    page = entered(browser, base, scene, viewport={"width": 1280, "height": 1000})
    page.goto(f"/w/{scene.workspace.slug}/settings/webhooks/{hook.pk}/")
    page.get_by_role("link", name="Edit").first.click()
    dialog = page.locator("#dialog")
    expect(dialog.locator("#f-name")).to_have_value("Warehouse")
    with workspace(scene.workspace.pk):
        changes.edit(registry.get("webhooks"), hook, {"name": "Stock"}, access=scene.access())
    dialog.locator("#f-name").fill("Depot")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("(now “Stock”)")
    expect(dialog.locator("#f-name")).to_have_value("Depot")
    looks: tuple[Look, ...] = (("light", 1280, 1000), ("dark", 390, 900))
    assert not faults(page, *looks)
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Depot", level=1)).to_be_visible()


@pytest.mark.browser
def test_tiles_follow_what_somebody_else_arranged(base: str, browser: Browser, lasting_people: Scene) -> None:
    scene = lasting_people
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        board = dashboards.save(access=scene.access(), name="Board", scope="workspace")
        a, b = (str(dashboards.add(board, key, access=scene.access()).pk) for key in list(dashboards.SHIPPED)[:2])
    page = entered(browser, base, scene, viewport={"width": 1280, "height": 900})
    page.goto(f"/w/{scene.workspace.slug}/dashboards/{board.pk}/edit/")

    def choose(tile: str, width: str) -> int:
        with page.expect_response(lambda r: r.request.method == "POST") as answer:
            page.select_option(f"[name=width-{tile}]", width)
        return answer.value.status

    assert [choose(a, "12"), choose(a, "4"), choose(b, "3")] == [204, 204, 204]  # what one does oneself is nobody else's change
    with workspace(scene.workspace.pk):
        dashboards.arrange(board, [b, a], access=scene.access(), widths={a: 8})
    assert choose(a, "6") == 409
    expect(page.locator("#toasts")).to_contain_text("since you opened it")
    expect(page.locator(f"[name=width-{a}]")).to_have_value("8")
    expect(page.locator("[data-arrange] li").first).to_have_attribute("data-id", b)
    assert choose(a, "6") == 204
    with workspace(scene.workspace.pk):
        assert [(i, t.width) for i, t in dashboards.placed(board).items()] == [(b, 3), (a, 6)]
