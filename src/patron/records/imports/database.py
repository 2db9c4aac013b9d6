"""Finding rows by many names at once: one narrow SECURITY DEFINER function per table, since row-level security keeps folded comparisons off their index.

A function answers ids alone, of the open workspace alone. Whoever calls it filters them by what the person may see.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Literal

from django.db import connection, models
from django.db.models import F
from django.db.models.functions import Lower

from patron.kernel.db.functions import Fold
from patron.kernel.db.install import SETTING, as_reader, for_server, per_table, tenant_models, whole_database
from patron.kernel.text import fold
from patron.records import registry, shared
from patron.records.imports import copying

How = Literal["fold", "lower", "exact"]

_NAMES = ("name", "email", "number", "sku", "external_id", "phone", "mobile", "domain", "key", "legal_name", "subject")
_EXACT = ("external_id", "phone", "mobile", "domain", "key")
_LOWER = ("email", "number", "sku")


@lru_cache(maxsize=256)
def columns(model: Any) -> dict[str, How]:
    """The columns of a table by which rows can be found, and how texts are compared: as its own indexes do."""
    record_type = registry.find_model(model)
    wanted = {*_NAMES, *((record_type.title, *record_type.keys) if record_type else ())}
    found: dict[str, How] = {}
    for column in model._meta.local_fields:
        output = column.output_field if getattr(column, "generated", False) else column
        if column.name in wanted and isinstance(output, models.CharField | models.TextField):
            found[column.name] = _indexed(model, column.name) or ("exact" if column.name in _EXACT else "lower" if column.name in _LOWER else "fold")
    return found


def _indexed(model: Any, name: str) -> How | None:
    """How the table's indexes know the column; case-insensitively for addresses, folded for names where both exist."""
    ways: set[How] = set()
    for index in [*model._meta.indexes, *(c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint))]:
        second = (*index.fields, *index.expressions)[1:2]
        for part in second:
            if part == name or (isinstance(part, F) and getattr(part, "name", "") == name):
                ways.add("exact")
            elif isinstance(part, Fold | Lower) and getattr(part.get_source_expressions()[0], "name", "") == name:
                ways.add("fold" if isinstance(part, Fold) else "lower")
    order: tuple[How, ...] = ("lower", "exact", "fold") if name in _LOWER else ("exact", "fold", "lower") if name in _EXACT else ("fold", "lower", "exact")
    return next((way for way in order if way in ways), None)


def normaliser(how: How | None) -> Callable[[Any], str]:
    """What makes texts comparable: as they are, in lower case, or folded. None is for values that are no text."""
    return {"fold": _folded, "lower": _lowered, "exact": _exact, None: str}[how]  # type: ignore[return-value]


def _folded(value: Any) -> str:
    return fold(str(value))


def _lowered(value: Any) -> str:
    return str(value).strip().lower()


def _exact(value: Any) -> str:
    return str(value).strip()


_SIDE = {"exact": "t.{c}", "lower": "lower(t.{c})", "fold": "patron_fold(t.{c})"}


@per_table
def _match_function(model: Any) -> list[str]:
    """`match_<table>(field, words)`: (id, word) for every row whose field is one of the words, both in normal form. A shared table's asks for the type too."""
    known = columns(model)
    if not known:
        return []
    quote, table, kind = connection.ops.quote_name, model._meta.db_table, shared.column(model)
    asked, types, also = (", kind uuid", ", uuid", f"AND t.{kind} = kind") if kind else ("", "", "")
    branches = [
        f"WHEN '{name}' THEN RETURN QUERY SELECT t.id, ({side})::text FROM {quote(table)} t "
        f"WHERE t.workspace_id = {SETTING} {also} AND t.{quote(name)} <> '' AND {side} = ANY (words);"
        for name, how in known.items()
        for side in (_SIDE[how].format(c=quote(name)),)
    ]
    return [
        f"""
        CREATE OR REPLACE FUNCTION match_{table}(field text, words text[]{asked}) RETURNS TABLE (id uuid, word text)
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        #variable_conflict use_column
        BEGIN
          CASE field
          {chr(10).join(branches)}
          ELSE RAISE EXCEPTION 'rows of {table} are not found by %', field;
          END CASE;
        END $$
        """,
        *as_reader(f"match_{table}(text, text[]{types})"),
    ]


def match(model: Any, column: str, words: Iterable[str]) -> list[tuple[uuid.UUID, str]]:
    """(id, word) of the open workspace's rows whose column is one of `words`, given in normal form. Knows no rights."""
    wanted = list(words)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, word FROM match_{model._meta.db_table}(%s, %s::text[]{shared.argument(model)})", [column, copying.array(wanted)])
        return cursor.fetchall()


@whole_database
def _rough_statistics() -> list[str]:
    """A tenth of the usual look at staged rows: their table may be large and cold, and all that is to be told is which imports they belong to."""
    return [f"ALTER TABLE records_importrow ALTER COLUMN {column} SET STATISTICS 10" for column in ("workspace_id", "id", "import_id", "target_id")]


@whole_database
def _statistics_function() -> list[str]:
    """`import_statistics(table)`: what the planner knows of a table's keys, brought up to date inside the running transaction.

    An import writes thousands of rows and then runs statements over them; planned for an empty table these would take hours. The serving role
    owns no table, hence SECURITY DEFINER. It waits as long as an automatic ANALYZE takes to step aside; where another
    import holds the lock, the rest of the transaction goes without nested loops, which are what stale statistics make endless.
    """
    known = ", ".join(f"'{model._meta.db_table}'" for model in tenant_models())
    return [
        f"""
        CREATE OR REPLACE FUNCTION import_statistics(name text) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '3s' AS $$
        DECLARE columns text;
        BEGIN
          IF name NOT IN ({known}) THEN
            RAISE EXCEPTION 'no table of a workspace: %', name;
          END IF;
          SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
            WHERE attrelid = ('public.' || quote_ident(name))::regclass AND attnum > 0 AND NOT attisdropped AND atttypid = 'uuid'::regtype;
          EXECUTE format('ANALYZE public.%I (%s)', name, columns);
        EXCEPTION WHEN lock_not_available THEN
          PERFORM set_config('enable_nestloop', 'off', true);
        END $$
        """,
        *for_server("import_statistics(text)"),
    ]


def statistics(model: Any) -> None:
    """Let the planner know what was just written to a table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT import_statistics(%s)", [model._meta.db_table])
