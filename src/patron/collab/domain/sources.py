"""Where a timeline's entries come from: calls, meetings and notes; completed tasks; and what the ledger says was done to the records."""

import datetime
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from patron.collab.domain.refs import Ref
from patron.collab.enums import TaskState
from patron.collab.models import Activity, ActivityLink, Attachment, Task, TaskLink
from patron.identity.access import Access
from patron.kernel.db import prepared
from patron.kernel.tenancy import current_workspace_id
from patron.ledger.models import Change
from patron.records import seen


class Edge(NamedTuple):
    """A place between two entries: everything on a timeline is ordered by (at, id), newest first."""

    at: datetime.datetime
    id: uuid.UUID

    def encode(self) -> str:
        return f"{self.at.astimezone(datetime.UTC).isoformat()}~{self.id.hex}".replace("+00:00", "Z")

    @classmethod
    def decode(cls, text: str) -> "Edge | None":
        """The edge in an address; None for the newest page, and for text that is none."""
        moment, _tilde, key = text.partition("~")
        try:
            at = parse_datetime(moment)
            return cls(at, uuid.UUID(key)) if at is not None and at.tzinfo else None
        except ValueError:
            return None


@dataclass(slots=True)
class Act:
    """What one operation did to one record, as rows of the ledger in the order they were written."""

    operation_id: uuid.UUID
    verb: str
    actor_id: uuid.UUID | None
    actor_name: str
    changes: list[Change]

    @property
    def is_edit(self) -> bool:
        """Whether it only gave fields other values, by hand."""
        return self.verb.endswith(".edit") and all(c.action == "U" for c in self.changes)


@dataclass(slots=True)
class Happened:
    """A call, meeting or note that happened: its columns, the records it was written on, who took part, and whom its text names."""

    id: uuid.UUID
    kind: str
    subject: str
    body: str
    at: datetime.datetime
    minutes: int | None
    outcome: str
    direction: str
    location: str
    owner_id: uuid.UUID | None
    owner: str | None
    about: list[Ref] = field(default_factory=list)
    present: list[Ref] = field(default_factory=list)
    members: list[tuple[uuid.UUID, str]] = field(default_factory=list)
    mentions: list[tuple[uuid.UUID, str]] = field(default_factory=list)


class Completed(NamedTuple):
    """A task that was completed, and by whom."""

    id: uuid.UUID
    kind: str
    done_at: datetime.datetime
    minutes: int | None
    who: str | None


class Attached(NamedTuple):
    """A file that was put on a record, and by whom."""

    id: uuid.UUID
    name: str
    at: datetime.datetime
    size: int
    who: str | None
    on: Ref


@dataclass(slots=True)
class Entry:
    """One thing on a timeline: what `Happened`, was `Completed`, was `Attached`, or an `Act`. `record` is where the act was found; `more` are folded-in ones."""

    edge: Edge
    thing: Any
    record: Ref | None = None
    more: list["Entry"] = field(default_factory=list)

    @property
    def last(self) -> Edge:
        return self.more[-1].edge if self.more else self.edge


class Batch(NamedTuple):
    """Entries of one source, newest first. `horizon` is where reading stopped, None where the source has nothing older."""

    entries: list[Entry]
    horizon: Edge | None


def _before(queryset: QuerySet[Any], at: str, key: str, edge: Edge | None) -> QuerySet[Any]:
    """Rows older than the edge. The first condition alone is what the index is read by."""
    if edge is None:
        return queryset
    return queryset.filter(**{f"{at}__lte": edge.at}).filter(Q(**{f"{at}__lt": edge.at}) | Q(**{f"{key}__lt": edge.id}))


def _on(rows: QuerySet[Any], links: type[Any], owner: str, records: list[uuid.UUID]) -> QuerySet[Any]:
    """Rows on the records: for several by a set of ids, so that what hangs on two of them comes once."""
    return rows.filter(pk__in=links.objects.filter(record_id__among=records).values(owner))


