"""Background work that was cut off is taken up again, and what is over is forgotten. Found by procrastinate under the name `jobs`.

A worker gives a sign of life every few seconds. One that was killed gives none; its jobs would stay "being done" for ever, and with them every later job
that waits for the same lock. Every job of Patron does its work in one transaction or is harmless to repeat, so it is simply done again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging

from asgiref.sync import async_to_sync
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status

log = logging.getLogger(__name__)
SIGN_OF_LIFE = 3.0  # seconds between two
SILENCE = 15.0  # seconds without one after which a worker is taken for dead
ATTEMPTS = 5  # a job that ends its worker each time is not tried for ever
KEEP_HOURS = 24 * 7


async def take_up_stalled(silence: float = SILENCE) -> int:
    """Put the jobs of dead workers back into the queue; those that died too often fail. Answers how many go on."""
    again = 0
    manager = app.job_manager
    await manager.prune_stalled_workers(silence)
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=silence):
        try:
            if job.attempts + 1 >= ATTEMPTS:
                await manager.finish_job(job, Status.FAILED, delete_job=False)
                log.error("job %s (%s) was cut off %s times and is given up", job.id, job.task_name, ATTEMPTS)
                continue
            again += await _again(job)
        except ConnectorException:
            log.warning("job %s (%s) was not taken up again: it has moved on meanwhile", job.id, job.task_name)
    return again


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
    async_to_sync(take_up_stalled)()
    with contextlib.suppress(AlreadyEnqueued):
        take_up.configure(schedule_in={"seconds": int(SILENCE) + 1}).defer()


def run_worker(*, concurrency: int, patience: float) -> None:
    """Do background jobs until a signal comes; running ones then get `patience` seconds and are taken up again later if that is not enough."""
    from django.db import connections

    look_soon()
    connections.close_all()

    async def work() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
            async with working.open_async():
                await working.run_worker_async(
                    concurrency=concurrency, shutdown_graceful_timeout=patience, update_heartbeat_interval=SIGN_OF_LIFE,
                    stalled_worker_timeout=SILENCE,
                )  # fmt: skip

    asyncio.run(work())
