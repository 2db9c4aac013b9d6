"""What the pages of reports and dashboards share: answers with a way back, and forms about who sees what."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.identity.middleware import access_of
from patron.kernel.web import is_fragment, render
from patron.records import history, registry
from patron.records.models import ViewScope
from patron.records.views.base import href, view_of
from patron.reports.domain import sharing
from patron.reports.models import Shared


def answer(request: HttpRequest, text: str, target: str, *, operation_id: uuid.UUID | None = None) -> HttpResponse:
    """Done: go to `target`, which says what was done and offers to take it back."""
    access = access_of(request)
    request.session["reports_done"] = {"text": text, "undo": href(access, "history", operation_id, "undo") if operation_id else ""}
    if not is_fragment(request):
        return redirect(target)
    return HttpResponse(status=204, headers={"HX-Redirect": target})


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A whole page, with what was just done as a toast."""
    done = request.session.pop("reports_done", None)
    return render(request, template, {**({"toasts": [done]} if done else {}), **context}, status=status)


def remembered(request: HttpRequest, kept: Shared | None, back: str) -> HttpResponse:
    """What happened to something that was saved; 404 for what comes with Patron."""
    if kept is None:
        raise Http404
    found = history.of_record(registry.of_model(type(kept)), kept, view_of(request), before=request.GET.get("before", ""))
    return render(request, "reports/history.html", {"name": kept.name, "back": back, "history": found})


def dialog(request: HttpRequest, template: str, context: dict[str, Any], *, errors: Any = None, status: int = 0) -> HttpResponse:
    """A form that opens in the dialog; without script a page of its own."""
    return render(request, template, context, block="dialog" if is_fragment(request) else None, status=status or (422 if errors else 200))


def uuid_of(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def sharing_form(request: HttpRequest, access: Access, kept: Shared | None, name: str = "", description: str = "") -> dict[str, Any]:
    """Values and choices of the fields name, description, who sees it and team."""
    first = {"name": kept.name, "description": kept.description, "scope": kept.scope, "team": str(kept.team_id or "")} if kept else {"name": name, "description": description, "scope": ViewScope.PRIVATE, "team": ""}
    data = {n: request.POST.get(n, "") for n in first} if request.method == "POST" else first
    offered = [(v, label) for v, label in ViewScope.choices if v != ViewScope.WORKSPACE or access.manages_settings or (kept is not None and kept.scope == v)]
    return {"data": data, "scopes": offered, "teams": [(str(pk), n) for pk, n in sharing.teams(access).values_list("pk", "name")]}


def audience(kept: Shared | None, access: Access) -> str:
    """Who sees it, in words."""
    if kept is None:
        return _("Comes with Patron")
    if kept.scope == ViewScope.PRIVATE and kept.owner_id != access.member_id:
        return _("Only its owner")
    if kept.scope == ViewScope.TEAM and kept.team_id:
        return str(kept.team)
    return str(ViewScope(kept.scope).label)
