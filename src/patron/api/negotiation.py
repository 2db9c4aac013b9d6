"""JSON in, JSON out: what a request may ask for and send, and its body however it was framed."""

from __future__ import annotations

import io

from django.conf import settings
from django.http import HttpRequest

from patron.api.problems import Problem

_SENT = ("application/json", "application/merge-patch+json")
ANY = ("*/*",)  # what an address gives out that answers with whatever it keeps


def sends_files(request: HttpRequest) -> bool:
    """Whether the body is a form with files."""
    return request.content_type == "multipart/form-data" and request.path_info.endswith("/files/")


def negotiate(request: HttpRequest, *, writing: bool, also: tuple[str, ...] = ()) -> None:
    """406 where neither JSON nor what the address answers `also` is wanted, 415 where something else is sent than JSON, or files where they are taken. Parameters of a wanted type (`; charset=utf-8`, `; version=1`) ask for nothing that JSON has not."""
    wanted = [(t.main_type.lower(), t.sub_type.lower()) for t in request.accepted_types]
    json = any(main in ("application", "*") and sub in ("json", "problem+json", "*") for main, sub in wanted)
    if request.headers.get("Accept") and also != ANY and not json and not any(request.accepts(kind) for kind in also):
        raise Problem("not-acceptable", f"Ask for {' or '.join(('application/json', *also))}.")
    if writing and not sends_files(request) and request.body.strip() and request.content_type not in _SENT:
        raise Problem("wrong-type", "Send JSON with Content-Type: application/json.")


def frame(request: HttpRequest) -> None:
    """Give a body that comes in chunks its length: Django reads no byte beyond a Content-Length, so that without one a write would be taken for an empty one.

    At most one byte beyond what a request may have is read, enough for it to be refused.
    """
    if "chunked" not in request.headers.get("Transfer-Encoding", "").lower() or request.META.get("CONTENT_LENGTH"):
        return
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    raw, stream = b"", request.META["wsgi.input"]
    while len(raw) <= most and (piece := stream.read(most + 1 - len(raw))):  # a read ends with what has come so far
        raw += piece
    request.META["CONTENT_LENGTH"] = str(len(raw))
    request._stream = io.BytesIO(raw)  # type: ignore[attr-defined]
