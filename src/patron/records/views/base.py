"""What the screens share: the type of the address, the person's view of it, forms as the kit draws them."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.datastructures import MultiValueDict
from django.utils.http import url_has_allowed_host_and_scheme

from patron.identity.access import Access
from patron.identity.middleware import access_of
from patron.kernel.web import formats, is_fragment
from patron.records import changes, registry, uploads
from patron.records.fields import Field
from patron.records.kinds import View, kind_of
from patron.records.record_type import RecordType

Handler = Callable[..., HttpResponse]


def view_of(request: HttpRequest) -> View:
    """The person's view of the open workspace."""
    return View(access_of(request), formats(request))


def typed(action: str = "view") -> Callable[[Handler], Handler]:
    """Resolve `type_key` of the address; a type that the person may not `action` at all is not found, nor one of which nobody makes new
    records, nor one that has screens of its own."""

    def decorate(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def wrapped(request: HttpRequest, slug: str, type_key: str, **kwargs: Any) -> HttpResponse:
            record_type, access = registry.find(type_key), access_of(request)
            if record_type is None or not record_type.screens or not access.can(type_key, "view") or not access.can(type_key, action):
                raise Http404
            if action == "create" and not record_type.creatable:
                raise Http404
            return handler(request, record_type, **kwargs)

        return wrapped

    return decorate


def record_or_404(record_type: RecordType, access: Access, record_id: uuid.UUID) -> Any:
    """The record, if it exists and may be seen."""
    record = changes.get_visible(record_type, access, record_id)
    if record is None:
        raise Http404
    return record


def href(access: Access, *parts: Any, query: str = "") -> str:
    """An address inside the workspace."""
    path = "/".join(str(p) for p in parts)
    return f"/w/{access.workspace.slug}/{path}{'/' if path else ''}{'?' + query if query else ''}"


def record_href(access: Access, record_type: RecordType, record: Any) -> str:
    return href(access, record_type.key, record.pk)


def back(request: HttpRequest, default: str) -> HttpResponseRedirect:
    """To the page that a form was sent from, if that is ours; else to `default`."""
    target = request.POST.get("next") or request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return redirect(target if safe else default)


def done(request: HttpRequest, target: str) -> HttpResponse:
    """After a write: for htmx an empty answer that closes the dialog and refreshes the page; else a redirect."""
    return HttpResponse(status=204) if is_fragment(request) else redirect(target)


def posted(request: HttpRequest) -> MultiValueDict[str, Any]:
    """What a form sent, files among the texts."""
    data: MultiValueDict[str, Any] = MultiValueDict(dict(request.POST.lists()))
    for name, sent in request.FILES.lists():
        data.setlist(name, [*data.getlist(name), *sent])
    return data


def bound(field: Field, view: View, value: Any = None, *, text: str | None = None, error: str = "", titles: Mapping[Any, str] | None = None) -> dict[str, Any]:
    """A field as the kit's form macros want it. `text` is what the person typed, kept when it was refused."""
    kind = kind_of(field.kind)
    if field.kind == "file":
        return _files(field, value or [], error, titles or {}, view)
    shown = text if text is not None else kind.input(value, field, view)
    drawn, options = field.kind, ()
    if field.kind in ("choice", "multi_choice", "country", "currency"):
        drawn, options = ("choice" if field.kind != "multi_choice" else "multi_choice"), kind.options(field, view)  # type: ignore[attr-defined]
    display = str((titles or {}).get(value if text is None else _id(text), "")) if field.is_relation else ""
    return {
        "name": field.name, "label": field.label, "kind": drawn, "value": shown if drawn != "multi_choice" else (value or []) if text is None else [part.strip() for part in text.split(",")],
        "display": (text if text is not None and not display else display) if field.is_relation else shown, "error": error, "hint": field.hint, "required": field.required,
        "options": options, "url": picker(field, view), "attrs": {"maxlength": field.max_length} if field.max_length and drawn == "text" else {},
        "currency": view.access.workspace.currency, "empty": "", "create": "",
    }  # fmt: skip


def _files(field: Field, value: list[str], error: str, titles: Mapping[Any, Any], view: View) -> dict[str, Any]:
    """A field of files: those that are there, each with a box to remove it, and the place for more."""
    return {
        "name": field.name, "label": field.label, "kind": "file", "value": "", "display": "", "error": error, "hint": field.hint, "required": field.required,
        "options": (), "url": "", "attrs": {"multiple": ""} if field.several else {},
        "files": [{**file._asdict(), "size": view.fmt.size(file.size), "gone": False} for file in (titles[i] for i in value if i in titles)],
    }  # fmt: skip


def picker(field: Field, view: View) -> str:
    """Where a field's suggestions come from; empty for fields without."""
    if field.kind == "person":
        return href(view.access, "people", "options")
    if field.kind == "tags":
        return href(view.access, "tags")
    if field.kind == "relation":
        target = registry.find_model(field.model)
        return href(view.access, target.key, "options") if target else ""
    return ""


def form_of(fields: Iterable[Field], view: View, values: Mapping[str, Any], *, typed_in: Mapping[str, Any] | None = None, errors: Mapping[str, str] | None = None, titles: Mapping[Any, str] | None = None) -> list[dict[str, Any]]:
    """Several fields, bound."""
    errors, fields = errors or {}, list(fields)
    titles = {**(titles or {}), **files_of(fields, values, view)}
    if typed_in is not None:
        titles |= _typed_titles(fields, typed_in, view)
    drawn = [
        bound(f, view, values.get(f.name), text=changes.text_of(f, typed_in) if typed_in is not None else None, error=errors.get(f.name, ""), titles=titles)
        for f in fields
    ]
    for field in drawn:
        ticked = typed_in.getlist(f"drop-{field['name']}") if typed_in is not None and field.get("files") else ()  # type: ignore[attr-defined]
        for file in field.get("files", ()):
            file["gone"] = file["id"] in ticked
    return drawn


def files_of(fields: Iterable[Field], values: Mapping[str, Any], view: View) -> dict[Any, Any]:
    """What there is to say of the files that stand in the values (`uploads.Told` by id): one query."""
    wanted = [i for field in fields if field.kind == "file" for i in values.get(field.name) or ()]
    return dict(uploads.keeper().told(wanted, view.access)) if wanted else {}


def _typed_titles(fields: list[Field], typed_in: Mapping[str, Any], view: View) -> dict[Any, str]:
    """Names of the records that a refused form had chosen, as far as the person may see them."""
    found: dict[Any, str] = {}
    for field in fields:
        chosen = _id(str(typed_in.get(field.name, ""))) if field.is_relation else None
        if chosen is not None:
            target = registry.find_model(field.model)
            rows = target.visible(view.access) if target else field.model.objects.all()
            found.update({pk: str(name) for pk, name in rows.filter(pk=chosen).values_list("pk", target.title_path if target else "name")})
    return found


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def values_of(record_type: RecordType, record: Any, names: Iterable[str]) -> dict[str, Any]:
    """The record's values by field name."""
    return {n: record_type.fields[n].get(record) for n in names}


def titles_of(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[Any, str]:
    """Names of the records that the values point to: one query per kind of record."""
    wanted: dict[Any, set[Any]] = {}
    for field in fields:
        if field.is_relation and values.get(field.name):
            wanted.setdefault(field.model, set()).add(values[field.name])
    found: dict[Any, str] = {}
    for model, ids in wanted.items():
        target = registry.find_model(model)
        rows = model.objects.filter(pk__in=ids).values_list("pk", target.title_path if target else "name")
        found.update({pk: str(name) for pk, name in rows})
    return found


def error_list(errors: Mapping[str, str]) -> list[tuple[str, str]]:
    """Errors as the kit's summary wants them."""
    return list(errors.items())
