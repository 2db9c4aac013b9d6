"""Webhooks go out in jobs. Found by procrastinate under the name `jobs`."""

from __future__ import annotations

import datetime
import logging
import math

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from procrastinate.contrib.django import app

from patron.automation import bell, delivering
from patron.automation.models import Delivery, Secret
from patron.identity.models import Workspace
from patron.kernel.tenancy import workspace

log = logging.getLogger(__name__)
SWEEP = 60


@app.task(name="automation.look")
def look(workspace_id: str) -> None:
    """Make and send messages of a workspace for half a minute at most; then stand in line again, so that a receiver that is slow holds up nobody else.

    No procrastinate lock: that of a killed job would stay. A job that finds another at work ends at once. One whose database goes away has not failed:
    what it left is noted, and the next look or the sweep goes on.
    """
    try:
        place = Workspace.objects.get(pk=workspace_id)
        ahead = delivering.run(place)
    except (OperationalError, InterfaceError) as error:
        log.warning("looking at workspace %s was cut off: %s", workspace_id, " ".join(str(error).split()))
        return
    if ahead is not None and ahead < SWEEP:
        bell.look_soon(place.pk, math.ceil(ahead))


@app.periodic(cron="* * * * *", periodic_id="automation.sweep")
@app.task(name="automation.sweep", queueing_lock="automation.sweep")
def sweep(timestamp: int) -> int:
    """Look wherever something is due: retries, and what a lost doorbell or a dead process left. One query; answers how many workspaces."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT automation_due()")
        found = [pk for (pk,) in cursor.fetchall()]
    for pk in found:
        bell.look_soon(pk)
    return len(found)


@app.periodic(cron="23 3 * * *", periodic_id="automation.prune")
@app.task(name="automation.prune", queueing_lock="automation.prune")
def prune(timestamp: int) -> int:
    """Forget deliveries after a month and secrets that were replaced, workspace by workspace; answers how many deliveries."""
    before = timezone.now() - datetime.timedelta(days=settings.PATRON_WEBHOOK_KEEP)
    gone = 0
    for pk in Workspace.objects.order_by("pk").values_list("pk", flat=True):
        try:
            with workspace(pk):
                gone += Delivery.objects.filter(made_at__lt=before).exclude(state="sending").delete()[0]
                Secret.objects.filter(until__lt=before).delete()
        except Exception:
            log.exception("old deliveries of workspace %s were not removed", pk)
    return gone
