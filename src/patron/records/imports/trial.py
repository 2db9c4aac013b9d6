"""What the table itself would refuse, found before anything is written: its CHECK constraints, asked of the staged rows.

A trigger may fill in what a constraint asks for (a contact's name, a deal's outcome), so a constraint counts only when rows that break it on
paper are really refused: a few of them are tried in a savepoint that is rolled back.
"""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from patron.kernel.tenancy import current_workspace_id
from patron.ledger.operations import operation
from patron.records.imports import applying, own
from patron.records.imports.binding import Bound

_SAMPLE = 3
_MOST, _HALVINGS = 10, 200
_OWN_FAULT = ("23514", "23505")  # a CHECK constraint, a value that is taken

_CHECKS = """
SELECT c.conname, pg_get_expr(c.conbin, c.conrelid), array_agg(a.attname::text), bool_or(a.attgenerated <> '')
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
WHERE c.conrelid = %s::regclass AND c.contype = 'c' GROUP BY c.oid
"""
_DEFAULTS = """
SELECT a.attname::text, pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
WHERE d.adrelid = %s::regclass AND a.attgenerated = ''
"""


class Check(NamedTuple):
    """A CHECK constraint of the table."""

    name: str
    expression: str
    columns: tuple[str, ...]


class _Undo(Exception):
    """Rolls a trial back."""


