"""Lists of values that a workspace keeps for itself."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from patron.identity.models import Team
from patron.kernel.db.functions import Fold
from patron.kernel.tenancy import TenantForeignKey
from patron.records.model import Record, external_id_once


class LeadSource(Record):
    """Where a lead came from. The shipped "Unknown" (`key` = unknown) stands in where nobody knows: a lead always has a source."""

    name = models.CharField(_("name"), max_length=80)
    key = models.CharField(max_length=20, blank=True, default="", db_default="", editable=False)
    order = models.PositiveSmallIntegerField(_("order"), default=50, db_default=50)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint("workspace", Lower("name"), name="lead_source_name_once"),
            models.UniqueConstraint(fields=["workspace", "key"], name="lead_source_key_once", condition=~models.Q(key="")),
            external_id_once("lead_source_external_id"),
        ]
        indexes: ClassVar = [models.Index("workspace", Fold("name"), "id", name="lead_source_by_name")]


class DisqualifyReason(Record):
    """Why a lead goes no further."""

    name = models.CharField(_("name"), max_length=80)
    order = models.PositiveSmallIntegerField(_("order"), default=50, db_default=50)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint("workspace", Lower("name"), name="disqualify_reason_name_once"),
            external_id_once("disqualify_reason_external_id"),
        ]
        indexes: ClassVar = [models.Index("workspace", Fold("name"), "id", name="disqualify_reason_by_name")]


class LostReason(Record):
    """Why a deal was lost, and which consultant group looks into it within how many days (D2)."""

    name = models.CharField(_("name"), max_length=80)
    consultant_group = TenantForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="lost_reasons", verbose_name=_("consultant group"), db_index=False
    )
    review_days = models.PositiveSmallIntegerField(_("days for the review"), default=14, db_default=14, validators=[MaxValueValidator(365)])
    order = models.PositiveSmallIntegerField(_("order"), default=50, db_default=50)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint("workspace", Lower("name"), name="lost_reason_name_once"),
            models.CheckConstraint(condition=models.Q(review_days__lte=365), name="lost_reason_days"),
            external_id_once("lost_reason_external_id"),
        ]
        indexes: ClassVar = [
            models.Index("workspace", Fold("name"), "id", name="lost_reason_by_name"),
            models.Index(fields=["workspace", "consultant_group"], name="lost_reason_by_group"),
        ]


class Competitor(Record):
    """Somebody who sells to the same customers."""

    name = models.CharField(_("name"), max_length=120)
    website = models.URLField(_("website"), max_length=300, blank=True, default="", db_default="")
    strengths = models.TextField(_("strengths"), blank=True, default="", db_default="")
    weaknesses = models.TextField(_("weaknesses"), blank=True, default="", db_default="")

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint("workspace", Lower("name"), name="competitor_name_once"),
            external_id_once("competitor_external_id"),
        ]
        indexes: ClassVar = [models.Index("workspace", Fold("name"), "id", name="competitor_by_name")]
