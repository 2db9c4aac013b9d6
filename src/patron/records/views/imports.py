"""Importing a file, in four steps: choose it, match its columns, look at what would happen, import. Every step works without script."""

from __future__ import annotations

import tempfile
import uuid
from pathlib import PurePath
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patron.kernel.parsing import Invalid
from patron.kernel.web import is_fragment, render, toast
from patron.records import registry
from patron.records.import_models import Import, ImportProgress, ImportState, RowAction
from patron.records.imports import files, form, present, proposal, rejects, service, several
from patron.records.imports import plan as plans
from patron.records.imports.binding import importable
from patron.records.imports.plan import Plan
from patron.records.jobs import later
from patron.records.kinds import View
from patron.records.record_type import RecordType
from patron.records.verbs import Refused
from patron.records.views import import_sets
from patron.records.views.base import bound, href, view_of

_PAST = 25
_BUSY = (ImportState.CHECKING, ImportState.APPLYING)


def _item(request: HttpRequest, import_id: uuid.UUID) -> tuple[Import, RecordType, View]:
    """The import, if it is the person's to see, with the truth about its state."""
    view = view_of(request)
    item = service.visible(view.access).filter(pk=import_id).first()
    record_type = registry.find(item.type_key) if item else None
    if item is None or record_type is None or not view.access.can(record_type.key, "import"):
        raise Http404
    return service.settled(item), record_type, view


def _address(view: View, item: Import, step: str) -> str:
    return href(view.access, "import", item.pk, step)


def _steps(number: int) -> dict[str, Any]:
    return {"steps_of": [_("Upload"), _("Match columns"), _("Review"), _("Import")], "step": number}


# --- upload -----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a file and what its rows are; and the imports there were."""
    view = view_of(request)
    types = [t for t in registry.all_types() if t.importable and view.access.can(t.key, "import")]
    if not types:
        raise Http404
    errors: dict[str, str] = {}
    if request.method == "POST":
        uploads: list[Any] = request.FILES.getlist("file")
        try:
            if not uploads:
                raise Refused(_("Choose a file."), field="file")
            if len(uploads) > 1 or uploads[0].name.lower().endswith(".zip"):
                return import_sets.begin(request, uploads, request.POST.get("type", ""))
            item = service.start(request.POST.get("type", ""), uploads[0], PurePath(uploads[0].name).name, access=view.access)
        except Refused as error:
            errors = {error.field or "file": error.message}
        except Invalid as error:
            errors = {"file": error.message}
        else:
            return redirect(_address(view, item, "map"))
    chosen = request.POST.get("type") or request.GET.get("type", "")
    context = {
        "types": [(t.key, str(t.plural)) for t in types], "chosen": chosen, "errors": {"type": "", "file": "", **errors}, "problems": list(errors.items()), "past": _past(request, view),
        "may_all": view.access.manages_settings, **_steps(1),
    }  # fmt: skip
    return render(request, "records/import/start.html", context, status=422 if errors else 200)


def _past(request: HttpRequest, view: View) -> list[dict[str, Any]]:
    found = []
    for group in several.visible(view.access).order_by("-created_at", "-id")[:_PAST]:
        found.append({
            "item": group, "type": _("several files"), "icon": "files", "url": import_sets.address(view, several.settled(group)), "state": group.get_state_display(),
            "tone": present.STATE_TONES.get(group.state, "none"), "what": "", "at": group.created_at,
        })  # fmt: skip
    for item in service.visible(view.access).filter(group=None).order_by("-created_at", "-id")[:_PAST]:
        record_type = registry.find(item.type_key)
        if record_type is not None:
            service.settled(item)
            step = {ImportState.UPLOADED: "map", ImportState.MAPPED: "map", ImportState.CHECKING: "check", ImportState.CHECKED: "check"}.get(item.state, "run")  # type: ignore[call-overload]
            found.append({
                "item": item, "type": record_type.plural, "icon": record_type.icon, "url": _address(view, item, step),
                "tone": present.STATE_TONES.get(item.state, "none"), "state": item.get_state_display(),
                "what": service.in_words(item.counts), "at": item.created_at,
            })  # fmt: skip
    return sorted(found, key=lambda past: past["at"], reverse=True)[:_PAST]


