"""Work in the background, and two people at the same time."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from patron.collab import jobs
from patron.collab.domain import reminders, task_verbs
from patron.collab.domain.tasks import create_task
from patron.collab.models import Notification, Task
from patron.kernel.tenancy import workspace
from patron.records.verbs import Refused
from patron.testing import Scene, make_workspace, open_workspace


def test_each_workspace_is_reminded_and_one_that_fails_stops_no_other(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_workspace()
    for place in (scene, other):
        with open_workspace(place, "alice") as alice:
            create_task(access=alice, subject="Call", reminder_at=timezone.now())
    send = reminders.send_due
    failed: list[Any] = []

    def fails_first(now: Any) -> int:
        if not failed:
            failed.append(now)
            raise RuntimeError("out of luck")
        return send(now)

    monkeypatch.setattr(reminders, "send_due", fails_first)
    told = jobs.remind(0)
    assert told >= 1
    assert failed
    jobs.remind(0)
    for place in (scene, other):
        with open_workspace(place, "alice"):
            assert Notification.objects.filter(kind="reminder").count() == 1


def test_two_people_completing_one_task_make_one_next(lasting_scene: Scene) -> None:
    with open_workspace(lasting_scene, "alice") as alice:
        task = create_task(access=alice, subject="Weekly", due=alice.today(), recurrence="weekly")
    start = threading.Barrier(4)
    answers: list[Any] = []

    def complete() -> None:
        try:
            with workspace(lasting_scene.workspace.pk):
                access = lasting_scene.access("alice")
                start.wait()
                answers.append(len(task_verbs.complete_task(task, access=access)))
        except Refused:
            answers.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=complete) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers, key=str) == [1, "refused", "refused", "refused"]
    with open_workspace(lasting_scene, "alice"):
        assert Task.objects.filter(previous=task).count() == 1
