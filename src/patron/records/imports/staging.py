"""The check, first half: the file streamed into the staging table, every row parsed, matched and decided. Memory does not grow with the file.

Rows of a large file are read and parsed by a process of its own (`apart`), so that two cores work on it; matching and deciding ask the database and stay here.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from contextvars import copy_context
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from patron.records.import_models import RowAction
from patron.records.imports import copying, own
from patron.records.imports.apart import apart, unswept
from patron.records.imports.binding import Bound
from patron.records.imports.cells import BLANK, Amount, Cells, Named, Problem
from patron.records.imports.copying import array_text, json_text, plain_text
from patron.records.imports.deciding import Decider
from patron.records.imports.existing import Draft, Finder
from patron.records.imports.making import Maker, New
from patron.records.imports.targets import IGNORED, MISSING, Narrow
from patron.records.transfer.source import Row

CHUNK = 4000
#: Rows from which on a file is read by a process of its own: it takes 20 ms to start.
APART = 6000


class Chunk(NamedTuple):
    """Rows that were read together, and how many there were by then: with something in them, and blank."""

    drafts: list[Draft]
    rows: int
    blank: int


class Staging:
    """Fills the staging table for one import. Needs an open workspace and its transaction; `tell` is told how many rows are done."""

    def __init__(self, import_id: uuid.UUID, bound: Bound, tell: Callable[[int], None] = lambda done: None) -> None:
        self.import_id, self.bound, self.tell = import_id, bound, tell
        self.finder, self.decider = Finder(bound), Decider(bound)
        self.own, self.own_paths = own.Rules(bound), [p for p in bound.paths if own.is_own(p)]
        self.rows = self.blank = 0
        self.used = set().union(*(c.texts.read for c in bound.columns))
        self._single = [(c.texts.index, c.known, c, c.path) for c in bound.plain if c.texts.index is not None]
        self._composed = [c for c in bound.plain if c.texts.index is None]
        self._named = [(c, c.path, c in bound.selves) for c in (*bound.links, *bound.selves)]

    def run(self, rows: Iterable[Row], expected: int = 0) -> None:
        """Stage every row of the file and every related record that is to be made. `expected` is about how many rows the file has."""
        with ExitStack() as stack:
            chunks = self._chunks(rows)
            if expected >= APART:
                stack.enter_context(unswept())
                with suppress(OSError):
                    chunks = stack.enter_context(apart(lambda: self._chunks(rows)))
            cursor = stack.enter_context(connection.cursor())
            cursor.execute("SET LOCAL jit = off")
            copying.prepare(cursor)
            for drafts, self.rows, self.blank in stack.enter_context(closing(_ahead(chunks))):
                self._settle(drafts)
                self._store(cursor, drafts)
                self.tell(self.rows)

    # --- reading ------------------------------------------------------------------------------------------------------

    def _chunks(self, rows: Iterable[Row]) -> Iterator[Chunk]:
        """The file in pieces. Asks the database nothing."""
        stream = self._read(rows)
        while True:
            drafts = list(islice(stream, CHUNK))
            yield Chunk(drafts, self.rows, self.blank)
            if len(drafts) < CHUNK:
                return

    def _read(self, rows: Iterable[Row]) -> Iterator[Draft]:
        fixes = self.bound.fixes
        for row in rows:
            if row.problem is None and row.blank:
                self.blank += 1
                continue
            self.rows += 1
            draft = Draft(row.number, row.cells)
            if row.problem is None:
                self._cells(draft, self._fixed(row.cells) if fixes else row.cells)
            else:
                draft.problems.append(Problem("", row.problem))
            for index, message in row.errors.items():
                if index in self.used:
                    draft.problems.append(Problem(self._heading(index), message))
            yield draft

    def _cells(self, draft: Draft, cells: list[str]) -> None:
        """Read every mapped cell of a row. This runs for each cell of the file: texts that were met before cost one look into a dict."""
        values = draft.values
        for index, known, cell, path in self._single:
            text = cells[index]
            value = known.get(text)
            if value is None:
                value = cell.value(text)
            if value is BLANK:
                continue
            if value.__class__ is Problem or value.__class__ is Amount:
                self._special(draft, cell, value)
            else:
                values[path] = value
        for cell in self._composed:
            value = cell.value(cell.texts.of(cells))
            if value.__class__ is Problem or value.__class__ is Amount:
                self._special(draft, cell, value)
            elif value is not BLANK:
                values[cell.path] = value
        for cell, path, own_kind in self._named:
            value = cell.value(cell.texts.of(cells))
            if value is BLANK:
                continue
            if own_kind:
                draft.refs[path] = value.text
            else:
                values[path] = value

    def _heading(self, index: int) -> str:
        return next((name for name, place in self.bound.place.items() if place == index), "")

    def _fixed(self, cells: list[str]) -> list[str]:
        fixed = list(cells)
        for index, table in self.bound.fixes.items():
            fixed[index] = table.get(cells[index].strip(), cells[index])
        return fixed

    def _special(self, draft: Draft, cell: Cells, value: Any) -> None:
        if isinstance(value, Amount):
            self._amount(draft, cell, value)
        else:
            draft.problems.append(value)

    def _amount(self, draft: Draft, cell: Cells, amount: Amount) -> None:
        """A currency written with an amount is the record's; two that differ are a mistake in the file."""
        path = str(cell.field.currency)
        if draft.values.setdefault(path, amount.currency) != amount.currency:
            message = _("This amount is in %(one)s, but the row says %(other)s.")
            draft.problems.append(Problem(cell.heading, message % {"one": amount.currency, "other": draft.values[path]}))
        draft.values[cell.path] = amount.value

    # --- deciding -----------------------------------------------------------------------------------------------------

    def _settle(self, drafts: list[Draft]) -> None:
        for cell in self.bound.links:
            self._resolve(cell, drafts)
        self.finder.by_key(drafts)
        if self.bound.alike:
            self.finder.by_looks(drafts)
        for draft in drafts:
            self.decider.decide(draft)
        self.own.check(drafts)
        if self.bound.once or self.bound.own_once:
            self.finder.taken(drafts)
        if self.bound.once or self.bound.own_once or self.own.needed:
            for draft in drafts:
                self.decider.recheck(draft)

    def _resolve(self, cell: Cells, drafts: list[Draft]) -> None:
        """Names of other records into their ids: one look-up for the names that were not met before."""
        target, path = self.bound.targets[cell.path], cell.path
        naming = [draft for draft in drafts if type(draft.values.get(path)) is Named]
        known = target.resolve({draft.values[path].text for draft in naming})
        for draft in naming:
            text = draft.values[path].text
            found = known[text]
            if found is IGNORED or (found is MISSING and draft.problems):
                del draft.values[path]
                continue
            if found is MISSING:
                found = self._made(cell, draft, text)
            elif type(found) is Narrow:
                found = self._narrowed(cell, draft, found, text)
            elif target.narrow_path and type(found) is uuid.UUID:
                found = self._belonging(cell, draft, found)
            if type(found) is Problem:
                del draft.values[path]
                draft.problems.append(Problem(cell.heading, found.message))
            else:
                draft.values[path] = found

    def _made(self, cell: Cells, draft: Draft, text: str) -> uuid.UUID | Problem:
        maker: Maker = self.bound.makers[cell.path]
        return maker.id_of(text, draft.line, self._fixed(draft.cells) if self.bound.fixes else draft.cells)

    def _narrowed(self, cell: Cells, draft: Draft, found: Narrow, text: str) -> uuid.UUID | Problem:
        target, path = self.bound.targets[cell.path], self.bound.targets[cell.path].narrow_path
        parent = draft.values.get(path) or self.bound.defaults.get(path) or target.parent_of(self.bound.defaults.get(cell.path))
        return found.by_parent.get(parent) or Problem("", target.several(text))

    def _belonging(self, cell: Cells, draft: Draft, found: uuid.UUID) -> uuid.UUID | Problem:
        """What the named record belongs to is the row's, too; one that belongs elsewhere is a mistake in the file."""
        target = self.bound.targets[cell.path]
        parent = target.parents[found]
        if draft.values.setdefault(target.narrow_path, parent) != parent:
            return Problem("", _("“%(text)s” does not belong there.") % {"text": draft.values[cell.path].text[:60]})
        return found

    # --- writing ------------------------------------------------------------------------------------------------------

    def _store(self, cursor: Any, drafts: list[Draft]) -> None:
        ids = copying.ids(len(drafts))
        selves = bool(self.bound.selves)
        copying.copy(cursor, self.import_id, (_staged(draft, next(ids), selves, self.own_paths) for draft in drafts))
        stage_made(cursor, self.import_id, self.bound)


