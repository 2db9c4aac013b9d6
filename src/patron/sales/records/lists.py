"""Lists of values, pipelines and their stages. They are kept in the settings and have no pages of their own."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.records.record_type import RecordType, Section
from patron.records.registry import register
from patron.sales.domain import stages
from patron.sales.enums import StageKind
from patron.sales.models import Competitor, Deal, DisqualifyReason, LeadSource, LostReason, Pipeline, Stage


class ListOfValues(RecordType):
    """What the lists have in common."""

    owners = ()
    keys: ClassVar[tuple[str, ...]] = ("external_id", "name")
    sort = "name"
    has_page = False
    searchable = False
    duplicate_fields: ClassVar[tuple[str, ...]] = ("name",)
    sections = (Section("", ("name", "order")),)
    columns: ClassVar[tuple[str, ...]] = ("order",)


@register
class LeadSourceType(ListOfValues):
    key, model, icon = "lead-sources", LeadSource, "megaphone"
    label, plural = _("Lead source"), _("Lead sources")
    description = _("Where leads come from.")
    internal = ("key",)


@register
class DisqualifyReasonType(ListOfValues):
    key, model, icon = "disqualify-reasons", DisqualifyReason, "circle-slash"
    label, plural = _("Reason for disqualifying"), _("Reasons for disqualifying")
    description = _("Why leads go no further.")


@register
class LostReasonType(ListOfValues):
    key, model, icon = "lost-reasons", LostReason, "circle-x"
    label, plural = _("Lost reason"), _("Lost reasons")
    description = _("Why deals are lost, and which consultant group looks into it.")
    sections = (Section("", ("name", "consultant_group", "review_days", "order")),)
    columns = ("consultant_group", "review_days", "order")
    constraint_messages: ClassVar[dict[str, tuple[str, Any]]] = {"lost_reason_days": ("review_days", _("Enter at most 365 days."))}


@register
class CompetitorType(ListOfValues):
    key, model, icon = "competitors", Competitor, "swords"
    label, plural = _("Competitor"), _("Competitors")
    description = _("Who else sells to your customers, with strengths and weaknesses.")
    has_page = searchable = True
    avatar = "company"
    sections = (Section("", ("name", "website", "strengths", "weaknesses", "tags")),)
    columns = ("website", "strengths", "weaknesses")
    duplicate_fields = ("name", "website")


@register
class PipelineType(ListOfValues):
    key, model, icon = "pipelines", Pipeline, "kanban"
    label, plural = _("Pipeline"), _("Pipelines")
    description = _("The ways that deals go, each with its own stages.")
    sections = (Section("", ("name", "is_default", "order")),)
    columns = ("is_default", "order")


@register
class StageType(ListOfValues):
    key, model, icon = "stages", Stage, "milestone"
    label, plural = _("Stage"), _("Stages")
    description = _("The steps of a pipeline: how probable a deal is there, how long it may stay, what it needs to come there.")
    keys = ("external_id",)
    sort = "order"
    sections = (Section("", ("name", "pipeline", "kind", "probability", "expected_days", "forecast_category", "required_fields", "order")),)
    columns = ("pipeline", "kind", "probability", "expected_days", "forecast_category", "order")
    filters = ("pipeline", "kind")
    tones: ClassVar[dict[str, dict[str, str]]] = {"kind": {"open": "info", "won": "good", "lost": "bad"}}
    constraint_messages: ClassVar[dict[str, tuple[str, Any]]] = {
        "stage_probability": ("probability", _("Enter a probability between 0 and 100.")),
        "stage_name_once": ("name", _("This pipeline has a stage of this name already.")),
        "deal_stands_in_its_stage": ("kind", _("Deals stand in this stage. Move them first.")),
    }

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        if record.kind != StageKind.OPEN:
            record.probability = 100 if record.kind == StageKind.WON else 0
        unknown = [name for name in record.required_fields if not stages.is_gate(name)]
        found = {"required_fields": _now("There is no field “%(name)s” on deals.") % {"name": unknown[0]}} if unknown else {}
        if {"kind", "pipeline"} & changed and not record._state.adding and Deal.objects.filter(stage=record.pk).exists():
            found["kind" if "kind" in changed else "pipeline"] = _now("Deals stand in this stage. Move them first.")
        return found

    def saved(self, record: Any, *, access: Access, created: bool, changed: set[str]) -> None:
        if "probability" in changed and not created:
            stages.probability_changed([record.pk])

    def imported(self, ids: list[uuid.UUID], *, access: Access, created: bool) -> None:
        stages.probability_changed(ids)
