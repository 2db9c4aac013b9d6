"""JSON Schemas: of what all addresses share, and of one record type as one access sees it."""

from __future__ import annotations

from typing import Any

from patron.api.problems import CODES, TYPE
from patron.identity.access import Access
from patron.records.fields import Field
from patron.records.kinds import kind_of
from patron.records.record_type import RecordType

Schema = dict[str, Any]
ID: Schema = {"type": "string", "format": "uuid"}
TEXT: Schema = {"type": "string"}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def name_of(record_type: RecordType, suffix: str = "") -> str:
    """The component's name of a type: `deal-lines` is `DealLines`."""
    return "".join(part.capitalize() for part in record_type.key.split("-")) + suffix


def closed(properties: dict[str, Schema], required: tuple[str, ...] | list[str] = (), **more: Any) -> Schema:
    """An object without members beyond those named."""
    made: Schema = {"type": "object", "properties": properties, "additionalProperties": False, **more}
    return {**made, "required": list(required)} if required else made


def nullable(schema: Schema) -> Schema:
    if "enum" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]} if isinstance(schema.get("type"), str) else {"anyOf": [schema, {"type": "null"}]} if schema else schema


def _described(field: Field) -> Schema:
    more: Schema = {"title": str(field.label)}
    if field.hint:
        more["description"] = str(field.hint)
    if field.currency is not None:
        more["x-currency-field"] = field.currency or None
    if field.is_relation and field.target:
        more["x-record-type"] = field.target
    return more


def read_schema(field: Field) -> Schema:
    """What an answer holds: blank text is "", everything else that is missing is null."""
    schema = kind_of(field.kind).schema(field)
    if "enum" in schema and kind_of(field.kind).sql == "text":
        schema = {"type": "string", "description": "One of: " + ", ".join(schema["enum"]) + "; empty for none."}
    elif kind_of(field.kind).sql == "text":
        schema = {n: v for n, v in schema.items() if n not in ("format", "pattern")}
    return {**nullable(schema), **_described(field)}


def write_schema(field: Field) -> Schema:
    """What may be sent: null empties a field that may be empty."""
    schema = dict(kind_of(field.kind).schema(field))
    if field.is_relation:
        by: Schema = {"type": "object", "properties": {"by": {"type": "object", "minProperties": 1, "maxProperties": 1}}, "required": ["by"], "additionalProperties": False}
        schema = {"anyOf": [schema, by]}
    if field.required:
        return {**schema, **({"minLength": 1} if schema.get("type") == "string" and "enum" not in schema and "pattern" not in schema and "format" not in schema else {}), **_described(field)}
    return {**nullable(schema), **_described(field)}


def of_type(record_type: RecordType, access: Access) -> dict[str, Schema]:
    """The record as it is read, as it is made, as it is changed; and a page of them."""
    visible, editable = record_type.visible_fields(access), record_type.editable_fields(access)
    writable = {n: f for n, f in editable.items() if n in visible}
    read: dict[str, Schema] = {"id": ID, **({"revision": {"type": "integer"}} if record_type.has_revision else {})}
    read.update({n: read_schema(f) for n, f in visible.items()})
    included = {"included": {"type": "object", "additionalProperties": {"type": "object"}, "description": "Records of `include`, by type and id."}}
    record = {"type": "object", "title": str(record_type.label), "properties": {**read, **included}, "required": ["id"], "additionalProperties": False}
    changes = closed({n: write_schema(f) for n, f in writable.items()}, title=f"{record_type.label}: fields to set")
    return {
        name_of(record_type): record,
        name_of(record_type, "Values"): changes,
        name_of(record_type, "Page"): closed({
            "data": {"type": "array", "items": ref(name_of(record_type))},
            "next": {"type": ["string", "null"], "description": "The cursor of the next page: send it as `after`."},
            "included": included["included"],
            "totals": {"type": "object", "properties": {"count": {"type": "integer"}}, "additionalProperties": {"type": ["string", "integer", "null"]}},
        }, ["data", "next"]),
    }  # fmt: skip


def shared() -> dict[str, Any]:
    """Components that every address uses."""
    error = closed({"field": TEXT, "message": TEXT}, ["field", "message"])
    problem = {
        "type": "object",
        "properties": {
            "type": TEXT, "title": TEXT, "status": {"type": "integer"}, "code": {"type": "string", "enum": sorted(CODES)}, "detail": TEXT,
            "errors": {"type": "array", "items": error}, "request_id": TEXT,
        },
        "required": ["type", "title", "status", "code"],
    }  # fmt: skip
    operation = closed({
        "id": ID, "verb": TEXT, "at": {"type": "string", "format": "date-time"}, "actor": ref("Actor"), "reason": TEXT, "undoes": nullable(ID),
        "subject": nullable(ref("Reference")), "request_id": TEXT, "undone_by": nullable(ID),
        "touched": {"type": "array", "items": closed({"what": TEXT, "action": TEXT, "count": {"type": "integer"}}, ["what", "action", "count"])},
    }, ["id", "verb", "at", "actor", "reason", "undoes"])  # fmt: skip
    change = closed({
        "cursor": TEXT, "type": TEXT, "id": ID, "action": {"type": "string", "enum": ["created", "updated", "deleted"]}, "operation": ref("Operation"),
        "changes": {"type": "object", "description": "[before, after] by field.", "additionalProperties": {"type": "array", "minItems": 2, "maxItems": 2}},
    }, ["cursor", "type", "id", "action", "changes", "operation"])  # fmt: skip
    row = closed({
        "index": {"type": "integer"}, "status": {"type": "integer"}, "id": ID, "code": TEXT, "errors": {"type": "array", "items": error},
    }, ["index", "status"])  # fmt: skip
    schemas = {
        "Problem": problem, "Actor": closed({"id": nullable(ID), "name": TEXT}, ["id", "name"]), "Reference": closed({"type": TEXT, "id": ID}, ["type", "id"]),
        "Operation": operation, "Change": change,
        "Changes": closed({"data": {"type": "array", "items": ref("Change")}, "next": TEXT, "more": {"type": "boolean"}}, ["data", "next", "more"]),
        "BulkResult": closed({"atomic": {"type": "boolean"}, "done": {"type": "integer"}, "failed": {"type": "integer"}, "results": {"type": "array", "items": row}}, ["atomic", "done", "failed", "results"]),
        "Done": closed({"operation": ID, "count": {"type": "integer"}, "refused": {"type": "array", "items": closed({"record": TEXT, "message": TEXT}, ["record", "message"])}}, ["operation", "count", "refused"]),
        "Filter": {"description": 'A condition [field, operator, value], or {"and": […]}, {"or": […]}, {"not": …}; {} selects everything.', "anyOf": [{"type": "object", "maxProperties": 1}, {"type": "array", "minItems": 2, "maxItems": 3}]},
    }  # fmt: skip
    return {
        "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "A key made by `patron token create`."}},
        "schemas": schemas,
        "responses": {"Problem": {"description": "What is wrong, and where.", "content": {TYPE: {"schema": ref("Problem")}}}},
        "headers": {
            "Operation": {"description": "The operation that the write was signed as: its history and its undo.", "schema": ID},
            "ETag": {"description": "The record's revision; send it as If-Match.", "schema": TEXT},
        },
    }
