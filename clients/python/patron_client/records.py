"""Record types and their verbs, typed. Made by tools/client.py from the API's description: do not edit."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal, TypedDict

from patron_client.core import UNSET, By, Done, DoneMany, General, Resource, Unset
from patron_client.files import Downloads, HasFiles


class Webhook(TypedDict, total=False):
    """Webhook, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    name: str | None
    url: str | None
    events: builtins.list[str] | None
    state: str | None
    member: str | None


class WebhookValues(TypedDict, total=False):
    """Webhook: what can be set."""

    name: str
    url: str
    events: builtins.list[str]


class WebhooksResource(Resource[Webhook, WebhookValues]):
    """Webhooks."""

    key = "webhooks"

    def pause(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Webhook]:
        """Pause."""
        return self._do(record_id, "pause", {}, why, revision)

    def resume(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Webhook]:
        """Resume."""
        return self._do(record_id, "resume", {}, why, revision)

    def switch_off(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Webhook]:
        """Switch off."""
        return self._do(record_id, "switch_off", {}, why, revision)

    def take_over(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Webhook]:
        """Use my rights."""
        return self._do(record_id, "take_over", {}, why, revision)

    def rotate_secret(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Webhook]:
        """Replace the secret."""
        return self._do(record_id, "rotate_secret", {}, why, revision)

    def test(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Webhook]:
        """Send a test."""
        return self._do(record_id, "test", {}, why, revision)

    def replay(self, record_id: str, *, message: str | None | Unset = UNSET, since: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Webhook]:
        """Send again."""
        return self._do(record_id, "replay", {"message": message, "since": since}, why, revision)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)


class Task(TypedDict, total=False):
    """Task, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    subject: str | None
    description: str | None
    kind: str | None
    due: str | None
    due_at: str | None
    reminder_at: str | None
    priority: str | None
    assignee: str | None
    owner: str | None
    state: str | None
    done_at: str | None
    done_by: str | None
    minutes: int | None
    recurrence: str | None
    recurrence_every: int | None
    recurrence_until: str | None
    about: dict[str, Any] | None


class TaskValues(TypedDict, total=False):
    """Task: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    subject: str
    description: str | None
    kind: Literal['task', 'follow_up'] | None
    due: str | None
    due_at: str | None
    reminder_at: str | None
    priority: Literal['low', 'normal', 'high'] | None
    assignee: str | By | None
    owner: str | By | None
    minutes: int | None
    recurrence: Literal['none', 'daily', 'weekly', 'monthly', 'yearly'] | None
    recurrence_every: int | None
    recurrence_until: str | None


class TasksResource(Resource[Task, TaskValues]):
    """Tasks."""

    key = "tasks"

    def add_items(self, record_id: str, *, items: str, why: str = "", revision: int | None = None) -> Done[Task]:
        """Add to checklist."""
        return self._do(record_id, "add_items", {"items": items}, why, revision)

    def complete(self, record_id: str, *, minutes: int | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Task]:
        """Complete."""
        return self._do(record_id, "complete", {"minutes": minutes}, why, revision)

    def complete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, minutes: int | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Complete, many."""
        return self._do_many("complete", ids, filter, {"minutes": minutes}, why)

    def reopen(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Task]:
        """Reopen."""
        return self._do(record_id, "reopen", {}, why, revision)

    def reopen_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Reopen, many."""
        return self._do_many("reopen", ids, filter, {}, why)

    def cancel(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Task]:
        """Cancel task."""
        return self._do(record_id, "cancel", {}, why, revision)

    def cancel_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Cancel task, many."""
        return self._do_many("cancel", ids, filter, {}, why)

    def snooze(self, record_id: str, *, until: str, why: str = "", revision: int | None = None) -> Done[Task]:
        """Put off."""
        return self._do(record_id, "snooze", {"until": until}, why, revision)

    def snooze_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, until: str | Unset = UNSET, why: str = "") -> DoneMany:
        """Put off, many."""
        return self._do_many("snooze", ids, filter, {"until": until}, why)

    def assign(self, record_id: str, *, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Task]:
        """Assign."""
        return self._do(record_id, "assign", {"assignee": assignee}, why, revision)

    def assign_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, assignee: str | By | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Assign, many."""
        return self._do_many("assign", ids, filter, {"assignee": assignee}, why)

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Task]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Task]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Task]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Task]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Task]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Task]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[Task]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Task]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Task]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class Activity(TypedDict, total=False):
    """Activity, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    kind: str | None
    subject: str | None
    body: str | None
    at: str | None
    minutes: int | None
    outcome: str | None
    direction: str | None
    location: str | None
    done: bool | None
    owner: str | None
    title: str | None
    about: dict[str, Any] | None


class ActivityValues(TypedDict, total=False):
    """Activity: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    subject: str | None
    body: str | None
    at: str
    minutes: int | None
    outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number', 'held', 'cancelled'] | None
    direction: Literal['out', 'in'] | None
    location: str | None
    owner: str | By | None


