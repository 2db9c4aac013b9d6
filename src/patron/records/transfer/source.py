"""What is known about a file before its rows are read, and what a row is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple

from patron.kernel.parsing import Invalid
from patron.kernel.text import _

Format = Literal["csv", "xlsx", "xls", "ods"]

#: More columns than this are refused: nobody can match them, and a wrong delimiter or a hostile file is likelier.
MOST_COLUMNS = 1_000
#: Sample values kept per column.
SAMPLES = 200

_NONE: Mapping[int, str] = MappingProxyType({})
#: A cell that a spreadsheet would compute, behind the apostrophes that keep it from doing so.
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


class Unreadable(Invalid):
    """A file that cannot be read as a table at all. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """One column: its name, made unique, and up to 200 of its values that are not blank, from all parts of the file."""

    name: str
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A file as `probe` found it; made of plain values, so that it can be kept as JSON between two requests.

    `encoding` to `preface` are None or zero for spreadsheets; `sheets` and `sheet` are empty for CSV.
    `preface` is the number of lines before the header that are no table ("sep=;", empty lines).
    `estimated_rows` counts the rows below the header: exact for spreadsheets, close for CSV.
    `notes` are remarks for the person: columns renamed, no rows, and the like.
    """

    path: str
    filename: str
    format: Format
    columns: tuple[SourceColumn, ...] = ()
    header: bool = True
    estimated_rows: int = 0
    encoding: str | None = None
    delimiter: str | None = None
    quotechar: str | None = None
    escapechar: str | None = None
    skipinitialspace: bool = False
    preface: int = 0
    sheets: tuple[str, ...] = ()
    sheet: str | None = None
    notes: tuple[str, ...] = field(default=())


class Row(NamedTuple):
    """One row of the file. None is ever left out: one that cannot be used comes with its `problem`.

    `number` is the line of the file, or the row of the sheet, where it begins, as an editor shows it (from 1).
    `cells` has one text per column, or more where that is the problem. `problem` concerns the row as a whole; `errors`
    single cells by column index, so that a broken cell in a column nobody imports does no harm.
    """

    number: int
    cells: list[str]
    problem: str | None = None
    errors: Mapping[int, str] = _NONE

    @property
    def blank(self) -> bool:
        """Whether nothing is written in any cell."""
        return not any(cell and not cell.isspace() for cell in self.cells)


def fitted(number: int, cells: list[str], width: int, problem: str | None, errors: Mapping[int, str] = _NONE) -> Row:
    """The row in `width` cells: short ones filled up, empty cells beyond the last column dropped, others a problem."""
    extra = len(cells) - width
    if extra < 0:
        cells = cells + [""] * -extra
    elif extra > 0:
        if not any(cells[width:]):
            cells = cells[:width]
        elif problem is None:
            message = _("There are %(found)d cells, but %(width)d columns. Put quotation marks around the split cell.")
            problem = message % {"found": len(cells), "width": width}
    return Row(number, cells, problem, errors)


def guard(text: str) -> str:
    """Text that spreadsheets show and never compute: an apostrophe goes before = + - @, tab, line break.

    Texts that already begin with apostrophes before such a sign get one more, so that `unguard` restores every text
    exactly. Numbers and telephone numbers stay as they are: they compute to themselves.
    """
    if text[:1] in _SIGNS and FORMULA.match(text) and not _HARMLESS.fullmatch(text):
        return "'" + text
    return text


def unguard(text: str) -> str:
    """The text that `guard` was given; other texts unchanged."""
    return text[1:] if text[:1] == "'" and FORMULA.match(text) else text


_SIGNS = frozenset("'=+-@\t\r\n＝＋－＠")
#: A number, perhaps with its currency or per cent, or a telephone number.
_HARMLESS = re.compile(
    r"[+-]?\d+(?:[.,' ]\d+)*(?: ?(?:%|[A-Z]{3}))?|\+\d[\d ()/.-]{4,24}(?:(?:;ext=| ?x ?| ext\. ?)\d{1,7})?", re.ASCII
)
