"""What the database refused, in words: every constraint has a message or gets one from its shape."""

from __future__ import annotations

import re
from typing import Any

from django.db import IntegrityError
from django.db.models import UniqueConstraint
from django.utils.translation import gettext as _

from patron.records.customs import indexes
from patron.records.customs.database import CHECK
from patron.records.customs.indexes import UNIQUE
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
    """A refused own value: the database names the field's key, or the field's own index."""
    diagnostics = getattr(error.__cause__, "diag", None)
    key = (diagnostics.column_name if diagnostics else None) or ""
    field = next((f for f in record_type.fields.values() if f.is_custom and (f.own_key == key or name == indexes.name_of(record_type.key, f, unique=True))), None)
    if field is None:
        return {"": _("A field of this record no longer takes its value. Load the page again.")}
    if name == CHECK:
        return {field.name: _("“%(label)s” does not take this value.") % {"label": field.label}}
    return {field.name: _("Another %(type)s has this %(label)s already.") % {"type": str(record_type.label).lower(), "label": str(field.label).lower()}}


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