class ActivitiesResource(Resource[Activity, ActivityValues]):
    """Activities."""

    key = "activities"

    def mark_done(self, record_id: str, *, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number', 'held', 'cancelled'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Activity]:
        """Mark as done."""
        return self._do(record_id, "mark_done", {"outcome": outcome, "minutes": minutes}, why, revision)

    def mark_done_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number', 'held', 'cancelled'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Mark as done, many."""
        return self._do_many("mark_done", ids, filter, {"outcome": outcome, "minutes": minutes}, why)

    def assign(self, record_id: str, *, owner: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Activity]:
        """Assign."""
        return self._do(record_id, "assign", {"owner": owner}, why, revision)

    def assign_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, owner: str | By | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Assign, many."""
        return self._do_many("assign", ids, filter, {"owner": owner}, why)

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Activity]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Activity]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Activity]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Activity]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Activity]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Activity]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[Activity]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Activity]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Activity]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class File(TypedDict, total=False):
    """File, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    name: str | None
    size: int | None
    media_type: str | None
    sha256: str | None
    owner: str | None
    about: dict[str, Any] | None


class FileValues(TypedDict, total=False):
    """File: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    name: str
    owner: str | By | None


class FilesResource(Downloads[File, FileValues]):
    """Files."""

    key = "files"

    def rename(self, record_id: str, *, name: str, why: str = "", revision: int | None = None) -> Done[File]:
        """Rename."""
        return self._do(record_id, "rename", {"name": name}, why, revision)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Remove, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def assign(self, record_id: str, *, owner: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[File]:
        """Assign."""
        return self._do(record_id, "assign", {"owner": owner}, why, revision)

    def assign_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, owner: str | By | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Assign, many."""
        return self._do_many("assign", ids, filter, {"owner": owner}, why)

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[File]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[File]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[File]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[File]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[File]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[File]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[File]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[File]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[File]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class Account(TypedDict, total=False):
    """Account, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    name: str | None
    number: str | None
    kind: str | None
    legal_name: str | None
    parent: str | None
    status: str | None
    status_since: str | None
    owner: str | None
    project_manager: str | None
    industry: str | None
    segment: str | None
    website: str | None
    domain: str | None
    email: str | None
    phone: str | None
    street: str | None
    postcode: str | None
    city: str | None
    region: str | None
    country: str | None
    employees: int | None
    annual_revenue: str | None
    founded_year: int | None
    description: str | None
    currency: str | None
    price_adjuster: str | None
    terms_kind: str | None
    terms_days: int | None
    invoicing_option: str | None
    send_invoices: bool | None
    tax_number: str | None
    tax_treatment: str | None
    blacklisted: bool | None
    blacklist_reason: str | None
    allow_negative_profit: bool | None
    share_orders: bool | None
    satisfaction_email: bool | None
    credit_limit_override: str | None
    credit_limit_reason: str | None
    credit_limit_until: str | None
    last_activity_at: str | None


class AccountValues(TypedDict, total=False):
    """Account: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    name: str
    number: str | None
    kind: Literal['organization', 'household'] | None
    legal_name: str | None
    parent: str | By | None
    owner: str | By | None
    project_manager: str | By | None
    industry: str | By | None
    segment: str | By | None
    website: str | None
    email: str | None
    phone: str | None
    street: str | None
    postcode: str | None
    city: str | None
    region: str | None
    country: str | None
    employees: int | None
    annual_revenue: str | None
    founded_year: int | None
    description: str | None
    currency: str | None
    price_adjuster: str | None
    terms_kind: Literal['on_receipt', 'net', 'end_of_month'] | None
    terms_days: int | None
    invoicing_option: Literal['per_order', 'monthly', 'manual'] | None
    send_invoices: bool | None
    tax_number: str | None
    tax_treatment: Literal['standard', 'reverse_charge', 'exempt'] | None
    allow_negative_profit: bool | None
    share_orders: bool | None
    satisfaction_email: bool | None
    credit_limit_override: str | None
    credit_limit_reason: str | None
    credit_limit_until: str | None


class AccountsResource(HasFiles[Account, AccountValues]):
    """Accounts."""

    key = "accounts"

    def move(self, record_id: str, *, parent: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Account]:
        """Move in the tree."""
        return self._do(record_id, "move", {"parent": parent}, why, revision)

    def move_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, parent: str | By | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Move in the tree, many."""
        return self._do_many("move", ids, filter, {"parent": parent}, why)

    def blacklist(self, record_id: str, *, reason: str, why: str = "", revision: int | None = None) -> Done[Account]:
        """Blacklist."""
        return self._do(record_id, "blacklist", {"reason": reason}, why, revision)

    def unblacklist(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Account]:
        """Lift the blacklisting."""
        return self._do(record_id, "unblacklist", {}, why, revision)

    def connect(self, record_id: str, *, kind: str | By, account: str | By | None | Unset = UNSET, contact: str | By | None | Unset = UNSET, since: str | None | Unset = UNSET, note: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Account]:
        """Connect."""
        return self._do(record_id, "connect", {"kind": kind, "account": account, "contact": contact, "since": since, "note": note}, why, revision)

    def add_backup(self, record_id: str, *, member: str | By, first: bool | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Account]:
        """Add backup project manager."""
        return self._do(record_id, "add_backup", {"member": member, "first": first}, why, revision)

    def remove_backup(self, record_id: str, *, member: str | By, why: str = "", revision: int | None = None) -> Done[Account]:
        """Remove backup project manager."""
        return self._do(record_id, "remove_backup", {"member": member}, why, revision)

    def set_production(self, record_id: str, *, team: str | By | None | Unset = UNSET, task_type: str | None | Unset = UNSET, spec: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Account]:
        """Set production team."""
        return self._do(record_id, "set_production", {"team": team, "task_type": task_type, "spec": spec}, why, revision)

    def assign(self, record_id: str, *, owner: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Account]:
        """Assign."""
        return self._do(record_id, "assign", {"owner": owner}, why, revision)

    def assign_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, owner: str | By | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Assign, many."""
        return self._do_many("assign", ids, filter, {"owner": owner}, why)

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Account]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Account]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Account]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Account]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def merge(self, record_id: str, *, others: builtins.list[str] | None | Unset = UNSET, choices: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Account]:
        """Merge."""
        return self._do(record_id, "merge", {"others": others, "choices": choices}, why, revision)

    def merge_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, others: builtins.list[str] | None | Unset = UNSET, choices: str | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Merge, many."""
        return self._do_many("merge", ids, filter, {"others": others, "choices": choices}, why)

    def unmerge(self, record_id: str, *, merge_id: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Account]:
        """Unmerge."""
        return self._do(record_id, "unmerge", {"merge_id": merge_id}, why, revision)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Account]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Account]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[Account]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Account]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Account]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)

    def keep_apart(self, record_id: str, *, others: builtins.list[str], among: bool | None | Unset = UNSET, kind: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Account]:
        """Not a duplicate."""
        return self._do(record_id, "keep_apart", {"others": others, "among": among, "kind": kind}, why, revision)


class Contact(TypedDict, total=False):
    """Contact, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    name: str | None
    first_name: str | None
    last_name: str | None
    salutation: str | None
    title: str | None
    department: str | None
    account: str | None
    email: str | None
    phone: str | None
    mobile: str | None
    owner: str | None
    city: str | None
    country: str | None
    language: str | None
    birthday: str | None
    do_not_call: bool | None
    do_not_email: bool | None
    profile_url: str | None
    description: str | None


class ContactValues(TypedDict, total=False):
    """Contact: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    name: str | None
    first_name: str | None
    last_name: str | None
    salutation: Literal['ms', 'mr', 'mx'] | None
    title: str | None
    department: str | None
    account: str | By | None
    email: str | None
    phone: str | None
    mobile: str | None
    owner: str | By | None
    city: str | None
    country: str | None
    language: str | None
    birthday: str | None
    do_not_call: bool | None
    do_not_email: bool | None
    profile_url: str | None
    description: str | None


class ContactsResource(HasFiles[Contact, ContactValues]):
    """Contacts."""

    key = "contacts"

    def affiliate(self, record_id: str, *, account: str | By, roles: str | None | Unset = UNSET, title: str | None | Unset = UNSET, primary: bool | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Contact]:
        """Add to an account."""
        return self._do(record_id, "affiliate", {"account": account, "roles": roles, "title": title, "primary": primary}, why, revision)

    def set_roles(self, record_id: str, *, account: str | By, roles: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Contact]:
        """Set roles."""
        return self._do(record_id, "set_roles", {"account": account, "roles": roles}, why, revision)

    def moved_job(self, record_id: str, *, account: str | By, title: str | None | Unset = UNSET, on: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Contact]:
        """Moved job."""
        return self._do(record_id, "moved_job", {"account": account, "title": title, "on": on}, why, revision)

    def connect(self, record_id: str, *, kind: str | By, account: str | By | None | Unset = UNSET, contact: str | By | None | Unset = UNSET, since: str | None | Unset = UNSET, note: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Contact]:
        """Connect."""
        return self._do(record_id, "connect", {"kind": kind, "account": account, "contact": contact, "since": since, "note": note}, why, revision)

    def assign(self, record_id: str, *, owner: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Contact]:
        """Assign."""
        return self._do(record_id, "assign", {"owner": owner}, why, revision)

    def assign_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, owner: str | By | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Assign, many."""
        return self._do_many("assign", ids, filter, {"owner": owner}, why)

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Contact]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Contact]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Contact]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Contact]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def merge(self, record_id: str, *, others: builtins.list[str] | None | Unset = UNSET, choices: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Contact]:
        """Merge."""
        return self._do(record_id, "merge", {"others": others, "choices": choices}, why, revision)

    def merge_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, others: builtins.list[str] | None | Unset = UNSET, choices: str | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Merge, many."""
        return self._do_many("merge", ids, filter, {"others": others, "choices": choices}, why)

    def unmerge(self, record_id: str, *, merge_id: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Contact]:
        """Unmerge."""
        return self._do(record_id, "unmerge", {"merge_id": merge_id}, why, revision)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Contact]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Contact]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[Contact]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Contact]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Contact]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)

    def keep_apart(self, record_id: str, *, others: builtins.list[str], among: bool | None | Unset = UNSET, kind: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Contact]:
        """Not a duplicate."""
        return self._do(record_id, "keep_apart", {"others": others, "among": among, "kind": kind}, why, revision)


class PlaceInAnAccount(TypedDict, total=False):
    """Place in an account, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    contact: str | None
    account: str | None
    title: str | None
    roles: builtins.list[Literal['decision_maker', 'technical', 'billing']] | None
    starts_on: str | None
    ends_on: str | None
    primary: bool | None


