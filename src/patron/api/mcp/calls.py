"""A tool's call, done: reads through the handlers of the API, writes as proposals; each call is signed in the ledger with its arguments."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any

import jsonschema
from django.db import transaction

from patron.api import codec, direct
from patron.api.credentials import Credential
from patron.api.domain import proposals
from patron.api.domain.proposals import Wish
from patron.api.door import problem_of
from patron.api.mcp.tools import Tool, all_tools, may, own_verbs, reached
from patron.api.neutral import neutral
from patron.api.openapi.schemas import read_schema, write_schema
from patron.api.problems import Problem, not_found
from patron.api.views.base import forbidden_unless, out_of_scope, type_of
from patron.kernel.origin import Origin
from patron.ledger.operations import operation
from patron.records import palette, perform, registry
from patron.records.kinds import kind_of
from patron.records.record_type import RecordType

Answer = dict[str, Any]
MOST = 20_000  # characters of arguments that an operation keeps


def call(name: str, arguments: Mapping[str, Any], *, credential: Credential, where: Origin, client: str) -> tuple[Answer, bool]:
    """The tool's answer, and whether it is an error. Inside an open workspace and its transaction; what an error wrote is taken back, the signature stays."""
    tool = next((t for t in all_tools(credential) if t.name == name), None)
    if tool is None:
        return not_found(f"There is no tool “{name[:80]}” within this key's reach.").document(), True
    subject = _subject(tool, arguments)
    details = {"tool": name, "client": client, "key": credential.name, "arguments": _kept(arguments)}
    with operation(f"mcp.{name}", access=credential.access, subject=subject, details=details):
        try:
            with transaction.atomic():
                _must_fit(tool, arguments)
                return _dispatch(tool, arguments, credential, where, client), False
        except Exception as error:  # noqa: BLE001 - whatever it is, the tool's caller gets it as a problem document
            return codec.loads(codec.dumps(problem_of(error).document())), True


def _subject(tool: Tool, arguments: Mapping[str, Any]) -> tuple[str, uuid.UUID] | None:
    try:
        return str(tool.type_key or arguments["type"])[:40], uuid.UUID(arguments["id"])
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def _kept(arguments: Mapping[str, Any]) -> Any:
    """As the history can hold them: without NUL, which it cannot. Text that spells out its escape stays."""
    text = re.sub(r"(?<!\\)((?:\\\\)*)\\u0000", r"\1", json.dumps(arguments, ensure_ascii=False, default=str))
    return json.loads(text) if len(text) <= MOST else {"shortened": text[:MOST]}


def _must_fit(tool: Tool, arguments: Mapping[str, Any]) -> None:
    """The tool's own schema; the values themselves are judged where they are read."""
    outer = {**tool.inputs, "properties": {n: ({"type": "object"} if n in ("inputs", "values") else s) for n, s in tool.inputs["properties"].items()}}
    checker = jsonschema.Draft202012Validator(outer, format_checker=jsonschema.FormatChecker(("uuid",)))
    if errors := {".".join(map(str, e.absolute_path)): e.message[:300] for e in checker.iter_errors(dict(arguments))}:
        raise Problem("invalid", errors=errors)


def _dispatch(tool: Tool, given: Mapping[str, Any], credential: Credential, where: Origin, client: str) -> Answer:
    if tool.name == "search":
        return _search(given["words"], credential)
    if tool.name == "describe":
        return _describe(given["type"], credential) if given.get("type") else _types(credential)
    if tool.reads:
        return _read(tool, given, credential, where)
    made = proposals.propose(_wish(tool, given, credential, where), access=credential.access, client=f"{client} ({credential.name})" if client else credential.name, credential=credential.id)
    return {
        "proposal": str(made.pk), "state": made.state, "title": made.title, "expires_at": made.expires_at.isoformat(),
        "note": "Nothing is changed yet. A person decides in Patron; read the proposal to learn how (type “proposals”).",
    }  # fmt: skip


# --- Reading ----------------------------------------------------------------------------------------------------------


