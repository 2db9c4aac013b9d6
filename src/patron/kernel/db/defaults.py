"""What the database keeps true of a record that is the default of its workspace: there is one, and it is the one that was chosen last."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Q, UniqueConstraint

from patron.kernel.db.install import per_table, whole_database

#: Its arguments are the columns beside the workspace within which there is one default. Two who choose at once take turns; nobody is refused.
_ONE = """
CREATE OR REPLACE FUNCTION patron_one_default() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE within text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext(TG_TABLE_NAME), hashtext(NEW.workspace_id::text));
  SELECT coalesce(string_agg(format(' AND %1$I = $1.%1$I', name), ''), '') INTO within FROM unnest(TG_ARGV) AS name;
  EXECUTE format('UPDATE %I SET is_default = false WHERE workspace_id = $1.workspace_id AND is_default AND id <> $1.id', TG_TABLE_NAME) || within USING NEW;
  RETURN NEW;
END $$
"""


def within(model: Any) -> list[str] | None:
    """The columns within which a table of `is_default` has one default, by its constraint; None for other tables."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.condition == Q(is_default=True):
            return [model._meta.get_field(name).column for name in constraint.fields if name != "workspace"]
    return None


@whole_database
def _function() -> list[str]:
    return [_ONE]


@per_table
def _trigger(model: Any) -> list[str]:
    columns = within(model)
    if columns is None:
        return []
    table, given = connection.ops.quote_name(model._meta.db_table), ", ".join(f"'{column}'" for column in columns)
    return [
        f"DROP TRIGGER IF EXISTS one_default ON {table}",
        f"CREATE TRIGGER one_default BEFORE INSERT OR UPDATE OF is_default ON {table} FOR EACH ROW WHEN (NEW.is_default) EXECUTE FUNCTION patron_one_default({given})",
    ]