class PlaceInAnAccountValues(TypedDict, total=False):
    """Place in an account: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    contact: str | By
    account: str | By
    title: str | None
    roles: builtins.list[Literal['decision_maker', 'technical', 'billing']] | None
    starts_on: str | None
    ends_on: str | None
    primary: bool | None


class AffiliationsResource(HasFiles[PlaceInAnAccount, PlaceInAnAccountValues]):
    """Places in accounts.."""

    key = "affiliations"

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[PlaceInAnAccount]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[PlaceInAnAccount]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[PlaceInAnAccount]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[PlaceInAnAccount]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[PlaceInAnAccount]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[PlaceInAnAccount]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[PlaceInAnAccount]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[PlaceInAnAccount]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[PlaceInAnAccount]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class Connection(TypedDict, total=False):
    """Connection, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    type: str | None
    first_account: str | None
    first_contact: str | None
    second_account: str | None
    second_contact: str | None
    starts_on: str | None
    ends_on: str | None
    note: str | None


class ConnectionValues(TypedDict, total=False):
    """Connection: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    type: str | By
    first_account: str | By | None
    first_contact: str | By | None
    second_account: str | By | None
    second_contact: str | By | None
    starts_on: str | None
    ends_on: str | None
    note: str | None


class ConnectionsResource(HasFiles[Connection, ConnectionValues]):
    """Connections.."""

    key = "connections"

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Connection]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Connection]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Connection]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Connection]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Connection]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Connection]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[Connection]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Connection]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Connection]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class Industry(TypedDict, total=False):
    """Industry, as it is read."""

    id: str
    revision: int
    name: str | None
    order: int | None
    created_at: str | None
    updated_at: str | None
    archived_at: str | None


class IndustryValues(TypedDict, total=False):
    """Industry: what can be set."""

    name: str
    order: int | None


class IndustriesResource(Resource[Industry, IndustryValues]):
    """Industries.."""

    key = "industries"

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Industry]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Industry]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)


class Segment(TypedDict, total=False):
    """Segment, as it is read."""

    id: str
    revision: int
    name: str | None
    order: int | None
    created_at: str | None
    updated_at: str | None
    archived_at: str | None


class SegmentValues(TypedDict, total=False):
    """Segment: what can be set."""

    name: str
    order: int | None


class SegmentsResource(Resource[Segment, SegmentValues]):
    """Segments.."""

    key = "segments"

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Segment]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Segment]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)


class ConnectionType(TypedDict, total=False):
    """Connection type, as it is read."""

    id: str
    revision: int
    order: int | None
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    name: str | None
    reverse_name: str | None


class ConnectionTypeValues(TypedDict, total=False):
    """Connection type: what can be set."""

    order: int | None
    name: str
    reverse_name: str


class ConnectionTypesResource(Resource[ConnectionType, ConnectionTypeValues]):
    """Connection types.."""

    key = "connection-types"

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[ConnectionType]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[ConnectionType]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)


class Product(TypedDict, total=False):
    """Product, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    name: str | None
    sku: str | None
    kind: str | None
    line: str | None
    brand: str | None
    unit: str | None
    tax_category: str | None
    cost: str | None
    price: str | None
    currency: str | None
    frequency: str | None
    active: bool | None
    specs: Any
    description: str | None


class ProductValues(TypedDict, total=False):
    """Product: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    name: str
    sku: str | None
    kind: Literal['product', 'service'] | None
    line: str | By | None
    brand: str | By | None
    unit: str | None
    tax_category: Literal['standard', 'reduced', 'zero', 'exempt'] | None
    cost: str | None
    price: str | None
    currency: str | None
    frequency: Literal['one_off', 'monthly', 'quarterly', 'annual'] | None
    active: bool | None
    description: str | None


class ProductsResource(HasFiles[Product, ProductValues]):
    """Products."""

    key = "products"

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Product]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Product]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Product]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Product]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Product]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Product]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[Product]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Product]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Product]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class ProductLine(TypedDict, total=False):
    """Product line, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    name: str | None
    brand: str | None
    owner: str | None
    description: str | None


class ProductLineValues(TypedDict, total=False):
    """Product line: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    name: str
    brand: str | By | None
    owner: str | By | None
    description: str | None


class ProductLinesResource(HasFiles[ProductLine, ProductLineValues]):
    """Product lines.."""

    key = "product-lines"

    def assign(self, record_id: str, *, owner: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[ProductLine]:
        """Assign."""
        return self._do(record_id, "assign", {"owner": owner}, why, revision)

    def assign_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, owner: str | By | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Assign, many."""
        return self._do_many("assign", ids, filter, {"owner": owner}, why)

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[ProductLine]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[ProductLine]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[ProductLine]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[ProductLine]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[ProductLine]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[ProductLine]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[ProductLine]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[ProductLine]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[ProductLine]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class Brand(TypedDict, total=False):
    """Brand, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    name: str | None
    owner: str | None
    website: str | None
    description: str | None


class BrandValues(TypedDict, total=False):
    """Brand: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    name: str
    owner: str | By | None
    website: str | None
    description: str | None


class BrandsResource(HasFiles[Brand, BrandValues]):
    """Brands.."""

    key = "brands"

    def assign(self, record_id: str, *, owner: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Brand]:
        """Assign."""
        return self._do(record_id, "assign", {"owner": owner}, why, revision)

    def assign_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, owner: str | By | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Assign, many."""
        return self._do_many("assign", ids, filter, {"owner": owner}, why)

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Brand]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Brand]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Brand]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Brand]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Brand]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Brand]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[Brand]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Brand]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Brand]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class ExchangeRate(TypedDict, total=False):
    """Exchange rate, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    currency: str | None
    on: str | None
    rate: str | None
    source: str | None


class ExchangeRateValues(TypedDict, total=False):
    """Exchange rate: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    currency: str
    on: str
    rate: str
    source: str | None


class ExchangeRatesResource(HasFiles[ExchangeRate, ExchangeRateValues]):
    """Exchange rates.."""

    key = "exchange-rates"

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[ExchangeRate]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[ExchangeRate]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[ExchangeRate]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[ExchangeRate]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[ExchangeRate]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[ExchangeRate]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[ExchangeRate]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[ExchangeRate]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[ExchangeRate]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class Deal(TypedDict, total=False):
    """Deal, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    number: str | None
    name: str | None
    account: str | None
    lead: str | None
    contact: str | None
    owner: str | None
    pipeline: str | None
    stage: str | None
    stage_since: str | None
    outcome: str | None
    probability: str | None
    effective_probability: str | None
    opened_on: str | None
    expected_close: str | None
    closed_on: str | None
    currency: str | None
    amount: str | None
    base_amount: str | None
    weighted: str | None
    one_off_total: str | None
    mrr: str | None
    tcv: str | None
    cost_total: str | None
    gross_profit: str | None
    won_amount: str | None
    lost_amount: str | None
    won_base: str | None
    lost_base: str | None
    source: str | None
    campaign: str | None
    lost_reason: str | None
    lost_note: str | None
    lost_to: str | None
    next_step: str | None
    description: str | None
    forecast_category: str | None
    deferred_from: str | None
    history: bool | None
    last_activity_at: str | None
    next_activity_at: str | None


