"""From the ledger to messages: every committed operation once, in bounded steps.

Operations are noted in their own transaction (see `database`), so a late commit is seen late and never missed, whatever its number. A round takes
everything that is noted, then goes through its changes in the ledger's order, step by step; each step is a transaction that stores messages and how
far it came, so that a process that dies repeats nothing and loses nothing. Within a round the order of one record's changes is the true one: whoever
changes a row holds it until the commit, so an earlier change is always committed, hence noted, before a later one is made.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils import timezone

from patron.automation import happenings, payload, rights
from patron.automation.domain import subscriptions
from patron.automation.enums import HookState
from patron.automation.happenings import Happening, Noted
from patron.automation.models import Cursor, Outbox, Webhook
from patron.identity.access import Access
from patron.identity.models import Workspace
from patron.kernel.tenancy import current_workspace_id, uuid7, workspace
from patron.ledger.models import Operation
from patron.records import registry
from patron.records.record_type import RecordType

STEP = 1000  # changes in one transaction
_ACTIONS = {"I": "create", "U": "edit", "D": "delete"}
_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('webhooks.collect:' || %s::text, 0))"

# A message that follows others about its record is not due before they are. It is due now by the clock of those who send, which the database's may be ahead of.
_STORE = """
INSERT INTO automation_delivery (workspace_id, id, webhook_id, seq, event, type_key, record_id, title, operation_id, payload, next_at)
SELECT %(ws)s, m.*, coalesce((
    SELECT greatest(max(p.next_at), %(now)s) FROM automation_delivery p
    WHERE p.workspace_id = %(ws)s AND p.webhook_id = m.webhook_id AND p.record_id = m.record_id AND p.state IN ('waiting', 'sending')), %(now)s)
FROM unnest(%(id)s::uuid[], %(hook)s::uuid[], %(seq)s::bigint[], %(event)s::text[], %(type)s::text[], %(record)s::uuid[], %(title)s::text[], %(op)s::uuid[],
    %(payload)s::text[]) AS m(id, webhook_id, seq, event, type_key, record_id, title, operation_id, payload)
