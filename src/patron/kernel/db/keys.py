"""How the backend recognises a tenant table without importing any model."""

from functools import cache
from typing import Any

from django.apps import apps

#: The schema of the views through which tenant tables are read.
SEEN = "seen"

#: What runs before a migration changes tables: views hold on to their tables' columns. `install` makes everything anew that this takes away.
BEFORE_MIGRATION = [f"DROP SCHEMA IF EXISTS {SEEN} CASCADE"]

#: What a transaction says to Citus before it changes tables with triggers: one node after the other, and that it means the triggers.
CLUSTER = ("SET LOCAL citus.multi_shard_modify_mode TO 'sequential'", "SET LOCAL citus.enable_unsafe_triggers TO on")


def tenant_field(model: Any) -> Any:
    """The model's workspace column, or None for a global table."""
    return next((f for f in model._meta.local_fields if getattr(f, "is_tenant_key", False)), None)


@cache
def tenant_tables() -> frozenset[str]:
    """The names of all tables that belong to workspaces."""
    return frozenset(model._meta.db_table for model in apps.get_models(include_auto_created=True) if tenant_field(model) is not None)
