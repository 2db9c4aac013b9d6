"""Every record type and verb, declared once; everything else is derived from here.

Closed stores, filled while Django starts; where a workspace is open, the record types that it made itself stand beside them (`customs.types`).
"""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.apps import apps

if TYPE_CHECKING:
    from patron.records.customs.types import Types
    from patron.records.readings import Reading
    from patron.records.record_type import Panel, RecordType, Tab
    from patron.records.verbs import Verb

_types: dict[str, "RecordType"] = {}
_by_model: dict[Any, "RecordType"] = {}
_verbs: dict[str, dict[str, "Verb"]] = {}
_readings: dict[str, dict[str, "Reading"]] = {}
_panels: dict[str, list["Panel"]] = {}
_tabs: dict[str, list["Tab"]] = {}


class Unknown(LookupError):
    """No such record type or verb."""


def load() -> None:
    """Import `records` (declarations) and `domain` (verbs) of every installed Patron app."""
    import_module("patron.records.actions")
    import_module("patron.records.merging.verbs")
    for config in apps.get_app_configs():
        if config.name.startswith("patron.") and config.label not in ("kernel", "identity", "ledger", "records"):
            for module in ("domain", "records", "attach"):
                if find_spec(f"{config.name}.{module}"):
                    import_module(f"{config.name}.{module}")


def register(declared: type["RecordType"]) -> type["RecordType"]:
    """Class decorator: make the declaration known under its key and its model."""
    record_type = declared()
    if record_type.key in _types:
        raise ValueError(f"record type {record_type.key} is declared twice")
    _types[record_type.key] = record_type
    _by_model[record_type.model] = record_type
    return declared


def add_verb(verb: "Verb") -> None:
    """Make a verb known to every door of its record type."""
    known = _verbs.setdefault(verb.type_key, {})
    if verb.name in known:
        raise ValueError(f"verb {verb.type_key}.{verb.name} is declared twice")
    known[verb.name] = verb


def add_reading(reading: "Reading") -> None:
    """Make a reading known to every door that reads."""
    known = _readings.setdefault(reading.type_key, {})
    if reading.name in known:
        raise ValueError(f"reading {reading.type_key}.{reading.name} is declared twice")
    known[reading.name] = reading


def readings(type_key: str) -> dict[str, "Reading"]:
    """The readings of a type, by name."""
    return _readings.get(type_key, {})


def attach_panel(type_key: str, panel: "Panel") -> None:
    """Hang a section on the record page of a type from a package above it."""
    _panels.setdefault(type_key, []).append(panel)
    _panels[type_key].sort(key=lambda p: p.order)


def attach_tab(type_key: str, tab: "Tab") -> None:
    """Hang a tab on the record page of a type from a package above it."""
    _tabs.setdefault(type_key, []).append(tab)
    _tabs[type_key].sort(key=lambda t: t.order)


def own() -> "Types":
    """The record types that the open workspace made itself."""
    from patron.records.customs import types

    return types.current()


def all_types() -> list["RecordType"]:
    """Every record type in the order of declaration, then the workspace's own."""
    return [*_types.values(), *own().by_key.values()]


def get(key: str) -> "RecordType":
    """The type under `key`; `Unknown` where there is none."""
    found = find(key)
    if found is None:
        raise Unknown(key)
    return found


def find(key: str) -> "RecordType | None":
    """The type under `key`; None where there is none, in this workspace."""
    return _types.get(key) or own().by_key.get(key)


def of_model(model: Any) -> "RecordType":
    """The type that a model belongs to."""
    found = find_model(model)
    if found is None:
        raise Unknown(model.__name__)
    return found


def find_model(model: Any) -> "RecordType | None":
    """The same, or None: for the table that a workspace's own types share too."""
    made_at = getattr(model, "own_type_id", None)
    return _by_model.get(model) if made_at is None else own().by_id.get(made_at)


def verbs(type_key: str) -> list["Verb"]:
    """The verbs of a type: its own and those that every type has."""
    known = _verbs_of(type_key)
    return [*known.values(), *(v for n, v in _verbs.get("*", {}).items() if n not in known)]


def _verbs_of(type_key: str) -> dict[str, "Verb"]:
    if type_key in _verbs or type_key in _types:
        return _verbs.get(type_key, {})
    made = own().by_key.get(type_key)
    return made.verbs if made else {}


def verb(type_key: str, name: str) -> "Verb":
    """One verb of a type; `Unknown` where there is none."""
    found = _verbs_of(type_key).get(name) or _verbs.get("*", {}).get(name)
    if found is None:
        raise Unknown(f"{type_key}.{name}")
    return found


def panels(type_key: str) -> list["Panel"]:
    return sorted([*_panels.get("*", []), *_panels.get(type_key, [])], key=lambda p: p.order)


def tabs(type_key: str) -> list["Tab"]:
    """The tabs of a type's record page: the attached ones, then lists of what points to the record by an own field."""
    from patron.records.customs import types

    return [*_tabs.get(type_key, []), *types.tabs_of(type_key)]
