"""Fixtures of the tests that sign in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser

from patron.testing import PASSWORD, Scene, make_workspace
from tests.identity.browser import chromium, serving


@pytest.fixture
def anonymous() -> Client:
    """A client that has not signed in."""
    return Client(HTTP_HOST="127.0.0.1")


@pytest.fixture
def people(db: None) -> Scene:
    """A workspace whose people can sign in with `PASSWORD`."""
    cache.clear()
    return make_workspace(password=PASSWORD)


@pytest.fixture
def lasting_people(committing: None) -> Scene:
    """The same, really committed: for browsers and for threads."""
    cache.clear()
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
