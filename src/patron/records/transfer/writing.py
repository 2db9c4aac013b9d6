"""Tables into files, streamed: CSV that any program reads back exactly, and XLSX with typed cells."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

import xlsxwriter

from patron.kernel.parsing import Invalid, minor_units
from patron.kernel.text import _
from patron.records.transfer.source import guard, unguard

__all__ = ["OutColumn", "cell_text", "csv_chunks", "guard", "unguard", "write", "write_csv", "write_xlsx"]

_UTC = ZoneInfo("UTC")
_CHUNK = 64 * 1024
#: Rows below the header of one sheet; further rows go to a next sheet.
SHEET_ROWS = 1_048_575
#: Characters in one cell of a sheet.
SHEET_TEXT = 32_767
#: Digits of a number in a sheet; longer numbers are written as text, since they would lose digits.
_SHEET_DIGITS = 15
_EXACT_INT = 10**_SHEET_DIGITS
_SHEET_FIRST_DAY = datetime.date(1900, 3, 1)
_WIDTHS = {
    "date": 12,
    "datetime": 18,
    "money": 16,
    "number": 12,
    "integer": 10,
    "percent": 10,
    "checkbox": 10,
    "email": 28,
}
_FORMATS = {
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
    "number": "#,##0.######",
    "integer": "#,##0",
    "percent": '0.##"%"',
}


@runtime_checkable
class MoneyLike(Protocol):
    """An amount with its currency (ISO 4217 code)."""

    @property
    def amount(self) -> Decimal: ...
    @property
    def currency(self) -> str: ...


@dataclass(frozen=True, slots=True)
class OutColumn:
    """A column to write: heading, kind (as fields have it), currency of plain amounts, width in digits."""

    name: str
    kind: str = "text"
    currency: str | None = None
    width: float | None = None


def csv_chunks(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    delimiter: str = ",",
    decimal_mark: str = ".",
    zone: ZoneInfo = _UTC,
    bom: bool = True,
) -> Iterator[bytes]:
    """A CSV file in UTF-8, in pieces of about 64 KB, for a streamed answer.

    `bom` puts the byte order mark first that Excel needs to see UTF-8. Texts that a spreadsheet would compute get an
    apostrophe (`guard`), which reading takes away. Instants are written in `zone` with their offset.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    if bom:
        yield b"\xef\xbb\xbf"
    writer.writerow([guard(name) for name in header])
    for row in rows:
        writer.writerow([guard(v) if type(v) is str else cell_text(v, decimal_mark, zone) for v in row])
        if buffer.tell() >= _CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_csv(stream: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[object]], **options: Any) -> int:
    """Write a CSV file to `stream`; `options` as in `csv_chunks`. Returns how many rows were written."""
    counted = _Counted(rows)
    for chunk in csv_chunks(header, counted, **options):
        stream.write(chunk)
    return counted.count


