"""Things that people do at the very same moment: each in a thread with a connection of its own, all of them waiting for one lock before any goes on."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, connections
from django.test import Client

from patron.testing import Scene

Act = Callable[[], Any]
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'"


def client(scene: Scene, who: str = "dora", *, hx: bool = False) -> Client:
    """A signed-in browser; a fault of the server is an answer, as it would be for a person."""
    found = Client(HTTP_HOST="127.0.0.1", raise_request_exception=False, **({"HTTP_HX_REQUEST": "true"} if hx else {}))
    found.force_login(scene.users[who])
    return found


def together(*acts: Act, gate: contextlib.AbstractContextManager[Any] | None = None) -> list[Any]:
    """What each act answered, or raised. `gate` holds locks that the acts need while they start: they pass it when all wait there."""
    answers: list[Any] = [None] * len(acts)
    ready = threading.Barrier(len(acts))

    def run(place: int, act: Act) -> None:
        try:
            ready.wait(20)
            answers[place] = act()
        except Exception as error:  # noqa: BLE001 (the test looks at it)
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    with gate or contextlib.nullcontext():
        for thread in threads:
            thread.start()
        if gate is not None:
            _until_waiting(len(acts), threads)
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "they wait for each other for ever"
    return answers


def _until_waiting(count: int, threads: list[threading.Thread]) -> None:
    """Until so many wait for a lock; or until those that need none are through and the others wait."""
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < until and any(thread.is_alive() for thread in threads):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(_WAITING)
            if cursor.fetchone()[0] >= min(count, sum(thread.is_alive() for thread in threads)):
                return
            time.sleep(0.02)


@contextlib.contextmanager
def held(scene: Scene, model: Any, *ids: Any) -> Iterator[None]:
    """The rows locked by somebody who changes nothing."""
    from patron.kernel.tenancy import workspace

    with workspace(scene.workspace.pk):
        assert len(model.objects.select_for_update(of=("self",)).filter(pk__in=ids).values_list("pk")) == len(ids)
        yield


def statuses(answers: list[Any]) -> list[int]:
    """The status of each answer, in order of size; an exception fails the test with its words."""
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return sorted(answer.status_code for answer in answers)


def words(answer: Any) -> str:
    """What a page says, without its markup."""
    import html
    import re

    text = answer.content.decode() + answer.headers.get("HX-Trigger", "")
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))
