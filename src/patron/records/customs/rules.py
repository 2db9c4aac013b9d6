"""What own fields demand of a record when it is saved, at every door: required, shown, locked, no two alike, links that exist."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.records import uploads
from patron.records.customs import conditions, indexes
from patron.records.customs.definitions import Definition, current

Applies = Callable[[Any], set[uuid.UUID]]
Many = Callable[[list[Any]], list[set[uuid.UUID]]]
_sets_of: dict[str, tuple[Applies, Many]] = {}


def field_sets_for(type_key: str, applies: Applies, many: Many) -> None:
    """Register which field sets records of the type have: `applies(record)` answers their ids in one query, `many(records)` those of each in a few."""
    _sets_of[type_key] = applies, many


def sets_of(record_type: Any, records: list[Any]) -> list[set[uuid.UUID]]:
    """The field sets of each record, saved or not; nothing is asked where no field has a set."""
    if record_type.key in _sets_of and any(d.field_set_id for d in current().of(record_type.key).values()):
        return _sets_of[record_type.key][1](records)
    return [set() for _record in records]


def takes_sets(type_key: str) -> bool:
    """Whether fields of the type may be tied to some customers."""
    return type_key in _sets_of


def shown(record_type: Any, record: Any, *, sets: set[uuid.UUID] | None = None) -> dict[str, Definition]:
    """The own fields that this record has: those without a set and those of its sets (asked for unless given), as far as their condition holds."""
    added = current().of(record_type.key)
    if not added:
        return {}
    if sets is None:
        asked = record_type.key in _sets_of and any(d.field_set_id for d in added.values())
        sets = _sets_of[record_type.key][0](record) if asked else set()
    fields = record_type.fields
    return {n: d for n, d in added.items() if (d.field_set_id is None or d.field_set_id in sets) and conditions.holds(d.visible_if, record, fields)}


def refusals(record_type: Any, record: Any, *, access: Access, changed: set[str], was: Any = None) -> dict[str, str]:
    """Messages by field name. `was` is the record before the change, None for a new one: what it locked stays locked.

    A required field is asked for where it is set, and of records that are new to it; an old record that lacks it can be changed otherwise.
    """
    added = current().of(record_type.key)
    if not added:
        return {}
    here, fields = shown(record_type, record), record_type.fields
    errors, before = {}, shown(record_type, was) if was is not None and any(d.field.required for d in added.values()) else {}
    for name, definition in added.items():
        value = definition.field.get(record) if definition.formula == "" else None
        filled = value not in (None, "", [], False)
        if name in changed and filled and name not in here:
            errors[name] = _("This record has no “%(label)s”.") % {"label": definition.field.label}
        elif name in changed and was is not None and _locked(definition, was, fields):
            errors[name] = _("“%(label)s” is locked.") % {"label": definition.field.label}
        elif name in here and (name in changed or name not in before) and definition.field.required and not filled and definition.field.kind != "checkbox":
            errors[name] = _("Enter a value for “%(label)s”.") % {"label": definition.field.label}
        elif name in changed and filled:
            errors.update(_value(record_type, record, definition, value, access, was))
    return errors


def locked(record_type: Any, record: Any) -> set[str]:
    """Own fields that the stored record does not let change."""
    added = current().of(record_type.key)
    fields = record_type.fields if added else {}
    return {n for n, d in added.items() if _locked(d, record, fields)}


def _locked(definition: Definition, record: Any, fields: Any) -> bool:
    return bool(definition.readonly_if) and conditions.holds(definition.readonly_if, record, fields)


def leave_out(record_type: Any, record: Any, *, given: set[str]) -> None:
    """Take defaults out of a new record that it has no field for; what was given is judged by `refusals`."""
    added = current().of(record_type.key)
    waiting = [n for n, d in added.items() if d.field.default not in (None, "", []) and n not in given and (d.visible_if or d.field_set_id)]
    if waiting:
        here = shown(record_type, record)
        for name in waiting:
            if name not in here:
                added[name].field.put(record, None)


def one_by_one(record_type: Any, values: dict[str, Any]) -> bool:
    """Whether giving many records these values takes a look at each of them."""
    added = current().of(record_type.key)
    found = [(added[n], v) for n, v in values.items() if n in added]
    return any(d.unique or d.visible_if or d.readonly_if or d.field_set_id or (d.field.required and v in (None, "", [])) for d, v in found) or (
        any(d.field.required and (d.visible_if or d.field_set_id) for d in added.values())  # they may begin to be asked for
    )


def _value(record_type: Any, record: Any, definition: Definition, value: Any, access: Access, was: Any) -> dict[str, str]:
    """One new value: its link must lead to something that the person may see, its files be this record's; of a value that is to be unique there is one."""
    field = definition.field
    if field.kind == "file":
        why = uploads.refusal(record_type, record, field, list(field.get(was)) if was is not None else [], access)
        return {field.name: why} if why else {}
    if field.kind == "relation" and field.model is not None:
        from patron.records import registry

        target = registry.find(field.target)
        if target is None or not target.visible(access).filter(pk=value).exists():
            return {field.name: _("Choose one from the list.")}
    if field.kind == "person" and not field.model.objects.filter(pk=value).exists():
        return {field.name: _("Choose one from the list.")}
    if definition.unique and indexes.twins(record_type, field, value, but=record.pk):
        return {field.name: _("Another %(type)s has this %(label)s already.") % {"type": str(record_type.label).lower(), "label": str(field.label).lower()}}
    return {}


def defaults(record_type: Any) -> dict[str, Any]:
    """Values that new records start with, typed."""
    from patron.records.customs.values import SHAPES, typed

    return {n: typed(SHAPES[d.field.kind], d.field.default) for n, d in current().of(record_type.key).items() if d.formula == "" and d.field.default not in (None, "", [])}
