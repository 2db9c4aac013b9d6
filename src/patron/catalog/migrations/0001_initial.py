import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import patron.kernel.db.functions
import patron.kernel.tenancy
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('identity', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Brand',
            fields=[
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='changed')),
                ('revision', models.PositiveIntegerField(db_default=1, editable=False)),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, db_default=models.Value('{}'), default=list, size=None, verbose_name='tags')),
                ('external_id', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='external id')),
                ('custom', models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, editable=False)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('website', models.URLField(blank=True, db_default='', default='', max_length=500, verbose_name='website')),
                ('description', models.TextField(blank=True, db_default='', default='', verbose_name='description')),
                ('owner', patron.kernel.tenancy.TenantForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.membership', verbose_name='brand manager')),
                ('workspace', patron.kernel.tenancy.TenantKey(db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(models.F('workspace'), patron.kernel.db.functions.Fold('name'), models.F('id'), name='brand_by_name'), models.Index(fields=['workspace', 'owner', 'id'], name='brand_by_owner'), models.Index(fields=['workspace', 'created_at', 'id'], name='brand_by_created')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('workspace', 'external_id'), name='brand_external_id_once'), models.UniqueConstraint(models.F('workspace'), django.db.models.functions.text.Lower('name'), name='brand_name_once'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='brand_named')],
            },
        ),
        migrations.CreateModel(
            name='ExchangeRate',
            fields=[
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='changed')),
                ('revision', models.PositiveIntegerField(db_default=1, editable=False)),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, db_default=models.Value('{}'), default=list, size=None, verbose_name='tags')),
                ('external_id', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='external id')),
                ('custom', models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, editable=False)),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('on', models.DateField(verbose_name='valid from')),
                ('rate', models.DecimalField(decimal_places=8, help_text='How many units of this currency one unit of the base currency buys.', max_digits=18, verbose_name='rate')),
                ('source', models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='source')),
                ('workspace', patron.kernel.tenancy.TenantKey(db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['workspace', 'currency', 'id'], name='exchange_rate_by_currency'), models.Index(fields=['workspace', 'on', 'id'], name='exchange_rate_by_day'), models.Index(fields=['workspace', 'created_at', 'id'], name='exchange_rate_by_created')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('workspace', 'external_id'), name='exchange_rate_external_id_once'), models.UniqueConstraint(fields=('workspace', 'currency', 'on'), name='exchange_rate_day_once'), models.CheckConstraint(condition=models.Q(('rate__gt', 0)), name='exchange_rate_positive'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='exchange_rate_currency_code')],
            },
        ),
        migrations.CreateModel(
            name='ProductLine',
            fields=[
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='changed')),
                ('revision', models.PositiveIntegerField(db_default=1, editable=False)),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, db_default=models.Value('{}'), default=list, size=None, verbose_name='tags')),
                ('external_id', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='external id')),
                ('custom', models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, editable=False)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('description', models.TextField(blank=True, db_default='', default='', verbose_name='description')),
                ('brand', patron.kernel.tenancy.TenantForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='catalog.brand', verbose_name='brand')),
                ('owner', patron.kernel.tenancy.TenantForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.membership', verbose_name='brand manager')),
                ('workspace', patron.kernel.tenancy.TenantKey(db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(models.F('workspace'), patron.kernel.db.functions.Fold('name'), models.F('id'), name='product_line_by_name'), models.Index(fields=['workspace', 'brand', 'id'], name='product_line_by_brand'), models.Index(fields=['workspace', 'owner', 'id'], name='product_line_by_owner'), models.Index(fields=['workspace', 'created_at', 'id'], name='product_line_by_created')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('workspace', 'external_id'), name='product_line_external_id_once'), models.UniqueConstraint(models.F('workspace'), django.db.models.functions.text.Lower('name'), name='product_line_name_once'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='product_line_named')],
            },
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='changed')),
                ('revision', models.PositiveIntegerField(db_default=1, editable=False)),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, db_default=models.Value('{}'), default=list, size=None, verbose_name='tags')),
                ('external_id', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='external id')),
                ('custom', models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, editable=False)),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('sku', models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='SKU')),
                ('kind', models.CharField(choices=[('product', 'Product'), ('service', 'Service')], db_default='product', default='product', max_length=8, verbose_name='kind')),
                ('unit', models.CharField(blank=True, db_default='', default='', help_text='Such as piece, hour or user.', max_length=40, verbose_name='unit')),
                ('tax_category', models.CharField(choices=[('standard', 'Standard rate'), ('reduced', 'Reduced rate'), ('zero', 'Zero rate'), ('exempt', 'Exempt')], db_default='standard', default='standard', max_length=8, verbose_name='tax category')),
                ('cost', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='cost')),
                ('price', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='price')),
                ('currency', models.CharField(blank=True, db_default='', default='', max_length=3, verbose_name='currency')),
                ('frequency', models.CharField(choices=[('one_off', 'One-off'), ('monthly', 'Monthly'), ('quarterly', 'Quarterly'), ('annual', 'Annual')], db_default='one_off', default='one_off', max_length=9, verbose_name='billing')),
                ('active', models.BooleanField(db_default=True, default=True, verbose_name='for sale')),
                ('specs', models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, verbose_name='specifications')),
                ('description', models.TextField(blank=True, db_default='', default='', verbose_name='description')),
                ('search', models.GeneratedField(db_persist=True, expression=patron.kernel.db.functions.SearchText('name', 'sku', 'unit', 'description'), output_field=models.TextField())),
                ('brand', patron.kernel.tenancy.TenantForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='products', to='catalog.brand', verbose_name='brand')),
                ('workspace', patron.kernel.tenancy.TenantKey(db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
                ('line', patron.kernel.tenancy.TenantForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='products', to='catalog.productline', verbose_name='product line')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(models.F('workspace'), patron.kernel.db.functions.Fold('name'), models.F('id'), name='product_by_name'), models.Index(models.F('workspace'), patron.kernel.db.functions.Fold('sku'), models.F('id'), name='product_by_sku'), models.Index(fields=['workspace', 'line', 'id'], name='product_by_line'), models.Index(fields=['workspace', 'brand', 'id'], name='product_by_brand'), models.Index(fields=['workspace', 'kind', 'id'], name='product_by_kind'), models.Index(fields=['workspace', 'price', 'id'], name='product_by_price'), models.Index(fields=['workspace', 'cost', 'id'], name='product_by_cost'), models.Index(fields=['workspace', 'created_at', 'id'], name='product_by_created'), models.Index(fields=['workspace', 'updated_at', 'id'], name='product_by_updated'), django.contrib.postgres.indexes.GinIndex(models.F('workspace'), django.contrib.postgres.indexes.OpClass('search', name='gin_trgm_ops'), name='product_search')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('workspace', 'external_id'), name='product_external_id_once'), models.UniqueConstraint(models.F('workspace'), django.db.models.functions.text.Lower('sku'), condition=models.Q(('sku', ''), _negated=True), name='product_sku_once'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='product_named'), models.CheckConstraint(condition=models.Q(('cost__isnull', True), ('cost__gte', 0), _connector='OR'), name='product_cost_not_negative'), models.CheckConstraint(condition=models.Q(('price__isnull', True), ('price__gte', 0), _connector='OR'), name='product_price_not_negative'), models.CheckConstraint(condition=models.Q(('currency', ''), ('currency__regex', '^[A-Z]{3}$'), _connector='OR'), name='product_currency_code')],
            },
        ),
    ]
