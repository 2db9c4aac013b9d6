"""Lists of values: an overview, and each list with its entries edited in place."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from patron.records import changes, perform, registry
from patron.records.record_type import RecordType
from patron.records.verbs import Refused
from patron.records.views.base import href, view_of
from patron.setup.domain import lists
from patron.setup.rules import LISTS, TABLES, WITHIN
from patron.setup.views.base import administrators, answer, page, refuse


@require_safe
@administrators
def index(request: HttpRequest) -> HttpResponse:
    """Every list with the number of its entries."""
    access = view_of(request).access
    shown = []
    for key in (*LISTS, *TABLES):
        record_type = registry.find(key)
        if record_type is not None:
            address = href(access, "settings", "lists", key) if key in LISTS else href(access, key)
            shown.append({"type": record_type, "count": lists.rows(record_type).count(), "url": address})
    return page(request, "setup/lists.html", {"lists": shown})


def list_type(key: str, *, also: tuple[str, ...] = ()) -> RecordType:
    """The record type of a list; 404 for anything else."""
    found = registry.find(key)
    if found is None or key not in (*LISTS, *also):
        raise Http404
    return found


@require_safe
@administrators
def entries(request: HttpRequest, type_key: str) -> HttpResponse:
    """One list."""
    return page(request, "setup/list.html", _context(request, list_type(type_key)))


def _context(request: HttpRequest, record_type: RecordType) -> dict[str, Any]:
    view = view_of(request)
    live = list(lists.rows(record_type)[:500])
    gone = list(record_type.model.objects.filter(archived_at__isnull=False).order_by(record_type.title_path)[:500]) if record_type.archivable else []
    here = href(view.access, "settings", "lists", record_type.key)
    return {
        "record_type": record_type, "entries": lists.entries(record_type, live, view), "archived": gone, "heads": [record_type.fields[n].label for n in lists.columns(record_type)],
        "ordered": lists.ordered(record_type), "plain": lists.is_plain(record_type), "here": here, "records": href(view.access, record_type.key),
        "overview": href(view.access, "settings", "lists"), "name": "", "problem": "",
    }  # fmt: skip


@require_POST
@administrators
def add(request: HttpRequest, type_key: str) -> HttpResponse:
    """A new entry by its name."""
    record_type = list_type(type_key)
    access, name = view_of(request).access, request.POST.get("name", "")
    try:
        made = lists.add(record_type, name, access=access)
    except changes.NotValid as error:
        context = {**_context(request, record_type), "name": name, "problem": " ".join(error.errors.values())}
        return page(request, "setup/list.html", context, block="add" if request.headers.get("HX-Request") else None, status=422)
    response = answer(request, _("“%(name)s” added") % {"name": made}, target="")
    if request.headers.get("HX-Request"):
        fresh = page(request, "setup/list.html", _context(request, record_type), block="add")
        fresh.headers["HX-Trigger"] = response.headers["HX-Trigger"]
        return fresh
    return response


def _record(record_type: RecordType, record_id: uuid.UUID) -> Any:
    found = record_type.model.objects.filter(pk=record_id).first()
    if found is None:
        raise Http404
    return found


@require_POST
@administrators
def order(request: HttpRequest, type_key: str) -> HttpResponse:
    """Put entries in order: one `up` or `down`, or all `ids` in the order that they were dragged into."""
    record_type = list_type(type_key, also=("pipelines", *WITHIN))
    access = view_of(request).access
    if not lists.ordered(record_type):
        raise Http404
    try:
        if ids := request.POST.getlist("ids"):
            done = lists.arrange(record_type, [uuid.UUID(i) for i in ids], access=access, seen=[uuid.UUID(i) for i in request.POST.getlist("seen")])
        else:
            word = "up" if "up" in request.POST else "down"
            done = lists.move(record_type, _record(record_type, uuid.UUID(request.POST.get(word, ""))), -1 if word == "up" else 1, access=access)
    except ValueError:
        raise Http404 from None
    except Refused as error:
        return refuse(request, error.message, status=409)
    return answer(request, _("Moved") if done else _("It stands at the end already"), operation_id=done)


@require_POST
@administrators
def do(request: HttpRequest, type_key: str, record_id: uuid.UUID, name: str) -> HttpResponse:
    """Archive, bring back or delete an entry at once, with undo instead of a question."""
    record_type = list_type(type_key, also=("pipelines", *WITHIN))
    if name not in ("archive", "restore", "delete"):
        raise Http404
    record = _record(record_type, record_id)
    verb = registry.verb(type_key, name)
    try:
        done = perform.perform(verb, record_type, record, access=view_of(request).access, inputs={})
    except Refused as error:
        return refuse(request, error.message)
    except changes.NotValid as error:
        return refuse(request, " ".join(error.errors.values()))
    return answer(request, f"{verb.done}: {record}", operation_id=done.operation_id)
