"""CSV and its relatives: which delimiter and quotation mark, and records that lose nothing on malformed lines."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TextIO

from patron.kernel.text import _
from patron.records.transfer.source import Unreadable

#: Rarest in prose first: where two split a file equally well, the first is meant.
DELIMITERS = ("\t", ";", "|", ",")
#: Characters in one line; a longer one is not a table.
LONGEST_LINE = 4_000_000
_SAMPLE_LINES = 1_000
_SAMPLE_CHARS = 512 * 1024
_SPOTS = 16
_SPOT_BYTES = 32 * 1024
_SPOT_ROWS = 6
_SEP = re.compile(r'"?sep=(.)"?[\r\n]*', re.I)
_BY_BYTES = ("utf-16", "utf-32")


class Dialect(NamedTuple):
    """How a file separates and quotes its cells."""

    delimiter: str = ","
    quotechar: str = '"'
    escapechar: str | None = None
    skipinitialspace: bool = False


class Record(NamedTuple):
    """Cells between two delimited line ends, the line where they begin, and what is wrong with them."""

    number: int
    cells: list[str]
    problem: str | None = None


class Lines:
    """The lines of a file, for `csv.reader`: counted, kept until the record is complete, and given back on demand."""

    def __init__(self, stream: TextIO | io.StringIO) -> None:
        self._stream = stream
        self._back: deque[str] = deque()
        self.taken: list[str] = []
        self.count = 0
        #: Whether a line taken holds an apostrophe, or NUL. Whoever looks sets it back.
        self.apostrophe = False
        self.nul = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._read()
        if not line:
            raise StopIteration
        if "'" in line:
            self.apostrophe = True
        if "\x00" in line:
            self.nul = True
        self.taken.append(line)
        self.count += 1
        return line

    def _read(self) -> str:
        try:
            line = self._stream.readline(LONGEST_LINE)
        except UnicodeDecodeError as problem:
            message = _("After line %(line)d a byte cannot be read as %(encoding)s. Choose another encoding.")
            raise Unreadable(message % {"line": self.count, "encoding": problem.encoding}) from problem
        if len(line) == LONGEST_LINE:
            message = _("Line %(line)d is longer than %(most)d characters: this is not a table. Save the file as CSV.")
            raise Unreadable(message % {"line": self.count + 1, "most": LONGEST_LINE})
        return line

    def give_back(self, lines: list[str]) -> None:
        """Have these lines, the last ones taken, read once more."""
        self._back.extendleft(reversed(lines))
        self.count -= len(lines)


def records(lines: Lines, dialect: Dialect) -> Iterator[Record]:
    """Every record of the file in order.

    Where quotation marks are wrong, the first line of the record comes alone, its cells as written, with the problem;
    reading goes on with the next line. So one stray mark costs one line and not the rest of the file.
    """
    reader = csv.reader(lines, strict=True, **dialect._asdict())
    while True:
        start = lines.count + 1
        lines.taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            first, *rest = lines.taken
            lines.give_back(rest)
            yield Record(start, _as_written(first, dialect), _problem(error))
            continue
        yield Record(start, cells)


def _as_written(line: str, dialect: Dialect) -> list[str]:
    return line.rstrip("\r\n").split(dialect.delimiter)


def _problem(error: csv.Error) -> str:
    if "end of data" in str(error) or "field larger" in str(error):
        return _(
            "A quotation mark opens a cell here and is never closed, or the cell is longer than 131072 characters."
        )
    return _("Text follows a closing quotation mark. Double the quotation marks that belong to the text.")


def preface_of(path: Path, encoding: str) -> tuple[int, str | None]:
    """How many lines come before the table ("sep=;" and empty ones), and the delimiter that "sep=" names."""
    count, delimiter = 0, None
    with path.open(encoding=encoding, newline="") as file:
        while line := file.readline(LONGEST_LINE):
            told = _SEP.fullmatch(line) if count == 0 else None
            if told:
                delimiter = told[1]
            elif line.strip("\r\n\x00 "):
                break
            count += 1
    return count, delimiter


def sniff(path: Path, encoding: str, preface: int, delimiter: str | None) -> Dialect:
    """The dialect in which the first lines make the most even table."""
    sample = sample_of(path, encoding, preface)
    best, best_score = Dialect(delimiter or ","), (0.0, 0, 0)
    for place, mark in enumerate([delimiter] if delimiter else DELIMITERS):
        spaced = f'{mark} "' in sample
        for escape in (None, "\\") if '\\"' in sample else (None,):
            dialect = Dialect(mark, _quote(sample, mark), escape, spaced)
            share, width = _evenness(sample, dialect)
            score = (share, width, -place)
            if score > best_score:
                best, best_score = dialect, score
    return best


def _quote(sample: str, delimiter: str) -> str:
    """An apostrophe where cells that begin with one also end with one, and several do; else the quotation mark."""
    mark = re.escape(delimiter)
    opened = len(re.findall(rf"(?:^|{mark})'", sample, re.M))
    closed = len(re.findall(rf"(?:^|{mark})'[^'\r\n]*'(?={mark}|\r|$)", sample, re.M))
    return "'" if opened >= 4 and closed >= 0.9 * opened and f'{delimiter}"' not in sample else '"'


def _evenness(sample: str, dialect: Dialect) -> tuple[float, int]:
    """How table-like the sample is: the share of well-formed records as wide as most are, and that width.

    A header narrower than its rows counts against the dialect; one cell against two is no table at all.
    """
    found = [record for record in records(Lines(io.StringIO(sample, newline="")), dialect) if record.cells]
    width = usual_width(found)
    if width < 2:
        return 0.1, width
    share = sum(len(record.cells) == width and not record.problem for record in found) / len(found)
    if len(found[0].cells) != width:
        share = share * 0.6 if width > 2 else 0.05
    return round(share, 2), width


def sample_of(path: Path, encoding: str, preface: int) -> str:
    """The first thousand lines after the preface, at most 512 KB, whole lines only."""
    lines: list[str] = []
    size = 0
    with path.open(encoding=encoding, newline="") as file:
        while size < _SAMPLE_CHARS and len(lines) < preface + _SAMPLE_LINES and (line := file.readline(LONGEST_LINE)):
            lines.append(line)
            size += len(line)
    return "".join(lines[preface:]).replace("\x00", "")


def usual_width(found: list[Record]) -> int:
    """How many cells most well-formed records have; the wider of two equally frequent."""
    widths = Counter(len(record.cells) for record in found if not record.problem)
    return max(widths.items(), key=lambda item: (item[1], item[0]))[0] if widths else 0


def title_lines(found: list[Record], width: int) -> int:
    """Lines of a title above the header: up to ten records of one cell before the first as wide as the table."""
    for record in found[:11]:
        if len([cell for cell in record.cells if cell]) > 1 or len(record.cells) == width:
            return record.number - 1 if width > 2 and len(record.cells) == width else 0
    return 0


def spots(path: Path, encoding: str, dialect: Dialect, width: int) -> Iterator[list[str]]:
    """Records from places all over a large file, as samples: only those as wide as the table."""
    size = path.stat().st_size
    if encoding.startswith(_BY_BYTES) or size < 4 * _SPOT_BYTES:
        return
    with path.open("rb") as file:
        for place in range(1, _SPOTS + 1):
            file.seek(min(size * place // _SPOTS, size - _SPOT_BYTES))
            text = file.read(_SPOT_BYTES).decode(encoding, "ignore")
            lines = text.splitlines(keepends=True)[1:-1]
            fitting = (cells for cells in csv.reader(lines, **dialect._asdict()) if len(cells) == width)
            yield from islice(fitting, _SPOT_ROWS)
