"""Reports that are sent by e-mail. Found by procrastinate under the name `jobs`."""

from __future__ import annotations

import logging
import uuid
from smtplib import SMTPException

from django.db import transaction
from django.utils import timezone, translation
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from patron.identity import database
from patron.identity.access import Access
from patron.identity.models import Membership, Workspace
from patron.kernel.parsing import Invalid
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.reports.domain import schedules
from patron.reports.models import Schedule

log = logging.getLogger(__name__)


@app.periodic(cron="*/5 * * * *", periodic_id="reports.send_due")
@app.task(name="reports.send_due", queueing_lock="reports.send_due", lock="reports.send_due")
def send_due(timestamp: int) -> int:
    """Give every mail that is due to a job of its own, workspace by workspace; answers how many. Moving a schedule on and making its jobs is one
    transaction, so that nothing is sent twice or forgotten. A workspace that fails is logged and tried again five minutes later."""
    made = 0
    for place in Workspace.objects.order_by("pk"):
        try:
            with workspace(place.pk):
                for schedule_id, member_id in schedules.take_due(timezone.now(), place):
                    send.defer(workspace_id=str(place.pk), schedule_id=str(schedule_id), member_id=str(member_id))
                    made += 1
        except Exception:
            log.exception("scheduled reports of workspace %s failed", place.pk)
    return made


@app.task(name="reports.send", retry=RetryStrategy(max_attempts=5, exponential_wait=30))
def send(workspace_id: str, schedule_id: str, member_id: str) -> bool:
    """Mail a report to one member under that member's rights; False where it was cancelled, they left, or do not see it. A mail server that is
    away is asked again; what went wrong stands beside the schedule."""
    place = Workspace.objects.get(pk=workspace_id)
    with workspace(place.pk):
        member = Membership.objects.select_related("user").filter(pk=member_id, state="active", user__isnull=False).first()
        schedule = Schedule.objects.filter(pk=schedule_id, recipients__member=member_id).first()
    if member is None or schedule is None:
        return False
    with transaction.atomic():
        access = database.enter(member.user_id, place.slug)
    if access is None:
        return False
    try:
        with translation.override(access.locale), workspace(place.pk):
            mail = schedules.message(schedule, access, member.user.email)
        if mail is None:
            return False
        mail.send()
    except Invalid as error:
        _note(place, schedule.pk, f"{member.name}: {error.message}")
        return False
    except (OSError, SMTPException) as error:
        _note(place, schedule.pk, str(error) or type(error).__name__)
        raise
    return True


def _note(place: Workspace, schedule_id: uuid.UUID, problem: str) -> None:
    with workspace(place.pk), operation("reports.send", access=Access.system(place)):
        Schedule.objects.filter(pk=schedule_id).update(problem=problem[:300])
