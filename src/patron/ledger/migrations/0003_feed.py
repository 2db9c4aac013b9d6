"""What puts operations in an order that never gains a row in its past: the writing transaction's number, then the order inside it.

Numbers of rows from before are 0: they come first. The columns are filled by the database and read by `ledger.feed` alone.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_change")]
    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE ledger_operation ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY, ADD COLUMN xid bigint NOT NULL DEFAULT 0",
                "ALTER TABLE ledger_operation ALTER COLUMN xid SET DEFAULT (pg_current_xact_id()::text::bigint)",
                "CREATE INDEX operation_feed ON ledger_operation (workspace_id, xid, seq)",
            ],
            ["DROP INDEX operation_feed", "ALTER TABLE ledger_operation DROP COLUMN seq, DROP COLUMN xid"],
        )
    ]
