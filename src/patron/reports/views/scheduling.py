"""Sending a report regularly: the dialog with what is planned, and planning more."""

from __future__ import annotations

import calendar
import uuid
from typing import Any

from babel.dates import get_day_names
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from patron.identity.access import Access
from patron.identity.middleware import access_of
from patron.kernel.web import error_page, formats
from patron.records import perform
from patron.records.verbs import Refused
from patron.records.views.base import error_list, href
from patron.reports.domain import schedules
from patron.reports.enums import Frequency
from patron.reports.models import Schedule
from patron.reports.views.base import answer, dialog, uuid_of
from patron.reports.views.showing import named_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """What is planned for this report, and a form to plan another sending."""
    access = access_of(request)
    named = named_or_404(key, access)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = schedules.plan(named, frequency=request.POST.get("frequency", ""), members=_members(request), access=access, **_when(request))
            when = formats(request).datetime(made.next_at)
            return answer(request, _("Scheduled; first sent %(when)s") % {"when": when}, href(access, "reports", key))
        except Refused as error:
            errors = {error.field: error.message}
    start: dict[str, Any] = {"frequency": Frequency.WEEKLY, "weekday": "0", "month_day": "1", "hour": "8"}
    data = {n: request.POST.get(n, v) for n, v in start.items()}
    chosen = request.POST.getlist("members") if request.method == "POST" else [str(access.member_id)]
    context = {
        "named": named, "planned": [_told(s, access, request) for s in schedules.of_report(named, access)], "data": data, "errors": error_list(errors), "error": errors,
        "frequencies": Frequency.choices, "weekdays": _weekdays(access), "hours": [(str(h), f"{h:02d}:00") for h in range(24)], "days": [(str(d), str(d)) for d in range(1, 32)],
        "people": [(str(pk), n) for pk, n in schedules.people().order_by("name").values_list("pk", "name")[:500]], "chosen": chosen, "zone": access.zone.key,
        "action": request.get_full_path(), "cancel": href(access, "reports", key),
    }  # fmt: skip
    return dialog(request, "reports/schedule.html", context, errors=errors)


def _members(request: HttpRequest) -> list[uuid.UUID]:
    found = [uuid_of(text) for text in request.POST.getlist("members")]
    return [i if i is not None else uuid.UUID(int=0) for i in found]


def _when(request: HttpRequest) -> dict[str, int]:
    """Weekday, day of the month and hour; what is no number is no time either."""
    found = {}
    for name, missing in (("weekday", 0), ("month_day", 1), ("hour", -1)):
        text = request.POST.get(name, "")
        found[name] = int(text[:3]) if text.isdecimal() else missing
    return found


def _weekdays(access: Access) -> list[tuple[str, str]]:
    names = get_day_names("wide", context="stand-alone", locale=access.locale.replace("-", "_"))
    return [(str(i), str(names[i]).capitalize()) for i in range(len(calendar.day_name))]


def _told(found: Schedule, access: Access, request: HttpRequest) -> dict[str, Any]:
    fmt = formats(request)
    day = dict(_weekdays(access))[str(found.weekday)] if found.frequency == Frequency.WEEKLY else _("day %(n)s") % {"n": found.month_day} if found.frequency == Frequency.MONTHLY else ""
    words = " · ".join(w for w in (str(Frequency(found.frequency).label), day, f"{found.hour:02d}:00", found.zone) if w)
    named = ", ".join(r.member.name for r in found.recipients.all())
    stop = href(access, "reports", found.report_id or found.shipped, "schedule", found.pk, "delete")
    return {"words": words, "people": named, "next": fmt.datetime(found.next_at), "sent": fmt.datetime(found.sent_at), "problem": found.problem, "stop": stop}


@require_POST
def cancel(request: HttpRequest, slug: str, key: str, schedule_id: uuid.UUID) -> HttpResponse:
    """Stop a schedule of one's own."""
    access = access_of(request)
    named = named_or_404(key, access)
    found = next((s for s in schedules.of_report(named, access) if s.pk == schedule_id), None)
    if found is None:
        raise Http404
    try:
        signed = schedules.cancel(found, access=access)
    except perform.NotAllowed:
        return error_page(request, 403)
    return answer(request, _("No longer sent: %(name)s") % {"name": named.name}, href(access, "reports", key), operation_id=signed)
