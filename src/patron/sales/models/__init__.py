"""Leads, deals, what hangs on them, and the workspace's own lists."""

from patron.sales.models.around import DealCompetitor, DealMember, JobRequest, StageChange, Stakeholder
from patron.sales.models.deal import Deal
from patron.sales.models.kept import LAYOUT, Cut, DealSum
from patron.sales.models.lead import Lead
from patron.sales.models.line import DealLine
from patron.sales.models.lists import Competitor, DisqualifyReason, LeadSource, LostReason
from patron.sales.models.pipeline import Pipeline, Stage
from patron.sales.models.review import DealReview

__all__ = [
    "LAYOUT",
    "Competitor",
    "Cut",
    "Deal",
    "DealCompetitor",
    "DealLine",
    "DealMember",
    "DealReview",
    "DealSum",
    "DisqualifyReason",
    "JobRequest",
    "Lead",
    "LeadSource",
    "LostReason",
    "Pipeline",
    "Stage",
    "StageChange",
    "Stakeholder",
]
