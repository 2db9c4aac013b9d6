"""What a key may still ask for: unlogged, since nobody misses it after a crash, and small rows that are rewritten in place."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [
                "CREATE UNLOGGED TABLE api_bucket (key text PRIMARY KEY, level double precision NOT NULL, at timestamptz NOT NULL, allowed boolean NOT NULL DEFAULT true) WITH (fillfactor = 50)",
            ],
            ["DROP TABLE api_bucket"],
        )
    ]
