"""Pipelines and their stages, in the order that deals go through them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from patron.records import registry
from patron.records.views.base import href, view_of
from patron.setup.domain import lists
from patron.setup.rules import WITHIN
from patron.setup.views.base import administrators, page

PARENT, PART = "pipelines", "stages"


@require_safe
@administrators
def index(request: HttpRequest) -> HttpResponse:
    """Every pipeline with its stages; one query for the stages of all."""
    parent, part = registry.find(PARENT), registry.find(PART)
    if parent is None or part is None:
        raise Http404
    view = view_of(request)
    found = lists.entries(part, list(lists.rows(part)), view)
    by_parent: dict[Any, list[lists.Entry]] = {}
    for entry in found:
        by_parent.setdefault(getattr(entry.record, f"{WITHIN[PART]}_id"), []).append(entry)
    pipelines = lists.entries(parent, list(lists.rows(parent)), view)
    context = {
        "pipelines": [{"entry": p, "stages": by_parent.get(p.record.pk, [])} for p in pipelines], "parent": parent, "part": part,
        "heads": [part.fields[n].label for n in lists.columns(part)], "names": lists.columns(part), "editable": part.editable_fields(view.access),
        "pipelines_url": href(view.access, PARENT), "stages_url": href(view.access, PART), "lists_url": href(view.access, "settings", "lists"),
    }  # fmt: skip
    return page(request, "setup/pipelines.html", context)
