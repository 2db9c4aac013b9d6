"""Dashboards: showing, naming, arranging, their tiles."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patron.identity.access import Access
from patron.identity.middleware import access_of
from patron.kernel.parsing import Invalid
from patron.kernel.web import error_page, is_fragment, render
from patron.records import changes, perform, registry
from patron.records.fields import Field
from patron.records.verbs import Refused
from patron.records.views import holding
from patron.records.views.base import error_list, href, view_of
from patron.reports import charts
from patron.reports.domain import dashboards, reports, sharing
from patron.reports.domain.dashboards import Board
from patron.reports.models import Dashboard
from patron.reports.views.base import answer, audience, dialog, page, remembered, sharing_form, uuid_of

_SETTINGS = ("name", "description", "scope", "team", "is_default")


def board_or_404(key: str, access: Access) -> Board:
    """The dashboard, if it exists and the person sees it."""
    found = dashboards.find(key, access)
    if found is None:
        raise Http404
    return found


def _own(key: str, access: Access) -> Dashboard:
    """A saved dashboard that the person may change; else 404, so that a stranger learns nothing."""
    board = board_or_404(key, access)
    if board.saved is None or not sharing.may_change(board.saved, access):
        raise Http404
    return board.saved


@require_safe
def first(request: HttpRequest, slug: str) -> HttpResponse:
    """The default dashboard, else the first one there is."""
    access = access_of(request)
    found = dashboards.all_of(access)
    if not found:
        raise Http404
    return redirect(href(access, "dashboards", found[0].key))


@require_safe
def show(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The frame of a dashboard; each tile loads by itself."""
    access = access_of(request)
    board = board_or_404(key, access)
    here = href(access, "dashboards", key)
    tabs = [{"label": b.name, "url": href(access, "dashboards", b.key), "current": b.key == key} for b in dashboards.all_of(access)]
    context = {
        "board": board, "tiles": [_framed(t, here, access) for t in dashboards.tiles(board, access)], "here": here, "tabs": tabs, "audience": audience(board.saved, access),
        "may_change": board.saved is not None and sharing.may_change(board.saved, access), "may_delete": board.saved is not None and sharing.may_delete(board.saved, access),
        "may_make": sharing.may_make(Dashboard, access), "copy": href(access, "dashboards", "new", query=urlencode({"like": key})),
        "new": href(access, "dashboards", "new"), "reports": href(access, "reports"),
    }  # fmt: skip
    return page(request, "reports/dashboard.html", context)


def _framed(tile: dashboards.Shown, here: str, access: Access) -> dict[str, Any]:
    return {"id": tile.id, "name": tile.name, "width": tile.width, "url": f"{here}tiles/{tile.id}/", "report": href(access, "reports", tile.report)}


@require_safe
def history(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Who changed a saved dashboard, and what."""
    access = access_of(request)
    return remembered(request, board_or_404(key, access).saved, href(access, "dashboards", key))


@require_safe
def tile(request: HttpRequest, slug: str, key: str, tile: str) -> HttpResponse:
    """One tile's figures: a fragment, or by itself a way to the report's page. A report that cannot be made says why in its place."""
    view = view_of(request)
    shown = next((t for t in dashboards.tiles(board_or_404(key, view.access), view.access) if t.id == tile), None)
    named = reports.find(shown.report, view.access) if shown else None
    if shown is None or named is None:
        raise Http404
    if not is_fragment(request):
        return redirect(href(view.access, "reports", shown.report))
    drawing, problem = None, ""
    try:
        drawing = charts.draw(reports.figures(named, view), uid=f"t{tile[-8:]}", title=named.name)
    except Invalid as error:
        problem = error.message
    return render(request, "reports/tile.html", {"drawing": drawing, "problem": problem}, block="tile")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Arrange the tiles: by dragging, or by the buttons of each; add a report. Every press is saved at once."""
    access = access_of(request)
    dashboard = _own(key, access)
    board = board_or_404(key, access)
    errors: dict[str, str] = {}
    if request.method == "POST":
        dashboard = holding.locked(dashboard)
        try:
            _arrange(request, dashboard, access)
            if is_fragment(request):
                return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"seen": {"value": holding.fresh(_placed(dashboard))}})})
            return redirect(href(access, "dashboards", key, "edit"))
        except changes.NotValid as error:
            errors = error.errors
        except Refused as error:
            errors = {error.field: error.message}
    tiles = dashboards.tiles(board, access)
    offered = [(n.key, n.name) for n in (*reports.saved(access), *reports.shipped(access))]
    context = {
        "board": board, "tiles": tiles, "offered": offered, "widths": _widths(), "here": href(access, "dashboards", key), "errors": error_list(errors), "error": errors,
        "settings": href(access, "dashboards", key, "settings"), "reports": href(access, "reports"), "seen": holding.fresh(_placed(dashboard)),
    }  # fmt: skip
    return page(request, "reports/arrange.html", context, status=holding.status(errors))


def _placed(dashboard: Dashboard) -> dict[str, Any]:
    """An arrangement as parts that people change by themselves: the order, and the width of each tile."""
    found = dashboards.placed(dashboard)
    return {"order": list(found), **{f"width-{i}": t.width for i, t in found.items()}}


