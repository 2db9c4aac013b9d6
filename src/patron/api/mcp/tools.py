"""The tools that a key reaches, made from the registry: a few that serve every type, and one per verb that a type has of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from patron.api.credentials import Credential
from patron.api.openapi.schemas import write_schema
from patron.records import perform, registry
from patron.records.record_type import RecordType
from patron.records.verbs import Verb

Schema = dict[str, Any]
_ID: Schema = {"type": "string", "format": "uuid"}
_TEXT: Schema = {"type": "string"}
_WHY: Schema = {"type": "string", "maxLength": 500, "description": "Why: the person who decides reads it, and the history keeps it."}
_SEEN: Schema = {"type": "integer", "description": "The revision that you read; refused when the record was changed since."}
_LATER = "Nothing is changed yet: the answer is a proposal that a person approves or declines in Patron."
_FILTER = 'A condition [field, operator, value], or {"and": […]}, {"or": […]}, {"not": …}; `describe` names fields and operators.'


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool as the protocol wants it. `reads` ones answer at once; the others propose."""

    name: str
    title: str
    description: str
    inputs: Schema
    reads: bool
    type_key: str = ""
    verb: str = ""
    reading: str = ""


def _closed(properties: dict[str, Schema], required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def reached(credential: Credential) -> list[RecordType]:
    """The types that the key may look at."""
    return [t for t in registry.all_types() if credential.access.can(t.key, "view")]


def may(credential: Credential, record_type: RecordType, verb: Verb) -> bool:
    """Whether the verb is within the role and the scopes; one that a role may do with a mere look takes `act` of a key."""
    needed = "act" if verb.action == "view" else verb.action
    return verb.applies(record_type) and credential.access.can(record_type.key, verb.action) and credential.grants(record_type.key, needed)


def own_verbs(record_type: RecordType) -> list[Verb]:
    """The verbs that the type has of its own; those that decide on proposals are for people."""
    return [] if record_type.key == "proposals" else [v for v in registry.verbs(record_type.key) if v.type_key == record_type.key]


def all_tools(credential: Credential) -> list[Tool]:
    """Every tool within the key's reach."""
    types = reached(credential)
    return [*_reading(types), *_answers(credential, types), *_writing(credential, types), *_verbs(credential, types)]


def _type(types: list[RecordType]) -> Schema:
    return {"type": "string", "enum": [t.key for t in types], "description": "The type of record."}


def _reading(types: list[RecordType]) -> Iterator[Tool]:
    kind = _type(types)
    yield Tool("search", "Search", "Find records of every type by words: names, e-mail addresses, numbers. Spelling need not be exact.", _closed({"words": {"type": "string", "minLength": 1, "maxLength": 200}}, ["words"]), True)
    yield Tool("describe", "Describe", "The types of records; of one type its fields with their values and operators, and its verbs with their inputs.", _closed({"type": kind}, []), True)
    listing = {
        "type": kind, "filter": {"type": ["array", "object"], "description": _FILTER}, "words": {"type": "string", "maxLength": 200}, "sort": {"type": "string", "description": "A field; a minus in front turns it."},
        "fields": {"type": "array", "items": _TEXT}, "include": {"type": "array", "items": _TEXT, "description": "Relations whose records come along."},
        "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}, "after": {"type": "string", "description": "`next` of the page before."},
        "archived": {"type": "boolean"}, "totals": {"type": "boolean", "description": "Count and sums over all pages."},
    }  # fmt: skip
    yield Tool("list_records", "List records", "A page of records of one type, filtered and sorted; `next` leads to the following page.", _closed(listing, ["type"]), True)
    yield Tool("read_record", "Read a record", "One record with its fields and revision.", _closed({"type": kind, "id": _ID, "include": {"type": "array", "items": _TEXT}}, ["type", "id"]), True)


def _answers(credential: Credential, types: list[RecordType]) -> Iterator[Tool]:
    """What records answer beyond their fields, such as the figures of a report."""
    for record_type in types:
        for reading in registry.readings(record_type.key).values():
            names = reading.built.names(credential.access) if reading.built else []
            more = f" Or one that comes with Patron: {', '.join(f'{key} ({name})' for key, name in names)}." if names else ""
            ref = {"type": "string", "minLength": 1, "maxLength": 60, "description": f"The id of a {str(record_type.label).lower()}.{more}"}
            title = f"{reading.label} ({str(record_type.label).lower()})"
            yield Tool(f"read_{record_type.key}_{reading.name}"[:64], title, (reading.act.__doc__ or title).strip(), _closed({"id": ref}, ["id"]), True, record_type.key, reading=reading.name)


def _writing(credential: Credential, types: list[RecordType]) -> Iterator[Tool]:
    can, values = credential.access.can, {"type": "object", "description": "Field values as `describe` shows them. A relation is an id or {\"by\": {\"email\": \"…\"}}."}
    creatable = [t for t in types if t.creatable and can(t.key, "create")]
    editable = [t for t in types if can(t.key, "edit") and t.editable_fields(credential.access)]
    if creatable:
        yield Tool("create_record", "Propose a new record", f"Propose a new record. {_LATER}", _closed({"type": _type(creatable), "values": values, "why": _WHY}, ["type", "values"]), False)
    if editable:
        yield Tool("edit_record", "Propose a change", f"Propose other values for fields of a record. {_LATER}", _closed({"type": _type(editable), "id": _ID, "values": values, "revision": _SEEN, "why": _WHY}, ["type", "id", "values"]), False)
    if removable := [t for t in types if can(t.key, "delete") and t.key != "proposals"]:
        yield Tool("delete_record", "Propose to remove a record", f"Propose to remove a record. {_LATER}", _closed({"type": _type(removable), "id": _ID, "revision": _SEEN, "why": _WHY}, ["type", "id"]), False)
    if acting := [t for t in types if t.key != "proposals" and any(may(credential, t, v) for v in registry.verbs(t.key))]:
        inputs = {"type": "object", "description": "The verb's inputs as `describe` shows them."}
        yield Tool("do_verb", "Propose an act", f"Propose any verb of a record, such as assign, tag or archive. {_LATER}", _closed({"type": _type(acting), "id": _ID, "verb": _TEXT, "inputs": inputs, "revision": _SEEN, "why": _WHY}, ["type", "id", "verb"]), False)


def _verbs(credential: Credential, types: list[RecordType]) -> Iterator[Tool]:
    """The business acts, each with typed inputs."""
    for record_type in types:
        for verb in own_verbs(record_type):
            if may(credential, record_type, verb):
                yield of_verb(record_type, verb)


def of_verb(record_type: RecordType, verb: Verb) -> Tool:
    inputs = _closed({f.name: write_schema(f) for f in perform.input_fields(verb)}, [i.name for i in verb.inputs if i.required])
    schema = _closed({"id": _ID, "inputs": inputs, "revision": _SEEN, "why": _WHY}, ["id", "inputs"] if inputs["required"] else ["id"])
    said = (verb.act.__doc__ or "").strip().splitlines()
    title = f"{verb.label} ({str(record_type.label).lower()})"
    return Tool(f"{record_type.key}_{verb.name}"[:64], title, f"Propose: {title}. {said[0] if said else ''} {_LATER}".replace("  ", " "), schema, False, record_type.key, verb.name)