# --- matching columns -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, slug: str, import_id: uuid.UUID) -> HttpResponse:
    """Match the columns to fields and say how; then the file is checked."""
    item, record_type, view = _item(request, import_id)
    if item.state in (*_BUSY, ImportState.APPLIED, ImportState.UNDONE):
        return redirect(_address(view, item, "run" if item.state != ImportState.CHECKING else "check"))
    if request.method == "POST" and request.POST.get("step") == "reread":
        return _reread(request, item, record_type, view)
    if request.method != "POST":
        plan, sure = _first_plan(item, record_type, view)
        return _mapping(request, item, record_type, view, plan, sure=sure)
    headings = [c["name"] for c in item.source["columns"]]
    plan = form.read(request.POST, _kept_plan(item, record_type), headings, _tag(item, view))
    if request.POST.get("step") == "look":
        return _mapping(request, item, record_type, view, plan)
    try:
        item = service.save_plan(item, plan, view)
        if item.group is not None:
            several.changed(item.group)
            return redirect(import_sets.address(view, item.group))
        _check(item, view)
    except (Refused, Invalid) as error:
        return _mapping(request, item, record_type, view, plan, problem=error.message, status=422)
    return redirect(_address(view, item, "check"))


def _check(item: Import, view: View) -> None:
    if item.source.get("estimated_rows", 0) <= service.AT_ONCE or view.access.user_id is None:
        service.check(item, view)
    else:
        later(item, view.access.user_id, ImportState.CHECKING)


def _kept_plan(item: Import, record_type: RecordType) -> Plan:
    return plans.from_json({**item.plan, "type": record_type.key})


def _first_plan(item: Import, record_type: RecordType, view: View) -> tuple[Plan, Any]:
    if item.plan.get("columns"):
        return _kept_plan(item, record_type), None
    guess = proposal.propose(record_type, files.source_of(item), view)
    return guess.plan, guess.confidence


def _tag(item: Import, view: View) -> str:
    return _("import %(day)s") % {"day": item.created_at.astimezone(view.access.zone).date().isoformat()}


def _reread(request: HttpRequest, item: Import, record_type: RecordType, view: View) -> HttpResponse:
    """Read the file another way: sheet, encoding, delimiter, header."""
    told: dict[str, Any] = {n: request.POST.get(n) or None for n in ("sheet", "encoding", "delimiter")}
    told["delimiter"] = {"tab": "\t"}.get(told["delimiter"], told["delimiter"])
    header = {"yes": True, "no": False}.get(request.POST.get("header", ""))
    try:
        item.source = files.as_json(files.look_at(item, header=header, **told))
    except Invalid as error:
        plan, sure = _first_plan(item, record_type, view)
        return _mapping(request, item, record_type, view, plan, sure=sure, problem=error.message, status=422)
    item.plan, item.state, item.counts = {}, ImportState.UPLOADED, {}
    item.save(update_fields=["source", "plan", "state", "counts"])
    return redirect(_address(view, item, "map"))


def _mapping(
    request: HttpRequest, item: Import, record_type: RecordType, view: View, plan: Plan, *, sure: Any = None, problem: str = "", status: int = 200
) -> HttpResponse:
    """The page, or the part of it that changes when a column is matched to another field."""
    fields = importable(record_type, view.access, history=plan.history)
    matched = [c.field for c in plan.columns if c.field]
    keys = [n for n in dict.fromkeys(("id", *record_type.keys, *plan.key)) if all(part in matched for part in n.split(plans.JOINED))]
    context = {
        **_frame(item, record_type, view, 2), "plan": plan, "problem": problem or item.message, "columns": present.columns(item, plan, view, record_type, sure),
        "fields": proposal.choices(record_type, view, history=plan.history), "existing": form.existing(plan), "tag": _tag(item, view),
        "keys": [(n, " + ".join(str(fields[p].label) for p in n.split(plans.JOINED))) for n in keys],
        "owner": bound(fields["owner"], view, text=plan.defaults.get("owner", "")) | {"name": "default-owner", "hint": ""} if "owner" in fields else None,
        "may": {a: view.access.can(record_type.key, a) for a in ("create", "edit")}, "tags": "tags" in fields, "has_history": bool(record_type.fields.keys() & {"created_at"}),
        "action": request.path, "back": import_sets.address(view, item.group_id) if item.group_id else href(view.access, "import"), "notes": item.source.get("notes", ()),
    }  # fmt: skip
    return render(request, "records/import/map.html", context, block="mapping" if is_fragment(request) else None, status=status)


