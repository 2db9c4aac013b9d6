"""Between the check and the import others go on working: what they made or changed meanwhile is reported, never overwritten or doubled."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from patron.kernel.tenancy import current_workspace_id
from patron.records.imports import database
from patron.records.imports.binding import Bound
from patron.records.imports.existing import Finder

_CHUNK = 5000
_NEW = "workspace_id = %(ws)s AND import_id = %(import)s AND part = 0 AND action = 'new' AND marks IS NOT NULL AND line > %(after)s"
_OUT = """
UPDATE records_importrow SET action = %(action)s, target_id = coalesce(%(target)s, target_id), values = NULL, before = NULL,
  problems = jsonb_build_array(jsonb_build_object('column', '', 'message', %(message)s::text))
WHERE workspace_id = %(ws)s AND id = %(id)s
"""


def new_rows(import_id: uuid.UUID, bound: Bound) -> None:
    """Leave out rows that would be new but whose record somebody made since the check."""
    if not (bound.ways or bound.alike or bound.once):
        return
    finder = Finder(bound)
    params: dict[str, Any] = {"ws": current_workspace_id(), "import": import_id, "after": -1}
    with connection.cursor() as cursor:
        while True:
            cursor.execute(f"SELECT line, id, marks FROM records_importrow WHERE {_NEW} ORDER BY line LIMIT {_CHUNK}", params)
            rows = cursor.fetchall()
            if not rows:
                return
            params["after"] = rows[-1][0]
            for row_id, (target, action) in _met(finder, bound, [(r[1], r[2]) for r in rows]).items():
                message = _("Somebody has made this since the file was checked.")
                cursor.execute(_OUT, {**params, "id": row_id, "target": target, "action": action, "message": message})


def _met(finder: Finder, bound: Bound, rows: list[tuple[uuid.UUID, list[str]]]) -> dict[uuid.UUID, tuple[uuid.UUID | None, str]]:
    """Rows that are there by now: row -> the record (None where it may not be seen), and what becomes of the row."""
    by_mark: dict[str, list[uuid.UUID]] = {}
    for row_id, marks in rows:
        for mark in marks:
            by_mark.setdefault(mark, []).append(row_id)
    found: dict[uuid.UUID, tuple[uuid.UUID | None, str]] = {}
    for prefix, hits in _hits(finder, bound, by_mark):
        for text, target in hits.items():
            for row_id in by_mark.get(prefix + text, ()):
                found.setdefault(row_id, (target, "error" if prefix.startswith("once") else "duplicate"))
    return found


def _hits(finder: Finder, bound: Bound, marks: dict[str, list[uuid.UUID]]) -> Any:
    """Per kind of mark: text -> the visible record that has it now."""
    for number, way in enumerate(bound.ways):
        prefix = f"key{number}:"
        keys = [tuple(m[len(prefix) :].split(chr(31))) for m in marks if m.startswith(prefix)]
        if keys:
            records = finder.candidates(way, keys)
            yield prefix, {chr(31).join(key): records[key][0].id for key in keys if key in records}
    for kind, names in (("like", [(f.name, bound.looked_up(f)) for f in bound.alike]), ("once", [(path, path) for path in bound.once])):
        for name, column in names:
            prefix = f"{kind}{name}:"
            texts = [m[len(prefix) :] for m in marks if m.startswith(prefix)]
            pairs = database.match(bound.type.model, column, texts)
            visible = finder.load(pk for pk, _word in pairs)
            yield prefix, {word: (pk if pk in visible else None) for pk, word in pairs if kind == "once" or pk in visible}


def changed_since(import_id: uuid.UUID, after: int, upto: int, written: list[uuid.UUID]) -> None:
    """Make errors of the rows in these lines that were not written, since their record was changed or is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE records_importrow SET action = 'error',
              problems = jsonb_build_array(jsonb_build_object('column', '', 'message', %(message)s::text))
            WHERE workspace_id = %(ws)s AND import_id = %(import)s AND part = 0 AND action = 'change' AND line > %(after)s AND line <= %(upto)s
              AND NOT id = ANY (%(written)s)
            """,
            {
                "ws": current_workspace_id(), "import": import_id, "after": after, "upto": upto, "written": written,
                "message": _("Somebody has changed this record since the file was checked. Check the file again to see what it is now."),
            },
        )  # fmt: skip