"""
_COLUMNS = ("id", "hook", "seq", "event", "type", "record", "title", "op", "payload")


def collect(place: Workspace) -> int:
    """Make the messages of everything that is noted; answers how many."""
    made = 0
    while True:
        with workspace(place.pk):
            number = _step(place)
        if number is None:
            return made
        made += number


def _step(place: Workspace) -> int | None:
    """One step in the open transaction; None where nothing is left. Two processes take turns."""
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [current_workspace_id()])
    noted = list(Outbox.objects.filter(taken=True).values_list("id", "at"))
    if not noted:
        if not Outbox.objects.update(taken=True):
            return None
        noted = list(Outbox.objects.filter(taken=True).values_list("id", "at"))
    position, _made = Cursor.objects.get_or_create()
    hooks = list(Webhook.objects.exclude(state=HookState.OFF))
    types = _types(hooks)
    found = happenings.step(noted, {t.table for t in types}, position.after, STEP)
    if found.last:
        Outbox.objects.filter(taken=True).delete()
    Cursor.objects.filter(pk=position.pk).update(after=0 if found.last else found.after)
    return _store(list(_messages(found.happenings, hooks, types, noted, place)))


def _types(hooks: list[Webhook]) -> list[RecordType]:
    """The record types that any webhook asks for."""
    wanted = [subscriptions.type_keys(h.events) for h in hooks]
    return [t for t in registry.all_types() if any(keys is None or t.key in keys for keys in wanted)]


Row = tuple[Any, ...]


def _messages(found: list[Happening], hooks: list[Webhook], types: list[RecordType], noted: list[Noted], place: Workspace) -> Iterator[Row]:
    """A row of `Delivery` for every webhook that is to be told: set by set, for each person whose rights count and each type."""
    if not found:
        return
    signed = {o.pk: o for o in Operation.objects.filter(pk__in={h.operation_id for h in found})}
    entered = rights.accesses(hooks, place)
    for member_id, access in entered.items():
        own = [h for h in hooks if h.member_id == member_id]
        for record_type in types:
            about = [h for h in found if h.table == record_type.table]
            if about and access.can(record_type.key, "view"):
                yield from _of_type(about, own, record_type, signed, access)


def _of_type(about: list[Happening], hooks: list[Webhook], record_type: RecordType, signed: dict[uuid.UUID, Operation], access: Access) -> Iterator[Row]:
    asked = []
    for happening in about:
        action = _ACTIONS[happening.action]
        event = _event(record_type, signed[happening.operation_id], happening, action)
        asking = [h for h in hooks if subscriptions.matches(h.events, record_type.key, event, action)]
        if asking:
            asked.append((happening, event, action, asking))
    if not asked:
        return
    told = payload.told(record_type, access)
    values = _values(record_type, told, {h.row_id for h, *_ in asked}, access)
    _visible, gone = rights.seen(record_type, access, {h.row_id for h, *_ in asked} - set(values))
    for happening, event, action, asking in asked:
        known = _known(record_type, told, happening, values, gone, access)
        if known is None:
            continue
        title, data = known
        changes = _changes(told, happening) if action == "edit" else None
        if changes == {}:
            continue  # everything that changed is hidden, or the row's own bookkeeping
        text = payload.of_event(event, action, signed=signed[happening.operation_id], access=access, record=payload.record_of(record_type, happening.row_id, title, access), data=data, changes=changes)
        for hook in asking:
            yield (uuid7(), hook.pk, happening.seq, event, record_type.key, happening.row_id, title[:200], happening.operation_id, text)


def _event(record_type: RecordType, signed: Operation, happening: Happening, action: str) -> str:
    """What was done, by its verb where the verb was aimed at this record; what became of the record otherwise."""
    key, _dot, name = signed.verb.partition(".")
    if action == "edit" and key == record_type.key and signed.subject_id in (None, happening.row_id):
        if any(v.name == name for v in registry.verbs(key)):
            return signed.verb
    return f"{record_type.key}.{action}"


def _values(record_type: RecordType, told: dict[str, Any], ids: set[uuid.UUID], access: Access) -> dict[uuid.UUID, tuple[str, dict[str, Any]]]:
    """Name and values of those records that are there and that the person sees."""
    names, paths = list(told), [f.path for f in told.values()]
    named = record_type.title in record_type.visible_fields(access)
    rows = record_type.visible(access).filter(pk__in=ids).values_list("pk", record_type.title_path, *paths)
    found = {row[0]: (str(row[1] or "") if named else "", {n: payload.plain(v) for n, v in zip(names, row[2:], strict=True)}) for row in rows}
    payload.tell_files([data for _title, data in found.values()], told, access)
    return found


def _known(
    record_type: RecordType, told: dict[str, Any], happening: Happening, values: dict[uuid.UUID, tuple[str, dict[str, Any]]], gone: set[uuid.UUID], access: Access
) -> tuple[str, dict[str, Any]] | None:
    """Name and values of the record, from the ledger where it is no more; None where the person may not know of it."""
    if happening.row_id in values and happening.action != "D":
        return values[happening.row_id]
    row = happening.row or {c: new for c, (_old, new) in happening.changes.items()}
    if happening.action == "D" and happening.row_id in values:
        pass  # brought back meanwhile, and seen
    elif happening.row_id not in gone or not rights.sees_gone(record_type, access, row):
        return None
    by_column = {f.column or f.path: f for f in told.values()}
    data = {known.name: payload.from_ledger(known, row[column]) for column, known in by_column.items() if column in row}
    title = data.get(record_type.title)
    return (title if isinstance(title, str) and not told[record_type.title].is_relation else ""), data


def _changes(told: dict[str, Any], happening: Happening) -> dict[str, list[Any]]:
    by_column = {f.column or f.path: f for f in told.values()}
    return {
        by_column[c].name: [payload.from_ledger(by_column[c], v) for v in pair] for c, pair in sorted(happening.changes.items()) if c in by_column
    }


def _store(rows: list[Row]) -> int:
    if rows:
        with connection.cursor() as cursor:
            columns = (list(column) for column in zip(*rows, strict=True))
            cursor.execute(_STORE, {"ws": current_workspace_id(), "now": timezone.now(), **dict(zip(_COLUMNS, columns, strict=True))})
    return len(rows)
