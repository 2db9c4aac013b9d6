"""What every page shares: rendering page or fragment from one template, error pages, messages that become toasts."""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.utils.translation import gettext as _

from patron.kernel.formats import Formats
from patron.kernel.frame import around
from patron.kernel.markup import filled

Context = dict[str, Any]
_BUSY = ("40P01", "40001", "55P03")  # deadlock, serialization failure, lock not available
_providers: list[Callable[[HttpRequest], Context]] = []


def page_part(provider: Callable[[HttpRequest], Context]) -> Callable[[HttpRequest], Context]:
    """Register a function that adds to the context of whole pages (navigation, favourites …); fragments do without.

    What it gives to the frame around pages is "frame_parts", a function that answers names, and "frame_key", all that these depend on (see `kernel.frame`).
    """
    _providers.append(provider)
    return provider


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"


def page_context(request: HttpRequest) -> Context:
    """The names that every template has."""
    token = get_token(request)
    return {
        "access": getattr(request, "access", None),
        "fmt": formats(request),
        "csrf_input": filled('<input type="hidden" name="csrfmiddlewaretoken" value="%s">', token),
        "csrf_token": token,
        "base_url": settings.BASE_URL,
    }


def formats(request: HttpRequest) -> Formats:
    """The person's formats, made once per request."""
    made: Formats | None = getattr(request, "fmt", None)
    if made is None:
        access = getattr(request, "access", None)
        from zoneinfo import ZoneInfo

        made = Formats(access.locale, access.zone) if access else Formats("en", ZoneInfo("UTC"))
        request.fmt = made  # type: ignore[attr-defined]
    return made


def render(request: HttpRequest, template: str, context: Context | None = None, *, block: str | None = None, status: int = 200, bare: bool = False) -> HttpResponse:
    """A page; or, with `block`, only that block of the same template. `bare` leaves out what other parts add to pages, and asks no database."""
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    known: Context = {"request": request, **page_context(request)}
    if block is None:
        parts = [] if bare else [provider(request) for provider in _providers]
        for part in parts:
            known.update(part)
        known["frame"] = around(env, known if any(parts) else {**known, **(context or {})}, [part for part in parts if part])
    known.update(context or {})
    compiled = env.get_template(template)
    if block is None:
        return HttpResponse(compiled.render(known), status=status)
    inner = compiled.new_context(known)
    next(compiled.root_render_func(inner), None)  # as far as the first output: the template's own imports, which its blocks use
    return HttpResponse("".join(compiled.blocks[block](inner)), status=status)


def toast(response: HttpResponse, text: str, *, tone: str = "", undo: str = "", href: str = "") -> HttpResponse:
    """Tell the person what happened; `undo` is an address to POST to. Sent as an htmx event, shown by toast.js."""
    triggers = json.loads(response.headers.get("HX-Trigger", "{}"))
    triggers["toast"] = {"text": str(text), "tone": tone, "undo": undo, "href": href}
    response.headers["HX-Trigger"] = json.dumps(triggers)
    return response


class ErrorPages:
    """Answers 404 and 403 in Patron's own words, also inside the transaction of a workspace."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Http404):
            return error_page(request, 404)
        if isinstance(exception, PermissionDenied):
            return error_page(request, 403, str(exception))
        if isinstance(exception, OperationalError) and getattr(exception.__cause__, "sqlstate", "") in _BUSY:
            return error_page(request, 409)
        return None


def error_page(request: HttpRequest, status: int, text: str = "") -> HttpResponse:
    """A page, or for htmx a note, that says what is wrong and what to do."""
    words = {
        403: (_("Not allowed"), text or _("Your role does not allow this. Ask an administrator of the workspace if you need it.")),
        404: (_("Not found"), _("There is nothing at this address, or nothing that you may see. It may have been deleted.")),
        409: (_("Somebody was faster"), _("Somebody else changed the same records at this very moment. Nothing of yours was saved: look at them and try again.")),
    }
    title, body = words[status]
    block = "note" if is_fragment(request) else None
    template = "ui/error_inside.html" if getattr(request, "access", None) and status != 409 else "ui/error.html"  # after a 409 nothing can be asked for
    return render(request, template, {"title": title, "text": body, "status": status}, block=block, status=status, bare=status == 409)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is missing or old: say so instead of Django's technical page."""
    return error_page(request, 403, _("This page was open for too long. Go back, reload it and send it again."))