def _frame(item: Import, record_type: RecordType, view: View, step: int) -> dict[str, Any]:
    source: dict[str, Any] = item.source
    return {
        "item": item, "record_type": record_type, "source": source, "plural": str(record_type.plural).lower(), "list": href(view.access, record_type.key),
        "rows": view.fmt.number(item.counts.get("rows") or source.get("estimated_rows", 0)), "discard": _address(view, item, "discard"), **_steps(step),
    }  # fmt: skip


# --- review -----------------------------------------------------------------------------------------------------------


@require_safe
def review(request: HttpRequest, slug: str, import_id: uuid.UUID) -> HttpResponse:
    """What would become of every row, before anything is written."""
    item, record_type, view = _item(request, import_id)
    if item.group_id:
        return redirect(import_sets.address(view, item.group_id))
    if item.state == ImportState.CHECKING:
        return _waiting(request, item, record_type, view, 3)
    if is_fragment(request):
        return _look_again()
    if item.state not in (ImportState.CHECKED, ImportState.FAILED):
        step = "map" if item.state in (ImportState.UPLOADED, ImportState.MAPPED) else "run"
        return redirect(_address(view, item, step))
    show = request.GET.get("show", "")
    staged, after, before = present.page(item, show, _number(request, "after"), _number(request, "before"))
    here = _address(view, item, "check")
    context = {
        **_frame(item, record_type, view, 3), "heads": [str(f.label) for _i, f in _matched(item, record_type, view)],
        "lines": present.lines(staged, _matched(item, record_type, view), view, record_type, item), "tally": present.tally(item, record_type),
        "filters": _filters(item, view, show, here), "empty": present.PAGE, "writes": item.counts.get("new", 0) + item.counts.get("change", 0),
        "left_out": item.counts.get("error", 0) + item.counts.get("duplicate", 0), "download": _address(view, item, "left-out.csv")[:-1],
        "previous": f"{here}?show={show}&before={before}" if before else "", "next": f"{here}?show={show}&after={after}" if after else "",
        "run": _address(view, item, "run"), "back": _address(view, item, "map"), "refuses": item.plan.get("refuse") and item.counts.get("error"),
    }  # fmt: skip
    return render(request, "records/import/check.html", context)


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isdigit() and len(text) < 10 else 0


def _matched(item: Import, record_type: RecordType, view: View) -> list[tuple[int, Any]]:
    """(index of the column, field) for each matched column, in the file's order."""
    plan = _kept_plan(item, record_type)
    fields = importable(record_type, view.access, history=plan.history)
    by_heading = {c.column: c.field for c in plan.columns if c.column and c.field and not c.template and c.constant is None}
    return [(i, fields[by_heading[c["name"]]]) for i, c in enumerate(item.source["columns"]) if by_heading.get(c["name"]) in fields]


def _filters(item: Import, view: View, show: str, here: str) -> list[dict[str, Any]]:
    labels = {"": _("All"), "new": _("New"), "change": _("Changes"), "same": _("Unchanged"), "duplicate": _("Duplicates"), "error": _("Errors")}
    return [
        {"label": label, "url": f"{here}?show={key}" if key else here, "current": key == show, "count": view.fmt.number(item.counts.get(key or "rows", 0))}
        for key, label in labels.items()
        if key in ("", "new", show) or item.counts.get(key)
    ]


@require_safe
def left_out(request: HttpRequest, slug: str, import_id: uuid.UUID) -> Any:
    """The rows that were left out, as they came, each with the reason: a file to correct and import again."""
    item, _record_type, _view = _item(request, import_id)
    stream = tempfile.TemporaryFile()  # noqa: SIM115 (the answer closes it)
    show = request.GET.get("show", "")
    rejects.write(item, stream, (show,) if show in (RowAction.ERROR, RowAction.DUPLICATE) else rejects.LEFT_OUT)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"{PurePath(item.filename).stem}-left-out.csv")