def _ahead(chunks: Iterator[Chunk]) -> Generator[Chunk, None, None]:
    """The same chunks, the next one read, or taken from the process that reads, while PostgreSQL works on this one: a thread has a connection of its own."""
    context = copy_context()

    def read() -> Chunk | None:
        return next(chunks, None)

    with ThreadPoolExecutor(1, thread_name_prefix="import") as pool:
        coming = pool.submit(context.run, read)
        while chunk := coming.result():
            coming = pool.submit(context.run, read)
            yield chunk


def stage_made(cursor: Any, import_id: uuid.UUID, bound: Bound) -> None:
    """Stage the related records that were named since this was last asked, each maker's as a part of its own."""
    for part, maker in enumerate(bound.parts, 1):
        if fresh := maker.take():
            ids = copying.ids(len(fresh))
            copying.copy(cursor, import_id, [_made(part, new, next(ids)) for new in fresh])


def _made(part: int, new: New, row_id: str) -> str:
    fields = (row_id, str(part), str(new.line), "new", str(new.id), "\\N", array_text([new.text]), json_text(new.values), "\\N\t\\N\t\\N\t\\N\t\\N\n")
    return "\t".join(fields)


def _staged(draft: Draft, row_id: str, selves: bool, own_paths: list[str]) -> str:
    action = draft.action
    if own_paths:
        draft.values, draft.before = own.plain(draft.values, own_paths) or {}, own.plain(draft.before, own_paths)
    writes = action in _WRITES
    return "\t".join((
        row_id, "0", str(draft.line), action, str(draft.target) if draft.target else "\\N", str(draft.seen) if draft.seen is not None else "\\N",
        array_text(draft.cells), json_text(draft.values) if writes else "\\N", json_text(draft.before) if writes else "\\N",
        json_text(draft.problems), json_text(draft.refs) if writes and selves else "\\N",
        array_text(draft.marks) if writes and draft.marks else "\\N", plain_text(draft.title) + "\n",
    ))  # fmt: skip


_WRITES = frozenset((RowAction.NEW.value, RowAction.CHANGE.value, RowAction.SAME.value))
