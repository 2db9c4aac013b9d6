"""What every tenant table gets beyond Django's migrations: row-level security, a view for reading, grants, triggers.

Runs as the owner after each migration, from the model registry, and is harmless to repeat. A platform package adds its own
statements per table with `per_table`.
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection

from patron.kernel.db.functions import FOUNDATION_SQL
from patron.kernel.db.keys import BEFORE_MIGRATION, CLUSTER, SEEN, tenant_field

Statements = Callable[[Any], list[str]]
_per_table: list[Statements] = []
_whole: list[Callable[[], list[str]]] = []

SETTING = "nullif(current_setting('app.workspace_id', true), '')::uuid"


def per_table(statements: Statements) -> Statements:
    """Register SQL that each tenant table needs; called with the model, returns statements."""
    _per_table.append(statements)
    return statements


def whole_database(statements: Callable[[], list[str]]) -> Callable[[], list[str]]:
    """Register SQL that the database needs once, such as a function that reads across tables."""
    _whole.append(statements)
    return statements


def before_migration(statement: str) -> None:
    """Register SQL that takes away what would stand in the way of a change of tables; it has to be harmless where there is nothing."""
    BEFORE_MIGRATION.append(statement)


def as_reader(*signatures: str) -> list[str]:
    """For functions that look past row-level security: they run as the role that may read all rows, and the serving role alone may call them."""
    reader = connection.ops.quote_name(settings.PATRON_READER_ROLE)
    return [*(f"ALTER FUNCTION {signature} OWNER TO {reader}" for signature in signatures), *for_server(*signatures)]


def for_server(*signatures: str) -> list[str]:
    """For functions with rights of their own: the serving role alone may call them."""
    app = connection.ops.quote_name(settings.PATRON_APP_ROLE)
    names = ", ".join(signatures)
    return [f"REVOKE EXECUTE ON FUNCTION {names} FROM PUBLIC", f"GRANT EXECUTE ON FUNCTION {names} TO {app}"]


def is_distributed() -> bool:
    """Whether the statements that are made now are for a database that is spread over a cluster (scale.md)."""
    return bool(getattr(connection, "distributed", False))


def tenant_models() -> list[Any]:
    """Every concrete model that belongs to a workspace, in the order of the registry."""
    return [m for m in apps.get_models(include_auto_created=True) if tenant_field(m) is not None]


def declared(model: Any, *, distributed: bool) -> list[str]:
    """What packages add to a tenant table: on one machine, or where it is spread over a cluster."""
    before = is_distributed()
    connection.distributed = distributed  # type: ignore[attr-defined]
    try:
        return [statement for make in _per_table for statement in make(model)]
    finally:
        connection.distributed = before  # type: ignore[attr-defined]


def whole_statements() -> list[str]:
    """All statements that the database needs once, and those of each table, without running them."""
    return [*FOUNDATION_SQL, *(s for make in _whole for s in make()), *(s for model in tenant_models() for s in declared(model, distributed=False))]


def install() -> None:
    """Bring policies, grants, triggers and functions to what the code declares. Does not touch data."""
    from django.db import transaction

    with transaction.atomic(), connection.cursor() as cursor:
        if is_distributed():
            for setting in CLUSTER:
                cursor.execute(setting)
        for statement in [*FOUNDATION_SQL, *_roles(cursor), *_grants(), *(s for model in tenant_models() for s in _view(model))]:
            cursor.execute(statement)
        for function in _whole:
            for statement in function():
                cursor.execute(statement)
        for model in tenant_models():
            for statement in [*_security(model), *(s for make in _per_table for s in make(model))]:
                cursor.execute(statement)
    connection.views_gone = False  # type: ignore[attr-defined]


def _roles(cursor: Any) -> list[str]:
    """The serving role (no bypass, owns nothing; helpers of a query cost it more than they save) and the reader role that owns the narrow SECURITY DEFINER functions."""
    app, reader, password = settings.PATRON_APP_ROLE, settings.PATRON_READER_ROLE, settings.PATRON_APP_PASSWORD
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [[app, reader]])
    present = {name for (name,) in cursor.fetchall()}
    quote, literal = connection.ops.quote_name, "'" + password.replace("'", "''") + "'"
    made = [] if app in present else [f"CREATE ROLE {quote(app)} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {literal}"]
    made += [] if reader in present else [f"CREATE ROLE {quote(reader)} NOLOGIN NOSUPERUSER NOBYPASSRLS"]
    if app in present:
        made.append(f"ALTER ROLE {quote(app)} PASSWORD {literal}")
    made.append(f"ALTER ROLE {quote(app)} SET max_parallel_workers_per_gather = 0")
    return [*made, f"GRANT {quote(reader)} TO CURRENT_USER", f"GRANT USAGE ON SCHEMA public TO {quote(reader)}, {quote(app)}"]


def _grants() -> list[str]:
    app = connection.ops.quote_name(settings.PATRON_APP_ROLE)
    reader = connection.ops.quote_name(settings.PATRON_READER_ROLE)
    return [
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}",
        f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {app}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}",
        f"GRANT CREATE ON SCHEMA public TO {reader}",
        f"CREATE SCHEMA IF NOT EXISTS {SEEN}",
        f"GRANT USAGE, CREATE ON SCHEMA {SEEN} TO {reader}",
        f"GRANT USAGE ON SCHEMA {SEEN} TO {app}",
    ]


def _view(model: Any) -> list[str]:
    """The rows of the open workspace, for reading. A policy lets no index be used by a function or operator that PostgreSQL does not know to be
    leakproof (folded text, numbers, own fields); a plain view of a role that sees all rows does, and shows the same rows."""
    quote = connection.ops.quote_name
    table, view = quote(model._meta.db_table), f"{SEEN}.{quote(model._meta.db_table)}"
    return [
        f"GRANT SELECT ON {table} TO {quote(settings.PATRON_READER_ROLE)}",
        f"CREATE OR REPLACE VIEW {view} AS SELECT * FROM public.{table} WHERE workspace_id = {SETTING}",
        f"ALTER VIEW {view} OWNER TO {quote(settings.PATRON_READER_ROLE)}",
        f"GRANT SELECT ON {view} TO {quote(settings.PATRON_APP_ROLE)}",
    ]


def _security(model: Any) -> list[str]:
    table = connection.ops.quote_name(model._meta.db_table)
    app = connection.ops.quote_name(settings.PATRON_APP_ROLE)
    reader = connection.ops.quote_name(settings.PATRON_READER_ROLE)
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS tenant ON {table}",
        f"CREATE POLICY tenant ON {table} USING (workspace_id = {SETTING})",
        f"DROP POLICY IF EXISTS reader ON {table}",
        f"CREATE POLICY reader ON {table} FOR SELECT TO {reader} USING (true)",
        f"GRANT SELECT ON {table} TO {reader}",
    ]
    if getattr(model, "append_only", False):
        statements.append(f"REVOKE UPDATE, DELETE ON {table} FROM {app}")
    if getattr(model, "written_by_triggers", False):
        statements.append(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {app}")
    if any(f.name == "revision" for f in model._meta.local_fields):
        statements += [
            f"DROP TRIGGER IF EXISTS touch ON {table}",
            f"CREATE TRIGGER touch BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION patron_touch()",
        ]
    return statements
