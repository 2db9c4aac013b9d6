"""The door of the API: from a request to an answer inside one workspace and one transaction.

Stands before sessions, cookies and CSRF: none of them opens anything here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import Resolver404, get_resolver

from patron.api import codec, credentials, idempotency, limits
from patron.api.credentials import Credential
from patron.api.methods import Lacking
from patron.api.negotiation import frame, negotiate, sends_files
from patron.api.neutral import neutral
from patron.api.problems import Problem, not_found
from patron.identity.access import Access
from patron.identity.middleware import inside, origin_of
from patron.kernel.origin import Origin, origin
from patron.kernel.parsing import Invalid
from patron.records import registry
from patron.records.changes import NotValid
from patron.records.filters import BadFilter
from patron.records.kinds import View
from patron.records.perform import NotAllowed
from patron.records.verbs import Refused

PREFIX = "/api/v1/"
MCP = ("/api/mcp", "/api/mcp/")
READ = ("GET", "HEAD")
WRITE = ("POST", "PATCH", "PUT", "DELETE")
_BUSY = {"40001", "40P01", "55P03"}  # serialization failure, deadlock, lock not available
log = logging.getLogger(__name__)
Handler = Callable[..., HttpResponse]


@dataclass
class Call:
    """One request on its way: what handlers get instead of Django's request."""

    request: HttpRequest
    credential: Credential
    where: Origin
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def access(self) -> Access:
        return self.credential.access

    @cached_property
    def view(self) -> View:
        return neutral(self.access)

    @property
    def query(self) -> dict[str, list[str]]:
        return {name: self.request.GET.getlist(name) for name in self.request.GET}

    @cached_property
    def body(self) -> dict[str, Any]:
        """The JSON object that was sent; none at all counts as an empty one."""
        raw = self.request.body
        if not raw.strip():
            return {}
        try:
            found = codec.loads(raw)
        except ValueError as error:
            raise Problem("malformed", f"The body is not JSON: {error}.") from None
        if not isinstance(found, dict):
            raise Problem("malformed", "The body must be a JSON object, in curly brackets.")
        return found

    @property
    def sends_files(self) -> bool:
        """Whether the body is a form with files. Such a body is read as it comes, never as a whole."""
        return sends_files(self.request)

    def only(self, *names: str) -> None:
        """Refuse query parameters that the address does not know."""
        for name in self.query:
            if name not in names:
                known = f"Known here: {', '.join(names)}." if names else "This address takes none."
                raise Problem("unknown-parameter", known, {name: "There is no such parameter."})


