"""What people did, have to do, were told and keep at hand."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from .company import Ref

#: `{"and": [condition, ...]}` or `{"or": [...]}`, nested; a condition is `[field, operator]` or with a value behind.
Filter: TypeAlias = dict[str, list["Filter | list[str | int | list[str]]"]]


@dataclass(frozen=True, slots=True)
class Activity:
    key: str
    kind: str  # "call" | "meeting" | "note"
    about: Ref
    at: datetime
    by: str
    subject: str  # empty for notes
    body: str
    contact: str | None  # whom the call or note was with
    direction: str  # of calls: "out" | "in", else ""
    outcome: str  # of calls: "reached" | "no_answer" | "left_message" | "call_back", else ""
    minutes: int  # of calls and meetings
    place: str  # of meetings
    contacts: tuple[str, ...]  # of meetings: who attends of theirs
    people: tuple[str, ...]  # of meetings: who attends of ours, the organiser first
    mentions: tuple[str, ...]  # of notes: the people named with @
    state: str  # "done" | "planned" (a meeting to come)


@dataclass(frozen=True, slots=True)
class CheckItem:
    text: str
    done: bool


@dataclass(frozen=True, slots=True)
class Task:
    key: str
    kind: str  # "task" | "follow_up"
    title: str
    description: str
    about: Ref | None
    assignee: str
    created_by: str
    created_at: datetime
    due: date | None
    priority: str  # "low" | "normal" | "high"
    state: str  # "open" | "done"
    done_at: datetime | None
    done_by: str | None
    checklist: tuple[CheckItem, ...]


@dataclass(frozen=True, slots=True)
class Notification:
    key: str
    to: str
    kind: str  # "assigned" | "mentioned" | "review due" | "lead assigned"
    about: Ref
    text: str
    by: str | None
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class SavedView:
    key: str
    type: str
    name: str
    scope: str  # "private" | "team" | "workspace"
    owner: str
    team: str | None
    filter: Filter  # a value that begins with "@" is a key: "@lost_reasons/rival"
    sort: str  # a field, "-" before it for descending
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Favourite:
    person: str
    about: Ref  # a record, or ("saved_views", key)
