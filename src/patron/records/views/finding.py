"""Finding things: suggestions in fields, tags, and the palette (Ctrl-K)."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup, escape

from patron.identity.middleware import access_of
from patron.identity.models import Membership
from patron.kernel.markup import filled
from patron.kernel.tenancy import current_workspace_id
from patron.kernel.text import fold
from patron.kernel.web import is_fragment, render
from patron.records import palette, perform, registry, shared, shell
from patron.records.kinds import View
from patron.records.record_type import RecordType
from patron.records.views.base import href, record_href, typed, view_of

MOST = 12


@typed()
@require_safe
def options(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """Suggestions for a field that points to this type: near matches of the words, or the newest."""
    view, words = view_of(request), request.GET.get("q", "").strip()
    rows = palette.candidates(record_type, words, view, MOST)
    names = [record_type.title_path, *record_type.shown_subtitle(view.access)[:1]]
    if record_type.model is Membership:
        rows = rows.exclude(state="deactivated")
    found = [{"value": str(r[0]), "label": str(r[1]), "hint": _hint(r[2:]), "avatar": _avatar(record_type)} for r in rows.values_list("pk", *names)[:MOST]]
    create = href(view.access, record_type.key, "new", query="then=fill") if words and record_type.creatable and view.access.can(record_type.key, "create") else ""
    return render(request, "records/options.html", {"options": found, "create": create, "q": words}, block="options")


def _hint(rest: tuple[Any, ...]) -> str:
    return ", ".join(str(v) for v in rest if v)


def _avatar(record_type: RecordType) -> str:
    return record_type.avatar


@require_safe
def tags(request: HttpRequest, slug: str) -> HttpResponse:
    """Tags in use whose letters match, of every type together."""
    access_of(request)
    wanted = fold(request.GET.get("q", ""))
    tagged = [t.model for t in registry.all_types() if any(f.name == "tags" for f in t.model._meta.local_fields) and access_of(request).can(t.key, "view")]
    tables = [(m._meta.db_table, shared.condition(m)) for m in tagged]
    parts = " UNION ".join(f'SELECT unnest(tags) AS tag FROM "{t}" WHERE workspace_id = %s AND tags <> \'{{}}\'{more}' for t, more in tables)
    found: list[str] = []
    if tables:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT DISTINCT tag FROM ({parts}) t WHERE patron_fold(tag) LIKE %s ORDER BY tag LIMIT 12", [*[current_workspace_id()] * len(tables), f"%{wanted}%"])
            found = [row[0] for row in cursor.fetchall()]
    return render(request, "records/options.html", {"options": [{"value": t, "label": t} for t in found], "create": "", "q": ""}, block="options")


@require_safe
def search(request: HttpRequest, slug: str) -> HttpResponse:
    """The palette: places, records and verbs. Words after ">" ask for commands only; `record=type/id` for the verbs of one record."""
    view, words = view_of(request), request.GET.get("q", "").strip()
    if subject := request.GET.get("record", ""):
        groups = _actions(subject, words, view)
    else:
        commands = words.startswith(">")
        words = words.removeprefix(">").strip()
        places = _places(request, words, view, commands=commands)
        groups = [*_meant(words, places), *([] if commands else _found(words, view)), *places]
    shown = [g for g in groups if g["options"]]
    return render(request, "records/search.html", {"groups": shown, "q": words}, block="results" if is_fragment(request) else None)


def _found(words: str, view: View) -> list[dict[str, Any]]:
    """Records by type, best first; one round trip finds the ids, one per type with hits loads what is shown."""
    if len(words) < 2:
        return []
    groups = []
    for record_type, rows in palette.search(words, view):
        shown = [_option(record_type, row, words, view) for row in rows]
        groups.append({"label": record_type.plural, "options": shown})
    return groups


def _option(record_type: RecordType, row: tuple[Any, ...], words: str, view: View) -> dict[str, Any]:
    title = str(row[1])
    return {
        "label": marked(title, words), "url": view.href(record_type.key, row[0]) if record_type.has_page else href(view.access, record_type.key, query=f"q={title}"),
        "name": title if record_type.avatar else "", "company": record_type.avatar == "company", "icon": record_type.icon,
        "hint": _hint(row[2:]), "actions": href(view.access, "search", query=f"record={record_type.key}/{row[0]}"),
    }  # fmt: skip


def marked(title: str, words: str) -> Markup:
    """The title with the first found word marked; folding keeps lengths only for plain letters, so others stay unmarked."""
    first = fold(words).split()[:1]
    at = title.lower().find(first[0]) if first else -1
    if at < 0:
        return escape(title)
    end = at + len(first[0])
    return filled("%s<mark>%s</mark>%s", title[:at], title[at:end], title[end:])


def _places(request: HttpRequest, words: str, view: View, *, commands: bool) -> list[dict[str, Any]]:
    """Where one may go and what one may make, by the words of their labels."""
    access, wanted = view.access, fold(words)
    go: list[dict[str, Any]] = [{"label": _("Home"), "icon": "house", "url": href(access)}]
    also: list[dict[str, Any]] = []
    make: list[dict[str, Any]] = []

    def matches(label: str) -> bool:
        return all(w in fold(label) for w in wanted.split())

    for record_type in registry.all_types():
        if record_type.nav and access.can(record_type.key, "view"):
            go.append({"label": str(record_type.plural), "icon": record_type.icon, "url": href(access, record_type.key)})
            also += _pages(record_type, view)
        if record_type.nav and record_type.creatable and access.can(record_type.key, "create"):
            make.append({"label": _("New %(type)s") % {"type": str(record_type.label).lower()}, "icon": "plus", "url": href(access, record_type.key, "new"), "dialog": True})
        if record_type.nav and record_type.importable and access.can(record_type.key, "import"):
            make.append({"label": _("Import %(plural)s") % {"plural": str(record_type.plural).lower()}, "icon": "upload", "url": href(access, "import", query=f"type={record_type.key}")})
    go += [*shell.links(request, access, lambda label: bool(wanted) and matches(label)), *also]
    if access.manages_settings:
        go.append({"label": _("Settings"), "icon": "settings", "url": href(access, "settings")})
    limit = 50 if commands else 6
    return [{"label": title, "options": [o for o in options if matches(o["label"])][:limit]} for title, options in ((_("Go to"), go), (_("Commands"), make))]


def _pages(record_type: RecordType, view: View) -> list[dict[str, Any]]:
    """A type's board and tree."""
    plural = {"plural": str(record_type.plural)}
    found = [(_("%(plural)s: board") % plural, "kanban", record_type.board_address(view.access)), (_("%(plural)s: tree") % plural, "network", record_type.tree_address(view.access))]
    return [{"label": label, "icon": icon, "url": url} for label, icon, url in found if url]


