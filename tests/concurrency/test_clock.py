"""A clock that jumps, forwards and back: nobody is locked out for ever, nothing loses its order, and the ledger takes rows of any month."""

from __future__ import annotations

import datetime
import threading
import uuid

import pytest
import time_machine
from asgiref.sync import async_to_sync
from django.test import Client

from patron.kernel import jobs as background
from patron.kernel.clock import Watch
from patron.kernel.tenancy import uuid7, workspace
from patron.ledger import jobs
from patron.ledger.models import Change
from patron.records import changes, registry
from patron.records.import_models import Import, ImportProgress, ImportState
from patron.records.imports import service
from patron.records.jobs import later
from patron.testing import PASSWORD, Scene, make_workspace
from tests.database import as_owner
from tests.records.import_kit import checked, inside, table
from tests.records.together import client

NOON = "2026-03-02T12:00:00Z"
DAY = 24 * 3600


def test_a_session_ends_two_weeks_on_and_survives_a_step_back(scene: Scene) -> None:
    home = f"/w/{scene.workspace.slug}/"
    with time_machine.travel(NOON, tick=False) as clock:
        browser = client(scene)
        assert browser.get(home).status_code == 200
        clock.shift(-DAY)
        assert browser.get(home).status_code == 200
        clock.shift(16 * DAY)
        assert browser.get(home).status_code == 302


@pytest.mark.parametrize("jump", [-DAY, DAY])
def test_a_lock_out_ends_although_the_clock_jumped(db: None, jump: int) -> None:
    people = make_workspace(password=PASSWORD)
    browser = Client(HTTP_HOST="127.0.0.1")

    def try_with(password: str) -> int:
        return int(browser.post("/auth/login/", {"login": f"alice@{people.workspace.slug}.example", "password": password}).status_code)

    with time_machine.travel(NOON, tick=False) as clock:
        assert [try_with("wrong") for _ in range(5)][-1] == 429
        clock.shift(jump)
        assert try_with(PASSWORD) in (302, 429)
        clock.shift(max(0, -jump) + 400)
        assert try_with(PASSWORD) == 302


def test_ids_follow_the_clock_and_never_repeat() -> None:
    made: list[uuid.UUID] = []
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(200):
            made.append(uuid7())
            clock.shift(0.001)
        assert made == sorted(made)
        clock.shift(-DAY)
        made += [uuid7() for _ in range(200)]
    assert len(set(made)) == 400
    assert all(i.version == 7 for i in made)


def test_an_import_of_a_clock_that_was_ahead_is_given_up_all_the_same(scene: Scene) -> None:
    with inside(scene) as view:
        item = checked(view, "leads", table(("Last",), ("Byron",)), {"columns": {"Last": "last_name"}})
        service.begin(item, ImportState.APPLYING)
        ImportProgress.objects.update(at=datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1))
        assert service.settled(Import.objects.get()).state == "checked"
        later(item, scene.users["dora"].pk, ImportState.APPLYING)
        ImportProgress.objects.update(at=datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1))
        assert service.settled(Import.objects.get()).state == "applying"


# --- the ledger ---------------------------------------------------------------------------------------------------------


def test_the_ledger_takes_rows_of_a_month_that_it_has_no_partition_for(lasting_scene: Scene) -> None:
    """As when the months were not made ahead, or the clock is years off: the rows are kept, found, and move once their month is made."""
    with workspace(lasting_scene.workspace.pk):
        access = lasting_scene.access()
        lead = changes.create(registry.get("leads"), {"last_name": "Byron"}, access=access)
        signed = Change.objects.get(row_id=lead.pk)
    columns = "workspace_id, operation_id, table_name, row_id, action, changes"
    copied = f"SELECT {columns}, timestamptz '%s' FROM ledger_change WHERE row_id = '{lead.pk}' AND at = '{signed.at.isoformat()}'"
    for day in ("2031-01-31 23:59:59.999999+00", "2031-02-01 00:00+00", "1999-12-31 12:00+00"):
        as_owner(f"INSERT INTO ledger_change ({columns}, at) {copied % day}")
    assert as_owner("SELECT count(*) FROM ledger_change_rest WHERE at > '2030-01-01'") == [(2,)]
    for _ in range(2):
        as_owner("SELECT ledger_partition('2031-02-17')")
    assert as_owner("SELECT count(*) FROM ledger_change_203102") == [(1,)]
    assert as_owner("SELECT count(*) FROM ledger_change_rest WHERE at > '2030-01-01'") == [(1,)]
    with workspace(lasting_scene.workspace.pk):
        assert Change.objects.filter(row_id=lead.pk).count() == 4
        assert Change.objects.filter(row_id=lead.pk, at__gte=datetime.datetime(2031, 2, 1, tzinfo=datetime.UTC)).count() == 1


