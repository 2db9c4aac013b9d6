"""`/api/mcp`: streamable HTTP, stateless, JSON answers. A request is one message; workspace and transaction are opened as for every request of the API.

The SDK speaks ASGI and Patron is served by WSGI: a request is driven through the SDK's application to its end, the database stays in the request's thread.
"""

from __future__ import annotations

from typing import Any

from asgiref.sync import async_to_sync
from django.http import HttpRequest, HttpResponse

from patron.api.credentials import Credential
from patron.api.mcp import calls, tools
from patron.kernel.origin import Origin

_PASSED = ("accept", "content-type", "content-length", "mcp-protocol-version", "mcp-method", "mcp-name", "host")


def respond(request: HttpRequest, credential: Credential, where: Origin) -> HttpResponse:
    """The SDK's answer to one message, inside the open workspace."""
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from patron.api.mcp.server import build

    def calling(name: str, arguments: dict[str, Any], client: str) -> tuple[dict[str, Any], bool]:
        return calls.call(name, arguments, credential=credential, where=where, client=client or request.headers.get("User-Agent", "")[:60])

    manager = StreamableHTTPSessionManager(app=build(lambda: tools.all_tools(credential), calling), json_response=True, stateless=True)
    status, headers, body = async_to_sync(_drive)(manager, _scope(request), request.body)
    response = HttpResponse(body, status=status)
    for name, value in headers:
        response.headers[name] = value
    return response


def _scope(request: HttpRequest) -> dict[str, Any]:
    headers = [(n.lower().encode(), v.encode("latin-1", "replace")) for n, v in request.headers.items() if n.lower() in _PASSED or n.lower().startswith("mcp-param-")]
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": request.method, "scheme": request.scheme, "path": request.path, "raw_path": request.path.encode(),
        "query_string": b"", "root_path": "", "headers": headers, "client": (request.META.get("REMOTE_ADDR", ""), 0), "server": ("patron", 80),
    }  # fmt: skip


async def _drive(manager: Any, scope: dict[str, Any], body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
    """One request through the SDK's ASGI application."""
    sent: dict[str, Any] = {"status": 500, "headers": [], "body": b""}
    given = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return given.pop() if given else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            sent["status"], sent["headers"] = message["status"], message.get("headers", [])
        elif message["type"] == "http.response.body":
            sent["body"] += message.get("body", b"")

    async with manager.run():
        await manager.handle_request(scope, receive, send)
    kept = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in sent["headers"] if n.lower() != b"content-length"]
    return sent["status"], kept, sent["body"]
