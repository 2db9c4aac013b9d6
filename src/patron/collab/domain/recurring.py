"""Series: completing one occurrence of a task makes the next."""

import datetime
import uuid
from typing import Any

from django.utils import timezone

from patron.collab import rules
from patron.collab.domain.refs import Ref
from patron.collab.enums import Recurrence
from patron.collab.models import ChecklistItem, Task, TaskLink
from patron.identity.access import Access
from patron.kernel.tenancy import uuid7

_KEPT = (
    "subject", "description", "kind", "priority", "assignee_id", "owner_id", "recurrence", "recurrence_every", "recurrence_until",
    "recurrence_anchor", "record_type", "record_id", "tags", "custom",
)  # fmt: skip


def make_next(done: list[Task], *, access: Access) -> list[Task]:
    """The next occurrence of each task of a series: same words, people, records and checklist (unticked), at the next day of the calendar rule.

    Clock times stay what they are in the workspace's zone when clocks change. A task that has its next one already, whose series has ended
    or does not repeat, gives none. Three to six statements, however many tasks. Needs an open operation.
    """
    series = {t.pk: t for t in done if t.recurrence != Recurrence.NONE and t.due}
    if not series:
        return []
    taken = set(Task.objects.filter(previous_id__in=list(series)).values_list("previous_id", flat=True))
    made = [task for old in series.values() if old.pk not in taken and (task := _next(old, access)) is not None]
    Task.objects.bulk_create(made, batch_size=500)
    _copy_children(made)
    return made


def _next(old: Task, access: Access) -> Task | None:
    zone = access.workspace.zone
    due: datetime.date = old.due  # type: ignore[assignment]
    anchor = old.recurrence_anchor or due
    day = rules.next_due(anchor, old.recurrence, old.recurrence_every, due=due, today=_today(access), until=old.recurrence_until)
    if day is None:
        return None
    values: dict[str, Any] = {name: getattr(old, name) for name in _KEPT}
    return Task(
        **values,
        id=uuid7(),
        due=day,
        due_at=old.due_at and rules.same_time_on(day, old.due_at, zone),
        reminder_at=old.reminder_at and rules.moved(old.reminder_at, of=due, to=day, zone=zone),
        previous_id=old.pk,
    )


def _today(access: Access) -> datetime.date:
    """The calendar day of the workspace: a series does not depend on where the person who completes it happens to be."""
    return timezone.now().astimezone(access.workspace.zone).date()


def _copy_children(made: list[Task]) -> None:
    """Checklists and further records go along; the record that a task names is linked by the database."""
    if not made:
        return
    new: dict[uuid.UUID | None, Task] = {task.previous_id: task for task in made}
    items = ChecklistItem.objects.filter(task_id__in=list(new)).order_by("task_id", "position", "id")
    ChecklistItem.objects.bulk_create([ChecklistItem(task_id=new[i.task_id].pk, position=i.position, text=i.text) for i in items])
    links = []
    for link in TaskLink.objects.filter(task_id__in=list(new)):
        task = new[link.task_id]
        if Ref(link.record_type, link.record_id) != (task.record_type, task.record_id):
            links.append(TaskLink(task_id=task.pk, record_type=link.record_type, record_id=link.record_id))
    TaskLink.objects.bulk_create(links)
