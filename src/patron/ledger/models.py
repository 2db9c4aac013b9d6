"""The ledger: what was done (operations), what it changed (changes), and the chain of blocks that seals both. Nothing here is ever updated or deleted by the
application; only the database itself moves the head of the chain."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
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
    cluster_columns = ("xid",)
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


class Seal(TenantModel):
    """A block of the chain: operations that nothing may change any more, in their order, with hashes of each and of what it changed, tied to the block before.

    `operation_hashes` and `change_hashes` are 32 bytes for each of `operations`; `counts` says how many changes each had, `changes` how many all had
    together. `hash` and `previous` (empty in the first block) are hexadecimal. `ledger.canonical` says what is hashed.
    """

    ledgered = False
    append_only = True
    not_relations: ClassVar = {"operations": "names operations"}

    form = models.SmallIntegerField(default=1)
    number = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())
    operations: Any = ArrayField(models.UUIDField())
    counts: Any = ArrayField(models.IntegerField())
    operation_hashes = models.BinaryField()
    change_hashes = models.BinaryField()
    changes = models.BigIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "number"], name="ledger_seal_number"),
            models.CheckConstraint(
                condition=models.Q(form=1, number__gte=1, operations__len__gte=1, operations__len__lte=1000)
                & models.Q(hash__regex="^[0-9a-f]{64}$", previous__regex="^([0-9a-f]{64})?$"),
                name="ledger_seal_sound",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"


class Head(TenantModel):
    """Where a workspace's chain ends: written by the trigger that takes a block (`ledger.chain`), so that a block taken away from the end is noticed.

    `operations` and `changes` are how many all blocks hold together; `xid`, `seq` and `last` are the place of the last sealed operation in this
    cluster's order of operations (see `ledger.feed`).
    """

    ledgered = False
    append_only = True
    written_by_triggers = True
    cluster_columns = ("xid", "seq")
    not_relations: ClassVar = {"last": "names an operation"}

    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    operations = models.BigIntegerField()
    changes = models.BigIntegerField()
    last = models.UUIDField()
    xid = models.BigIntegerField(db_default=0)
    seq = models.BigIntegerField(db_default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace"], name="ledger_head_one")]

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"


class Check(TenantModel):
    """That the chain was verified: the last block then, and the first thing that did not hold (`what`; empty: all held) with its block and operation.

    The heads that are kept here are what later verifications hold the chain against.
    """

    ledgered = False
    append_only = True
    not_relations: ClassVar = {"operation_id": "names an operation"}

    at = models.DateTimeField(db_default=Now())
    number = models.BigIntegerField()
    hash = models.CharField(max_length=64, blank=True)
    operations = models.BigIntegerField()
    what = models.CharField(max_length=30, blank=True)
    block = models.BigIntegerField(null=True)
    operation_id = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "-at", "-id"], name="ledger_check_recent")]

    def __str__(self) -> str:
        return f"{self.number} {self.what or 'holds'}"
