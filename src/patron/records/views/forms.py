"""Creating and editing a record by form, one field in place, and the hint while typing."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from markupsafe import escape

from patron.kernel.parsing import Invalid
from patron.kernel.web import is_fragment, render, toast
from patron.records import changes, duplicates, uploads
from patron.records.customs import definitions, rules
from patron.records.fields import Field
from patron.records.kinds import View, kind_of
from patron.records.record_type import RecordType, Section
from patron.records.views import clashing, offered
from patron.records.views.base import (
    bound,
    done,
    error_list,
    files_of,
    form_of,
    href,
    posted,
    record_href,
    record_or_404,
    titles_of,
    typed,
    values_of,
    view_of,
)  # fmt: skip


def _sections(record_type: RecordType, view: View, names: tuple[str, ...] | None = None) -> list[tuple[Any, list[Field]]]:
    """The form's sections with the fields that this person may set."""
    editable = record_type.editable_fields(view.access)
    declared = (Section("", names),) if names is not None else record_type.all_sections
    found = [(s.title, [editable[n] for n in s.fields if n in editable]) for s in declared]
    return [(title, fields) for title, fields in found if fields]


@typed("create")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """The create form: short in a dialog, whole as a page. Query parameters fill fields in."""
    view = view_of(request)
    short = request.GET.get("form") != "all" and (is_fragment(request) or "short" in request.POST)
    names = record_type.quick_fields if short else None
    sections = _sections(record_type, view, names)
    fields = [f for _title, part in sections for f in part]
    if request.method == "POST":
        data = posted(request)
        sent = [f.name for f in fields if f.name in data or f"has-{f.name}" in data or (f.required and not f.is_custom and f.name not in record_type.all_defaults(view.access))]
        reading = changes.read(record_type, data, view, sent)
        extra = changes.read(record_type, data, view, [n for n in data if n in record_type.editable_fields(view.access) and n not in reading.values])
        errors = offered.asked({**reading.errors, **extra.errors}, record_type, {**reading.values, **extra.values}, access=view.access)
        if not errors:
            try:
                record = changes.create(record_type, {**reading.values, **extra.values}, access=view.access)
            except changes.NotValid as refused:
                errors = refused.errors
            else:
                return _created(request, record_type, record, view)
        return _form(request, record_type, view, sections, {}, typed_in=data, errors=errors, short=short, status=422)
    given = changes.read(record_type, request.GET, view, [n for n in request.GET if n in record_type.fields]).values
    return _form(request, record_type, view, sections, {**_initial(record_type, fields, view), **given}, short=short, carried=given)


def _initial(record_type: RecordType, fields: list[Field], view: View) -> dict[str, Any]:
    defaults = record_type.all_defaults(view.access)
    return {f.name: defaults.get(f.name, f.default) for f in fields}


def _created(request: HttpRequest, record_type: RecordType, record: Any, view: View) -> HttpResponse:
    target = record_href(view.access, record_type, record)
    text = _("%(type)s “%(name)s” created") % {"type": record_type.label, "name": record}
    if request.GET.get("then") == "fill":
        response = HttpResponse(status=204)
        response.headers["HX-Trigger"] = f'{{"created": {{"value": "{record.pk}", "label": {_json(str(record))}}}, "closeDialog": {{}}}}'
        return toast(response, text)
    if is_fragment(request):
        response = HttpResponse(status=204)
        if record_type.has_page and not request.GET.get("stay"):
            response.headers["HX-Redirect"] = target
            return response
        return toast(response, text)
    return redirect(target if record_type.has_page else href(view.access, record_type.key))


def _json(text: str) -> str:
    import json

    return json.dumps(text)


