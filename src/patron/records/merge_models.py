"""What merging keeps: which records were merged into which, and where their old ids lead."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from patron.identity.models import Membership
from patron.kernel.tenancy import TenantForeignKey, TenantModel


class Merge(TenantModel):
    """One merge: the record that stayed, those that went into it, and what unmerging needs beside the ledger.

    `merged` is a list of `{"id", "title", "external_id"}`, `counts` relation -> rows that moved or were folded, `choices` field -> id of the
    record whose value was chosen. `kept` holds the rows of tables that stand in no ledger (`merging.moving`). Every other row and value is in
    the ledger under `operation_id`. `parted_at` is when it was unmerged.
    """

    ledgered = False
    not_relations: ClassVar = {
        "survivor_id": "a merge stays what it was; chains are followed through redirects", "operation_id": "names an operation",
        "parted_operation_id": "names an operation", "merged": "the ids that were merged away", "counts": "figures", "choices": "the ids as they were then",
        "kept": "the rows as they were then",
    }  # fmt: skip

    type_key = models.CharField(max_length=60)
    survivor_id = models.UUIDField()
    operation_id = models.UUIDField()
    at = models.DateTimeField(db_default=Now())
    member = TenantForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    member_name = models.CharField(max_length=150, blank=True, default="")
    merged = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    kept = models.JSONField(default=list)
    parted_at = models.DateTimeField(null=True)
    parted_operation_id = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "operation_id"], name="merge_once_per_operation")]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "survivor_id", "-at"], name="merge_by_survivor"),
            models.Index(fields=["workspace", "type_key", "-at"], name="merge_newest"),
            models.Index(fields=["workspace", "member"], name="merge_by_member"),
        ]

    def __str__(self) -> str:
        return ", ".join(str(m["title"]) for m in self.merged)


class Redirect(TenantModel):
    """Where a record went that was merged into another; its `id` is the old one. A chain of merges is a chain of rows.

    `external_id` is the key that another system knew it by: an import that brings it again finds the record that stayed.
    """

    ledgered = False
    not_relations: ClassVar = {"target_id": "a chain of merges is followed when it is read, so that unmerging needs no repair"}

    type_key = models.CharField(max_length=60)
    target_id = models.UUIDField()
    external_id = models.CharField(max_length=120, blank=True, default="")
    merge = TenantForeignKey(Merge, on_delete=models.CASCADE, related_name="redirects", db_on_delete="CASCADE", db_index=False)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["workspace", "merge"], name="redirect_by_merge"),
            models.Index(fields=["workspace", "type_key", "external_id"], name="redirect_by_external_id", condition=~models.Q(external_id="")),
        ]
