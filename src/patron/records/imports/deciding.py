"""What becomes of a row: new, change, same, duplicate or error, with the values that would be written."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from patron.records.import_models import RowAction
from patron.records.imports import copying, database, own
from patron.records.imports.binding import HISTORY, Bound
from patron.records.imports.cells import Problem
from patron.records.imports.existing import Draft, Existing

_EMPTY: tuple[Any, ...] = (None, "", [])


class Decider:
    """Decides row by row; everything that takes a look into the database was looked up before."""

    def __init__(self, bound: Bound) -> None:
        self.bound, self.plan, self.type = bound, bound.plan, bound.type
        self.self_paths = [c.path for c in bound.selves]
        self.plain_paths = [p for p in bound.paths if p not in self.self_paths]
        self.start = self._start()
        self.clearing = [c for c in bound.written if c.clears and c.path not in self.self_paths]
        self.scope = bound.access.scope(self.type.key, "create")
        self.owners = [f"{p}_id" for p in self.type.owners if "__" not in p]
        self.title = self._title()
        self.ids = copying.ids()

    def _start(self) -> dict[str, Any]:
        """What a new row has in each varying column where the file says nothing."""
        found: dict[str, Any] = {}
        by_column = {f.attname: f for f in self.type.model._meta.local_fields}
        cells = {c.path: c for c in self.bound.columns}
        for path in self.plain_paths:
            if path in self.bound.defaults:
                found[path] = self.bound.defaults[path]
            elif own.is_own(path):
                found[path] = None  # a default that only some records have is given row by row
            elif path in cells:
                cell = cells[path]
                found[path] = cell.field.default if cell.field.default is not None else cell.empty
            else:
                found[path] = by_column[path].get_default()
        return {path: value.pk if isinstance(value, models.Model) else value for path, value in found.items()}

    def _title(self) -> tuple[str, Any] | None:
        """The column by which rows of the file name each other, and how its texts are compared."""
        if not self.bound.selves:
            return None
        name = self.bound.selves[0].column.relation.by or self.type.title
        how = database.columns(self.type.model).get(name)
        path = next((c.path for c in self.bound.columns if c.name == name), None)
        return (path, how) if path and how else None

    def decide(self, draft: Draft) -> None:
        """Set the draft's action, target and values."""
        if self.title and (name := draft.values.get(self.title[0])):
            draft.title = database.normaliser(self.title[1])(str(name))
        if draft.problems:
            self._refuse(draft)
        elif draft.found is not None:
            self._met(draft, draft.found)
        elif self.plan.mode == "update" or "id" in draft.values:
            draft.problems.append(Problem("", self._unknown(draft)))
            self._refuse(draft)
        elif draft.looks is not None:
            self._looks(draft, *draft.looks)
        else:
            self._new(draft)

    def _refuse(self, draft: Draft) -> None:
        draft.action = RowAction.ERROR.value
        draft.target, draft.before = None, None

    def recheck(self, draft: Draft) -> None:
        """Make an error of a draft that got a problem after it was decided."""
        if draft.problems and draft.action in (RowAction.NEW, RowAction.CHANGE, RowAction.SAME):
            self._refuse(draft)

    def _unknown(self, draft: Draft) -> str:
        ways = " / ".join(way.label for way in self.bound.ways).lower()
        if not draft.marks:
            return _("This row has no %(key)s to find a record by.") % {"key": ways}
        return _("No %(type)s that you may see has this %(key)s.") % {"type": str(self.type.label).lower(), "key": ways}

    # --- records that exist -------------------------------------------------------------------------------------------

    def _met(self, draft: Draft, existing: Existing) -> None:
        if self.plan.mode == "create":
            key = self.bound.ways[0].label.lower() if self.bound.ways else ""
            self._duplicate(draft, existing, _("This %(key)s is there already.") % {"key": key})
        elif not existing.editable:
            draft.problems.append(Problem("", _("You may not change this %(type)s.") % {"type": str(self.type.label).lower()}))
            self._refuse(draft)
        else:
            self._change(draft, existing)

    def _looks(self, draft: Draft, existing: Existing, label: str) -> None:
        if self.plan.alike == "update" and existing.editable:
            self._change(draft, existing)
        else:
            self._duplicate(draft, existing, _("A %(type)s with the same %(field)s is there already.") % {"type": str(self.type.label).lower(), "field": label.lower()})

    def _duplicate(self, draft: Draft, existing: Existing, why: str) -> None:
        draft.action, draft.target = RowAction.DUPLICATE.value, existing.id
        draft.problems.append(Problem("", why))

    def _change(self, draft: Draft, existing: Existing) -> None:
        """The values that differ, and what they were."""
        values: dict[str, Any] = {}
        old: dict[str, Any] = {}
        for path in self.plain_paths:
            if path in draft.values and path not in HISTORY:
                now = existing.values[path]
                if now != draft.values[path] and not (self.plan.fill and now not in _EMPTY):
                    values[path], old[path] = draft.values[path], now
        if not self.plan.fill:
            self._clear(draft, existing, values, old)
        if values and self.plan.tag and "tags" in self.plain_paths:
            self._tag(values, old, existing)
        self._keep_refs(draft, existing, old)
        draft.values, draft.before = values, old
        draft.target, draft.seen = existing.id, existing.revision
        draft.action = RowAction.CHANGE.value if values else RowAction.SAME.value
        if draft.problems:
            self._refuse(draft)

    def _clear(self, draft: Draft, existing: Existing, values: dict[str, Any], old: dict[str, Any]) -> None:
        for cell in self.clearing:
            if cell.path in draft.values or existing.values[cell.path] in _EMPTY:
                continue
            if cell.field.required:
                draft.problems.append(Problem(cell.heading, _("Enter a value for “%(label)s”.") % {"label": cell.field.label}))
            values[cell.path], old[cell.path] = cell.empty, existing.values[cell.path]

    def _keep_refs(self, draft: Draft, existing: Existing, old: dict[str, Any]) -> None:
        """What the record points to among its own kind: decided once all rows of the file are known."""
        for path in self.self_paths:
            if self.plan.fill and existing.values[path] is not None:
                draft.refs.pop(path, None)
            if path in draft.refs:
                old[path] = existing.values[path]

    def _tag(self, values: dict[str, Any], old: dict[str, Any], existing: Existing) -> None:
        now = list(existing.values.get("tags") or [])
        wanted = [*values.get("tags", now), self.plan.tag]
        if list(dict.fromkeys(wanted)) != now:
            values["tags"], old["tags"] = list(dict.fromkeys(wanted)), now

    # --- new records --------------------------------------------------------------------------------------------------

    def _new(self, draft: Draft) -> None:
        given = draft.values
        values = {path: given[path] if path in given else start for path, start in self.start.items()}
        for path in HISTORY:
            if path in values and values[path] is None:
                values[path] = timezone.now()
        if self.plan.tag and "tags" in values:
            values["tags"] = list(dict.fromkeys([*(values["tags"] or []), self.plan.tag]))
        for path, heading, label in self.bound.required:
            if values.get(path) in _EMPTY and path not in draft.refs:
                draft.problems.append(Problem(heading, _("Enter a value for “%(label)s”.") % {"label": label}))
        if self.scope != "all" and not self._own(values):
            draft.problems.append(Problem("", _("You may only create %(plural)s of your own.") % {"plural": str(self.type.plural).lower()}))
        if draft.problems:
            self._refuse(draft)
            return
        draft.values, draft.target, draft.action = values, next(self.ids), RowAction.NEW.value

    def _own(self, values: dict[str, Any]) -> bool:
        ids = {values.get(path, self.bound.defaults.get(path)) for path in self.owners}
        return bool(self.bound.access.covers(self.type.key, "create", ids)) or not self.owners
