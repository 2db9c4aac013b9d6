"""Operations: what a write was signed as, and its undo."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse

from patron.api.door import Call, json
from patron.api.problems import Problem, not_found
from patron.api.views.base import out_of_scope, signed
from patron.ledger.models import Operation
from patron.records import registry, undoing
from patron.records.verbs import Refused


def _operation(call: Call, operation_id: uuid.UUID) -> Any:
    found = Operation.objects.filter(pk=operation_id).first()
    if found is None or not undoing.may_undo(found, call.access):
        raise not_found()
    return found


def _type_key(found: Any) -> str:
    """The record type that an operation is about; "settings" for what is none."""
    for key in (found.subject_type, found.verb.partition(".")[0]):
        if key and registry.find(key):
            return str(key)
    return "settings"


def one(call: Call, operation_id: uuid.UUID) -> HttpResponse:
    """Who did what to which record, when and why, how many rows it touched, and whether it was undone."""
    call.only()
    found = _operation(call, operation_id)
    if not call.credential.grants(_type_key(found), "view"):
        raise out_of_scope(_type_key(found), "view")
    undone = Operation.objects.filter(undoes=found.pk).values_list("pk", flat=True).first()
    subject = {"type": found.subject_type, "id": found.subject_id} if found.subject_id else None
    touched = [{"what": what, "action": action, "count": count} for what, action, count in undoing.summary(found)]
    return json({
        "id": found.pk, "verb": found.verb, "at": found.at, "actor": {"id": found.actor_id, "name": found.actor_name}, "subject": subject, "reason": found.reason,
        "request_id": found.request_id, "undoes": found.undoes, "undone_by": undone, "touched": touched,
    })  # fmt: skip


def undo(call: Call, operation_id: uuid.UUID) -> HttpResponse:
    """Take an operation back as a whole; 409 with the reasons where something newer stands in the way."""
    call.only()
    if call.body:
        raise Problem("invalid", errors=dict.fromkeys(call.body, "There is no such member."))
    found = _operation(call, operation_id)
    if not call.credential.grants(_type_key(found), "edit"):
        raise out_of_scope(_type_key(found), "edit")
    try:
        undone = undoing.undo_operation(operation_id, view=call.view)
    except Refused as error:
        raise Problem("conflict", error.message) from None
    return json({"operation": undone, "undoes": operation_id}, headers=signed(call))
