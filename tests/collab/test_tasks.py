"""Making tasks and doing them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from patron.collab.domain import task_verbs
from patron.collab.domain.refs import Ref
from patron.collab.domain.tasks import create_task
from patron.collab.models import ChecklistItem, Notification, Task, TaskLink
from patron.identity.access import Access
from patron.kernel.tenancy import workspace
from patron.ledger.undo import undo
from patron.records import changes, perform, registry
from patron.records.verbs import Refused
from patron.testing import Scene, open_workspace

day = datetime.date.fromisoformat


def instant(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


def the_next(task: Task) -> Task | None:
    found: Task | None = Task.objects.filter(previous=task).first()
    return found


def test_a_new_task_is_the_makers_own_and_hangs_on_its_record(access: Access, ref: Ref) -> None:
    task = create_task(access=access, subject="Send the quote", about=ref, due=day("2026-11-20"))
    assert (task.owner_id, task.assignee_id, task.state) == (access.member_id, access.member_id, "open")
    assert list(TaskLink.objects.values_list("task", "record_type", "record_id")) == [(task.pk, "accounts", ref.id)]


def test_moving_a_task_to_another_record_moves_its_first_link(access: Access, ref: Ref, make: Any) -> None:
    task, other = create_task(access=access, subject="Call", about=ref), make("Initech")
    Task.objects.filter(pk=task.pk).update(record_id=other.pk)
    assert list(TaskLink.objects.values_list("record_id", flat=True)) == [other.pk]


def test_an_hour_gives_the_day_in_the_workspaces_zone(access: Access) -> None:
    task = create_task(access=access, subject="Call New York", due_at=instant("2026-11-19T23:30"))
    assert task.due == day("2026-11-20")  # half past midnight in Berlin


def test_a_new_day_takes_the_hour_along(access: Access) -> None:
    task = create_task(access=access, subject="Stand-up", due_at=instant("2026-03-28T08:00"))
    changes.edit(registry.get("tasks"), task, {"due": day("2026-03-30")}, access=access)
    task.refresh_from_db()
    assert task.due_at == instant("2026-03-30T07:00")  # still 09:00, in summer time


def test_without_a_day_there_is_no_hour(access: Access) -> None:
    task = create_task(access=access, subject="Stand-up", due_at=instant("2026-03-28T08:00"))
    changes.edit(registry.get("tasks"), task, {"due": None}, access=access)
    task.refresh_from_db()
    assert (task.due, task.due_at) == (None, None)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"subject": "  "}, "subject"),
        ({"subject": "x", "kind": "follow_up"}, "due"),
        ({"subject": "x", "recurrence": "weekly"}, "due"),
        ({"subject": "x", "recurrence": "weekly", "due": day("2026-02-01"), "recurrence_every": 0}, "recurrence_every"),
        ({"subject": "x", "recurrence": "daily", "due": day("2026-02-01"), "recurrence_until": day("2026-01-31")}, "recurrence_until"),
        ({"subject": "x", "due": day("2026-02-01"), "due_at": instant("2026-03-01T08:00")}, "due_at"),
    ],
)
def test_what_does_not_fit_is_said_where_it_arises(access: Access, values: dict[str, Any], field: str) -> None:
    with pytest.raises(changes.NotValid) as refused:
        create_task(access=access, **values)
    assert list(refused.value.errors) == [field]
    assert not Task.objects.exists()


def test_the_database_holds_the_rules_too(access: Access) -> None:
    for values in (
        {"state": "done"},
        {"kind": "follow_up"},
        {"due_at": instant("2026-01-01T00:00")},
        {"record_type": "accounts"},
        {"recurrence": "daily"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Task.objects.create(subject="x", **values)


def test_completing_says_when_and_who_and_adds_the_time(access: Access) -> None:
    task = create_task(access=access, subject="x")
    Task.objects.filter(pk=task.pk).update(minutes=10)
    task_verbs.complete_task(task, access=access, minutes=25)
    task.refresh_from_db()
    assert (task.state, task.done_by_id, task.minutes) == ("done", access.member_id, 35)
    assert task.done_at is not None


def test_completing_twice_is_refused_and_makes_one_next(access: Access) -> None:
    task = create_task(access=access, subject="x", due=day("2026-01-31"), recurrence="monthly")
    task_verbs.complete_task(task, access=access)
    with pytest.raises(Refused):
        task_verbs.complete_task(task, access=access)
    assert Task.objects.filter(previous=task).count() == 1


@time_machine.travel("2026-01-10T12:00Z", tick=False)
def test_a_series_from_the_31st(access: Access, ref: Ref) -> None:
    task = create_task(
        access=access, subject="Close the books", about=ref, due=day("2026-01-31"), recurrence="monthly", checklist=["Bank", "Cash"], priority="high"
    )
    ChecklistItem.objects.update(done=True)
    seen = []
    for _n in range(4):
        (task,) = task_verbs.complete_task(task, access=access)
        seen.append(str(task.due))
    assert seen == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]
    assert (task.subject, task.priority, task.record_id, task.state) == ("Close the books", "high", ref.id, "open")
    assert list(task.checklist.values_list("text", "done")) == [("Bank", False), ("Cash", False)]


@time_machine.travel("2026-03-24T12:00Z", tick=False)
def test_a_series_keeps_its_clock_time_when_clocks_change(access: Access) -> None:
    task = create_task(
        access=access, subject="Weekly call", due_at=instant("2026-03-24T08:00"), reminder_at=instant("2026-03-23T17:00"), recurrence="weekly"
    )
    (after,) = task_verbs.complete_task(task, access=access)
    assert (after.due, after.due_at, after.reminder_at) == (day("2026-03-31"), instant("2026-03-31T07:00"), instant("2026-03-30T16:00"))


@time_machine.travel("2026-03-20T12:00Z", tick=False)
def test_missed_days_are_not_piled_up(access: Access) -> None:
    task = create_task(access=access, subject="Water the plants", due=day("2026-03-02"), recurrence="weekly")
    assert [t.due for t in task_verbs.complete_task(task, access=access)] == [day("2026-03-23")]


@time_machine.travel("2026-03-02T12:00Z", tick=False)
def test_a_series_ends(access: Access) -> None:
    task = create_task(access=access, subject="x", due=day("2026-03-02"), recurrence="daily", recurrence_until=day("2026-03-03"))
    (last,) = task_verbs.complete_task(task, access=access)
    assert task_verbs.complete_task(last, access=access) == []


@time_machine.travel("2026-03-02T12:00Z", tick=False)
def test_putting_off_leaves_the_series_where_it_is(access: Access) -> None:
    task = create_task(access=access, subject="x", due_at=instant("2026-03-02T09:00"), reminder_at=instant("2026-03-02T08:00"), recurrence="weekly")
    task_verbs.snooze_task(task, access=access, until=day("2026-03-04"))
    task.refresh_from_db()
    assert (task.due, task.due_at, task.reminder_at) == (day("2026-03-04"), instant("2026-03-04T09:00"), instant("2026-03-04T08:00"))
    (after,) = task_verbs.complete_task(task, access=access)
    assert after.due == day("2026-03-09")


def test_putting_off_to_the_past_is_refused(access: Access) -> None:
    task = create_task(access=access, subject="x")
    with pytest.raises(Refused) as refused:
        task_verbs.snooze_task(task, access=access, until=access.today() - datetime.timedelta(days=1))
    assert refused.value.field == "until"


def test_reopen_and_cancel(access: Access) -> None:
    task = create_task(access=access, subject="x")
    task_verbs.complete_task(task, access=access)
    task_verbs.reopen_task(task, access=access)
    task.refresh_from_db()
    assert (task.state, task.done_at, task.done_by_id) == ("open", None, None)
    task_verbs.cancel_task(task, access=access)
    task.refresh_from_db()
    assert task.state == "cancelled"
    with pytest.raises(Refused):
        task_verbs.cancel_task(task, access=access)


def test_cancelling_ends_a_series(access: Access) -> None:
    task = create_task(access=access, subject="x", due=day("2026-03-02"), recurrence="daily")
    task_verbs.cancel_task(task, access=access)
    assert the_next(task) is None


@pytest.mark.parametrize("name", ["complete", "reopen", "cancel", "snooze", "assign"])
def test_many_at_once_take_as_many_statements_as_a_few(scene: Scene, name: str) -> None:
    taken = []
    for how_many in (2, 20):
        with open_workspace(scene, "erin") as access:
            tasks = [create_task(access=access, subject=f"t{i}", due=access.today(), recurrence="weekly") for i in range(how_many)]
            rows = Task.objects.filter(pk__in=[t.pk for t in tasks])
            if name == "reopen":
                rows.update(state="cancelled")
            verb = registry.verb("tasks", name)
            given: dict[str, dict[str, Any]] = {"snooze": {"until": access.today()}, "assign": {"assignee": scene.members["bob"]}}
            with CaptureQueriesContext(connection) as seen:
                done = perform.perform_many(verb, registry.get("tasks"), rows, access=access, inputs=given.get(name, {}))
            assert done.count == how_many
            taken.append(len(seen))
    assert taken[0] == taken[1]


def test_only_ones_own_tasks_can_be_done(scene: Scene) -> None:
    with open_workspace(scene, "alice") as alice:
        task = create_task(access=alice, subject="Mine")
    with open_workspace(scene, "charlie") as charlie, pytest.raises(perform.NotAllowed):
        perform.perform(registry.verb("tasks", "complete"), registry.get("tasks"), task, access=charlie, inputs={})
    with open_workspace(scene, "alice") as alice:
        other = create_task(access=alice, subject="Yours", assignee=scene.members["charlie"])
    with open_workspace(scene, "charlie") as charlie:
        perform.perform(registry.verb("tasks", "complete"), registry.get("tasks"), other, access=charlie, inputs={})


def test_undoing_a_completion_takes_the_next_one_away(scene: Scene) -> None:
    with open_workspace(scene, "alice") as access:
        task = create_task(access=access, subject="x", due=access.today(), recurrence="weekly", checklist=["one"])
    with workspace(scene.workspace.pk):
        access = scene.access("alice")
        done = perform.perform(registry.verb("tasks", "complete"), registry.get("tasks"), task, access=access, inputs={})
        assert the_next(task) is not None
        undo(done.operation_id, access=access)
        task.refresh_from_db()
        assert (task.state, task.done_at, the_next(task)) == ("open", None, None)


def test_an_assignee_is_told_once_and_the_maker_learns_of_the_end(scene: Scene) -> None:
    with open_workspace(scene, "alice") as alice:
        task = create_task(access=alice, subject="Prepare the demo", assignee=scene.members["bob"])
    with open_workspace(scene, "bob") as bob:
        task_verbs.complete_task(task, access=bob)
        told = list(Notification.objects.order_by("at", "pk").values_list("member__name", "kind"))
    assert told == [("Bob", "assigned"), ("Alice", "completed")]
