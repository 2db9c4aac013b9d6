"""What changed: a feed by cursor, without gaps, under the rights of the key."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from typing import Any

from django.http import HttpResponse

from patron.api import query
from patron.api.door import Call, json
from patron.api.problems import Problem
from patron.api.views.base import type_of
from patron.ledger import feed
from patron.records import registry
from patron.records.customs import own_rows
from patron.records.fields import Field
from patron.records.record_type import RecordType

_ACTIONS = {"I": "created", "U": "updated", "D": "deleted"}


def changes(call: Call) -> HttpResponse:
    """The next changes after a cursor; `after=now` gives the cursor of this moment. Ask again with `next`, at once while `more` is true."""
    call.only("after", "limit", "types")
    limit, after = query.limit_of(call.query), query.single(call.query, "after")
    types = _types(call, query.single(call.query, "types"))
    if after == "now":
        return json({"data": [], "next": feed.now().encode(), "more": False})
    try:
        page = feed.read(feed.decode(after) if after else feed.start(), tables=sorted({t.table for t in types}), limit=limit)
    except feed.Gone:
        raise Problem("gone", "This cursor is none, or from before the database was restored. Read everything anew, then go on from after=now.") from None
    kinds = _Rights(call, types, page.entries)
    data = [shown for entry in page.entries if (shown := kinds.shown(entry))]
    return json({"data": data, "next": page.cursor.encode(), "more": page.more})


def _types(call: Call, asked: str) -> list[RecordType]:
    if not asked:
        return [t for t in registry.all_types() if call.access.can(t.key, "view")]
    return [type_of(call, key.strip()) for key in dict.fromkeys(asked.split(",")) if key.strip()]


class _Rights:
    """Which rows of a page the key's person sees: a query or two per record type. Rows that are gone show to those who see all of the type."""

    def __init__(self, call: Call, types: list[RecordType], entries: list[feed.Entry]) -> None:
        self.access = call.access
        self.by_table: dict[str, list[RecordType]] = {}
        for record_type in types:
            self.by_table.setdefault(record_type.table, []).append(record_type)
        self.seen: dict[str, set[uuid.UUID]] = {}
        self.there: dict[str, set[uuid.UUID]] = {}
        own_rows.learn(e.row_id for e in entries if e.table == own_rows.TABLE)
        for table in {e.table for e in entries}:
            ids = {e.row_id for e in entries if e.table == table}
            for record_type in self.by_table[table]:
                self.seen[record_type.key] = set(record_type.visible(self.access).filter(pk__in=ids).values_list("pk", flat=True))
                self.there[record_type.key] = set(record_type.model.objects.filter(pk__in=ids).values_list("pk", flat=True))

    def _type(self, entry: feed.Entry) -> RecordType | None:
        """The type as which the person sees the row. Of a table that the workspace's own types share, the row's own alone."""
        own = own_rows.type_of(entry.row_id) if entry.table == own_rows.TABLE else None
        for record_type in self.by_table[entry.table] if entry.table != own_rows.TABLE else [t for t in self.by_table[entry.table] if t is own]:
            if entry.row_id in self.seen[record_type.key]:
                return record_type
            plain = type(record_type).restrict is RecordType.restrict
            if entry.row_id not in self.there[record_type.key] and plain and self.access.scope(record_type.key, "view") == "all":
                return record_type
        return None

    def shown(self, entry: feed.Entry) -> dict[str, Any] | None:
        """The change as it may be told; None for one that the person does not see, or of nothing that they see."""
        record_type = self._type(entry)
        if record_type is None:
            return None
        fields = _fields(record_type, entry, record_type.visible_fields(self.access))
        if entry.action == "U" and not fields:
            return None
        signed = entry.signed
        return {
            "cursor": entry.cursor.encode(), "type": record_type.key, "id": entry.row_id, "action": _ACTIONS[entry.action], "changes": fields,
            "operation": {"id": signed.id, "verb": signed.verb, "at": signed.at, "actor": {"id": signed.actor_id, "name": signed.actor_name}, "reason": signed.reason, "undoes": signed.undoes},
        }  # fmt: skip


def _fields(record_type: RecordType, entry: feed.Entry, visible: dict[str, Field]) -> dict[str, list[Any]]:
    """[before, after] by field name, of visible fields alone."""
    found: dict[str, list[Any]] = {}
    for field in visible.values():
        value = entry.changes.get(field.column or field.path)
        if value is None:
            continue
        before, after = value if entry.action == "U" else (None, value) if entry.action == "I" else (value, None)
        found[field.name] = [_plain(field, before), _plain(field, after)]
    return found


def _plain(field: Field, value: Any) -> Any:
    """A value out of the ledger's JSON as the API writes it everywhere."""
    if value is None:
        return None
    if field.kind in ("money", "number", "percent"):
        return format(Decimal(str(value)), "f")
    if field.kind == "datetime" and isinstance(value, str):
        return datetime.datetime.fromisoformat(value).astimezone(datetime.UTC)
    return value
