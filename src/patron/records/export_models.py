"""What an export of the whole workspace keeps while it is made, and until its file is removed."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from patron.identity.models import Membership
from patron.kernel.tenancy import TenantForeignKey, TenantModel


class ExportState(models.TextChoices):
    """Where an export stands."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being written")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")
    REMOVED = "removed", _("Removed")


class WorkspaceExport(TenantModel):
    """One file with everything of the workspace. Its own state is no business data; that somebody exported stands in the history.

    `rows` and `total` tell how far it is; `at` is the last sign of life. Not part of any export: it would describe a file from within.
    """

    ledgered = False
    exported = False

    member = TenantForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    member_name = models.CharField(max_length=150, blank=True, default="")
    state = models.CharField(max_length=10, choices=ExportState.choices, default=ExportState.WAITING)
    rows = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["workspace", "-created_at", "-id"], name="workspace_export_newest"),
            models.Index(fields=["workspace", "member"], name="workspace_export_by_member"),
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"
