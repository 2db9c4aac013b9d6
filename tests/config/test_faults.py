"""A whole Patron loses its worker, then its database, in the middle of a job: everything comes back by itself and the job is done, once."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import psycopg
import pytest

from patron.config import embedded

if TYPE_CHECKING:
    from tests.config.conftest import Site

_TASK = "tests.slow"


def connect(site: Site) -> psycopg.Connection:
    """As the owner, whatever state the server is in right now."""
    until = time.monotonic() + 30
    while True:
        try:
            url = embedded.running_url(site.data)
            if url:
                return psycopg.connect(url, autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
        time.sleep(0.1)


def wait_for(question: Callable[[], object], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.1)


def defer(site: Site) -> int:
    """A job that writes a row, waits two seconds inside its transaction and writes another: only whole does it count."""
    with connect(site) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS effects (job bigint, part int)")
        owner.execute("GRANT ALL ON effects TO patron_app")
        (job,) = owner.execute("INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', %s, '{}') RETURNING id", [_TASK]).fetchone() or (0,)
        owner.execute("SELECT pg_notify('procrastinate_any_queue_v1', %s)", [f'{{"type": "job_inserted", "job_id": {job}}}'])
    return int(job)


def status(site: Site, job: int) -> str:
    try:
        with connect(site) as owner:
            (found,) = owner.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", [job]).fetchone() or ("",)
            return str(found)
    except psycopg.Error:
        return "the database is away"


def effects(site: Site) -> int:
    with connect(site) as owner:
        (count,) = owner.execute("SELECT count(*) FROM effects").fetchone() or (0,)
        return int(count)


@pytest.mark.parametrize("victim", ["worker", "database"])
def test_a_job_that_was_cut_off_is_done_once_and_whole(site: Site, victim: str) -> None:
    site.keep_promises()
    site.start()
    job = defer(site)
    wait_for(lambda: status(site, job) == "doing")
    server = site.cluster.running()
    assert server is not None
    os.kill(site.recorded()["worker"] if victim == "worker" else server.pid, signal.SIGKILL)
    wait_for(lambda: status(site, job) == "succeeded")

    assert effects(site) == 2
    wait_for(lambda: bool(site.page()))
