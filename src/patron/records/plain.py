"""Typed values out of JSON: the strict twin of `changes.read` and `perform.read_inputs`, for programs.

Nothing is guessed and nothing ignored: a field that does not exist, is hidden or may not be set is refused by name.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from patron.kernel.parsing import Invalid, is_blank
from patron.records import lookup, perform, registry
from patron.records.changes import NotValid
from patron.records.fields import Field
from patron.records.kinds import View, kind_of
from patron.records.kinds.base import fitting, written
from patron.records.record_type import RecordType
from patron.records.verbs import Verb


def read(record_type: RecordType, data: Mapping[str, Any], view: View) -> dict[str, Any]:
    """Typed values by field name; raises `NotValid` with a message per field."""
    editable, visible = record_type.editable_fields(view.access), record_type.visible_fields(view.access)
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, value in data.items():
        field = editable.get(name)
        if field is None:
            errors[name] = _("This field cannot be set.") if name in visible or name in ("id", "revision") else _("There is no such field.")
            continue
        try:
            values[name] = read_one(field, value, view)
        except Invalid as error:
            errors[name] = error.message
    if errors:
        raise NotValid(errors)
    return values


def read_one(field: Field, value: Any, view: View) -> Any:
    """One typed value; null and blank text are the kind's empty value. `Invalid` otherwise."""
    kind = kind_of(field.kind)
    if value is None or (isinstance(value, str) and is_blank(value) and kind.sql == "text"):
        if field.required:
            raise Invalid(_("Enter a value for “%(label)s”.") % {"label": field.label})
        if isinstance(value, str):
            written(value)
        return kind.blank(field)
    if field.is_relation:
        return _related(field, value, view)
    return fitting(kind.from_plain(value, field, view.parsing()), field)


def _related(field: Field, value: Any, view: View) -> uuid.UUID:
    """An id, or `{"by": {field: value}}` for the one record with that value; among those that the person may see."""
    if not isinstance(value, dict):
        return lookup.one(field, str(kind_of(field.kind).from_plain(value, field, view.parsing())), view)
    wanted = value.get("by")
    target = registry.find_model(field.model)
    if list(value) != ["by"] or not isinstance(wanted, dict) or len(wanted) != 1 or target is None:
        raise Invalid(_('Write an id, or {"by": {"email": "…"}} with one of the fields by which records are found.'))
    ((name, sought),) = wanted.items()
    found = by_key(target, lookup.candidates(field, view)[0], name, sought, view)[:2]
    if len(found) != 1:
        raise Invalid(_("There is no such record to point to.") if not found else _("Several records have this value. Give an id."))
    return found[0]


def by_key(record_type: RecordType, queryset: Any, name: str, value: Any, view: View) -> list[uuid.UUID]:
    """Up to three ids of rows whose key field has that value: text without regard to case and accents, an external id exactly."""
    field = record_type.visible_fields(view.access).get(name)
    if field is None or name not in record_type.keys:
        raise Invalid(_("Records are not found by “%(name)s”. Possible: %(keys)s.") % {"name": name[:60], "keys": ", ".join(record_type.keys) or "id"})
    kind = kind_of(field.kind)
    typed = fitting(kind.from_plain(value, field, view.parsing()), field)
    exact = name == "external_id" or kind.sql != "text"
    condition = {field.path: typed} if exact else None
    rows = queryset.filter(**condition) if condition else queryset.filter(kind.condition(field, "is", [typed], view))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:3])


def read_inputs(verb: Verb, data: Mapping[str, Any], view: View) -> dict[str, Any]:
    """Typed arguments of a verb; raises `NotValid` with a message per input. Optional ones that are left out, null or blank keep their defaults."""
    specs = {item.name: (item, spec) for item, spec in zip(verb.inputs, perform.input_fields(verb), strict=True)}
    errors = {name: _("There is no such input.") for name in data if name not in specs}
    values: dict[str, Any] = {}
    for name, (item, spec) in specs.items():
        if data.get(name) is None and not item.required:
            continue
        try:
            if name not in data:
                raise Invalid(_("Enter a value for “%(label)s”.") % {"label": spec.label})
            if (value := read_one(spec, data[name], view)) is not None:
                values[name] = perform.typed(item, value)
        except Invalid as error:
            errors[name] = error.message
    if errors:
        raise NotValid(errors)
    return values