# --- importing --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def run(request: HttpRequest, slug: str, import_id: uuid.UUID) -> HttpResponse:
    """POST imports what was reviewed; GET shows how far it is, then what came of it."""
    item, record_type, view = _item(request, import_id)
    if item.group_id:
        return redirect(import_sets.address(view, item.group_id))
    if request.method == "POST":
        try:
            if item.counts.get("rows", 0) <= service.AT_ONCE or view.access.user_id is None:
                service.apply(item, view)
            else:
                later(item, view.access.user_id, ImportState.APPLYING)
        except Refused as error:
            return _result(request, item, record_type, view, problem=error.message, status=409)
        return redirect(_address(view, item, "run"))
    if item.state in _BUSY:
        return _waiting(request, item, record_type, view, 4)
    if item.state in (ImportState.UPLOADED, ImportState.MAPPED):
        return redirect(_address(view, item, "map"))
    if item.state == ImportState.CHECKED and not item.message:
        return redirect(_address(view, item, "check"))
    return _result(request, item, record_type, view)


def _waiting(request: HttpRequest, item: Import, record_type: RecordType, view: View, step: int) -> HttpResponse:
    """A running import; htmx asks again every second, and is sent on when it is through."""
    progress = ImportProgress.objects.filter(pk=item.pk).first()
    total = max(progress.total if progress else 0, item.counts.get("rows", 0), 1)
    done = min(progress.done if progress else 0, total)
    checking = item.state == ImportState.CHECKING
    words = _("Checking the file") if checking else _("Importing")
    if progress is None or progress.at is None:
        text = _("Waiting for its turn")
    elif service.cut_off(item):
        text = _("Interrupted. Nothing was imported so far; it starts again by itself within a minute or two.")
    else:
        text = _("%(done)s of %(total)s rows") % {"done": view.fmt.number(done), "total": view.fmt.number(total)}
    context = {
        **_frame(item, record_type, view, step), "words": words, "done": done, "total": total, "poll": request.path,
        "text": text,
    }  # fmt: skip
    return render(request, "records/import/waiting.html", context, block="progress" if is_fragment(request) else None)


def _look_again() -> HttpResponse:
    """The answer to a progress bar whose work is through: load the page again."""
    response = HttpResponse(status=204)
    response.headers["HX-Refresh"] = "true"
    return response


def _result(request: HttpRequest, item: Import, record_type: RecordType, view: View, *, problem: str = "", status: int = 200) -> HttpResponse:
    if is_fragment(request) and request.method != "POST":
        return _look_again()
    written = item.counts.get("new", 0) + item.counts.get("change", 0)
    context = {
        **_frame(item, record_type, view, 4), "problem": problem or item.message, "tally": present.tally(item, record_type), "written": written,
        "headline": ngettext("%(n)s record was written", "%(n)s records were written", written) % {"n": view.fmt.number(written)},
        "left_out": item.counts.get("error", 0) + item.counts.get("duplicate", 0), "download": _address(view, item, "left-out.csv")[:-1],
        "undo": _address(view, item, "undo"), "check": _address(view, item, "check"), "again": href(view.access, "import", query=f"type={item.type_key}"),
        "operation": href(view.access, "history", item.operation_id) if item.operation_id else "", "finished": view.fmt.datetime(item.finished_at),
    }  # fmt: skip
    return render(request, "records/import/run.html", context, status=status)


@require_POST
def undo(request: HttpRequest, slug: str, import_id: uuid.UUID) -> HttpResponse:
    """Take the whole import back; a refusal says what stands in the way."""
    item, record_type, view = _item(request, import_id)
    if item.group_id:
        return redirect(import_sets.address(view, item.group_id))
    try:
        service.undo(item, view)
    except Refused as error:
        return _result(request, item, record_type, view, problem=error.message, status=409)
    return toast(redirect(_address(view, item, "run")), _("The import was undone"))


@require_POST
def discard(request: HttpRequest, slug: str, import_id: uuid.UUID) -> HttpResponse:
    """Forget an import that was not carried out."""
    item, record_type, view = _item(request, import_id)
    if item.group_id:
        return redirect(import_sets.address(view, item.group_id))
    try:
        service.discard(item)
    except Refused as error:
        return _result(request, item, record_type, view, problem=error.message, status=409)
    return redirect(href(view.access, "import"))


