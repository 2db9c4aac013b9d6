"""A deal's stage, pipeline and outcome belong together: one foreign key over all three."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sales", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE sales_deal ADD CONSTRAINT deal_stands_in_its_stage FOREIGN KEY (workspace_id, pipeline_id, stage_id, stage_kind) "
                "REFERENCES sales_stage (workspace_id, pipeline_id, id, kind) DEFERRABLE INITIALLY IMMEDIATE",
            ],
            ["ALTER TABLE sales_deal DROP CONSTRAINT deal_stands_in_its_stage"],
        )
    ]
