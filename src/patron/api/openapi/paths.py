"""Addresses: the fixed ones, and those that every record type has."""

from __future__ import annotations

from typing import Any

from patron.api import methods
from patron.api.openapi.schemas import ID, TEXT, Schema, closed, name_of, nullable, ref, write_schema
from patron.api.query import LIMIT, MOST
from patron.api.views.bulk import MOST as MOST_ROWS
from patron.api.views.verbs import MOST_IDS
from patron.collab.panels import OWN
from patron.identity.access import Access
from patron.records import perform, registry
from patron.records.kinds.filed import TOLD
from patron.records.model import Record
from patron.records.readings import Reading
from patron.records.record_type import RecordType
from patron.records.verbs import Verb

Path = dict[str, Any]
PROBLEM: Schema = {"$ref": "#/components/responses/Problem"}
READ = ("400", "401", "404", "405", "406", "429")
WRITE = (*READ, "403", "409", "412", "413", "415", "422")
_KEY: Schema = {"name": "Idempotency-Key", "in": "header", "description": "Sent again within a day, the request is not done again; its first answer comes back.", "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}}
_MATCH: Schema = {"name": "If-Match", "in": "header", "description": "The revision that you saw, as the ETag had it: 412 when somebody changed the record since.", "schema": {"type": "string", "pattern": r'^(\*|"[0-9]+")$'}}


def parameter(name: str, schema: Schema, text: str, where: str = "query") -> Schema:
    return {"name": name, "in": where, "description": text, "schema": schema, **({"required": True} if where == "path" else {})}


def answer(schema: Schema, text: str, *headers: str) -> Schema:
    names = {"ETag": "ETag", "Patron-Operation": "Operation"}
    made: Schema = {"description": text, "content": {"application/json": {"schema": schema}}}
    return {**made, "headers": {h: {"$ref": f"#/components/headers/{names[h]}"} for h in headers}} if headers else made


def operation(tag: str, key: str, summary: str, answers: dict[str, Schema], problems: tuple[str, ...], *, parameters: list[Schema] | None = None, body: Schema | None = None) -> Schema:
    made: Schema = {"tags": [tag], "operationId": key, "summary": summary, "parameters": parameters or [], "responses": {**answers, **dict.fromkeys(problems, PROBLEM)}}
    if body is not None:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return made


def fixed() -> dict[str, Path]:
    """What is there once."""
    anything: Schema = {"type": "object"}
    by_id = [parameter("operation_id", ID, "The operation, as Patron-Operation named it.", "path")]
    feed = [
        parameter("after", TEXT, "The cursor to go on from; `now` for this moment; nothing for the very beginning."), _limit(),
        parameter("types", {"type": "string", "pattern": "^[a-z-]*(,[a-z-]+)*$"}, "Record types, separated by commas; all where it is left out."),
    ]  # fmt: skip
    undone = closed({"operation": ID, "undoes": ID}, ["operation", "undoes"])
    return {
        "/api/v1/": {"get": operation("general", "index", "What the key reaches", {"200": answer(anything, "Types and addresses.")}, READ)},
        "/api/v1/me/": {"get": operation("general", "me", "Person, workspace, key and rights", {"200": answer(anything, "Whose key this is.")}, READ)},
        "/api/v1/openapi.json": {"get": operation("general", "openapi", "This document", {"200": answer(anything, "OpenAPI 3.1.")}, READ)},
        "/api/v1/changes/": {"get": operation("general", "changes", "What changed, in order, without gaps", {"200": answer(ref("Changes"), "The next changes.")}, (*READ, "403", "410"), parameters=feed)},
        "/api/v1/operations/{operation_id}/": {"get": operation("general", "operation", "One operation", {"200": answer(ref("Operation"), "What was done.")}, (*READ, "403"), parameters=by_id)},
        "/api/v1/operations/{operation_id}/undo/": {
            "post": operation("general", "undo", "Take an operation back", {"200": answer(undone, "It was undone.", "Patron-Operation")}, WRITE, parameters=[*by_id, _KEY])
        },
    }


def _limit() -> Schema:
    return parameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}, "Rows per page.")


