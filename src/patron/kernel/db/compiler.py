"""UPDATE and DELETE always carry the workspace, also those that Django's deletion collector builds by hand."""

from typing import Any

from django.db.models.sql import compiler
from django.db.models.sql.compiler import SQLAggregateCompiler, SQLCompiler, SQLInsertCompiler

from patron.kernel import tenancy
from patron.kernel.db.keys import tenant_field

__all__ = ["SQLAggregateCompiler", "SQLCompiler", "SQLDeleteCompiler", "SQLInsertCompiler", "SQLUpdateCompiler"]


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
