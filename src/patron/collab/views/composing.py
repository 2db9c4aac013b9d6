"""The composer and the timeline of a record."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from patron.collab import panels
from patron.collab.domain.refs import Ref
from patron.collab.domain.sources import Edge
from patron.kernel.web import error_page, is_fragment, render, toast
from patron.records import changes, perform
from patron.records.record_type import RecordType
from patron.records.verbs import Refused
from patron.records.views.base import href, record_href, record_or_404, typed, view_of


@typed()
@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: HttpRequest, record_type: RecordType, record_id: uuid.UUID, kind: str) -> HttpResponse:
    """GET: the composer for a kind of entry. POST: write it down by its verb; then the fresh composer, timeline and next steps."""
    access = view_of(request).access
    record = record_or_404(record_type, access, record_id)
    if kind not in panels.KINDS or not panels.hangs(record):
        raise Http404
    if request.method != "POST":
        return _composer(request, record_type, record, kind)
    verb = panels.verb_of(record_type.key, kind)
    try:
        inputs = perform.read_inputs(verb, request.POST.dict(), view_of(request))
        result = perform.perform(verb, record_type, record, access=access, inputs=inputs)
    except changes.NotValid as error:
        return _composer(request, record_type, record, kind, errors=error.errors)
    except Refused as error:
        return _composer(request, record_type, record, kind, errors={error.field: error.message})
    except perform.NotAllowed:
        return error_page(request, 403)
    if not is_fragment(request):
        return redirect(record_href(access, record_type, record))
    response = render(
        request,
        "collab/page.html",
        {**_page(record, kind), "panel": panels.stream_panel(record, access), "ahead": _ahead(record, access)},
        block="stream",
    )
    return toast(response, str(verb.done), undo=href(access, "history", result.operation_id, "undo"))


def _ahead(record: Any, access: Any) -> dict[str, Any] | None:
    return panels.ahead_panel(Ref.of(record), access) if access.can("tasks", "view") else None


def _page(record: Any, kind: str) -> dict[str, Any]:
    return {"record": record, "title": str(record), "kind": kind, "panel_key": "stream", "panel_title": _("Activity")}


def _composer(request: HttpRequest, record_type: RecordType, record: Any, kind: str, *, errors: dict[str, str] | None = None) -> HttpResponse:
    """The composer alone; with errors what was typed is kept and the answer goes into the composer's own place."""
    access = view_of(request).access
    refusal = panels.perform_refusal(record, kind, access)
    if refusal is not None:
        return error_page(request, 403, refusal)
    composer = panels.composer_panel(record, access, kind, typed_in=request.POST if errors else None, errors=errors)
    context = {**_page(record, kind), "composer": composer, "back": record_href(access, record_type, record)}
    response = render(request, "collab/compose.html", context, block="composer" if is_fragment(request) else None, status=422 if errors else 200)
    if errors and is_fragment(request):
        response.headers["HX-Retarget"] = "#composer"
        response.headers["HX-Reswap"] = "outerHTML"
    return response


@typed()
@require_safe
def timeline(request: HttpRequest, record_type: RecordType, record_id: uuid.UUID) -> HttpResponse:
    """A page of the timeline: the newest, or the one that `before` names. An edge that cannot be read starts from the newest."""
    access = view_of(request).access
    record = record_or_404(record_type, access, record_id)
    if not panels.hangs(record) or not access.can("activities", "view"):
        raise Http404
    edge = Edge.decode(request.GET.get("before", ""))
    related = request.GET.get("related") != "0"
    panel = panels.timeline_panel(Ref.of(record), access, before=edge, under=request.GET.get("under", "") if edge else "", with_related=related)
    context = {**_page(record, "note"), "timeline": panel, "back": record_href(access, record_type, record)}
    if is_fragment(request) and edge:
        return render(request, "collab/page.html", context, block="older")
    return render(request, "collab/timeline.html", context, block="timeline" if is_fragment(request) else None)
