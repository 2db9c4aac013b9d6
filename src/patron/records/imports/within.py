"""The check, second half: rows of one file among each other. Set-based, over the staged rows alone."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from patron.kernel.tenancy import current_workspace_id
from patron.records.imports import database
from patron.records.imports.binding import Bound
from patron.records.imports.cells import Cells, Problem
from patron.records.imports.copying import plain_text
from patron.records.imports.staging import stage_made
from patron.records.imports.targets import IGNORED, MISSING


def _of(row: str) -> str:
    """Rows of this import."""
    return f"{row}.workspace_id = %(ws)s AND {row}.import_id = %(import)s"


def _live(row: str) -> str:
    """Rows of the file that will be written, or would be but for being the same."""
    return f"{_of(row)} AND {row}.part = 0 AND {row}.action IN ('new', 'change', 'same')"


def _error(row: str, message: str) -> str:
    return f"action = 'error', problems = jsonb_build_array(jsonb_build_object('column', %(heading)s::text, 'message', {message}))"


#: Marks by a number of theirs, so that millions are compared without being moved about; which of them are there twice (or look so).
_AGAIN = f"""
SELECT number FROM (SELECT hashtextextended(unnest(r.marks), 0) AS number FROM records_importrow r WHERE {_live("r")} OFFSET 0) AS numbers
GROUP BY number HAVING count(*) > 1
"""

_TWICE = f"""
WITH marked AS (
  SELECT id, line, mark, first_value(line) OVER first AS first, first_value(target_id) OVER first AS twin
  FROM (SELECT r.id, r.line, r.target_id, unnest(r.marks) AS mark FROM records_importrow r WHERE {_live("r")} OFFSET 0) AS marks
  WHERE hashtextextended(mark, 0) IN (SELECT number FROM import_again)
  WINDOW first AS (PARTITION BY mark ORDER BY line)
), again AS (
  SELECT DISTINCT ON (id) id, first, twin, starts_with(mark, 'once') AS taken FROM marked WHERE first < line ORDER BY id, taken, first
)
UPDATE records_importrow r SET
  action = CASE WHEN again.taken THEN 'error' ELSE 'duplicate' END, target_id = again.twin, values = NULL, before = NULL, refs = NULL,
  problems = jsonb_build_array(jsonb_build_object('column', '', 'message', replace(CASE WHEN again.taken THEN %(taken)s ELSE %(same)s END, '#', again.first::text)))
FROM again WHERE r.workspace_id = %(ws)s AND r.id = again.id
"""

_POINTS = f"""
UPDATE records_importrow r SET
  values = CASE WHEN r.before IS NOT NULL AND r.before ->> %(path)s = m.id::text THEN r.values
    ELSE coalesce(r.values, '{{}}') || jsonb_build_object(%(path)s::text, m.id) END,
  before = CASE WHEN r.before ->> %(path)s = m.id::text THEN r.before - %(path)s::text ELSE r.before END,
  action = CASE WHEN r.action = 'same' AND r.before ->> %(path)s IS DISTINCT FROM m.id::text THEN 'change' ELSE r.action END
FROM import_meant m WHERE {_live("r")} AND r.refs ->> %(path)s = m.text AND m.id IS NOT NULL
"""

_WRONG = f"""
UPDATE records_importrow r SET {_error("r", "m.message")}
FROM import_meant m WHERE {_live("r")} AND r.refs ->> %(path)s = m.text AND m.message IS NOT NULL
"""

_CYCLES = f"""
WITH RECURSIVE edge AS (
  SELECT r.target_id AS node, (r.values ->> %(path)s)::uuid AS above FROM records_importrow r WHERE {_live("r")} AND r.values ->> %(path)s IS NOT NULL
), up AS (
  SELECT node AS start, above AS at, 1 AS depth FROM edge
  UNION ALL SELECT up.start, edge.above, up.depth + 1 FROM up JOIN edge ON edge.node = up.at WHERE up.at <> up.start AND up.depth < 200
)
UPDATE records_importrow r SET {_error("r", "%(message)s::text")}
WHERE {_live("r")} AND r.target_id IN (SELECT start FROM up WHERE at = start)
"""

_ORPHANS = f"""
UPDATE records_importrow r SET {_error("r", "replace(%(message)s, '#', above.line::text)")}
FROM records_importrow above
WHERE {_live("r")} AND r.values ->> %(path)s IS NOT NULL AND {_of("above")} AND above.part = 0 AND above.action = 'error'
  AND above.before IS NULL AND above.seen IS NULL AND above.target_id = (r.values ->> %(path)s)::uuid
