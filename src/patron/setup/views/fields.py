"""Own fields: the list of each record type, and the form of one field."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patron.kernel.parsing import Invalid, is_blank
from patron.kernel.web import is_fragment, render
from patron.records import changes, describe, perform, registry
from patron.records.custom_models import CustomField
from patron.records.customs import definitions, rules, values
from patron.records.kinds import View
from patron.records.record_type import RecordType
from patron.records.verbs import Refused
from patron.records.views import holding
from patron.records.views.base import bound, error_list, form_of, href, values_of, view_of
from patron.setup.domain import field_form, own_fields
from patron.setup.field_kinds import OFFERED
from patron.setup.own_fields import takers
from patron.setup.views.base import administrators, answer, last_operation, page, refuse

_BLANK_ROWS = 3


@require_safe
@administrators
def index(request: HttpRequest) -> HttpResponse:
    """Every record type that takes own fields, with how many it has; those with fields first, then in the order of the sidebar."""
    access = view_of(request).access
    numbers = own_fields.counts()
    types = sorted(takers(), key=lambda t: (t.key not in numbers, not t.nav, t.nav_order, str(t.plural)))
    shown = [{"type": t, "counts": numbers.get(t.key, (0, 0)), "url": href(access, "settings", "fields", t.key)} for t in types]
    return page(request, "setup/fields.html", {"types": shown, "sets_url": href(access, "settings", "field-sets")})


def _type(type_key: str) -> RecordType:
    found = registry.find(type_key)
    if found is None or found not in takers():
        raise Http404
    return found


@require_safe
@administrators
def of_type(request: HttpRequest, type_key: str) -> HttpResponse:
    """The own fields of a type in their order, retired ones below."""
    record_type, access = _type(type_key), view_of(request).access
    here = href(access, "settings", "fields", type_key)
    rows = list(CustomField.objects.filter(type_key=type_key).select_related("field_set").order_by("order", "created_at", "pk"))
    context = {
        "record_type": record_type, "fields": [f for f in rows if f.archived_at is None], "retired": [f for f in rows if f.archived_at is not None],
        "kinds": OFFERED, "here": here, "overview": href(access, "settings", "fields"), "records": href(access, type_key), "generic": href(access, "custom-fields"),
    }  # fmt: skip
    return page(request, "setup/own_fields.html", context)


def _field(type_key: str, record_id: uuid.UUID) -> CustomField:
    found = CustomField.objects.filter(pk=record_id, type_key=type_key).first()
    if found is None:
        raise Http404
    return found


@require_POST
@administrators
def order(request: HttpRequest, type_key: str) -> HttpResponse:
    """Put fields in order: one `up` or `down`, or all `ids` in the order that they were dragged into."""
    record_type, access = _type(type_key), view_of(request).access
    try:
        if ids := request.POST.getlist("ids"):
            done = own_fields.arrange(record_type.key, [uuid.UUID(i) for i in ids], access=access, seen=[uuid.UUID(i) for i in request.POST.getlist("seen")])
        else:
            word = "up" if "up" in request.POST else "down"
            done = own_fields.move(_field(type_key, uuid.UUID(request.POST.get(word, ""))), -1 if word == "up" else 1, access=access)
    except ValueError:
        raise Http404 from None
    except Refused as error:
        return refuse(request, error.message, status=409)
    return answer(request, _("Moved") if done else _("It stands at the end already"), operation_id=done)


@require_POST
@administrators
def do(request: HttpRequest, type_key: str, record_id: uuid.UUID, name: str) -> HttpResponse:
    """Retire a field, bring it back, or have its index built again: at once, with undo instead of a question."""
    field = _field(type_key, record_id)
    if name not in ("archive", "restore", "index"):
        raise Http404
    verb = registry.verb("custom-fields", name)
    try:
        done = perform.perform(verb, field_form.own_type(), field, access=view_of(request).access, inputs={})
    except Refused as error:
        return refuse(request, error.message)
    except changes.NotValid as error:
        return refuse(request, " ".join(error.errors.values()))
    return answer(request, f"{verb.done}: {field}", operation_id=done.operation_id if name != "index" else None, back=href(view_of(request).access, "settings", "fields", type_key))


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def new(request: HttpRequest, type_key: str) -> HttpResponse:
    """First the kind is chosen, then the form asks what this kind needs."""
    record_type, view = _type(type_key), view_of(request)
    kind = request.GET.get("kind", "")
    if kind not in OFFERED:
        here = href(view.access, "settings", "fields", type_key)
        return page(request, "setup/own_field_kinds.html", {"record_type": record_type, "kinds": OFFERED.values(), "list_url": here, "here": f"{here}new/"})
    return _form(request, record_type, view, kind, None)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def edit(request: HttpRequest, type_key: str, record_id: uuid.UUID) -> HttpResponse:
    """Change a field; type and key stay."""
    record_type, view, field = _type(type_key), view_of(request), _field(type_key, record_id)
    posted = request.POST.get("kind", "")
    return _form(request, record_type, view, posted if posted in values.alike(field.kind) else field.kind, field)


def _form(request: HttpRequest, record_type: RecordType, view: View, kind: str, field: CustomField | None) -> HttpResponse:
    if request.method != "POST":
        return _drawn(request, record_type, view, kind, field)
    if "row" in request.POST:
        rows = field_form.rearranged(request.POST)
        if is_fragment(request):
            return render(request, "setup/_choices.html", {"rows": rows, "tones": field_form.TONES, "error": "", "grown": request.POST["row"] == "add", "action": request.get_full_path()})
        return _drawn(request, record_type, view, kind, field, typed_in=request.POST, rows=rows)
    given, errors = field_form.read(request.POST, view, type_key=record_type.key, kind=kind, record=field)
    if not errors:
        try:
            return _save(request, record_type, view, given, field)
        except changes.NotValid as refused:
            errors = refused.errors
    return _drawn(request, record_type, view, kind, field, typed_in=request.POST, errors=errors)


def _save(request: HttpRequest, record_type: RecordType, view: View, given: dict[str, Any], field: CustomField | None) -> HttpResponse:
    target = href(view.access, "settings", "fields", record_type.key)
    if field is None:
        made = changes.create(field_form.own_type(), given, access=view.access)
        return answer(request, _("Field “%(name)s” is there, everywhere") % {"name": made}, operation_id=_last(request), target=target)
    own, field = field_form.own_type(), holding.locked(field)
    mine = holding.of_fields(request, own.fields, field, given, view)
    changed = changes.edit(own, field, mine, access=view.access)
    return answer(request, _("Field saved") if changed else _("Nothing was changed"), operation_id=_last(request) if changed else None, target=target)


def _last(request: HttpRequest) -> uuid.UUID | None:
    signed = last_operation(request)
    return signed.pk if signed else None


def _drawn(
    request: HttpRequest, record_type: RecordType, view: View, kind: str, field: CustomField | None, *,
    typed_in: Any = None, errors: dict[str, str] | None = None, rows: list[dict[str, str]] | None = None,
) -> HttpResponse:  # fmt: skip
    errors, own = errors or {}, field_form.own_type()
    asks = OFFERED[kind].asks if kind in OFFERED else frozenset()
    value_of = {n: own.fields[n].get(field) if field is not None else None for n in field_form.PLAIN}
    if field is None:
        value_of["searchable"] = True
        value_of["places"] = own.fields["places"].default if own.fields["places"].default is not None else 2
    drawn = {f["name"]: f for f in form_of([own.fields[n] for n in field_form.PLAIN], view, value_of, typed_in=typed_in, errors=errors)}
    drawn["target"].update(kind="choice", options=own_fields.targets(), required=True)
    drawn["field_set"].update(kind="choice", options=own_fields.sets() if rules.takes_sets(record_type.key) else [], url="", value=_text(typed_in, "field_set", value_of["field_set"]))
    drawn["key"]["required"] = False
    shown = rows if rows is not None else field_form.choices(typed_in) if typed_in is not None else [dict(c) for c in field.choices] if field else []
    present = {**({"choices": shown} if "choices" in asks else {}), "kind": kind}
    here = href(view.access, "settings", "fields", record_type.key)
    text = typed_in.get("formula", "") if typed_in is not None else (field.formula if field else "")
    context = {
        "record_type": record_type, "own": field, "kind": OFFERED.get(kind), "kind_value": kind, "asks": asks, "worded": kind in values.WORDED, "f": drawn, "errors": error_list(errors), "error_of": errors,
        "alike": [(k, OFFERED[k].label) for k in values.alike(kind)] if field else [], "tones": field_form.TONES,
        "rows": [*shown, *([{"value": "", "label": "", "tone": ""}] * (_BLANK_ROWS if not shown else 1))] if rows is None else rows,
        "default": _default(view, record_type, present, field, typed_in, errors) if "default" in asks else None,
        "conditions": _conditions(record_type, view, field, typed_in, errors), "list_url": here, "action": request.get_full_path(),
        "sections": sorted({str(s.title) for s in record_type.all_sections}), "names": field_form.formula_names(record_type) if "formula" in asks else [],
        "formula_url": f"{here}formula/", "seen": holding.seen(request, values_of(own, field, field_form.SAVED)) if field is not None else "", "generic": href(view.access, "custom-fields"),
        **(_worked_out(record_type, text, view) if "formula" in asks else {}),
    }  # fmt: skip
    return page(request, "setup/own_field.html", context, status=holding.status(errors))


def _text(typed_in: Any, name: str, value: Any) -> str:
    return str(typed_in.get(name, "") if typed_in is not None else value or "")


def _default(view: View, record_type: RecordType, present: dict[str, Any], field: CustomField | None, typed_in: Any, errors: dict[str, str]) -> dict[str, Any]:
    """The control of the default: that of the kind."""
    from patron.records.customs.values import SHAPES, typed

    shape = field_form.preview_field(record_type.key, {**present, "choices": [c for c in present.get("choices", []) if c["label"]]}, field)
    value = typed(SHAPES[shape.kind], field.default) if field is not None and field.default is not None else None
    text = ", ".join(typed_in.getlist("default")) if typed_in is not None else None
    drawn = bound(shape, view, value, text=text, error=errors.get("default", ""))
    return {**drawn, "name": "default", "label": _("Ticked at first") if shape.kind == "checkbox" else _("Default"), "required": False, "hint": _("What a new record starts with")}


def _conditions(record_type: RecordType, view: View, field: CustomField | None, typed_in: Any, errors: dict[str, str]) -> list[dict[str, Any]]:
    """The two conditions, as the filter builder draws them."""
    labels = {"visible_if": (_("Shown if"), _("Empty: every record has the field.")), "readonly_if": (_("Locked if"), _("Empty: it can always be changed."))}
    name = definitions.name_of(field.key) if field is not None else ""
    found = []
    for key, (label, hint) in labels.items():
        tree = getattr(field, key) if field is not None else {}
        text = typed_in.get(key, "") if typed_in is not None else json.dumps(tree) if tree else ""
        offered = describe.condition_fields(record_type, view, but=name if key == "visible_if" else "")
        words = describe.phrase(record_type, tree, view) if tree else ""
        found.append({"name": key, "label": label, "hint": hint, "f": text, "fields": offered, "error": errors.get(key, ""), "words": words})
    return found


def _worked_out(record_type: RecordType, text: str, view: View) -> dict[str, Any]:
    if is_blank(text):
        return {"samples": [], "problem": ""}
    try:
        return {"samples": field_form.samples(record_type.key, text, view), "problem": ""}
    except Invalid as error:
        return {"samples": [], "problem": error.message}


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def formula(request: HttpRequest, type_key: str) -> HttpResponse:
    """What a formula comes to for three records, or what is wrong with it."""
    record_type, view = _type(type_key), view_of(request)
    text = (request.POST if request.method == "POST" else request.GET).get("formula", "")
    return render(request, "setup/_formula.html", {**_worked_out(record_type, text[:500], view), "record_type": record_type})
