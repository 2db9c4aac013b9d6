"""What a new workspace starts with, so that the first deal can be entered at once (domain, section 3)."""

from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from patron.sales.enums import ForecastCategory, StageKind
from patron.sales.models import DisqualifyReason, LeadSource, LostReason, Pipeline, Stage

UNKNOWN: Final = "unknown"


class ShippedStage(NamedTuple):
    name: str
    kind: StageKind
    probability: int
    expected_days: int | None
    category: ForecastCategory


STAGES: Final = (
    ShippedStage("New", StageKind.OPEN, 10, 14, ForecastCategory.PIPELINE),
    ShippedStage("Qualified", StageKind.OPEN, 25, 21, ForecastCategory.PIPELINE),
    ShippedStage("Proposal sent", StageKind.OPEN, 50, 21, ForecastCategory.BEST),
    ShippedStage("Negotiation", StageKind.OPEN, 75, 14, ForecastCategory.COMMIT),
    ShippedStage("Won", StageKind.WON, 100, None, ForecastCategory.CLOSED),
    ShippedStage("Lost", StageKind.LOST, 0, None, ForecastCategory.CLOSED),
)
SOURCES: Final = ("Web form", "Phone", "Walk-in", "Referral", "Event", "Campaign", "List", "Import")
DISQUALIFY_REASONS: Final = ("No need", "No budget", "Not reachable", "Not our market", "Duplicate", "Spam")
LOST_REASONS: Final = ("Price", "Competitor", "Missing feature", "No budget", "No decision", "Timing")


def ship_lists() -> None:
    """Give the open workspace its lists. Lists that have entries stay as they are, so that repeating it is harmless.

    Needs an open operation. Consultant groups of lost reasons are the workspace's own to set.
    """
    if not Pipeline.objects.exists():
        ship_pipeline()
    unknown_source()
    if LeadSource.objects.count() == 1:
        LeadSource.objects.bulk_create(LeadSource(name=_(name), order=i) for i, name in enumerate(SOURCES, 1))
    if not DisqualifyReason.objects.exists():
        DisqualifyReason.objects.bulk_create(DisqualifyReason(name=_(name), order=i) for i, name in enumerate(DISQUALIFY_REASONS, 1))
    if not LostReason.objects.exists():
        LostReason.objects.bulk_create(LostReason(name=_(name), order=i) for i, name in enumerate(LOST_REASONS, 1))


def ship_pipeline(name: str = "") -> Pipeline:
    """A pipeline with the shipped stages; the default one where there is none yet."""
    first = not Pipeline.objects.filter(is_default=True).exists()
    pipeline: Pipeline = Pipeline.objects.create(name=name or _("Sales"), order=1 if first else 50, is_default=first)
    Stage.objects.bulk_create(
        Stage(
            pipeline=pipeline, name=_(stage.name), order=i, kind=stage.kind, probability=stage.probability,
            expected_days=stage.expected_days, forecast_category=stage.category,
        )
        for i, stage in enumerate(STAGES, 1)
    )  # fmt: skip
    return pipeline


def has_unknown_source() -> bool:
    return bool(LeadSource.objects.filter(key=UNKNOWN).exists())


def unknown_source() -> LeadSource:
    """The source of leads whose source nobody knows; made where it is missing."""
    found: LeadSource | None = LeadSource.objects.filter(key=UNKNOWN).first()
    return found or LeadSource.objects.create(name=_("Unknown"), key=UNKNOWN, order=0)
