"""Ticking off what is ahead."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from patron.collab import own, panels
from patron.collab.domain import checklists
from patron.collab.domain.refs import Ref, visible
from patron.kernel.web import error_page, is_fragment, render, toast
from patron.records import perform, registry
from patron.records.verbs import Refused
from patron.records.views.base import back, href, record_or_404, view_of


@require_POST
def complete(request: HttpRequest, slug: str, task_id: uuid.UUID) -> HttpResponse:
    """Complete a task from a tick: `on` names the record whose next steps and timeline are answered. A task that is done already stays so."""
    access = view_of(request).access
    task_type = registry.get("tasks")
    task = record_or_404(task_type, access, task_id)
    verb = registry.verb("tasks", "complete")
    words, undo, tone = str(verb.done), "", ""
    try:
        undo = href(access, "history", perform.perform(verb, task_type, task, access=access, inputs={}).operation_id, "undo")
    except Refused as error:
        words, tone = error.message, "warn"
    except perform.NotAllowed:
        return error_page(request, 403)
    ref = Ref.read(request.GET.get("on", ""))
    if not is_fragment(request):
        return back(request, href(access, "tasks", task_id))
    if ref is None:
        return toast(_refreshing(), words, undo=undo, tone=tone)
    record = visible(registry.get(ref.type_key), access).filter(pk=ref.id).first()
    if record is None or not panels.hangs(record):
        raise Http404
    context = {
        "panel": panels.ahead_panel(ref, access), "panel_key": "ahead", "panel_title": _("Next steps"),
        "timeline": panels.timeline_panel(ref, access) if access.can("activities", "view") else None,
    }  # fmt: skip
    return toast(render(request, "collab/page.html", context, block="ahead"), words, undo=undo, tone=tone)


@require_POST
def tick(request: HttpRequest, slug: str, item_id: uuid.UUID) -> HttpResponse:
    """Tick an item of a checklist (`done` not empty), or take the tick away; answers the checklist."""
    access = view_of(request).access
    try:
        task = checklists.tick(item_id, done=bool(request.POST.get("done")), access=access)
    except Refused as error:
        return error_page(request, 403, error.message)
    if task is None:
        raise Http404
    if not is_fragment(request):
        return back(request, href(access, "tasks", task.pk))
    context = {"panel": own.checklist_panel(task, access), "panel_key": "checklist", "panel_title": _("Checklist")}
    return render(request, "collab/page.html", context, block="checklist")


def _refreshing() -> HttpResponse:
    response = HttpResponse(status=204)
    response.headers["HX-Trigger"] = '{"refresh": {}}'
    return response
