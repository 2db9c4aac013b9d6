"""Reports: the index, a report with its figures, its files, deleting it."""

from __future__ import annotations

import tempfile
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from patron.identity.access import Access
from patron.identity.middleware import access_of
from patron.kernel.parsing import Invalid
from patron.kernel.web import error_page
from patron.records import perform, registry
from patron.records.views.base import href, view_of
from patron.reports import charts, files
from patron.reports.domain import dashboards, reports, sharing
from patron.reports.domain.dashboards import Board
from patron.reports.domain.reports import Named
from patron.reports.enums import Chart
from patron.reports.views.base import answer, audience, page, remembered

ICONS = {Chart.BAR: "chart-bar", Chart.STACKED: "chart-column", Chart.LINE: "chart-line", Chart.FUNNEL: "funnel", Chart.NUMBER: "hash", Chart.TABLE: "table-2", Chart.PIVOT: "table-properties"}


def named_or_404(key: str, access: Access) -> Named:
    """The report, if it exists and the person sees it."""
    found = reports.find(key, access)
    if found is None:
        raise Http404
    return found


@require_safe
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """Every report that the person sees: saved ones and those that come with Patron; and the dashboards."""
    access = access_of(request)
    if not access.can("reports", "view"):
        raise Http404
    context = {
        "saved": [_entry(n, access) for n in reports.saved(access)], "others": [*(_entry(n, access) for n in reports.of_others(access)), *(_board(b, access) for b in dashboards.of_others(access))],
        "shipped": [_entry(n, access) for n in reports.shipped(access)],
        "boards": [_board(b, access) for b in dashboards.all_of(access)],
        "build": href(access, "reports", "build"),
    }  # fmt: skip
    return page(request, "reports/index.html", context)


def _board(board: Board, access: Access) -> dict[str, Any]:
    owner = str(board.saved.owner or "") if board.saved and board.saved.owner_id != access.member_id else ""
    return {"name": board.name, "url": href(access, "dashboards", board.key), "text": board.description, "audience": audience(board.saved, access), "owner": owner}


def _entry(named: Named, access: Access) -> dict[str, Any]:
    chart = named.stored.get("chart", "") if isinstance(named.stored, dict) else named.stored.chart
    record_type = registry.find(named.type_key)
    return {
        "name": named.name, "url": href(access, "reports", named.key), "text": named.description, "icon": ICONS.get(chart, "chart-bar"),
        "about": str(record_type.plural) if record_type else "", "audience": audience(named.saved, access), "owner": str(named.saved.owner or "") if named.saved else "",
    }  # fmt: skip


@require_safe
def show(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A report's figures for this reader; a report that cannot be made for them says why."""
    view = view_of(request)
    access, named = view.access, named_or_404(key, view.access)
    drawing, problem = None, ""
    try:
        drawing = charts.draw(reports.figures(named, view), title=named.name)
    except Invalid as error:
        problem = error.message
    record_type = registry.find(named.type_key)
    here = href(access, "reports", key)
    context = {
        "named": named, "drawing": drawing, "problem": problem, "here": here, "audience": audience(named.saved, access), "record_type": record_type,
        "may_change": named.saved is not None and sharing.may_change(named.saved, access), "edit": href(access, "reports", "build", query=urlencode({"from": key})),
        "may_delete": named.saved is not None and sharing.may_delete(named.saved, access),
        "may_export": record_type is not None and reports.may_export(named, access), "add": href(access, "dashboards", "add", query=urlencode({"report": key})),
        "changed_url": href(access, "reports", "build", query=urlencode({"from": key, "report": key})),
    }  # fmt: skip
    return page(request, "reports/report.html", context, status=422 if problem else 200)


@require_safe
def history(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Who changed a saved report, and what; each change can be undone."""
    access = access_of(request)
    return remembered(request, named_or_404(key, access).saved, href(access, "reports", key))


@require_safe
def export(request: HttpRequest, slug: str, key: str) -> Any:
    """The figures as CSV or XLSX; takes the right to export records of that type, and is recorded."""
    view = view_of(request)
    named = named_or_404(key, view.access)
    form = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
    stream = tempfile.TemporaryFile()  # noqa: SIM115 (the answer closes it)
    try:
        reports.export(named, reports.figures(named, view), stream, form)
    except perform.NotAllowed:
        return error_page(request, 403)
    except Invalid as error:
        return page(request, "reports/problem.html", {"problem": error.message, "back": href(view.access, "reports", key)}, status=422)
    stream.seek(0)
    day = timezone.now().astimezone(view.access.zone).date().isoformat()
    return FileResponse(stream, as_attachment=True, filename=f"{files.slug(named.name)}-{day}.{form}")


@require_POST
def delete(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Delete a saved report with its tiles and schedules; undo brings them back."""
    access = access_of(request)
    named = named_or_404(key, access)
    if named.saved is None:
        raise Http404
    try:
        signed = reports.delete(named.saved, access=access)
    except perform.NotAllowed:
        return error_page(request, 403)
    return answer(request, _("Report deleted: %(name)s") % {"name": named.name}, href(access, "reports"), operation_id=signed)
