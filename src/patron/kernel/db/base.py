"""Tenant tables get PRIMARY KEY (workspace_id, id), workspace_id as first column, and composite foreign keys."""

from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any

import psycopg
from django.db.backends.ddl_references import Columns, ForeignKeyName, Statement, Table
from django.db.backends.postgresql import base, operations, schema
from psycopg.adapt import AdaptersMap, Buffer
from psycopg.types.datetime import TimestamptzLoader

from patron.kernel.db.features import DatabaseFeatures
from patron.kernel.db.keys import BEFORE_MIGRATION, CLUSTER, tenant_field


class SchemaEditor(schema.DatabaseSchemaEditor):
    sql_create_column_inline_fk = None  # type: ignore[assignment]  # so that add_field() goes through _create_fk_sql() too

    def __enter__(self) -> Any:
        super().__enter__()
        if not self.collect_sql:
            self.connection.views_gone = True  # type: ignore[attr-defined]
            for statement in BEFORE_MIGRATION:
                self.execute(statement, None)
        if self.atomic_migration and not self.collect_sql and self.connection.distributed:  # type: ignore[attr-defined]
            self.execute(CLUSTER[0])
        return self

    def create_model(self, model: Any) -> None:
        super().create_model(model)
        if not self.collect_sql and tenant_field(model) and self.connection.distributed:  # type: ignore[attr-defined]
            self.execute("SELECT create_distributed_table(%s, %s)", [self.quote_name(model._meta.db_table), tenant_field(model).column])

    def _iter_column_sql(self, column_db_type: Any, params: Any, model: Any, *rest: Any) -> Any:
        for part in super()._iter_column_sql(column_db_type, params, model, *rest):  # type: ignore[misc]
            if part != "PRIMARY KEY" or not tenant_field(model):
                yield part

    def table_sql(self, model: Any) -> Any:
        key, fields = tenant_field(model), model._meta.local_fields
        if not key:
            return super().table_sql(model)
        model._meta.local_fields = [key, *(f for f in fields if f is not key)]
        try:
            sql, params = super().table_sql(model)
        finally:
            model._meta.local_fields = fields
        quote = self.quote_name
        name = quote(model._meta.db_table + "_pkey")
        return f"{sql[:-1]}, CONSTRAINT {name} PRIMARY KEY ({quote(key.column)}, {quote(model._meta.pk.column)}))", params

    def _create_fk_sql(self, model: Any, field: Any, suffix: Any) -> Any:
        if not getattr(field, "is_tenant_fk", False):
            return super()._create_fk_sql(model, field, suffix)  # type: ignore[misc]
        to = field.remote_field.model
        near = [tenant_field(model).column, field.column]
        far = [tenant_field(to).column, field.target_field.column]

        def name(table: str, columns: list[str], ending: str) -> Any:
            return self.quote_name(self._create_index_name(table, columns, ending))  # type: ignore[attr-defined]

        return Statement(
            self.sql_create_fk,
            table=Table(model._meta.db_table, self.quote_name),
            name=ForeignKeyName(model._meta.db_table, [field.column], to._meta.db_table, [field.target_field.column], suffix, name),
            column=Columns(model._meta.db_table, near, self.quote_name),
            to_table=Table(to._meta.db_table, self.quote_name),
            to_column=Columns(to._meta.db_table, far, self.quote_name),
            deferrable=(" ON DELETE CASCADE" if field.db_on_delete == "CASCADE" else "") + " DEFERRABLE INITIALLY IMMEDIATE",
        )


class DatabaseOperations(operations.DatabaseOperations):
    compiler_module = "patron.kernel.db.compiler"

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """The text with its values, also where these were sent apart from it."""
        if isinstance(cursor, psycopg.ClientCursor):
            return str(super().last_executed_query(cursor, sql, params))
        return psycopg.ClientCursor(self.connection.connection).mogrify(sql, params)


class Instants(TimestamptzLoader):
    """`timestamptz` as an instant in UTC. Django's reader is Python around Python and took a tenth of a page of records; `fromisoformat` reads what a session in UTC writes."""

    timezone = UTC  # Django looks whether a connection's reader is for its time zone

    def load(self, data: Buffer) -> datetime:
        try:
            found = datetime.fromisoformat(bytes(data).decode())
        except ValueError:
            found = super().load(data)  # what no `datetime` holds is refused there, in words
        return found if found.tzinfo is UTC else found.astimezone(UTC)


@cache
def _reading(context: AdaptersMap) -> AdaptersMap:
    made = AdaptersMap(context)
    made.register_loader("timestamptz", Instants)
    return made


class DatabaseWrapper(base.DatabaseWrapper):
    """`views_gone`: migrations took the views for reading away, and `install` has not made them again."""

    @cached_property
    def distributed(self) -> bool:
        """Whether workspaces are spread over a Citus cluster (`patron distribute`): the database is asked once per connection object, outside of requests."""
        with self.cursor() as cursor:
            cursor.execute("SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL")
            if not cursor.fetchone()[0]:
                return False
            cursor.execute("SELECT EXISTS (SELECT FROM pg_dist_partition WHERE partmethod = 'h')")
            return bool(cursor.fetchone()[0])

    def get_connection_params(self) -> dict[str, Any]:
        """Instants are read in UTC, which is Patron's TIME_ZONE; a database of settings with another keeps Django's reader."""
        params: dict[str, Any] = super().get_connection_params()
        return {**params, "context": _reading(params["context"])} if self.timezone is UTC else params

    views_gone = False
    SchemaEditorClass = SchemaEditor
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