class _Counted:
    """Rows passed through and counted."""

    def __init__(self, rows: Iterable[Sequence[object]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[object]]:
        for row in self._rows:
            self.count += 1
            yield row


def cell_text(value: object, decimal_mark: str = ".", zone: ZoneInfo = _UTC) -> str:
    """A value as the text that its kind's parser reads back exactly; None is "". Texts are guarded."""
    if value is None:
        return ""
    if isinstance(value, str):
        return guard(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", decimal_mark)
    if isinstance(value, datetime.datetime):
        local = value.astimezone(zone) if value.tzinfo else value
        return local.isoformat(sep=" ", timespec="seconds" if not local.microsecond else "microseconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return guard(", ".join(str(item) for item in value))
    if isinstance(value, int):
        return str(value)
    if isinstance(value, MoneyLike):
        return f"{cell_text(value.amount, decimal_mark)} {value.currency}"
    return guard(str(value))


def write_xlsx(
    stream: IO[bytes],
    columns: Sequence[OutColumn],
    rows: Iterable[Sequence[object]],
    *,
    sheet: str = "Sheet1",
    zone: ZoneInfo = _UTC,
) -> int:
    """Write a workbook with a bold, frozen header and typed cells, in constant memory. Returns the number of rows.

    Instants are written as the time in `zone`. More than 1 048 575 rows go on in a next sheet. Numbers of more than 15
    digits are text, as a sheet would change them. Raises `Invalid`, with nothing written, for a text of more than
    32 767 characters, which a cell cannot hold.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(stream, options)
    pages = _Pages(book, columns, _sheet_name(sheet))
    count = 0
    for row in rows:
        page, line = pages.place(count)
        for index, value in enumerate(row):
            if value is not None and value != "":
                _write_cell(page, line, index, value, pages, zone)
        count += 1
    if not count:
        pages.place(0)
    book.close()
    return count


class _Pages:
    """The sheets of a workbook in the making, and the formats of its columns."""

    def __init__(self, book: Any, columns: Sequence[OutColumn], name: str) -> None:
        self.book, self.columns, self.name = book, columns, name
        self.header = book.add_format({"bold": True, "bottom": 1})
        self.formats: dict[str, Any] = {}
        self.page: Any = None
        self.number = 0

    def place(self, count: int) -> tuple[Any, int]:
        """The sheet and the line (from 0) for the row after `count` rows."""
        number = count // SHEET_ROWS
        if self.page is None or number > self.number:
            self.number = number
            self.page = self.book.add_worksheet(f"{self.name[:26]} ({number + 1})" if number else self.name)
            self.page.freeze_panes(1, 0)
            for index, column in enumerate(self.columns):
                width = column.width or max(_WIDTHS.get(column.kind, 24), min(len(column.name) + 2, 40))
                self.page.set_column(index, index, width)
            for index, column in enumerate(self.columns):
                self.page.write_string(0, index, column.name[:SHEET_TEXT], self.header)
        return self.page, count % SHEET_ROWS + 1

    def format(self, pattern: str) -> Any:
        """The cell format that shows `pattern`, made once."""
        if pattern not in self.formats:
            self.formats[pattern] = self.book.add_format({"num_format": pattern})
        return self.formats[pattern]

    def money(self, currency: str | None) -> Any:
        """The cell format of amounts in `currency`."""
        places = minor_units(currency) if currency else 2
        pattern = "#,##0" + ("." + "0" * places if places else "")
        return self.format(f"{pattern} [${currency}]" if currency else pattern)


def _write_cell(page: Any, line: int, index: int, value: object, pages: _Pages, zone: ZoneInfo) -> None:
    column = pages.columns[index]
    if isinstance(value, str):
        _write_text(page, line, index, value, column)
    elif isinstance(value, bool):
        page.write_boolean(line, index, value)
    elif isinstance(value, Decimal | int):
        pattern = _FORMATS.get(column.kind, "General")
        _write_number(
            page, line, index, value, pages.money(column.currency) if column.kind == "money" else pages.format(pattern)
        )
    elif isinstance(value, datetime.datetime):
        local = value.astimezone(zone).replace(tzinfo=None) if value.tzinfo else value
        _write_date(page, line, index, local, pages.format(_FORMATS["datetime"]))
    elif isinstance(value, datetime.date):
        _write_date(page, line, index, value, pages.format(_FORMATS["date"]))
    elif isinstance(value, list | tuple | set | frozenset):
        _write_text(page, line, index, ", ".join(map(str, value)), column)
    elif isinstance(value, MoneyLike):
        _write_number(page, line, index, value.amount, pages.money(value.currency))
    else:
        _write_text(page, line, index, str(value), column)


def _write_text(page: Any, line: int, index: int, words: str, column: OutColumn) -> None:
    if len(words) > SHEET_TEXT:
        message = _(
            "Row %(row)d, %(column)s: %(length)d characters do not fit into a cell of a spreadsheet. Export as CSV."
        )
        raise Invalid(message % {"row": line + 1, "column": column.name, "length": len(words)})
    page.write_string(line, index, words)


def _write_number(page: Any, line: int, index: int, value: Decimal | int, style: Any) -> None:
    small = isinstance(value, int) and -_EXACT_INT < value < _EXACT_INT
    if not small and len(Decimal(value).normalize().as_tuple().digits) > _SHEET_DIGITS:
        page.write_string(line, index, format(value, "f") if isinstance(value, Decimal) else str(value))
    else:
        page.write_number(line, index, value, style)


def _write_date(page: Any, line: int, index: int, value: datetime.date, style: Any) -> None:
    day = value.date() if isinstance(value, datetime.datetime) else value
    if day < _SHEET_FIRST_DAY:
        page.write_string(line, index, value.isoformat())
    else:
        page.write_datetime(line, index, value, style)


def _sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip("' ")[:31] or "Sheet1"


def write(
    stream: IO[bytes],
    form: str,
    header: Sequence[str | OutColumn],
    rows: Iterable[Sequence[object]],
    zone: ZoneInfo = _UTC,
) -> int:
    """Write a table as `form`, "csv" or "xlsx". Headings may say the kind (`OutColumn`). Returns the number of rows."""
    columns = [name if isinstance(name, OutColumn) else OutColumn(name) for name in header]
    if form == "xlsx":
        return write_xlsx(stream, columns, rows, zone=zone)
    if form == "csv":
        return write_csv(stream, [column.name for column in columns], rows, zone=zone)
    raise Invalid(_("Choose CSV or XLSX as the format."))
