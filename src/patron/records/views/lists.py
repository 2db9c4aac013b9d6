"""The list: a page of records with filter chips, saved views, sort, columns, totals and bulk actions."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from patron.kernel.web import is_fragment, render
from patron.records import describe, ordering, registry, saved_views
from patron.records.kinds import Invalid, View
from patron.records.listing import Lister, Listing, ListState
from patron.records.record_type import RecordType
from patron.records.rows import table_rows
from patron.records.views.base import href, typed, view_of


@typed()
def records(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """A page of the list; a state that cannot be read says so and shows the plain list."""
    view = view_of(request)
    views = saved_views.visible(record_type.key, view.access)
    problem, asked = "", ListState()
    try:
        base, chosen = saved_views.state_of(views, request.GET.get("view", ""), bare=not request.GET)
        state = asked = ListState.read(request.GET, base)
        lister = Lister(record_type, view, state)
        listing = lister.page()
    except Invalid as error:
        problem, chosen = error.message, None
        state = replace(asked, sort="", after="", before="") if isinstance(error, ordering.Unordered) else ListState()
        lister = Lister(record_type, view, state)
        listing = lister.page()
    context = _context(record_type, view, lister, listing, views, chosen)
    if problem:  # the conditions stay, so that the one which cannot be understood can be taken away
        context["chips"] = describe.chips(record_type, asked.filter, view, asked, context["here"])
    return render(request, "records/list.html", {**context, "problem": problem}, status=400 if problem else 200)


@typed()
def totals(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """The sums of the list's foot over the whole filter: loaded after the rows, since they read every row."""
    view = view_of(request)
    state = ListState.read(request.GET, saved_views.named(record_type.key, request.GET.get("view", ""), view.access))
    lister = Lister(record_type, view, state)
    sums = lister.totals()
    columns = [{"name": c.name, "sum": _sum(c, sums, view)} for c in lister.columns()]
    return render(request, "records/_totals.html", {"columns": columns, "count": sums["count"], "shown": view.fmt.number(sums["count"]), "record_type": record_type}, block="totals")


def _sum(column: Any, sums: dict[str, Any], view: View) -> str:
    value = sums.get(f"sum_{column.name}")
    if value is None:
        return ""
    return view.fmt.money(value, view.access.workspace.currency, cents=False) if column.kind == "money" else view.fmt.number(value)


def _context(record_type: RecordType, view: View, lister: Lister, listing: Listing, views: list[Any], chosen: Any) -> dict[str, Any]:
    state, access = lister.state, view.access
    here = href(access, record_type.key)
    editable = record_type.editable_fields(access) if access.can(record_type.key, "edit") else {}
    heads = _heads(listing, state, here, record_type.model)
    return {
        "record_type": record_type,
        "type_key": record_type.key,
        "rows": table_rows(record_type, listing, heads, editable, here),
        "here": here,
        "state": state,
        "listing": listing,
        "heads": heads,
        "views": saved_views.tabs(record_type, views, chosen, state, here),
        "chosen": chosen,
        "changed": saved_views.changed(chosen, state),
        "chips": describe.chips(record_type, state.filter, view, state, here),
        "pager": {"text": _count_text(record_type, listing, view), "previous": _edge(here, state, before=listing.before), "next": _edge(here, state, after=listing.after)},
        "bulk": _bulk(record_type, view, archived=state.archived),
        "query": state.query(),
        "query_pairs": _pairs(state),
        "may": {a: access.can(record_type.key, a) for a in ("create", "edit", "export", "import")},
        "import_url": href(access, "import", query=f"type={record_type.key}"),
        "has_totals": bool(record_type.totals),
        "board": record_type.board_address(access),
        "tree": record_type.tree_address(access),
        "filtered": bool(state.filter or state.words),
    }


def _heads(listing: Listing, state: ListState, here: str, model: Any) -> list[dict[str, Any]]:
    heads = []
    for column in listing.columns:
        current = listing.sort.field.name == column.name
        turned = current and not listing.sort.descending
        sort = "descending" if current and listing.sort.descending else "ascending" if current else ""
        url = f"{here}?{state.query(sort=('-' if turned else '') + column.name)}" if ordering.sortable(model, column, listing.count) else ""
        end = column.kind in ("money", "number", "integer", "percent", "date", "datetime")
        heads.append({"name": column.name, "label": column.label, "url": url, "sort": sort, "cls": "n" if end else "", "kind": column.kind})
    return heads


def _edge(here: str, state: ListState, *, after: str = "", before: str = "") -> str:
    return f"{here}?{state.query(after=after, before=before)}" if after or before else ""


def _pairs(state: ListState) -> list[tuple[str, str]]:
    from urllib.parse import parse_qsl

    return parse_qsl(state.query())


def _count_text(record_type: RecordType, listing: Listing, view: View) -> str:
    noun = record_type.label if listing.count == 1 else record_type.plural
    number = listing.counted(view.fmt)
    return f"{number[:1].upper()}{number[1:]} {str(noun).lower()}"


def _bulk(record_type: RecordType, view: View, *, archived: bool) -> list[dict[str, Any]]:
    """Actions over a selection: change, the type's bulk verbs, export."""
    access, key = view.access, record_type.key
    found: list[dict[str, Any]] = []
    if access.can(key, "edit") and record_type.editable_fields(access):
        found.append({"label": _("Edit"), "icon": "pencil", "url": href(access, key, "bulk", "edit"), "key": "e"})
    for verb in sorted(registry.verbs(key), key=lambda v: v.order):
        if verb.name == "restore" and not archived:
            continue  # nothing in this list is archived
        if verb.bulk and verb.applies(record_type) and access.can(key, verb.action):
            found.append({"label": verb.label, "icon": verb.icon, "url": href(access, key, "bulk", verb.name), "key": "a" if verb.name == "assign" else "", "dialog": not verb.page})
    if access.can(key, "export"):
        found.append({"label": _("Export"), "icon": "download", "url": href(access, key, "export"), "dialog": False})
    return found


@typed()
def builder(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """The filter builder: nested groups of conditions over the type's fields and those across relations."""
    view = view_of(request)
    state = ListState.read(request.GET, saved_views.named(record_type.key, request.GET.get("view", ""), view.access))
    pairs = [(n, v) for n, v in _pairs(state) if n != "f"]
    target = request.GET.get("to", "")
    action = href(view.access, record_type.key, *(["board"] if target == "board" else []))
    context = {
        "record_type": record_type, "action": action, "query": pairs, "fields": describe.filter_fields(record_type, view),
        "f": json.dumps(state.filter) if state.filter else "",
    }  # fmt: skip
    return render(request, "records/filter.html", context, block="dialog" if is_fragment(request) else None)


@typed()
def columns(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """Choose the columns and their order; a GET form that leads back to the list."""
    view = view_of(request)
    state = ListState.read(request.GET, saved_views.named(record_type.key, request.GET.get("view", ""), view.access))
    shown = [c.name for c in Lister(record_type, view, state).columns()]
    if "column" in request.GET:
        chosen = [c for c in request.GET.getlist("column") if c]
        from django.shortcuts import redirect

        return redirect(f"{href(view.access, record_type.key)}?{state.query(columns=tuple(chosen))}")
    offered = describe.column_choices(record_type, view, shown)
    context = {"record_type": record_type, "offered": offered, "query": [(n, v) for n, v in _pairs(state) if n != "columns"], "action": href(view.access, record_type.key, "columns")}
    return render(request, "records/columns.html", context, block="dialog" if is_fragment(request) else None)