def test_the_months_are_made_ahead_by_the_serving_role_and_stay_closed(committing: None) -> None:
    name = as_owner("SELECT 'ledger_change_' || to_char(now() + interval '2 months', 'YYYYMM')")[0][0]
    as_owner(f"DROP TABLE IF EXISTS {name}")
    jobs.months()
    assert as_owner(f"SELECT has_table_privilege('patron_app', '{name}', 'SELECT, INSERT, UPDATE, DELETE')") == [(False,)]


# --- background work ----------------------------------------------------------------------------------------------------


def test_a_clock_that_is_set_is_noticed_and_one_that_drifts_is_not() -> None:
    wall, steady = [1_000_000.0], [50.0]
    watch = Watch(lambda: wall[0], lambda: steady[0])
    for _ in range(100):  # a time server slows it down, little by little
        wall[0] += 0.9
        steady[0] += 1
        assert watch.jumped() == 0
    wall[0] -= DAY
    assert watch.jumped() == -DAY
    assert watch.jumped() == 0
    wall[0] += 2 * DAY
    assert watch.jumped() == 2 * DAY


@pytest.mark.parametrize("hours", [-26, 26])
def test_who_seems_dead_because_the_clock_was_set_is_looked_at_twice(committing: None, hours: int) -> None:
    """A worker that gives signs of life keeps its jobs, whatever their time; one that gives none loses them, also one from the future."""
    made = as_owner("WITH w AS (INSERT INTO procrastinate_workers (last_heartbeat) SELECT now() FROM generate_series(1, 2) RETURNING id) SELECT id FROM w ORDER BY id")
    alive, dead = made[0][0], made[1][0]
    as_owner(*(
        f"INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id, args) VALUES ('clock', 'nothing.{worker}', 'doing', {worker}, '{{}}')" for worker in (alive, dead)
    ))  # fmt: skip
    as_owner(f"UPDATE procrastinate_workers SET last_heartbeat = now() + interval '{hours} hours' WHERE id IN ({alive}, {dead})")
    try:
        living = threading.Timer(0.3, lambda: as_owner(f"SELECT procrastinate_update_heartbeat_v1({alive})"))
        living.start()
        async_to_sync(background.take_up_stalled)(look_again=1.0)
        living.join()
        assert as_owner(f"SELECT id FROM procrastinate_workers WHERE id IN ({alive}, {dead})") == [(alive,)]
        assert as_owner("SELECT task_name, status::text FROM procrastinate_jobs WHERE queue_name = 'clock' ORDER BY id") == [
            (f"nothing.{alive}", "doing"), (f"nothing.{dead}", "todo"),
        ]  # fmt: skip
    finally:
        as_owner("DELETE FROM procrastinate_jobs WHERE queue_name = 'clock'", f"DELETE FROM procrastinate_workers WHERE id IN ({alive}, {dead})")


def test_periodic_jobs_go_on_after_the_clock_was_set_back(committing: None) -> None:
    as_owner("INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp) SELECT 'clock', 'clock', extract(epoch FROM now())::bigint + s FROM unnest(ARRAY[-60, 40, 86400]) s")
    try:
        async_to_sync(background.forget_ahead)()
        assert as_owner("SELECT defer_timestamp < extract(epoch FROM now()) FROM procrastinate_periodic_defers WHERE task_name = 'clock'") == [(True,)]
    finally:
        as_owner("DELETE FROM procrastinate_periodic_defers WHERE task_name = 'clock'")
