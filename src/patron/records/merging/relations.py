"""Everything that points to a record type: foreign keys, (type, id) pairs, own fields of other types."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.text import capfirst

from patron.kernel.db.install import tenant_models
from patron.records import registry
from patron.records.customs import definitions
from patron.records.fields import Field
from patron.records.record_type import RecordType

#: The pair of columns by which a row hangs on a record of any type.
TYPE, ID = "record_type", "record_id"


@dataclass(frozen=True, slots=True)
class Relation:
    """A column that points to records of a type. `key` is set for a (type, id) pair and names the type there."""

    model: Any
    column: str
    key: str = ""

    @property
    def name(self) -> str:
        return f"{self.model._meta.label}.{self.column}"

    @property
    def table(self) -> str:
        return str(self.model._meta.db_table)

    @property
    def label(self) -> str:
        """What its rows are called."""
        found = registry.find_model(self.model)
        return str(found.plural) if found else capfirst(str(self.model._meta.verbose_name_plural))

    def rows(self, ids: Iterable[uuid.UUID]) -> QuerySet[Any]:
        """The rows that point to these records."""
        rows: QuerySet[Any] = self.model.objects.filter(**{f"{self.column}__in": list(ids)})
        return rows.filter(**{TYPE: self.key}) if self.key else rows


def relations_to(record_type: RecordType) -> list[Relation]:
    """Every relation to the type, in the order in which they change hands: rows that hang on others of the list before these.

    Tables that triggers write are left out: they follow by themselves.
    """
    found = []
    for model in tenant_models():
        if getattr(model, "written_by_triggers", False) or getattr(model, "append_only", False):
            continue
        for field in model._meta.local_fields:
            if field.remote_field is not None and field.remote_field.model is record_type.model:
                found.append(Relation(model, field.attname))
        if is_pair(model):
            found.append(Relation(model, ID, record_type.key))
    return sorted(found, key=lambda r: -_depth(r.model))


def is_pair(model: Any) -> bool:
    """Whether rows of the model hang on records of any type."""
    names = {f.name for f in model._meta.local_fields}
    return TYPE in names and ID in names


def _depth(model: Any, above: tuple[Any, ...] = ()) -> int:
    """How many foreign keys lie below a model at most."""
    targets = {f.remote_field.model for f in model._meta.local_fields if f.remote_field is not None} - {model, *above}
    return max((1 + _depth(t, (*above, model)) for t in targets), default=0)


def own_fields_to(record_type: RecordType) -> list[tuple[RecordType, Field]]:
    """Own fields of the workspace's types, retired ones too, that point to the type: they live in `custom` and have no foreign key."""
    return [(t, f) for t in registry.all_types() for f in own_links(t) if f.model is record_type.model]


def own_links(record_type: RecordType) -> list[Field]:
    """The own fields of a type that point to records, retired ones too."""
    return [f for f in definitions.current().kept(record_type.key) if f.is_relation]


def own_rows(other: RecordType, link: Field, record_type: RecordType, ids: Collection[uuid.UUID], *, but: Collection[uuid.UUID] = ()) -> QuerySet[Any]:
    """The records of `other` whose own field points to these of `record_type`; `but` are among them and do not count."""
    rows: QuerySet[Any] = other.model.objects.filter(**{f"{link.path}__in": list(ids)})
    return rows.exclude(pk__in=list(but)) if other.key == record_type.key else rows


def parent_columns(record_type: RecordType) -> list[Any]:
    """The columns by which records of the type point to each other: trees and chains, which must not become circles."""
    return [f for f in record_type.model._meta.local_fields if f.remote_field is not None and f.remote_field.model is record_type.model]
