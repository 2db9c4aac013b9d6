"""Verbs behind buttons: a generated dialog per verb, for one record, a selection or a whole filter; and undo."""

from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from patron.identity.access import Access
from patron.identity.middleware import access_of
from patron.kernel.web import error_page, is_fragment, render, toast
from patron.ledger.models import Operation
from patron.records import bulk, changes, perform, registry, saved_views, undoing
from patron.records.kinds import View
from patron.records.listing import Lister, ListState
from patron.records.record_type import RecordType
from patron.records.veil import veiled
from patron.records.verbs import Refused, Verb
from patron.records.views import holding
from patron.records.views.base import back, bound, done, error_list, form_of, href, record_href, record_or_404, titles_of, typed, view_of


def _verb(record_type: RecordType, name: str) -> Verb:
    try:
        verb = registry.verb(record_type.key, name)
    except registry.Unknown as error:
        raise Http404 from error
    if not verb.applies(record_type):
        raise Http404
    return verb


@typed()
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: HttpRequest, record_type: RecordType, record_id: uuid.UUID, name: str) -> HttpResponse:
    """One verb on one record: GET asks for its inputs, POST does it. A verb without inputs needs no dialog."""
    view = view_of(request)
    record, verb = record_or_404(record_type, view.access, record_id), _verb(record_type, name)
    if not record_type.allows(record, view.access, verb.action):
        return error_page(request, 403)
    refusal = verb.refusal(record, view.access)
    if request.method != "POST":
        return _dialog(request, record_type, verb, view, record=record, problem=refusal or "")
    try:
        inputs = perform.read_inputs(verb, _texts(request), view)
        _ask_again(request, verb, record, inputs, view)
        result = perform.perform(verb, record_type, record, access=view.access, inputs=inputs, reason=request.POST.get("_reason", ""))
    except changes.NotValid as error:
        return _dialog(request, record_type, verb, view, record=record, errors=error.errors, typed_in=request.POST, status=holding.status(error.errors))
    except Refused as error:
        return _dialog(request, record_type, verb, view, record=record, errors={error.field: error.message}, typed_in=request.POST, status=422)
    except perform.NotAllowed:
        return error_page(request, 403)
    gone = not record_type.model.objects.filter(pk=record.pk).exists()
    target = href(view.access, record_type.key) if gone or not record_type.has_page else record_href(view.access, record_type, record)
    response = redirect(target) if not is_fragment(request) else (_gone(target) if gone and record_type.has_page else done(request, target))
    text = str(verb.done) % {"name": record} if "%(name)s" in str(verb.done) else f"{verb.done}: {record}"
    return toast(response, text, undo=href(view.access, "history", result.operation_id, "undo"))


def _proposed(verb: Verb, record: Any, access: Access) -> dict[str, Any]:
    """What the dialog of a verb takes from the record, such as the name to be changed; with the record's revision where it takes anything."""
    found = {item.name: item.spec.initial(record, access) for item in verb.inputs if item.spec.initial}
    return {"revision": record.revision, **found} if found and hasattr(record, "revision") else {}


def _ask_again(request: HttpRequest, verb: Verb, record: Any, inputs: dict[str, Any], view: View) -> None:
    """Raise `holding.Meanwhile` where somebody else changed what the verb changes, since its dialog was opened."""
    if not _proposed(verb, record, view.access):
        return
    now = _proposed(verb, holding.locked(record), view.access)
    if not holding.changed(request, {"revision": now.pop("revision")}):
        return
    fields = {f.name: f for f in perform.input_fields(verb)}
    wanted = {n: getattr(inputs[n], "pk", inputs[n]) for n in now if n in inputs}
    holding.of_fields(request, fields, record, wanted, view, {n: now[n] for n in wanted}, meant=True)


def _gone(target: str) -> HttpResponse:
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = target
    return response


def _texts(request: HttpRequest) -> dict[str, Any]:
    """Posted values; several of one name joined as a list is typed."""
    return {name: ", ".join(request.POST.getlist(name)) for name in request.POST}


