"""A real HTTP server that keeps what it is sent, and webhooks that lead to it."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from patron.automation import collecting, delivering
from patron.automation.models import Delivery, Secret, Webhook
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import changes, perform, registry
from patron.testing import Scene
from tests.records.making import make


@dataclass(slots=True)
class Message:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def type(self) -> str:
        return str(self.json["type"])


Answer = Callable[[Message, int], int]


@dataclass
class Receiver:
    """What arrived, in order; `answer(message, number of the request)` gives the status."""

    port: int = 0
    messages: list[Message] = field(default_factory=list)
    answer: Answer = lambda message, number: 200
    pause: float = 0.0
    content: bytes = b"thanks"
    extra: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    lock: Any = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/in?key=1"

    def types(self) -> list[str]:
        return [m.type for m in self.messages]


@contextlib.contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a free port of this machine."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            with receiver.lock:
                receiver.connections += 1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            message = Message(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            with receiver.lock:
                receiver.messages.append(message)
                number = len(receiver.messages)
            time.sleep(receiver.pause)
            self.send_response(receiver.answer(message, number))
            for name, value in receiver.extra.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(receiver.content)))
            self.end_headers()
            self.wfile.write(receiver.content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


def hook_of(scene: Scene, url: str, *events: str, by: str = "dora", name: str = "Hook", **values: Any) -> Webhook:
    """A webhook, made as the screen makes it; `by` is then put in place of the administrator who made it."""
    with workspace(scene.workspace.pk):
        access = scene.access()
        hook: Webhook = changes.create(registry.get("webhooks"), {"name": name, "url": url, "events": list(events or ("*",))}, access=access)
        if by != "dora" or values:
            with operation("test", access=access):
                Webhook.objects.filter(pk=hook.pk).update(member=scene.members[by], **values)
        return hook


def secret_of(scene: Scene, hook: Webhook) -> str:
    with workspace(scene.workspace.pk):
        return str(Secret.objects.filter(webhook_id=hook.pk, until=None).get().secret)


def created(scene: Scene, key: str = "industries", by: str = "dora", **values: Any) -> Any:
    """A record, made by a person."""
    with workspace(scene.workspace.pk):
        access = scene.access(by)
        return make(registry.get(key), access, **values)


def edited(scene: Scene, key: str, record: Any, by: str = "dora", **values: Any) -> None:
    with workspace(scene.workspace.pk):
        changes.edit(registry.get(key), record, values, access=scene.access(by))


def done(scene: Scene, key: str, record: Any, verb: str, by: str = "dora", **inputs: Any) -> perform.Done:
    with workspace(scene.workspace.pk):
        found = registry.get(key)
        return perform.perform(registry.verb(key, verb), found, record, access=scene.access(by), inputs=inputs)


def delivered(scene: Scene, seconds: float = 20.0) -> float | None:
    """Have the worker's job done once: make messages, send what is due."""
    return delivering.run(scene.workspace, seconds=seconds)


def collected(scene: Scene) -> list[Delivery]:
    """Make messages without sending; all that there are, in the ledger's order."""
    collecting.collect(scene.workspace)
    return deliveries(scene)


def deliveries(scene: Scene) -> list[Delivery]:
    with workspace(scene.workspace.pk):
        return list(Delivery.objects.order_by("seq", "id"))
