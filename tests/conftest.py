"""One real PostgreSQL for the whole run; tests that commit work in workspaces of their own, so nothing is ever truncated.

The schema is made as the owner; then everything runs as `patron_app`, the role that serves: what it may not do, tests may not do.
Most tests share one workspace per process: it is committed once, and what a test does to it is rolled back.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.files.storage import default_storage
from django.db import connections
from hypothesis import settings as settings_of_rules

from patron.config import cli, runtime
from patron.records.customs import versions
from patron.testing import Scene, make_workspace
from tests import database

# A clock in a test tells how busy the machine is.
settings_of_rules.register_profile("patron", deadline=None)
settings_of_rules.load_profile("patron")

#: Types a command as a person of the workspace.
Run = Callable[..., Result]


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


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[None]:
    """Contents in a folder of the test's own."""
    default_storage.exists("x")  # so that there is a storage to point elsewhere
    places = vars(default_storage._wrapped)  # type: ignore[attr-defined]
    before = {name: places.pop(name, None) for name in ("base_location", "location", "_location")}
    places["_location"] = str(tmp_path)
    yield
    for name, value in before.items():
        places.pop(name, None)
        if value is not None:
            places[name] = value


@pytest.fixture
def run(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Types a command as a person of the workspace."""

    @contextlib.contextmanager
    def ready(**_options: Any) -> Iterator[None]:
        yield

    monkeypatch.setattr(runtime, "django_ready", ready)
    monkeypatch.setattr(runtime, "setup_django", lambda: None)

    def typed(*words: str, person: str = "alice") -> Result:
        return CliRunner().invoke(cli.cli, [*words, "--workspace", scene.workspace.slug, "--as", scene.users[person].email])

    return typed
