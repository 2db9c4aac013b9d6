"""What the database refused, in words: every constraint has a message or gets one from its shape."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.db import IntegrityError
from django.db.models import UniqueConstraint
from django.utils.translation import gettext as _

from patron.ledger.tolerant import refusing
from patron.records import registry
from patron.records.customs import definitions, indexes
from patron.records.customs.database import CHECK
from patron.records.customs.indexes import UNIQUE
from patron.records.fields import Field
from patron.records.record_type import RecordType


def explain(record_type: RecordType, error: IntegrityError) -> dict[str, str]:
    """{field or "": message} for a violated constraint. The name is read without the suffix that a shard adds."""
    name = _name(error)
    if name in record_type.constraint_messages:
        field, message = record_type.constraint_messages[name]
        return {field: str(message)}
    if name == CHECK or name.startswith(UNIQUE):
        return _own(record_type, error, name)
    cause = getattr(error.__cause__, "sqlstate", "")
    for constraint in record_type.model._meta.constraints:
        if constraint.name == name and isinstance(constraint, UniqueConstraint):
            return _taken(record_type, constraint)
    if cause == "23503":
        return {"": _("A record that this one points to no longer exists. Choose another.")}
    return {"": _("The values do not fit together (%(rule)s).") % {"rule": name.replace("_", " ") if name else cause}}


def _own(record_type: RecordType, error: IntegrityError, name: str) -> dict[str, str]:
    field = next((f for f in record_type.fields.values() if f.is_custom and _refused(record_type, f, error, name)), None)
    if field is None:
        return {"": _("A field of this record no longer takes its value. Load the page again.")}
    if name == CHECK:
        return {field.name: _("“%(label)s” does not take this value.") % {"label": field.label}}
    return {field.name: _("Another %(type)s has this %(label)s already.") % {"type": str(record_type.label).lower(), "label": str(field.label).lower()}}


def _refused(record_type: RecordType, field: Field, error: IntegrityError, name: str) -> bool:
    """Whether it is this own field's value that was refused: the database names the field's key, or the field's own index."""
    diagnostics = getattr(error.__cause__, "diag", None)
    key = (diagnostics.column_name if diagnostics else None) or ""
    return field.own_key == key if name == CHECK else name == indexes.name_of(record_type.key, field, unique=True)


@refusing
def own_value(model: Any, row: uuid.UUID, error: IntegrityError) -> list[str]:
    """The own value for which a row cannot come back as it was: one that its field cannot read, or that another record has now."""
    name = _name(error)
    if name == CHECK:
        return [f"custom.{error.__cause__.diag.column_name}"]  # type: ignore[union-attr]
    if not name.startswith(UNIQUE):
        return []
    types = [t for t in registry.all_types() if t.table == model._meta.db_table]
    return [f.column for t in types for f in definitions.current().kept(t.key) if _refused(t, f, error, name)]


def _taken(record_type: RecordType, constraint: Any) -> dict[str, str]:
    names = [n for n in constraint.fields if n != "workspace"]
    for expression in constraint.expressions:
        names += [f for f in re.findall(r"F\((\w+)\)", repr(expression)) if f != "workspace"]
    shown = next((n for n in names if n in record_type.fields), "")
    label = record_type.fields[shown].label if shown else ""
    return {shown: _("Another %(type)s has this %(label)s already.") % {"type": str(record_type.label).lower(), "label": str(label).lower()}}


def _name(error: IntegrityError) -> str:
    diagnostics = getattr(error.__cause__, "diag", None)
    name = (diagnostics.constraint_name if diagnostics else None) or ""
    if not name and (quoted := re.search(r'constraint "([^"]+)"', str(error))):
        name = quoted.group(1)
    return re.sub(r"_\d{6,}$", "", name)
