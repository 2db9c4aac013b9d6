"""The role that owns the tables: for the few things that the serving role must not do, outside any transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection


@contextmanager
def maintenance() -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own in autocommit, as the owner, to the database that Django uses now."""
    owner = settings.PATRON_OWNER
    where = {"host": owner["HOST"], "port": owner["PORT"], "user": owner["USER"], "password": owner["PASSWORD"]}
    with psycopg.connect(dbname=connection.settings_dict["NAME"], autocommit=True, **{k: v for k, v in where.items() if v}, **owner["OPTIONS"]) as opened:
        yield opened
