"""The tables of a workspace and their columns, as the database has them: nothing is forgotten, because nothing is listed by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from patron.identity.models import User
from patron.kernel.db.install import tenant_models
from patron.records.archive.form import Column

_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull AND NOT a.atthasdef
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.oid = ANY (%s::regclass[]) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY c.relname, a.attnum
"""
_KEYS = """
SELECT c.relname, array_agg(a.attname::text ORDER BY array_position(i.indkey::int2[], a.attnum))
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
WHERE c.oid = ANY (%s::regclass[]) AND i.indisprimary GROUP BY c.relname
"""
TENANT = "workspace_id"
#: Of the people who sign in; a password, a second factor and a session stay where they are.
USER_COLUMNS = ("id", "email", "name", "is_active", "created_at", "preferences")


@dataclass(slots=True)
class Known:
    """A table: its columns without the workspace's and without generated ones, its key, which columns cannot do without a value.

    No file is written with `bound` columns, which mean something in one cluster alone; those of older files are read, and put right afterwards."""

    name: str
    columns: list[Column]
    key: list[str]
    demanded: set[str]
    secrets: tuple[str, ...] = ()
    bound: tuple[str, ...] = ()

    @property
    def written(self) -> list[Column]:
        return [c for c in self.columns if c.name not in self.bound]


def known(raw: Any) -> dict[str, Known]:
    """Every table of a workspace by name, in the order of names. `raw` is a psycopg connection."""
    models = {m._meta.db_table: m for m in tenant_models() if m.exported}
    names = [list(models)]
    found: dict[str, Known] = {}
    for table, column, kind, demanded in raw.execute(_COLUMNS, names).fetchall():
        entry = found.setdefault(table, Known(table, [], [], set(), models[table].secret_columns, models[table].cluster_columns))
        if column != TENANT:
            entry.columns.append(Column(column, kind))
            if demanded:
                entry.demanded.add(column)
    for table, key in raw.execute(_KEYS, names).fetchall():
        found[table].key = [name for name in key if name != TENANT]
    return dict(sorted(found.items()))


def secrets() -> dict[str, tuple[str, ...]]:
    """Columns that no file may hold, by table; also those of tables that are not exported at all, since the history names them."""
    return {m._meta.db_table: m.secret_columns for m in tenant_models() if m.secret_columns}


def user_table() -> str:
    return str(User._meta.db_table)


def described(tables: dict[str, Known]) -> dict[str, Any]:
    """For people and programs: what the tables are, and what their columns refer to."""
    models = {m._meta.db_table: m for m in tenant_models()}
    return {
        "tables": [
            {"name": t.name, "file": f"tables/{t.name}.csv", "key": t.key, "about": _about(models[t.name]), "columns": [_column(models[t.name], c) for c in t.written]}
            for t in tables.values()
        ]
    }


def _about(model: Any) -> str:
    return " ".join((model.__doc__ or "").split("\n\n")[0].split())


def _column(model: Any, column: Column) -> dict[str, Any]:
    field = next((f for f in model._meta.local_fields if f.column == column.name), None)
    found: dict[str, Any] = {"name": column.name, "type": column.type}
    if field is not None:
        found["label"] = str(field.verbose_name)
        if field.remote_field is not None:
            found["refers_to"] = field.remote_field.model._meta.db_table
        if field.choices:
            found["values"] = {str(value): str(label) for value, label in field.flatchoices}
    return found
