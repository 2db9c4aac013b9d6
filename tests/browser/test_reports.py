"""Building a report, following a bar to its rows, arranging a dashboard: by mouse, by keyboard, in light, dark and on a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from patron.kernel.tenancy import workspace
from patron.reports.models import Dashboard, Report
from patron.testing import Scene
from tests.browser.conftest import LOOKS
from tests.identity.browser import WCAG, faults

pytestmark = pytest.mark.browser
SCREENS = (
    "reports/", "reports/activity-by-person/", "reports/account-growth/", "reports/forecast-by-month/", "reports/build/?from=win-rate",
    "reports/build/?type=deals&g1=owner&g2=stage&chart=pivot&m1_agg=count", "reports/build/?type=deals&g1=nothing", "reports/win-rate/schedule/", "dashboards/sales/",
)  # fmt: skip


def test_a_report_is_built_step_by_step_and_its_bar_leads_to_the_rows(page: Any, company: Scene) -> None:
    page.goto("reports/build/?type=deals")
    preview = page.locator("section.report")
    page.get_by_label("Grouping 1").select_option("account")
    expect(preview).to_contain_text("Brightwater")
    page.get_by_label("What to work out").first.select_option("sum")
    page.get_by_label("Of what").first.select_option("base_amount")
    expect(preview.locator("svg.plot")).to_contain_text("€90,000")
    expect(page).to_have_url(re.compile("m1_field=base_amount"))
    page.locator("a.chip.add").first.click()
    dialog = page.locator("dialog[open]")
    dialog.locator("[data-field]").select_option("base_amount")
    dialog.locator("[data-op]").select_option("gte")
    dialog.locator("[data-value]").fill("2000")
    dialog.get_by_role("button", name="Apply filter").click()
    expect(preview.locator("svg.plot")).not_to_contain_text("Brightwater")
    page.get_by_role("link", name="Save report").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_role("button", name="Save report").click()
    expect(dialog.locator("[data-errors]")).to_contain_text("Name")
    dialog.get_by_label("Name").first.fill("Large deals by account")
    dialog.get_by_role("button", name="Save report").click()
    expect(page.locator("h1")).to_have_text("Large deals by account")
    with workspace(company.workspace.pk):
        assert Report.objects.get(name="Large deals by account").definition["filter"] == {"and": [["base_amount", "gte", "2000"]]}
    page.get_by_label("Halden: €4,500").click()
    expect(page.locator("tbody tr[data-id]")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("Deal 1")


def test_a_dashboard_is_copied_and_arranged_by_dragging_and_by_keyboard(page: Any, company: Scene) -> None:
    page.goto("dashboards/activity/")
    expect(page.locator(".tiles section").first.locator("svg.plot, .empty").first).to_be_visible()
    page.get_by_role("link", name="Make a copy").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Name").first.fill("My week")
    dialog.get_by_role("button", name="Save dashboard").click()
    expect(page.locator("h1")).to_have_text("My week")
    page.get_by_role("link", name="Arrange").click()
    rows = page.locator("[data-arrange] > li b")
    names = rows.all_inner_texts()
    button = page.get_by_role("button", name=f"Move {names[0]} down")
    button.focus()
    page.keyboard.press("Enter")
    expect(rows.first).to_have_text(names[1])
    with page.expect_response(lambda r: r.request.method == "POST"):
        page.locator("[data-grip]").first.drag_to(page.locator("[data-arrange] > li").last)
    with page.expect_response(lambda r: r.request.method == "POST"):
        page.get_by_label(f"Width of {names[0]}").select_option("12")
    page.reload()
    expect(rows.last).to_have_text(names[1])
    with workspace(company.workspace.pk):
        tiles = Dashboard.objects.get(name="My week").tiles.order_by("position")
        assert [t.shipped for t in tiles][-1] == "activity-by-person" and 12 in [t.width for t in tiles][:2]


def test_without_script_the_builder_and_the_dashboard_still_work(chromium: Any, signed_in: Any, address: str, company: Scene) -> None:
    context = chromium.new_context(storage_state=signed_in, java_script_enabled=False, base_url=f"{address}/w/{company.workspace.slug}/")
    page = context.new_page()
    page.goto("reports/build/?type=accounts")
    page.get_by_label("Grouping 1").select_option("country")
    page.get_by_role("button", name="Update the preview").click()
    expect(page.locator("section.report")).to_contain_text("Germany")
    page.goto("dashboards/sales/")
    page.locator(".tiles a", has_text="Open the report").first.click()
    expect(page.locator("h1")).to_have_text("Open deals with gaps")
    context.close()


def test_reports_are_accessible_and_never_scroll_sideways(page: Any) -> None:
    found = []
    for place in SCREENS:
        answer = page.goto(place)
        assert answer.status == 200, place
        expect(page.locator(".tiles .skeleton")).to_have_count(0)
        for summary in page.locator("section.report details summary").all():
            summary.click()
        page.evaluate("scrollTo(0, 0)")  # else a heading may lie half under the bar at the top, and counts as too small
        found += [f"{place}: {fault}" for fault in faults(page, *LOOKS, tags=WCAG)]
    assert not found, "\n".join(found)
