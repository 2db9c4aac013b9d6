"""Spreadsheets become rows; those made to fill the memory are refused."""

from __future__ import annotations

import datetime
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from patron.records.transfer import hostile
from patron.records.transfer.reading import MOST_COLUMNS, Row, Source, Unreadable, probe, rows


def _names(source: Source) -> list[str]:
    return [column.name for column in source.columns]


def _cells(source: Source) -> list[list[str]]:
    return [row.cells for row in rows(source)]


def _sheet(path: Path, fill: Callable[[Any, Any], None]) -> Path:
    book = xlsxwriter.Workbook(str(path))
    fill(book, book.add_worksheet("One"))
    book.close()
    return path


def test_xlsx_cells_are_texts_that_parse_the_same_everywhere(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        day, time = (
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        )
        sheet.write_row(0, 0, ["day", "time", "whole", "part", "three", "flag", "text"])
        sheet.write_datetime(1, 0, datetime.datetime(2020, 1, 2), day)  # noqa: DTZ001
        sheet.write_datetime(1, 1, datetime.datetime(2020, 1, 2, 3, 4, 5), time)  # noqa: DTZ001
        sheet.write_row(1, 2, [4930901820, 1100.04, 1.234, True, "=A1"])
        sheet.write_row(2, 2, [-3, 0.1 + 0.2, 12345678901234567890])

    source = probe(_sheet(tmp_path / "a.xlsx", fill))
    assert _cells(source) == [
        ["2020-01-02", "2020-01-02 03:04:05", "4930901820", "1100.04", "1.2340", "TRUE", "0"],
        ["", "", "-3", "0.3", "12345678901234600000", "", ""],
    ]


def test_xlsx_errors_belong_to_their_cells(tmp_path: Path) -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["a", "b", "c"])
        sheet.write_row(1, 0, ["x"])
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 2, "=A9", None, "#N/A")
        sheet.write_row(2, 0, ["y", 1, 2])

    first, second = rows(probe(_sheet(tmp_path / "a.xlsx", fill)))
    assert first.cells == ["x", "#DIV/0!", "#N/A"]
    assert first.errors == {
        1: "Cell B2 shows the error #DIV/0!. Correct it in the spreadsheet.",
        2: "Cell C2 shows the error #N/A. Correct it in the spreadsheet.",
    }
    assert second == Row(3, ["y", "1", "2"])


def test_xlsx_table_may_begin_anywhere(tmp_path: Path) -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_row(4, 2, ["Name", "City"])
        sheet.write_row(5, 2, ["A", "B"])
        sheet.write_row(7, 2, ["C", "D"])

    source = probe(_sheet(tmp_path / "a.xlsx", fill))
    assert (_names(source), source.estimated_rows) == (["Name", "City"], 3)
    assert [(row.number, row.cells) for row in rows(source)] == [(6, ["A", "B"]), (7, ["", ""]), (8, ["C", "D"])]


def test_xlsx_sheets_are_named_and_the_first_visible_with_cells_is_taken(tmp_path: Path) -> None:
    def fill(book: Any, first: Any) -> None:
        hidden, data = book.add_worksheet("Hidden"), book.add_worksheet("Data & more")
        hidden.hide()
        hidden.write_row(0, 0, ["secret"])
        data.write_row(0, 0, ["Name"])
        data.write_row(1, 0, ["A"])
        book.add_chartsheet("Chart")
        first.set_column(0, 0, 12)

    source = probe(_sheet(tmp_path / "a.xlsx", fill))
    assert (source.sheets, source.sheet) == (("One", "Data & more", "Hidden"), "Data & more")
    assert _cells(source) == [["A"]]
    assert list(rows(source, "Hidden")) == []
    with pytest.raises(Unreadable, match="no sheet “Nope”"):
        probe(source.path, sheet="Nope")


