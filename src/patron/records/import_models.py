"""What an import keeps: the file and its plan, how far it is, and every row as it would be written."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from patron.identity.models import Membership
from patron.kernel.tenancy import TenantForeignKey, TenantKey, TenantModel, _default_workspace


class ImportState(models.TextChoices):
    """Where an import stands. Checking and applying are done by one transaction each, so that each is whole or not at all."""

    UPLOADED = "uploaded", _("Uploaded")
    MAPPED = "mapped", _("Columns matched")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    APPLYING = "applying", _("Being imported")
    APPLIED = "applied", _("Imported")
    FAILED = "failed", _("Not imported")
    UNDONE = "undone", _("Undone")


class RowAction(models.TextChoices):
    """What becomes of a row of the file. The five add up to the rows of the file that are not empty."""

    NEW = "new", _("New")
    CHANGE = "change", _("Change")
    SAME = "same", _("No change")
    DUPLICATE = "duplicate", _("Duplicate")
    ERROR = "error", _("Error")


class ImportSet(TenantModel):
    """Several files that belong together: imported in the order of what refers to what, in one operation.

    `archive` is the name of the uploaded ZIP below the workspace's folder, empty where the files came one by one; files that a column names are
    read from it. `report` is what the last trial of all files came to: per file its counts and the first rows with errors.
    """

    ledgered = False
    not_relations: ClassVar = {"report": "figures and rows of the files", "operation_id": "names an operation"}

    filename = models.CharField(max_length=250)
    archive = models.CharField(max_length=100, blank=True, default="")
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
    report = models.JSONField(default=dict)
    operation_id = models.UUIDField(null=True)
    member = TenantForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    member_name = models.CharField(max_length=150, blank=True, default="")
    message = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    checked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["workspace", "-created_at", "-id"], name="import_set_newest"),
            models.Index(fields=["workspace", "member"], name="import_set_by_member"),
        ]

    def __str__(self) -> str:
        return self.filename


class Import(TenantModel):
    """One file on its way into one record type.

    `path` is the upload's name, empty once it is gone; `source` what `transfer.reading.probe` found, `plan` an `imports.plan.Plan`, both as JSON.
    `counts` holds a number per `RowAction`, and `rows`, `blank` (empty lines) and `made` (type key -> related records made on the way).
    Its own state is no business data and stands in no ledger; what it writes does, under `operation_id`.
    """

    ledgered = False
    not_relations: ClassVar = {"operation_id": "names an operation", "source": "about the file", "plan": "columns of the file", "counts": "figures"}

    group = TenantForeignKey(ImportSet, null=True, on_delete=models.CASCADE, db_on_delete="CASCADE", related_name="imports", db_index=False)
    place = models.SmallIntegerField(default=0)  # among the files of its group
    type_key = models.CharField(max_length=40)
    filename = models.CharField(max_length=250)
    path = models.CharField(max_length=300)
    source = models.JSONField(default=dict)
    plan = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
    counts = models.JSONField(default=dict)
    operation_id = models.UUIDField(null=True)
    member = TenantForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    member_name = models.CharField(max_length=150, blank=True, default="")
    message = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    checked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["workspace", "-created_at", "-id"], name="import_newest"),
            models.Index(fields=["workspace", "member"], name="import_by_member"),
            models.Index(fields=["workspace", "group", "place"], name="import_by_group", condition=models.Q(group__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.filename


class ImportProgress(TenantModel):
    """How far a running import is; its `id` is the import's. Written beside the import's transaction, which holds the import's own row.

    `at` is the last sign of life; empty while a job waits for its turn.
    """

    ledgered = False

    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(null=True)


class ImportRow(TenantModel):
    """A row of the file, parsed and matched: exactly what applying writes.

    `part` 0 is the file itself, higher ones are related records to be made (`target_type`). `values` is column -> value in JSON, `before` the
    old values of those that change, `seen` the revision of the record then. `marks` are the values by which rows of one file are the same. Removed a week after the import.
    """

    ledgered = False
    not_relations: ClassVar = {
        "import_id": "names an import", "target_id": "applying checks that the record is still there, and finds it by its key again", "values": "cells of the file",
        "before": "values as they were", "problems": "words", "refs": "cells of the file",
    }  # fmt: skip

    workspace = TenantKey(
        settings.PATRON_WORKSPACE_MODEL, on_delete=models.PROTECT, related_name="+", default=_default_workspace, db_index=False, editable=False,
        db_constraint=False,
    )  # fmt: skip
    import_id = models.UUIDField()
    part = models.SmallIntegerField(default=0)
    line = models.IntegerField()
    action = models.CharField(max_length=9, choices=RowAction.choices)
    target_id = models.UUIDField(null=True)
    seen = models.IntegerField(null=True)
    cells = ArrayField(models.TextField())
    values = models.JSONField(null=True)
    before = models.JSONField(null=True)
    problems = models.JSONField(null=True)
    refs = models.JSONField(null=True)
    marks = ArrayField(models.TextField(), null=True)
    title = models.TextField(null=True)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["workspace", "import_id", "part", "action", "line"], name="import_row_by_action")]


from patron.records.imports import database  # noqa: E402, F401  (registers the functions by which imports find rows)
