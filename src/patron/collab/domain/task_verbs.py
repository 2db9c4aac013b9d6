"""What people do with tasks: complete, reopen, cancel, put off, assign. One function each, for one task and for many."""

import datetime
from typing import Annotated, Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.collab import rules
from patron.collab.domain import notifications, touch
from patron.collab.domain.notifications import Telling
from patron.collab.domain.recurring import make_next
from patron.collab.domain.refs import Ref
from patron.collab.domain.tasks import records_of, tell_assignees
from patron.collab.enums import TaskState
from patron.collab.models import Task
from patron.identity.access import Access
from patron.identity.models import Membership
from patron.ledger.operations import operation
from patron.records.verbs import Input, Refused, verb


def _is_open(task: Task, access: Access) -> str | None:
    return None if task.state == TaskState.OPEN else _now("This task is not open.")


def _is_closed(task: Task, access: Access) -> str | None:
    return _now("This task is open already.") if task.state == TaskState.OPEN else None


def _locked(rows: QuerySet[Task], *states: str) -> list[Task]:
    """The rows in one of the states, locked in the order of their ids, so that two people never wait for each other in a circle."""
    found = Task.objects.filter(pk__in=rows.order_by().values("pk"), state__in=states)
    return list(found.order_by("pk").select_for_update(of=("self",)))


def _complete_all(rows: QuerySet[Task], *, access: Access, minutes: int | None = None) -> int:
    tasks = _locked(rows, TaskState.OPEN)
    with operation("tasks.complete", access=access):
        complete(tasks, access=access, minutes=minutes)
    return len(tasks)


@verb(
    "tasks", "complete", label=_("Complete"), icon="circle-check", when=_is_open, bulk=_complete_all, primary=True, order=10, done=_("Task completed")
)
def complete_task(task: Task, *, access: Access, minutes: Annotated[int | None, Input(_("Minutes spent"))] = None) -> list[Task]:
    """Mark an open task as done, add the time spent, make the next of a series; answers what it made.

    Tells its maker when somebody else completed it. Refused for a task that is not open, so that completing twice makes one next task.
    """
    found = _locked(Task.objects.filter(pk=task.pk), TaskState.OPEN)
    if not found:
        raise Refused(_now("This task is not open."))
    with operation("tasks.complete", access=access, subject=("tasks", task.pk)):
        return complete(found, access=access, minutes=minutes)


def complete(tasks: list[Task], *, access: Access, minutes: int | None = None) -> list[Task]:
    """The same for tasks that are locked and open, in a constant number of statements."""
    now = timezone.now()
    values: dict[str, Any] = {"state": TaskState.DONE, "done_at": now, "done_by_id": access.member_id}
    if minutes:
        values["minutes"] = Coalesce(F("minutes"), 0) + minutes
    Task.objects.filter(pk__in=[t.pk for t in tasks]).update(**values)
    made = make_next(tasks, access=access)
    told = [Telling("completed", t.owner_id, Ref("tasks", t.pk), f"completed:{t.pk}:{now.isoformat()}") for t in tasks]
    notifications.tell(told, access=access)
    touch.after(records_of([t.pk for t in [*tasks, *made]]), access)
    return made


def _move(rows: QuerySet[Task], access: Access, to: str, *states: str) -> int:
    tasks = _locked(rows, *states)
    ids = [t.pk for t in tasks]
    Task.objects.filter(pk__in=ids).update(state=to, done_at=None, done_by=None)
    touch.after(records_of(ids), access)
    return len(ids)


def _reopen_all(rows: QuerySet[Task], *, access: Access) -> int:
    with operation("tasks.reopen", access=access):
        return _move(rows, access, TaskState.OPEN, TaskState.DONE, TaskState.CANCELLED)


@verb("tasks", "reopen", label=_("Reopen"), icon="rotate-ccw", when=_is_closed, bulk=_reopen_all, order=20, done=_("Task reopened"))
def reopen_task(task: Task, *, access: Access) -> None:
    """Make a done or cancelled task open again. The next task of a series, where there is one, stays."""
    with operation("tasks.reopen", access=access, subject=("tasks", task.pk)):
        if not _reopen_all(Task.objects.filter(pk=task.pk), access=access):
            raise Refused(_now("This task is open already."))


def _cancel_all(rows: QuerySet[Task], *, access: Access) -> int:
    with operation("tasks.cancel", access=access):
        return _move(rows, access, TaskState.CANCELLED, TaskState.OPEN)


@verb("tasks", "cancel", label=_("Cancel task"), icon="circle-x", when=_is_open, bulk=_cancel_all, order=30, done=_("Task cancelled"))
def cancel_task(task: Task, *, access: Access) -> None:
    """Close a task without doing it. A series ends with it: no next task is made."""
    with operation("tasks.cancel", access=access, subject=("tasks", task.pk)):
        if not _cancel_all(Task.objects.filter(pk=task.pk), access=access):
            raise Refused(_now("This task is not open."))


def _tomorrow(task: Any, access: Access) -> datetime.date:
    return access.today() + datetime.timedelta(days=1)


def _snooze_all(rows: QuerySet[Task], *, access: Access, until: datetime.date) -> int:
    if until < access.today():
        raise Refused(_now("Choose today or a later day."), field="until")
    tasks, zone = _locked(rows, TaskState.OPEN), access.workspace.zone
    for task in tasks:
        if task.reminder_at:
            of = task.due or task.reminder_at.astimezone(zone).date()
            task.reminder_at = rules.moved(task.reminder_at, of=of, to=until, zone=zone)
        task.due_at = task.due_at and rules.same_time_on(until, task.due_at, zone)
        task.due = until
    with operation("tasks.snooze", access=access):
        Task.objects.bulk_update(tasks, ["due", "due_at", "reminder_at"], batch_size=500)
        touch.after(records_of([t.pk for t in tasks]), access)
    return len(tasks)


@verb("tasks", "snooze", label=_("Put off"), icon="alarm-clock", when=_is_open, bulk=_snooze_all, order=15, done=_("Put off"))
def snooze_task(task: Task, *, access: Access, until: Annotated[datetime.date, Input(_("New day"), initial=_tomorrow)]) -> None:
    """Move an open task to a later day, its hour and reminder with it. The days of its series stay as they are."""
    with operation("tasks.snooze", access=access, subject=("tasks", task.pk)):
        if not _snooze_all(Task.objects.filter(pk=task.pk), access=access, until=until):
            raise Refused(_now("This task is not open."))


def _assign_all(rows: QuerySet[Task], *, access: Access, assignee: Membership | None = None) -> int:
    chosen = rows.exclude(assignee=assignee) if assignee else rows.exclude(assignee=None)
    tasks = _locked(chosen, *TaskState.values)
    with operation("tasks.assign", access=access):
        Task.objects.filter(pk__in=[t.pk for t in tasks]).update(assignee=assignee)
        for task in tasks:
            task.assignee_id = assignee.pk if assignee else None
        tell_assignees((t for t in tasks if t.state == TaskState.OPEN), access=access)
    return len(tasks)


@verb("tasks", "assign", label=_("Assign"), icon="user-plus", action="edit", bulk=_assign_all, order=40, done=_("Assigned"))
def assign_task(task: Task, *, access: Access, assignee: Annotated[Membership | None, Input(_("Assignee"))] = None) -> None:
    """Give the task to somebody, or to nobody; who made it stays. The new assignee is told."""
    with operation("tasks.assign", access=access, subject=("tasks", task.pk)):
        _assign_all(Task.objects.filter(pk=task.pk), access=access, assignee=assignee)
