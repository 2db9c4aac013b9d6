"""Calls, meetings, notes, tasks, and what people were told."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from patron.collab.models import Activity, ActivityLink, Attendee, ChecklistItem, Mention, Notification, Task, TaskLink
from patron.demo.loading.book import Book, stamps, uuid_at, write
from patron.demo.loading.touching import Touches
from patron.demo.story import things

PLANNED_BEFORE = datetime.timedelta(days=2)
#: What the story calls a notification, and what the application does.
KINDS = {"assigned": "assigned", "mentioned": "mentioned", "review due": "review_opened", "lead assigned": "assigned"}


def load(book: Book, touches: Touches) -> None:
    """Write activities and tasks with their links, mentions and notifications."""
    story = book.story
    write(Activity, (_activity(book, activity) for activity in story.activities))
    write(ActivityLink, (
        ActivityLink(id=uuid_at(activity.at), activity_id=book.id("activities", activity.key), record_type=ref.type_key, record_id=ref.id, at=activity.at)
        for activity in story.activities for ref in touches.activity_links[activity.key]
    ))  # fmt: skip
    write(Attendee, (attendee for activity in story.activities for attendee in _attendees(book, activity)))
    write(Mention, (
        Mention(
            id=uuid_at(activity.at), member_id=book.id("people", person), activity_id=book.id("activities", activity.key), text=names[person]
        )
        for names in [{person.key: person.name for person in story.people}] for activity in story.activities for person in activity.mentions
    ))  # fmt: skip
    _tasks(book, touches)
    write(Notification, (_notification(book, notification) for notification in story.notifications))


def _activity(book: Book, activity: things.Activity) -> Activity:
    planned = activity.state == "planned"
    return Activity(
        id=book.id("activities", activity.key), kind=activity.kind, subject=activity.subject, body=activity.body, at=activity.at,
        minutes=activity.minutes or None, outcome=_outcome(activity), direction=activity.direction, location=activity.place, done=not planned,
        owner_id=book.person(activity.by), **stamps(min(activity.at, book.now - PLANNED_BEFORE) if planned else activity.at),
    )  # fmt: skip


def _outcome(activity: things.Activity) -> str:
    held = activity.kind == "meeting" and activity.state == "done"
    return "held" if held else activity.outcome


def _attendees(book: Book, activity: things.Activity) -> Iterator[Attendee]:
    """Who took part in a call or a meeting; a note is written by one."""
    if activity.kind == "note":
        return
    pk = book.id("activities", activity.key)
    for key in dict.fromkeys(filter(None, (activity.contact, *activity.contacts))):
        yield Attendee(id=uuid_at(activity.at), activity_id=pk, record_type="contacts", record_id=book.id("contacts", key))
    for person in dict.fromkeys(activity.people):
        yield Attendee(id=uuid_at(activity.at), activity_id=pk, member_id=book.person(person))


def _tasks(book: Book, touches: Touches) -> None:
    tasks = book.story.tasks
    write(Task, (_task(book, task) for task in tasks))
    write(TaskLink, (  # the first one is made by the database itself
        TaskLink(id=uuid_at(task.created_at), task_id=book.id("tasks", task.key), record_type=ref.type_key, record_id=ref.id)
        for task in tasks for ref in touches.task_links[task.key][1:]
    ))  # fmt: skip
    write(ChecklistItem, (
        ChecklistItem(id=uuid_at(task.created_at), task_id=book.id("tasks", task.key), position=place, text=item.text, done=item.done)
        for task in tasks for place, item in enumerate(task.checklist)
    ))  # fmt: skip


def _task(book: Book, task: things.Task) -> Task:
    about = book.ref(task.about) if task.about else None
    done = task.state == "done" and ("tasks", task.key) not in book.held
    return Task(
        id=book.id("tasks", task.key), subject=task.title, description=task.description, kind=task.kind, due=task.due, priority=task.priority,
        assignee_id=book.person(task.assignee), owner_id=book.person(task.created_by), state="done" if done else "open",
        done_at=task.done_at if done else None, done_by_id=book.person(task.done_by) if done else None, record_type=about.type_key if about else "",
        record_id=about.id if about else None, **stamps(task.created_at, task.done_at if done else None),
    )  # fmt: skip


def _notification(book: Book, notification: things.Notification) -> Notification:
    about = book.ref(notification.about)
    who = next((person.name for person in book.story.people if person.key == notification.by), "")
    return Notification(
        id=uuid_at(notification.at), member_id=book.id("people", notification.to), kind=KINDS[notification.kind], params={"who": who},
        record_type=about.type_key, record_id=about.id, key=f"{KINDS[notification.kind]}:{notification.key}:{about}", at=notification.at,
        read_at=notification.read_at,
    )  # fmt: skip
