"""The ledger of changes: partitioned by month, written by triggers only."""

from django.db import migrations

_CREATE = """
CREATE TABLE ledger_change (
  workspace_id uuid NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL,
  operation_id uuid NOT NULL,
  table_name varchar(63) NOT NULL,
  row_id uuid NOT NULL,
  action char(1) NOT NULL CHECK (action IN ('I', 'U', 'D')),
  changes jsonb NOT NULL,
  PRIMARY KEY (workspace_id, at, seq)
) PARTITION BY RANGE (at)
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [
                _CREATE,
                "CREATE TABLE ledger_change_rest PARTITION OF ledger_change DEFAULT",
                "CREATE INDEX ledger_change_by_row ON ledger_change (workspace_id, row_id, at DESC, seq DESC)",
                "CREATE INDEX ledger_change_by_operation ON ledger_change (workspace_id, operation_id, seq)",
            ],
            ["DROP TABLE ledger_change"],
        )
    ]
