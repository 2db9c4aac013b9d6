"""Record types of the workspace's own: the list, and the form of one."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patron.kernel.web import is_fragment, render
from patron.records import changes, perform, registry
from patron.records.custom_models import CustomField
from patron.records.own_records import CustomRecord, CustomType
from patron.records.verbs import Refused
from patron.records.views import holding
from patron.records.views.base import error_list, form_of, href, values_of, view_of
from patron.setup.domain import type_form
from patron.setup.own_types import ICONS, KEY
from patron.setup.views.base import administrators, answer, last_operation, page, refuse

_BLANK_ROWS = 3


@require_safe
@administrators
def index(request: HttpRequest) -> HttpResponse:
    """Every own record type with what it has; retired ones below. A constant number of queries."""
    access = view_of(request).access
    records = dict(CustomRecord.objects.values_list("type").annotate(n=Count("pk")).order_by())
    fields = dict(CustomField.objects.filter(Q(archived_at=None)).values_list("type_key").annotate(n=Count("pk")).order_by())
    here = href(access, "settings", "types")
    shown = [
        {
            "type": t, "records": records.get(t.pk, 0), "fields": fields.get(t.key, 0), "url": f"{here}{t.pk}/", "list": href(access, t.key),
            "fields_url": href(access, "settings", "fields", t.key), "states": type_form.rows_of(t.states),
        }
        for t in CustomType.objects.order_by("order", "plural", "pk")
    ]  # fmt: skip
    live, retired = ([s for s in shown if (s["type"].archived_at is None) == wanted] for wanted in (True, False))
    return page(request, "setup/own_types.html", {"live": live, "retired": retired, "here": here})


def _type(record_id: uuid.UUID) -> CustomType:
    found = CustomType.objects.filter(pk=record_id).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def new(request: HttpRequest) -> HttpResponse:
    """Make a record type."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def edit(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Change a record type; its key stays."""
    return _form(request, _type(record_id))


def _form(request: HttpRequest, made: CustomType | None) -> HttpResponse:
    """The form, a row of its states moved by one of the buttons, or what it sends saved."""
    view = view_of(request)
    if request.method != "POST":
        rows = type_form.rows_of(made.states) if made else [type_form.StateRow() for _i in range(_BLANK_ROWS)]
        return _page(request, made, rows, {}, None)
    rows = type_form.read_rows(request.POST)
    if order := request.POST.get("row", ""):
        rows = type_form.changed_rows(rows, order)
        if is_fragment(request):
            return render(request, "setup/_states.html", {**_states(rows), "action": request.path, "error": "", "grown": order == "add"})
        return _page(request, made, rows, {}, request.POST)
    try:
        values = type_form.read(request.POST, view, made)
        if made is not None:
            made = holding.locked(made)
            values = holding.of_fields(request, registry.get(KEY).fields, made, values, view)
        saved = type_form.save(values, view, made)
    except changes.NotValid as refused:
        return _page(request, made, rows, refused.errors, request.POST)
    signed = last_operation(request)
    text = _("Record type “%(name)s” saved") if made else _("Record type “%(name)s” made: now add its fields")
    target = href(view.access, "settings", "types") if made else href(view.access, "settings", "types", saved.pk)
    return answer(request, text % {"name": saved.plural}, operation_id=signed.pk if signed else None, target=target)


def _states(rows: list[type_form.StateRow]) -> dict[str, Any]:
    return {"rows": rows, "tones": type_form.TONE_WORDS}


def _page(request: HttpRequest, made: CustomType | None, rows: list[type_form.StateRow], errors: dict[str, str], typed_in: Any) -> HttpResponse:
    view, own = view_of(request), registry.get(KEY)
    fields = [own.fields[n] for n in type_form.NAMES]
    values = values_of(own, made, type_form.NAMES) if made else {f.name: f.default for f in fields}
    form = {f["name"]: f for f in form_of(fields, view, values, typed_in=typed_in, errors=errors)}
    overview = href(view.access, "settings", "types")
    context = {
        "made": made, "f": form, "error_of": errors, "errors": error_list(errors), "icons": ICONS if form["icon"]["value"] in ICONS else (form["icon"]["value"], *ICONS),
        "overview": overview, "action": request.path, "seen": holding.seen(request, values_of(own, made, (*type_form.NAMES, "states"))) if made else "", **_states(rows),
        "records": href(view.access, made.key) if made else "", "fields_url": href(view.access, "settings", "fields", made.key) if made else "",
        "generic": href(view.access, KEY), "key_mark": "x-", "do": f"{overview}{made.pk}/" if made else "",
    }  # fmt: skip
    return page(request, "setup/own_type.html", context, status=holding.status(errors))


@require_POST
@administrators
def do(request: HttpRequest, record_id: uuid.UUID, name: str) -> HttpResponse:
    """Retire a type, bring it back or delete it: at once, with undo instead of a question."""
    made, access = _type(record_id), view_of(request).access
    if name not in ("archive", "restore", "delete"):
        raise Http404
    verb = registry.verb(KEY, name)
    try:
        done = perform.perform(verb, registry.get(KEY), made, access=access, inputs={})
    except Refused as error:
        return refuse(request, error.message)
    overview = href(access, "settings", "types")
    return answer(request, f"{verb.done}: {made}", operation_id=done.operation_id, target=overview if name == "delete" else "", back=overview)
