"""The checklist of a task."""

import uuid
from typing import Annotated, Any

from django.db.models import Max
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.collab.models import ChecklistItem, Task
from patron.identity.access import Access
from patron.ledger.operations import operation
from patron.records import registry
from patron.records.verbs import Input, Refused, verb

MOST = 100
_LONGEST = 200


@verb("tasks", "add_items", label=_("Add to checklist"), icon="list-checks", action="edit", order=50, done=_("Checklist extended"))
def add_items(
    task: Task, *, access: Access, items: Annotated[str, Input(_("Items"), kind="long_text", hint=_("One per line."))]
) -> list[ChecklistItem]:
    """Add lines to the end of a task's checklist; empty ones are left out. At most `MOST` in all, 200 characters each."""
    lines = [line.strip() for line in items.splitlines() if line.strip()]
    there = ChecklistItem.objects.filter(task_id=task.pk)
    if there.count() + len(lines) > MOST:
        raise Refused(_now("A checklist has at most %(most)s items.") % {"most": MOST}, field="items")
    if long := next((line for line in lines if len(line) > _LONGEST), None):
        raise Refused(_now("Shorten “%(start)s…” to %(most)s characters.") % {"start": long[:30], "most": _LONGEST}, field="items")
    last: Any = there.aggregate(last=Max("position"))["last"]
    start = -1 if last is None else last
    rows = [ChecklistItem(task_id=task.pk, position=start + n, text=line) for n, line in enumerate(lines, 1)]
    with operation("tasks.add_items", access=access, subject=("tasks", task.pk)):
        ChecklistItem.objects.bulk_create(rows)
    return rows


def tick(item_id: uuid.UUID, *, done: bool, access: Access) -> Task | None:
    """Tick an item, or take the tick away; answers its task. None where there is no such item or the person may not see its task.

    Raises `Refused` where they may see it but not change it. Ticking the last one does not complete the task: a person decides that.
    """
    item = ChecklistItem.objects.select_for_update(of=("self",)).select_related("task").filter(pk=item_id).first()
    task_type = registry.get("tasks")
    if item is None or not task_type.allows(item.task, access, "view"):
        return None
    task: Task = item.task
    if not (task_type.allows(task, access, "edit") or task_type.allows(task, access, "act")):
        raise Refused(_now("Your role does not allow this."))
    if item.done != done:
        with operation("tasks.tick", access=access, subject=("tasks", task.pk), details={"item": item.text, "done": done}):
            ChecklistItem.objects.filter(pk=item.pk).update(done=done)
    return task
