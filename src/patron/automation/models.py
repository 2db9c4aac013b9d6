"""Webhooks and what they send. Only the webhook itself is a record with history; the rest is traffic, kept for a month."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from patron.automation.enums import DeliveryState, HookState
from patron.identity.models import Membership
from patron.kernel.tenancy import TenantForeignKey, TenantModel
from patron.records.model import RecordManager


class Webhook(TenantModel):
    """An address that is told of changes, in the name of `member`, whose rights bound what it is told."""

    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("changed"), db_default=Now(), editable=False)
    revision = models.PositiveIntegerField(db_default=1, editable=False)
    name = models.CharField(_("name"), max_length=80)
    url = models.URLField(_("address"), max_length=500, help_text=_("Where events are posted, such as https://example.com/patron."))
    events = ArrayField(
        models.CharField(max_length=90), verbose_name=_("events"), help_text=_("Such as deals.win, accounts.create, contacts.* or * for everything.")
    )
    state = models.CharField(_("state"), max_length=8, choices=HookState.choices, default=HookState.ACTIVE)
    member = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("with the rights of"), db_index=False)

    objects: ClassVar[Any] = RecordManager()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint("workspace", Lower("name"), name="webhook_name_once", violation_error_message=_("There is a webhook of this name already.")),
            models.CheckConstraint(condition=Q(state__in=HookState.values), name="webhook_state"),
            models.CheckConstraint(condition=~Q(name="") & Q(events__len__gt=0), name="webhook_complete"),
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "member"], name="webhook_by_member")]

    def __str__(self) -> str:
        return self.name


class _Traffic(TenantModel):
    """Not in the ledger and in no export. Points to webhooks by bare id: a webhook that is deleted by mistake is back with all of it when that is undone."""

    ledgered = False
    exported = False

    class Meta(TenantModel.Meta):
        abstract = True


class Secret(_Traffic):
    """What a webhook's messages are signed with; `until` is set on one that was replaced."""

    secret_columns = ("secret",)
    not_relations: ClassVar = {"webhook_id": "webhooks are not merged"}

    webhook_id = models.UUIDField()
    secret = models.CharField(max_length=120)
    made_at = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(null=True)

    class Meta(_Traffic.Meta):
        indexes: ClassVar = [models.Index(fields=["workspace", "webhook_id", "-made_at"], name="webhook_secrets")]


class Health(_Traffic):
    """How a webhook fares, for its screen; `failures` counts attempts since the last that went well."""

    not_relations: ClassVar = {"webhook_id": "webhooks are not merged"}

    webhook_id = models.UUIDField()
    succeeded_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, db_default=0)
    problem = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta(_Traffic.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "webhook_id"], name="webhook_health_once")]


class Outbox(_Traffic):
    """An operation (its `id` and time) whose events are still to be made: put here by a trigger in the operation's own transaction, taken out in
    the one that makes the events. `taken` marks those of the round that is under way (see `collecting`)."""

    at = models.DateTimeField()
    taken = models.BooleanField(default=False, db_default=False)

    class Meta(_Traffic.Meta):
        indexes: ClassVar = [models.Index(fields=["workspace", "taken"], name="outbox_round")]


class Cursor(_Traffic):
    """How far the round under way has come in a workspace's ledger: everything up to change number `after` has its events."""

    after = models.BigIntegerField(default=0, db_default=0)

    class Meta(_Traffic.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace"], name="outbox_cursor_once")]


_PENDING = Q(state__in=("waiting", "sending"))


class Delivery(_Traffic):
    """One event for one webhook, with its payload as it was when the event was made. `id` is the webhook-id that the receiver sees, `seq` the place of
    the event in the ledger: what happens to one record is sent in that order."""

    not_relations: ClassVar = {
        "webhook_id": "webhooks are not merged", "record_id": "a message tells what happened to the record that it was", "operation_id": "names an operation",
    }  # fmt: skip

    webhook_id = models.UUIDField()
    seq = models.BigIntegerField()
    event = models.CharField(max_length=90)
    type_key = models.CharField(max_length=40)
    record_id = models.UUIDField()
    title = models.CharField(max_length=200, blank=True)
    operation_id = models.UUIDField()
    payload = models.TextField()
    made_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=9, choices=DeliveryState.choices, default=DeliveryState.WAITING, db_default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    replays = models.PositiveSmallIntegerField(default=0, db_default=0)
    next_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    milliseconds = models.PositiveIntegerField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.CharField(max_length=1024, blank=True, default="", db_default="")
    problem = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta(_Traffic.Meta):
        constraints: ClassVar = [models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state")]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "webhook_id", "next_at", "seq"], name="delivery_due", condition=Q(state="waiting")),
            models.Index(fields=["workspace", "webhook_id", "record_id", "seq"], name="delivery_order", condition=_PENDING),
            models.Index(fields=["workspace", "lease_until"], name="delivery_leased", condition=Q(state="sending")),
            models.Index(fields=["workspace", "webhook_id", "-made_at", "-id"], name="delivery_recent"),
            models.Index(fields=["workspace", "webhook_id", "state", "-made_at", "-id"], name="delivery_by_state"),
            models.Index(fields=["workspace", "made_at"], name="delivery_old"),
        ]
