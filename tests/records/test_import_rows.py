"""No row is ever dropped silently, whatever the file looks like."""

from __future__ import annotations

import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patron.records.imports import rejects, service
from patron.records.transfer.source import Unreadable
from patron.records.verbs import Refused
from patron.sales.models import Lead
from patron.testing import Scene
from tests.records.import_kit import ACTIONS, checked, imported, inside, messages, numbers, staged, table

COLUMNS = {"First": "first_name", "Mail": "email", "N": "employees", "Source": "source"}
PLAN = {"columns": COLUMNS, "key": ["email"], "mode": "upsert"}

CELL = st.one_of(
    st.sampled_from(["", " ", "a@x.example", "b@x.example", "A@x.example", "nobody", "7", "-1", "1e9", "Phone", "phone", "Radio", '"', "\\N", "\t", "=1+1", "'x"]),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12),
)
ROWS = st.lists(st.lists(CELL, min_size=0, max_size=6), max_size=12)


def left_out(item) -> list[list[str]]:
    stream = io.BytesIO()
    rejects.write(item, stream)
    return list(csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig"))))


@given(rows=ROWS, mode=st.sampled_from(["create", "update", "upsert"]), alike=st.sampled_from(["skip", "create", "update"]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_is_accounted_for(scene: Scene, rows: list[list[str]], mode: str, alike: str) -> None:
    content = table(tuple(COLUMNS), *rows)
    written = [row for row in csv.reader(io.StringIO(content.decode(), newline="")) if any(cell.strip() for cell in row)][1:]
    with inside(scene) as view:
        try:
            item = checked(view, "leads", content, {**PLAN, "mode": mode, "alike": alike}, delimiter=",", header=True)
        except (Unreadable, Refused):  # no table at all, or lines above it taken for a title: then nothing is imported, and it is said
            return
        counts = item.counts
        assert sum(counts[a] for a in ACTIONS) == counts["rows"] == len(staged(item))
        assert counts["rows"] >= len(written)
        before = Lead.objects.count()
        item = service.apply(item, view)
        assert item.state == "applied", item.message
        assert sum(item.counts[a] for a in ACTIONS) == counts["rows"]
        assert Lead.objects.count() - before == item.counts["new"]
        assert len(left_out(item)) - 1 == item.counts["error"] + item.counts["duplicate"]
        assert all(row.problems for row in staged(item) if row.action in ("error", "duplicate"))
        if item.operation_id:
            service.undo(item, view)
        assert Lead.objects.count() == before


def test_ragged_and_broken_lines_are_errors_with_their_line(scene: Scene) -> None:
    content = b'First,Mail,N,Source\nAnn,ann@x.example\nBo,bo@x.example,1,Phone,extra\n\n"Cy,cy@x.example,2,Phone\nDi,di@x.example,3,Phone\n'
    with inside(scene) as view:
        item = imported(view, "leads", content, PLAN)
        assert numbers(item) == {"new": 2, "error": 2}
        assert [row.line for row in staged(item)] == [2, 3, 5, 6]
        assert "5 cells" in messages(item)[1]
        assert "quotation mark" in messages(item)[2]
        assert item.counts["blank"] == 1
        assert "Beyond the last column: extra" in left_out(item)[1][-1]


def test_the_file_of_what_was_left_out_can_be_imported_after_correction(scene: Scene) -> None:
    content = table(tuple(COLUMNS), ("Ann", "ann@x.example", "many", "Phone"), ("Bo", "bo@x.example", "2", "Phone"))
    with inside(scene) as view:
        item = imported(view, "leads", content, PLAN)
        rows = left_out(item)
        assert rows[0][-1] == "Why it was not imported"
        assert rows[1][:4] == ["Ann", "ann@x.example", "many", "Phone"]
        rows[1][2] = "3"
        again = imported(view, "leads", table(rows[0], *rows[1:]), PLAN)
        assert numbers(again) == {"new": 1}


def test_texts_come_out_as_they_went_in(scene: Scene) -> None:
    """What COPY, JSON and arrays have signs for is text in a file."""
    odd = ["\\N", "\\.", '{"a"}', "a\\tb", 'say "x"', "a;b,c", "naïve Łódź", "tab\there", "100%", "%s", "$1", "'; DROP TABLE x"]
    with inside(scene) as view:
        item = imported(view, "leads", table(("F", "Need"), *((f"P{i}", text) for i, text in enumerate(odd))), {"columns": {"F": "first_name", "Need": "need"}})
        assert numbers(item) == {"new": len(odd)}, messages(item)
        assert set(Lead.objects.values_list("need", flat=True)) == set(odd)
        assert [row.cells[1] for row in staged(item)] == odd


def test_workbooks_are_read_as_well(scene: Scene, tmp_path) -> None:
    import xlsxwriter

    path = tmp_path / "leads.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Leads")
    sheet.write_row(0, 0, list(COLUMNS))
    sheet.write_row(1, 0, ["Ann", "ann@x.example", 12, "Phone"])
    sheet.write_row(2, 0, ["Bo", "bo@x.example", 12.5, "Phone"])
    book.close()
    with inside(scene) as view:
        item = imported(view, "leads", path.read_bytes(), PLAN, "leads.xlsx")
        assert numbers(item) == {"new": 1, "error": 1}
        assert Lead.objects.get().employees == 12
