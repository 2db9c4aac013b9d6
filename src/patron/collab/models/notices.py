"""What concerns one person: being named, being told, keeping something at hand."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from patron.collab.models.activities import Activity
from patron.collab.models.tasks import Task
from patron.identity.models import Membership
from patron.kernel.tenancy import TenantForeignKey, TenantModel


class Mention(TenantModel):
    """That a text names a member with @. `text` is the name as it was written, so that it stays linked when the member is renamed."""

    member = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+", db_on_delete="CASCADE", db_index=False)
    activity = TenantForeignKey(Activity, null=True, on_delete=models.CASCADE, related_name="mentions", db_on_delete="CASCADE", db_index=False)
    task = TenantForeignKey(Task, null=True, on_delete=models.CASCADE, related_name="mentions", db_on_delete="CASCADE", db_index=False)
    text = models.CharField(max_length=150)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "activity", "member", "text"], name="mention_in_activity_once"),
            models.UniqueConstraint(fields=["workspace", "task", "member", "text"], name="mention_in_task_once"),
            models.CheckConstraint(
                condition=Q(activity__isnull=True, task__isnull=False) | Q(activity__isnull=False, task__isnull=True), name="mention_in_one"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "member", "-id"], name="mention_of_member")]


class Notification(TenantModel):
    """Something a member is told. The words are put together when it is read, from `kind` and `params`, in the reader's language and with the
    reader's rights. `key` says what it is about: the same thing is told once."""

    ledgered = False
    not_relations: ClassVar = {"params": "words and figures as they were"}

    member = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+", db_on_delete="CASCADE", db_index=False)
    kind = models.CharField(max_length=40)
    params: Any = models.JSONField(default=dict)
    record_type = models.CharField(max_length=40, blank=True, default="")
    record_id = models.UUIDField(null=True)
    key = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "member", "key"], name="notification_once")]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "member", "-at", "-id"], name="notification_of_member"),
            models.Index(fields=["workspace", "member", "-at"], name="notification_unread", condition=Q(read_at__isnull=True)),
        ]


class Favourite(TenantModel):
    """A record or a saved view that a member keeps at hand. A personal setting, so not in the ledger. Saved views have the type "views"."""

    ledgered = False

    member = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+", db_on_delete="CASCADE", db_index=False)
    record_type = models.CharField(max_length=40)
    record_id = models.UUIDField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "member", "record_type", "record_id"], name="favourite_once")]
