"""Readings: what a record answers beyond its fields, as JSON, and as CSV where it is a table."""

from __future__ import annotations

import io
from typing import Any

from django.http import HttpResponse

from patron.api.door import Call, json
from patron.api.problems import Problem, not_found
from patron.api.views.base import type_of
from patron.kernel.parsing import Invalid
from patron.records import registry
from patron.records.readings import Answer, Reading

CSV = "text/csv"


def one(call: Call, type_key: str, ref: str, name: str) -> HttpResponse:
    """The answer about one record, or about what comes with Patron under that key."""
    call.only()
    reading = reading_of(call, type_key, name)
    found = answered(call, reading, ref)
    if call.request.get_preferred_type(["application/json", CSV]) != CSV:
        return json(found.plain)
    if not reading.table or found.write is None:
        raise Problem("not-acceptable", "This is no table: ask for application/json.")
    stream = io.BytesIO()
    found.write(stream)
    return HttpResponse(stream.getvalue(), content_type=f"{CSV}; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{found.file}"'})


one.also = (CSV,)  # type: ignore[attr-defined]  # what the door lets through beside JSON


def reading_of(call: Call, type_key: str, name: str) -> Reading:
    """The reading of the address; the type has to be within reach."""
    record_type = type_of(call, type_key)
    found = registry.readings(record_type.key).get(name)
    if found is None:
        raise not_found(f"{record_type.plural} have no reading “{name}”.")
    return found


def answered(call: Call, reading: Reading, ref: str) -> Answer:
    """The answer. What cannot be answered for this person is refused in words."""
    record: Any = reading.find(ref, call.access)
    if record is None:
        raise not_found()
    try:
        return reading.ask(record, call.view)
    except Invalid as error:
        raise Problem("refused", error.message) from error
