"""The queue of duplicates: by type and probability, with reasons and values side by side; merge, or say that they are not the same."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from patron.kernel.web import error_page, is_fragment, render, toast
from patron.quality import jobs
from patron.quality.domain import queue
from patron.quality.models import Scan, ScanState
from patron.quality.subjects import Subject, subjects
from patron.records import changes, perform, registry
from patron.records.kinds import View
from patron.records.verbs import Refused
from patron.records.views.base import href, view_of

LEVELS = (("", 0.0), ("90", 0.9), ("99", 0.99))
_RUNNING = (ScanState.WAITING, ScanState.RUNNING)


def offered(view: View) -> list[Subject]:
    """The searches about whose findings the person may do something."""
    return [s for s in subjects() if s.allows(view.access)]


def _chosen(request: HttpRequest, view: View, given: Any) -> Subject:
    found = offered(view)
    if not found:
        raise Http404
    return next((s for s in found if s.key == given.get("type")), found[0])


@require_safe
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """The queue of one subject."""
    view = view_of(request)
    subject = _chosen(request, view, request.GET)
    level = next((k for k, _least in LEVELS if k == request.GET.get("least")), "")
    least = dict(LEVELS)[level]
    page = queue.page(view, subject, least=least, after=request.GET.get("after", ""))
    scan_ = Scan.objects.filter(type_key=subject.key).order_by("-created_at", "-pk").first()
    here = href(view.access, "duplicates", query=urlencode({"type": subject.key, **({"least": level} if level else {})}))
    words = {"": _("All from 50 %"), "90": _("From 90 %"), "99": _("From 99 %")}
    context = {
        "subject": subject, "act": str(registry.verb(subject.first.key, subject.across.verb if subject.across else "merge").label).lower(), "kinds": " & ".join(str(t.plural).lower() for t in subject.sides) if subject.across else str(subject.label).lower(), "page": page, "scan": scan_, "running": scan_ is not None and scan_.state in _RUNNING, "here": here, "filtered": bool(level),
        "types": [{"label": s.label, "url": href(view.access, "duplicates", query=urlencode({"type": s.key})), "current": s.key == subject.key, "count": queue.count(view, s, most=100)} for s in offered(view)],
        "levels": [{"label": words[k], "url": href(view.access, "duplicates", query=urlencode({"type": subject.key, "least": k})), "current": k == level} for k, _least in LEVELS],
        "next": f"{here}&after={page.after}" if page.after else "", "first": here if request.GET.get("after") else "",
        "merge_url": href(view.access, subject.first.key, "merge"), "apart_url": href(view.access, "duplicates", "apart"), "scan_url": href(view.access, "duplicates", "scan"),
        "may_scan": view.access.scope(subject.first.key, "edit") is not None, "about": _about(scan_, view), "bar": _bar(scan_, view) if scan_ else {},
        "oversized": sum(scan_.oversized.values()) if scan_ else 0,
    }  # fmt: skip
    return render(request, "quality/queue.html", context)


def _about(scan_: Any, view: View) -> str:
    """The last finished scan in one sentence."""
    if scan_ is None or scan_.state != ScanState.DONE:
        return ""
    records = ngettext("%(n)s record", "%(n)s records", scan_.counts["records"]) % {"n": view.fmt.number(scan_.counts["records"])}
    return _("Searched %(when)s: %(records)s, %(pairs)s pairs compared.") % {"when": view.fmt.ago(scan_.finished_at), "records": records, "pairs": view.fmt.number(scan_.counts["pairs"])}


def _bar(scan_: Any, view: View) -> dict[str, Any]:
    words = {"read": _("Reading the records"), "compare": _("Comparing"), "keep": _("Writing down what was found")}.get(scan_.phase, _("Searching for duplicates"))
    text = _("Waiting for its turn") if scan_.state == ScanState.WAITING else (
        _("%(done)s of %(total)s") % {"done": view.fmt.number(scan_.done), "total": view.fmt.number(scan_.total)} if scan_.total else view.fmt.number(scan_.done)
    )  # fmt: skip
    return {"label": words, "done": scan_.done, "total": max(scan_.total, 1) if scan_.total else 0, "text": text, "url": href(view.access, "duplicates", "progress", query=f"scan={scan_.pk}")}


@require_safe
def progress(request: HttpRequest, slug: str) -> HttpResponse:
    """How far a scan is; when it is through, the page is loaded again."""
    view = view_of(request)
    try:
        scan_ = Scan.objects.filter(pk=uuid.UUID(request.GET.get("scan", ""))).first()
    except ValueError:
        raise Http404 from None
    if scan_ is None or scan_.type_key not in {s.key for s in offered(view)}:
        raise Http404
    if scan_.state in _RUNNING:
        return render(request, "quality/queue.html", {"bar": _bar(scan_, view)}, block="progress")
    response = HttpResponse(status=204)
    response.headers["HX-Refresh"] = "true"
    return response


@require_POST
def scan(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a scan of all records of a subject; one at a time."""
    view = view_of(request)
    subject = _chosen(request, view, request.POST)
    begun = jobs.later(subject.key, member_id=view.access.member_id)
    response = redirect(href(view.access, "duplicates", query=urlencode({"type": subject.key})))
    return response if begun else toast(response, _("A search is running already."), tone="warn")


@require_POST
def keep_apart(request: HttpRequest, slug: str) -> HttpResponse:
    """The records of a card are not the same: remembered for good."""
    view = view_of(request)
    subject = _chosen(request, view, request.POST)
    record_type = subject.first
    here = request.POST.get("back", "")
    target = here if here.startswith(href(view.access)) else href(view.access, "duplicates", query=urlencode({"type": subject.key}))
    ids = request.POST.getlist("ids")
    try:
        first = changes.get_visible(record_type, view.access, uuid.UUID(ids[0]))
        if first is None or len(ids) < 2:
            raise Http404
        done = perform.perform(registry.verb(record_type.key, "keep_apart"), record_type, first, access=view.access, inputs={"others": ids[1:], "among": not subject.across, "kind": subject.second.key})
    except (ValueError, IndexError):
        raise Http404 from None
    except perform.NotAllowed:
        return error_page(request, 403)
    except Refused as error:
        return toast(redirect(target), error.message, tone="bad")
    response = HttpResponse(status=204) if is_fragment(request) else redirect(target)
    return toast(response, _("Remembered as different"), undo=href(view.access, "history", done.operation_id, "undo"))
