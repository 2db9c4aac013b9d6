"""Records as JSON objects: a plan per type and choice of fields, rows straight from the database, no model instances."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from patron.api.problems import Problem
from patron.identity.access import Access
from patron.records import registry, seen
from patron.records.customs.transforms import alike_everywhere
from patron.records.fields import Field
from patron.records.kinds import Kind, View, kind_of
from patron.records.record_type import RecordType

Row = tuple[Any, ...]
#: Kinds whose values the encoder writes as `plain` would.
_NATIVE = {"text", "long_text", "email", "url", "phone", "integer", "number", "money", "percent", "date", "datetime", "checkbox", "choice", "country", "currency", "relation", "person"}


def names_of(record_type: RecordType, asked: list[str], access: Access) -> list[str]:
    """The fields of a sparse answer, in the type's order; all that the person may see where none are named."""
    visible = record_type.visible_fields(access)
    if not asked:
        return list(visible)
    wanted = {*asked} - {"id", "revision"}
    if unknown := sorted(wanted - visible.keys()):
        raise Problem("unknown-parameter", errors={"fields": f"There is no field {', '.join(repr(n) for n in unknown)} here."})
    return [n for n in visible if n in wanted]


def relations_of(record_type: RecordType, asked: list[str], access: Access) -> list[Field]:
    """The relations to send along."""
    visible, found = record_type.visible_fields(access), []
    for name in asked:
        field = visible.get(name)
        if field is None or not field.is_relation or registry.find_model(field.model) is None:
            known = ", ".join(n for n, f in visible.items() if f.is_relation and registry.find_model(f.model))
            raise Problem("unknown-parameter", errors={"include": f"“{name}” is no relation of this type. Known: {known or 'none'}."})
        found.append(field)
    return found


@dataclass(frozen=True, slots=True)
class _Late:
    """A field whose JSON is made by its kind, for all rows at once."""

    field: Field
    kind: Kind
    at: tuple[int, ...]


class Plan:
    """Which columns to fetch and how rows of them become objects. `names` are fields that the person may see."""

    def __init__(self, record_type: RecordType, names: Iterable[str], view: View) -> None:
        self.type, self.view = record_type, view
        self.keys: list[str] = ["id"]
        self.paths: list[str] = ["pk"]
        self.late: list[_Late] = []
        if record_type.has_revision:
            self.keys.append("revision")
            self.paths.append("revision")
        known = record_type.fields
        fields = [known[n] for n in names]
        plain = [f for f in fields if f.kind in _NATIVE and not f.is_custom]
        self.keys += [f.name for f in plain]
        self.paths += [f.path for f in plain]
        for field in fields:
            if field.kind not in _NATIVE or field.is_custom:
                self._add_late(field)

    def _add_late(self, field: Field) -> None:
        kind, at = kind_of(field.kind), []
        for path in kind.plain_paths(field):
            at.append(len(self.paths))
            self.paths.append(path)
        self.late.append(_Late(field, kind, tuple(at)))

    def objects(self, rows: list[Row]) -> list[dict[str, Any]]:
        """The rows, each beginning with `paths`, as objects."""
        keys = self.keys
        made = [dict(zip(keys, row)) for row in rows]  # noqa: B905 - rows are longer: late columns and the sort's follow
        for late in self.late:
            values = late.kind.plain_many(list(zip(*([row[i] for row in rows] for i in late.at), strict=True)), late.field, self.view)
            name = late.field.name
            for one, value in zip(made, values, strict=True):
                one[name] = value
        return made

    def of(self, ids: list[uuid.UUID]) -> list[dict[str, Any]]:
        """Those of the records that the person sees, in any order: one query."""

        def build(ids: list[uuid.UUID]) -> QuerySet[Any]:
            return self.type.visible(self.view.access).filter(pk__among=ids).values_list(*self.paths)

        if not alike_everywhere(self.paths):
            return self.objects(list(build(ids)))
        return self.objects(seen.rows(self.view.access, (self.type.key,), ("api.rows", self.type.key, tuple(self.paths)), build, ids=ids))


def one(record_type: RecordType, record_id: uuid.UUID, view: View, names: Iterable[str] | None = None) -> dict[str, Any] | None:
    """The record as it is now; None where the person does not see it."""
    plan = Plan(record_type, names if names is not None else record_type.visible_fields(view.access), view)
    return next(iter(plan.of([record_id])), None)


def included(relations: list[Field], objects: list[dict[str, Any]], view: View) -> dict[str, dict[str, Any]]:
    """The records that `relations` of the objects point to, by type and id: one query per type, under that type's own rights."""
    wanted: dict[str, set[uuid.UUID]] = {}
    for field in relations:
        target = registry.of_model(field.model)
        ids = {uuid.UUID(str(one[field.name])) for one in objects if one.get(field.name)}  # own fields hold text
        wanted.setdefault(target.key, set()).update(ids)
    found: dict[str, dict[str, Any]] = {}
    for key, ids in wanted.items():
        target = registry.get(key)
        plan = Plan(target, target.visible_fields(view.access), view)
        found[key] = {str(one["id"]): one for one in plan.of(list(ids))} if ids else {}
    return found


def etag(one: dict[str, Any]) -> str | None:
    """The strong validator of a record: its revision."""
    revision = one.get("revision")
    return None if revision is None else f'"{revision}"'
