"""Related records that a file names and nobody has: made on the way, once per name, in the import's own operation."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from patron.kernel.tenancy import uuid7
from patron.kernel.text import fold
from patron.records import registry
from patron.records.fields import Field
from patron.records.imports import targets
from patron.records.imports.cells import BLANK, Cells, Named, Problem, Texts, template
from patron.records.imports.plan import Column, Relation
from patron.records.kinds import View
from patron.records.record_type import RecordType
from patron.records.verbs import Refused


@dataclass(slots=True)
class New:
    """A related record to be made: its id, what the cell says, the line that names it first, its values by column of the table."""

    id: uuid.UUID
    text: str
    line: int
    values: dict[str, Any]


class Maker:
    """Makes the missing records of one type. Raises `Refused` where the person may not, or where the plan leaves a required field open."""

    def __init__(self, target: Field, spec: Relation, view: View, place: Mapping[str, int]) -> None:
        found = registry.find_model(target.model)
        if found is None or not found.importable or not view.access.can(found.key, "create"):
            raise Refused(_("What is missing for “%(label)s” cannot be made here.") % {"label": target.label})
        self.type: RecordType = found
        self.view = view
        fields = {n: f for n, f in found.editable_fields(view.access).items() if not f.is_custom}
        self.by = spec.by or found.title
        unknown = next((n for n in (self.by, *spec.defaults) if n not in fields or (n == self.by and fields[n].is_relation)), None)
        if unknown:
            raise Refused(_("What is missing for “%(label)s” cannot be made: “%(name)s” cannot be set.") % {"label": target.label, "name": unknown})
        self._name = self._cells(fields[self.by])
        self._others = [(self._cells(fields[n]), template(text, place)) for n, text in spec.defaults.items()]
        self._relations = {c.name: targets.Target(c.field, Relation(), view) for c, _texts in self._others if c.field.is_relation}
        self.constants = {fields[n].path if n in fields else self._path(n): _plain(v) for n, v in found.defaults(view.access).items()}
        self._demand({fields[n].path for n in (self.by, *spec.defaults)})
        self._known: dict[str, uuid.UUID | Problem] = {}
        self._fresh: list[New] = []
        self.count = 0

    def _path(self, name: str) -> str:
        return self.type.fields[name].path if name in self.type.fields else name

    def _cells(self, field: Field) -> Cells:
        stored = next((f for f in self.type.model._meta.local_fields if f.name == field.name), None)
        return Cells(field, Column(field=field.name), Texts(None), self.view, stored)

    def _demand(self, given: set[str]) -> None:
        for field in self.type.fields.values():
            if field.required and field.editable and field.path not in given and self.constants.get(field.path) in (None, ""):
                raise Refused(_("A new %(type)s needs “%(field)s”. Say in the plan what it is.") % {"type": str(self.type.label).lower(), "field": field.label})

    @property
    def paths(self) -> list[str]:
        """The table's columns that differ from record to record."""
        varied = {self._name.path, *(c.path for c, _texts in self._others)}
        return [f.attname for f in self.type.model._meta.local_fields if f.attname in varied]

    def id_of(self, text: str, line: int, cells: Sequence[str]) -> uuid.UUID | Problem:
        """The id that the record of this name will have; the problem where it cannot be made."""
        key = fold(text)
        found = self._known.get(key)
        if found is None:
            values = self._values(text, cells)
            found = self._known[key] = values if isinstance(values, Problem) else uuid7()
            if isinstance(values, dict):
                self._fresh.append(New(found, text, line, values))  # type: ignore[arg-type]
                self.count += 1
        return found

    def _values(self, text: str, cells: Sequence[str]) -> dict[str, Any] | Problem:
        found = {}
        for column, told in [(self._name, text), *((c, t.of(cells)) for c, t in self._others)]:
            value = column.value(told)
            if isinstance(value, Named):
                value = self._relations[column.name].resolve([value.text])[value.text]
            if isinstance(value, Problem):
                return value
            found[column.path] = column.empty if value is BLANK else value
        return found

    def take(self) -> list[New]:
        """Those that were added since this was last asked."""
        taken, self._fresh = self._fresh, []
        return taken


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
