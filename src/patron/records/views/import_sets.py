"""Several files in one go: what each is, a review of all of them, one import, one undo. Works without script."""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from patron.kernel.parsing import Invalid
from patron.kernel.web import is_fragment, render, toast
from patron.records import registry
from patron.records.import_models import Import, ImportProgress, ImportSet, ImportState
from patron.records.imports import present, presets, service, several
from patron.records.imports.cells import headings_of
from patron.records.jobs import set_later
from patron.records.kinds import View
from patron.records.verbs import Refused
from patron.records.views.base import href, view_of


def begin(request: HttpRequest, uploads: list[Any], type_key: str) -> HttpResponse:
    """Several files, or a ZIP of them: keep them and show what each is. Raises `Refused` or `Invalid`."""
    view = view_of(request)
    group = several.start([(PurePath(u.name).name, u) for u in uploads], view, type_key)
    return redirect(address(view, group))


def address(view: View, group: ImportSet | uuid.UUID, *more: str) -> str:
    return href(view.access, "import", "set", group.pk if isinstance(group, ImportSet) else group, *more)


def _group(request: HttpRequest, set_id: uuid.UUID) -> tuple[ImportSet, View]:
    view = view_of(request)
    found = several.visible(view.access).filter(pk=set_id).first()
    if found is None:
        raise Http404
    return several.settled(found), view


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    """The files with what they are and what would become of them. POST `act`: check, import, undo, discard, type."""
    group, view = _group(request, set_id)
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        try:
            return act(request, group, view)
        except (Refused, Invalid) as error:
            return _page(request, group, view, problem=error.message, status=409)
    if group.state in service.BUSY:
        return _waiting(request, group, view)
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return _page(request, group, view)


def _check(request: HttpRequest, group: ImportSet, view: View) -> HttpResponse:
    if several.rows_of(several.items_of(group)) <= service.AT_ONCE or view.access.user_id is None:
        several.check(group, view)
    else:
        set_later(group, view.access.user_id, ImportState.CHECKING)
    return redirect(address(view, group))


def _run(request: HttpRequest, group: ImportSet, view: View) -> HttpResponse:
    if several.rows_of(several.items_of(group)) <= service.AT_ONCE or view.access.user_id is None:
        several.apply(group, view)
    else:
        set_later(group, view.access.user_id, ImportState.APPLYING)
    return redirect(address(view, group))


def _undo(request: HttpRequest, group: ImportSet, view: View) -> HttpResponse:
    several.undo(group, view)
    return toast(redirect(address(view, group)), _("The import was undone"))


def _discard(request: HttpRequest, group: ImportSet, view: View) -> HttpResponse:
    several.discard(group)
    return redirect(href(view.access, "import"))


def _type(request: HttpRequest, group: ImportSet, view: View) -> HttpResponse:
    """Say what the rows of one file are; it is planned and put in order anew."""
    item = Import.objects.filter(group=group, pk=_uuid(request.POST.get("item", ""))).first()
    if item is None or group.state in (*service.BUSY, ImportState.APPLIED, ImportState.UNDONE):
        raise Http404
    several.give_type(item, request.POST.get("type", ""), view)
    several.arrange(group, view)
    several.changed(group)
    return redirect(address(view, group))


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


_ACTS = {"check": _check, "import": _run, "undo": _undo, "discard": _discard, "type": _type}


def _page(request: HttpRequest, group: ImportSet, view: View, *, problem: str = "", status: int = 200) -> HttpResponse:
    items = several.items_of(group)
    open_ = group.state not in (ImportState.APPLIED, ImportState.UNDONE)
    files = [_file(item, group, view, open_=open_) for item in items]
    types = [(t.key, str(t.plural)) for t in registry.all_types() if t.importable and view.access.can(t.key, "import")]
    counts = [f["counts"] for f in files]
    context = {
        "group": group, "files": files, "types": types, "problem": problem or group.message, "open": open_, "here": address(view, group), "back": href(view.access, "import"),
        "checked": group.state == ImportState.CHECKED, "applied": group.state == ImportState.APPLIED, "writes": sum(c.get("new", 0) + c.get("change", 0) for c in counts),
        "left_out": sum(c.get("error", 0) + c.get("duplicate", 0) for c in counts), "tone": present.STATE_TONES.get(group.state, "none"), "state": group.get_state_display(),
        "operation": href(view.access, "history", group.operation_id) if group.operation_id else "", "rows": view.fmt.number(several.rows_of(items)),
        "steps_of": [_("Upload"), _("Match columns"), _("Review"), _("Import")], "step": 4 if not open_ else 3 if group.state == ImportState.CHECKED else 2,
    }  # fmt: skip
    return render(request, "records/import/set.html", context, status=status)


def _file(item: Import, group: ImportSet, view: View, *, open_: bool) -> dict[str, Any]:
    """One file as the page shows it."""
    record_type = registry.get(item.type_key)
    plan = several.plan_of(item)
    told = group.report.get(str(item.pk), {}) if group.state not in (ImportState.UPLOADED, ImportState.MAPPED) else {}
    found = presets.recognise([c["name"] for c in item.source.get("columns", ())])
    return {
        "item": item, "type": record_type.plural, "icon": record_type.icon, "system": found.preset.name if found and found.plan.type == item.type_key else "",
        "matched": len(set().union(*(headings_of(c) for c in plan.columns if c.field))), "columns": len(item.source.get("columns", ())), "map": href(view.access, "import", item.pk, "map") if open_ else "",
        "counts": told.get("counts", {}), "tally": [(present.TONES[a], present.words(a), view.fmt.number(n)) for a, n in told.get("counts", {}).items() if a in present.TONES and n],
        "errors": told.get("errors", []), "rows": int(item.source.get("estimated_rows") or 0),
    }  # fmt: skip


def _waiting(request: HttpRequest, group: ImportSet, view: View) -> HttpResponse:
    progress = ImportProgress.objects.filter(pk=group.pk).first()
    total = max(progress.total if progress else 0, 1)
    done = min(progress.done if progress else 0, total)
    waiting = progress is None or progress.at is None
    context = {
        "group": group, "words": _("Trying all files") if group.state == ImportState.CHECKING else _("Importing all files"), "done": done, "total": total, "poll": request.path,
        "text": _("Waiting for its turn") if waiting else _("%(done)s of %(total)s rows") % {"done": view.fmt.number(done), "total": view.fmt.number(total)},
    }  # fmt: skip
    return render(request, "records/import/set_waiting.html", context, block="progress" if is_fragment(request) else None)
