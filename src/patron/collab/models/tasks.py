"""What somebody has to do: tasks and follow-ups, alone or on any record."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patron.collab.enums import Priority, Recurrence, TaskKind, TaskState
from patron.identity.models import Membership
from patron.kernel.db.functions import SearchText
from patron.kernel.tenancy import TenantForeignKey, TenantModel
from patron.records.model import Record, external_id_once, own_text, own_text_index


class Task(Record):
    """A task or follow-up. `due` is a calendar day; `due_at` the instant on that day (in the workspace's zone) where the hour matters.

    `owner` made it, `assignee` does it. `record_type` and `record_id` name the record it is about; further ones are `TaskLink` rows.
    A series counts from `recurrence_anchor` (empty: from `due`); `previous` is the occurrence before this one.
    """

    subject = models.CharField(_("subject"), max_length=200)
    description = models.TextField(_("description"), blank=True, default="", db_default="")
    kind = models.CharField(_("kind"), max_length=12, choices=TaskKind.choices, default=TaskKind.TASK, db_default=TaskKind.TASK)
    due = models.DateField(_("due"), null=True, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True, help_text=_("Only where the hour matters."))
    reminder_at = models.DateTimeField(_("reminder"), null=True, blank=True)
    priority = models.CharField(_("priority"), max_length=8, choices=Priority.choices, default=Priority.NORMAL, db_default=Priority.NORMAL)
    assignee = TenantForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("assignee"), db_index=False
    )
    owner = TenantForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("created by"), db_index=False
    )
    state = models.CharField(_("state"), max_length=10, choices=TaskState.choices, default=TaskState.OPEN, db_default=TaskState.OPEN)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = TenantForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("done by"), db_index=False
    )
    minutes = models.PositiveIntegerField(_("time spent (minutes)"), null=True, blank=True)
    recurrence = models.CharField(_("repeats"), max_length=8, choices=Recurrence.choices, default=Recurrence.NONE, db_default=Recurrence.NONE)
    recurrence_every = models.PositiveSmallIntegerField(
        _("every"), default=1, db_default=1, validators=[MinValueValidator(1)], help_text=_("Every how many days, weeks, months or years.")
    )
    recurrence_until = models.DateField(_("repeats until"), null=True, blank=True)
    recurrence_anchor = models.DateField(null=True, blank=True, editable=False)
    previous = TenantForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False, db_index=False)
    record_type = models.CharField(max_length=40, blank=True, default="", db_default="", editable=False)
    record_id = models.UUIDField(null=True, blank=True, editable=False)
    search = models.GeneratedField(expression=SearchText("subject", "description"), output_field=models.TextField(), db_persist=True, editable=False)
    own_text = own_text()

    class Meta(Record.Meta):
        constraints: ClassVar = [
            external_id_once("task_external_id_once"),
            models.UniqueConstraint(fields=["workspace", "previous"], name="task_next_once"),
            models.CheckConstraint(condition=~Q(subject=""), name="task_has_subject"),
            models.CheckConstraint(condition=Q(kind__in=TaskKind.values), name="task_kind_known"),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="task_priority_known"),
            models.CheckConstraint(condition=Q(state__in=TaskState.values), name="task_state_known"),
            models.CheckConstraint(condition=Q(recurrence__in=Recurrence.values), name="task_recurrence_known"),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at__isnull=True, done_by__isnull=True)),
                name="task_done_has_time",
            ),
            models.CheckConstraint(condition=~Q(kind="follow_up") | Q(due__isnull=False), name="task_follow_up_has_due"),
            models.CheckConstraint(condition=Q(due_at__isnull=True) | Q(due__isnull=False), name="task_due_at_has_due"),
            models.CheckConstraint(condition=Q(recurrence="none") | Q(due__isnull=False), name="task_series_has_start"),
            models.CheckConstraint(condition=Q(recurrence_every__gte=1), name="task_every_at_least_one"),
            models.CheckConstraint(
                condition=Q(record_type="", record_id__isnull=True) | (~Q(record_type="") & Q(record_id__isnull=False)), name="task_record_whole"
            ),
            models.CheckConstraint(condition=~Q(previous=F("id")), name="task_not_own_previous"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "due", "id"], name="task_by_due"),
            models.Index(fields=["workspace", "created_at", "id"], name="task_recent"),
            models.Index(fields=["workspace", "assignee", "due", "id"], name="task_open_of_member", condition=Q(state="open")),
            models.Index(fields=["workspace", "owner"], name="task_by_owner"),
            models.Index(fields=["workspace", "reminder_at"], name="task_reminders", condition=Q(state="open", reminder_at__isnull=False)),
            GinIndex("workspace", OpClass("search", name="gin_trgm_ops"), name="task_search"),
            own_text_index("task_own_text"),
        ]

    def __str__(self) -> str:
        return self.subject


class TaskLink(TenantModel):
    """A record that a task hangs on: the one it names (kept by a trigger) and any it was carried over to."""

    task = TenantForeignKey(Task, on_delete=models.CASCADE, related_name="links", db_on_delete="CASCADE", db_index=False)
    record_type = models.CharField(max_length=40)
    record_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "task", "record_type", "record_id"], name="task_link_once")]
        indexes: ClassVar = [models.Index(fields=["workspace", "record_id", "task"], name="task_link_by_record")]


class ChecklistItem(TenantModel):
    """One line of a task's checklist."""

    task = TenantForeignKey(Task, on_delete=models.CASCADE, related_name="checklist", db_on_delete="CASCADE", db_index=False)
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("text"), max_length=200)
    done = models.BooleanField(_("done"), default=False)

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["position", "id"]
        indexes: ClassVar = [models.Index(fields=["workspace", "task", "position"], name="checklist_of_task")]

    def __str__(self) -> str:
        return self.text
