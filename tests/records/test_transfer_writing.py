"""Tables are written so that they read back exactly, and so that no spreadsheet computes what people typed."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.records.transfer import writing
from patron.records.transfer.reading import Source, probe, rows
from patron.records.transfer.writing import (
    OutColumn,
    cell_text,
    csv_chunks,
    guard,
    unguard,
    write,
    write_csv,
    write_xlsx,
)


def _cells(source: Source, **options: Any) -> list[list[str]]:
    return [row.cells for row in rows(source, **options)]


@given(st.text(max_size=12))
def test_guarded_texts_come_back(text: str) -> None:
    assert unguard(guard(text)) == text
    assert guard(text)[:1] not in ("=", "@", "\t", "\r")


class Amount:
    amount, currency = Decimal("12.50"), "EUR"


VALUES = ["=1+1", "-5", "+49 30 901820", "@x", "'=x", 'a,b\n"c"', "", None, True, 12, Decimal("1E+3"), Decimal("-0.10")]


def test_csv_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with path.open("wb") as stream:
        assert write_csv(stream, [f"c{n}" for n in range(len(VALUES))], [VALUES]) == 1
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    (cells,) = _cells(probe(path))
    assert cells == ["=1+1", "-5", "+49 30 901820", "@x", "'=x", 'a,b\n"c"', "", "", "TRUE", "12", "1000", "-0.10"]
    (raw,) = _cells(probe(path), restore=False)
    assert raw[:5] == ["'=1+1", "-5", "+49 30 901820", "'@x", "''=x"]


def test_csv_is_streamed() -> None:
    endless = ([str(n)] for n in iter(int, 1))
    chunks = csv_chunks(["n"], endless)
    assert len(next(chunks)) + len(next(chunks)) > 60_000


def test_csv_values_are_exact() -> None:
    moment = datetime.datetime(2026, 11, 5, 13, 30, tzinfo=datetime.UTC)
    assert cell_text(moment) == "2026-11-05 13:30:00+00:00"
    assert cell_text(datetime.date(2026, 11, 5)) == "2026-11-05"
    assert cell_text(Decimal("1234.50"), ",") == "1234,50"
    assert cell_text(Amount()) == "12.50 EUR"
    assert cell_text(["b", "a"]) == "b, a"


def test_xlsx_written_is_read_back(tmp_path: Path) -> None:
    columns = [
        OutColumn("Text"),
        OutColumn("Day", "date"),
        OutColumn("Sum", "money", "EUR"),
        OutColumn("Moment", "datetime"),
        OutColumn("Share", "percent"),
    ]
    moment = datetime.datetime(2026, 11, 5, 13, 30, tzinfo=datetime.UTC)
    line = ["=1+1", datetime.date(2020, 1, 2), Decimal("12.50"), moment, Decimal("12.5")]
    old = ["-5", datetime.date(1850, 1, 2), Decimal("12345678901234567.89"), None, Amount()]
    path = tmp_path / "out.xlsx"
    with path.open("wb") as stream:
        assert write_xlsx(stream, columns, [line, old], sheet="A/B: all") == 2
    source = probe(path)
    assert source.sheet == "A B  all"
    assert _cells(source) == [
        ["=1+1", "2020-01-02", "12.5", "2026-11-05 13:30:00", "12.5"],
        ["-5", "1850-01-02", "12345678901234567.89", "", "12.5"],
    ]


def test_xlsx_goes_on_in_a_next_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SHEET_ROWS", 3)
    path = tmp_path / "out.xlsx"
    with path.open("wb") as stream:
        write_xlsx(stream, [OutColumn("n", "integer")], ([n] for n in range(7)), sheet="Deals")
    source = probe(path)
    assert source.sheets == ("Deals", "Deals (2)", "Deals (3)")
    assert [cells for sheet in source.sheets for cells in _cells(probe(path, sheet=sheet))] == [
        [str(n)] for n in range(7)
    ]


def test_xlsx_refuses_texts_that_no_cell_holds() -> None:
    stream = io.BytesIO()
    with pytest.raises(ValueError, match="32768 characters do not fit"):
        write_xlsx(stream, [OutColumn("Notes")], [["x" * 32_768]])
    assert stream.getvalue() == b""


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_write_in_either_form(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"out.{form}"
    with path.open("wb") as stream:
        assert write(stream, form, ["Name", OutColumn("Size", "integer")], [["A", 1], ["B", 2]]) == 2
    source = probe(path)
    assert (source.format, _cells(source)) == (form, [["A", "1"], ["B", "2"]])
    with pytest.raises(ValueError, match="CSV or XLSX"):
        write(io.BytesIO(), "pdf", [], [])