def _read(tool: Tool, given: Mapping[str, Any], credential: Credential, where: Origin) -> Answer:
    if tool.reading:
        return direct.read(tool.type_key, str(given["id"]), tool.reading, credential, where)
    key = str(given["type"])
    if tool.name == "read_record":
        query = {"include": ",".join(given["include"])} if given.get("include") else {}
        return direct.one(key, uuid.UUID(given["id"]), query, credential, where)
    query = {n: str(given[a]) for n, a in (("q", "words"), ("sort", "sort"), ("limit", "limit"), ("after", "after")) if given.get(a)}
    query |= {n: ",".join(given[n]) for n in ("fields", "include") if given.get(n)}
    query |= {n: "true" for n in ("archived", "totals") if given.get(n)}
    if given.get("filter"):
        query["f"] = json.dumps(given["filter"])
    return direct.listed(key, query, credential, where)


def _search(words: str, credential: Credential) -> Answer:
    found = palette.search(words, neutral(credential.access))
    return {"found": [{"type": t.key, "id": str(row[0]), "title": str(row[1])} for t, rows in found for row in rows]}


def _types(credential: Credential) -> Answer:
    return {"types": [{"type": t.key, "label": str(t.label), "plural": str(t.plural), "what": str(t.description)} for t in reached(credential)]}


def _describe(key: str, credential: Credential) -> Answer:
    """Fields and verbs as far as the key reaches: own fields of the workspace included."""
    record_type = registry.get(key)
    editable = record_type.editable_fields(credential.access)
    fields = {
        n: {"label": str(f.label), "kind": f.kind, "schema": read_schema(f), "set": n in editable, "required": f.required, "operators": [o.key for o in kind_of(f.kind).all_operators()], **({"type": f.target} if f.target else {})}
        for n, f in record_type.visible_fields(credential.access).items()
    }  # fmt: skip
    verbs = [
        {"verb": v.name, "label": str(v.label), "inputs": {f.name: write_schema(f) for f in perform.input_fields(v)}, "required": [i.name for i in v.inputs if i.required], **({"tool": f"{key}_{v.name}"} if v in own_verbs(record_type) else {})}
        for v in registry.verbs(key) if key != "proposals" and may(credential, record_type, v)
    ]  # fmt: skip
    made: Answer = codec.loads(codec.dumps({"type": key, "label": str(record_type.label), "fields": fields, "verbs": verbs, "found_by": list(record_type.keys)}))
    return made


# --- Wishing ----------------------------------------------------------------------------------------------------------


def _wish(tool: Tool, given: Mapping[str, Any], credential: Credential, where: Origin) -> Wish:
    """What the call asks for, within the key's scopes."""
    at = direct.handler_call({}, credential, where)
    key, reason = tool.type_key or str(given["type"]), str(given.get("why", ""))
    name = tool.verb or {"create_record": "create", "edit_record": "edit", "delete_record": "delete"}.get(tool.name) or str(given["verb"])
    if "\x00" in reason:
        raise Problem("invalid", errors={"why": "Leave out the NUL character."})
    if name == "create":
        return Wish(type_of(at, key, "create"), name, None, given["values"], reason)
    record_type = type_of(at, key)
    record = record_type.visible(credential.access).filter(pk=given["id"]).first()
    if record is None:
        raise not_found()
    if "revision" in given and given["revision"] != getattr(record, "revision", None):
        raise Problem("stale", "Somebody changed this record since you read it. Read it again.")
    action = "edit" if name == "edit" else _action(record_type, name, credential)
    forbidden_unless(at, record_type, record, action)
    return Wish(record_type, name, record, given.get("values" if name == "edit" else "inputs", {}), reason)


def _action(record_type: RecordType, name: str, credential: Credential) -> str:
    """The right that the verb takes; refused where the key's scopes do not let it act."""
    try:
        verb = registry.verb(record_type.key, name)
    except registry.Unknown:
        raise not_found(f"{record_type.plural} have no verb “{name[:60]}”.") from None
    if record_type.key == "proposals" or not verb.applies(record_type):
        raise not_found(f"{record_type.plural} have no verb “{name[:60]}” for tools.")
    if not may(credential, record_type, verb):
        raise out_of_scope(record_type.key, "act" if verb.action == "view" else verb.action)
    return verb.action
