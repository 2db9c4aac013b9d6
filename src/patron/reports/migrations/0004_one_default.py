"""What keeps one default per workspace is the kernel's now (`kernel.db.defaults`), for every table that has one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_rights")]
    operations = [migrations.RunSQL("DROP FUNCTION IF EXISTS reports_settle_dashboard() CASCADE", migrations.RunSQL.noop)]
