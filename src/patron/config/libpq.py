"""PostgreSQL's own programs, pointed at a database without its password showing in the list of processes."""

import os
from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]

_VARIABLES = {"NAME": "PGDATABASE", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "HOST": "PGHOST", "PORT": "PGPORT"}
_OPTIONS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}


def variables(place: dict[str, Any], **further: str) -> dict[str, str]:
    """The environment for psql, pg_dump and pg_restore; `place` is one of Django's DATABASES, or `database.parse(url)`.

    PG… variables of the caller's own environment are left out, so that they cannot lead elsewhere.
    """
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    chosen = {variable: str(place[name]) for name, variable in _VARIABLES.items() if place[name]}
    options = {variable: str(place["OPTIONS"][name]) for name, variable in _OPTIONS.items() if name in place["OPTIONS"]}
    return bare | chosen | options | further


def connect(place: dict[str, Any]) -> Connection:
    """A connection outside of Django, in autocommit; gives up after 20 seconds."""
    return psycopg.connect(
        dbname=place["NAME"],
        user=place["USER"] or None,
        password=place["PASSWORD"] or None,
        host=place["HOST"] or None,
        port=place["PORT"] or None,
        autocommit=True,
        connect_timeout=20,
        **place["OPTIONS"],
    )


def server_major(place: dict[str, Any]) -> int:
    """The server's major version, such as 18."""
    with connect(place) as connection:
        return connection.info.server_version // 10_000
