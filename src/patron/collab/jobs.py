"""Work that nobody waits for. Found by procrastinate under the name `jobs`."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from patron.collab.domain import contents, reminders
from patron.identity.models import Workspace
from patron.kernel.tenancy import workspace

log = logging.getLogger(__name__)


@app.periodic(cron="*/5 * * * *", periodic_id="collab.remind")
@app.task(name="collab.remind", queueing_lock="collab.remind", lock="collab.remind")
def remind(timestamp: int) -> int:
    """Tell people what they asked to be reminded of, workspace by workspace, each in its own transaction; answers how many were told.

    A workspace that fails is logged and tried again five minutes later; the others go on.
    """
    told = 0
    for pk in Workspace.objects.order_by("pk").values_list("pk", flat=True):
        try:
            with workspace(pk):
                told += reminders.send_due(timezone.now())
        except Exception:
            log.exception("reminders of workspace %s failed", pk)
    return told


@app.periodic(cron="41 3 * * *", periodic_id="collab.forget_contents")
@app.task(name="collab.forget_contents", queueing_lock="collab.forget_contents")
def forget_contents(timestamp: int) -> int:
    """Delete contents of files that nothing refers to, workspace by workspace; answers how many."""
    gone = 0
    for pk in Workspace.objects.order_by("pk").values_list("pk", flat=True):
        try:
            with workspace(pk):
                gone += contents.forget_unneeded(timezone.now())
        except Exception:
            log.exception("unneeded files of workspace %s were not deleted", pk)
    return gone
