"""Words of many rows into the search index by a second connection, while the first goes on writing rows.

A trigram index takes new rows onto a list and sorts them in when that is full: PostgreSQL has the backend do it that writes. All rows of an import have to be
written by one backend, which is what it waits for; sorting in is the part (a tenth) that another may do, since the list knows no transactions.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import psycopg
from django.contrib.postgres.indexes import GinIndex
from django.db import DatabaseError, connection

from patron.kernel.db.install import for_server, is_distributed, tenant_models, whole_database

#: Rows from which on a second connection is worth its while.
MANY = 50_000
_PAUSE = 0.25  # seconds between two looks at the list, which is some 500 pages long by then
_ROOM = "32MB"  # what the list may grow to: searches read it from end to end. If the helper is gone, the writer sorts in by itself as before


def is_sorted(model: Any) -> bool:
    """Whether the table has an index with such a list."""
    return any(isinstance(index, GinIndex) for index in model._meta.indexes)


@whole_database
def _function() -> list[str]:
    """`sort_in_words(table)`: sort in what is on the lists of the table's indexes, and answer how many pages that were. Only their owner may, hence SECURITY DEFINER."""
    known = ", ".join(f"'{model._meta.db_table}'" for model in tenant_models() if is_sorted(model))
    return [
        f"""
        CREATE OR REPLACE FUNCTION sort_in_words(name text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
          IF name IS NULL OR name NOT IN ({known}) THEN
            RAISE EXCEPTION 'no table of a workspace that is searched: %', name;
          END IF;
          RETURN (SELECT sum(gin_clean_pending_list(i.indexrelid)) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
            WHERE i.indrelid = format('public.%I', name)::regclass AND a.amname = 'gin' AND i.indisvalid);
        END $$
        """,
        *for_server("sort_in_words(text)"),
    ]


@contextlib.contextmanager
def sorted_in_beside(model: Any, rows: int) -> Iterator[None]:
    """While the block writes about so many rows of the table, another connection sorts their words in; it is done with them at the end.

    Needs an open transaction. For few rows, without such an index, on a cluster, or where there is no connection to be had, the writer does it as ever.
    """
    if rows < MANY or not is_sorted(model) or is_distributed():
        yield
        return
    own: Any = connection.copy()
    try:
        own.ensure_connection()
    except DatabaseError:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL gin_pending_list_limit = '{_ROOM}'")
    done = threading.Event()
    helper = threading.Thread(target=_sort_in, args=(own.connection, model._meta.db_table, done), name="words")
    helper.start()
    try:
        yield
    finally:
        done.set()
        helper.join()
        own.close()


def _sort_in(raw: Any, table: str, done: threading.Event) -> None:
    """A failure leaves the rest to the writer."""
    with contextlib.suppress(psycopg.Error):
        last = False
        while not last:
            last = done.wait(_PAUSE)
            raw.execute("SELECT sort_in_words(%s)", [table])
