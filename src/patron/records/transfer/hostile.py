"""Spreadsheet files that would fill the memory when opened, told from honest ones before that happens."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from patron.kernel.text import _
from patron.records.transfer.source import MOST_COLUMNS, Format, Unreadable

#: Bytes of all members of the archive together, unpacked.
MOST_BYTES = 2 * 1024**3
#: Unpacked bytes per packed byte, once the file is large; spreadsheets reach 5 to 50.
MOST_RATIO = 200
_LARGE = 100 * 1024**2
_MOST_XLS_BYTES = 512 * 1024**2
#: Cells in the rectangle from A1 to the last used cell, which is what reading a sheet takes memory for.
MOST_CELLS = 50_000_000
_FEW_CELLS = 2_000_000
#: Empty cells per used cell beyond which a large sheet is refused.
_SPARSE = 50
_CHUNK = 1 << 20

_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'])[^>]*?\bt=[\"']e[\"'][^>/]*>(.*?)</(?:\w+:)?c>", re.S
)
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_ERROR_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_VALUE_TYPE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
_ODS = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def zip_format(path: Path) -> Format:
    """Which kind of spreadsheet an archive is. Raises `Unreadable` when it is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mimetype = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, zlib.error, RuntimeError, NotImplementedError) as problem:
        raise damaged() from problem
    if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "ods"
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise Unreadable(_("This is a binary workbook (XLSB). Save it as XLSX."))
    raise Unreadable(_("This is an archive and no spreadsheet. Unpack it and choose the table inside."))


def check_archive(path: Path, kind: Format) -> None:
    """Refuse archives that unpack to more than 2 GB, or to a multiple that no spreadsheet has, or that lie about it."""
    if kind == "xls":
        if path.stat().st_size > _MOST_XLS_BYTES:
            raise _too_large()
        return
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        total = sum(member.file_size for member in members)
        packed = max(sum(member.compress_size for member in members), 1)
        if total > MOST_BYTES or (total > _LARGE and total / packed > MOST_RATIO):
            raise _too_large()
        for member in members:
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or member.flag_bits & 1:
                raise Unreadable(_("This file is protected or packed in an unusual way. Save it again as XLSX or CSV."))
            if _really(path, member) > member.file_size:
                raise _too_large()


def _really(path: Path, member: zipfile.ZipInfo) -> int:
    """Bytes the member unpacks to, counted; the directory of a hostile archive may state fewer. Stops beyond those."""
    if member.compress_type == zipfile.ZIP_STORED:
        return member.compress_size
    size = 0
    with path.open("rb") as file:
        file.seek(member.header_offset + 26)
        lengths = file.read(4)
        file.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), 1)
        unpack, left = zlib.decompressobj(-15), member.compress_size
        try:
            while left > 0 and size <= member.file_size and not unpack.eof:
                chunk = file.read(min(left, 64 * 1024))
                left -= len(chunk) or left
                while chunk and size <= member.file_size:
                    size += len(unpack.decompress(chunk, _CHUNK))
                    chunk = unpack.unconsumed_tail
        except zlib.error:
            return size
    return size


def check_sheet(path: Path, member: str | None) -> dict[int, dict[int, str]]:
    """Refuse a sheet whose used cells lie so far apart that reading it would take gigabytes.

    Returns the cells that show an error, by row number (from 1) and column index (from 0). Without a `member` all
    sheets are checked and no errors are known.
    """
    with zipfile.ZipFile(path) as archive:
        names = [member] if member in archive.namelist() else []
        for name in names or [n for n in archive.namelist() if n.startswith("xl/worksheets/")]:
            errors = _check_member(archive, name or "")
    return errors if names else {}


def _check_member(archive: zipfile.ZipFile, name: str) -> dict[int, dict[int, str]]:
    columns: set[bytes] = set()
    errors: dict[int, dict[int, str]] = {}
    last = used = 0
    for piece in _pieces(archive, name):
        cells = _CELL.findall(piece)
        if cells:
            used += len(cells)
            columns.update(column for column, _row in cells)
            last = max(last, *(int(row) for _column, row in cells))
        if b"#" in piece:
            for column, row, content in _ERROR.findall(piece):
                shown = _VALUE.search(content)
                text = shown[1].decode("utf-8", "replace") if shown else "#ERROR!"
                errors.setdefault(int(row), {})[_index(column)] = text
    check_size(last, 1 + max(map(_index, columns), default=0), used)
    return errors


