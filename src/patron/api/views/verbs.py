"""Verbs: business acts on one record, on chosen ones, or on all that a filter selects."""

from __future__ import annotations

import json as stdlib_json
import uuid
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpResponse

from patron.api import represent
from patron.api.door import Call, json
from patron.api.problems import Problem, not_found
from patron.api.views.base import forbidden_unless, locked, match, out_of_scope, signed, type_of
from patron.records import filters, perform, plain, registry
from patron.records.listing import Lister, ListState
from patron.records.record_type import RecordType
from patron.records.verbs import Verb

MOST_IDS = 10_000


def verb_of(call: Call, record_type: RecordType, name: str) -> Verb:
    """The verb of the address, if the key's scopes allow acting: one that a role may do with a mere look still writes."""
    try:
        verb = registry.verb(record_type.key, name)
    except registry.Unknown:
        raise not_found(f"{record_type.plural} have no verb “{name}”.") from None
    if not verb.applies(record_type):
        raise not_found(f"{record_type.plural} have no verb “{name}”.")
    needed = "act" if verb.action == "view" else verb.action
    if not call.credential.grants(record_type.key, needed):
        raise out_of_scope(record_type.key, needed)
    return verb


def _body(call: Call, *names: str) -> tuple[dict[str, Any], str]:
    """Inputs and reason; other members of the body are refused by name."""
    call.only()
    body = call.body
    if unknown := {n: "There is no such member." for n in body if n not in ("inputs", "reason", *names)}:
        raise Problem("invalid", errors=unknown)
    inputs, reason = body.get("inputs", {}), body.get("reason", "")
    if not isinstance(inputs, dict):
        raise Problem("invalid", errors={"inputs": "Write an object with the verb's inputs."})
    if not isinstance(reason, str) or len(reason) > 500 or "\x00" in reason:
        raise Problem("invalid", errors={"reason": "Write a text of at most 500 characters."})
    return inputs, reason


def one(call: Call, type_key: str, record_id: uuid.UUID, name: str) -> HttpResponse:
    """A verb on one record; the answer holds the record as it is afterwards, null when it is gone."""
    record_type = type_of(call, type_key)
    verb = verb_of(call, record_type, name)
    given, reason = _body(call)
    record = locked(call, record_type, record_id)
    forbidden_unless(call, record_type, record, verb.action)
    match(call, record_type, record)
    inputs = plain.read_inputs(verb, given, call.view)
    done = perform.perform(verb, record_type, record, access=call.access, inputs=inputs, reason=reason)
    now = represent.one(record_type, record_id, call.view)
    headers = signed(call) | ({"ETag": tag} if now and (tag := represent.etag(now)) else {})
    return json({"operation": done.operation_id, "count": 1, "record": now, "result": _result(done.result)}, headers=headers)


def _result(value: Any) -> Any:
    """What the verb answered, where it is a record."""
    if not isinstance(value, Model):
        return None
    record_type = registry.find_model(type(value))
    return {"type": record_type.key, "id": value.pk} if record_type else None


def many(call: Call, type_key: str, name: str) -> HttpResponse:
    """A verb on many records: `ids`, or `filter` (and `q`) as in a list. Says who was left out and why."""
    record_type = type_of(call, type_key)
    verb = verb_of(call, record_type, name)
    if not verb.bulk:
        raise Problem("wrong-method", "This verb takes one record at a time.", headers={"Allow": ""})
    given, reason = _body(call, "ids", "filter", "q")
    type_of(call, type_key, verb.action)
    rows = _selection(call, record_type)
    inputs = plain.read_inputs(verb, given, call.view)
    done = perform.perform_many(verb, record_type, rows, access=call.access, inputs=inputs, reason=reason)
    refused = [{"record": title, "message": why} for title, why in done.refused]
    return json({"operation": done.operation_id, "count": done.count, "refused": refused}, headers=signed(call))


def _selection(call: Call, record_type: RecordType) -> QuerySet[Any]:
    """The visible rows that the body names."""
    body = call.body
    if ("ids" in body) == ("filter" in body):
        raise Problem("invalid", errors={"ids": "Send either ids or a filter; {} is the filter that selects everything."})
    if "ids" in body:
        if "q" in body:
            raise Problem("invalid", errors={"q": "Words go with a filter."})
        return record_type.visible(call.access).filter(pk__in=_ids(body["ids"]))
    tree, words = body["filter"], body.get("q", "")
    if not isinstance(words, str) or len(words) > 200 or "\x00" in words:
        raise Problem("invalid", errors={"q": "Write a text of at most 200 characters."})
    if not isinstance(tree, dict | list) or tree == []:
        raise Problem("bad-filter", errors={"filter": "Write a filter as in a list; {} is the one that selects everything."})
    state = ListState(filter=filters.read(stdlib_json.dumps(tree)), words=words)
    return Lister(record_type, call.view, state).queryset()


def _ids(value: Any) -> list[uuid.UUID]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_IDS:
        raise Problem("invalid", errors={"ids": f"Write a list of 1 to {MOST_IDS} ids."})
    found = []
    for i, text in enumerate(value):
        try:
            found.append(uuid.UUID(text))
        except (ValueError, TypeError, AttributeError):
            raise Problem("invalid", errors={f"ids[{i}]": "This is no id."}) from None
    return found