def _meant(words: str, groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was typed out, or half of it after the first word: “new acc”. Taken from the groups, to stand before every record that has the words."""
    wanted, first = fold(words), []
    for group in groups:
        sure = [o for o in group["options"] if fold(o["label"]) == wanted or (" " in wanted and fold(o["label"]).startswith(wanted))]
        group["options"] = [o for o in group["options"] if o not in sure]
        first.append({"label": group["label"], "options": sure})
    return first


def _actions(subject: str, words: str, view: View) -> list[dict[str, Any]]:
    """The verbs of one record."""
    import uuid

    from patron.records import changes

    key, _slash, record_id = subject.partition("/")
    record_type = registry.find(key)
    try:
        record = changes.get_visible(record_type, view.access, uuid.UUID(record_id)) if record_type else None
    except ValueError:
        record = None
    if record_type is None or record is None:
        return []
    wanted = fold(words)
    shown: list[dict[str, Any]] = [{"label": _("Open"), "icon": "arrow-right", "url": record_href(view.access, record_type, record)}]
    for verb, refusal in perform.available(record_type, record, view.access):
        if refusal is None and (not wanted or wanted in fold(str(verb.label))):
            shown.append({"label": str(verb.label), "icon": verb.icon, "url": href(view.access, key, record.pk, "do", verb.name), "dialog": True})
    return [{"label": _("Actions for %(name)s") % {"name": record}, "options": shown}]