class DealValues(TypedDict, total=False):
    """Deal: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    name: str
    account: str | By | None
    lead: str | By | None
    contact: str | By | None
    owner: str | By | None
    pipeline: str | By | None
    stage: str | By
    probability: str | None
    opened_on: str | None
    expected_close: str | None
    closed_on: str | None
    currency: str | None
    amount: str | None
    source: str | By | None
    campaign: str | None
    next_step: str | None
    description: str | None
    forecast_category: Literal['pipeline', 'best', 'commit', 'omitted', 'closed'] | None


class DealsResource(HasFiles[Deal, DealValues]):
    """Deals."""

    key = "deals"

    def add_member(self, record_id: str, *, member: str | By, role: Literal['lead', 'support', 'technical', 'sponsor'] | None | Unset = UNSET, split: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Deal]:
        """Add to the sales team."""
        return self._do(record_id, "add_member", {"member": member, "role": role, "split": split}, why, revision)

    def add_stakeholder(self, record_id: str, *, contact: str | By, role: Literal['decision_maker', 'champion', 'technical', 'buyer', 'user', 'blocker', 'other'] | None | Unset = UNSET, influence: Literal['high', 'medium', 'low'] | None | Unset = UNSET, sentiment: Literal['positive', 'neutral', 'negative'] | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Deal]:
        """Add stakeholder."""
        return self._do(record_id, "add_stakeholder", {"contact": contact, "role": role, "influence": influence, "sentiment": sentiment}, why, revision)

    def add_competitor(self, record_id: str, *, competitor: str | By, strengths: str | None | Unset = UNSET, weaknesses: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Deal]:
        """Add competitor."""
        return self._do(record_id, "add_competitor", {"competitor": competitor, "strengths": strengths, "weaknesses": weaknesses}, why, revision)

    def move_stage(self, record_id: str, *, stage: str | By, override: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Deal]:
        """Move to stage."""
        return self._do(record_id, "move_stage", {"stage": stage, "override": override}, why, revision)

    def move_stage_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, stage: str | By | Unset = UNSET, override: str | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Move to stage, many."""
        return self._do_many("move_stage", ids, filter, {"stage": stage, "override": override}, why)

    def set_probability(self, record_id: str, *, probability: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Deal]:
        """Set probability."""
        return self._do(record_id, "set_probability", {"probability": probability}, why, revision)

    def set_probability_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, probability: str | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Set probability, many."""
        return self._do_many("set_probability", ids, filter, {"probability": probability}, why)

    def win(self, record_id: str, *, closed_on: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Deal]:
        """Mark as won."""
        return self._do(record_id, "win", {"closed_on": closed_on}, why, revision)

    def win_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, closed_on: str | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Mark as won, many."""
        return self._do_many("win", ids, filter, {"closed_on": closed_on}, why)

    def lose(self, record_id: str, *, reason: str | By, note: str | None | Unset = UNSET, competitor: str | By | None | Unset = UNSET, closed_on: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Deal]:
        """Mark as lost."""
        return self._do(record_id, "lose", {"reason": reason, "note": note, "competitor": competitor, "closed_on": closed_on}, why, revision)

    def lose_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, reason: str | By | Unset = UNSET, note: str | None | Unset = UNSET, competitor: str | By | None | Unset = UNSET, closed_on: str | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Mark as lost, many."""
        return self._do_many("lose", ids, filter, {"reason": reason, "note": note, "competitor": competitor, "closed_on": closed_on}, why)

    def close_lines(self, record_id: str, *, lines: str, note: str | None | Unset = UNSET, competitor: str | By | None | Unset = UNSET, closed_on: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Deal]:
        """Close line by line."""
        return self._do(record_id, "close_lines", {"lines": lines, "note": note, "competitor": competitor, "closed_on": closed_on}, why, revision)

    def reopen(self, record_id: str, *, stage: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Deal]:
        """Reopen."""
        return self._do(record_id, "reopen", {"stage": stage}, why, revision)

    def add_line(self, record_id: str, *, product: str | By | None | Unset = UNSET, description: str | None | Unset = UNSET, quantity: str | None | Unset = UNSET, unit_price: str | None | Unset = UNSET, discount: str | None | Unset = UNSET, frequency: Literal['one_off', 'monthly', 'quarterly', 'annual'] | None | Unset = UNSET, commitment_months: int | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Deal]:
        """Add line."""
        return self._do(record_id, "add_line", {"product": product, "description": description, "quantity": quantity, "unit_price": unit_price, "discount": discount, "frequency": frequency, "commitment_months": commitment_months}, why, revision)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def assign(self, record_id: str, *, owner: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Deal]:
        """Assign."""
        return self._do(record_id, "assign", {"owner": owner}, why, revision)

    def assign_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, owner: str | By | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Assign, many."""
        return self._do_many("assign", ids, filter, {"owner": owner}, why)

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Deal]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Deal]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Deal]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Deal]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Deal]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Deal]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[Deal]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Deal]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Deal]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class Lead(TypedDict, total=False):
    """Lead, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    name: str | None
    company: str | None
    first_name: str | None
    last_name: str | None
    title: str | None
    email: str | None
    phone: str | None
    website: str | None
    domain: str | None
    street: str | None
    postcode: str | None
    city: str | None
    country: str | None
    industry: str | None
    employees: int | None
    source: str | None
    campaign: str | None
    owner: str | None
    rating: str | None
    status: str | None
    score: int | None
    need: str | None
    budget: str | None
    currency: str | None
    authority: str | None
    timeline: str | None
    description: str | None
    account: str | None
    contact: str | None
    disqualified_reason: str | None
    disqualified_note: str | None
    disqualified_at: str | None
    qualified_at: str | None
    converted_account: str | None
    converted_contact: str | None
    converted_deal: str | None
    last_activity_at: str | None
    next_activity_at: str | None


class LeadValues(TypedDict, total=False):
    """Lead: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    company: str | None
    first_name: str | None
    last_name: str | None
    title: str | None
    email: str | None
    phone: str | None
    website: str | None
    street: str | None
    postcode: str | None
    city: str | None
    country: str | None
    industry: str | By | None
    employees: int | None
    source: str | By
    campaign: str | None
    owner: str | By | None
    need: str | None
    budget: str | None
    currency: str | None
    authority: str | None
    timeline: str | None
    description: str | None
    account: str | By | None
    contact: str | By | None


class LeadsResource(HasFiles[Lead, LeadValues]):
    """Leads."""

    key = "leads"

    def start(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Lead]:
        """Start working."""
        return self._do(record_id, "start", {}, why, revision)

    def start_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Start working, many."""
        return self._do_many("start", ids, filter, {}, why)

    def rate(self, record_id: str, *, rating: Literal['unrated', 'good', 'bad'], why: str = "", revision: int | None = None) -> Done[Lead]:
        """Rate."""
        return self._do(record_id, "rate", {"rating": rating}, why, revision)

    def rate_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, rating: Literal['unrated', 'good', 'bad'] | Unset = UNSET, why: str = "") -> DoneMany:
        """Rate, many."""
        return self._do_many("rate", ids, filter, {"rating": rating}, why)

    def disqualify(self, record_id: str, *, reason: str | By, note: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Lead]:
        """Disqualify."""
        return self._do(record_id, "disqualify", {"reason": reason, "note": note}, why, revision)

    def disqualify_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, reason: str | By | Unset = UNSET, note: str | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Disqualify, many."""
        return self._do_many("disqualify", ids, filter, {"reason": reason, "note": note}, why)

    def reopen(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Lead]:
        """Reopen."""
        return self._do(record_id, "reopen", {}, why, revision)

    def reopen_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Reopen, many."""
        return self._do_many("reopen", ids, filter, {}, why)

    def qualify(self, record_id: str, *, account: str | None | Unset = UNSET, other_account: str | By | None | Unset = UNSET, account_name: str | None | Unset = UNSET, contact: str | None | Unset = UNSET, other_contact: str | By | None | Unset = UNSET, deal: str | None | Unset = UNSET, other_deal: str | By | None | Unset = UNSET, deal_name: str | None | Unset = UNSET, pipeline: str | By | None | Unset = UNSET, amount: str | None | Unset = UNSET, expected_close: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Lead]:
        """Qualify."""
        return self._do(record_id, "qualify", {"account": account, "other_account": other_account, "account_name": account_name, "contact": contact, "other_contact": other_contact, "deal": deal, "other_deal": other_deal, "deal_name": deal_name, "pipeline": pipeline, "amount": amount, "expected_close": expected_close}, why, revision)

    def assign(self, record_id: str, *, owner: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Lead]:
        """Assign."""
        return self._do(record_id, "assign", {"owner": owner}, why, revision)

    def assign_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, owner: str | By | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Assign, many."""
        return self._do_many("assign", ids, filter, {"owner": owner}, why)

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Lead]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Lead]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Lead]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Lead]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def merge(self, record_id: str, *, others: builtins.list[str] | None | Unset = UNSET, choices: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Lead]:
        """Merge."""
        return self._do(record_id, "merge", {"others": others, "choices": choices}, why, revision)

    def merge_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, others: builtins.list[str] | None | Unset = UNSET, choices: str | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Merge, many."""
        return self._do_many("merge", ids, filter, {"others": others, "choices": choices}, why)

    def unmerge(self, record_id: str, *, merge_id: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Lead]:
        """Unmerge."""
        return self._do(record_id, "unmerge", {"merge_id": merge_id}, why, revision)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Lead]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Lead]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[Lead]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Lead]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Lead]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)

    def keep_apart(self, record_id: str, *, others: builtins.list[str], among: bool | None | Unset = UNSET, kind: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Lead]:
        """Not a duplicate."""
        return self._do(record_id, "keep_apart", {"others": others, "among": among, "kind": kind}, why, revision)


class LeadSource(TypedDict, total=False):
    """Lead source, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    name: str | None
    order: int | None


