"""Sheets of Excel and OpenDocument files, as texts; hostile ones refused before they are opened."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from patron.kernel.text import _
from patron.records.transfer import hostile
from patron.records.transfer.source import Format, Row, Unreadable, fitted

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SECOND = datetime.timedelta(seconds=1)
Value = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


def sniff(path: Path, filename: str) -> Format:
    """The format of the file by its first bytes. Raises `Unreadable` for well-known formats that are no tables."""
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    if head.startswith(b"PK"):
        return hostile.zip_format(path)
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith(b"%PDF"):
        raise Unreadable(_("This is a PDF. Export the table as CSV or XLSX."))
    if head.startswith((b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ")):
        raise Unreadable(_("This file is compressed. Unpack it and choose the table inside."))
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml")):
        raise Unreadable(
            _("This is a web page or XML, whatever its name. Open it in a spreadsheet and save it as XLSX or CSV.")
        )
    if start.startswith((b"\x89png", b"\xff\xd8\xff", b"gif8", b"{\\rtf")):
        raise Unreadable(_("“%s” is not a table. Choose a CSV or XLSX file.") % filename)
    return "csv"


class Book:
    """A spreadsheet file, checked and opened. Not kept open between requests."""

    def __init__(self, path: Path, kind: Format) -> None:
        self.path, self.kind = path, kind
        hostile.check_archive(path, kind)
        self._ods_errors = hostile.check_ods(path) if kind == "ods" else {}
        try:
            self._book = CalamineWorkbook.from_path(path)
        except PasswordError as problem:
            raise Unreadable(_("This file is protected by a password. Save it without one.")) from problem
        except (CalamineError, OSError) as problem:
            raise _damaged(problem) from problem
        sheets = [sheet for sheet in self._book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        visible = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
        self.names = visible + [sheet.name for sheet in sheets if sheet.name not in visible]
        self._open: tuple[str, CalamineSheet, Mapping[int, Mapping[int, str]]] | None = None
        if not self.names:
            raise Unreadable(_("This file holds no sheet with cells."))

    def choose(self, name: str | None) -> str:
        """`name` if there is such a sheet; without one the first visible sheet that holds anything."""
        if name is not None and name not in self.names:
            raise Unreadable(_("There is no sheet “%s” in this file.") % name)
        return name or next((n for n in self.names if self._sheet(n)[0].start is not None), self.names[0])

    def first_column(self, sheet: str) -> int:
        """The index of the sheet's first used column, where its rows begin; 0 is A."""
        return (self._sheet(sheet)[0].start or (0, 0))[1]

    def last_row(self, sheet: str) -> int:
        """The number of the sheet's last used row; the first is 1."""
        end = self._sheet(sheet)[0].end
        return end[0] + 1 if end else 0

    def rows(self, sheet: str) -> Iterator[Row]:
        """The rows, numbered as the sheet shows them, from its first used row and column on."""
        found, errors = self._sheet(sheet)
        first_row, first_column = found.start or (0, 0)
        for number, values in enumerate(found.iter_rows(), 1):
            if number <= first_row:
                continue
            cells = [value if type(value) is str else as_text(value) for value in values]
            wrong = errors.get(number)
            yield Row(number, cells) if wrong is None else _with_errors(number, cells, wrong, first_column)

    def _sheet(self, name: str) -> tuple[CalamineSheet, Mapping[int, Mapping[int, str]]]:
        """The sheet, read as a whole, and its cells in error; the last one asked for is kept."""
        if self._open is None or self._open[0] != name:
            self._open = None
            errors = self._errors(name)
            try:
                self._open = name, self._book.get_sheet_by_name(name), errors
            except CalamineError as problem:
                raise _damaged(problem) from problem
        return self._open[1], self._open[2]

    def _errors(self, sheet: str) -> Mapping[int, Mapping[int, str]]:
        """Cells that show an error, by row and column index; checks on the way that the sheet is not a trap."""
        if self.kind == "xlsx":
            return hostile.check_sheet(self.path, _member(self.path, sheet))
        return self._ods_errors.get(sheet, {})


def _with_errors(number: int, cells: list[str], wrong: Mapping[int, str], first_column: int) -> Row:
    errors = {}
    for column, shown in wrong.items():
        index = max(column - first_column, 0)
        cells += [""] * (index + 1 - len(cells))
        cells[index] = shown
        message = _("Cell %(cell)s shows the error %(error)s. Correct it in the spreadsheet.")
        errors[index] = message % {"cell": f"{letters(column)}{number}", "error": shown}
    return fitted(number, cells, len(cells), None, errors)


def _member(path: Path, sheet: str) -> str | None:
    """The file inside the archive that holds this sheet; None where the archive does not say."""
    try:
        with zipfile.ZipFile(path) as archive:
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - Expat bounds entities
            links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - Expat bounds entities
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile):
        return None
    ids = {node.get("name"): node.get(f"{_REL}id") for node in book.iter(f"{_MAIN}sheet")}
    targets = {node.get("Id"): node.get("Target") for node in links}
    target = targets.get(ids.get(sheet) or "")
    if not target:
        return None
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def as_text(value: Value) -> str:
    """A cell's value as text that parses the same whatever the person's habits: ISO dates, a point before decimals.

    Numbers have the fifteen digits that spreadsheets show. One with exactly three decimal places gets a zero more, so
    that no reader takes "1.234" for a thousand.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime.datetime):
        return _moment(value)
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(value)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    shown = format(Decimal(f"{value:.15g}"), "f")
    return shown + "0" if shown[-4:-3] == "." else shown


def _moment(value: datetime.datetime) -> str:
    """A date, with its time where it has one. Times are kept as fractions of a day: nearly whole seconds are whole."""
    if value.microsecond:
        near = (value + _SECOND / 2).replace(microsecond=0)
        value = near if abs(near - value) < datetime.timedelta(milliseconds=2) else value
    if value.time() == datetime.time():
        return value.date().isoformat()
    return value.isoformat(sep=" ")


def letters(index: int) -> str:
    """The letters of a column by its index: 0 is A, 26 is AA."""
    found = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        found = chr(65 + rest) + found
    return found


def _damaged(problem: Exception) -> Unreadable:
    return hostile.damaged(re.sub(r"\s+", " ", str(problem))[:100])