def of_type(record_type: RecordType, access: Access, *, acts: bool) -> dict[str, Path]:
    """Everything that a record type has, as far as the access reaches; without `acts` no verb that takes a mere look."""
    start, key, can = f"/api/v1/{record_type.key}/", record_type.key, access.can
    verbs = [v for v in registry.verbs(key) if v.applies(record_type) and can(key, v.action) and (acts or v.action != "view")]
    links = _links(record_type, access, verbs)
    paths = {start: _collection(record_type, access, links), f"{start}{{record_id}}/": _record(record_type, access, links)}
    if keys := [k for k in record_type.keys if k in record_type.visible_fields(access)]:
        paths[f"{start}by/{{field}}/{{value}}/"] = _keyed(record_type, access, keys)
    if any(can(key, a) for a in ("create", "edit", "delete")):
        paths[f"{start}bulk/"] = {"post": _bulk(record_type)}
    if has_files(record_type) and (on_it := _files(record_type, access)):
        paths[f"{start}{{record_id}}/files/"] = on_it
    if key == "files":
        content: Schema = {"description": "The content.", "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
        by_id = [parameter("record_id", ID, "The file.", "path")]
        paths[f"{start}{{record_id}}/content/"] = {"get": operation(key, "files.content", "Download a file", {"200": content}, READ, parameters=by_id)}
    for verb in verbs:
        paths[f"{start}{{record_id}}/do/{verb.name}/"] = {"post": _verb(record_type, verb)}
        if verb.bulk:
            paths[f"{start}do/{verb.name}/"] = {"post": _verb(record_type, verb, many=True)}
    return paths | {f"{start}{{ref}}/read/{r.name}/": {"get": _reading(record_type, r, access)} for r in registry.readings(key).values()}


def _reading(record_type: RecordType, reading: Reading, access: Access) -> Schema:
    """A reading's address: what comes with Patron is read by its key, where there is any."""
    names = reading.built.names(access) if reading.built else []
    text = f"The {str(record_type.label).lower()}'s id" + (f", or the key of one that comes with Patron: {', '.join(f'`{k}`' for k, _name in names)}." if names else ".")
    found = answer(reading.schema, "The answer.")
    if reading.table:
        found["content"]["text/csv"] = {"schema": TEXT}
    where = [parameter("ref", {"type": "string", "pattern": "^[-a-zA-Z0-9_]{1,60}$"}, text, "path")]
    made = operation(record_type.key, f"read.{record_type.key}.{reading.name}", f"{record_type.label}: {str(reading.label).lower()}", {"200": found}, (*READ, "403", "422"), parameters=where)
    return {**made, "description": (reading.act.__doc__ or "").strip()}


def _shape(record_type: RecordType, access: Access) -> list[Schema]:
    """Sparse fields and what to send along."""
    visible = record_type.visible_fields(access)
    relations = [n for n, f in visible.items() if f.is_relation and registry.find_model(f.model)]
    names = {"type": "array", "items": {"type": "string", "enum": [*visible, "id", "revision"]}}
    made = [{**parameter("fields", names, "The fields to answer; all where it is left out."), "explode": False}]
    if relations:
        made.append({**parameter("include", {"type": "array", "items": {"type": "string", "enum": relations}}, "Relations whose records come along."), "explode": False})
    return made


def _listing(record_type: RecordType, access: Access) -> list[Schema]:
    """What a list may be asked for."""
    visible = record_type.visible_fields(access)
    sortable = [s + n for n, f in visible.items() if f.sortable and f.kind not in ("tags", "multi_choice", "json") for s in ("", "-")]
    return [
        parameter("f", TEXT, "A filter as JSON, in the language of saved views: `[\"name\", \"contains\", \"acme\"]`. Short forms: `filter[name]=…` and `name.operator=…`."),
        parameter("q", {"type": "string", "maxLength": 200}, "Words to find."),
        parameter("sort", {"type": "string", "enum": sortable}, "The order; a minus in front turns it."),
        parameter("after", TEXT, "The cursor of the page before."), _limit(), *_shape(record_type, access),
        parameter("totals", {"type": "boolean"}, "Count and sums over all pages."), parameter("archived", {"type": "boolean"}, "Archived records as well."),
        parameter("view", {"type": "string", "format": "uuid"}, "A saved view to start from."),
    ]  # fmt: skip


def _collection(record_type: RecordType, access: Access, links: Schema) -> Path:
    key, record = record_type.key, ref(name_of(record_type))
    made: Path = {"get": operation(key, f"{key}.list", f"List {str(record_type.plural).lower()}", {"200": _first(key, answer(ref(name_of(record_type, "Page")), "A page."))}, (*READ, "403"), parameters=_listing(record_type, access))}
    system = Access.system(access.workspace)
    if access.can(key, "create") and "POST" not in methods.of_list(record_type, system):
        body = ref(name_of(record_type, "Values"))
        made["post"] = operation(key, f"{key}.create", f"Make a {str(record_type.label).lower()}", {"201": {**answer(record, "The new record.", "ETag", "Patron-Operation"), "links": links}}, WRITE, parameters=[_KEY], body=body)
    return made


def _first(key: str, made: Schema) -> Schema:
    """From a page to its records: the only way to those that verbs of others make."""
    return {**made, "links": {f"{key}.read": {"operationId": f"{key}.read", "parameters": {"record_id": "$response.body#/data/0/id"}}}}


def _links(record_type: RecordType, access: Access, verbs: list[Verb]) -> Schema:
    """What can be done with a record, by address and without further words."""
    key = record_type.key
    names = [f"{key}.{a}" for a in ("edit", "delete") if access.can(key, a) and (a != "edit" or record_type.editable_fields(access))]
    names += [f"do.{key}.{v.name}" for v in verbs if not any(i.required for i in v.inputs)]
    return {name: {"operationId": name, "parameters": {"record_id": "$response.body#/id"}} for name in (f"{key}.read", *names)}


def _record(record_type: RecordType, access: Access, links: Schema) -> Path:
    key, record, by_id = record_type.key, ref(name_of(record_type)), [parameter("record_id", ID, "The record.", "path")]
    seen: Schema = parameter("If-None-Match", TEXT, "The revision that you have: 304 when it is the newest.", "header")
    onward = {name: link for name, link in links.items() if name != f"{key}.read"}
    found = {"200": {**answer(record, "The record.", "ETag"), "links": onward}, "304": {"description": "You have the newest revision."}}
    made: Path = {"get": operation(key, f"{key}.read", f"Read a {str(record_type.label).lower()}", found, (*READ, "403"), parameters=[*by_id, *_shape(record_type, access), seen])}
    if access.can(key, "edit") and record_type.editable_fields(access):
        answers = {"200": answer(record, "The record afterwards.", "ETag", "Patron-Operation")}
        made["patch"] = operation(key, f"{key}.edit", "Change the fields that are sent", answers, WRITE, parameters=[*by_id, _MATCH, _KEY], body=ref(name_of(record_type, "Values")))
    if access.can(key, "delete"):
        gone = {"204": {"description": "It is gone; undo brings it back.", "headers": {"Patron-Operation": {"$ref": "#/components/headers/Operation"}}}}
        made["delete"] = operation(key, f"{key}.delete", "Remove it", gone, WRITE, parameters=[*by_id, _MATCH, _KEY])
    return made


def has_files(record_type: RecordType) -> bool:
    """Whether files can be put on records of the type."""
    return issubclass(record_type.model, Record) and record_type.key not in OWN


def _files(record_type: RecordType, access: Access) -> Path:
    """The files on a record: listed like all files, and added."""
    made: Path = {}
    if access.can("files", "view"):
        files, key = registry.get("files"), record_type.key
        parameters = [parameter("record_id", ID, "The record.", "path"), *_listing(files, access)]
        made["get"] = operation(key, f"{key}.files", "List its files", {"200": answer(ref(name_of(files, "Page")), "A page.")}, (*READ, "403"), parameters=parameters)
    return {**made, "post": _upload(record_type, access)} if access.can("files", "create") else made


def _upload(record_type: RecordType, access: Access) -> Schema:
    """Files go as a form; with `field` into one of the record's own fields."""
    fields = [n for n, f in record_type.editable_fields(access).items() if f.kind == "file"]
    parts: Schema = {"type": "object", "properties": {"file": {"type": "array", "minItems": 1, "items": {"type": "string", "format": "binary"}}}, "required": ["file"]}
    data = closed({"data": {"type": "array", "items": TOLD}}, ["data"])
    into = [parameter("field", {"type": "string", "enum": fields}, "The own field to put them into; on the record itself where it is left out.")] if fields else []
    made = operation(
        record_type.key, f"{record_type.key}.add_files", "Put files on it", {"201": answer(data, "What was added.", "Patron-Operation")}, WRITE,
        parameters=[parameter("record_id", ID, "The record.", "path"), *into, _KEY],
    )  # fmt: skip
    return {**made, "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": parts}}}}


