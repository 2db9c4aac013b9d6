"""Between the check and the import others go on working: what they made or changed meanwhile is reported, never overwritten or doubled."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from patron.kernel.tenancy import current_workspace_id
from patron.records import shared
from patron.records.customs.values import SHAPES, typed
from patron.records.fields import Field
from patron.records.imports import database, own
from patron.records.imports.binding import Bound, Way
from patron.records.imports.existing import Finder

_CHUNK = 20_000
_PAIRS = 5000
_NEXT = f"""
SELECT max(line) FROM (SELECT line FROM records_importrow WHERE workspace_id = %(ws)s AND import_id = %(import)s AND part = 0 AND action = 'new'
  AND line > %(after)s ORDER BY line LIMIT {_CHUNK}) AS next
"""
_MARKS = """(
  SELECT r.id, unnest(r.marks) AS mark FROM records_importrow r
  WHERE r.workspace_id = %(ws)s AND r.import_id = %(import)s AND r.part = 0 AND r.action = 'new' AND r.line > %(after)s AND r.line <= %(upto)s OFFSET 0
) AS marks"""
_MARKED = f"SELECT id, substr(mark, length(%(prefix)s) + 1) AS word FROM {_MARKS} WHERE starts_with(mark, %(prefix)s)"
_OUT = """
UPDATE records_importrow SET action = %(action)s, target_id = coalesce(%(target)s, target_id), values = NULL, before = NULL,
  problems = jsonb_build_array(jsonb_build_object('column', '', 'message', %(message)s::text))
WHERE workspace_id = %(ws)s AND id = %(id)s
"""
_STALE = """
UPDATE records_importrow SET action = 'error', problems = jsonb_build_array(jsonb_build_object('column', '', 'message', %(message)s::text))
WHERE workspace_id = %(ws)s AND import_id = %(import)s AND part = 0 AND action = 'change' AND line > %(after)s AND line <= %(upto)s
  AND NOT id = ANY (%(written)s)
"""


class Single(NamedTuple):
    """Marks of one kind (`prefix`) that are words of one column of the table, and what becomes of rows whose word a record has got."""

    action: str
    prefix: str
    column: str


class Recheck:
    """Leaves out rows that would be new but whose record somebody made since the check; compares in the database, so that little travels."""

    def __init__(self, import_id: uuid.UUID, bound: Bound) -> None:
        self.bound, self.finder = bound, Finder(bound)
        self.params: dict[str, Any] = {"ws": current_workspace_id(), "import": import_id, "after": -1}

    def run(self) -> None:
        with connection.cursor() as cursor:
            while True:
                cursor.execute(_NEXT, self.params)
                (self.params["upto"],) = cursor.fetchone()
                if self.params["upto"] is None:
                    return
                for action, pairs in list(self._met(cursor)):
                    self._leave_out(cursor, action, pairs)
                self.params["after"] = self.params["upto"]

    def _met(self, cursor: Any) -> Iterator[tuple[str, list[tuple[uuid.UUID, uuid.UUID]]]]:
        """(what becomes of them, pairs of staged row and record that is there now)."""
        for number, way in enumerate(self.bound.ways):
            if not self._is_single(way):
                yield "duplicate", self._composed(cursor, f"key{number}:", way)
        yield from self._looked_up(cursor)
        for field in self.bound.own_once:
            yield "error", self._own(cursor, field)

    def _is_single(self, way: Way) -> bool:
        return len(way.fields) == 1 and way.columns[0] in database.columns(self.bound.type.model)

    def _singles(self) -> list[Single]:
        return [
            *(Single("duplicate", f"key{number}:", way.columns[0]) for number, way in enumerate(self.bound.ways) if self._is_single(way)),
            *(Single("duplicate", f"like{field.name}:", self.bound.looked_up(field)) for field in self.bound.alike),
            *(Single("error", f"once{path}:", path) for path in self.bound.once),
        ]

    def _looked_up(self, cursor: Any) -> Iterator[tuple[str, list[tuple[uuid.UUID, uuid.UUID]]]]:
        """Every column's words are looked up once for all kinds of marks, and the rows that have them only where a record does: mostly none."""
        singles, model = self._singles(), self.bound.type.model
        if not singles:
            return
        columns = list(dict.fromkeys(single.column for single in singles))
        chosen = [" OR ".join(f"starts_with(mark, '{s.prefix}')" for s in singles if s.column == column) for column in columns]
        words = ", ".join(f"array_agg(substr(mark, strpos(mark, ':') + 1)) FILTER (WHERE {which}) AS words{place}" for place, which in enumerate(chosen))
        asked = " UNION ALL ".join(
            f"SELECT '{column}', met.id, met.word FROM match_{model._meta.db_table}('{column}', (SELECT words{place} FROM words){shared.argument(model)}) AS met"
            for place, column in enumerate(columns)
        )
        cursor.execute(f"WITH words AS MATERIALIZED (SELECT {words} FROM {_MARKS}) {asked}", self.params)
        met: dict[str, list[uuid.UUID]] = {}
        for column, pk, word in cursor.fetchall():
            for single in singles:
                if single.column == column:
                    met.setdefault(f"{single.prefix}{word}", []).append(pk)
        if met:
            cursor.execute(f"SELECT id, mark FROM {_MARKS} WHERE mark = ANY (%(met)s)", {**self.params, "met": list(met)})
            rows = cursor.fetchall()
            for single in singles:
                yield single.action, [(row, pk) for row, mark in rows if mark.startswith(single.prefix) for pk in met[mark]]

    def _own(self, cursor: Any, field: Field) -> list[tuple[uuid.UUID, uuid.UUID]]:
        """Rows whose own value a record has got since."""
        cursor.execute(_MARKED, {**self.params, "prefix": f"once{field.path}:"})
        rows = {word: pk for pk, word in cursor.fetchall()}
        words, found = list(rows), []
        for start in range(0, len(words), _PAIRS):
            values = [typed(SHAPES[field.kind], w) for w in words[start : start + _PAIRS]]
            found += [(rows[word], pk) for pk, word in own.holders(self.bound.type, field, values) if word in rows]
        return found

    def _composed(self, cursor: Any, prefix: str, way: Way) -> list[tuple[uuid.UUID, uuid.UUID]]:
        cursor.execute(_MARKED, {**self.params, "prefix": prefix})
        rows = [(pk, tuple(word.split(chr(31)))) for pk, word in cursor.fetchall()]
        found = []
        for start in range(0, len(rows), _PAIRS):
            part = rows[start : start + _PAIRS]
            records = self.finder.candidates(way, [key for _pk, key in part])
            found += [(pk, records[key][0].id) for pk, key in part if key in records]
        return found

    def _leave_out(self, cursor: Any, action: str, pairs: list[tuple[uuid.UUID, uuid.UUID]]) -> None:
        """A record that the person may not see stays unseen: then only a value that no two may have stands in the way."""
        visible = self.finder.load(pk for _row, pk in pairs)
        message = _("Somebody has made this since the file was checked.")
        for row_id, pk in pairs:
            if pk in visible or action == "error":
                cursor.execute(_OUT, {**self.params, "id": row_id, "target": pk if pk in visible else None, "action": action, "message": message})


def changed_since(import_id: uuid.UUID, after: int, upto: int, written: list[uuid.UUID]) -> None:
    """Make errors of the rows in these lines that were not written, since their record was changed or is gone."""
    message = _("Somebody has changed this record since the file was checked. Check the file again to see what it is now.")
    with connection.cursor() as cursor:
        cursor.execute(_STALE, {"ws": current_workspace_id(), "import": import_id, "after": after, "upto": upto, "written": written, "message": message})
