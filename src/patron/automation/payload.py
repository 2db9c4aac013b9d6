"""What a message says: JSON of the Standard Webhooks form (`type`, `timestamp`), with the operation, the record, its values and what changed."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from typing import Any

import msgspec
from django.conf import settings
from django.utils import timezone

from patron.automation.models import Webhook
from patron.identity.access import Access
from patron.ledger.models import Operation
from patron.ledger.operations import Signed
from patron.records import uploads
from patron.records.fields import Field
from patron.records.record_type import RecordType

_NUMBERS = frozenset({"money", "number", "percent"})


def told(record_type: RecordType, access: Access) -> dict[str, Field]:
    """The fields that a message carries: those the person may see, without what is only worked out (computed fields, formulas) and raw JSON."""
    worked_out = {f.name for f in record_type.computed}
    return {
        n: f for n, f in record_type.visible_fields(access).items() if n not in worked_out and (f.kind != "json" or f.structure) and (f.column or not f.is_custom)
    }


def plain(value: Any) -> Any:
    """A value as JSON: exact numbers and dates as strings, instants in UTC, links as ids."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if isinstance(value, uuid.UUID) else value


def tell_files(records: list[dict[str, Any]], told: dict[str, Field], access: Access) -> None:
    """Say in place of the ids of files what there is to say of them; one query per field of files."""
    for name in [n for n, field in told.items() if field.kind == "file"]:
        for data, files in zip(records, uploads.as_plain([data[name] for data in records], access), strict=True):
            data[name] = files


def from_ledger(field: Field, value: Any) -> Any:
    """The same of a value out of the ledger's JSON (read with decimals as `Decimal`)."""
    if value is None:
        return None
    if field.kind in _NUMBERS:
        return plain(Decimal(str(value)))
    if field.kind == "datetime":
        return plain(datetime.datetime.fromisoformat(value.replace("Z", "+00:00")))
    return plain(value)


def of_event(
    event: str, action: str, *, signed: Operation, access: Access, record: dict[str, Any], data: dict[str, Any], changes: dict[str, list[Any]] | None
) -> str:  # fmt: skip
    """The message about one record."""
    body: dict[str, Any] = {"type": event, "timestamp": plain(signed.at), "action": action, "workspace": access.workspace.slug}
    body["operation"] = {"id": str(signed.pk), "verb": signed.verb, "actor": signed.actor_name, "reason": signed.reason}
    if signed.undoes:
        body["operation"]["undoes"] = str(signed.undoes)
    body |= {"record": record, "data": data}
    if changes is not None:
        body["changes"] = changes
    return msgspec.json.encode(body).decode()


def record_of(record_type: RecordType, record_id: uuid.UUID, title: str, access: Access) -> dict[str, Any]:
    """How a message names a record."""
    address = f"{settings.BASE_URL.rstrip('/')}/w/{access.workspace.slug}/{record_type.key}/"
    return {"type": record_type.key, "id": str(record_id), "title": title, "url": f"{address}{record_id}/" if record_type.has_page else address if record_type.screens else ""}


def of_test(hook: Webhook, signed: Signed, access: Access) -> str:
    """A message that says only that it arrives."""
    address = f"{settings.BASE_URL.rstrip('/')}/w/{access.workspace.slug}/settings/webhooks/{hook.pk}/"
    return msgspec.json.encode(
        {
            "type": "webhooks.test", "timestamp": plain(timezone.now()), "action": "test", "workspace": access.workspace.slug,
            "operation": {"id": str(signed.id), "verb": signed.verb, "actor": access.name, "reason": ""},
            "record": {"type": "webhooks", "id": str(hook.pk), "title": hook.name, "url": address},
            "data": {"name": hook.name, "events": hook.events},
        }
    ).decode()  # fmt: skip


def without(payload: str, hidden: set[str], *, title: bool) -> str:
    """The message with these fields left out, and the record's name where `title`."""
    body = msgspec.json.decode(payload)
    body["data"] = {n: v for n, v in body["data"].items() if n not in hidden}
    if "changes" in body:
        body["changes"] = {n: v for n, v in body["changes"].items() if n not in hidden}
    if title:
        body["record"]["title"] = ""
    return msgspec.json.encode(body).decode()