def _dialog(
    request: HttpRequest, record_type: RecordType, verb: Verb, view: View, *, record: Any = None, chosen: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None, typed_in: Any = None, problem: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    fields = perform.input_fields(verb)
    initial = {}
    for item, spec in zip(verb.inputs, fields, strict=True):
        initial[item.name] = item.spec.initial(record, view.access) if item.spec.initial and record is not None else request.GET.get(item.name, spec.default)
    drawn = form_of(fields, view, initial, typed_in=typed_in, errors=errors, titles=titles_of(fields, initial) if record is not None else None)
    many = chosen["count"] if chosen else 0
    context = {
        "record_type": record_type, "record": veiled(record, view.access), "verb": verb, "fields": drawn, "errors": error_list(errors or {}), "problem": problem,
        "action": request.get_full_path(), "chosen": chosen, "danger": verb.tone == "bad",
        "title": f"{verb.label}: {record}" if record is not None else ngettext("%(verb)s: %(n)s record", "%(verb)s: %(n)s records", many) % {"verb": verb.label, "n": view.fmt.number(many)},
        "seen": holding.seen(request, _proposed(verb, record, view.access)) if record is not None else "",
        "next": request.headers.get("Referer", ""), "cancel": record_href(view.access, record_type, record) if record is not None else href(view.access, record_type.key),
    }  # fmt: skip
    own = verb.template if record is not None and not problem else ""  # a refusal needs no more than its words
    if own and verb.context:
        context.update(veiled(verb.context(record, view.access, initial), view.access))
    return render(request, own or "records/verb.html", context, block="dialog" if is_fragment(request) else None, status=status)


# --- Many at once -----------------------------------------------------------------------------------------------------


def selection(request: HttpRequest, record_type: RecordType, view: View) -> tuple[QuerySet[Any], dict[str, Any]]:
    """The rows that a bulk action is about: ticked ids, or the whole filter of the list; and how to say so again."""
    params = request.GET
    if params.get("all") == "1":
        state = ListState.read(params, saved_views.named(record_type.key, params.get("view", ""), view.access))
        rows = Lister(record_type, view, state).queryset()
        return rows, {"count": rows.count(), "all": True}
    ids = []
    for text in params.getlist("ids"):
        try:
            ids.append(uuid.UUID(text))
        except ValueError:
            raise Http404 from None
    rows = record_type.visible(view.access).filter(pk__in=ids)
    return rows, {"count": rows.count(), "all": False}


@typed()
@require_http_methods(["GET", "HEAD", "POST"])
def many(request: HttpRequest, record_type: RecordType, name: str) -> HttpResponse:
    """A bulk verb, or `edit`: GET asks, POST does it to what the address selects."""
    view = view_of(request)
    rows, chosen = selection(request, record_type, view)
    if not chosen["count"]:
        return render(request, "records/nothing.html", {"text": bulk.nothing_chosen()}, block="dialog" if is_fragment(request) else None, status=422)
    if name == "edit":
        return _edit_many(request, record_type, view, rows, chosen)
    verb = _verb(record_type, name)
    if not verb.bulk:
        raise Http404
    if not view.access.can(record_type.key, verb.action):
        return error_page(request, 403)
    if request.method != "POST":
        return _page(request, record_type, verb, view, rows) if verb.page else _dialog(request, record_type, verb, view, chosen=chosen)
    try:
        inputs = perform.read_inputs(verb, _texts(request), view)
        result = perform.perform_many(verb, record_type, rows, access=view.access, inputs=inputs)
    except changes.NotValid as error:
        return _dialog(request, record_type, verb, view, chosen=chosen, errors=error.errors, typed_in=request.POST, status=422)
    except Refused as error:
        return _dialog(request, record_type, verb, view, chosen=chosen, errors={error.field: error.message}, typed_in=request.POST, status=422)
    return _many_done(request, record_type, view, str(verb.done), result)


def _page(request: HttpRequest, record_type: RecordType, verb: Verb, view: View, rows: QuerySet[Any]) -> HttpResponse:
    """A verb that asks on a page of its own: with the ids that were chosen, at most a few too many for it to say so."""
    chosen = urlencode([("ids", pk) for pk in rows.order_by("pk").values_list("pk", flat=True)[:50]])
    target = href(view.access, record_type.key, verb.page, query=chosen)
    return redirect(target)


def _many_done(request: HttpRequest, record_type: RecordType, view: View, words: str, result: perform.Done) -> HttpResponse:
    text = f"{words}: " + ngettext("%(n)s record", "%(n)s records", result.count) % {"n": view.fmt.number(result.count)}
    if result.refused:
        name, why = result.refused[0]
        text += ". " + ngettext("%(n)s was left out (%(name)s: %(why)s)", "%(n)s were left out (%(name)s: %(why)s)", len(result.refused)) % {"n": len(result.refused), "name": name, "why": why}
    response = done(request, href(view.access, record_type.key))
    return toast(response, text, tone="warn" if result.refused else "", undo=href(view.access, "history", result.operation_id, "undo") if result.count else "")


def _edit_many(request: HttpRequest, record_type: RecordType, view: View, rows: QuerySet[Any], chosen: dict[str, Any]) -> HttpResponse:
    """Choose a field, give it a value for all."""
    editable = record_type.editable_fields(view.access)
    if not editable or not view.access.can(record_type.key, "edit"):
        return error_page(request, 403)
    name = request.POST.get("field") or request.GET.get("field") or ""
    field = editable.get(name)
    errors: dict[str, str] = {}
    if request.method == "POST" and field is not None and "step" not in request.POST:
        reading = changes.read(record_type, _texts(request), view, [name])
        errors = reading.errors
        if not errors:
            try:
                return _many_done(request, record_type, view, _("Changed"), bulk.edit_many(record_type, rows, reading.values, access=view.access))
            except changes.NotValid as error:
                errors = error.errors
    context = {
        "record_type": record_type, "chosen": chosen, "field": bound(field, view, None, text=request.POST.get(name) if errors else None, error=errors.get(name, "")) if field else None,
        "names": [(n, f.label) for n, f in editable.items() if f.kind not in ("json", "file")], "name": name, "errors": error_list(errors), "action": request.get_full_path(),
        "title": ngettext("Edit %(n)s record", "Edit %(n)s records", chosen["count"]) % {"n": view.fmt.number(chosen["count"])}, "cancel": href(view.access, record_type.key),
    }  # fmt: skip
    return render(request, "records/bulk_edit.html", context, block="dialog" if is_fragment(request) else None, status=422 if errors else 200)


# --- Undo -------------------------------------------------------------------------------------------------------------


@require_POST
def undo(request: HttpRequest, slug: str, operation_id: uuid.UUID) -> HttpResponse:
    """Take an operation back; a refusal says what stands in the way."""
    view = view_of(request)
    try:
        undone = undoing.undo_operation(operation_id, view=view)
    except Refused as error:
        if is_fragment(request):
            return toast(HttpResponse(status=409), error.message, tone="bad")
        return render(request, "records/nothing.html", {"text": error.message}, status=409)
    response = HttpResponse(status=204) if is_fragment(request) else back(request, href(view.access))
    response.headers["HX-Trigger"] = json.dumps({"refresh": {}})
    return toast(response, _("Undone"), undo=href(view.access, "history", undone, "undo"))


def operation(request: HttpRequest, slug: str, operation_id: uuid.UUID) -> HttpResponse:
    """One operation: who, when, what it touched, and undo."""
    view = view_of(request)
    signed = Operation.objects.filter(pk=operation_id).first()
    if signed is None or not undoing.may_undo(signed, access_of(request)):
        raise Http404
    undone = Operation.objects.filter(undoes=signed.pk).first()
    from patron.records import history

    context = {"signed": signed, "what": history.what(signed), "summary": undoing.summary(signed), "undone": undone, "undo": href(view.access, "history", signed.pk, "undo")}
    return render(request, "records/operation.html", context)
