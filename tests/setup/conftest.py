"""Fixtures of the settings' tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser

from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import registry
from patron.testing import PASSWORD, Scene, make_workspace
from tests.identity.browser import chromium, serving
from tests.records.making import make

As = Callable[..., Client]


@pytest.fixture
def as_(scene: Scene) -> As:
    """A client that is signed in as one of the cast; `hx` asks for fragments."""

    def sign_in(name: str = "dora", *, hx: bool = False) -> Client:
        client = Client(HTTP_HOST="127.0.0.1", **({"HTTP_HX_REQUEST": "true"} if hx else {}))
        client.force_login(scene.users[name])
        return client

    return sign_in


@pytest.fixture
def url(scene: Scene) -> Callable[..., str]:
    """An address below the settings."""
    return lambda *parts: f"/w/{scene.workspace.slug}/settings/" + "".join(f"{p}/" for p in parts)


@pytest.fixture
def made(scene: Scene) -> Callable[..., Any]:
    """A record of a type with the given values, signed by the administrator."""

    def create(key: str, **values: Any) -> Any:
        with workspace(scene.workspace.pk), operation("test", access=scene.access()):
            return make(registry.get(key), scene.access(), **values)

    return create


@pytest.fixture
def lasting_people(committing: None) -> Scene:
    """A workspace whose people can sign in, really committed."""
    return make_workspace(password=PASSWORD)


@pytest.fixture
def base(committing: None) -> Iterator[str]:
    """The address of a running Patron."""
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found
