"""What the backend may assume about PostgreSQL with composite keys."""

from typing import Any

from django.db.backends.postgresql.features import DatabaseFeatures as PostgresFeatures

from patron.kernel.db.keys import tenant_field


class DatabaseFeatures(PostgresFeatures):
    def allows_group_by_selected_pks_on_model(self, model: Any) -> bool:
        """The real key is (workspace, id), so grouping by id alone is no functional dependency for a tenant table."""
        return super().allows_group_by_selected_pks_on_model(model) and tenant_field(model) is None
