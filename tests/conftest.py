"""One real PostgreSQL for the whole run; tests that commit work in workspaces of their own, so nothing is ever truncated.

The schema is made as the owner; then everything runs as `patron_app`, the role that serves: what it may not do, tests may not do.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from patron.testing import Scene, make_workspace


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any, worker_id: str = "master") -> Iterator[None]:
    """Make this worker's test database as the owner, install policies and triggers, then go on as the serving role."""
    from django.core.management import call_command  # noqa: PLC0415

    from patron.kernel.db.install import install  # noqa: PLC0415

    connection = connections["default"]
    owner = dict(connection.settings_dict)
    suffix = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with django_db_blocker.unblock():
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=False) if suffix == "main" else _own(connection, suffix)
        install()
        call_command("check", databases=["default"])
        connection.close()
        connection.settings_dict.update(USER=settings.PATRON_APP_ROLE, PASSWORD=settings.PATRON_APP_PASSWORD)
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(USER=owner["USER"], PASSWORD=owner["PASSWORD"])
        with contextlib.suppress(Exception):
            connection.creation.destroy_test_db(owner["NAME"], verbosity=0)


def _own(connection: Any, suffix: str) -> None:
    """Each worker of a parallel run has a database of its own."""
    name = f"test_{connection.settings_dict['NAME']}_{suffix}"
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=False)


@pytest.fixture
def committing(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database without a surrounding transaction: for concurrency, browsers and servers. Use a workspace of your own."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()


@pytest.fixture
def scene(db: None) -> Scene:
    """A workspace with its cast, inside a transaction that is rolled back."""
    return make_workspace()


@pytest.fixture
def lasting_scene(committing: None) -> Scene:
    """A workspace with its cast that is really committed."""
    return make_workspace(password=None)
