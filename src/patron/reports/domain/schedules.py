"""Reports by e-mail: when the next one is due, who gets it, and what stands in the mail."""

from __future__ import annotations

import calendar
import datetime
import io
import uuid
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.identity.models import Membership, Workspace
from patron.kernel.formats import Formats
from patron.ledger.operations import operation
from patron.records import perform, registry
from patron.records.kinds import View
from patron.records.verbs import Refused
from patron.records.views.base import href
from patron.reports import charts, files
from patron.reports.domain import reports, sharing
from patron.reports.domain.reports import Named
from patron.reports.enums import Frequency
from patron.reports.models import Recipient, Schedule

MOST_RECIPIENTS = 50
MAIL_LINES = 100


def next_time(frequency: str, *, weekday: int, month_day: int, hour: int, zone: ZoneInfo, after: datetime.datetime) -> datetime.datetime:
    """The first time after an instant, at `hour` by the clocks of `zone`; a month that is too short sends on its last day."""
    day = after.astimezone(zone).date()
    for ahead in range(63):
        wanted = day + datetime.timedelta(days=ahead)
        last = calendar.monthrange(wanted.year, wanted.month)[1]
        fits = {Frequency.DAILY: True, Frequency.WEEKLY: wanted.weekday() == weekday, Frequency.MONTHLY: wanted.day == min(month_day, last)}[Frequency(frequency)]
        found = datetime.datetime.combine(wanted, datetime.time(hour), tzinfo=zone).astimezone(datetime.UTC)
        if fits and found > after:
            return found
    raise AssertionError("every frequency has a day in two months")


def of_report(named: Named, access: Access) -> list[Schedule]:
    """The schedules of a report that the person may change."""
    rows = registry.of_model(Schedule).visible(access, "edit").select_related("owner").prefetch_related("recipients__member").order_by("created_at")
    return list(rows.filter(report=named.saved) if named.saved else rows.filter(shipped=named.key))


def bad_time(weekday: int, month_day: int, hour: int) -> str:
    """Why this is no time to send at; nothing where it is one."""
    return "" if 0 <= hour <= 23 and 0 <= weekday <= 6 and 1 <= month_day <= 31 else _("Choose a time.")


def plan(named: Named, *, frequency: str, weekday: int, month_day: int, hour: int, members: Iterable[uuid.UUID], access: Access) -> Schedule:
    """Send a report regularly to members. Raises `Refused` with the field that is wrong."""
    if frequency not in Frequency.values:
        raise Refused(_("Choose how often."), field="frequency")
    if problem := bad_time(weekday, month_day, hour):
        raise Refused(problem, field="hour")
    wanted = set(members)
    found = list(people().filter(pk__in=wanted))
    if not found or len(found) < len(wanted):
        raise Refused(_("Choose at least one person of the workspace."), field="members")
    if len(found) > MOST_RECIPIENTS:
        raise Refused(_("Send a report to at most %(n)s people.") % {"n": MOST_RECIPIENTS}, field="members")
    if access.member_id is None:
        raise Refused(_("A schedule belongs to a person."))
    sharing.check_make(Schedule, access)
    zone = access.zone
    schedule = Schedule(
        report=named.saved, shipped="" if named.saved else named.key, owner_id=access.member_id, frequency=frequency, weekday=weekday, month_day=month_day, hour=hour, zone=zone.key,
        next_at=next_time(frequency, weekday=weekday, month_day=month_day, hour=hour, zone=zone, after=timezone.now()),
    )  # fmt: skip
    with operation("reports.schedule", access=access, details={"name": named.name}):
        schedule.save()
        Recipient.objects.bulk_create(Recipient(schedule=schedule, member=m) for m in found)
    return schedule


def people() -> QuerySet[Any]:
    """Who can get mail: active members with an account."""
    return Membership.objects.filter(state="active", user__isnull=False)  # type: ignore[no-any-return]


def cancel(schedule: Schedule, *, access: Access) -> uuid.UUID:
    """Stop sending; answers the operation to undo. Raises `NotAllowed`."""
    return perform.perform(registry.verb("report-schedules", "delete"), registry.of_model(Schedule), schedule, access=access, inputs={}).operation_id


def take_due(now: datetime.datetime, place: Workspace) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """(schedule, member) of everything that is due in the open workspace, each schedule moved on to its next time. What was missed while the
    machine was off is sent once."""
    due = list(Schedule.objects.select_for_update(skip_locked=True, of=("self",)).filter(next_at__lte=now).order_by("next_at")[:500])
    if not due:
        return []
    for schedule in due:
        schedule.next_at = next_time(
            schedule.frequency, weekday=schedule.weekday, month_day=schedule.month_day, hour=schedule.hour, zone=ZoneInfo(schedule.zone), after=now
        )
        schedule.sent_at, schedule.problem = now, ""
    with operation("reports.send", access=Access.system(place)):
        Schedule.objects.bulk_update(due, ["next_at", "sent_at", "problem"])
    return list(Recipient.objects.filter(schedule__in=due).order_by("schedule", "id").values_list("schedule", "member"))


def message(schedule: Schedule, access: Access, email: str) -> EmailMultiAlternatives | None:
    """The mail for one recipient, made under their own rights; None where they do not see the report. Raises `Invalid` where it cannot be made."""
    named = reports.find(str(schedule.report_id or schedule.shipped), access)
    if named is None:
        return None
    view = View(access, Formats(access.locale, access.zone))
    result = reports.figures(named, view)
    attached = io.BytesIO()
    files.write(result, attached, "csv")
    context = {
        "named": named, "drawing": charts.draw(result), "workspace": access.workspace, "base": settings.BASE_URL, "link": settings.BASE_URL + href(access, "reports", named.key),
        "day": view.fmt.long_date(access.today()), "most": MAIL_LINES, "lang": access.locale,
    }  # fmt: skip
    subject = _("%(report)s – %(workspace)s") % {"report": named.name, "workspace": access.workspace.name}
    mail = EmailMultiAlternatives(" ".join(subject.split()), render_to_string("reports/mail.txt", context), to=[email])
    mail.attach_alternative(render_to_string("reports/mail.html", context), "text/html")
    mail.attach(f"{files.slug(named.name)}.csv", attached.getvalue(), "text/csv")
    return mail

