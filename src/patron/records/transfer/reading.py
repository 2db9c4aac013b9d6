"""Tables out of files that people have: CSV of any encoding and dialect, Excel and OpenDocument sheets.

`probe` looks at a file once and says what it is; `rows` reads it from the beginning, row by row, in constant memory for
CSV. Nothing is dropped silently: each physical record becomes a `Row`, with its problem where it has one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from patron.kernel.parsing import Invalid, ParseContext, date_, text
from patron.kernel.text import _, fold
from patron.records.transfer import delimited, encodings, spreadsheets
from patron.records.transfer.delimited import Dialect, Lines
from patron.records.transfer.source import (
    MOST_COLUMNS,
    SAMPLES,
    Format,
    Row,
    Source,
    SourceColumn,
    Unreadable,
    fitted,
    unguard,
)

__all__ = ["MOST_COLUMNS", "SAMPLES", "Row", "Source", "SourceColumn", "Unreadable", "probe", "rows"]

#: Rows at the head of a file that samples are taken from.
_HEAD = 1_000
_VALUE = re.compile(r"[-+(]?[^\w\s]?\s?\d[\d.,' ]*%?\)?|[^@\s]+@[^@\s]+\.\w+|https?://\S+|\+?[\d ()/.-]{7,}", re.ASCII)
_ISO = ParseContext(date_order="YMD")


def probe(
    path: str | Path,
    filename: str | None = None,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: bool | None = None,
) -> Source:
    """What the file at `path` is and holds. The named arguments override what would be found.

    `filename` is the name the person knows it by. CSV is decoded as a whole, to prove the encoding; cells are sampled
    from all parts of it. Raises `Unreadable` for files that are no table, too wide, damaged or hostile.
    """
    path = Path(path)
    name = filename or path.name
    kind = spreadsheets.sniff(path, name)
    if kind == "csv":
        return _probe_csv(path, name, encoding, delimiter, header)
    return _probe_sheet(path, name, kind, sheet, header)


def rows(source: Source, sheet: str | None = None, *, restore: bool = True) -> Iterator[Row]:
    """Every row below the header, in order; blank ones too (`Row.blank`).

    `sheet` reads another sheet than the probed one. `restore` takes away the apostrophes that Patron's own export puts
    before formulas in CSV. Raises `Unreadable` where the file changed since it was probed.
    """
    if sheet is not None and sheet != source.sheet:
        source = probe(source.path, source.filename, sheet=sheet)
    if source.format == "csv":
        return _csv_rows(source, restore)
    return _sheet_rows(source)


def _probe_csv(path: Path, name: str, encoding: str | None, delimiter: str | None, header: bool | None) -> Source:
    if path.stat().st_size == 0:
        raise Unreadable(_("This file is empty."))
    encoding, scan = (encoding, encodings.scan(path, encoding)) if encoding else encodings.detect(path)
    preface, told = delimited.preface_of(path, encoding)
    dialect = delimited.sniff(path, encoding, preface, delimiter or told)
    sample = delimited.sample_of(path, encoding, preface)
    found = [r for r in delimited.records(_lines_of(sample), dialect) if any(r.cells)]
    if not found:
        raise Unreadable(_("This file holds no values."))
    width = delimited.usual_width(found) or len(found[0].cells)
    titles = delimited.title_lines(found, width)
    found = found[sum(record.number <= titles for record in found) :]
    above = found[0].number - 1
    width = max(width, len(found[0].cells))
    head = [record.cells for record in found]
    spread = delimited.spots(path, encoding, dialect, width)
    columns, is_header, notes = _columns(head, spread, width, header)
    if titles:
        notes = (_("Lines before the header are taken as a title: %d.") % titles, *notes)
    lines = scan.lines - preface - above
    estimate = _estimate(lines, sample.count("\n") or sample.count("\r"), len(found)) - is_header
    if estimate <= 0 and len(found) == is_header:
        notes = (*notes, _("There are no rows below the header."))
    return Source(
        path=str(path), filename=name, format="csv", columns=columns, header=is_header, estimated_rows=max(estimate, 0),
        encoding=encoding, preface=preface + above, notes=notes, **dialect._asdict(),
    )  # fmt: skip


def _lines_of(sample: str) -> Lines:
    return Lines(io.StringIO(sample, newline=""))


def _estimate(lines: int, sampled_lines: int, sampled_records: int) -> int:
    """How many records `lines` lines hold, going by the sample; cells may span lines."""
    if lines <= sampled_lines:
        return sampled_records
    return round(lines * sampled_records / max(sampled_lines, 1))


def _probe_sheet(path: Path, name: str, kind: Format, sheet: str | None, header: bool | None) -> Source:
    book = spreadsheets.Book(path, kind)
    chosen = book.choose(sheet)
    head = list(islice((row for row in book.rows(chosen) if not row.blank), _HEAD))
    if not head:
        raise Unreadable(_("The sheet “%s” is empty.") % chosen)
    width = max(len(row.cells) for row in head)
    columns, is_header, notes = _columns([row.cells for row in head], (), width, header, book.first_column(chosen))
    count = book.last_row(chosen) - head[0].number + 1 - is_header
    if count == 0:
        notes = (*notes, _("There are no rows below the header."))
    if kind == "xls":
        notes = (
            *notes,
            _("In .xls files, cells that show an error read as empty. Save the file as .xlsx to see them."),
        )
    return Source(
        path=str(path), filename=name, format=kind, columns=columns, header=is_header, estimated_rows=count,
        preface=head[0].number - 1, sheets=tuple(book.names), sheet=chosen, notes=notes,
    )  # fmt: skip


def _columns(
    head: Sequence[list[str]], spread: Iterable[list[str]], width: int, header: bool | None, first: int = 0
) -> tuple[tuple[SourceColumn, ...], bool, tuple[str, ...]]:
    """The columns with names and samples, whether the first row is a header, and remarks about the names."""
    if width > MOST_COLUMNS:
        message = _(
            "This table has %(width)d columns; at most %(most)d can be read. Check the delimiter, or split the file."
        )
        raise Unreadable(message % {"width": width, "most": MOST_COLUMNS})
    is_header = _is_header(head) if header is None else header
    samples: list[dict[str, None]] = [{} for _column in range(width)]
    body = head[1:] if is_header else head
    for cells, most in [
        *((row, SAMPLES // 2) for row in body[:SAMPLES]),
        *((row, SAMPLES) for row in _both(spread, body)),
    ]:
        for index, cell in enumerate(cells[:width]):
            if cell and len(samples[index]) < most:
                samples[index].setdefault(cell[:500])
    names, notes = _names(head[0] if is_header else [], width, first)
    columns = tuple(SourceColumn(name, tuple(found)) for name, found in zip(names, samples, strict=True))
    return columns, is_header, notes


def _both(spread: Iterable[list[str]], body: Sequence[list[str]]) -> Iterator[list[str]]:
    yield from spread
    yield from body


def _is_header(head: Sequence[list[str]]) -> bool:
    """Whether the first row names columns: words, no values, and not words that some column holds further down."""
    first = [cell.strip() for cell in head[0]]
    if not any(first) or any(_is_value(cell) for cell in first):
        return False
    if len(head) < 2:
        return True
    again = [
        fold(name) in {fold(row[index]) for row in head[1:] if index < len(row)}
        for index, name in enumerate(first)
        if name
    ]
    return all(again) or not any(again)


def _is_value(cell: str) -> bool:
    if _VALUE.fullmatch(cell[:200]):
        return True
    try:
        date_(cell, _ISO)
    except Invalid:
        return False
    return any(c.isdigit() for c in cell)


def _names(header: Sequence[str], width: int, first: int) -> tuple[list[str], tuple[str, ...]]:
    """Column names, none empty and none twice, and what was changed for that. `first` is the index of the first one."""
    names: list[str] = []
    notes: list[str] = []
    seen: set[str] = set()
    for index in range(width):
        written = text(" ".join(header[index].split()), 100_000)[:200] if index < len(header) else ""
        name = written or _("Column %s") % spreadsheets.letters(first + index)
        count = 2
        while fold(name) in seen:
            name, count = f"{written or _('Column')} ({count})", count + 1
        seen.add(fold(name))
        names.append(name)
        if header and not written:
            notes.append(_("A column has no name and is called “%s” here.") % name)
        elif written and name != written:
            notes.append(
                _("“%(written)s” is the name of several columns; one is called “%(name)s” here.")
                % {"written": written, "name": name}
            )
    return names, tuple(notes)


def _csv_rows(source: Source, restore: bool) -> Iterator[Row]:
    dialect = Dialect(source.delimiter or ",", source.quotechar or '"', source.escapechar, source.skipinitialspace)
    width = len(source.columns)
    with Path(source.path).open(encoding=source.encoding, newline="") as file:
        lines = Lines(file)
        for _line in islice(lines, source.preface):
            pass
        skip = source.header
        for number, written, problem in delimited.records(lines, dialect):
            if skip:
                skip = False
                continue
            cells = _cleaned(written, lines, restore) if lines.nul or lines.apostrophe else written
            if problem is None and len(cells) == width:
                yield Row(number, cells)
            else:
                yield fitted(number, cells, width, problem)


def _cleaned(cells: list[str], lines: Lines, restore: bool) -> list[str]:
    """Cells without NUL, and without the apostrophes that guard formulas."""
    if lines.nul:
        cells = [cell.replace("\x00", "") for cell in cells]
    if lines.apostrophe and restore:
        cells = [unguard(cell) if cell[:1] == "'" else cell for cell in cells]
    lines.nul = lines.apostrophe = False
    return cells


def _sheet_rows(source: Source) -> Iterator[Row]:
    book = spreadsheets.Book(Path(source.path), source.format)
    width = len(source.columns)
    first = source.preface + 1 + source.header
    for row in book.rows(book.choose(source.sheet)):
        if row.number >= first:
            yield fitted(row.number, row.cells, width, row.problem, row.errors)
