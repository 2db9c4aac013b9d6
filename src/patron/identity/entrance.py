"""allauth's pages in Patron's manners: a refused form answers 422, a lock-out 429 with the time to wait, messages reach the template."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse

from patron.identity.adapter import browser_of
from patron.identity.models import Workspace

View = Callable[..., HttpResponse]
LOCKED = frozenset({"too_many_login_attempts", "rate_limited"})
WAIT = 60  # seconds: the window of every limit that allauth answers with a page


def page(view: View) -> View:
    """Decorate one of allauth's views."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if isinstance(response, SimpleTemplateResponse):
            context = response.context_data or {}
            response.context_data = {**context, **surroundings(request)}
            if request.method == "POST" and response.status_code == 200:
                response.status_code = _status(context)
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", str(WAIT))
        return response

    return wrapped


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """What every page at the door shows: whose it is, where it is, and what went wrong before."""
    places = list(Workspace.objects.values_list("name", "hue")[:2])
    name, hue = places[0] if len(places) == 1 else ("Patron", "")
    return {
        "site_name": name,
        "brand_hue": hue,
        "host": request.get_host(),
        "notices": [str(message) for message in get_messages(request)],
        "browser_of": browser_of,
    }


def _status(context: dict[str, Any]) -> int:
    """200 where nothing was refused."""
    forms = [context[name] for name in ("form", "webauthn_form") if context.get(name) is not None]
    codes = {error.code for form in forms if form.is_bound for errors in form.errors.as_data().values() for error in errors}
    if codes & LOCKED:
        return 429
    return 422 if codes else 200
