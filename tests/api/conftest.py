"""A program with a key, as tests of the API use it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from patron.identity.access import Access
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import registry
from patron.setup.domain import tokens
from patron.testing import Scene
from tests.records.making import make


@dataclass
class Program:
    """A client with a key; answers are Django's test responses, `data` their JSON."""

    key: str
    client: Client = field(default_factory=lambda: Client(HTTP_HOST="127.0.0.1", raise_request_exception=False))

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        where = path if path.startswith("/") else f"/api/v1/{path}"
        given = {"Authorization": f"Bearer {self.key}", **{n.replace("_", "-"): v for n, v in headers.items()}}
        answer: Any = self.client.generic(method, where, raw, content_type="application/json", headers=given)
        answer.data = json.loads(answer.content) if answer.content and "json" in answer.headers.get("Content-Type", "") else None
        return answer

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.call("PATCH", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self.call("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.call("DELETE", path, **headers)


def key_of(scene: Scene, name: str = "dora", scopes: tuple[str, ...] = ("*",)) -> str:
    """A new key of a person."""
    with workspace(scene.workspace.pk):
        return tokens.create(scene.members[name], "test", list(scopes), access=Access.system(scene.workspace), lasts=None)[1]


def program_of(scene: Scene, name: str = "dora", *scopes: str) -> Program:
    return Program(key_of(scene, name, scopes or ("*",)))


@pytest.fixture
def dora(scene: Scene) -> Program:
    """The administrator's program, with every scope."""
    return program_of(scene)


@pytest.fixture
def server(lasting_scene: Scene) -> Iterator[str]:
    """Patron as it is served, on the tests' database; its address."""
    with workspace(lasting_scene.workspace.pk), operation("test", access=lasting_scene.access()):
        for record_type in registry.all_types():
            make(record_type, lasting_scene.access())
    known = connection.settings_dict
    url = f"postgresql://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ, "DATABASE_URL": url, "PATRON_DATABASE_ROLE": "app", "PATRON_APP_PASSWORD": settings.PATRON_APP_PASSWORD, "PATRON_API_RATE": "1000000", "PATRON_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    command = ["granian", "--interface", "wsgi", "patron.config.wsgi:application", "--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "2", "--no-log"]
    with subprocess.Popen([str(Path(sys.executable).parent / command[0]), *command[1:]], env=environment) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/api/v1/")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _wait(url: str) -> None:
    for _attempt in range(300):
        try:
            urllib.request.urlopen(url, timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


@pytest.fixture
def client_package(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "clients" / "python"))
    import patron_client

    return patron_client
