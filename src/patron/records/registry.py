"""Every record type and verb, declared once; everything else is derived from here. Closed stores, filled while Django starts."""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.apps import apps

if TYPE_CHECKING:
    from patron.records.record_type import Panel, RecordType, Tab
    from patron.records.verbs import Verb

_types: dict[str, "RecordType"] = {}
_by_model: dict[Any, "RecordType"] = {}
_verbs: dict[str, dict[str, "Verb"]] = {}
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


def attach_panel(type_key: str, panel: "Panel") -> None:
    """Hang a section on the record page of a type from a package above it."""
    _panels.setdefault(type_key, []).append(panel)
    _panels[type_key].sort(key=lambda p: p.order)


def attach_tab(type_key: str, tab: "Tab") -> None:
    """Hang a tab on the record page of a type from a package above it."""
    _tabs.setdefault(type_key, []).append(tab)
    _tabs[type_key].sort(key=lambda t: t.order)


def all_types() -> list["RecordType"]:
    """Every record type in the order of declaration."""
    return list(_types.values())


def get(key: str) -> "RecordType":
    """The type under `key`; `Unknown` where there is none."""
    try:
        return _types[key]
    except KeyError as error:
        raise Unknown(key) from error


def find(key: str) -> "RecordType | None":
    return _types.get(key)


def of_model(model: Any) -> "RecordType":
    """The type that a model belongs to."""
    try:
        return _by_model[model]
    except KeyError as error:
        raise Unknown(model.__name__) from error


def find_model(model: Any) -> "RecordType | None":
    return _by_model.get(model)


def verbs(type_key: str) -> list["Verb"]:
    """The verbs of a type: its own and those that every type has."""
    return [*_verbs.get(type_key, {}).values(), *(v for n, v in _verbs.get("*", {}).items() if n not in _verbs.get(type_key, {}))]


def verb(type_key: str, name: str) -> "Verb":
    """One verb of a type; `Unknown` where there is none."""
    found = _verbs.get(type_key, {}).get(name) or _verbs.get("*", {}).get(name)
    if found is None:
        raise Unknown(f"{type_key}.{name}")
    return found


def panels(type_key: str) -> list["Panel"]:
    return sorted([*_panels.get("*", []), *_panels.get(type_key, [])], key=lambda p: p.order)


def tabs(type_key: str) -> list["Tab"]:
    return _tabs.get(type_key, [])
