"""One real PostgreSQL for the whole run; tests that commit work in workspaces of their own, so nothing is ever truncated.

The schema is made as the owner; then everything runs as `patron_app`, the role that serves: what it may not do, tests may not do.
Most tests share one workspace per process: it is committed once, and what a test does to it is rolled back.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connections

from patron.records.customs import versions
from patron.testing import Scene, make_workspace
from tests import database


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """This worker's database, cloned from the template that the owner made; from here on everything runs as the serving role."""
    connection = connections["default"]
    owner = dict(connection.settings_dict)
    name = f"patron_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock():
        database.clone(connection, name)
        connection.settings_dict.update(USER=settings.PATRON_APP_ROLE, PASSWORD=settings.PATRON_APP_PASSWORD)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        connection.settings_dict.update(owner)
        with contextlib.suppress(Exception):
            database.drop(connection, name)


@pytest.fixture
def committing(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database without a surrounding transaction: for concurrency, browsers and servers. Use a workspace of your own."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()


@pytest.fixture(scope="session", autouse=True)
def _quick_hashing() -> None:
    """Argon2 with as little work as it allows: it is slow on purpose, and hundreds of tests hash or check a password."""
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1


@pytest.fixture(scope="session")
def _shared_scene(django_db_setup: None, django_db_blocker: Any) -> bytes:
    """The scene that is committed once per process, pickled: each test gets objects of its own."""
    with django_db_blocker.unblock():
        return pickle.dumps(make_workspace())


@pytest.fixture
def scene(_shared_scene: bytes, db: None) -> Scene:
    """A workspace with its cast; what the test does to it is rolled back."""
    found: Scene = pickle.loads(_shared_scene)
    for kept in ("exports", "files/imports", "files"):  # no rollback takes back what is on the disk
        shutil.rmtree(Path(settings.DATA_DIR) / kept / str(found.workspace.pk), ignore_errors=True)
    for kept in versions._all:
        kept._known.clear()  # the test before may have made the same version of other definitions
    return found


@pytest.fixture
def lasting_scene(committing: None) -> Scene:
    """A workspace with its cast that is really committed."""
    return make_workspace(password=None)
