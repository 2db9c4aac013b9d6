"""What the handlers share: the type and the record of an address, what a write answers."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from patron.api import represent
from patron.api.door import Call, json
from patron.api.problems import Problem, not_found
from patron.records import registry, seen
from patron.records.record_type import RecordType


def type_of(call: Call, type_key: str, action: str = "view") -> RecordType:
    """The record type of the address. Unknown ones and those that the role does not see are not found; what else it lacks is named."""
    record_type = registry.find(type_key)
    if record_type is None or not call.credential.role.can(type_key, "view"):
        raise not_found(f"There is no record type “{type_key}” here.")
    for needed in dict.fromkeys(("view", action)):
        if call.access.can(type_key, needed):
            continue
        if call.credential.role.can(type_key, needed):
            raise out_of_scope(type_key, needed)
        raise Problem("forbidden", f"The role of the key's person does not reach that: {type_key}.{needed}.")
    return record_type


def out_of_scope(type_key: str, action: str) -> Problem:
    scope = f"{type_key}.{action}"
    return Problem("out-of-scope", f"The key needs the scope {scope}.", headers={"WWW-Authenticate": f'Bearer realm="patron", error="insufficient_scope", scope="{scope}"'})


def locked(call: Call, record_type: RecordType, record_id: uuid.UUID) -> Any:
    """The record, locked until the end of the request; 404 for one that is not visible, whatever the reason."""

    def build(record: uuid.UUID) -> QuerySet[Any]:
        return record_type.visible(call.access).select_for_update(of=("self",), no_key=True).filter(pk=record)

    for record in seen.rows(call.access, (record_type.key,), ("api.locked", record_type.key), build, record=record_id):
        return record
    raise not_found()


def match(call: Call, record_type: RecordType, record: Any) -> None:
    """Refuse a lost update: `If-Match` names the revision that the program saw."""
    wanted = call.request.headers.get("If-Match")
    if wanted is None or wanted.strip() == "*":
        return
    revision = getattr(record, "revision", None)
    if revision is None or f'"{revision}"' not in [tag.strip() for tag in wanted.split(",")]:
        now = represent.one(record_type, record.pk, call.view)
        headers = {"ETag": f'"{revision}"'} if revision is not None else {}
        raise Problem("stale", "Somebody changed this record since you read it. `current` is how it is now.", extra={"current": now}, headers=headers)


def forbidden_unless(call: Call, record_type: RecordType, record: Any, action: str) -> None:
    """403 for a record that is visible while `action` does not reach it."""
    if record_type.allows(record, call.access, action):
        return
    if record_type.allows(record, call.credential.role, action):
        raise out_of_scope(record_type.key, action)
    raise Problem("forbidden", f"The role of the key's person does not reach this record: {record_type.key}.{action}.")


def signed(call: Call) -> dict[str, str]:
    """The operation that a write was signed as, for its history and its undo; what defaults had to make first is signed apart."""
    return {"Patron-Operation": str(call.where.signed[-1])} if call.where.signed else {}


def written(call: Call, record_type: RecordType, record_id: uuid.UUID, *, status: int = 200) -> HttpResponse:
    """The record after a write: as far as the person may see it."""
    now = represent.one(record_type, record_id, call.view) or {"id": record_id}
    headers = signed(call)
    if tag := represent.etag(now):
        headers["ETag"] = tag
    if status == 201:
        headers["Location"] = f"/api/v1/{record_type.key}/{record_id}/"
    return json(now, status, headers)
