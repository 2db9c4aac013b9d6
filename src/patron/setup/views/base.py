"""What the settings screens share: who may enter, the list of sections, how they answer."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.identity.middleware import access_of
from patron.kernel.web import is_fragment, render, toast
from patron.ledger.models import Operation
from patron.records import registry
from patron.records.views.base import href
from patron.setup.domain import workspace as general
from patron.setup.rules import LISTS

Handler = Callable[..., HttpResponse]


def administrators(view: Handler) -> Handler:
    """Decorate a screen that takes the right to change settings."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        if not access_of(request).manages_settings:
            raise PermissionDenied(_("Only administrators change the settings. Ask one of them."))
        return view(request, **kwargs)

    return wrapped


def everyone(view: Handler) -> Handler:
    """Decorate a screen about oneself."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        access_of(request)
        return view(request, **kwargs)

    return wrapped


def page(request: HttpRequest, template: str, context: dict[str, Any], *, block: str | None = None, status: int = 200) -> HttpResponse:
    """A settings page, or a block of it, with the sections beside it and the toast of what was just done."""
    access = access_of(request)
    around = {} if block else {"settings_nav": sections(access, request.path), "toasts": _done(request, access)}
    return render(request, template, {**around, "here": request.path, **context}, block=block, status=status)


def dialog(request: HttpRequest, template: str, context: dict[str, Any], *, errors: Any = None, status: int = 0) -> HttpResponse:
    """A form that opens in the dialog; without script a page of its own."""
    return render(request, template, context, block="dialog" if is_fragment(request) else None, status=status or (422 if errors else 200))


def undo_address(access: Access, operation_id: uuid.UUID, verb: str = "") -> str:
    """Where an operation is taken back."""
    return href(access, "settings", "workspace", "undo", operation_id) if verb == general.VERB else href(access, "history", operation_id, "undo")


def answer(request: HttpRequest, text: str, *, operation_id: uuid.UUID | None = None, target: str = "", verb: str = "", back: str = "") -> HttpResponse:
    """Done: a fragment's page refreshes and says so; a whole page is asked for again and says so there, or at `back` where the page was the form alone."""
    access = access_of(request)
    undo = undo_address(access, operation_id, verb) if operation_id else ""
    if is_fragment(request):
        response = HttpResponse(status=204)
        response.headers["HX-Trigger"] = '{"refresh": {}}'
        if target:
            response.headers["HX-Redirect"] = target
        return toast(response, text, undo=undo)
    request.session["done"] = {"text": text, "undo": undo}
    return redirect(target or back or request.headers.get("Referer", "") or href(access, "settings"))


def refuse(request: HttpRequest, text: str, *, status: int = 422) -> HttpResponse:
    """Not done: a toast for a fragment, a note on a page otherwise."""
    if is_fragment(request):
        return toast(HttpResponse(status=status, headers={"HX-Reswap": "none"}), text, tone="bad")
    return render(request, "records/nothing.html", {"text": text}, status=status)


def _done(request: HttpRequest, access: Access) -> list[dict[str, str]]:
    done = request.session.pop("done", None)
    return [{"text": done["text"], "undo": done["undo"]}] if done else []


def last_operation(request: HttpRequest) -> Operation | None:
    """The operation that this request signed last: for the undo of what a generic form did."""
    return Operation.objects.filter(request_id=request.headers.get("X-Request-Id", "")[:64]).order_by("-at", "-id").first()


def sections(access: Access, here: str) -> list[dict[str, Any]]:
    """The settings that this person sees, by section."""

    def item(icon: str, label: str, *path: str) -> dict[str, Any]:
        address = href(access, "settings", *path)
        return {"icon": icon, "label": label, "url": address, "current": here.startswith(address)}

    mine = [item("user-round", _("Profile"), "profile"), item("shield-check", _("Security"), "security"), item("eye", _("What I may see"), "rights", "mine"), item("key-round", _("API keys"), "keys")]
    if registry.find("proposals") and access.can("proposals", "view"):
        mine.append({"icon": "bot", "label": _("Proposals of tools"), "url": href(access, "proposals"), "current": False})
    if not access.manages_settings:
        return [{"title": _("You"), "items": mine}]
    selling = [item("kanban", _("Pipelines"), "pipelines")] if registry.find("pipelines") else []
    if any(registry.find(key) for key in LISTS):
        selling.append(item("list", _("Lists of values"), "lists"))
    people = [item("users", _("People"), "people"), item("users-round", _("Teams"), "teams"), item("shield", _("Roles"), "roles"), item("eye", _("Who sees what"), "rights")]
    people[-1]["current"] = people[-1]["current"] and not mine[2]["current"]
    found = [
        {"title": _("You"), "items": mine},
        {"title": _("Workspace"), "items": [item("building-2", _("General"), "workspace"), *_applications(access)]},
        {"title": _("People"), "items": people},
        {"title": _("Selling"), "items": selling},
        {"title": _("Records"), "items": [item("shapes", _("Record types"), "types"), item("text-cursor-input", _("Own fields"), "fields"), item("layers", _("Field sets"), "field-sets")]},
        {"title": _("Programs"), "items": [item("webhook", _("Webhooks"), "webhooks")]},
        {"title": _("Data"), "items": [item("database", _("Import and export"), "data"), item("history", _("Changes"), "changes"), item("link", _("Sealed history"), "trail")]},
    ]
    return [section for section in found if section["items"]]


def _applications(access: Access) -> list[dict[str, Any]]:
    """Programs that people may grant access; their list is the ordinary one."""
    known = registry.find("applications")
    return [{"icon": known.icon, "label": known.plural, "url": href(access, known.key), "current": False}] if known else []
