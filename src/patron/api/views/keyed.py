"""Records by another key than ours: another system's id, an e-mail address, a number. Find them, or make sure that they are there."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection
from django.http import HttpResponse

from patron.api import represent
from patron.api.door import Call, json
from patron.api.problems import Problem, not_found
from patron.api.views.base import forbidden_unless, locked, match, type_of, written
from patron.kernel.parsing import Invalid
from patron.kernel.tenancy import current_workspace_id
from patron.records import changes, plain
from patron.records.kinds import kind_of
from patron.records.record_type import RecordType


def _typed(record_type: RecordType, field: str, value: str) -> Any:
    """The path's text as the JSON value that the field takes: whole numbers are numbers there."""
    known = record_type.fields.get(field)
    return int(value) if known is not None and known.kind == "integer" and value.isascii() and value.isdigit() else value


def found_by(call: Call, record_type: RecordType, field: str, value: Any) -> uuid.UUID | None:
    """The one visible record with that key; 409 where there are several."""
    ids = plain.by_key(record_type, record_type.visible(call.access), field, value, call.view)
    if len(ids) > 1:
        raise Problem("conflict", f"Several {record_type.plural} have this {field}. Use the id.", extra={"ids": ids})
    return ids[0] if ids else None


def find(call: Call, type_key: str, field: str, value: str) -> HttpResponse:
    """The record with that key."""
    record_type = type_of(call, type_key)
    call.only()
    try:
        record_id = found_by(call, record_type, field, _typed(record_type, field, value))
    except Invalid as error:
        raise not_found(error.message) from None
    found = represent.one(record_type, record_id, call.view) if record_id else None
    if found is None:
        raise not_found()
    tag = represent.etag(found)
    return json(found, headers={"ETag": tag} if tag else None)


def upsert(call: Call, type_key: str, field: str, value: str) -> HttpResponse:
    """Change the record with that key, or make it: 200 or 201. `If-None-Match: *` only makes, `If-Match` only changes."""
    record_type = type_of(call, type_key)
    call.only()
    sought = _typed(record_type, field, value)
    try:
        record_id = lock_and_find(call, record_type, field, sought)
    except Invalid as error:
        raise Problem("invalid", errors={field: error.message}) from None
    if record_id is None and "If-Match" in call.request.headers:
        raise Problem("stale", "There is no such record, so that it has no revision either.", extra={"current": None})
    if record_id is not None and call.request.headers.get("If-None-Match", "").strip() == "*":
        raise Problem("stale", "The record is there already.", extra={"current": represent.one(record_type, record_id, call.view)})
    if record_id is None:
        return written(call, record_type, make(call, record_type, field, sought, call.body), status=201)
    record = locked(call, record_type, record_id)
    match(call, record_type, record)
    change(call, record_type, record, call.body)
    return written(call, record_type, record_id)


def lock_and_find(call: Call, record_type: RecordType, field: str, value: Any) -> uuid.UUID | None:
    """The record with that key; until the end of the request nobody else upserts the same key, so that none is made twice."""
    with connection.cursor() as cursor:
        what = f"{current_workspace_id()}:{record_type.key}:{field}:{str(value).casefold()}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7301204))", [what])
    return found_by(call, record_type, field, value)


def make(call: Call, record_type: RecordType, field: str, value: Any, data: dict[str, Any]) -> uuid.UUID:
    """A new record that has the key; a different value of it in the body is refused."""
    type_of(call, record_type.key, "create")
    if not record_type.creatable:
        raise not_found(f"There is none with this value. {record_type.plural} are made by verbs of other records.")
    view, known = call.view, record_type.editable_fields(call.access).get(field)
    if known is None:
        raise Problem("invalid", errors={field: "No record has this value, and none can be made with it: the field cannot be set."})
    wanted = kind_of(known.kind).from_plain(value, known, view.parsing())
    values = plain.read(record_type, {field: value, **data}, view)
    if values[field] != wanted:
        raise Problem("invalid", errors={field: "The address names another value."})
    record_id: uuid.UUID = changes.create(record_type, values, access=call.access).pk
    return record_id


def change(call: Call, record_type: RecordType, record: Any, data: dict[str, Any]) -> None:
    """The same values for a record that is there."""
    forbidden_unless(call, record_type, record, "edit")
    changes.edit(record_type, record, plain.read(record_type, data, call.view), access=call.access)
