"""What was done in the workspace: the list of operations, and what came in and went out."""

from __future__ import annotations

import datetime
import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from patron.identity.access import Access
from patron.identity.models import Membership
from patron.kernel.web import is_fragment
from patron.ledger.models import Operation
from patron.records import registry
from patron.records.archive import background
from patron.records.export_models import ExportState, WorkspaceExport
from patron.records.import_models import Import, ImportState
from patron.records.verbs import Refused
from patron.records.views.base import href, view_of
from patron.setup.domain import journal
from patron.setup.views.base import administrators, answer, page, refuse

LAST = 8
TONES: dict[str, str] = {ImportState.APPLIED: "good", ImportState.FAILED: "bad", ImportState.UNDONE: "none", ImportState.CHECKED: "info", ImportState.APPLYING: "note"}
WHOLE_TONES: dict[str, str] = {ExportState.DONE: "good", ExportState.FAILED: "bad", ExportState.RUNNING: "info", ExportState.WAITING: "note"}


@require_safe
@administrators
def changes(request: HttpRequest) -> HttpResponse:
    """Every operation, by person, verb and day, each with its undo."""
    view = view_of(request)
    given, problem = {n: request.GET.get(n, "") for n in ("person", "verb", "day")}, ""
    try:
        wanted = journal.Filter(
            uuid.UUID(given["person"]) if given["person"] else None, given["verb"], datetime.date.fromisoformat(given["day"]) if given["day"] else None
        )
    except ValueError:
        wanted, problem = journal.Filter(), _("This filter cannot be read. Choose again.")
    rows, more = journal.page(journal.found(wanted, view.access), request.GET.get("after", ""))
    query = urlencode({n: v for n, v in given.items() if v and not problem})
    people = [(str(pk), name) for pk, name in Membership.objects.order_by("name").values_list("pk", "name")]
    verbs = journal.verbs()
    if wanted.verb and wanted.verb not in dict(verbs):
        verbs.append((wanted.verb, journal.describe_verb(wanted.verb)))
    context = {
        "lines": journal.lines(rows, view), "next": f"?{query}&after={more}".replace("?&", "?") if more else "", "given": given, "people": people, "verbs": verbs,
        "problem": problem, "filtered": bool(query), "history_url": href(view.access, "history"),
    }  # fmt: skip
    return page(request, "setup/changes.html", context, status=400 if problem else 200)


@require_safe
@administrators
def overview(request: HttpRequest) -> HttpResponse:
    """Imports, exports and what was undone lately."""
    view = view_of(request)
    recent: Any = Operation.objects.order_by("-at", "-id")
    context = {
        "imports": [_import(item) for item in Import.objects.order_by("-created_at", "-id")[:LAST]],
        "exports": journal.lines(list(recent.filter(verb__endswith=".export")[:LAST]), view),
        "whole": [_whole(item, view.access) for item in WorkspaceExport.objects.order_by("-created_at", "-id")[:LAST]],
        "export_url": href(view.access, "settings", "data", "export"),
        "undone": journal.lines(list(recent.filter(undoes__isnull=False)[:LAST]), view),
        "import_url": href(view.access, "import"), "changes_url": href(view.access, "settings", "changes"), "history_url": href(view.access, "history"),
    }  # fmt: skip
    return page(request, "setup/data.html", context)


# --- the whole workspace ----------------------------------------------------------------------------------------------


def _whole(item: WorkspaceExport, access: Access) -> dict[str, Any]:
    """One export of everything: how far it is, or its file."""
    background.settled(item)
    here = href(access, "settings", "data", "export", item.pk)
    return {
        "item": item, "running": item.state in (ExportState.WAITING, ExportState.RUNNING), "state": item.get_state_display(), "tone": WHOLE_TONES.get(item.state, "none"),
        "poll": here, "file": f"{here}file/" if item.state == ExportState.DONE else "", "remove": f"{here}remove/", "id": f"export-{item.pk}",
        "until": item.created_at + background.KEEP,
    }  # fmt: skip


@require_POST
@administrators
def export_all(request: HttpRequest) -> HttpResponse:
    """Begin to write everything of the workspace to a file, in the background."""
    access = view_of(request).access
    try:
        background.start(access)
    except Refused as error:
        return refuse(request, error.message, status=409)
    return answer(request, _("The export has begun. The file is offered here when it is done."), target=href(access, "settings", "data"))


@require_safe
@administrators
def export_state(request: HttpRequest, export_id: uuid.UUID) -> HttpResponse:
    """How far an export is, for the page that waits for it; when it is done the page is asked for again."""
    access = view_of(request).access
    shown = _whole(_export(export_id), access)
    if not is_fragment(request):
        return redirect(href(access, "settings", "data"))
    if not shown["running"]:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return page(request, "setup/data.html", {"e": shown}, block="export_progress")


@require_safe
@administrators
def export_file(request: HttpRequest, export_id: uuid.UUID) -> Any:
    """The file itself, for administrators alone; not kept by browsers or proxies."""
    item = _export(export_id)
    path = background.path_of(item)
    if item.state != ExportState.DONE or not path.is_file():
        raise Http404
    name = f"{view_of(request).access.workspace.slug}-{item.created_at:%Y-%m-%d}.zip"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/zip", headers={"Cache-Control": "no-store"})


@require_POST
@administrators
def export_remove(request: HttpRequest, export_id: uuid.UUID) -> HttpResponse:
    """Delete the file of an export that nobody needs any more."""
    item = _export(export_id)
    if background.settled(item).state in (ExportState.WAITING, ExportState.RUNNING):
        return refuse(request, _("This export is still being written."), status=409)
    background.remove(item)
    return answer(request, _("The file was removed"), target=href(view_of(request).access, "settings", "data"))


def _export(export_id: uuid.UUID) -> WorkspaceExport:
    found = WorkspaceExport.objects.filter(pk=export_id).first()
    if found is None:
        raise Http404
    return found


def _import(item: Import) -> dict[str, Any]:
    """One file: what became of its rows."""
    target = registry.find(item.type_key)
    return {
        "pk": item.pk, "filename": item.filename, "type": target.plural if target else item.type_key, "who": item.member_name, "state": item.get_state_display(),
        "tone": TONES.get(item.state, "none"), "rows": item.counts.get("rows"), "at": item.finished_at or item.created_at,
    }  # fmt: skip
