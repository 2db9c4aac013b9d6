"""The check, first half: the file streamed into the staging table, every row parsed, matched and decided. Memory does not grow with the file."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec
from django.db import connection
from django.utils.translation import gettext as _

from patron.kernel.tenancy import current_workspace_id, uuid7
from patron.records.import_models import RowAction
from patron.records.imports.binding import Bound
from patron.records.imports.cells import BLANK, Amount, Cells, Named, Problem
from patron.records.imports.deciding import Decider
from patron.records.imports.existing import Draft, Finder
from patron.records.imports.making import Maker, New
from patron.records.imports.targets import MISSING, Narrow
from patron.records.transfer.source import Row

CHUNK = 4000
_COLUMNS = "id, part, line, action, target_id, revision, cells, values, before, problems, refs, marks, title"
_TYPES = (
    "id uuid, part smallint, line int, action text, target_id uuid, revision int, cells text[], "
    "values jsonb, before jsonb, problems jsonb, refs jsonb, marks text[], title text"
)
_json = msgspec.json.Encoder(decimal_format="string", uuid_format="canonical").encode


class Staging:
    """Fills the staging table for one import. Needs an open workspace and its transaction; `tell` is told how many rows are done."""

    def __init__(self, import_id: uuid.UUID, bound: Bound, tell: Callable[[int], None] = lambda done: None) -> None:
        self.import_id, self.bound, self.tell = import_id, bound, tell
        self.finder, self.decider = Finder(bound), Decider(bound)
        self.rows = self.blank = 0
        self.used = set().union(*(c.texts.read for c in bound.columns))

    def run(self, rows: Iterable[Row]) -> None:
        """Stage every row of the file and every related record that is to be made."""
        stream = self._read(rows)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL jit = off")
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.import_chunk; CREATE TEMP TABLE import_chunk ({_TYPES}) ON COMMIT DROP")
            while drafts := list(islice(stream, CHUNK)):
                self._settle(drafts)
                self._store(cursor, drafts)
                self.tell(self.rows)

    # --- reading ------------------------------------------------------------------------------------------------------

    def _read(self, rows: Iterable[Row]) -> Iterator[Draft]:
        plain, links, selves, fixes = self.bound.plain, self.bound.links, self.bound.selves, self.bound.fixes
        for row in rows:
            if row.problem is None and row.blank:
                self.blank += 1
                continue
            self.rows += 1
            draft = Draft(row.number, row.cells)
            cells = self._fixed(row.cells) if fixes else row.cells
            if row.problem is not None:
                draft.problems.append(Problem("", row.problem))
            else:
                for cell in plain:
                    self._plain(draft, cell, cells)
                for cell in links:
                    self._named(draft, cell, cells)
                for cell in selves:
                    self._own_kind(draft, cell, cells)
            for index, message in row.errors.items():
                if index in self.used:
                    draft.problems.append(Problem(self._heading(index), message))
            yield draft

    def _heading(self, index: int) -> str:
        return next((name for name, place in self.bound.place.items() if place == index), "")

    def _fixed(self, cells: list[str]) -> list[str]:
        fixed = list(cells)
        for index, table in self.bound.fixes.items():
            fixed[index] = table.get(cells[index].strip(), cells[index])
        return fixed

    def _plain(self, draft: Draft, cell: Cells, cells: list[str]) -> None:
        text = cell.texts.of(cells)
        value = cell.known.get(text, _UNKNOWN)
        if value is _UNKNOWN:
            value = cell.value(text)
        if value is BLANK:
            return
        kind = type(value)
        if kind is Problem:
            draft.problems.append(value)
        elif kind is Amount:
            self._amount(draft, cell, value)
        else:
            draft.values[cell.path] = value

    def _amount(self, draft: Draft, cell: Cells, amount: Amount) -> None:
        """A currency written with an amount is the record's; two that differ are a mistake in the file."""
        path = str(cell.field.currency)
        if draft.values.setdefault(path, amount.currency) != amount.currency:
            message = _("This amount is in %(one)s, but the row says %(other)s.")
            draft.problems.append(Problem(cell.heading, message % {"one": amount.currency, "other": draft.values[path]}))
        draft.values[cell.path] = amount.value

    def _named(self, draft: Draft, cell: Cells, cells: list[str]) -> None:
        value = cell.value(cell.texts.of(cells))
        if isinstance(value, Named):
            draft.values[cell.path] = value

    def _own_kind(self, draft: Draft, cell: Cells, cells: list[str]) -> None:
        value = cell.value(cell.texts.of(cells))
        if isinstance(value, Named):
            draft.refs[cell.path] = value.text

    # --- deciding -----------------------------------------------------------------------------------------------------

    def _settle(self, drafts: list[Draft]) -> None:
        for cell in self.bound.links:
            self._resolve(cell, drafts)
        self.finder.by_key(drafts)
        if self.bound.alike:
            self.finder.by_looks(drafts)
        for draft in drafts:
            self.decider.decide(draft)
        if self.bound.once:
            self.finder.taken(drafts)
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
            if found is MISSING and draft.problems:
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
        target = self.bound.targets[cell.path]
        parent = draft.values.get(target.narrow_path, self.bound.defaults.get(target.narrow_path))
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
        selves = bool(self.bound.selves)
        _copy(cursor, self.import_id, (_staged(draft, selves) for draft in drafts))
        stage_made(cursor, self.import_id, self.bound)


def stage_made(cursor: Any, import_id: uuid.UUID, bound: Bound) -> None:
    """Stage the related records that were named since this was last asked, each maker's as a part of its own."""
    for part, maker in enumerate(bound.parts, 1):
        if fresh := maker.take():
            _copy(cursor, import_id, (_made(part, new) for new in fresh))


def _copy(cursor: Any, import_id: uuid.UUID, staged: Iterable[tuple[Any, ...]]) -> None:
    """COPY goes around row-level security and is refused there; so the rows go through a temporary table."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(staged)
    with cursor.copy(f"COPY import_chunk ({_COLUMNS}) FROM STDIN (FORMAT csv)") as copy:
        copy.write(buffer.getvalue())
    cursor.execute(
        f"INSERT INTO records_importrow (workspace_id, import_id, {_COLUMNS}) SELECT %s, %s, {_COLUMNS} FROM import_chunk", [current_workspace_id(), import_id]
    )
    cursor.execute("TRUNCATE import_chunk")


def _made(part: int, new: New) -> tuple[Any, ...]:
    values = _json(new.values).decode()
    return (uuid7(), part, new.line, RowAction.NEW.value, new.id, None, _array([new.text]), values, None, None, None, None, None)


_UNKNOWN = object()


def _staged(draft: Draft, selves: bool) -> tuple[Any, ...]:
    writes = draft.action in (RowAction.NEW, RowAction.CHANGE, RowAction.SAME)
    return (
        uuid7(), 0, draft.line, str(draft.action), draft.target, draft.revision, _array(draft.cells),
        _json(draft.values).decode() if writes and draft.values else None,
        _json(draft.before).decode() if writes and draft.before else None,
        _json(draft.problems).decode() if draft.problems else None,
        _json(draft.refs).decode() if writes and draft.refs and selves else None,
        _array(draft.marks) if writes and draft.marks else None, draft.title,
    )  # fmt: skip


def _array(texts: list[str]) -> str:
    """An array of texts as PostgreSQL reads it."""
    joined = '","'.join(texts)
    if "\\" in joined or joined.count('"') != 2 * (len(texts) - 1):
        joined = '","'.join(text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return f'{{"{joined}"}}' if texts else "{}"
