"""For schemathesis: ids of records that are there, where the schema asks for any id. Chance alone never meets one, and every request would end at 404 or 422.

Loaded by SCHEMATHESIS_HOOKS; PATRON_API and PATRON_KEY say where and as whom. An id becomes another id and nothing else changes, so that data which fits the
schema still does. Every fourth request keeps its own. Chains of requests (stateful) have ids from answers already. The run's own key is spared: revoked, it would
end the run.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import urllib.parse
import urllib.request
from typing import Any

import schemathesis

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
#: Ids are asked for anew after so many requests: records come and go.
FRESH = 60
_calls = itertools.count(1)
_pools: dict[str, tuple[int, list[str]]] = {}
_targets: dict[str, str] = {}
_own: dict[str, str] = {}
NOBODY = "00000000-0000-4000-8000-000000000000"


def ask(path: str) -> Any:
    request = urllib.request.Request(f"{os.environ['PATRON_API']}/api/v1/{path}", headers={"Authorization": f"Bearer {os.environ['PATRON_KEY']}"})
    with urllib.request.urlopen(request, timeout=90) as answer:
        return json.load(answer)


def targets() -> dict[str, str]:
    """The record type that each relation leads to, by address and name of the member."""
    if not _targets:
        document = ask("openapi.json")
        for path, methods in document["paths"].items():
            for described in methods.values():
                for schema in [c["schema"] for c in described.get("requestBody", {}).get("content", {}).values()]:
                    named = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
                    fields = {**named.get("properties", {}), **named.get("properties", {}).get("inputs", {}).get("properties", {})}
                    _targets.update({f"{path} {n}": f["x-record-type"] for n, f in fields.items() if "x-record-type" in f})
        for path in [p for p in document["paths"] if p.endswith("/bulk/")]:
            start = path.removesuffix("bulk/")
            _targets.update({f"{path} {w.rpartition(' ')[2]}": key for w, key in list(_targets.items()) if w.rpartition(" ")[0] == start})
    return _targets


def own_key() -> dict[str, str]:
    """Id and name of the key that the run uses."""
    if not _own:
        _own.update({n: v for n, v in ask("me/")["key"].items() if n in ("id", "name")})
    return _own


def real(type_key: str, text: Any, now: int) -> Any:
    """An id of that type in place of an id; anything else as it is."""
    if not isinstance(text, str) or not _ID.fullmatch(text):
        return text
    if text == own_key()["id"]:
        return NOBODY
    asked, known = _pools.get(type_key, (-FRESH, []))
    if now - asked >= FRESH:
        known = [one["id"] for one in ask(f"{type_key}/?fields=id&limit=20&archived=true")["data"] if one["id"] != own_key()["id"]]
        _pools[type_key] = (now, known)
    return known[int(text[:8], 16) % len(known)] if known and text not in known else text


def with_real_ids(value: Any, path: str, own: str, now: int) -> Any:
    """A body whose relations, ids and rows name records that are there."""
    if isinstance(value, list):
        return [with_real_ids(v, path, own, now) for v in value]
    if not isinstance(value, dict):
        return value
    made = {}
    for name, inner in value.items():
        target = own if name in ("id", "ids", "others") else targets().get(f"{path} {name}")
        if target and isinstance(inner, str):
            made[name] = real(target, inner, now)
        elif target and isinstance(inner, list):
            made[name] = [real(target, v, now) for v in inner]
        elif own == "keys" and name == "filter" and ((isinstance(inner, dict) and len(inner) < 2) or (isinstance(inner, list) and len(inner) in (2, 3))):
            made[name] = {"and": [inner, ["name", "is_not", own_key()["name"]]]}
        else:
            made[name] = with_real_ids(inner, path, own, now)
    return made


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    now, path = next(_calls), case.operation.path
    own = path.removeprefix("/api/v1/").partition("/")[0]
    if own != "keys" and (now % 4 == 0 or case.meta is None or case.meta.phase.name.value == "stateful"):
        return
    if case.path_parameters and "record_id" in case.path_parameters and "{" not in own:
        found = real(own, case.path_parameters["record_id"], now)
        if found != case.path_parameters["record_id"]:
            case.path_parameters["record_id"] = found
    if isinstance(case.body, dict):
        found = with_real_ids(case.body, path, own, now)
        if found != case.body:
            case.body = found