class Trial:
    """Marks the rows of one import that the table would refuse, each with the constraint's own words."""

    def __init__(self, import_id: uuid.UUID, bound: Bound) -> None:
        self.bound, self.model = bound, bound.type.model
        self.params: dict[str, Any] = {"ws": current_workspace_id(), "import": import_id}

    def run(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_CHECKS, [self.model._meta.db_table])
            checks = [Check(name, text.replace("%", "%%"), tuple(columns)) for name, text, columns, generated in cursor.fetchall() if not generated]
            for action in ("new", "change"):
                if checks and self._any(cursor, action):
                    self._try(cursor, checks, action)

    def _any(self, cursor: Any, action: str) -> bool:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM records_importrow WHERE workspace_id = %(ws)s AND import_id = %(import)s AND part = 0 AND action = %(action)s)",
            {**self.params, "action": action},
        )
        return bool(cursor.fetchone()[0])

    def _try(self, cursor: Any, checks: list[Check], action: str) -> None:
        if action == "change":
            checks = [c for c in checks if set(c.columns) & set(self.bound.paths)]
        if not checks:
            return
        staged, values = self._as_written(cursor, {name for c in checks for name in c.columns}, action)
        checks = self._broken(cursor, checks, staged, values)
        if not checks:
            return
        told = ", ".join(f"('{c.name}', ({c.expression}) IS FALSE)" for c in checks)
        broken = f"FROM ({staged}) AS s CROSS JOIN LATERAL (VALUES {told}) AS told(rule, broken) WHERE told.broken"
        alone = f"SELECT told.rule, s._line, count(*) OVER (PARTITION BY s._row) AS faults {broken}"  # rows with a single fault tell most
        cursor.execute(f"SELECT rule, (array_agg(_line ORDER BY faults, _line))[1:{_SAMPLE}] FROM ({alone}) AS found GROUP BY rule", values)
        for rule, lines in cursor.fetchall():
            if all(self._refused(cursor, rule, line, action) for line in lines):
                column, message = self._words(rule)
                cursor.execute(
                    "UPDATE records_importrow r SET action = 'error', "
                    "problems = coalesce(r.problems, '[]') || jsonb_build_object('column', %(column)s::text, 'message', %(message)s::text) "
                    f"FROM (SELECT s._row {broken} AND told.rule = %(rule)s) AS bad WHERE r.workspace_id = %(ws)s AND r.id = bad._row",
                    {**values, "rule": rule, "column": column, "message": message},
                )

    def _broken(self, cursor: Any, checks: list[Check], staged: str, values: dict[str, Any]) -> list[Check]:
        """The constraints that any row breaks on paper: seldom one."""
        cursor.execute(f"SELECT {', '.join(f'bool_or(({c.expression}) IS FALSE)' for c in checks)} FROM ({staged}) AS s", values)
        return [check for check, broken in zip(checks, cursor.fetchone(), strict=True) if broken]

    def _as_written(self, cursor: Any, wanted: set[str], action: str) -> tuple[str, dict[str, Any]]:
        """SELECT of the staged rows with the columns that the constraints ask about, as they would be written."""
        quote, known = connection.ops.quote_name, {f.column: f for f in self.model._meta.local_fields}
        cursor.execute(_DEFAULTS, [self.model._meta.db_table])
        defaults, values = dict(cursor.fetchall()), {**self.params, "action": action}
        asked = [path for path in self.bound.paths if not own.is_own(path) and self._column(path) in wanted]
        varied = {self._column(path) for path in asked}
        shown = ["r.id AS _row", "r.line AS _line"]
        for name in sorted(wanted):
            column = quote(name)
            if name in ("id", "workspace_id"):
                source = "r.target_id" if name == "id" else "r.workspace_id"
            elif action == "change":
                source = f"CASE WHEN r.values ? '{name}' THEN v.{column} ELSE t.{column} END" if name in varied else f"t.{column}"
            elif name in varied:
                source = f"v.{column}"
            else:
                source = self._fixed(known[name], defaults, values)
            shown.append(f"{source} AS {column}")
        table = f", {quote(self.model._meta.db_table)} t" if action == "change" else ""
        joined = " AND t.workspace_id = r.workspace_id AND t.id = r.target_id" if table else ""
        rows = f"records_importrow r, {applying.record_of(self.model, asked)}{table}"
        condition = "r.workspace_id = %(ws)s AND r.import_id = %(import)s AND r.part = 0 AND r.action = %(action)s"
        return f"SELECT {', '.join(shown)} FROM {rows} WHERE {condition}{joined}", values

    def _column(self, path: str) -> str:
        return next(f.column for f in self.model._meta.local_fields if f.attname == path)

    def _fixed(self, field: Any, defaults: dict[str, str], values: dict[str, Any]) -> str:
        """What a new row has in a column that the file does not give."""
        if field.attname in self.bound.defaults or not (field.has_db_default() or (field.null and not field.has_default())):
            return applying.shared(field, self.bound.defaults, values)
        return defaults.get(field.column, f"NULL::{field.db_type(connection)}").replace("%", "%%")

    def _refused(self, cursor: Any, rule: str, line: int, action: str) -> bool:
        """Whether the table refuses this row by this very rule."""
        return self._refusal(cursor, action, line - 1, line)[1] == rule

    def _refusal(self, cursor: Any, action: str, after: int, upto: int) -> tuple[str, str]:
        """Write these lines and take them back: (state, rule) of the refusal, empty where there is none."""
        batch = {**self.params, "part": 0, "action": action, "after": after, "upto": upto}
        try:
            with transaction.atomic(), operation("import.trial", access=self.bound.access):
                if action == "new":
                    statement, shared = applying.insertion(self.model, self.bound.inserted, applying.constants(self.bound))
                    cursor.execute(statement, {**batch, **shared})
                else:
                    cursor.execute(applying.updating(self.model, self.bound.paths), batch)
                raise _Undo
        except _Undo:
            return "", ""
        except (IntegrityError, DataError) as error:
            cause = error.__cause__
            return getattr(cause, "sqlstate", "") or "", getattr(getattr(cause, "diag", None), "constraint_name", "") or ""

    def culprits(self, action: str, after: int, upto: int) -> list[int]:
        """The first lines among these that the table refuses by themselves, found by halving; at most ten."""
        found: list[int] = []
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT line FROM records_importrow WHERE workspace_id = %(ws)s AND import_id = %(import)s AND part = 0 AND action = %(action)s "
                "AND line > %(after)s AND line <= %(upto)s ORDER BY line",
                {**self.params, "action": action, "after": after, "upto": upto},
            )
            ranges = [[line for (line,) in cursor.fetchall()]]
            for _step in range(_HALVINGS):
                if not ranges or len(found) >= _MOST:
                    break
                lines = ranges.pop(0)
                if not lines or self._refusal(cursor, action, lines[0] - 1, lines[-1])[0] not in _OWN_FAULT:
                    continue
                if len(lines) == 1:
                    found.append(lines[0])
                else:
                    ranges[:0] = [lines[: len(lines) // 2], lines[len(lines) // 2 :]]
        return found

    def _words(self, rule: str) -> tuple[str, str]:
        """The heading that a constraint is about, and what it means."""
        field, message = self.bound.type.constraint_messages.get(rule, ("", ""))
        heading = next((c.heading for c in self.bound.columns if c.name == field), "")
        return heading, str(message) or _("The values do not fit together (%(rule)s).") % {"rule": rule.replace("_", " ")}
