"""What a column can do beyond filling a field: put files on records, hang activities on others. Field names of plans that begin with "+".

Upper packages register them. An extra reads texts of the file when it is checked, so that what it cannot do is an error of the row, and does its
work when the rows are records, in the import's operation.
"""

from __future__ import annotations

import re
import uuid
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.kernel.tenancy import current_workspace_id
from patron.records.fields import Field
from patron.records.imports.cells import Problem, Texts
from patron.records.imports.plan import Column
from patron.records.record_type import RecordType

MARK = "+"
_CHUNK = 2000
_PIECES = re.compile(r"[;\n]+")


class Attached:
    """The files beside a table: a folder, or the ZIP that it came in. Names are looked for as written, then without regard to folders and case."""

    def __init__(self, place: Path | None = None) -> None:
        self.place = place
        self._archive = zipfile.ZipFile(place) if place is not None and place.is_file() else None
        names = self._archive.namelist() if self._archive else [p.relative_to(place).as_posix() for p in place.rglob("*") if p.is_file()] if place is not None else []
        self._exact = {name: name for name in names if not name.endswith("/")}
        self._loose: dict[str, list[str]] = {}
        for name in self._exact:
            self._loose.setdefault(PurePosixPath(name).name.casefold(), []).append(name)

    def find(self, text: str) -> str | Problem:
        """The file that a cell names."""
        wanted = text.strip().replace("\\", "/").removeprefix("./")
        if self.place is None:
            return Problem("", _("Files can be attached only from a ZIP that holds them beside the table, or from a folder."))
        found = self._exact.get(wanted)
        among = [found] if found else self._loose.get(PurePosixPath(wanted).name.casefold(), [])
        if len(among) != 1:
            return Problem("", (_("There is no file “%(name)s”.") if not among else _("Several files are called “%(name)s”.")) % {"name": wanted[:100]})
        return among[0]

    def size(self, name: str) -> int:
        return self._archive.getinfo(name).file_size if self._archive else (self.place / name).stat().st_size  # type: ignore[operator]

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """A file that `find` answered."""
        assert self.place is not None
        with self._archive.open(name) if self._archive else (self.place / name).open("rb") as stream:
            yield stream


@dataclass(frozen=True, slots=True)
class Context:
    """What an extra knows: the person, the column's own settings, the files beside the table; whether only what is empty is to be filled."""

    access: Access
    column: Column
    attached: Attached
    fill: bool = False


class Extra(NamedTuple):
    """One thing that a column can do. `read` answers a value or a `Problem` per text; None leaves the text out. `apply` gets (record, values)."""

    name: str
    label: Any
    applies: Callable[[RecordType, Access], bool]
    read: Callable[[Sequence[str], Context], dict[str, Any]]
    apply: Callable[[RecordType, Sequence[tuple[uuid.UUID, list[Any]]], Context], None]


_extras: dict[str, Extra] = {}
_fields: list[Callable[[Field], Extra]] = []


def register(extra: Extra) -> None:
    """Offer an extra to every import."""
    _extras[extra.name] = extra


def for_fields(make: Callable[[Field], Extra]) -> None:
    """Say what fills own fields of files: `make(field)` answers the extra."""
    _fields[:] = [make]


def of_field(field: Field) -> Extra:
    """What fills an own field of files."""
    return _fields[0](field)


def of(record_type: RecordType, access: Access) -> list[Extra]:
    """What columns of this type's files can do beyond fields, for this person."""
    return [extra for extra in _extras.values() if extra.applies(record_type, access)]


def find(name: str, record_type: RecordType, access: Access) -> Extra | None:
    return next((extra for extra in of(record_type, access) if extra.name == name), None)


@dataclass(slots=True)
class Bound:
    """An extra tied to a column of the file."""

    extra: Extra
    column: Column
    texts: Texts
    fixes: dict[int, dict[str, str]] = field(default_factory=dict)

    def pieces(self, cells: list[str]) -> list[str]:
        """The texts of a row's cell: several behind semicolons; several columns behind spaces where a template joins them."""
        fixed = [self.fixes.get(i, {}).get(cell.strip(), cell) for i, cell in enumerate(cells)] if self.fixes else cells
        found = _PIECES.split(self.texts.of(fixed))
        if self.column.template:
            found = [part for text in found for part in text.split()]
        return [f"{self.column.prefix}{part.strip()}" for part in dict.fromkeys(found) if part.strip()]


_ROWS = """
SELECT line, target_id, cells FROM records_importrow
WHERE workspace_id = %s AND import_id = %s AND part = 0 AND action IN ('new', 'change', 'same') AND line > %s ORDER BY line LIMIT %s
"""
_WRONG = """
UPDATE records_importrow r SET action = 'error', problems = jsonb_build_array(jsonb_build_object('column', %s::text, 'message', w.message))
FROM unnest(%s::int[], %s::text[]) AS w(line, message) WHERE r.workspace_id = %s AND r.import_id = %s AND r.part = 0 AND r.line = w.line
"""


def _rows(import_id: uuid.UUID) -> Iterator[list[tuple[int, uuid.UUID, list[str]]]]:
    after = -1
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_ROWS, [current_workspace_id(), import_id, after, _CHUNK])
            found = cursor.fetchall()
            if not found:
                return
            after = found[-1][0]
            yield found


def check(import_id: uuid.UUID, bound: Bound, access: Access, attached: Attached) -> None:
    """Rows whose extra cannot be done have an error from now on."""
    context = Context(access, bound.column, attached)
    for rows in _rows(import_id):
        texts = {line: bound.pieces(cells) for line, _target, cells in rows}
        known = bound.extra.read(list(dict.fromkeys(t for pieces in texts.values() for t in pieces)), context)
        wrong = {line: found.message for line, pieces in texts.items() for t in pieces if isinstance(found := known.get(t), Problem)}
        if wrong:
            with connection.cursor() as cursor:
                cursor.execute(_WRONG, [bound.column.column or str(bound.extra.label), list(wrong), list(wrong.values()), current_workspace_id(), import_id])


def apply(import_id: uuid.UUID, record_type: RecordType, bound: Bound, access: Access, attached: Attached, *, fill: bool = False) -> None:
    """Do what the checked rows say, chunk by chunk."""
    context = Context(access, bound.column, attached, fill)
    for rows in _rows(import_id):
        texts = {target: bound.pieces(cells) for _line, target, cells in rows}
        known = bound.extra.read(list(dict.fromkeys(t for pieces in texts.values() for t in pieces)), context)
        work = [(target, [v for t in pieces if (v := known.get(t)) is not None and not isinstance(v, Problem)]) for target, pieces in texts.items() if pieces]
        if work := [(target, values) for target, values in work if values]:
            bound.extra.apply(record_type, work, context)
