"""The merge page: records side by side, a choice per field, the result and what moves; and the dialog that asks for the other record."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from patron.kernel.parsing import Invalid
from patron.kernel.web import is_fragment, render, toast
from patron.records import changes, lookup, perform, registry
from patron.records.fields import Field
from patron.records.kinds import View
from patron.records.merging import engine, preview
from patron.records.record_type import RecordType
from patron.records.verbs import Refused
from patron.records.views.base import href, record_href, typed, view_of


@typed("edit")
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """GET shows the records side by side; POST with `step=preview` shows what the choices lead to, else it merges."""
    view, given = view_of(request), request.POST if request.method == "POST" else request.GET
    try:
        ids = _ids(given, record_type, view)
        keep = next((i for i in ids if str(i) == given.get("keep")), ids[0] if ids else uuid.UUID(int=0))
        ordered = [keep, *(i for i in ids if i != keep)]
        records = engine.load(record_type, keep, ordered[1:], view.access)
    except (Refused, Invalid) as error:
        context = {"record_type": record_type, "problem": error.message, "cancel": href(view.access, record_type.key)}
        return render(request, "records/merge/page.html", context, status=422)
    choices = _choices(given, keep)
    if request.method == "POST" and given.get("step") != "preview":
        return _do(request, record_type, records, choices, view)
    return _page(request, record_type, records, choices, view)


def _ids(given: QueryDict, record_type: RecordType, view: View) -> list[uuid.UUID]:
    """The chosen records, each once; one more may be named in words."""
    found = []
    for text in given.getlist("ids"):
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    if other := given.get("with", "").strip():
        found.append(lookup.one(_relation(record_type), other, view))
    return list(dict.fromkeys(found))


def _relation(record_type: RecordType) -> Field:
    return Field(name="with", kind="relation", label=_("The other record"), path="with", required=True, model=record_type.model, target=record_type.key)


def _choices(given: QueryDict, keep: uuid.UUID) -> dict[str, uuid.UUID]:
    """Field -> record; none where another record is to stay than on the page that was shown, since the rules then answer differently."""
    if given.get("kept", str(keep)) != str(keep):
        return {}
    found = {}
    for name, value in given.items():
        if name.startswith("choice-") and value:
            try:
                found[name.removeprefix("choice-")] = uuid.UUID(str(value))
            except ValueError:
                continue
    return found


def _page(request: HttpRequest, record_type: RecordType, records: list[Any], choices: dict[str, uuid.UUID], view: View, problem: str = "", status: int = 200) -> HttpResponse:
    try:
        shown = preview.of_merge(record_type, records, choices, view)
    except Refused as error:
        problem, status = problem or error.message, 422
        shown = preview.of_merge(record_type, records, {}, view)
    context = {
        "record_type": record_type, "shown": shown, "keep": str(records[0].pk), "problem": problem, "action": request.path, "total": sum(n for _what, n in shown.moves),
        "cancel": record_href(view.access, record_type, records[0]), "list": href(view.access, record_type.key), "back": request.POST.get("back") or request.GET.get("back", ""),
    }  # fmt: skip
    return render(request, "records/merge/page.html", context, block="plan" if is_fragment(request) and request.method == "POST" else None, status=status)


def _do(request: HttpRequest, record_type: RecordType, records: list[Any], choices: dict[str, uuid.UUID], view: View) -> HttpResponse:
    inputs = {"others": [str(r.pk) for r in records[1:]], "choices": json.dumps({n: str(pk) for n, pk in choices.items()})}
    try:
        done = perform.perform(registry.verb(record_type.key, "merge"), record_type, records[0], access=view.access, inputs=inputs)
    except (Refused, perform.NotAllowed) as error:
        return _page(request, record_type, records, choices, view, getattr(error, "message", "") or _("You may not change one of these records."), 422)
    except changes.NotValid as error:
        return _page(request, record_type, records, choices, view, " ".join(error.errors.values()), 422)
    here = request.POST.get("back", "")
    target = here if here.startswith(href(view.access)) else record_href(view.access, record_type, records[0])
    text = _("Merged into %(name)s") % {"name": engine.title_of(record_type, records[0])}
    return toast(redirect(target), text, undo=href(view.access, "history", done.operation_id, "undo"))


def picker(record: Any, access: Any) -> dict[str, Any]:
    """What the dialog on a record page needs to ask for the other record."""
    record_type = registry.of_model(type(record))
    field = replace(_relation(record_type), label=_("Same as"))
    drawn = {
        "name": field.name, "label": field.label, "kind": "relation", "value": "", "display": "", "error": "", "required": True, "options": (),
        "hint": _("The page after this one shows both side by side. Nothing is merged before you say so."),
        "url": href(access, record_type.key, "options"), "attrs": {}, "currency": "", "empty": "", "create": "",
    }  # fmt: skip
    return {"picker": drawn, "merge_url": href(access, record_type.key, "merge")}