@typed("edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, record_type: RecordType, record_id: uuid.UUID) -> HttpResponse:
    """The edit form. Where someone else changed the same field meanwhile, the answer is 409 with both values to choose from."""
    view = view_of(request)
    record = record_or_404(record_type, view.access, record_id)
    if not record_type.allows(record, view.access, "edit"):
        return _forbidden(request)
    sections = _sections(record_type, view)
    fields = [f for _title, part in sections for f in part]
    names = [f.name for f in fields]
    if request.method != "POST":
        return _form(request, record_type, view, sections, values_of(record_type, record, names), record=record)
    editable = record_type.editable_fields(view.access)  # a choice between two values may come from a cell whose field the form does not have
    data, kept = posted(request), _kept(request, list(editable))
    reading = changes.read(record_type, data, view, [n for n, f in editable.items() if n not in kept and (n in data or _is_check(f, data))], record)
    errors = offered.asked(reading.errors, record_type, reading.values, access=view.access, record=record)
    if not errors:
        try:
            return _save(request, record_type, record, reading.values, view)
        except changes.NotValid as refused:
            errors = refused.errors
    return _form(request, record_type, view, sections, values_of(record_type, record, names), record=record, typed_in=clashing.retyped(record_type, record, names, data, kept, view), errors=errors, status=422)


def _is_check(field: Field, data: Any) -> bool:
    """An unticked box sends nothing, nor does a file that nobody chose; the form says by its marker which ones it had."""
    return field.kind in ("checkbox", "multi_choice", "file") and f"has-{field.name}" in data


def _kept(request: HttpRequest, names: list[str]) -> set[str]:
    """Fields that the person gave up in favour of someone else's change."""
    return {n for n in names if request.POST.get(f"keep-{n}") == "theirs"}


def _save(request: HttpRequest, record_type: RecordType, record: Any, values: dict[str, Any], view: View) -> HttpResponse:
    revision = int(request.POST["revision"]) if request.POST.get("revision", "").isdigit() else None
    base, wanted = clashing.compared(request, record_type, record, values, view)
    try:
        changed = changes.edit(record_type, record, wanted, access=view.access, revision=revision, base=base)
    except changes.Conflict as clash:
        return clashing.conflict(request, record_type, clash, view)
    target = record_href(view.access, record_type, record)
    return toast(done(request, target), _("Saved") if changed else _("Nothing was changed"))


def _form(
    request: HttpRequest, record_type: RecordType, view: View, sections: list[tuple[Any, list[Field]]], values: dict[str, Any], *,
    record: Any = None, typed_in: Any = None, errors: dict[str, str] | None = None, short: bool = False, carried: dict[str, Any] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    fields = [f for _title, part in sections for f in part]
    if errors:
        errors = {**uploads.anew(fields, typed_in), **errors}
    titles = titles_of(fields, values)
    drawn = [(title, form_of(part, view, values, typed_in=typed_in, errors=errors, titles=titles)) for title, part in sections]
    _own(record_type, view, [f for _title, part in drawn for f in part], values, record, typed_in)
    shown = {f.name for f in fields}
    context = {
        "record_type": record_type, "record": record, "sections": drawn, "short": short, "errors": error_list(errors or {}),
        "action": request.get_full_path(), "revision": (typed_in or {}).get("revision") or getattr(record, "revision", ""),
        "was": clashing.was_of(fields, values, view, typed_in) if record else {},
        "files": any(f.kind == "file" for f in fields),
        "carried": {n: str(v) for n, v in (carried or {}).items() if n not in shown},
        "offered": href(view.access, record_type.key, "offered") if offered.depends(record_type) else "",
        "duplicates": href(view.access, record_type.key, "duplicates") if duplicates.rules(record_type) else "",
        "whole": f"{request.path}?form=all", "cancel": record_href(view.access, record_type, record) if record else href(view.access, record_type.key),
    }  # fmt: skip
    return render(request, "records/form.html", context, block="dialog" if is_fragment(request) else None, status=status)


def _own(record_type: RecordType, view: View, drawn: list[dict[str, Any]], values: dict[str, Any], record: Any, typed_in: Any) -> None:
    """Mark the own fields of a form: those that the record does not have are hidden, those that it locks cannot be changed."""
    added = definitions.current().of(record_type.key)
    if not added:
        return
    read = changes.read(record_type, typed_in, view, [f["name"] for f in drawn], record).values if typed_in is not None else values
    gone = offered.off(record_type, offered.draft(record_type, read, access=view.access, record=record))
    locked = rules.locked(record_type, record) if record is not None else set()
    for field in drawn:
        name = field["name"]
        if name not in added:
            continue
        field["around"] = {"data-own": name, **({"hidden": ""} if name in gone else {})}
        if name in locked and name not in gone:
            field.update(hint=_("Locked: it can no longer be changed."), around={})
        if name in gone or name in locked:
            field["attrs"] = {**field["attrs"], "disabled": ""}


def _forbidden(request: HttpRequest) -> HttpResponse:
    from patron.kernel.web import error_page

    return error_page(request, 403)


@typed("edit")
@require_http_methods(["GET", "HEAD", "POST"])
def one_field(request: HttpRequest, record_type: RecordType, record_id: uuid.UUID, name: str) -> HttpResponse:
    """Inline edit of one field: GET the control, POST the value; answers the new text."""
    view = view_of(request)
    record = record_or_404(record_type, view.access, record_id)
    field = record_type.editable_fields(view.access).get(name)
    if field is None or not record_type.allows(record, view.access, "edit"):
        return _forbidden(request)
    value = field.get(record)
    files = files_of([field], {name: value}, view)
    around = {f.name: f.get(record) for f in clashing.with_currency(record_type, field, view)}
    was = clashing.was_of((record_type.fields[n] for n in around), around, view, request.POST)
    context = {"action": request.path, "revision": request.POST.get("revision", getattr(record, "revision", "")), "was": was}
    if request.method != "POST":
        drawn = bound(field, view, value, titles=titles_of([field], {name: value}) | files)
        return render(request, "ui/_inline_edit.html", {**context, "field": drawn}) if not is_fragment(request) else _fragment(request, {**context, "field": drawn})
    text = ", ".join(request.POST.getlist(name)) if field.kind in ("multi_choice", "tags") else request.POST.get(name, "")
    try:
        wanted = changes.read_files(field, posted(request), record) if field.kind == "file" else changes.read_one(field, text, view, changes.currency_of(field, record, view))
        revision = int(request.POST.get("revision") or 0) or None
        base, values = clashing.compared(request, record_type, record, {name: wanted}, view)
        changes.edit(record_type, record, values, access=view.access, revision=revision, base=base)
    except changes.Conflict as clash:
        return clashing.conflict(request, record_type, clash, view)
    except (Invalid, changes.NotValid) as error:
        message = error.message if isinstance(error, Invalid) else " ".join(error.errors.values())
        return _fragment(request, {**context, "field": bound(field, view, value, text=text, error=message, titles=files)}, status=422)
    return HttpResponse(shown(record_type, record, field, view))


def _fragment(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "records/inline.html", context, block="inline", status=status)


def shown(record_type: RecordType, record: Any, field: Field, view: View) -> Any:
    """One value of a record as lists show it."""
    kind = kind_of(field.kind)
    paths = kind.paths(field)
    row = record_type.model.objects.filter(pk=record.pk).values_list(*paths).first()
    return escape(kind.cell(field, tuple(range(len(paths))), view)(row))


@typed("create")
@require_safe
def alike(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """Records that may be the same as the one being typed."""
    view = view_of(request)
    matches = duplicates.while_typing(record_type, request.GET, view)
    return render(request, "records/alike.html", {"matches": matches}, block="alike")
