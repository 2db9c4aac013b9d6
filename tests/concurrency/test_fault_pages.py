"""What a person reads when the database goes away, somebody is faster or the disk is full; and that nothing was written then."""

from __future__ import annotations

import errno
import threading
import time
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.test import RequestFactory

from patron.kernel import faults
from patron.kernel.faults import Trouble, trouble_of
from patron.kernel.tenancy import workspace
from patron.records import changes, registry
from patron.sales.models import Lead
from patron.testing import Scene
from tests.records.import_kit import inside
from tests.records.together import client, held, words

_WAITER = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'"


def cut_off(scene: Scene, how: str, *, hx: bool = False) -> tuple[Any, Lead]:
    """An inline edit whose connection to the database is `how` (pg_terminate_backend, pg_cancel_backend) while it waits for a row."""
    with inside(scene) as view:
        lead = changes.create(registry.get("leads"), {"last_name": "Byron", "city": "Bonn"}, access=view.access)
    browser, answers = client(scene, hx=hx), []

    def edit() -> None:
        try:
            answers.append(browser.post(f"/w/{scene.workspace.slug}/leads/{lead.pk}/field/city/", {"city": "Ulm", "revision": 1}))
        finally:
            connections.close_all()

    thread = threading.Thread(target=edit)
    with held(scene, Lead, lead.pk), connection.cursor() as cursor:
        thread.start()
        while True:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(_WAITER)
            if found := cursor.fetchone():
                break
            assert thread.is_alive()
            time.sleep(0.02)
        cursor.execute(f"SELECT {how}(%s)", [found[0]])
        thread.join(30)
    with workspace(scene.workspace.pk):
        return answers[0], Lead.objects.get(pk=lead.pk)


@pytest.mark.parametrize("hx", [False, True])
def test_a_page_says_that_the_database_is_away_and_the_next_one_works(lasting_scene: Scene, hx: bool) -> None:
    answer, lead = cut_off(lasting_scene, "pg_terminate_backend", hx=hx)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "done whole or not at all" in words(answer)
    assert ("<html" in answer.content.decode()) is not hx
    assert lead.city == "Bonn"
    assert client(lasting_scene).get(f"/w/{lasting_scene.workspace.slug}/leads/{lead.pk}/").status_code == 200


def test_whoever_has_to_give_way_is_told(lasting_scene: Scene) -> None:
    answer, lead = cut_off(lasting_scene, "pg_cancel_backend")
    assert answer.status_code == 409
    assert "Somebody else was changing the same records" in words(answer)
    assert lead.city == "Bonn"


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), Trouble.FULL),
        (psycopg.errors.DiskFull(), Trouble.FULL),
        (psycopg.errors.DeadlockDetected(), Trouble.BUSY),
        (psycopg.errors.SerializationFailure(), Trouble.BUSY),
        (psycopg.errors.CannotConnectNow(), Trouble.AWAY),
        (psycopg.errors.TooManyConnections(), Trouble.AWAY),
        (psycopg.OperationalError("server closed the connection unexpectedly"), Trouble.AWAY),
        (psycopg.errors.UndefinedTable(), None),
        (OSError(errno.ENOENT, "No such file"), None),
        (ValueError("a mistake of ours"), None),
    ],
)
def test_each_fault_has_its_words(error: Exception, trouble: Trouble | None) -> None:
    assert trouble_of(error) == trouble
    try:
        raise RuntimeError("the door") from error
    except RuntimeError:
        answer = faults.server_error(RequestFactory().post("/"))
    assert answer.status_code == (trouble.value if trouble else 500)
    said = words(answer)
    assert ("Nothing was written" in said) is (trouble is not Trouble.AWAY)
    assert ("disk" in said) is (trouble is Trouble.FULL)
