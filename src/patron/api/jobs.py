"""Housekeeping of the API. Found by procrastinate under the name `jobs`."""

from __future__ import annotations

import logging

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from patron.api import idempotency
from patron.identity.models import Workspace
from patron.kernel.tenancy import workspace

log = logging.getLogger(__name__)


@app.periodic(cron="41 * * * *", periodic_id="api.tidy")
@app.task(name="api.tidy", queueing_lock="api.tidy")
def tidy(timestamp: int) -> int:
    """Forget kept answers that are older than a day, and buckets that are full again."""
    removed = 0
    for pk in Workspace.objects.order_by("pk").values_list("pk", flat=True):
        try:
            with workspace(pk):
                removed += idempotency.forget_old(timezone.now())
        except Exception:
            log.exception("kept answers of workspace %s were not removed", pk)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM api_bucket WHERE at < clock_timestamp() - interval '1 hour'")
    return removed
