"""Saving, changing and deleting saved views; the export of a list; a person's preferences."""

from __future__ import annotations

import tempfile
import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patron.identity.middleware import access_of
from patron.identity.models import Membership, Team
from patron.kernel.web import error_page, is_fragment, render, toast
from patron.ledger.operations import operation
from patron.records import saved_views
from patron.records.listing import ListState
from patron.records.models import SavedView, ViewScope
from patron.records.record_type import RecordType
from patron.records.transfer import export
from patron.records.verbs import Refused
from patron.records.views import holding
from patron.records.views.base import back, error_list, href, typed, view_of
from patron.records.views.verbs import selection


@typed()
@require_http_methods(["GET", "HEAD", "POST"])
def save_view(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """Give the list's state a name, or keep the changes of a view that is one's own."""
    view = view_of(request)
    views = saved_views.visible(record_type.key, view.access)
    chosen = next((v for v in views if str(v.pk) == request.GET.get("view")), None)
    state = ListState.read(request.GET, saved_views.as_state(chosen) if chosen else None)
    own = chosen if chosen and saved_views.may_change(chosen, view.access) else None
    data = request.POST if request.method == "POST" else {"name": own.name if own else "", "scope": own.scope if own else ViewScope.PRIVATE}
    errors: dict[str, str] = {}
    if request.method == "POST":
        saved, errors = _save(record_type, state, request, view.access, own if request.POST.get("save") == "change" else None)
        if saved is not None:
            target = href(view.access, record_type.key, query=f"view={saved.pk}")
            if is_fragment(request):
                response = HttpResponse(status=204)
                response.headers["HX-Redirect"] = target
                return response
            return redirect(target)
    teams = Team.objects.filter(members__member_id=view.access.member_id).values_list("pk", "name")
    context = {
        "record_type": record_type, "data": data, "own": own, "errors": error_list(errors), "error": errors, "teams": list(teams),
        "scopes": [(v, label) for v, label in ViewScope.choices if v != ViewScope.WORKSPACE or view.access.manages_settings],
        "action": request.get_full_path(), "cancel": href(view.access, record_type.key), "delete": href(view.access, record_type.key, "views", own.pk, "delete") if own else "",
        "seen": holding.seen(request, _parts(own), older={"state": state.seen}) if own else "",
    }  # fmt: skip
    return render(request, "records/save_view.html", context, block="dialog" if is_fragment(request) else None, status=holding.status(errors))


def _save(record_type: RecordType, state: ListState, request: HttpRequest, access: Any, own: SavedView | None) -> tuple[SavedView | None, dict[str, str]]:
    name = request.POST.get("name", "").strip()[:80]
    if not name:
        return None, {"name": _("Enter a name for the view.")}
    scope, team = request.POST.get("scope", ViewScope.PRIVATE), request.POST.get("team", "")
    if scope == ViewScope.TEAM and not Team.objects.filter(pk=_uuid(team), members__member_id=access.member_id).exists():
        return None, {"team": _("Choose one of your teams.")}
    wanted: dict[str, Any] = {"name": name, "scope": scope, "team": _uuid(team) if scope == ViewScope.TEAM else None, "is_default": request.POST.get("is_default") == "true", "state": saved_views.stored(state)}
    try:
        if own is not None:
            own = holding.locked(own)
            wanted = _kept(request, own, wanted)
        with transaction.atomic():
            saved = saved_views.save(
                record_type, wanted["name"], saved_views.state_from(wanted["state"]), access=access, scope=wanted["scope"], team_id=wanted["team"], is_default=wanted["is_default"], saved=own
            )
        return saved, {}
    except holding.Meanwhile as error:
        return None, error.errors
    except Refused as error:
        return None, {error.field: error.message}
    except IntegrityError:
        return None, {"name": _("You have a view with this name already.")}


def _parts(saved: SavedView) -> dict[str, Any]:
    """A view as parts that people change by themselves."""
    return {"name": saved.name, "scope": saved.scope, "team": saved.team_id, "is_default": saved.is_default, "state": saved_views.stored(saved_views.as_state(saved))}


def _kept(request: HttpRequest, own: SavedView, wanted: dict[str, Any]) -> dict[str, Any]:
    """The view as it is now with what this person changed of it."""
    now = _parts(own)
    said: dict[str, tuple[Any, str]] = {"name": (_("Name"), own.name), "scope": (_("Who sees it"), str(ViewScope(own.scope).label)), "team": (_("Team"), str(own.team or "")), "state": (_("what the list shows"), "")}

    def told(name: str) -> str:
        return holding.words(*said[name]) if name in said else _("which view opens first")

    return {**now, **holding.kept(request, now, wanted, told=told, last=lambda: holding.last_on([own]))}


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@typed()
@require_POST
def delete_view(request: HttpRequest, record_type: RecordType, view_id: uuid.UUID) -> HttpResponse:
    """Delete a view of one's own; the list itself stays."""
    view = view_of(request)
    saved = next((v for v in saved_views.visible(record_type.key, view.access) if v.pk == view_id), None)
    if saved is None:
        raise Http404
    try:
        saved_views.remove(saved, access=view.access)
    except Refused as error:
        return error_page(request, 403, error.message)
    target = href(view.access, record_type.key)
    if not is_fragment(request):
        return redirect(target)
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = target
    return toast(response, _("View deleted"))


@typed("export")
@require_safe
def export_list(request: HttpRequest, record_type: RecordType) -> Any:
    """The list or the ticked rows as CSV or XLSX: every visible field, under the person's own rights; the export itself is recorded."""
    view = view_of(request)
    if request.GET.getlist("ids"):
        rows, _chosen = selection(request, record_type, view)
    else:
        state = ListState.read(request.GET, saved_views.named(record_type.key, request.GET.get("view", ""), view.access))
        rows = saved_views_lister(record_type, view, state)
    rows = record_type.restrict(rows, view.access, "export")
    form = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
    stream = tempfile.TemporaryFile()  # noqa: SIM115 (the answer closes it)
    count = export.write(record_type, rows, view, stream, form)
    stream.seek(0)
    with operation(f"{record_type.key}.export", access=view.access, details={"rows": count, "format": form}):
        pass
    day = timezone.now().astimezone(view.access.zone).date().isoformat()
    return FileResponse(stream, as_attachment=True, filename=f"{record_type.key}-{day}.{form}")


def saved_views_lister(record_type: RecordType, view: Any, state: ListState) -> Any:
    from patron.records.listing import Lister

    return Lister(record_type, view, state).queryset()


@require_POST
def preferences(request: HttpRequest, slug: str) -> HttpResponse:
    """Theme, density and single keys: the person's own, kept with their membership."""
    access = access_of(request)
    allowed = {"theme": ("light", "dark", "system"), "density": ("compact", "normal", "roomy"), "single_keys": ("on", "off")}
    chosen: dict[str, Any] = {n: request.POST[n] for n, values in allowed.items() if request.POST.get(n) in values}
    if "single_keys" in chosen:
        chosen["single_keys"] = chosen["single_keys"] == "on"
    with operation("people.preferences", access=access, subject=("people", access.member_id) if access.member_id else None):
        Membership.objects.filter(pk=access.member_id).update(preferences={**access.preferences, **chosen})
    return HttpResponse(status=204) if is_fragment(request) else back(request, href(access))