class ApiMiddleware:
    """Answers everything below /api/v1/, and /api/mcp, itself; whatever happens, the answer is JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX) and request.path_info not in MCP:
            return self.get_response(request)
        where = origin_of(request)
        token = origin.set(where)
        try:
            response = answer(request, where)
        finally:
            origin.reset(token)
        response.headers["X-Request-Id"] = where.request_id
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
        if request.method == "HEAD" and response.streaming:
            response.streaming_content = ()  # type: ignore[attr-defined]
        elif request.method == "HEAD":
            response.headers["Content-Length"] = str(len(response.content))
            response.content = b""
        return response


def answer(request: HttpRequest, where: Origin) -> HttpResponse:
    """The answer, or the problem that stands in its way."""
    headers: dict[str, str] = {}
    try:
        frame(request)
        route = None if request.path_info in MCP else _route(request)
        credential = credentials.of(request)
        where.program = credential.name or "API"
        headers = limits.take(f"key:{credential.id}").headers
        response = _inside(request, Call(request, credential, where), route) if route else _mcp(request, credential, where)
    except Exception as error:  # noqa: BLE001 - the one place where every fault becomes an answer
        response = problem_of(error).response()
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response


@dataclass(frozen=True, slots=True)
class _Route:
    """What the address has: a handler per method, which of them its record type may lack, and what the path names."""

    handlers: dict[str, Handler]
    lacking: Lacking | None
    names: dict[str, Any]

    def handler(self, method: str, access: Access) -> Handler:
        """The handler; a 405 `Problem` with the methods that are possible. Inside the workspace, whose own types count."""
        known = registry.find(self.names["type_key"]) if self.lacking else None
        lacks = self.lacking(known, Access.system(access.workspace)) if self.lacking and known and access.can(known.key, "view") else set()
        possible = {name: handler for name, handler in self.handlers.items() if name not in lacks}
        found = possible.get("GET" if method == "HEAD" else method)
        if found is None:
            allowed = ", ".join(sorted({*possible, *(["HEAD"] if "GET" in possible else [])}))
            raise Problem("wrong-method", f"Possible here: {allowed}.", headers={"Allow": allowed})
        return found


def _route(request: HttpRequest) -> _Route:
    if "\x00" in request.path_info or any("\x00" in v for values in request.GET.lists() for v in (values[0], *values[1])):
        raise Problem("malformed", "The address holds a NUL character.")
    try:
        match = get_resolver("patron.api.urls").resolve(request.path_info)
    except Resolver404:
        raise not_found("There is no such address. Addresses end with a slash; see /api/docs/.") from None
    return _Route(match.func.handlers, match.func.lacking, match.kwargs)  # type: ignore[attr-defined]


def _inside(request: HttpRequest, call: Call, route: _Route) -> HttpResponse:
    method = str(request.method)
    if not call.sends_files:
        request.body  # noqa: B018 - read to its end before a transaction is open

    def respond(_request: HttpRequest) -> HttpResponse:
        handler = route.handler(method, call.access)
        negotiate(request, writing=method in WRITE, also=getattr(handler, "also", ()))
        response = idempotency.once(call, lambda: handler(call, **route.names)) if method in WRITE else handler(call, **route.names)
        for name, value in call.headers.items():
            response.headers[name] = value
        return response

    return inside(request, call.access.workspace, respond, call.where)


def _mcp(request: HttpRequest, credential: Credential, where: Origin) -> HttpResponse:
    """One message of the Model Context Protocol. The SDK is loaded by the first of them, no sooner."""
    if request.method != "POST":
        raise Problem("wrong-method", "Messages are POSTed; there is no stream to open.", headers={"Allow": "POST"})
    try:
        from patron.api.mcp import http
    except ModuleNotFoundError:
        raise Problem("unavailable", "This server does not speak MCP: install patron with its extra “mcp”.") from None
    return inside(request, credential.access.workspace, lambda given: http.respond(given, credential, where), where)


def problem_of(error: Exception) -> Problem:
    """What went wrong, in the words of the place where it did."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, NotValid):
        return Problem("invalid", errors=error.errors)
    if isinstance(error, Refused):
        return Problem("refused", error.message, {error.field: error.message} if error.field else {})
    if isinstance(error, BadFilter):
        return Problem("bad-filter", error.message)
    if isinstance(error, Invalid):
        return Problem("malformed", error.message)
    if isinstance(error, NotAllowed):
        return Problem("forbidden", "Your role does not reach this record for that.")
    return _fault(error)


def _fault(error: Exception) -> Problem:
    """Faults that are nobody's words: limits of the transport and the database, and our own mistakes."""
    if isinstance(error, RequestDataTooBig):
        return Problem("too-large", "At most 5 MB at a time.")
    if isinstance(error, MultiPartParserError):
        return Problem("malformed", f"The form cannot be read: {error}.")
    if isinstance(error, UnreadablePostError | SuspiciousOperation):
        return Problem("malformed", "The request could not be read to its end.")
    state = getattr(error.__cause__, "sqlstate", None) or ""
    if isinstance(error, DataError):
        return Problem("invalid", f"A value does not fit its column: {str(error).splitlines()[0]}.")
    if state in _BUSY:
        return Problem("conflict", "Somebody else is changing the same records. Try again.", headers={"Retry-After": "1"})
    log.error("a request of the API failed", exc_info=error)
    if isinstance(error, OperationalError | InterfaceError):
        return Problem("unavailable", "The database does not answer. Try again.", headers={"Retry-After": "5"})
    return Problem("broken", "Nothing was changed. Tell your administrator the request_id.")


def json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """A plain answer."""
    return HttpResponse(codec.dumps(value), status=status, content_type="application/json", headers=headers)
