"""Tasks and follow-ups: making them and keeping their rules. What people do to them afterwards is in `task_verbs`."""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from patron.collab import rules
from patron.collab.domain import mentions, notifications, touch
from patron.collab.domain.notifications import Telling
from patron.collab.domain.refs import Ref, ensure
from patron.collab.enums import Priority, Recurrence, TaskKind
from patron.collab.models import ChecklistItem, Task, TaskLink
from patron.identity.access import Access
from patron.identity.models import Membership
from patron.ledger.operations import current_operation, operation
from patron.records.changes import NotValid


def create_task(
    *,
    access: Access,
    subject: str,
    about: Ref | None = None,
    kind: str = TaskKind.TASK,
    due: datetime.date | None = None,
    due_at: datetime.datetime | None = None,
    reminder_at: datetime.datetime | None = None,
    assignee: Membership | uuid.UUID | None = None,
    priority: str = Priority.NORMAL,
    description: str = "",
    checklist: Sequence[str] = (),
    verb: str = "tasks.create",
    **repeats: Any,
) -> Task:
    """Save a task; without an assignee it is the maker's own. `repeats`: recurrence, recurrence_every, recurrence_until.

    Tells the assignee and those whom the description names. Raises `NotValid` (messages by field) and `Refused` where `about` may not be seen.
    """
    task = Task(
        subject=subject.strip(), kind=kind, due=due, due_at=due_at, reminder_at=reminder_at, priority=priority, description=description, **repeats
    )
    task.assignee_id = assignee.pk if isinstance(assignee, Membership) else assignee or access.member_id
    task.owner_id = access.member_id
    if about is not None:
        task.record_type, task.record_id = ensure([about], access)[0]
    errors = check(task, {"due", "due_at", "recurrence"}, access=access)
    if errors:
        raise NotValid(errors)
    with operation(verb, access=access, subject=about or ("tasks", task.pk)):
        task.save(force_insert=True)
        ChecklistItem.objects.bulk_create([ChecklistItem(task_id=task.pk, position=i, text=text[:200]) for i, text in enumerate(checklist)])
        after_save(task, access=access, created=True, changed={"assignee", "description"})
    return task


def check(task: Task, changed: set[str], *, access: Access) -> dict[str, str]:
    """The rules across a task's fields, for every door: messages by field name, and the day and hour brought together.

    An hour gives the day (in the workspace's zone); a new day takes the hour along; without a day there is no hour.
    """
    errors = _bring_together(task, changed, access)
    if not task.subject.strip():
        errors["subject"] = _("Enter what there is to do.")
    if task.kind == TaskKind.FOLLOW_UP and task.due is None:
        errors["due"] = _("Choose the day to follow up.")
    if task.recurrence != Recurrence.NONE:
        errors |= _check_series(task, changed)
    return errors


def _bring_together(task: Task, changed: set[str], access: Access) -> dict[str, str]:
    zone = access.workspace.zone
    if task.due_at is None:
        return {}
    day = task.due_at.astimezone(zone).date()
    if "due_at" in changed or task._state.adding:
        if "due" in changed and task.due not in (None, day):
            return {"due_at": _("The hour is on another day than the day it is due. Change one of them.")}
        task.due = day
    elif task.due is None:
        task.due_at = None
    elif task.due != day:
        task.due_at = rules.same_time_on(task.due, task.due_at, zone)
    return {}


def _check_series(task: Task, changed: set[str]) -> dict[str, str]:
    if task.due is None:
        return {"due": _("Choose the day of the first time; the others follow from it.")}
    if task.recurrence_every is None or task.recurrence_every < 1:
        return {"recurrence_every": _("Enter 1 or more.")}
    if task.recurrence_until and task.recurrence_until < task.due:
        return {"recurrence_until": _("The last day lies before the first.")}
    if task.recurrence_anchor is None or changed & {"due", "due_at", "recurrence", "recurrence_every"}:
        task.recurrence_anchor = task.due
    return {}


def after_save(task: Task, *, access: Access, created: bool, changed: set[str]) -> None:
    """Consequences of a saved task, inside its operation: the assignee and those named are told, its records are touched."""
    if "assignee" in changed or created:
        tell_assignees([task], access=access)
    if "description" in changed or (created and task.description):
        mentions.keep(task, task.description, access=access, created=created)
    touch.after(records_of([task.pk]), access)


def tell_assignees(tasks: Iterable[Task], *, access: Access) -> None:
    """Tell each assignee about each task, once per operation."""
    signed = current_operation()
    act = signed.id if signed else ""
    told = [Telling("assigned", t.assignee_id, Ref("tasks", t.pk), f"assigned:{t.pk}:{act}") for t in tasks]
    notifications.tell(told, access=access)


def records_of(task_ids: Iterable[uuid.UUID]) -> list[Ref]:
    """The records that tasks hang on, each once."""
    links = TaskLink.objects.filter(task_id__in=list(task_ids)).values_list("record_type", "record_id")
    return list(dict.fromkeys(Ref(*pair) for pair in links))