def activities(refs: list[Ref], access: Access, edge: Edge | None, most: int) -> Batch:
    """What happened: done calls and meetings, and notes. For one record this is one index scan of the links, already in order."""

    def build(records: list[uuid.UUID]) -> QuerySet[Any]:
        rows = Activity.objects.visible_to(access).filter(done=True, archived_at__isnull=True)
        if len(refs) == 1:
            rows = _before(rows.filter(links__record_id=records[0]), "links__at", "links__activity_id", edge).order_by("-links__at", "-links__activity_id")
        else:
            rows = _before(_on(rows, ActivityLink, "activity_id", records), "at", "pk", edge).order_by("-at", "-pk")
        return rows.values_list(*_HAPPENED)[:most]

    found = [Happened(*row) for row in _first_page(access, "activities", refs, edge, most, build)]
    _add_parts({one.id: one for one in found})
    return _batch([Entry(Edge(one.at, one.id), one) for one in found], most)


_HAPPENED = ("pk", "kind", "subject", "body", "at", "minutes", "outcome", "direction", "location", "owner_id", "owner__name")


def _first_page(access: Access, key: str, refs: list[Ref], edge: Edge | None, most: int, build: Callable[[list[uuid.UUID]], QuerySet[Any]]) -> list[Any]:
    """The rows; those of the newest page, which is what pages show, by a statement that is compiled once."""
    ids = [ref.id for ref in refs]
    if edge is not None:
        return list(build(ids))
    if len(ids) > 1:
        return seen.rows(access, (key,), ("collab.timeline.many", key, most), lambda records: build(records), records=ids)
    return seen.rows(access, (key,), ("collab.timeline", key, most), lambda record: build([record]), record=ids[0])


_PARTS = """
SELECT 'about', activity_id, record_id, record_type FROM collab_activitylink WHERE workspace_id = %(workspace)s AND activity_id = ANY(%(ids)s)
UNION ALL
SELECT 'present', activity_id, record_id, record_type FROM collab_attendee
  WHERE workspace_id = %(workspace)s AND activity_id = ANY(%(ids)s) AND record_id IS NOT NULL
UNION ALL
SELECT 'members', a.activity_id, m.id, m.name FROM collab_attendee a
  JOIN identity_membership m ON m.workspace_id = a.workspace_id AND m.id = a.member_id
  WHERE a.workspace_id = %(workspace)s AND a.activity_id = ANY(%(ids)s)
UNION ALL
SELECT 'mentions', activity_id, member_id, text FROM collab_mention WHERE workspace_id = %(workspace)s AND activity_id = ANY(%(ids)s)
ORDER BY 1, 2, 3
"""


def _add_parts(found: dict[uuid.UUID, Happened]) -> None:
    """Fill in what hangs on the activities: one query for all of it."""
    if not found:
        return
    for part, activity, key, word in prepared.fetch(_PARTS, {"workspace": current_workspace_id(), "ids": list(found)}):
        getattr(found[activity], part).append(Ref(word, key) if part in ("about", "present") else (key, word))


def tasks(refs: list[Ref], access: Access, edge: Edge | None, most: int) -> Batch:
    """Tasks that were completed."""

    def build(records: list[uuid.UUID]) -> QuerySet[Any]:
        rows = Task.objects.visible_to(access).filter(state=TaskState.DONE, archived_at__isnull=True)
        rows = rows.filter(links__record_id=records[0]) if len(refs) == 1 else _on(rows, TaskLink, "task_id", records)
        return _before(rows, "done_at", "pk", edge).order_by("-done_at", "-pk").values_list("pk", "kind", "done_at", "minutes", "done_by__name")[:most]

    found = [Completed(*row) for row in _first_page(access, "tasks", refs, edge, most, build)]
    return _batch([Entry(Edge(one.done_at, one.id), one) for one in found], most)