def _patched(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The archive with one member changed."""
    with zipfile.ZipFile(path) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, change(content) if member == name else content)
    return path


def _small(tmp_path: Path) -> Path:
    def fill(_book: Any, sheet: Any) -> None:
        for line in range(3):
            sheet.write_row(line, 0, ["a", "b"])

    return _sheet(tmp_path / "a.xlsx", fill)


def test_cells_far_apart_are_refused_before_they_fill_the_memory(tmp_path: Path) -> None:
    path = _patched(_small(tmp_path), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="B3"', b'r="ZZ1048576"'))
    with pytest.raises(Unreadable, match="spans 1048576 rows and 702 columns"):
        probe(path)
    path = _patched(_small(tmp_path), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="B3"', b'r="XFD3"'))
    with pytest.raises(Unreadable, match="16384 columns; at most 1000"):
        probe(path)


def test_archives_that_unpack_to_too_much_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            for _piece in range(110):
                member.write(b"0" * 1024**2)
    with pytest.raises(Unreadable, match="unpacks to more"):
        probe(path)


def test_archives_that_lie_about_their_size_are_refused(tmp_path: Path) -> None:
    path = _small(tmp_path)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    at = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    assert struct.unpack_from("<I", content, at + 24) == (size,)
    struct.pack_into("<I", content, at + 24, 10)
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        list(rows(probe(path)))


def test_xlsx_damaged_within_is_refused_with_words(tmp_path: Path) -> None:
    path = _patched(_small(tmp_path), "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2])
    with pytest.raises(Unreadable, match="damaged"):
        list(rows(probe(path)))


def test_an_archive_without_a_sheet_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("table.csv", "a,b")
    with pytest.raises(Unreadable, match="Unpack it"):
        probe(path)


_NAMESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def _ods(path: Path, body: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/manifest.xml", '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
        table = f'<table:table table:name="S1">{body}</table:table>'
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {_NAMESPACES}><office:body><office:spreadsheet>{table}'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def _ods_cell(kind: str, attribute: str, value: str, shown: str, more: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="{kind}" office:{attribute}="{value}" {more}>'
        f"<text:p>{shown}</text:p></table:table-cell>"
    )


def test_ods(tmp_path: Path) -> None:
    words = "".join(_ods_cell("string", "string-value", word, word) for word in ("a", "b", "c"))
    values = (
        _ods_cell("float", "value", "1.5", "1,50")
        + _ods_cell("date", "date-value", "2020-01-02", "02.01.20")
        + _ods_cell("string", "string-value", "", "#DIV/0!", 'calcext:value-type="error"')
    )
    blank = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    source = probe(
        _ods(
            tmp_path / "a.ods",
            f"<table:table-row>{words}</table:table-row><table:table-row>{values}</table:table-row>{blank}",
        )
    )
    (row,) = rows(source)
    assert (source.format, row.number, row.cells) == ("ods", 2, ["1.5", "2020-01-02", "#DIV/0!"])
    assert list(row.errors) == [2]


def test_ods_repeating_a_cell_a_thousand_million_times_is_refused(tmp_path: Path) -> None:
    cell = _ods_cell("string", "string-value", "x", "x", 'table:number-columns-repeated="900"')
    row = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    with pytest.raises(Unreadable, match="spans 1000000 rows and 900 columns"):
        probe(_ods(tmp_path / "a.ods", row))


def _biff(cells: list[list[str | float]]) -> bytes:
    """The records of an Excel 97 workbook with one sheet."""

    def record(code: int, content: bytes) -> bytes:
        return struct.pack("<HH", code, len(content)) + content

    def start(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 1996, 0, 6))

    body = start(0x10) + record(0x0200, struct.pack("<IIHHH", 0, len(cells), 0, len(cells[0]), 0))
    for y, line in enumerate(cells):
        for x, value in enumerate(line):
            if isinstance(value, str):
                text = struct.pack("<HHHHB", y, x, 0, len(value), 0) + value.encode("latin-1")
                body += record(0x0204, text)
            else:
                body += record(0x0203, struct.pack("<HHHd", y, x, 0, value))
    head = start(0x05) + record(0x0042, struct.pack("<H", 1200))
    place = len(head) + 4 + 8 + 3 + 4
    head += record(0x0085, struct.pack("<IBBBB", place, 0, 0, 3, 0) + b"One") + record(0x0A, b"")
    return head + body + record(0x0A, b"")


def _xls(path: Path, cells: list[list[str | float]]) -> Path:
    """The least that is an Excel 97 workbook: one stream of records in a compound file."""
    none, end = 0xFFFFFFFF, 0xFFFFFFFE
    stream = _biff(cells)
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\x00")
    sectors = len(stream) // 512
    chain = [0xFFFFFFFD, end, *range(3, 2 + sectors), end]
    table = struct.pack("<128I", *chain, *[none] * (128 - len(chain)))

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        text = name.encode("utf-16-le") + b"\x00\x00"
        about = struct.pack("<HBBIII", len(text) if name else 0, kind, 1, none, none, child)
        return text.ljust(64, b"\x00") + about + bytes(36) + struct.pack("<IQ", first, size)

    directory = (
        entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, none, 2, len(stream)) + entry("", 0, none, 0, 0) * 2
    )
    numbers = struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + numbers + struct.pack("<109I", 0, *[none] * 108)
    path.write_bytes(header + table + directory + stream)
    return path


def test_xls(tmp_path: Path) -> None:
    source = probe(_xls(tmp_path / "a.xls", [["Name", "Size"], ["Ann", 12.0], ["Bob", 12.5]]))
    assert (source.format, source.sheets, _names(source)) == ("xls", ("One",), ["Name", "Size"])
    assert _cells(source) == [["Ann", "12"], ["Bob", "12.5"]]
    assert any(".xls files" in note for note in source.notes)


def test_hostile_limits_are_what_the_manual_says() -> None:
    assert (hostile.MOST_BYTES, hostile.MOST_RATIO, MOST_COLUMNS) == (2 * 1024**3, 200, 1000)
