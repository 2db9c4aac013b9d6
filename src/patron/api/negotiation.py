"""JSON in, JSON out: what a request may ask for and send, and its body however it was framed."""

from __future__ import annotations

import io

from django.conf import settings
from django.http import HttpRequest

from patron.api.problems import Problem

_SENT = ("application/json", "application/merge-patch+json")


def negotiate(request: HttpRequest, *, writing: bool) -> None:
    """406 where JSON is not wanted, 415 where something else is sent. Parameters of a wanted type (`; charset=utf-8`, `; version=1`) ask for nothing that JSON has not."""
    wanted = [(t.main_type.lower(), t.sub_type.lower()) for t in request.accepted_types]
    if request.headers.get("Accept") and not any(main in ("application", "*") and sub in ("json", "problem+json", "*") for main, sub in wanted):
        raise Problem("not-acceptable", "Ask for application/json.")
    if writing and request.body.strip() and request.content_type not in _SENT:
        raise Problem("wrong-type", "Send JSON with Content-Type: application/json.")


def frame(request: HttpRequest) -> None:
    """Give a body that comes in chunks its length: Django reads no byte beyond a Content-Length, so that without one a write would be taken for an empty one.

    At most one byte beyond what a request may have is read, enough for it to be refused.
    """
    if "chunked" not in request.headers.get("Transfer-Encoding", "").lower() or request.META.get("CONTENT_LENGTH"):
        return
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    raw = request.META["wsgi.input"].read(most + 1)
    request.META["CONTENT_LENGTH"] = str(len(raw))
    request._stream = io.BytesIO(raw)  # type: ignore[attr-defined]
