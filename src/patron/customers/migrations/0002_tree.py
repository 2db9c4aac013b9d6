"""The closure of the account tree: a derived table with a key of its own, kept by triggers (`customers.database`)."""

from django.db import migrations

_CREATE = """
CREATE TABLE customers_account_tree (
  workspace_id uuid NOT NULL REFERENCES identity_workspace (id),
  ancestor_id uuid NOT NULL,
  descendant_id uuid NOT NULL,
  depth smallint NOT NULL CHECK (depth >= 0 AND (depth = 0) = (ancestor_id = descendant_id)),
  PRIMARY KEY (workspace_id, descendant_id, ancestor_id)
)
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [_CREATE, "CREATE INDEX account_tree_down ON customers_account_tree (workspace_id, ancestor_id, depth, descendant_id)"],
            ["DROP TABLE customers_account_tree"],
        )
    ]
