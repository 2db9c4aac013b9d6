"""What a report's definition and its figures look like, as JSON Schema: for the API's description and for tools. The reader is `definition.read`."""

from __future__ import annotations

import dataclasses
from typing import Any

from patron.reports.definition import GROUPINGS, LONGEST, MEASURES, MOST_TOP, Definition, Grouping, Measure
from patron.reports.enums import Aggregate, Bucket, Chart, Compare, Show

Schema = dict[str, Any]
_KINDS: dict[str, Schema] = {"str": {"type": "string", "maxLength": LONGEST}, "int": {"type": "integer", "minimum": 0, "maximum": MOST_TOP}, "bool": {"type": "boolean"}}
_WORDS: dict[str, list[str]] = {
    "chart": list(Chart.values), "compare": list(Compare.values), "bucket": ["", *Bucket.values], "aggregate": list(Aggregate.values), "show": list(Show.values),
}  # fmt: skip
_FILTER: Schema = {"type": ["object", "array"], "description": "A filter as in lists; {} for all."}


def _object(cls: Any, **more: Schema) -> Schema:
    found: dict[str, Schema] = {}
    required = []
    for field in dataclasses.fields(cls):
        found[field.name] = more.get(field.name) or ({"type": "string", "enum": _WORDS[field.name]} if field.name in _WORDS else _KINDS.get(str(field.type), _FILTER))
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            required.append(field.name)
    return {"type": "object", "properties": found, "required": required, "additionalProperties": False}


def _list(of: Schema, most: int) -> Schema:
    return {"type": "array", "items": of, "maxItems": most}


#: What a program sends as `definition`.
DEFINITION: Schema = _object(
    Definition,
    type_key={"type": "string", "minLength": 1, "maxLength": LONGEST, "description": "The record type that the report counts."},
    groupings=_list(_object(Grouping), GROUPINGS),
    measures=_list(_object(Measure, key={"type": "string", "pattern": "^[a-z][a-z0-9_]{0,30}$"}, label=_KINDS["str"]), MEASURES),
)

_TEXT: Schema = {"type": "string"}
_LINE: Schema = {
    "type": "object",
    "properties": {
        "groups": {"type": "array", "items": _TEXT}, "kind": {"type": "string", "enum": ["group", "others", "total"]},
        "values": {"type": "object", "additionalProperties": {"type": ["string", "null"]}, "description": "Exact figures as text by column; null where unknown."},
    },
    "required": ["groups", "kind", "values"],
}  # fmt: skip
#: What a report answers (`files.plain`).
FIGURES: Schema = {
    "type": "object",
    "properties": {
        "report": _TEXT, "type": _TEXT, "groups": {"type": "array", "items": _TEXT}, "columns": {"type": "array", "items": {"type": "object"}},
        "lines": {"type": "array", "items": _LINE}, "total": _LINE, "notes": {"type": "array", "items": _TEXT}, "comparison": {"type": "object"},
    },
    "required": ["report", "type", "groups", "columns", "lines", "total", "notes"],
}  # fmt: skip
#: What a dashboard answers: its tiles, each with its figures or with what stands in their way.
TILES: Schema = {
    "type": "object",
    "properties": {
        "dashboard": _TEXT,
        "tiles": {"type": "array", "items": {
            "type": "object",
            "properties": {"id": _TEXT, "report": _TEXT, "name": _TEXT, "width": {"type": "integer"}, "figures": FIGURES, "problem": _TEXT},
            "required": ["id", "report", "name", "width"],
        }},
    },
    "required": ["dashboard", "tiles"],
}  # fmt: skip
