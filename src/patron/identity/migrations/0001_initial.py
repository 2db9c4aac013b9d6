import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import patron.kernel.db.functions
import patron.kernel.tenancy
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('name', models.CharField(blank=True, max_length=150, verbose_name='name')),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('last_workspace', models.CharField(blank=True, editable=False, max_length=60)),
                ('preferences', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_once')],
            },
        ),
        migrations.CreateModel(
            name='Workspace',
            fields=[
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('slug', models.CharField(max_length=60, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9](-?[a-z0-9])*\\Z')], verbose_name='address')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('currency', models.CharField(default='EUR', max_length=3, verbose_name='base currency')),
                ('time_zone', models.CharField(default='Europe/Berlin', max_length=60, verbose_name='time zone')),
                ('language', models.CharField(default='en', max_length=16, verbose_name='language')),
                ('country', models.CharField(default='DE', max_length=2, verbose_name='country')),
                ('fiscal_month', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='fiscal year starts in month')),
                ('hue', models.PositiveSmallIntegerField(default=262, validators=[django.core.validators.MaxValueValidator(359)], verbose_name='colour')),
                ('counts_orders', models.BooleanField(default=True, verbose_name='orders make an account active')),
                ('order_window_days', models.PositiveIntegerField(default=730, verbose_name='an order counts for (days)')),
                ('settings', models.JSONField(blank=True, default=dict)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('fiscal_month__range', (1, 12))), name='workspace_fiscal_month'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='workspace_currency_code')],
            },
        ),
        migrations.CreateModel(
            name='Role',
            fields=[
                ('workspace', patron.kernel.tenancy.TenantKey(db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('key', models.CharField(blank=True, editable=False, max_length=40)),
                ('description', models.CharField(blank=True, max_length=300, verbose_name='description')),
                ('matrix', models.JSONField(blank=True, default=dict, verbose_name='permissions')),
                ('field_rules', models.JSONField(blank=True, default=dict, verbose_name='field rules')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('workspace'), django.db.models.functions.text.Lower('name'), name='role_name_once')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('workspace', patron.kernel.tenancy.TenantKey(db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='job title')),
                ('office', models.CharField(blank=True, max_length=80, verbose_name='office')),
                ('phone', models.CharField(blank=True, max_length=32, verbose_name='phone')),
                ('kind', models.CharField(choices=[('staff', 'Staff'), ('contractor', 'Contractor'), ('portal', 'Portal')], default='staff', max_length=12, verbose_name='kind')),
                ('state', models.CharField(choices=[('active', 'Active'), ('invited', 'Invited'), ('listed', 'Listed'), ('deactivated', 'Deactivated')], default='listed', max_length=12, verbose_name='state')),
                ('preferences', models.JSONField(blank=True, default=dict, editable=False)),
                ('external_id', models.CharField(blank=True, max_length=120, verbose_name='external id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('search', models.GeneratedField(db_persist=True, expression=patron.kernel.db.functions.SearchText('name', 'email', 'title', 'office'), output_field=models.TextField())),
                ('manager', patron.kernel.tenancy.TenantForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to='identity.membership', verbose_name='manager')),
                ('user', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('role', patron.kernel.tenancy.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='identity.role', verbose_name='role')),
            ],
            options={
                'indexes': [models.Index(models.F('workspace'), patron.kernel.db.functions.Fold('name'), models.F('id'), name='member_by_name'), models.Index(fields=['workspace', 'manager'], name='member_by_manager'), models.Index(fields=['workspace', 'role'], name='member_by_role'), django.contrib.postgres.indexes.GinIndex(models.F('workspace'), django.contrib.postgres.indexes.OpClass('search', name='gin_trgm_ops'), name='member_search')],
                'constraints': [models.UniqueConstraint(models.F('workspace'), django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='member_email_once'), models.UniqueConstraint(fields=('workspace', 'user'), name='member_user_once'), models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('workspace', 'external_id'), name='member_external_id_once'), models.CheckConstraint(condition=models.Q(('manager', models.F('id')), _negated=True), name='member_not_own_manager')],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('kind', models.CharField(choices=[('sales', 'Sales team'), ('production', 'Production team'), ('consultants', 'Consultant group'), ('support', 'Support queue')], default='sales', max_length=12, verbose_name='kind')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('manager', patron.kernel.tenancy.TenantForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='teams_managed', to='identity.membership', verbose_name='manager')),
                ('workspace', patron.kernel.tenancy.TenantKey(db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', 'manager'], name='team_by_manager')],
                'constraints': [models.UniqueConstraint(models.F('workspace'), django.db.models.functions.text.Lower('name'), name='team_name_once')],
            },
        ),
        migrations.CreateModel(
            name='TeamMember',
            fields=[
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('member', patron.kernel.tenancy.TenantForeignKey(db_index=False, db_on_delete='CASCADE', on_delete=django.db.models.deletion.CASCADE, related_name='teams', to='identity.membership')),
                ('team', patron.kernel.tenancy.TenantForeignKey(db_index=False, db_on_delete='CASCADE', on_delete=django.db.models.deletion.CASCADE, related_name='members', to='identity.team')),
                ('workspace', patron.kernel.tenancy.TenantKey(db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', 'member'], name='team_member_by_member')],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'team', 'member'), name='team_member_once')],
            },
        ),
    ]