def check_size(height: int, width: int, used: int) -> None:
    """Refuse a sheet of these many rows and columns with `used` cells filled."""
    if width > MOST_COLUMNS:
        message = _(
            "This table has %(width)d columns; at most %(most)d can be read. Delete what lies beyond the table."
        )
        raise Unreadable(message % {"width": width, "most": MOST_COLUMNS})
    cells = height * width
    if cells > MOST_CELLS or (cells > _FEW_CELLS and cells > _SPARSE * used):
        message = _(
            "This sheet spans %(rows)d rows and %(columns)d columns, which is too much at once. Save it as CSV."
        )
        raise Unreadable(message % {"rows": height, "columns": width})


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The member in pieces that end with a row, so that no cell is cut in two."""
    rest = b""
    try:
        with archive.open(name) as file:
            while chunk := file.read(_CHUNK):
                rest += chunk
                cut = rest.rfind(b"</row>") + 1 or (rest.rfind(b"<") if len(rest) > 16 * _CHUNK else 0)
                if cut > 0:
                    yield rest[:cut]
                    rest = rest[cut:]
    except (zipfile.BadZipFile, zlib.error, OSError) as problem:
        raise damaged() from problem
    yield rest


def check_ods(path: Path) -> dict[str, dict[int, dict[int, str]]]:
    """Refuse OpenDocument sheets in which few cells claim to be repeated many times.

    Returns the cells that show an error by sheet, row number (from 1) and column index (from 0).
    """
    found: dict[str, dict[int, dict[int, str]]] = {}
    sheet = _OdsSheet()
    try:
        with zipfile.ZipFile(path) as archive, archive.open("content.xml") as file:
            for _event, node in ElementTree.iterparse(file):  # noqa: S314 - Expat bounds entities
                if node.tag == f"{_ODS}table-row":
                    sheet.add(node)
                    node.clear()
                elif node.tag == f"{_ODS}table":
                    check_size(sheet.last, sheet.width, sheet.used)
                    found[node.get(f"{_ODS}name") or ""] = sheet.errors
                    sheet = _OdsSheet()
                    node.clear()
    except Unreadable:
        raise
    except (KeyError, ValueError, ElementTree.ParseError, zipfile.BadZipFile, zlib.error) as problem:
        raise damaged() from problem
    return found


class _OdsSheet:
    """The extent of an OpenDocument sheet, counted row by row."""

    def __init__(self) -> None:
        self.rows = self.last = self.width = self.used = 0
        self.errors: dict[int, dict[int, str]] = {}

    def add(self, row: ElementTree.Element) -> None:
        """Count one row element, which may stand for many rows of cells that may stand for many cells."""
        repeat = int(row.get(f"{_ODS}number-rows-repeated") or 1)
        column = width = used = 0
        for cell in row:
            times = int(cell.get(f"{_ODS}number-columns-repeated") or 1)
            if len(cell) or cell.get(_VALUE_TYPE):
                width, used = column + times, used + times
            if cell.get(_ERROR_TYPE) == "error" and column < MOST_COLUMNS:
                for number in range(self.rows + 1, self.rows + 1 + min(repeat, 1000)):
                    self.errors.setdefault(number, {})[column] = "".join(cell.itertext()) or "#ERROR!"
            column += times
        self.rows += repeat
        if used:
            self.last, self.width, self.used = self.rows, max(self.width, width), self.used + used * repeat


def _index(letters: bytes) -> int:
    """The index of a column by its letters: A is 0."""
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


def damaged(reason: str = "") -> Unreadable:
    """The refusal of a file that cannot be opened."""
    message = _("This file is damaged or not a spreadsheet. Open it in a spreadsheet and save it again as XLSX or CSV.")
    return Unreadable(f"{message} ({reason})" if reason else message)


def _too_large() -> Unreadable:
    return Unreadable(_("This file unpacks to more than can be read at once. Save the table as CSV."))
