import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import patron.kernel.tenancy
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0001_initial'),
        ('records', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportProgress',
            fields=[
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField(null=True)),
                ('workspace', patron.kernel.tenancy.TenantKey(db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('type_key', models.CharField(max_length=40)),
                ('filename', models.CharField(max_length=250)),
                ('path', models.CharField(max_length=300)),
                ('source', models.JSONField(default=dict)),
                ('plan', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('uploaded', 'Uploaded'), ('mapped', 'Columns matched'), ('checking', 'Being checked'), ('checked', 'Checked'), ('applying', 'Being imported'), ('applied', 'Imported'), ('failed', 'Not imported'), ('undone', 'Undone')], default='uploaded', max_length=10)),
                ('counts', models.JSONField(default=dict)),
                ('operation_id', models.UUIDField(null=True)),
                ('member_name', models.CharField(blank=True, default='', max_length=150)),
                ('message', models.TextField(blank=True, default='')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('checked_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('member', patron.kernel.tenancy.TenantForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.membership')),
                ('workspace', patron.kernel.tenancy.TenantKey(db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['workspace', '-created_at', '-id'], name='import_newest'), models.Index(fields=['workspace', 'member'], name='import_by_member')],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('import_id', models.UUIDField()),
                ('part', models.SmallIntegerField(default=0)),
                ('line', models.IntegerField()),
                ('action', models.CharField(choices=[('new', 'New'), ('change', 'Change'), ('same', 'No change'), ('duplicate', 'Duplicate'), ('error', 'Error')], max_length=9)),
                ('target_id', models.UUIDField(null=True)),
                ('seen', models.IntegerField(null=True)),
                ('cells', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('values', models.JSONField(null=True)),
                ('before', models.JSONField(null=True)),
                ('problems', models.JSONField(null=True)),
                ('refs', models.JSONField(null=True)),
                ('marks', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), null=True, size=None)),
                ('title', models.TextField(null=True)),
                ('workspace', patron.kernel.tenancy.TenantKey(db_constraint=False, db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['workspace', 'import_id', 'part', 'action', 'line'], name='import_row_by_action')],
            },
        ),
    ]
