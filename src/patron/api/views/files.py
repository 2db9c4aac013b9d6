"""Files for programs: put on records and into their own fields, listed, given out again."""

from __future__ import annotations

import uuid

from django.db.models import Q
from django.http import HttpResponse

from patron.api.door import Call, json
from patron.api.negotiation import ANY
from patron.api.problems import Problem, not_found
from patron.api.query import single
from patron.api.views.base import forbidden_unless, locked, out_of_scope, signed, type_of
from patron.api.views.records import listed
from patron.collab.domain import files, giving
from patron.collab.domain.refs import Ref
from patron.collab.panels import hangs
from patron.records import uploads


def index(call: Call, type_key: str, record_id: uuid.UUID) -> HttpResponse:
    """A page of the files of the record, also those in its own fields: as the list of files has them, and asked for like it."""
    record_type = type_of(call, type_key)
    record = record_type.visible(call.access).filter(pk=record_id).first()
    if record is None or not hangs(record):
        raise not_found()
    return listed(call, type_of(call, files.KEY), Q(record_type=record_type.key, record_id=record_id))


def add(call: Call, type_key: str, record_id: uuid.UUID) -> HttpResponse:
    """Put the files of a form (`file`, any number of them) on the record; with `?field=` into that field of its own. Answers what was added."""
    record_type = type_of(call, type_key)
    call.only("field")
    if not call.sends_files:
        raise Problem("wrong-type", "Send the files as multipart/form-data, each in a part called file.")
    record, field = locked(call, record_type, record_id), single(call.query, "field")
    if not hangs(record):
        raise not_found("Records of this type have no files.")
    if field:
        forbidden_unless(call, record_type, record, "edit")
    if not call.access.can(files.KEY, "create") and call.credential.role.can(files.KEY, "create"):
        raise out_of_scope(files.KEY, "create")
    sent = [(one.name or "", one) for one in call.request.FILES.getlist("file")]
    made = files.add(Ref(record_type.key, record_id), sent, access=call.access, field=field)
    (told,) = uploads.as_plain([[str(row.pk) for row in made]], call.access)
    return json({"data": told}, 201, signed(call))


def content(call: Call, file_id: uuid.UUID) -> HttpResponse:
    """The content of a file, as it was sent."""
    call.only()
    row = giving.seen(file_id, call.access)
    if row is None:
        raise not_found()
    try:
        return giving.download(row)
    except FileNotFoundError:
        raise not_found("The content of this file is missing on the server.") from None


content.also = ANY  # type: ignore[attr-defined]
