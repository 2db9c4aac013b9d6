"""The tests' databases: one template, migrated and installed as the owner, cloned for each worker.

The template is named after what it is made of (migrations and installed SQL), so a change of those makes a new one and everything else
reuses it: a run starts in a second.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

SOURCE = Path(__file__).resolve().parent.parent / "src" / "patron"
_LOCK = 7_301_202


def template_name() -> str:
    """A name that changes with the schema."""
    from patron.kernel.db.install import whole_statements

    files = [*SOURCE.glob("*/migrations/*.py"), *SOURCE.rglob("*models.py"), *SOURCE.glob("*/models/*.py"), *(SOURCE / "kernel" / "db").glob("*.py"), SOURCE / "config" / "settings.py"]
    digest = hashlib.sha256("\n".join(whole_statements()).encode())
    for file in sorted(files):
        digest.update(file.read_bytes())
    return f"patron_template_{digest.hexdigest()[:12]}"


@contextmanager
def admin(settings: dict[str, Any]) -> Iterator[psycopg.Connection]:
    """The owner's connection to the maintenance database, holding the lock that lets one worker build at a time."""
    where = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"], "password": settings["PASSWORD"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **{k: v for k, v in where.items() if v}) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        yield connection


def clone(connection: Any, name: str) -> None:
    """Make the database `name` from the template, which is built first where there is none yet; point Django at it."""
    template = template_name()
    with admin(connection.settings_dict) as owner:
        known = {row[0] for row in owner.execute("SELECT datname FROM pg_database")}
        if template not in known:
            for old in known:
                if old.startswith("patron_template_"):
                    owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
            _build(connection, owner, template)
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    connection.close()
    connection.settings_dict["NAME"] = name


def drop(connection: Any, name: str) -> None:
    with admin(connection.settings_dict) as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _build(connection: Any, owner: psycopg.Connection, template: str) -> None:
    from django.core.management import call_command

    from patron.kernel.db.install import install

    making = f"{template}_making"
    owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(making)))
    owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(making)))
    connection.close()
    connection.settings_dict["NAME"] = making
    call_command("migrate", verbosity=0, interactive=False)
    install()
    connection.close()
    owner.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(template)))


def as_owner(*statements: str) -> list[Any]:
    """Statements as the owner of the test's database; answers the last one's rows."""
    from django.db import connection

    from patron.config.database import parse

    where = parse(os.environ["DATABASE_URL"])
    with psycopg.connect(
        host=where["HOST"], port=where["PORT"] or None, user=where["USER"], password=where["PASSWORD"], dbname=connection.settings_dict["NAME"], autocommit=True
    ) as owner:
        found: list[Any] = []
        for statement in statements:
            cursor = owner.execute(statement)
            found = cursor.fetchall() if cursor.description else []
        return found


class Dying:
    """Counts statements, and has the connection ended before one of them; 0: never."""

    def __init__(self, at: int = 0) -> None:
        self.at, self.number = at, 0

    def __call__(self, execute: Callable[..., Any], *call: Any) -> Any:
        self.number += 1
        if self.number == self.at:
            from django.db import connection

            as_owner(f"SELECT pg_terminate_backend({connection.connection.info.backend_pid})")
        return execute(*call)