class LeadSourceValues(TypedDict, total=False):
    """Lead source: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    name: str
    order: int | None


class LeadSourcesResource(HasFiles[LeadSource, LeadSourceValues]):
    """Lead sources."""

    key = "lead-sources"

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[LeadSource]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[LeadSource]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[LeadSource]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[LeadSource]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[LeadSource]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[LeadSource]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[LeadSource]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[LeadSource]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[LeadSource]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class ReasonForDisqualifying(TypedDict, total=False):
    """Reason for disqualifying, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    name: str | None
    order: int | None


class ReasonForDisqualifyingValues(TypedDict, total=False):
    """Reason for disqualifying: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    name: str
    order: int | None


class DisqualifyReasonsResource(HasFiles[ReasonForDisqualifying, ReasonForDisqualifyingValues]):
    """Reasons for disqualifying."""

    key = "disqualify-reasons"

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[ReasonForDisqualifying]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[ReasonForDisqualifying]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[ReasonForDisqualifying]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[ReasonForDisqualifying]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[ReasonForDisqualifying]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[ReasonForDisqualifying]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[ReasonForDisqualifying]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[ReasonForDisqualifying]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[ReasonForDisqualifying]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class LostReason(TypedDict, total=False):
    """Lost reason, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    name: str | None
    consultant_group: str | None
    review_days: int | None
    order: int | None


class LostReasonValues(TypedDict, total=False):
    """Lost reason: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    name: str
    consultant_group: str | By | None
    review_days: int | None
    order: int | None


class LostReasonsResource(HasFiles[LostReason, LostReasonValues]):
    """Lost reasons."""

    key = "lost-reasons"

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[LostReason]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[LostReason]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[LostReason]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[LostReason]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[LostReason]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[LostReason]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[LostReason]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[LostReason]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[LostReason]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class Competitor(TypedDict, total=False):
    """Competitor, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    name: str | None
    website: str | None
    strengths: str | None
    weaknesses: str | None


class CompetitorValues(TypedDict, total=False):
    """Competitor: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    name: str
    website: str | None
    strengths: str | None
    weaknesses: str | None


class CompetitorsResource(HasFiles[Competitor, CompetitorValues]):
    """Competitors."""

    key = "competitors"

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Competitor]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Competitor]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Competitor]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Competitor]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Competitor]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Competitor]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[Competitor]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Competitor]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Competitor]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class Pipeline(TypedDict, total=False):
    """Pipeline, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    name: str | None
    order: int | None
    is_default: bool | None


class PipelineValues(TypedDict, total=False):
    """Pipeline: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    name: str
    order: int | None
    is_default: bool | None


class PipelinesResource(HasFiles[Pipeline, PipelineValues]):
    """Pipelines."""

    key = "pipelines"

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Pipeline]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Pipeline]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Pipeline]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Pipeline]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Pipeline]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Pipeline]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[Pipeline]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Pipeline]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Pipeline]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class Stage(TypedDict, total=False):
    """Stage, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    pipeline: str | None
    name: str | None
    order: int | None
    kind: str | None
    probability: str | None
    expected_days: int | None
    forecast_category: str | None
    required_fields: builtins.list[str] | None


class StageValues(TypedDict, total=False):
    """Stage: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    pipeline: str | By
    name: str
    order: int | None
    kind: Literal['open', 'won', 'lost'] | None
    probability: str | None
    expected_days: int | None
    forecast_category: Literal['pipeline', 'best', 'commit', 'omitted', 'closed'] | None
    required_fields: builtins.list[str] | None


class StagesResource(HasFiles[Stage, StageValues]):
    """Stages."""

    key = "stages"

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Stage]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Stage]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Stage]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Stage]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Stage]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Stage]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[Stage]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Stage]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Stage]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class DealLine(TypedDict, total=False):
    """Deal line, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    deal: str | None
    product: str | None
    description: str | None
    spec: str | None
    quantity: str | None
    unit: str | None
    unit_price: str | None
    discount: str | None
    frequency: str | None
    commitment_months: int | None
    unit_cost: str | None
    currency: str | None
    net: str | None
    monthly: str | None
    value: str | None
    cost: str | None
    won_quantity: str | None
    lost_quantity: str | None
    deferred_quantity: str | None
    outcome: str | None
    deferred_value: str | None
    won_value: str | None
    lost_value: str | None
    lost_reason: str | None
    requested_on: str | None
    position: int | None


