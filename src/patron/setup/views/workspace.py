"""The workspace: name, currency, time, colour, and what makes an account active."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patron.identity.middleware import access_of
from patron.kernel.parsing import Invalid
from patron.ledger.models import Operation
from patron.records.changes import NotValid, read_one
from patron.records.fields import Field
from patron.records.kinds import View
from patron.records.verbs import Refused
from patron.records.views import clashing, holding
from patron.records.views.base import error_list, form_of, href, view_of
from patron.setup.domain import workspace as general
from patron.setup.views.base import administrators, answer, everyone, page, refuse


@require_safe
@everyone
def start(request: HttpRequest) -> HttpResponse:
    """The first section that the person may open."""
    access = access_of(request)
    return redirect(href(access, "settings", "workspace" if access.manages_settings else "profile"))


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def edit(request: HttpRequest) -> HttpResponse:
    """The form; a currency with amounts behind it is shown and stays."""
    view = view_of(request)
    access, fixed, place = view.access, general.holds_money(), view.access.workspace
    if request.method == "POST":
        place = holding.locked(place)
    fields = [f for f in general.fields(access.locale) if not (fixed and f.name == "currency")]
    now = {f.name: _shown(f, place) for f in fields}
    errors: dict[str, str] = {}
    if request.method == "POST":
        values: dict[str, Any] = {}
        for field in fields:
            try:
                values[field.name] = _typed(field, read_one(field, request.POST.get(field.name, ""), view))
            except Invalid as error:
                errors[field.name] = error.message
        if not errors:
            try:
                done = general.save(_kept(request, fields, now, values, view), access=access)
                return answer(request, _("Saved") if done else _("Nothing was changed"), operation_id=done, target=request.path, verb=general.VERB)
            except NotValid as refused:
                errors = refused.errors
    typed = request.POST if errors else None
    drawn = {f["name"]: f for f in form_of(fields, view, now, typed_in=typed, errors=errors)}
    context = {"fields": drawn, "errors": error_list(errors), "place": access.workspace, "hues": general.HUES, "fixed": fixed, "seen": holding.seen(request, now)}
    return page(request, "setup/workspace.html", context, status=holding.status(errors))


def _kept(request: HttpRequest, fields: list[Field], now: dict[str, Any], values: dict[str, Any], view: View) -> dict[str, Any]:
    """What the person changed. The directory of workspaces is no ledgered table: who changed it last stands in the operations."""
    known = {f.name: f for f in fields}
    wanted = {n: _as_shown(known[n], v) for n, v in values.items()}

    def told(name: str) -> str:
        return holding.words(known[name].label, clashing.in_words(known[name], now[name], {}, view))

    mine = holding.kept(request, now, wanted, told=told, last=lambda: Operation.objects.filter(verb=general.VERB).order_by("-at", "-id").first())
    return {n: values[n] for n in mine}


def _typed(field: Any, value: Any) -> Any:
    return int(value) if field.name == "fiscal_month" else value


def _shown(field: Any, place: Any) -> Any:
    return _as_shown(field, getattr(place, field.name))


def _as_shown(field: Field, value: Any) -> Any:
    return str(value) if field.kind == "choice" else value


@require_POST
@administrators
def undo(request: HttpRequest, operation_id: uuid.UUID) -> HttpResponse:
    """Take a change of the settings back."""
    try:
        undone = general.undo(operation_id, access=access_of(request))
    except Refused as error:
        return refuse(request, error.message, status=409)
    return answer(request, _("Undone"), operation_id=undone, verb=general.VERB)
