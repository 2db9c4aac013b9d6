"""What is still to be done: on one record, and for one person on one day."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import F, QuerySet
from django.utils import timezone

from patron.collab import rules
from patron.collab.domain import activities, notifications
from patron.collab.domain.refs import Ref, Title, titles
from patron.collab.enums import ActivityKind, TaskState
from patron.collab.models import Activity, Task
from patron.identity.access import Access
from patron.records import registry, seen

MOST = 100


@dataclass(frozen=True, slots=True)
class Step:
    """An open task or a planned call or meeting. `day` is None for a task without one; `at` the instant where the hour matters; `may` says
    whether the person may finish it."""

    ref: Ref
    kind: str
    subject: str
    day: datetime.date | None
    at: datetime.datetime | None
    who: str
    priority: str
    overdue: bool
    about: Title | None
    may: bool


class Steps(NamedTuple):
    """Steps in the order they are due, undated ones last; `total` is how many there are in all."""

    steps: list[Step]
    total: int


class Day(NamedTuple):
    """A person's day. `notices` are the newest unread ones, `unread` is how many there are. `more`: some steps did not fit in `MOST`."""

    overdue: list[Step]
    today: list[Step]
    week: list[Step]
    notices: list[notifications.Notice]
    unread: int
    more: bool


def on_record(ref: Ref, access: Access, limit: int = 5) -> Steps:
    """What is ahead on a record: open tasks and planned calls and meetings that the person may see. Two queries, four where there are many."""

    def tasks(record: uuid.UUID) -> QuerySet[Task]:
        return _open_tasks(access).filter(links__record_id=record)

    def planned(record: uuid.UUID) -> QuerySet[Activity]:
        return Activity.objects.visible_to(access).filter(done=False, archived_at__isnull=True, links__record_id=record)

    first = seen.rows(access, ("tasks",), ("collab.ahead", limit), lambda record: _first(tasks(record), limit), record=ref.id)
    ahead = seen.rows(
        access, ("activities",), ("collab.planned", limit), lambda record: planned(record).select_related("owner").order_by("at", "id")[:limit], record=ref.id
    )
    total = sum(len(found) if len(found) < limit else int(rows(ref.id).count()) for found, rows in ((first, tasks), (ahead, planned)))
    return Steps(_steps(first, ahead, access, with_titles=False)[:limit], total)


def my_day(access: Access) -> Day:
    """What needs the person now: their overdue steps, today's, those of the next seven days, and what they were told.

    Days are those of the person's zone. At most `MOST` tasks and `MOST` calls and meetings, the earliest first. Five queries and one per type.
    """
    today = access.today()
    end = rules.end_of(today + datetime.timedelta(days=7), access.zone)
    tasks = list(_mine(access).filter(due__lte=today + datetime.timedelta(days=7)).select_related("assignee").order_by("due", "id")[: MOST + 1])
    planned = list(activities.planned(access, end).select_related("owner")[: MOST + 1])
    steps = [s for s in _steps(tasks[:MOST], planned[:MOST], access, with_titles=True) if s.day is not None]
    told = notifications.notices(access, limit=10, unread_only=True)
    late = [s for s in steps if s.overdue]
    rest = [s for s in steps if not s.overdue]
    now = [s for s in rest if s.day and s.day <= today]
    return Day(late, now, rest[len(now) :], told.items, told.unread, len(tasks) > MOST or len(planned) > MOST)


def waiting(access: Access) -> int:
    """How many open tasks of the person are due today or overdue: the figure in the sidebar."""
    return int(_mine(access).filter(due__lte=access.today()).count())


def _open_tasks(access: Access) -> QuerySet[Task]:
    rows: QuerySet[Task] = Task.objects.visible_to(access)
    return rows.filter(state=TaskState.OPEN, archived_at__isnull=True)


def _mine(access: Access) -> QuerySet[Task]:
    return _open_tasks(access).filter(assignee_id=access.member_id) if access.member_id else Task.objects.none()


def _first(tasks: QuerySet[Task], limit: int) -> QuerySet[Task]:
    return tasks.select_related("assignee").order_by(F("due").asc(nulls_last=True), F("due_at").asc(nulls_last=True), "id")[:limit]


def _steps(tasks: list[Task], planned: list[Activity], access: Access, *, with_titles: bool) -> list[Step]:
    about = _about(tasks, planned) if with_titles else {}
    known = titles(about.values(), access)
    now, today = timezone.now(), access.today()
    steps = [_of_task(t, known.get(about.get(t.pk, _NONE)), access, now, today) for t in tasks]
    steps += [_of_activity(a, known.get(about.get(a.pk, _NONE)), access, now) for a in planned]
    return sorted(steps, key=lambda s: (s.day or datetime.date.max, s.at or rules.end_of(s.day or today, access.zone), s.ref.id))


_NONE = Ref("", uuid.UUID(int=0))


def _about(tasks: list[Task], planned: list[Activity]) -> dict[uuid.UUID, Ref]:
    """The record that each step is about: the one a task names, the first that an activity was linked to."""
    found = {t.pk: Ref(t.record_type, t.record_id) for t in tasks if t.record_id}
    links: Any = Activity.objects.filter(pk__in=[a.pk for a in planned]).values_list("pk", "links__record_type", "links__record_id")
    for pk, key, record_id in links.order_by("pk", "-links__id"):
        if record_id:
            found[pk] = Ref(key, record_id)
    return found


def _may(step: Task | Activity, access: Access) -> bool:
    return registry.of_model(type(step)).allows(step, access, "act")


def _of_task(task: Task, about: Title | None, access: Access, now: datetime.datetime, today: datetime.date) -> Step:
    late = task.due_at < now if task.due_at else task.due is not None and task.due < today
    day = task.due_at.astimezone(access.zone).date() if task.due_at else task.due
    who = task.assignee.name if task.assignee else ""
    return Step(Ref("tasks", task.pk), task.kind, task.subject, day, task.due_at, who, task.priority, late, about, _may(task, access))


def _of_activity(activity: Activity, about: Title | None, access: Access, now: datetime.datetime) -> Step:
    subject = activity.subject or str(ActivityKind(activity.kind).label)
    who = activity.owner.name if activity.owner else ""
    day = activity.at.astimezone(access.zone).date()
    late = activity.at < now
    return Step(Ref("activities", activity.pk), activity.kind, subject, day, activity.at, who, "normal", late, about, _may(activity, access))