class DealLineValues(TypedDict, total=False):
    """Deal line: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    deal: str | By
    product: str | By | None
    description: str | None
    spec: str | None
    quantity: str | None
    unit: str | None
    unit_price: str | None
    discount: str | None
    frequency: Literal['one_off', 'monthly', 'quarterly', 'annual'] | None
    commitment_months: int | None
    unit_cost: str | None
    requested_on: str | None
    position: int | None


class DealLinesResource(HasFiles[DealLine, DealLineValues]):
    """Deal lines."""

    key = "deal-lines"

    def remove(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[DealLine]:
        """Remove."""
        return self._do(record_id, "remove", {}, why, revision)

    def remove_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Remove, many."""
        return self._do_many("remove", ids, filter, {}, why)

    def win(self, record_id: str, *, quantity: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[DealLine]:
        """Won."""
        return self._do(record_id, "win", {"quantity": quantity}, why, revision)

    def win_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, quantity: str | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Won, many."""
        return self._do_many("win", ids, filter, {"quantity": quantity}, why)

    def lose(self, record_id: str, *, reason: str | By, quantity: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[DealLine]:
        """Lost."""
        return self._do(record_id, "lose", {"reason": reason, "quantity": quantity}, why, revision)

    def lose_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, reason: str | By | Unset = UNSET, quantity: str | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Lost, many."""
        return self._do_many("lose", ids, filter, {"reason": reason, "quantity": quantity}, why)

    def defer(self, record_id: str, *, quantity: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[DealLine]:
        """Defer."""
        return self._do(record_id, "defer", {"quantity": quantity}, why, revision)

    def defer_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, quantity: str | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Defer, many."""
        return self._do_many("defer", ids, filter, {"quantity": quantity}, why)

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[DealLine]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[DealLine]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[DealLine]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[DealLine]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[DealLine]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[DealLine]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[DealLine]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[DealLine]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[DealLine]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class DealMembersRecord(TypedDict, total=False):
    """Team member, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    deal: str | None
    member: str | None
    role: str | None
    split: str | None


class DealMembersRecordValues(TypedDict, total=False):
    """Team member: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    deal: str | By
    member: str | By
    role: Literal['lead', 'support', 'technical', 'sponsor'] | None
    split: str | None


class DealMembersResource(HasFiles[DealMembersRecord, DealMembersRecordValues]):
    """Sales team."""

    key = "deal-members"

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[DealMembersRecord]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[DealMembersRecord]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[DealMembersRecord]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[DealMembersRecord]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[DealMembersRecord]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[DealMembersRecord]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[DealMembersRecord]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[DealMembersRecord]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[DealMembersRecord]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class Stakeholder(TypedDict, total=False):
    """Stakeholder, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    deal: str | None
    contact: str | None
    role: str | None
    influence: str | None
    sentiment: str | None
    note: str | None


class StakeholderValues(TypedDict, total=False):
    """Stakeholder: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    deal: str | By
    contact: str | By
    role: Literal['decision_maker', 'champion', 'technical', 'buyer', 'user', 'blocker', 'other'] | None
    influence: Literal['high', 'medium', 'low'] | None
    sentiment: Literal['positive', 'neutral', 'negative'] | None
    note: str | None


class StakeholdersResource(HasFiles[Stakeholder, StakeholderValues]):
    """Stakeholders."""

    key = "stakeholders"

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Stakeholder]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Stakeholder]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Stakeholder]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Stakeholder]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Stakeholder]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Stakeholder]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[Stakeholder]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Stakeholder]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Stakeholder]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class CompetitorInADeal(TypedDict, total=False):
    """Competitor in a deal, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    deal: str | None
    competitor: str | None
    strengths: str | None
    weaknesses: str | None
    outcome: str | None


class CompetitorInADealValues(TypedDict, total=False):
    """Competitor in a deal: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    deal: str | By
    competitor: str | By
    strengths: str | None
    weaknesses: str | None
    outcome: Literal['open', 'beaten', 'lost_to', 'withdrew'] | None


class DealCompetitorsResource(HasFiles[CompetitorInADeal, CompetitorInADealValues]):
    """Competitors in deals."""

    key = "deal-competitors"

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[CompetitorInADeal]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[CompetitorInADeal]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[CompetitorInADeal]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[CompetitorInADeal]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[CompetitorInADeal]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[CompetitorInADeal]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[CompetitorInADeal]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[CompetitorInADeal]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[CompetitorInADeal]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class JobRequest(TypedDict, total=False):
    """Job request, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    deal: str | None
    title: str | None
    spec: str | None
    quantity: str | None
    requested_on: str | None
    position: int | None


class JobRequestValues(TypedDict, total=False):
    """Job request: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    deal: str | By
    title: str
    spec: str | None
    quantity: str | None
    requested_on: str | None
    position: int | None


class JobRequestsResource(HasFiles[JobRequest, JobRequestValues]):
    """Job requests."""

    key = "job-requests"

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[JobRequest]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[JobRequest]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[JobRequest]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[JobRequest]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[JobRequest]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[JobRequest]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[JobRequest]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[JobRequest]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[JobRequest]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class DealReview(TypedDict, total=False):
    """Deal review, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    tags: builtins.list[str] | None
    external_id: str | None
    name: str | None
    deal: str | None
    line: str | None
    lost_reason: str | None
    team: str | None
    assignee: str | None
    due: str | None
    state: str | None
    finding: str | None
    winnable: str | None
    action: str | None
    revisit_on: str | None
    done_at: str | None
    done_by: str | None


class DealReviewValues(TypedDict, total=False):
    """Deal review: what can be set."""

    tags: builtins.list[str] | None
    external_id: str | None
    assignee: str | By | None
    due: str


class DealReviewsResource(HasFiles[DealReview, DealReviewValues]):
    """Deal reviews."""

    key = "deal-reviews"

    def take(self, record_id: str, *, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[DealReview]:
        """Take over."""
        return self._do(record_id, "take", {"assignee": assignee}, why, revision)

    def take_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, assignee: str | By | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Take over, many."""
        return self._do_many("take", ids, filter, {"assignee": assignee}, why)

    def record(self, record_id: str, *, finding: str, winnable: Literal['yes', 'no', 'unclear'], action: str | None | Unset = UNSET, revisit_on: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[DealReview]:
        """Record the finding."""
        return self._do(record_id, "record", {"finding": finding, "winnable": winnable, "action": action, "revisit_on": revisit_on}, why, revision)

    def tag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[DealReview]:
        """Tag."""
        return self._do(record_id, "tag", {"tags": tags}, why, revision)

    def tag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Tag, many."""
        return self._do_many("tag", ids, filter, {"tags": tags}, why)

    def untag(self, record_id: str, *, tags: builtins.list[str], why: str = "", revision: int | None = None) -> Done[DealReview]:
        """Remove tags."""
        return self._do(record_id, "untag", {"tags": tags}, why, revision)

    def untag_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, tags: builtins.list[str] | Unset = UNSET, why: str = "") -> DoneMany:
        """Remove tags, many."""
        return self._do_many("untag", ids, filter, {"tags": tags}, why)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[DealReview]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[DealReview]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def log_call(self, record_id: str, *, with_whom: str | None | Unset = UNSET, outcome: Literal['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'] | None | Unset = UNSET, direction: Literal['out', 'in'] | None | Unset = UNSET, minutes: int | None | Unset = UNSET, at: str | None | Unset = UNSET, body: str | None | Unset = UNSET, subject: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[DealReview]:
        """Log a call."""
        return self._do(record_id, "log_call", {"with_whom": with_whom, "outcome": outcome, "direction": direction, "minutes": minutes, "at": at, "body": body, "subject": subject}, why, revision)

    def log_meeting(self, record_id: str, *, subject: str | None | Unset = UNSET, with_whom: str | None | Unset = UNSET, at: str | None | Unset = UNSET, minutes: int | None | Unset = UNSET, location: str | None | Unset = UNSET, outcome: Literal['held', 'cancelled'] | None | Unset = UNSET, body: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[DealReview]:
        """Log a meeting."""
        return self._do(record_id, "log_meeting", {"subject": subject, "with_whom": with_whom, "at": at, "minutes": minutes, "location": location, "outcome": outcome, "body": body}, why, revision)

    def add_note(self, record_id: str, *, body: str, why: str = "", revision: int | None = None) -> Done[DealReview]:
        """Add a note."""
        return self._do(record_id, "add_note", {"body": body}, why, revision)

    def add_task(self, record_id: str, *, subject: str, due: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, priority: Literal['low', 'normal', 'high'] | None | Unset = UNSET, reminder_at: str | None | Unset = UNSET, description: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[DealReview]:
        """Add a task."""
        return self._do(record_id, "add_task", {"subject": subject, "due": due, "assignee": assignee, "priority": priority, "reminder_at": reminder_at, "description": description}, why, revision)

    def follow_up(self, record_id: str, *, due: str, description: str | None | Unset = UNSET, assignee: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[DealReview]:
        """Follow up."""
        return self._do(record_id, "follow_up", {"due": due, "description": description, "assignee": assignee}, why, revision)


class Report(TypedDict, total=False):
    """Report, as it is read."""

    id: str
    revision: int
    name: str | None
    description: str | None
    scope: str | None
    owner: str | None
    team: str | None
    created_at: str | None
    updated_at: str | None
    definition: dict[str, Any] | None


class ReportValues(TypedDict, total=False):
    """Report: what can be set."""

    name: str
    description: str | None
    scope: Literal['private', 'team', 'workspace'] | None
    team: str | By | None
    definition: dict[str, Any]


class ReportsResource(Resource[Report, ReportValues]):
    """Reports."""

    key = "reports"

    def share(self, record_id: str, *, scope: Literal['private', 'team', 'workspace'], team: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Report]:
        """Share."""
        return self._do(record_id, "share", {"scope": scope, "team": team}, why, revision)

    def duplicate(self, record_id: str, *, name: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Report]:
        """Make a copy."""
        return self._do(record_id, "duplicate", {"name": name}, why, revision)

    def schedule(self, record_id: str, *, frequency: Literal['daily', 'weekly', 'monthly'], members: builtins.list[str] | None | Unset = UNSET, weekday: int | None | Unset = UNSET, month_day: int | None | Unset = UNSET, hour: int | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Report]:
        """Send by e-mail."""
        return self._do(record_id, "schedule", {"frequency": frequency, "members": members, "weekday": weekday, "month_day": month_day, "hour": hour}, why, revision)

    def assign(self, record_id: str, *, owner: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Report]:
        """Assign."""
        return self._do(record_id, "assign", {"owner": owner}, why, revision)

    def assign_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, owner: str | By | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Assign, many."""
        return self._do_many("assign", ids, filter, {"owner": owner}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def read_figures(self, ref: str) -> dict[str, Any]:
        """Report: figures, by id or by the key of what comes with Patron."""
        return self._read(ref, "figures")

    def read_definition(self, ref: str) -> dict[str, Any]:
        """Report: definition, by id or by the key of what comes with Patron."""
        return self._read(ref, "definition")


class Dashboard(TypedDict, total=False):
    """Dashboard, as it is read."""

    id: str
    revision: int
    name: str | None
    description: str | None
    scope: str | None
    owner: str | None
    team: str | None
    created_at: str | None
    updated_at: str | None
    is_default: bool | None


class DashboardValues(TypedDict, total=False):
    """Dashboard: what can be set."""

    name: str
    description: str | None
    scope: Literal['private', 'team', 'workspace'] | None
    team: str | By | None
    is_default: bool | None


class DashboardsResource(Resource[Dashboard, DashboardValues]):
    """Dashboards."""

    key = "dashboards"

    def share(self, record_id: str, *, scope: Literal['private', 'team', 'workspace'], team: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Dashboard]:
        """Share."""
        return self._do(record_id, "share", {"scope": scope, "team": team}, why, revision)

    def duplicate(self, record_id: str, *, name: str | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Dashboard]:
        """Make a copy."""
        return self._do(record_id, "duplicate", {"name": name}, why, revision)

    def arrange(self, record_id: str, *, tiles: builtins.list[str], why: str = "", revision: int | None = None) -> Done[Dashboard]:
        """Arrange."""
        return self._do(record_id, "arrange", {"tiles": tiles}, why, revision)

    def assign(self, record_id: str, *, owner: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Dashboard]:
        """Assign."""
        return self._do(record_id, "assign", {"owner": owner}, why, revision)

    def assign_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, owner: str | By | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Assign, many."""
        return self._do_many("assign", ids, filter, {"owner": owner}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def read_figures(self, ref: str) -> dict[str, Any]:
        """Dashboard: figures, by id or by the key of what comes with Patron."""
        return self._read(ref, "figures")


class Tile(TypedDict, total=False):
    """Tile, as it is read."""

    id: str
    dashboard: str | None
    report: str | None
    shipped: str | None
    width: int | None
    position: int | None


class TileValues(TypedDict, total=False):
    """Tile: what can be set."""

    dashboard: str | By
    report: str | By | None
    shipped: str | None
    width: int | None
    position: int | None


class DashboardTilesResource(Resource[Tile, TileValues]):
    """Tiles."""

    key = "dashboard-tiles"

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)


class Schedule(TypedDict, total=False):
    """Schedule, as it is read."""

    id: str
    report: str | None
    shipped: str | None
    owner: str | None
    frequency: str | None
    weekday: int | None
    month_day: int | None
    hour: int | None
    zone: str | None
    next_at: str | None
    sent_at: str | None
    problem: str | None
    created_at: str | None


class ScheduleValues(TypedDict, total=False):
    """Schedule: what can be set."""

    frequency: Literal['daily', 'weekly', 'monthly'] | None
    weekday: int | None
    month_day: int | None
    hour: int | None


class ReportSchedulesResource(Resource[Schedule, ScheduleValues]):
    """Schedules."""

    key = "report-schedules"

    def assign(self, record_id: str, *, owner: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Schedule]:
        """Assign."""
        return self._do(record_id, "assign", {"owner": owner}, why, revision)

    def assign_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, owner: str | By | None | Unset = UNSET, why: str = "") -> DoneMany:
        """Assign, many."""
        return self._do_many("assign", ids, filter, {"owner": owner}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)

    def read_people(self, ref: str) -> dict[str, Any]:
        """Schedule: people, by id or by the key of what comes with Patron."""
        return self._read(ref, "people")


class Key(TypedDict, total=False):
    """Key, as it is read."""

    id: str
    member: str | None
    name: str | None
    scopes: builtins.list[str] | None
    created_at: str | None
    expires_at: str | None
    revoked_at: str | None


class KeyValues(TypedDict, total=False):
    """Key: what can be set."""

    name: str


class KeysResource(Resource[Key, KeyValues]):
    """Keys."""

    key = "keys"

    def revoke(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Key]:
        """Revoke."""
        return self._do(record_id, "revoke", {}, why, revision)

    def revoke_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Revoke, many."""
        return self._do_many("revoke", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)


class OwnField(TypedDict, total=False):
    """Own field, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    label: str | None
    type_key: str | None
    key: str | None
    kind: str | None
    hint: str | None
    section: str | None
    order: int | None
    required: bool | None
    unique: bool | None
    searchable: bool | None
    default: Any
    choices: Any
    target: str | None
    places: int | None
    several: bool | None
    formula: str | None
    visible_if: Any
    readonly_if: Any
    field_set: str | None
    index_state: str | None


class OwnFieldValues(TypedDict, total=False):
    """Own field: what can be set."""

    label: str
    type_key: str
    key: str
    kind: str
    hint: str | None
    section: str | None
    order: int | None
    required: bool | None
    unique: bool | None
    searchable: bool | None
    target: str | None
    places: int | None
    several: bool | None
    formula: str | None
    field_set: str | By | None


class CustomFieldsResource(Resource[OwnField, OwnFieldValues]):
    """Own fields."""

    key = "custom-fields"

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[OwnField]:
        """Retire."""
        return self._do(record_id, "archive", {}, why, revision)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[OwnField]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def index(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[OwnField]:
        """Build the index again."""
        return self._do(record_id, "index", {}, why, revision)


class FieldSet(TypedDict, total=False):
    """Field set, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    name: str | None
    description: str | None


class FieldSetValues(TypedDict, total=False):
    """Field set: what can be set."""

    name: str
    description: str | None


class FieldSetsResource(Resource[FieldSet, FieldSetValues]):
    """Field sets."""

    key = "field-sets"

    def attach(self, record_id: str, *, account: str | By | None | Unset = UNSET, industry: str | By | None | Unset = UNSET, segment: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[FieldSet]:
        """Attach."""
        return self._do(record_id, "attach", {"account": account, "industry": industry, "segment": segment}, why, revision)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[FieldSet]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[FieldSet]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)


class RecordType(TypedDict, total=False):
    """Record type, as it is read."""

    id: str
    revision: int
    created_at: str | None
    updated_at: str | None
    archived_at: str | None
    label: str | None
    plural: str | None
    key: str | None
    icon: str | None
    description: str | None
    title_label: str | None
    prefix: str | None
    nav: str | None
    order: int | None
    states: Any


class RecordTypeValues(TypedDict, total=False):
    """Record type: what can be set."""

    label: str
    plural: str
    key: str | None
    icon: str | None
    description: str | None
    title_label: str | None
    prefix: str | None
    nav: Literal['home', 'sales', 'catalog', 'own', 'none'] | None
    order: int | None


class RecordTypesResource(Resource[RecordType, RecordTypeValues]):
    """Record types."""

    key = "record-types"

    def set_states(self, record_id: str, *, states: str, why: str = "", revision: int | None = None) -> Done[RecordType]:
        """Set the states."""
        return self._do(record_id, "set_states", {"states": states}, why, revision)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[RecordType]:
        """Retire."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Retire, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[RecordType]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)


class Person(TypedDict, total=False):
    """Person, as it is read."""

    id: str
    revision: int
    name: str | None
    email: str | None
    title: str | None
    office: str | None
    phone: str | None
    manager: str | None
    role: str | None
    kind: str | None
    state: str | None
    external_id: str | None
    created_at: str | None
    updated_at: str | None
    archived_at: str | None


class PersonValues(TypedDict, total=False):
    """Person: what can be set."""

    name: str
    email: str | None
    title: str | None
    office: str | None
    phone: str | None
    manager: str | By | None
    role: str | By
    external_id: str | None


class PeopleResource(Resource[Person, PersonValues]):
    """People."""

    key = "people"

    def invite(self, record_id: str, *, email: str, why: str = "", revision: int | None = None) -> Done[Person]:
        """Invite."""
        return self._do(record_id, "invite", {"email": email}, why, revision)

    def resend(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Person]:
        """Send the invitation again."""
        return self._do(record_id, "resend", {}, why, revision)

    def change_role(self, record_id: str, *, role: str | By, why: str = "", revision: int | None = None) -> Done[Person]:
        """Change role."""
        return self._do(record_id, "change_role", {"role": role}, why, revision)

    def deactivate(self, record_id: str, *, reassign_to: str | By | None | Unset = UNSET, why: str = "", revision: int | None = None) -> Done[Person]:
        """Deactivate."""
        return self._do(record_id, "deactivate", {"reassign_to": reassign_to}, why, revision)

    def reactivate(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Person]:
        """Reactivate."""
        return self._do(record_id, "reactivate", {}, why, revision)

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Person]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Person]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)


class Role(TypedDict, total=False):
    """Role, as it is read."""

    id: str
    revision: int
    name: str | None
    description: str | None
    created_at: str | None
    updated_at: str | None


class RoleValues(TypedDict, total=False):
    """Role: what can be set."""

    name: str
    description: str | None


class RolesResource(Resource[Role, RoleValues]):
    """Roles."""

    key = "roles"

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)


class Team(TypedDict, total=False):
    """Team, as it is read."""

    id: str
    revision: int
    name: str | None
    kind: str | None
    manager: str | None
    created_at: str | None
    updated_at: str | None
    archived_at: str | None


class TeamValues(TypedDict, total=False):
    """Team: what can be set."""

    name: str
    kind: Literal['sales', 'production', 'consultants', 'support'] | None
    manager: str | By | None


class TeamsResource(Resource[Team, TeamValues]):
    """Teams."""

    key = "teams"

    def archive(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Team]:
        """Archive."""
        return self._do(record_id, "archive", {}, why, revision)

    def archive_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Archive, many."""
        return self._do_many("archive", ids, filter, {}, why)

    def restore(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Team]:
        """Bring back."""
        return self._do(record_id, "restore", {}, why, revision)

    def restore_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Bring back, many."""
        return self._do_many("restore", ids, filter, {}, why)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)


class TeamMembersRecord(TypedDict, total=False):
    """Team member, as it is read."""

    id: str
    team: str | None
    member: str | None


class TeamMembersRecordValues(TypedDict, total=False):
    """Team member: what can be set."""

    team: str | By
    member: str | By


class TeamMembersResource(Resource[TeamMembersRecord, TeamMembersRecordValues]):
    """Team members.."""

    key = "team-members"

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)


