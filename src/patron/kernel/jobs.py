"""Background work that was cut off is taken up again, and what is over is forgotten. Found by procrastinate under the name `jobs`.

A worker gives a sign of life every few seconds. One that was killed gives none; its jobs would stay "being done" for ever, and with them every later job
that waits for the same lock. Every job of Patron does its work in one transaction or is harmless to repeat, so it is simply done again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time

from asgiref.sync import async_to_sync
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status

from patron.kernel.clock import TOLERATED, Watch

log = logging.getLogger(__name__)
SIGN_OF_LIFE = 3.0  # seconds between two
SILENCE = 15.0  # seconds without one after which a worker is taken for dead
ATTEMPTS = 5  # a job that ends its worker each time is not tried for ever
LOOK_AGAIN = 2 * SIGN_OF_LIFE  # seconds between two looks at a worker that seems dead
KEEP_HOURS = 24 * 7


#: Workers whose last sign of life is not of these seconds: dead, or the clock was set.
_SUSPECT = """
SELECT id, last_heartbeat::text AS seen FROM procrastinate_workers
WHERE last_heartbeat NOT BETWEEN now() - make_interval(secs => %(silence)s) AND now() + make_interval(secs => %(silence)s)
"""
_BURY = "DELETE FROM procrastinate_workers WHERE id = ANY(%(ids)s) RETURNING id"
#: That a periodic job was begun at a time that is still to come: written by a clock that was ahead, it would keep the job from being begun until then.
_AHEAD = "DELETE FROM procrastinate_periodic_defers WHERE defer_timestamp > %(now)s RETURNING id"
_ANY = 10**9  # seconds: only jobs without a worker, however old the others' signs of life seem


async def take_up_stalled(silence: float = SILENCE, *, look_again: float = LOOK_AGAIN) -> int:
    """Put the jobs of dead workers back into the queue; those that died too often fail. Answers how many go on.

    Who seems dead is looked at twice: after a clock was set, all signs of life look old, or come from the future.
    """
    again = 0
    manager = app.job_manager
    suspects = await _suspects(silence)
    if suspects:
        await asyncio.sleep(look_again)
        dead = [pk for pk, seen in (await _suspects(silence)).items() if suspects.get(pk) == seen]
        await app.connector.execute_query_all_async(_BURY, ids=dead)
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=_ANY):
        try:
            if job.attempts + 1 >= ATTEMPTS:
                await manager.finish_job(job, Status.FAILED, delete_job=False)
                log.error("job %s (%s) was cut off %s times and is given up", job.id, job.task_name, ATTEMPTS)
                continue
            again += await _again(job)
        except ConnectorException:
            log.warning("job %s (%s) was not taken up again: it has moved on meanwhile", job.id, job.task_name)
    return again


async def _suspects(silence: float) -> dict[int, str]:
    return {row["id"]: row["seen"] for row in await app.connector.execute_query_all_async(_SUSPECT, silence=silence)}


async def forget_ahead() -> int:
    """Let periodic jobs be begun again that a clock ahead of its time began; answers how many beginnings were forgotten."""
    return len(await app.connector.execute_query_all_async(_AHEAD, now=int(time.time() + TOLERATED)))


async def _again(job: Job) -> int:
    """Back into the queue, unless a twin of it waits there already, which then does the work of both."""
    try:
        await app.job_manager.retry_job(job)
    except UniqueViolation:
        await app.job_manager.finish_job(job, Status.ABORTED, delete_job=False)
        return 0
    log.warning("job %s (%s) was cut off and goes on", job.id, job.task_name)
    return 1


@app.periodic(cron="* * * * *", periodic_id="kernel.take_up")
@app.task(name="kernel.take_up", queueing_lock="kernel.take_up")
async def take_up(timestamp: int = 0) -> int:
    """Every minute, and soon after each start of a worker."""
    return await take_up_stalled()


@app.periodic(cron="40 3 * * *", periodic_id="kernel.forget_jobs")
@app.task(name="kernel.forget_jobs", queueing_lock="kernel.forget_jobs")
async def forget_jobs(timestamp: int = 0) -> None:
    """Jobs that ended a week ago go, whatever came of them."""
    await app.job_manager.delete_old_jobs(KEEP_HOURS, include_failed=True, include_cancelled=True, include_aborted=True)


def look_soon() -> None:
    """For a worker that starts: take up what is known to be dead, and look again as soon as one that has just died is known to be."""
    async_to_sync(forget_ahead)()
    async_to_sync(take_up_stalled)()
    with contextlib.suppress(AlreadyEnqueued):
        take_up.configure(schedule_in={"seconds": int(SILENCE) + 1}).defer()


def run_worker(*, concurrency: int, patience: float) -> None:
    """Do background jobs until a signal comes; running ones then get `patience` seconds and are taken up again later if that is not enough.

    When the clock is set, the worker begins anew: procrastinate counts periodic jobs on from the last one, so that a clock set back would keep all of
    them away until it has caught up, and one set ahead by years would make up for every minute of them.
    """
    from django.db import connections

    jumped = True
    while jumped:
        look_soon()
        connections.close_all()
        jumped = asyncio.run(_work(concurrency, patience))


async def _work(concurrency: int, patience: float) -> bool:
    """Work until a signal, or until the clock is set: True."""
    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
        async with working.open_async():
            job = working.run_worker_async(
                concurrency=concurrency, shutdown_graceful_timeout=patience, update_heartbeat_interval=SIGN_OF_LIFE,
                stalled_worker_timeout=SILENCE,
            )  # fmt: skip
            worker, watching = asyncio.create_task(job), asyncio.create_task(_clock_is_set())
            await asyncio.wait({worker, watching}, return_when=asyncio.FIRST_COMPLETED)
            jumped = not worker.done()
            (worker if jumped else watching).cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await worker
            return jumped


async def _clock_is_set() -> None:
    """Until the clock on the wall jumps."""
    watch = Watch()
    while not (by := watch.jumped()):
        await asyncio.sleep(1)
    log.warning("the clock was set by %+d seconds: the worker begins anew", by)
