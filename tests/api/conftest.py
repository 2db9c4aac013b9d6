"""A program with a key, as tests of the API use it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from patron.identity.access import Access
from patron.kernel.tenancy import workspace
from patron.setup.domain import tokens
from patron.testing import Scene


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
