"""UPDATE and DELETE always carry the workspace, also those that Django's deletion collector builds by hand; SELECT is compiled faster."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.db.models.sql import compiler
from django.db.models.sql.compiler import SQLAggregateCompiler, SQLInsertCompiler
from django.db.models.sql.datastructures import BaseTable, Join

from patron.kernel import tenancy
from patron.kernel.db.keys import SEEN, tenant_field, tenant_tables

__all__ = ["SQLAggregateCompiler", "SQLCompiler", "SQLDeleteCompiler", "SQLInsertCompiler", "SQLUpdateCompiler", "instead"]


class _Instead(BaseTable):
    """What stands in FROM in a table's place, under the table's name."""

    def __init__(self, table: str, alias: str, sql: str, params: Sequence[Any]) -> None:
        super().__init__(table, alias)
        self.sql, self.params = sql, params

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return f"{self.sql} AS {compiler.quote_name_unless_alias(self.table_alias)}", list(self.params)


def instead(queryset: QuerySet[Any], sql: str, params: Sequence[Any]) -> QuerySet[Any]:
    """The queryset over what `sql` (a statement in parentheses, or a call) answers in place of its own table's rows: rows with the table's columns."""
    rows = queryset.all()
    alias = rows.query.get_initial_alias()
    rows.query.alias_map[alias] = _Instead(rows.model._meta.db_table, alias, sql, params)  # type: ignore[index]
    return rows


class SQLCompiler(compiler.SQLCompiler):
    """Reads tenant tables through their views. Orders by expressions, never by their place in the select list: to find the place Django hashes every selected column, a fifth of a page's time."""

    select: Any

    def compile(self, node: Any) -> Any:
        """A tenant table is read through its view (see `install`), unless rows are to be locked or no single workspace is open."""
        sql, params = super().compile(node)
        if isinstance(node, BaseTable | Join) and not isinstance(node, _Instead) and self._reads(node.table_name):
            sql = sql.replace(f'"{node.table_name}"', f'{SEEN}."{node.table_name}"', 1)
        return sql, params

    def _reads(self, table: str) -> bool:
        if table not in tenant_tables() or self.query.select_for_update or self.connection.views_gone:  # type: ignore[attr-defined]
            return False
        return isinstance(tenancy.current_scope(), uuid.UUID)

    def _order_by_pairs(self) -> Iterator[Any]:  # type: ignore[override]
        if self.query.combinator:
            yield from super()._order_by_pairs()  # type: ignore[misc]
            return
        chosen, self.select = self.select, None
        try:
            yield from super()._order_by_pairs()  # type: ignore[misc]
        finally:
            self.select = chosen


class _Tenant:
    query: Any

    def as_sql(self) -> Any:
        if key := tenant_field(self.query.model):
            scope = tenancy.current_scope()
            if scope is None:
                raise tenancy.NoWorkspace(self.query.model._meta.label)
            if scope is not tenancy.ALL:
                self.query = self.query.clone()  # delete_batch() reuses its query between chunks
                self.query.add_filter(key.attname, scope)
        return super().as_sql()  # type: ignore[misc]


class SQLUpdateCompiler(_Tenant, compiler.SQLUpdateCompiler):  # type: ignore[misc]
    pass


class SQLDeleteCompiler(_Tenant, compiler.SQLDeleteCompiler):  # type: ignore[misc]
    pass
