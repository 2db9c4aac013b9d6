"""The ledger: what was done (operations) and what it changed (changes). Nothing here is ever updated or deleted by the application."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from patron.identity.models import Membership
from patron.kernel.tenancy import TenantForeignKey, TenantModel


class Operation(TenantModel):
    """One signed act: who did which verb to what, when, from where and why.

    `verb` is a registered verb's name such as "deals.win" or "accounts.edit"; `subject_type` and `subject_id` name the record it was
    aimed at (empty for bulk work); `undoes` names the operation that this one reverses; `details` is what the verb wants to keep.
    """

    ledgered = False
    append_only = True
    not_relations: ClassVar = {"subject_id": "what was done stays as it was signed", "undoes": "names an operation", "details": "what was done stays as it was signed"}

    at = models.DateTimeField(db_default=Now())
    verb = models.CharField(max_length=80)
    actor = TenantForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    actor_name = models.CharField(max_length=150)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    address = models.GenericIPAddressField(null=True)
    undoes = models.UUIDField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "-at", "-id"], name="operation_recent"),
            models.Index(fields=["workspace", "undoes"], name="operation_undoes", condition=models.Q(undoes__isnull=False)),
            models.Index(fields=["workspace", "actor", "-at"], name="operation_by_actor"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "undoes"], name="operation_undone_once", condition=models.Q(undoes__isnull=False))
        ]

    def __str__(self) -> str:
        return self.verb


class Change(TenantModel):
    """What an operation did to one row, written by the table's trigger: `action` I, U or D and `changes` = {column: [old, new]}."""

    ledgered = False
    append_only = True
    written_by_triggers = True
    not_relations: ClassVar = {"operation_id": "names an operation", "row_id": "what was changed stays as it was", "changes": "what was changed stays as it was"}

    id = None  # type: ignore[assignment]
    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    operation_id = models.UUIDField()
    table_name = models.CharField(max_length=63)
    row_id = models.UUIDField()
    action = models.CharField(max_length=1)
    changes = models.JSONField()

    class Meta:
        managed = False
        db_table = "ledger_change"
