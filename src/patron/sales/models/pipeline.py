"""Pipelines and their stages."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from patron.kernel.tenancy import TenantForeignKey
from patron.records.columns import PercentField
from patron.records.model import Record, external_id_once
from patron.sales.enums import ForecastCategory, StageKind


class Pipeline(Record):
    """A way that deals go. Exactly one may be the default: deals start there unless somebody says otherwise."""

    name = models.CharField(_("name"), max_length=80)
    order = models.PositiveSmallIntegerField(_("order"), default=50, db_default=50)
    is_default = models.BooleanField(_("default"), default=False, db_default=False)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint("workspace", Lower("name"), name="pipeline_name_once"),
            models.UniqueConstraint(fields=["workspace"], name="pipeline_one_default", condition=models.Q(is_default=True)),
            external_id_once("pipeline_external_id"),
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "order", "id"], name="pipeline_by_order")]


class Stage(Record):
    """A step of a pipeline. `expected_days`: a deal that stands here longer is rotting; empty for never.

    `required_fields` are names of deal fields that must be filled before a deal may come here (a stage gate).
    The key (pipeline, id, kind) lets a deal's foreign key prove that stage, pipeline and outcome belong together.
    """

    pipeline = TenantForeignKey(
        Pipeline, on_delete=models.CASCADE, db_on_delete="CASCADE", related_name="stages", verbose_name=_("pipeline"), db_index=False
    )
    name = models.CharField(_("name"), max_length=80)
    order = models.PositiveSmallIntegerField(_("order"), default=50, db_default=50)
    kind = models.CharField(_("kind"), max_length=8, choices=StageKind.choices, default=StageKind.OPEN, db_default=StageKind.OPEN)
    probability = PercentField(_("probability"), default=0, db_default=0, validators=[MinValueValidator(0), MaxValueValidator(100)])
    expected_days = models.PositiveSmallIntegerField(_("expected days"), null=True, blank=True)
    forecast_category = models.CharField(
        _("forecast category"),
        max_length=10,
        choices=ForecastCategory.choices,
        default=ForecastCategory.PIPELINE,
        db_default=ForecastCategory.PIPELINE,
    )
    required_fields: Any = ArrayField(
        models.CharField(max_length=60), verbose_name=_("required fields"), default=list, db_default=models.Value("{}"), blank=True
    )

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint("workspace", "pipeline", Lower("name"), name="stage_name_once"),
            models.UniqueConstraint(fields=["workspace", "pipeline", "id", "kind"], name="stage_identity"),
            models.CheckConstraint(condition=models.Q(probability__range=(0, 100)), name="stage_probability"),
            models.CheckConstraint(condition=models.Q(kind__in=StageKind.values), name="stage_kind"),
            external_id_once("stage_external_id"),
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "pipeline", "order", "id"], name="stage_by_order")]
