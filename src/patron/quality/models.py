"""What duplicate finding keeps: scans, learned models, pairs that are probably the same, and pairs that people keep apart."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from patron.identity.models import Membership
from patron.kernel.tenancy import TenantForeignKey, TenantModel

_PAIR = {"a_id": "the queue shows pairs of records that are there; after a merge the next scan finds the survivor's", "b_id": "as for a_id"}
#: Within a type the smaller id stands first; between two types ("leads/contacts") the record of the first.
_IN_ORDER = Q(a_id__lt=F("b_id")) | Q(type_key__contains="/")


class ScanState(models.TextChoices):
    """Where a scan stands."""

    WAITING = "waiting", _("Waiting for its turn")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Stopped")


class Scan(TenantModel):
    """One search for duplicates among the records of a type, or of two (`type_key` is a subject's key, see `quality.subjects`). `full`: all pairs, with a model learned anew; else those that changed since the last.

    `done` of `total` tell the progress of `phase`. `counts`: records, changed, pairs (compared), found. `oversized`: block -> how many groups were too
    large to compare. Machine work, so in no ledger.
    """

    ledgered = False
    not_relations: ClassVar = {"counts": "figures", "oversized": "figures"}

    type_key = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=ScanState.choices, default=ScanState.WAITING)
    full = models.BooleanField(default=True)
    member = TenantForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    phase = models.CharField(max_length=10, blank=True, default="")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    oversized = models.JSONField(default=dict)
    message = models.TextField(blank=True, default="")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "type_key"], name="scan_one_at_a_time", condition=Q(state__in=("waiting", "running")))
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "type_key", "-created_at"], name="scan_newest"),
            models.Index(fields=["workspace", "member"], name="scan_by_member"),
        ]


class LearnedModel(TenantModel):
    """The parameters that a full scan learned (`quality.weights`): the newest version counts, older ones show what was used when."""

    ledgered = False
    not_relations: ClassVar = {"parameters": "figures"}

    type_key = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    at = models.DateTimeField(db_default=Now())
    records = models.PositiveIntegerField()
    pairs = models.BigIntegerField()
    parameters = models.JSONField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "type_key", "version"], name="learned_model_version_once")]


class Pair(TenantModel):
    """Two records that are probably the same; `a_id` is the smaller id, or that of the first type. `levels` and `bits` are those of the type's comparisons, in their order.

    `group_id` is the smallest id of the records that hang together; `best` marks the likeliest pair of the group.
    """

    ledgered = False
    not_relations: ClassVar = {**_PAIR, "group_id": "one of the ids of the group"}

    type_key = models.CharField(max_length=60)
    a_id = models.UUIDField()
    b_id = models.UUIDField()
    probability = models.FloatField()
    levels = ArrayField(models.SmallIntegerField())
    bits = ArrayField(models.FloatField())
    group_id = models.UUIDField()
    best = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "type_key", "a_id", "b_id"], name="pair_once"),
            models.CheckConstraint(condition=_IN_ORDER, name="pair_in_order"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "type_key", "-probability", "id"], name="pair_by_probability"),
            models.Index(fields=["workspace", "group_id"], name="pair_by_group"),
            models.Index(fields=["workspace", "b_id"], name="pair_by_second"),
        ]


class Apart(TenantModel):
    """That two records are not the same, said by a person: remembered for good, against later scans too. `a_id` is the smaller id, or that of the first type."""

    not_relations: ClassVar = {"a_id": "read through redirects: what was said of a merged record holds for the one that stayed", "b_id": "as for a_id"}

    type_key = models.CharField(max_length=60)
    a_id = models.UUIDField()
    b_id = models.UUIDField()
    member = TenantForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    member_name = models.CharField(max_length=150, blank=True, default="")
    at = models.DateTimeField(db_default=Now())

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "type_key", "a_id", "b_id"], name="apart_once"),
            models.CheckConstraint(condition=_IN_ORDER, name="apart_in_order"),
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "b_id"], name="apart_by_second"), models.Index(fields=["workspace", "member"], name="apart_by_member")]