class Proposal(TypedDict, total=False):
    """Proposal, as it is read."""

    id: str
    title: str | None
    type_key: str | None
    verb: str | None
    seen_revision: int | None
    reason: str | None
    member: str | None
    client: str | None
    state: str | None
    created_at: str | None
    expires_at: str | None
    decided_by: str | None
    decided_at: str | None
    answer: str | None


class ProposalValues(TypedDict, total=False):
    """Proposal: what can be set."""

    pass


class ProposalsResource(Resource[Proposal, ProposalValues]):
    """Proposals."""

    key = "proposals"


class Application(TypedDict, total=False):
    """Application, as it is read."""

    id: str
    name: str | None
    redirect_uris: str | None
    created_at: str | None
    disabled_at: str | None


class ApplicationValues(TypedDict, total=False):
    """Application: what can be set."""

    name: str
    redirect_uris: str


class ApplicationsResource(Resource[Application, ApplicationValues]):
    """Applications."""

    key = "applications"

    def disable(self, record_id: str, *, why: str = "", revision: int | None = None) -> Done[Application]:
        """Switch off."""
        return self._do(record_id, "disable", {}, why, revision)

    def delete_many(self, *, ids: Sequence[str] | None = None, filter: Any = None, why: str = "") -> DoneMany:
        """Delete, many."""
        return self._do_many("delete", ids, filter, {}, why)


