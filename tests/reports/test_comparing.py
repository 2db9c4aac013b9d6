"""A report beside another stretch of time: which days, which group beside which, differences that never divide by nothing, and the lists behind both."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patron.identity.access import Access
from patron.kernel.parsing import Invalid
from patron.reports import charts, comparing, files
from patron.reports.definition import Definition, Grouping, Measure, read
from patron.reports.result import NEW, Result
from patron.sales.domain.start import ship_lists
from patron.sales.models import Deal, Pipeline, Stage
from patron.testing import Scene, open_workspace
from tests.records.together import client
from tests.reports.conftest import listed, report

D = Decimal
DAY = datetime.timedelta(days=1)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("now", "before", "year"),
    [
        (("2026-04-01", "2026-07-01"), ("2026-01-01", "2026-04-01"), ("2025-04-01", "2025-07-01")),
        (("2024-02-01", "2024-03-01"), ("2024-01-01", "2024-02-01"), ("2023-02-01", "2023-03-01")),
        (("2026-01-01", "2027-01-01"), ("2025-01-01", "2026-01-01"), ("2025-01-01", "2026-01-01")),
        (("2026-03-02", "2026-03-09"), ("2026-02-23", "2026-03-02"), ("2025-03-03", "2025-03-10")),
        (("2026-03-03", "2026-03-06"), ("2026-02-28", "2026-03-03"), ("2025-03-03", "2025-03-06")),
        (("2024-02-20", "2024-03-01"), ("2024-02-10", "2024-02-20"), ("2023-02-20", "2023-03-01")),
    ],
)
def test_stretches_go_by_the_calendar(now: Any, before: Any, year: Any) -> None:
    span = (day(now[0]), day(now[1]))
    assert comparing.previous(span) == (day(before[0]), day(before[1]))
    assert comparing.year_before(span) == (day(year[0]), day(year[1]))


def fill(scene: Scene, rows: list[tuple[str, str, Any]]) -> None:
    """(owner, day of expected close, amount)"""
    Deal.objects.all().delete()
    pipeline, stage = Pipeline.objects.get(), Stage.objects.filter(kind="open").order_by("order").first()
    Deal.objects.bulk_create(
        Deal(name=f"D{i}", owner=scene.members[owner], expected_close=when and day(when), amount=amount, pipeline=pipeline, stage=stage) for i, (owner, when, amount) in enumerate(rows)
    )


def quarter(access: Access, by: Any, *measures: Measure, **rest: Any) -> Result:
    within = {"and": [["expected_close", "between", ["2026-04-01", "2026-06-30"]]]}
    return report(access, "deals", by, *(measures or (Measure("n"), Measure("sum", "sum", "base_amount"))), filter=within, **{"compare": "previous", **rest})


ROWS = [
    ("alice", "2026-04-10", 100), ("alice", "2026-05-10", 50), ("bob", "2026-06-30", 30), ("alice", "2026-01-01", 120), ("charlie", "2026-03-31", 7), ("charlie", "2026-02-10", 3),
    ("bob", "2025-04-01", 60), ("dora", "2025-12-31", 1000), ("dora", "2026-07-01", 1000),
]  # fmt: skip


def told(result: Result, key: str = "sum") -> dict[str, tuple[Any, ...]]:
    lines = {line.labels[0]: line for line in [*result.lines, result.total]}
    return {name: tuple(line.values[f"{key}{part}"] for part in ("", ".before", ".diff", ".change")) for name, line in lines.items()}


def test_groups_stand_beside_what_they_were(scene: Scene, access: Access) -> None:
    fill(scene, ROWS)
    found = quarter(access, ("owner",))
    assert told(found) == {
        "Alice": (D(150), D(120), D(30), D(25)), "Bob": (D(30), D(0), D(30), NEW), "Charlie": (D(0), D(10), D(-10), D(-100)), "Total": (D(180), D(130), D(50), D(5000) / 130),
    }  # fmt: skip
    assert [c.id for c in found.columns][:4] == ["n", "n.before", "n.diff", "n.change"]
    shown = {line.labels[0]: [found.show(c, line.values[c.id]) for c in found.columns if c.of == "n"] for line in found.lines}
    assert shown["Bob"] == ["0", "+1", "new"] and shown["Charlie"] == ["2", "-2", "-100%"]
    assert found.notes[0] == "1 Apr 2026 – 30 Jun 2026, compared with 1 Jan 2026 – 31 Mar 2026."
    year = told(quarter(access, ("owner",), compare="year"))
    assert year["Bob"][:3] == (D(30), D(60), D(-30))
    chosen = told(quarter(access, ("owner",), compare="chosen", compare_from="2025-12-31", compare_to="2025-12-31"))
    assert chosen["Dora"][:2] == (D(0), D(1000)) and chosen["Total"][1] == D(1000)


def test_months_of_a_quarter_stand_beside_those_of_the_other_in_order(scene: Scene, access: Access) -> None:
    fill(scene, ROWS)
    found = quarter(access, (("expected_close", "month"),))
    assert [(line.labels[0], *(line.values[k] for k in ("sum", "sum.before"))) for line in found.lines] == [("Apr 2026", 100, 120), ("May 2026", 50, 3), ("Jun 2026", 30, 7)]
    assert found.total.values["sum.before"] == 130


def test_a_longer_stretch_leaves_days_without_counterpart(scene: Scene, access: Access) -> None:
    fill(scene, [("alice", "2026-02-28", 1), ("alice", "2026-01-28", 5), ("alice", "2026-01-31", 9)])
    within = {"and": [["expected_close", "between", ["2026-02-01", "2026-02-28"]]]}
    found = report(access, "deals", (("expected_close", "day"),), Measure("sum", "sum", "base_amount"), filter=within, compare="previous")
    assert [(line.keys[0], line.values["sum"], line.values["sum.before"]) for line in found.lines] == [(day("2026-02-28"), 1, 5)]
    assert found.total.values["sum.before"] == 14


def test_without_a_period_each_group_of_a_date_stands_beside_the_one_before(scene: Scene, access: Access) -> None:
    fill(scene, ROWS)
    found = report(access, "deals", (("expected_close", "month"),), Measure("sum", "sum", "base_amount"), compare="previous")
    by = {line.labels[0]: tuple(line.values[k] for k in ("sum", "sum.before", "sum.change")) for line in found.lines}
    assert by["Apr 2025"] == (60, None, None), "what was before the first is unknown"
    assert by["May 2025"] == (0, 60, -100) and by["Jun 2025"] == (0, 0, None)
    assert by["Dec 2025"] == (1000, 0, NEW) and by["Jan 2026"] == (120, 1000, -88)
    assert found.total.values["sum.before"] is None
    year = report(access, "deals", (("expected_close", "month"),), Measure("sum", "sum", "base_amount"), compare="year")
    assert {line.labels[0]: line.values["sum.before"] for line in year.lines}["Apr 2026"] == 60


def test_the_rest_of_a_cut_report_is_compared_with_its_own_rest(scene: Scene, access: Access) -> None:
    fill(scene, ROWS)
    found = quarter(access, ("owner",), Measure("sum", "sum", "base_amount"), Measure("mean", "avg", "base_amount"), top=1)
    assert told(found)["Alice"][:2] == (150, 120)
    others = next(line for line in found.lines if line.kind == "others")
    assert (others.values["sum"], others.values["sum.before"], others.values["mean.before"]) == (30, 10, 5)


def test_a_period_that_is_not_over_says_so(access: Access) -> None:
    today = access.today()
    for end, running in ((today + DAY, True), (today, False)):
        within = {"and": [["expected_close", "between", [str(today - DAY), str(end)]]]}
        found = report(access, "deals", ("owner",), filter=within, compare="previous")
        assert found.notes[0].endswith("not over yet.") == running


def test_shares_differ_by_points_and_formulas_compare(scene: Scene, access: Access) -> None:
    fill(scene, ROWS)
    big = Measure("big", where={"and": [["amount", "gte", 100]]})
    found = quarter(access, ("owner",), Measure("n"), big, Measure("rate", "formula", formula="big / n", percent=True), Measure("part", "sum", "base_amount", show="share"))
    alice = next(line for line in found.lines if line.labels[0] == "Alice")
    assert alice.values["rate"] == 50 and alice.values["rate.before"] == 100 and alice.values["rate.diff"] == -50 and "rate.change" not in alice.values
    assert round(alice.values["part.before"] or 0, 1) == D("92.3")
    column = next(c for c in found.columns if c.id == "rate.diff")
    assert "50 points" in found.show(column, alice.values["rate.diff"])
    charlie = next(line for line in found.lines if line.labels[0] == "Charlie")
    assert charlie.values["rate"] is None and found.show(column, charlie.values["rate.diff"]) == "–"


@pytest.mark.parametrize("by", [("owner",), (("expected_close", "month"),), ("owner", ("expected_close", "month"))])
@pytest.mark.parametrize("compare", ["previous", "year"])
def test_both_figures_open_their_own_rows(scene: Scene, access: Access, by: Any, compare: str) -> None:
    fill(scene, ROWS)
    found = quarter(access, by, Measure("n"), Measure("some", where={"and": [["amount", "gte", 10]]}), compare=compare)
    for line in [*found.lines, *found.firsts, *found.seconds, found.total]:
        for column in found.columns:
            if column.role in ("", "before") and line.values[column.id] is not None:
                assert listed(found, found.drill(line, column)).count() == line.values[column.id], (line.labels, column.id)


def test_number_of_queries_does_not_depend_on_groups(scene: Scene, access: Access) -> None:
    counts = []
    quarter(access, ())
    for rows in (ROWS[:2], ROWS):
        fill(scene, rows)
        with CaptureQueriesContext(connection) as captured:
            quarter(access, ("owner", ("expected_close", "week")))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_only_the_readers_rows_are_compared(scene: Scene, access: Access) -> None:
    fill(scene, ROWS)
    assert told(quarter(scene.access("charlie"), ("owner",))) == {"Charlie": (D(0), D(10), D(-10), D(-100)), "Total": (D(0), D(10), D(-10), D(-100))}


@pytest.mark.parametrize("chart", ["bar", "stacked", "line", "number", "table", "pivot", "funnel"])
@pytest.mark.parametrize("by", [("owner",), (("expected_close", "month"),), ("owner", ("expected_close", "month")), ()])
def test_every_chart_and_file_shows_it(scene: Scene, access: Access, chart: str, by: Any) -> None:
    fill(scene, ROWS)
    found = quarter(access, by, chart=chart)
    drawing = charts.draw(found)
    assert drawing.numbers or "period before" in " ".join(drawing.table.heads) or drawing.kind == "pivot"
    if chart in ("bar", "line", "stacked") and len(by) == 1:
        assert [name for _swatch, name in drawing.legend] == ["Deals", "Deals, period before"]
        for line in found.lines:
            marked = f'aria-label="{line.labels[0]}, Deals, period before: {line.values["n.before"]}"' in str(drawing.picture)
            assert marked == (bool(line.values["n.before"]) or chart == "line")
    if drawing.numbers:
        assert drawing.numbers[0]["was"] and drawing.numbers[0]["change"]
    for form in ("csv", "xlsx"):
        assert files.write(found, io.BytesIO(), form)
    plain = files.plain(found)
    assert plain["comparison"] == {"with": "previous", "field": "expected_close", "period": ["2026-04-01", "2026-06-30"], "before": ["2026-01-01", "2026-03-31"]}
    assert {c["tells"] for c in plain["columns"] if "tells" in c} == {"before", "diff", "change"}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"compare": "previous"}, "filter by a period"), ({"compare": "chosen", "compare_from": "2026-01-01", "compare_to": ""}, "first and the last day"),
        ({"compare": "chosen", "compare_from": "2026-02-01", "compare_to": "2026-01-01"}, "before the last"), ({"compare": "never"}, "cannot be read"),
        ({"compare": "year", "filter": {"and": [["expected_close", "before", "2026-01-01"]]}}, "filter by a period"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_said(access: Access, wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid) as error:
        report(access, "deals", ("owner",), **wrong)
    assert words in error.value.message


def test_a_definition_keeps_its_comparison(access: Access) -> None:
    made = Definition("deals", groupings=(Grouping("expected_close", "month"),), measures=(Measure("n"),), compare="chosen", compare_from="2026-01-01", compare_to="2026-01-31")
    assert read(made.stored()) == made


_DEALS = st.lists(st.tuples(st.sampled_from(["alice", "bob", "charlie"]), st.dates(day("2025-03-01"), day("2026-08-01")).map(str), st.integers(0, 500)), max_size=12)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_DEALS, st.dates(day("2025-06-01"), day("2026-05-01")), st.integers(0, 70), st.sampled_from(["previous", "year"]), st.sampled_from(["", "day", "week", "month", "quarter"]))
def test_figures_before_are_those_of_a_report_about_that_time(scene: Scene, access: Access, rows: list[Any], start: datetime.date, length: int, compare: str, bucket: str) -> None:
    fill(scene, rows)
    by: Any = (("expected_close", bucket),) if bucket else ("owner",)
    within = {"and": [["expected_close", "between", [str(start), str(start + length * DAY)]]]}
    found = report(access, "deals", by, Measure("n"), Measure("sum", "sum", "base_amount"), filter=within, compare=compare)
    assert found.comparison and found.comparison.before
    first, end = found.comparison.before
    alone = report(access, "deals", by, Measure("n"), Measure("sum", "sum", "base_amount"), filter={"and": [["expected_close", "between", [str(first), str(end - DAY)]]]})
    for key in ("n", "sum"):
        assert found.total.values[f"{key}.before"] == alone.total.values[key]
        beside = sum(line.values[f"{key}.before"] or 0 for line in found.lines)
        assert beside <= alone.total.values[key] if bucket else beside == alone.total.values[key]
    for line in found.lines:
        if line.before is not None:
            assert line.values["n.before"] == next((other.values["n"] for other in alone.lines if other.keys == line.before.keys), 0)


def test_the_builder_asks_what_to_compare_with_and_the_page_leads_to_both(scene: Scene) -> None:
    with open_workspace(scene) as access:
        ship_lists()
        fill(scene, ROWS)
        browser, build = client(scene), f"/w/{scene.workspace.slug}/reports/build/"
        asked = {"type": "deals", "g1": "owner", "m1_key": "n", "m1_agg": "count", "f": '{"and":[["expected_close","between",["2026-04-01","2026-06-30"]]]}', "compare": "previous"}
        page = browser.get(build, asked).content.decode()
        assert '<option value="previous" selected>' in page and "Deals, period before" in page and 'name="compare_from"' not in page
        days = {**asked, "compare": "chosen"}
        page = browser.get(build, days).content.decode()
        assert 'name="compare_from"' in page and "first and the last day" in page
        address = browser.post(f"/w/{scene.workspace.slug}/reports/save/", {"name": "Quarters", "scope": "private"}, query_params=asked).url  # type: ignore[attr-defined]
        page = browser.get(address).content.decode()
        assert "compared with 1 Jan 2026 – 31 Mar 2026" in page and "2026-01-01" in page
        again = browser.get(build, {"from": address.rstrip("/").rpartition("/")[2]}).url  # type: ignore[attr-defined]
        assert "compare=previous" in again
        assert access.member_id