def _keyed(record_type: RecordType, access: Access, keys: list[str]) -> Path:
    key, record = record_type.key, ref(name_of(record_type))
    where = [parameter("field", {"type": "string", "enum": keys}, "The field to find the record by.", "path"), parameter("value", {"type": "string", "minLength": 1}, "Its value.", "path")]
    made: Path = {"get": operation(key, f"{key}.find", "Find by another key", {"200": answer(record, "The record.", "ETag")}, (*READ, "403", "409"), parameters=where)}
    if (access.can(key, "edit") or access.can(key, "create")) and "PUT" not in methods.of_key(record_type, Access.system(access.workspace)):
        both = {"200": answer(record, "It was there and has the values now.", "ETag", "Patron-Operation"), "201": answer(record, "It was made.", "ETag", "Patron-Operation")}
        made["put"] = operation(key, f"{key}.upsert", "Change it, or make it", both, WRITE, parameters=[*where, _MATCH, _KEY], body=ref(name_of(record_type, "Values")))
    return made


def _bulk(record_type: RecordType) -> Schema:
    values: Schema = {"type": "object", "description": "Fields to set; judged row by row.", "x-values": f"#/components/schemas/{name_of(record_type, 'Values')}"}
    seen: Schema = {"type": "integer"}
    rows = [
        closed({"do": {"const": "create"}, "values": values}, ["do", "values"]),
        closed({"do": {"const": "update"}, "id": ID, "revision": nullable(seen), "values": values}, ["do", "id", "values"]),
        closed({"do": {"const": "upsert"}, "by": {"type": "object", "minProperties": 1, "maxProperties": 1}, "values": values}, ["do", "by", "values"]),
        closed({"do": {"const": "delete"}, "id": ID, "revision": nullable(seen)}, ["do", "id"]),
    ]
    body = closed({"atomic": {"type": "boolean", "default": True}, "rows": {"type": "array", "minItems": 1, "maxItems": MOST_ROWS, "items": {"oneOf": rows}}}, ["rows"])
    return operation(record_type.key, f"{record_type.key}.bulk", "Many writes at once", {"200": answer(ref("BulkResult"), "An answer per row.", "Patron-Operation")}, WRITE, parameters=[_KEY], body=body)


