"""What a role hides of records is kept from templates: sections and dialogs hand records on, and a template may ask a record for anything."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.db.models import Model

from patron.identity.access import Access
from patron.records import registry
from patron.records.record_type import RecordType


class _Nobody:
    """What a hidden relation points to: no record, and asked for anything of it, nothing."""

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)  # what Python and templates ask to learn what a thing can do
        return ""

    def __str__(self) -> str:
        return ""

    def __bool__(self) -> bool:
        return False


NOBODY = _Nobody()


class Veiled:
    """A record as a person sees it: what their role hides is empty, and records that it points to are veiled alike. For reading only; everything else is the record's own."""

    __slots__ = ("_access", "_hidden", "_record")

    def __init__(self, record: Any, hidden: set[str], access: Access) -> None:
        self._record, self._hidden, self._access = record, hidden, access

    def __getattr__(self, name: str) -> Any:
        if name in self._hidden:
            value = getattr(self._record, name)
            return NOBODY if isinstance(value, Model) else type(value)() if isinstance(value, (str, list, tuple, dict)) else None
        if name.startswith("get_") and name.removeprefix("get_").removesuffix("_display") in self._hidden:
            return str
        return veiled(getattr(self._record, name), self._access)

    def __str__(self) -> str:
        return str(self._record)

    def __eq__(self, other: object) -> bool:
        return bool(self._record == getattr(other, "_record", other))

    def __hash__(self) -> int:
        return hash(self._record)


def veiled(value: Any, access: Access) -> Any:
    """The same value with every record in it veiled: lists, tuples, mappings and data classes are looked into. Itself where the person's role hides nothing."""
    if not any("hidden" in rules.values() for rules in access.field_rules.values()):
        return value
    if isinstance(value, Model):
        record_type = registry.find_model(type(value))
        return Veiled(value, _hidden(record_type, access), access) if record_type else value
    if isinstance(value, dict):
        return {key: veiled(item, access) for key, item in value.items()}
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return type(value)(veiled(item, access) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, (type, Access)):
        now = {f.name: veiled(getattr(value, f.name), access) for f in dataclasses.fields(value) if f.init}
        return dataclasses.replace(value, **now) if any(now[name] is not getattr(value, name) for name in now) else value
    return value


def _hidden(record_type: RecordType, access: Access) -> set[str]:
    """The attributes that hidden fields are read by: relations by that of the id and by the record's."""
    rules = access.field_rules.get(record_type.key, {})
    fields = [record_type.fields[name] for name, rule in rules.items() if rule == "hidden" and name in record_type.fields]
    return {name for f in fields for name in (f.name, f.path, f.path.removesuffix("_id"))}
