"""Opens the workspace that the address names: one transaction, one resolved `Access`, one operation origin per request."""

import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode

from patron.identity import database
from patron.identity.models import Workspace
from patron.kernel import tenancy
from patron.kernel.origin import Origin, origin
from patron.kernel.web import error_page

PREFIX = "/w/"


class WorkspaceMiddleware:
    """For `/w/<slug>/…`: sign-in required; a workspace that does not exist and one that is not yours are both 404.

    Every exception and every answer that refuses (400 and above) rolls the request's transaction back: a request is done whole or not at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        user: Any = request.user
        if not user.is_authenticated:
            return redirect(f"/auth/login/?{urlencode({'next': request.get_full_path()})}")
        slug = request.path_info[len(PREFIX) :].partition("/")[0]
        access = database.enter(user.pk, slug)
        if access is None:
            return error_page(request, 404)
        request.access = access  # type: ignore[attr-defined]
        return inside(request, access.workspace, self.get_response)


def origin_of(request: HttpRequest) -> Origin:
    """Where a request comes from; its own id where it brings a plain one."""
    given = request.headers.get("X-Request-Id", "")[:64]
    return Origin(request_id=given if given.isascii() and given.isprintable() and given else uuid.uuid4().hex, address=_address(request))


def inside(request: HttpRequest, place: Workspace, answer: Callable[[HttpRequest], HttpResponse], where: Origin | None = None) -> HttpResponse:
    """Answer a request inside its workspace: one transaction, one origin. A refusal (400 and above) and an exception write nothing."""
    token = origin.set(where or origin_of(request))
    try:
        with tenancy.workspace(place.pk, fields_version=place.fields_version):
            response = answer(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            return response
    finally:
        origin.reset(token)


def _address(request: HttpRequest) -> str | None:
    """The client's address as the server sees it."""
    return request.META.get("REMOTE_ADDR") or None


def access_of(request: HttpRequest) -> Any:
    """The request's `Access`; only inside a workspace."""
    found = getattr(request, "access", None)
    if found is None:
        raise Http404
    return found