_ATTACHED = ("pk", "name", "created_at", "size", "owner__name", "record_type", "record_id")


def attached(refs: list[Ref], access: Access, edge: Edge | None, most: int) -> Batch:
    """Files, but those of own fields: the change of the field is told. The caller has checked that the records may be seen; whether files at all, the role says."""
    if not access.can("files", "view"):
        return Batch([], None)

    def build(records: list[uuid.UUID]) -> QuerySet[Any]:
        rows = Attachment.objects.filter(record_id__among=records, archived_at__isnull=True, field_key__isnull=True)
        return _before(rows, "created_at", "pk", edge).order_by("-created_at", "-pk").values_list(*_ATTACHED)[:most]

    ids = [ref.id for ref in refs]
    rows = list(build(ids)) if edge is not None else prepared.rows(("collab.attached", most), lambda records: build(records), records=ids)
    found = [Attached(pk, name, at, size, who, Ref(key, record)) for pk, name, at, size, who, key, record in rows]
    return _batch([Entry(Edge(one.at, one.id), one) for one in found], most)


_ACTS = """
SELECT c.seq, c.at, c.operation_id, c.table_name, c.row_id, c.action, c.changes, c.verb, c.actor_id, c.actor_name
FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS wanted(id, place)
CROSS JOIN LATERAL (
  SELECT l.*, p.verb, p.actor_id, p.actor_name
  FROM ledger_change l JOIN ledger_operation p ON p.workspace_id = l.workspace_id AND p.id = l.operation_id
  WHERE l.workspace_id = %(workspace)s AND l.row_id = wanted.id AND l.at <= %(at)s AND (l.at < %(at)s OR l.operation_id < %(id)s)
    AND substring(p.verb FROM '[^.]*$') <> ALL(%(silent)s)
  ORDER BY l.at DESC, l.seq DESC LIMIT %(most)s
) AS c
ORDER BY c.at DESC, c.operation_id DESC, wanted.place, c.seq LIMIT %(most)s
"""
_silent = {
    "log_call", "log_meeting", "add_note", "add_task", "follow_up", "carry_over", "add_file", "complete", "reopen", "cancel", "snooze", "mark_done", "load",
}  # fmt: skip
_NEVER = Edge(datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC), uuid.UUID(int=2**128 - 1))


def silence(*names: str) -> None:
    """Leave what verbs of these names did to a record off timelines: something else tells it, as a call tells of its own logging."""
    _silent.update(names)


def acts(refs: list[Ref], edge: Edge | None, most: int) -> Batch:
    """What operations did to the records' own rows: one entry per operation, about the first of the records that it changed.

    The caller has checked that the records may be seen.
    """
    start = edge or _NEVER
    values: dict[str, Any] = {
        "workspace": current_workspace_id(),
        "ids": [r.id for r in refs],
        "at": start.at,
        "id": start.id,
        "most": most,
        "silent": list(_silent),
    }
    rows = prepared.fetch(_ACTS, values)
    by_id = {ref.id: ref for ref in refs}
    entries: dict[uuid.UUID, Entry] = {}
    for seq, at, operation_id, table, row_id, action, changes, verb, actor_id, actor_name in rows:
        told = json.loads(changes) if isinstance(changes, str) else changes
        change = Change(seq=seq, at=at, operation_id=operation_id, table_name=table, row_id=row_id, action=action, changes=told)
        entry = entries.get(operation_id)
        if entry is None:
            entries[operation_id] = Entry(Edge(at, operation_id), Act(operation_id, verb, actor_id, actor_name, [change]), by_id[row_id])
        elif entry.record == by_id[row_id]:
            entry.thing.changes.append(change)
    found = list(entries.values())
    return Batch(found, found[-1].edge if len(rows) >= most else None)


def _batch(entries: list[Entry], most: int) -> Batch:
    return Batch(entries, entries[-1].edge if len(entries) >= most else None)