"""

_NAMED = f"""
SELECT DISTINCT ON (r.refs ->> %(path)s) r.refs ->> %(path)s, r.line, r.cells FROM records_importrow r
WHERE {_live("r")} AND r.refs ? %(path)s ORDER BY r.refs ->> %(path)s, r.line
"""

_TITLES = f"""
SELECT r.title, array_agg(DISTINCT r.target_id) FILTER (WHERE r.target_id IS NOT NULL AND r.action <> 'error'), min(r.line)
FROM records_importrow r WHERE {_of("r")} AND r.part = 0 AND r.title = ANY (%(titles)s) GROUP BY r.title
"""


class Within:
    """Settles what only the whole file shows: rows that are there twice, records that name each other, records nobody needs after all."""

    def __init__(self, import_id: uuid.UUID, bound: Bound) -> None:
        self.bound = bound
        self.params: dict[str, Any] = {"ws": current_workspace_id(), "import": import_id}

    def run(self) -> None:
        with connection.cursor() as cursor:
            self._twice(cursor)
            for cell in self.bound.selves:
                self._point(cursor, cell)
            self._spare(cursor)

    def _twice(self, cursor: Any) -> None:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.import_again")
        cursor.execute(f"CREATE TEMP TABLE import_again ON COMMIT DROP AS {_AGAIN}", self.params)
        if cursor.rowcount:
            cursor.execute(_TWICE, {**self.params, "same": _("Same as row #."), "taken": _("Row # has the same value, which only one record may have.")})

    # --- records of one kind that name each other ---------------------------------------------------------------------

    def _point(self, cursor: Any, cell: Cells) -> None:
        about = {**self.params, "path": cell.path, "heading": cell.heading}
        self._meanings(cursor, cell)
        cursor.execute(_POINTS, about)
        cursor.execute(_WRONG, about)
        cursor.execute(_CYCLES, {**about, "message": _("This would put the record below itself.")})
        message = _("Row #, which is named here, is not imported.")
        for _round in range(100):
            cursor.execute(_ORPHANS, {**about, "message": message})
            if not cursor.rowcount:
                break

    def _meanings(self, cursor: Any, cell: Cells) -> None:
        """What each text means, in a temporary table: a row of the file first, then a record that is there, then one to be made."""
        cursor.execute("DROP TABLE IF EXISTS pg_temp.import_meant; CREATE TEMP TABLE import_meant (text text, id uuid, message text) ON COMMIT DROP")
        cursor.execute(_NAMED, {**self.params, "path": cell.path})
        named: list[tuple[str, int, list[str]]] = sorted(cursor.fetchall(), key=lambda found: found[1])
        in_file = self._in_file(cursor, cell, [text for text, _line, _cells in named])
        elsewhere = [text for text, _line, _cells in named if text not in in_file]
        known = self.bound.targets[cell.path].resolve(elsewhere)
        lines = []
        for text, line, cells in named:
            meant = in_file.get(text, known.get(text))
            if meant is MISSING:
                meant = self.bound.makers[cell.path].id_of(text, line, cells)
            said = "\\N\t\\N" if meant is IGNORED else f"\\N\t{plain_text(meant.message)}" if isinstance(meant, Problem) else f"{meant}\t\\N"
            lines.append(f"{plain_text(text)}\t{said}\n")
        with cursor.copy("COPY import_meant FROM STDIN") as copy:
            copy.write("".join(lines))
        stage_made(cursor, self.params["import"], self.bound)

    def _in_file(self, cursor: Any, cell: Cells, texts: list[str]) -> dict[str, uuid.UUID | Problem]:
        """Rows of the file that the texts name."""
        name = cell.column.relation.by or self.bound.type.title
        how = database.columns(self.bound.type.model).get(name, "fold")
        by_title: dict[str, list[str]] = {}
        for text in texts:
            by_title.setdefault(database.normaliser(how)(text), []).append(text)
        cursor.execute(_TITLES, {**self.params, "titles": list(by_title)})
        found: dict[str, uuid.UUID | Problem] = {}
        for title, ids, line in cursor.fetchall():
            for text in by_title[title]:
                if ids is None:
                    found[text] = Problem("", _("Row %(line)s, which is named here, is not imported.") % {"line": line})
                else:
                    found[text] = ids[0] if len(ids) == 1 else Problem("", self.bound.targets[cell.path].several(text))
        return found

    # --- related records that nobody needs ----------------------------------------------------------------------------

    def _spare(self, cursor: Any) -> None:
        """Do not make what only rows with errors name."""
        for number, maker in enumerate(self.bound.parts, 1):
            paths = [path for path, own in self.bound.makers.items() if own is maker]
            unused = " AND ".join(
                f"NOT EXISTS (SELECT FROM records_importrow r WHERE {_live('r')} AND r.values ->> '{path}' = made.target_id::text)" for path in paths
            )
            cursor.execute(f"UPDATE records_importrow made SET action = 'same' WHERE {_of('made')} AND made.part = {number} AND {unused}", self.params)