def _verb(record_type: RecordType, verb: Verb, *, many: bool = False) -> Schema:
    """A verb's address; its inputs are the function's arguments."""
    fields = perform.input_fields(verb)
    required = [i.name for i in verb.inputs if i.required]
    inputs = closed({f.name: write_schema(f) for f in fields}, required)
    more: dict[str, Schema] = {}
    if many:
        more = {"ids": {"type": "array", "items": ID, "minItems": 1, "maxItems": MOST_IDS}, "filter": ref("Filter"), "q": {"type": "string", "maxLength": 200}}
    body = closed({"inputs": inputs, "reason": {"type": "string", "maxLength": 500}, **more}, ["inputs"] if required else [])
    key = f"{record_type.key}.{verb.name}" + (".many" if many else "")
    if many:
        body["oneOf"] = [{"required": ["ids"], "not": {"required": ["q"]}}, {"required": ["filter"]}]
        return operation(record_type.key, f"do.{key}", f"{verb.label}, many", {"200": answer(ref("Done"), "What was done, and who was left out.", "Patron-Operation")}, WRITE, parameters=[_KEY], body=body)
    done = closed({"operation": ID, "count": {"type": "integer"}, "record": nullable(ref(name_of(record_type))), "result": nullable(ref("Reference"))}, ["operation", "count", "record", "result"])
    by_id = [parameter("record_id", ID, "The record.", "path"), _MATCH, _KEY]
    made = operation(record_type.key, f"do.{key}", str(verb.label), {"200": answer(done, "It was done.", "Patron-Operation")}, WRITE, parameters=by_id, body=body)
    text = (verb.act.__doc__ or "").strip()
    return {**made, "description": text} if text else made