class Patron(General):
    """A workspace, with the rights of one key: one attribute per record type."""

    @cached_property
    def webhooks(self) -> WebhooksResource:
        return WebhooksResource(self.transport)

    @cached_property
    def tasks(self) -> TasksResource:
        return TasksResource(self.transport)

    @cached_property
    def activities(self) -> ActivitiesResource:
        return ActivitiesResource(self.transport)

    @cached_property
    def files(self) -> FilesResource:
        return FilesResource(self.transport)

    @cached_property
    def accounts(self) -> AccountsResource:
        return AccountsResource(self.transport)

    @cached_property
    def contacts(self) -> ContactsResource:
        return ContactsResource(self.transport)

    @cached_property
    def affiliations(self) -> AffiliationsResource:
        return AffiliationsResource(self.transport)

    @cached_property
    def connections(self) -> ConnectionsResource:
        return ConnectionsResource(self.transport)

    @cached_property
    def industries(self) -> IndustriesResource:
        return IndustriesResource(self.transport)

    @cached_property
    def segments(self) -> SegmentsResource:
        return SegmentsResource(self.transport)

    @cached_property
    def connection_types(self) -> ConnectionTypesResource:
        return ConnectionTypesResource(self.transport)

    @cached_property
    def products(self) -> ProductsResource:
        return ProductsResource(self.transport)

    @cached_property
    def product_lines(self) -> ProductLinesResource:
        return ProductLinesResource(self.transport)

    @cached_property
    def brands(self) -> BrandsResource:
        return BrandsResource(self.transport)

    @cached_property
    def exchange_rates(self) -> ExchangeRatesResource:
        return ExchangeRatesResource(self.transport)

    @cached_property
    def deals(self) -> DealsResource:
        return DealsResource(self.transport)

    @cached_property
    def leads(self) -> LeadsResource:
        return LeadsResource(self.transport)

    @cached_property
    def lead_sources(self) -> LeadSourcesResource:
        return LeadSourcesResource(self.transport)

    @cached_property
    def disqualify_reasons(self) -> DisqualifyReasonsResource:
        return DisqualifyReasonsResource(self.transport)

    @cached_property
    def lost_reasons(self) -> LostReasonsResource:
        return LostReasonsResource(self.transport)

    @cached_property
    def competitors(self) -> CompetitorsResource:
        return CompetitorsResource(self.transport)

    @cached_property
    def pipelines(self) -> PipelinesResource:
        return PipelinesResource(self.transport)

    @cached_property
    def stages(self) -> StagesResource:
        return StagesResource(self.transport)

    @cached_property
    def deal_lines(self) -> DealLinesResource:
        return DealLinesResource(self.transport)

    @cached_property
    def deal_members(self) -> DealMembersResource:
        return DealMembersResource(self.transport)

    @cached_property
    def stakeholders(self) -> StakeholdersResource:
        return StakeholdersResource(self.transport)

    @cached_property
    def deal_competitors(self) -> DealCompetitorsResource:
        return DealCompetitorsResource(self.transport)

    @cached_property
    def job_requests(self) -> JobRequestsResource:
        return JobRequestsResource(self.transport)

    @cached_property
    def deal_reviews(self) -> DealReviewsResource:
        return DealReviewsResource(self.transport)

    @cached_property
    def reports(self) -> ReportsResource:
        return ReportsResource(self.transport)

    @cached_property
    def dashboards(self) -> DashboardsResource:
        return DashboardsResource(self.transport)

    @cached_property
    def dashboard_tiles(self) -> DashboardTilesResource:
        return DashboardTilesResource(self.transport)

    @cached_property
    def report_schedules(self) -> ReportSchedulesResource:
        return ReportSchedulesResource(self.transport)

    @cached_property
    def keys(self) -> KeysResource:
        return KeysResource(self.transport)

    @cached_property
    def custom_fields(self) -> CustomFieldsResource:
        return CustomFieldsResource(self.transport)

    @cached_property
    def field_sets(self) -> FieldSetsResource:
        return FieldSetsResource(self.transport)

    @cached_property
    def record_types(self) -> RecordTypesResource:
        return RecordTypesResource(self.transport)

    @cached_property
    def people(self) -> PeopleResource:
        return PeopleResource(self.transport)

    @cached_property
    def roles(self) -> RolesResource:
        return RolesResource(self.transport)

    @cached_property
    def teams(self) -> TeamsResource:
        return TeamsResource(self.transport)

    @cached_property
    def team_members(self) -> TeamMembersResource:
        return TeamMembersResource(self.transport)

    @cached_property
    def proposals(self) -> ProposalsResource:
        return ProposalsResource(self.transport)

    @cached_property
    def applications(self) -> ApplicationsResource:
        return ApplicationsResource(self.transport)
