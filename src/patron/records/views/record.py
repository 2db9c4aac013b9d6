"""The record page: everything essential on one screen, tabs for the rest, history."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.kernel.markup import filled
from patron.kernel.web import is_fragment, render
from patron.records import history, perform, registry
from patron.records.customs import rules
from patron.records.fields import Field
from patron.records.kinds import Invalid, View, kind_of
from patron.records.kinds.filed import linked
from patron.records.listing import Lister, ListState
from patron.records.record_type import RecordType, Tab
from patron.records.veil import veiled
from patron.records.views import offered
from patron.records.views.base import files_of, href, record_href, record_or_404, titles_of, typed, view_of


@typed()
def record(request: HttpRequest, record_type: RecordType, record_id: uuid.UUID) -> HttpResponse:
    """One record: the overview, one of its tabs, or its history."""
    view = view_of(request)
    found = record_or_404(record_type, view.access, record_id)
    if found.pk != record_id:  # merged: for now, since unmerging brings it back
        query = request.META.get("QUERY_STRING", "")
        return redirect(record_href(view.access, record_type, found) + (f"?{query}" if query else ""))
    tab = request.GET.get("tab", "")
    context = _frame(record_type, found, view, tab)
    if tab == "history":
        page = history.of_record(record_type, found, view, before=request.GET.get("before", ""))
        return render(request, "records/history.html", {**context, "history": page})
    if "preview" in request.GET:
        shown = {**context, "facts": _facts(record_type, found, view)}
        return render(request, "records/preview.html", shown, block="dialog" if is_fragment(request) else None)
    for attached in registry.tabs(record_type.key):
        if attached.key == tab and _told(attached, view.access):
            return _related(request, attached, found, view, context)
    panels = [_panel(p, found, view) for p in registry.panels(record_type.key)]
    columns: dict[str, list[dict[str, Any]]] = {"work": [], "centre": [], "about": []}
    for panel in panels:
        if panel is not None:
            columns[panel["column"]].append(panel)
    return render(request, record_type.templates.get("page", "records/record.html"), {**context, "panels": columns, "facts": _facts(record_type, found, view)})


def _told(attached: Tab, access: Access) -> bool:
    return access.can(attached.type_key, "view") and not any(access.hides(*name.split(".")) for name in attached.of)


def _panel(panel: Any, found: Any, view: View) -> dict[str, Any] | None:
    loaded = None if any(view.access.hides(*name.split(".")) for name in panel.of) else panel.load(found, view.access)
    if loaded is None:
        return None
    return {"key": panel.key, "title": panel.title, "template": panel.template, "column": panel.column, "panel": veiled(loaded, view.access)}


def _related(request: HttpRequest, attached: Any, found: Any, view: View, context: dict[str, Any]) -> HttpResponse:
    """A tab: the list of another type, narrowed to this record."""
    other = registry.get(attached.type_key)
    state = ListState.read(request.GET)
    lister = Related(other, view, state, attached.condition(found))
    try:
        listing = lister.page(25)
    except Invalid:
        listing = Related(other, view, ListState(), attached.condition(found)).page(25)
    here = context["here"]
    fill = attached.create(found) if attached.create else None
    create = href(view.access, other.key, "new") + ("?" + "&".join(f"{k}={v}" for k, v in fill.items()) if fill else "") if fill is not None and view.access.can(other.key, "create") else ""
    related = {
        "type": other, "listing": listing, "create": create, "title": attached.title,
        "heads": [{"label": c.label, "cls": "n" if c.kind in ("money", "number", "integer", "percent", "date", "datetime") else "", "url": "", "sort": ""} for c in listing.columns],
        "next": f"{here}?tab={attached.key}&after={listing.after}" if listing.after else "",
        "previous": f"{here}?tab={attached.key}&before={listing.before}" if listing.before else "",
        "href": href(view.access, other.key), "text": listing.counted(view.fmt),
    }  # fmt: skip
    return render(request, "records/related.html", {**context, "related": related})


class Related(Lister):
    """A list that a record page narrows to what belongs to the record."""

    def __init__(self, record_type: RecordType, view: View, state: ListState, condition: Any) -> None:
        super().__init__(record_type, view, state)
        self.condition = condition

    def queryset(self, action: str = "view") -> Any:
        return super().queryset(action).filter(self.condition)


def _frame(record_type: RecordType, found: Any, view: View, tab: str) -> dict[str, Any]:
    """What every tab of the page shows above: title, state, figures, actions, tabs."""
    access = view.access
    here = record_href(access, record_type, found)
    verbs = perform.available(record_type, found, access)
    shown = [v for v, refusal in verbs if refusal is None]
    title = str(getattr(found, record_type.title, "") or found)
    owner = next((f for f in record_type.visible_fields(access).values() if f.kind == "person" and f.path.removesuffix("_id") in record_type.owners), None)
    return {
        "record_type": record_type, "record": veiled(found, access), "title": title, "here": here, "tab": tab,
        "crumbs": [(str(record_type.plural), href(access, record_type.key)), *((name, href(access, record_type.key, pk)) for name, pk in record_type.crumbs(found, access))],
        "badge": record_type.shown_badge(found, access), "stats": record_type.shown_stats(found, access) if not tab else [],
        "owner": (owner.label, str(getattr(found, owner.path.removesuffix("_id")) or "")) if owner else None,
        "primary": [v for v in shown if v.primary][:2], "verbs": [v for v in shown if not v.primary],
        "may_edit": record_type.allows(found, access, "edit"),
        "tabs": _tabs(record_type, here, tab, access),
        "subtitle": " · ".join(str(getattr(found, n)) for n in record_type.shown_subtitle(access) if getattr(found, n, None)),
    }  # fmt: skip


def _tabs(record_type: RecordType, here: str, tab: str, access: Access) -> list[dict[str, Any]]:
    found = [{"label": _("Overview"), "url": here, "current": not tab}]
    for attached in registry.tabs(record_type.key):
        if _told(attached, access):
            found.append({"label": attached.title, "url": f"{here}?tab={attached.key}", "current": tab == attached.key})
    found.append({"label": _("History"), "url": f"{here}?tab=history", "current": tab == "history"})
    return found


def _facts(record_type: RecordType, found: Any, view: View) -> list[dict[str, Any]]:
    """Facts with a value, and those that may be filled in; empty ones that may not be changed are left out."""
    visible, editable = record_type.visible_fields(view.access), record_type.editable_fields(view.access)
    may = record_type.allows(found, view.access, "edit")
    gone, locked = offered.off(record_type, found), rules.locked(record_type, found)
    fields = [visible[n] for n in record_type.shown_facts if n in visible and n != record_type.title and n not in gone]
    titles = loaded_titles(fields, found) | files_of(fields, {f.name: f.get(found) for f in fields if f.kind == "file"}, view)
    facts = []
    for field in fields:
        value = fact(field, found, view, titles)
        edit = href(view.access, record_type.key, found.pk, "field", field.name) if may and field.name in editable and field.name not in locked else ""
        facts.append({"label": field.label, "value": value, "edit": edit, "revision": getattr(found, "revision", ""), "empty": value == "", "inside": field.kind == "file"})
    return facts


def loaded_titles(fields: list[Field], found: Any) -> dict[Any, str]:
    """Names of the records that a loaded one points to: from what came with it, else one query per kind of record."""
    titles, rest = {}, {}
    for field in fields:
        value = field.get(found) if field.is_relation else None
        target = registry.find_model(field.model) if value else None
        name = target.title_path if target else "name"
        other = found._state.fields_cache.get(field.path.removesuffix("_id")) if value and not field.is_custom else None
        if other is not None and "__" not in name:
            titles[value] = str(getattr(other, name))
        elif value:
            rest[field.name] = value
    return {**titles, **titles_of(fields, rest)} if rest else titles


def fact(field: Field, found: Any, view: View, titles: dict[Any, Any]) -> Any:
    """One value of a loaded record as markup; empty text for none."""
    value = field.get(found)
    if value in (None, "", []):
        return ""
    if field.kind == "relation":
        target = registry.find_model(field.model)
        shown = target is not None and target.has_page and view.access.can(target.key, "view")
        return filled('<a class="link" href="%s">%s</a>', view.href(target.key, value), titles.get(value, "")) if shown and target else titles.get(value, "")
    if field.kind == "person":
        return titles.get(value, "")
    if field.kind == "file":
        return linked([titles[i] for i in value if i in titles])
    if field.kind == "money":
        currency = getattr(found, field.currency, "") if field.currency else ""
        return view.fmt.money(value, currency or view.access.workspace.currency)
    if field.kind == "long_text":
        return filled('<span class="lines">%s</span>', value)  # in full, as it was written: lists show its beginning
    return kind_of(field.kind).html(value, field, view)
