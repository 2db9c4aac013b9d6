import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
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
            name='Activity',
            fields=[
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='changed')),
                ('revision', models.PositiveIntegerField(db_default=1, editable=False)),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, db_default=models.Value('{}'), default=list, size=None, verbose_name='tags')),
                ('external_id', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='external id')),
                ('custom', models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, editable=False)),
                ('kind', models.CharField(choices=[('call', 'Call'), ('meeting', 'Meeting'), ('note', 'Note')], db_default='note', default='note', max_length=10, verbose_name='kind')),
                ('subject', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='subject')),
                ('body', models.TextField(blank=True, db_default='', default='', verbose_name='text')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('minutes', models.PositiveIntegerField(blank=True, null=True, verbose_name='minutes')),
                ('outcome', models.CharField(blank=True, choices=[('reached', 'Reached'), ('no_answer', 'No answer'), ('left_message', 'Left a message'), ('call_back', 'Asked to call back'), ('wrong_number', 'Wrong number'), ('held', 'Held'), ('cancelled', 'Cancelled')], db_default='', default='', max_length=20, verbose_name='outcome')),
                ('direction', models.CharField(blank=True, choices=[('out', 'Outgoing'), ('in', 'Incoming')], db_default='', default='', max_length=4, verbose_name='direction')),
                ('location', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='place')),
                ('done', models.BooleanField(db_default=True, default=True, verbose_name='done')),
                ('title', models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(('subject', ''), _negated=True), then=models.F('subject')), models.When(models.Q(('body', ''), _negated=True), then=django.db.models.functions.text.Left(models.Func(models.Func(models.F('body'), models.Value(' \n\r\t'), function='btrim', output_field=models.TextField()), models.Value('\n'), models.Value(1), function='split_part', output_field=models.TextField()), 120)), default=models.F('kind'), output_field=models.CharField(max_length=200)), output_field=models.CharField(max_length=200, verbose_name='title'), verbose_name='title')),
                ('search', models.GeneratedField(db_persist=True, expression=patron.kernel.db.functions.SearchText('subject', 'body', 'location'), output_field=models.TextField())),
                ('owner', patron.kernel.tenancy.TenantForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.membership', verbose_name='owner')),
                ('workspace', patron.kernel.tenancy.TenantKey(db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['workspace', 'at', 'id'], name='activity_recent'), models.Index(fields=['workspace', 'owner', 'at'], name='activity_by_owner'), models.Index(condition=models.Q(('done', False)), fields=['workspace', 'owner', 'at', 'id'], name='activity_planned'), django.contrib.postgres.indexes.GinIndex(models.F('workspace'), django.contrib.postgres.indexes.OpClass('search', name='gin_trgm_ops'), name='activity_search')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('workspace', 'external_id'), name='activity_external_id_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['call', 'meeting', 'note'])), name='activity_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'note'), _negated=True), models.Q(('direction', ''), ('done', True), ('outcome', ''), models.Q(models.Q(('body', ''), _negated=True), models.Q(('subject', ''), _negated=True), _connector='OR')), _connector='OR'), name='activity_note_says_something'), models.CheckConstraint(condition=models.Q(('direction', ''), models.Q(('direction__in', ['out', 'in']), ('kind', 'call')), _connector='OR'), name='activity_direction_of_call'), models.CheckConstraint(condition=models.Q(('outcome', ''), models.Q(('kind', 'call'), ('outcome__in', ['reached', 'no_answer', 'left_message', 'call_back', 'wrong_number'])), models.Q(('kind', 'meeting'), ('outcome__in', ['held', 'cancelled'])), _connector='OR'), name='activity_outcome_of_kind')],
            },
        ),
        migrations.CreateModel(
            name='ActivityLink',
            fields=[
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('record_type', models.CharField(max_length=40)),
                ('record_id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('activity', patron.kernel.tenancy.TenantForeignKey(db_index=False, db_on_delete='CASCADE', on_delete=django.db.models.deletion.CASCADE, related_name='links', to='collab.activity')),
                ('workspace', patron.kernel.tenancy.TenantKey(db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['workspace', 'record_id', '-at', '-activity'], name='activity_link_timeline')],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'activity', 'record_type', 'record_id'), name='activity_link_once')],
            },
        ),
        migrations.CreateModel(
            name='Attendee',
            fields=[
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('record_type', models.CharField(blank=True, db_default='', default='', max_length=40)),
                ('record_id', models.UUIDField(null=True)),
                ('activity', patron.kernel.tenancy.TenantForeignKey(db_index=False, db_on_delete='CASCADE', on_delete=django.db.models.deletion.CASCADE, related_name='attendees', to='collab.activity')),
                ('member', patron.kernel.tenancy.TenantForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.membership')),
                ('workspace', patron.kernel.tenancy.TenantKey(db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('member__isnull', False)), fields=['workspace', 'member'], name='attendee_by_member')],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'activity', 'member'), name='attendee_member_once'), models.UniqueConstraint(fields=('workspace', 'activity', 'record_type', 'record_id'), name='attendee_record_once'), models.CheckConstraint(condition=models.Q(models.Q(('member__isnull', False), ('record_id__isnull', True), ('record_type', '')), models.Q(('member__isnull', True), ('record_id__isnull', False), models.Q(('record_type', ''), _negated=True)), _connector='OR'), name='attendee_is_one')],
            },
        ),
        migrations.CreateModel(
            name='Favourite',
            fields=[
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('record_type', models.CharField(max_length=40)),
                ('record_id', models.UUIDField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('member', patron.kernel.tenancy.TenantForeignKey(db_index=False, db_on_delete='CASCADE', on_delete=django.db.models.deletion.CASCADE, related_name='+', to='identity.membership')),
                ('workspace', patron.kernel.tenancy.TenantKey(db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('workspace', 'member', 'record_type', 'record_id'), name='favourite_once')],
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('params', models.JSONField(default=dict)),
                ('record_type', models.CharField(blank=True, default='', max_length=40)),
                ('record_id', models.UUIDField(null=True)),
                ('key', models.CharField(max_length=200)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('read_at', models.DateTimeField(null=True)),
                ('member', patron.kernel.tenancy.TenantForeignKey(db_index=False, db_on_delete='CASCADE', on_delete=django.db.models.deletion.CASCADE, related_name='+', to='identity.membership')),
                ('workspace', patron.kernel.tenancy.TenantKey(db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['workspace', 'member', '-at', '-id'], name='notification_of_member'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['workspace', 'member', '-at'], name='notification_unread')],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'member', 'key'), name='notification_once')],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='changed')),
                ('revision', models.PositiveIntegerField(db_default=1, editable=False)),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, db_default=models.Value('{}'), default=list, size=None, verbose_name='tags')),
                ('external_id', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='external id')),
                ('custom', models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, editable=False)),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('description', models.TextField(blank=True, db_default='', default='', verbose_name='description')),
                ('kind', models.CharField(choices=[('task', 'Task'), ('follow_up', 'Follow-up')], db_default='task', default='task', max_length=12, verbose_name='kind')),
                ('due', models.DateField(blank=True, null=True, verbose_name='due')),
                ('due_at', models.DateTimeField(blank=True, help_text='Only where the hour matters.', null=True, verbose_name='due at')),
                ('reminder_at', models.DateTimeField(blank=True, null=True, verbose_name='reminder')),
                ('priority', models.CharField(choices=[('low', 'Low'), ('normal', 'Normal'), ('high', 'High')], db_default='normal', default='normal', max_length=8, verbose_name='priority')),
                ('state', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('cancelled', 'Cancelled')], db_default='open', default='open', max_length=10, verbose_name='state')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done at')),
                ('minutes', models.PositiveIntegerField(blank=True, null=True, verbose_name='time spent (minutes)')),
                ('recurrence', models.CharField(choices=[('none', 'Does not repeat'), ('daily', 'Daily'), ('weekly', 'Weekly'), ('monthly', 'Monthly'), ('yearly', 'Yearly')], db_default='none', default='none', max_length=8, verbose_name='repeats')),
                ('recurrence_every', models.PositiveSmallIntegerField(db_default=1, default=1, help_text='Every how many days, weeks, months or years.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='every')),
                ('recurrence_until', models.DateField(blank=True, null=True, verbose_name='repeats until')),
                ('recurrence_anchor', models.DateField(blank=True, editable=False, null=True)),
                ('record_type', models.CharField(blank=True, db_default='', default='', editable=False, max_length=40)),
                ('record_id', models.UUIDField(blank=True, editable=False, null=True)),
                ('search', models.GeneratedField(db_persist=True, expression=patron.kernel.db.functions.SearchText('subject', 'description'), output_field=models.TextField())),
                ('assignee', patron.kernel.tenancy.TenantForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.membership', verbose_name='assignee')),
                ('done_by', patron.kernel.tenancy.TenantForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.membership', verbose_name='done by')),
                ('owner', patron.kernel.tenancy.TenantForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.membership', verbose_name='created by')),
                ('previous', patron.kernel.tenancy.TenantForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='collab.task')),
                ('workspace', patron.kernel.tenancy.TenantKey(db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['workspace', 'due', 'id'], name='task_by_due'), models.Index(fields=['workspace', 'created_at', 'id'], name='task_recent'), models.Index(condition=models.Q(('state', 'open')), fields=['workspace', 'assignee', 'due', 'id'], name='task_open_of_member'), models.Index(fields=['workspace', 'owner'], name='task_by_owner'), models.Index(condition=models.Q(('reminder_at__isnull', False), ('state', 'open')), fields=['workspace', 'reminder_at'], name='task_reminders'), django.contrib.postgres.indexes.GinIndex(models.F('workspace'), django.contrib.postgres.indexes.OpClass('search', name='gin_trgm_ops'), name='task_search')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('workspace', 'external_id'), name='task_external_id_once'), models.UniqueConstraint(fields=('workspace', 'previous'), name='task_next_once'), models.CheckConstraint(condition=models.Q(('subject', ''), _negated=True), name='task_has_subject'), models.CheckConstraint(condition=models.Q(('kind__in', ['task', 'follow_up'])), name='task_kind_known'), models.CheckConstraint(condition=models.Q(('priority__in', ['low', 'normal', 'high'])), name='task_priority_known'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'done', 'cancelled'])), name='task_state_known'), models.CheckConstraint(condition=models.Q(('recurrence__in', ['none', 'daily', 'weekly', 'monthly', 'yearly'])), name='task_recurrence_known'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('done_at__isnull', True), ('done_by__isnull', True)), _connector='OR'), name='task_done_has_time'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'follow_up'), _negated=True), ('due__isnull', False), _connector='OR'), name='task_follow_up_has_due'), models.CheckConstraint(condition=models.Q(('due_at__isnull', True), ('due__isnull', False), _connector='OR'), name='task_due_at_has_due'), models.CheckConstraint(condition=models.Q(('recurrence', 'none'), ('due__isnull', False), _connector='OR'), name='task_series_has_start'), models.CheckConstraint(condition=models.Q(('recurrence_every__gte', 1)), name='task_every_at_least_one'), models.CheckConstraint(condition=models.Q(models.Q(('record_id__isnull', True), ('record_type', '')), models.Q(models.Q(('record_type', ''), _negated=True), ('record_id__isnull', False)), _connector='OR'), name='task_record_whole'), models.CheckConstraint(condition=models.Q(('previous', models.F('id')), _negated=True), name='task_not_own_previous')],
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('text', models.CharField(max_length=150)),
                ('activity', patron.kernel.tenancy.TenantForeignKey(db_index=False, db_on_delete='CASCADE', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='collab.activity')),
                ('member', patron.kernel.tenancy.TenantForeignKey(db_index=False, db_on_delete='CASCADE', on_delete=django.db.models.deletion.CASCADE, related_name='+', to='identity.membership')),
                ('workspace', patron.kernel.tenancy.TenantKey(db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
                ('task', patron.kernel.tenancy.TenantForeignKey(db_index=False, db_on_delete='CASCADE', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='collab.task')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['workspace', 'member', '-id'], name='mention_of_member')],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'activity', 'member', 'text'), name='mention_in_activity_once'), models.UniqueConstraint(fields=('workspace', 'task', 'member', 'text'), name='mention_in_task_once'), models.CheckConstraint(condition=models.Q(models.Q(('activity__isnull', True), ('task__isnull', False)), models.Q(('activity__isnull', False), ('task__isnull', True)), _connector='OR'), name='mention_in_one')],
            },
        ),
        migrations.CreateModel(
            name='ChecklistItem',
            fields=[
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('text', models.CharField(max_length=200, verbose_name='text')),
                ('done', models.BooleanField(default=False, verbose_name='done')),
                ('workspace', patron.kernel.tenancy.TenantKey(db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
                ('task', patron.kernel.tenancy.TenantForeignKey(db_index=False, db_on_delete='CASCADE', on_delete=django.db.models.deletion.CASCADE, related_name='checklist', to='collab.task')),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['workspace', 'task', 'position'], name='checklist_of_task')],
            },
        ),
        migrations.CreateModel(
            name='TaskLink',
            fields=[
                ('id', models.UUIDField(default=patron.kernel.tenancy.uuid7, editable=False, primary_key=True, serialize=False)),
                ('record_type', models.CharField(max_length=40)),
                ('record_id', models.UUIDField()),
                ('task', patron.kernel.tenancy.TenantForeignKey(db_index=False, db_on_delete='CASCADE', on_delete=django.db.models.deletion.CASCADE, related_name='links', to='collab.task')),
                ('workspace', patron.kernel.tenancy.TenantKey(db_index=False, default=patron.kernel.tenancy._default_workspace, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['workspace', 'record_id', 'task'], name='task_link_by_record')],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'task', 'record_type', 'record_id'), name='task_link_once')],
            },
        ),
    ]
