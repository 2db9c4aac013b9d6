"""Extensions and functions that every later migration rests on."""

from django.db import migrations

from patron.kernel.db.functions import FOUNDATION_SQL


class Migration(migrations.Migration):
    run_before = [("identity", "0001_initial")]
    dependencies = []
    operations = [migrations.RunSQL(FOUNDATION_SQL, migrations.RunSQL.noop)]
