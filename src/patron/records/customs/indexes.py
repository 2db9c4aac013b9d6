"""Indexes of own fields, built in the background: lists sort and filter by them at any size, and "no two alike" holds in the database.

An index holds the rows of one workspace that have the value; its expression is the one that every statement uses (`transforms`).
"""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.db import connection

from patron.kernel.tenancy import current_workspace_id
from patron.records.customs.transforms import EXPRESSIONS
from patron.records.customs.values import SHAPES
from patron.records.fields import Field

UNIQUE = "own_once_"
_PLAIN = "own_by_"
_TOLD = "own_like_"


def name_of(type_key: str, field: Field, *, unique: bool = False) -> str:
    """The index's name: workspace, type and key, in a digest that fits."""
    return _named(type_key, field.own_key, field.kind, unique=unique)


def _named(type_key: str, key: str, kind: str, *, unique: bool = False) -> str:
    text = f"{current_workspace_id()} {type_key} {key} {kind}"
    return f"{UNIQUE if unique else _PLAIN}{hashlib.sha256(text.encode()).hexdigest()[:24]}"


def statements(table: str, type_key: str, field: Field, *, unique: bool) -> list[str]:
    """What makes the field's indexes; each is to be run outside a transaction, as the owner."""
    from patron.records import registry, shared

    shape, quote = SHAPES[field.kind], connection.ops.quote_name
    ws = f"workspace_id = '{current_workspace_id()}'{shared.condition(registry.get(type_key).model)}"
    value = EXPRESSIONS[shape][0].format(custom="custom", key=field.own_key)
    rows = f"WHERE {ws} AND custom ? '{field.own_key}'"
    if shape == "words":
        plain = f"USING gin (workspace_id, {value}) WHERE {ws}"
    else:
        sorted_by = f"(patron_fold({value}))" if shape == "text" and field.kind != "choice" else value
        plain = f"(workspace_id, {sorted_by}, id) WHERE {ws}"
    made = [f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {quote(name_of(type_key, field))} ON {quote(table)} {plain}"]
    if unique:
        once = f"(patron_fold({value}))" if shape == "text" else value
        made.append(f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {quote(name_of(type_key, field, unique=True))} ON {quote(table)} (workspace_id, {once}) {rows}")
    return made


def statistics(table: str, type_key: str, field: Field) -> list[str]:
    """What tells the planner how often each value occurs: it takes nothing from an index that holds some rows only, and would sort half a table for "is gold".

    To be followed by ANALYZE. For text, choices, boxes and dates: of other shapes PostgreSQL does not use it under row-level security.
    """
    shape, quote = SHAPES[field.kind], connection.ops.quote_name
    if shape not in ("text", "truth", "date") or field.kind == "long_text":
        return []
    value = EXPRESSIONS[shape][0].format(custom="custom", key=field.own_key)
    told = f"patron_fold({value})" if shape == "text" and field.kind != "choice" else value
    name = name_of(type_key, field).replace(_PLAIN, _TOLD, 1)
    return [f"CREATE STATISTICS IF NOT EXISTS {quote(name)} ON ({told}) FROM {quote(table)}", f"ANALYZE {quote(table)}"]


def drop_statements(type_key: str, key: str, kind: str, *, unique_only: bool = False) -> list[str]:
    """What takes the indexes and the statistics of a field away, whether it is still there or not."""
    quote, plain = connection.ops.quote_name, _named(type_key, key, kind)
    names = [_named(type_key, key, kind, unique=True), *([] if unique_only else [plain])]
    told = [] if unique_only else [f"DROP STATISTICS IF EXISTS {quote(plain.replace(_PLAIN, _TOLD, 1))}"]
    return [*(f"DROP INDEX CONCURRENTLY IF EXISTS {quote(name)}" for name in names), *told]


def twins(record_type: Any, field: Field, value: Any, *, but: uuid.UUID | None) -> bool:
    """Whether another record has the value of a field that no two records share. Takes a lock until the transaction ends, so that two cannot ask at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{current_workspace_id()} {record_type.key} {field.own_key}"])
    path = f"{field.path}__folded" if SHAPES[field.kind] == "text" else field.path
    from patron.kernel.text import fold

    rows = record_type.model.objects.filter(**{path: fold(str(value)) if SHAPES[field.kind] == "text" else value})
    return bool((rows.exclude(pk=but) if but else rows).exists())
