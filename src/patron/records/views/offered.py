"""Which own fields a form offers: those that the record has as it stands in the form, asked anew whenever something in it changes."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from patron.identity.access import Access
from patron.records import changes
from patron.records.customs import definitions, rules
from patron.records.record_type import RecordType
from patron.records.views.base import record_or_404, typed, view_of


def depends(record_type: RecordType) -> bool:
    """Whether fields of the type come and go with others, so that a form has to ask."""
    return any(d.visible_if or d.field_set_id for d in definitions.current().of(record_type.key).values())


def draft(record_type: RecordType, values: Mapping[str, Any], *, access: Access, record: Any = None) -> Any:
    """The record as it would be with the values; nothing is saved."""
    made = copy.copy(record) if record is not None else record_type.model()
    fields = record_type.fields
    for name, value in {**(record_type.all_defaults(access) if record is None else {}), **values}.items():
        if name in fields and not (fields[name].is_custom and not fields[name].column):
            changes.put(made, fields[name], value)
    return made


def off(record_type: RecordType, drafted: Any) -> set[str]:
    """Own fields that the record does not have."""
    added = definitions.current().of(record_type.key)
    return set(added) - set(rules.shown(record_type, drafted)) if added else set()


def asked(errors: Mapping[str, str], record_type: RecordType, values: Mapping[str, Any], *, access: Access, record: Any = None) -> dict[str, str]:
    """What could not be read, without fields that the record does not have: nobody is asked for those."""
    if not errors.keys() & definitions.current().of(record_type.key).keys():
        return dict(errors)
    gone = off(record_type, draft(record_type, values, access=access, record=record))
    return {name: message for name, message in errors.items() if name not in gone}


@typed()
@require_POST
def offered(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """For a form that is being filled in: {"off": names of fields that the record does not have}. The save decides by the same rules."""
    view, data = view_of(request), request.POST
    found = data.get("_record", "")
    record = record_or_404(record_type, view.access, uuid.UUID(found)) if found else None
    names = [n for n, f in record_type.fields.items() if n in data or f"has-{n}" in data]
    reading = changes.read(record_type, data, view, names, record)
    return JsonResponse({"off": sorted(off(record_type, draft(record_type, reading.values, access=view.access, record=record)))})

