"""What keeps one default per workspace is the kernel's now (`kernel.db.defaults`), for every table that has one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sales", "0007_no_spelling_index")]
    operations = [migrations.RunSQL("DROP FUNCTION IF EXISTS sales_settle_pipeline() CASCADE", migrations.RunSQL.noop)]