def _widths() -> list[tuple[int, str]]:
    words = {3: _("A quarter"), 4: _("A third"), 6: _("Half"), 8: _("Two thirds"), 12: _("Full width")}
    return [(w, words[w]) for w in dashboards.WIDTHS]


def _arrange(request: HttpRequest, dashboard: Dashboard, access: Access) -> None:
    """What was pressed: `order` (dragging), `up`, `down`, `remove` name a tile, `add` a report; widths come along."""
    posted = request.POST
    if posted.get("add") is not None and posted.get("report"):
        dashboards.add(dashboard, posted["report"], access=access)
        return
    order = posted.getlist("tile")
    for step, word in ((-1, "up"), (1, "down")):
        chosen = posted.get(word)
        if chosen in order:
            at = order.index(chosen)
            to = min(max(at + step, 0), len(order) - 1)
            order.insert(to, order.pop(at))
    widths = {f"width-{i}": int(posted[f"width-{i}"]) for i in order if posted.get(f"width-{i}", "").isdecimal()}
    now, removed = _placed(dashboard), posted.getlist("remove")
    mine = holding.kept(request, now, {"order": order, **widths}, told=_told, last=lambda: holding.last_on(dashboard.tiles.all()), then=_("Here is how it stands now: do it again if you still want to."))
    merged = {**now, **mine}
    dashboards.arrange(dashboard, merged.pop("order"), access=access, widths={n.removeprefix("width-"): w for n, w in merged.items()}, removed=removed)


def _told(name: str) -> str:
    return _("the order of the tiles") if name == "order" else _("the width of a tile")


@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest, slug: str, key: str = "") -> HttpResponse:
    """Make a dashboard (`like` copies one), or change the name and reach of one's own."""
    access = access_of(request)
    kept = _own(key, access) if key else None
    if kept and request.method == "POST":
        kept = holding.locked(kept)
    like = dashboards.find(request.GET.get("like", ""), access) if not key else None
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            values: dict[str, Any] = {n: request.POST.get(n, "") for n in ("name", "description", "scope")} | {"is_default": request.POST.get("is_default") == "true"}
            team = uuid_of(request.POST.get("team", ""))
            if kept:
                saved = dashboards.change(kept, holding.of_fields(request, _fields(), kept, {**values, "team": team}, view_of(request)), access=access)
            else:
                saved = dashboards.save(access=access, team_id=team, like=like, **values)
            place = [str(saved.pk)] if kept or like else [str(saved.pk), "edit"]
            return answer(request, _("Dashboard saved"), href(access, "dashboards", *place))
        except changes.NotValid as error:
            errors = error.errors
        except Refused as error:
            errors = {error.field: error.message}
    start = reports.copy_name(like.name) if like else ""
    context = {
        **sharing_form(request, access, kept, start, like.description if like else ""), "kept": kept, "errors": error_list(errors), "error": errors, "action": request.get_full_path(),
        "cancel": href(access, "dashboards", *([key] if key else [])), "title": _("Dashboard settings") if kept else _("Copy dashboard") if like else _("New dashboard"),
        "default": request.POST.get("is_default") == "true" if request.method == "POST" else bool(kept and kept.is_default),
        "seen": holding.seen(request, {n: _fields()[n].get(kept) for n in _SETTINGS}) if kept else "",
    }  # fmt: skip
    return dialog(request, "reports/name_dashboard.html", context, status=holding.status(errors))


def _fields() -> dict[str, Field]:
    return registry.of_model(Dashboard).fields


@require_POST
def delete(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Delete a dashboard of one's own; its reports stay, and undo brings it back."""
    access = access_of(request)
    board = board_or_404(key, access)
    if board.saved is None:
        raise Http404
    try:
        signed = dashboards.delete(board.saved, access=access)
    except perform.NotAllowed:
        return error_page(request, 403)
    return answer(request, _("Dashboard deleted: %(name)s") % {"name": board.name}, href(access, "reports"), operation_id=signed)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a report on one of the dashboards that the person may change, or on a new one of their own."""
    access = access_of(request)
    report = reports.find(request.GET.get("report", ""), access)
    if report is None:
        raise Http404
    own = [b for b in dashboards.all_of(access) if b.saved and sharing.may_change(b.saved, access)]
    errors: dict[str, str] = {}
    if request.method == "POST":
        board = next((b for b in own if b.key == request.POST.get("dashboard")), None)
        try:
            target = board.saved if board and board.saved else dashboards.save(access=access, name=request.POST.get("name") or _("My dashboard"), scope="private")
            dashboards.add(target, report.key, access=access)
            return answer(request, _("Added to %(name)s") % {"name": target.name}, href(access, "dashboards", target.pk))
        except changes.NotValid as error:
            errors = error.errors
        except Refused as error:
            errors = {error.field: error.message}
    context = {
        "report": report, "own": [(b.key, b.name) for b in own], "errors": error_list(errors), "error": errors, "action": request.get_full_path(),
        "cancel": href(access, "reports", report.key),
    }  # fmt: skip
    return dialog(request, "reports/add_tile.html", context, errors=errors)
