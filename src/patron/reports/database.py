"""What the database itself keeps true about dashboards: one opens first, and it is the one that was chosen last."""

from __future__ import annotations

from typing import Any

from django.db import connection

from patron.kernel.db.install import per_table, whole_database

_FIRST = """
CREATE OR REPLACE FUNCTION reports_settle_dashboard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE reports_dashboard SET is_default = false WHERE workspace_id = NEW.workspace_id AND is_default AND id <> NEW.id;
  RETURN NEW;
END $$
"""


@whole_database
def _functions() -> list[str]:
    return [_FIRST]


@per_table
def _triggers(model: Any) -> list[str]:
    if model._meta.db_table != "reports_dashboard":
        return []
    table = connection.ops.quote_name(model._meta.db_table)
    return [
        f"DROP TRIGGER IF EXISTS settle ON {table}",
        f"CREATE TRIGGER settle BEFORE INSERT OR UPDATE OF is_default ON {table} FOR EACH ROW WHEN (NEW.is_default) EXECUTE FUNCTION reports_settle_dashboard()",
    ]
