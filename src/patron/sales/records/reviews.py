"""Reviews of what was lost."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.records.record_type import RecordType, Section
from patron.records.registry import register
from patron.sales.domain import reviews
from patron.sales.enums import ReviewState
from patron.sales.models import DealReview

_TONES = {"open": "warn", "done": "good", "withdrawn": "none"}


@register
class DealReviewType(RecordType):
    """A lost deal or line in the hands of a consultant group. Made by losing a deal, never by hand."""

    key, model, icon = "deal-reviews", DealReview, "clipboard-check"
    label, plural = _("Deal review"), _("Deal reviews")
    description = _("Lost deals that a consultant group looks into. A review is opened when a deal is lost for a reason that has a group.")
    owners = ("assignee",)
    subtitle = ("deal",)
    columns = ("deal", "lost_reason", "team", "assignee", "due", "state", "winnable")
    filters = ("state", "team", "assignee", "due", "lost_reason", "winnable")
    sections = (Section(_("Review"), ("assignee", "due", "tags")),)
    facts = ("deal", "line", "lost_reason", "team", "due", "finding", "winnable", "action", "revisit_on", "done_at", "done_by")
    sort = "due"
    protected = ("deal", "line", "lost_reason", "team", "state", "finding", "winnable", "action", "revisit_on")
    creatable = importable = False
    duplicate_fields = ()
    badge_of = ("state",)
    tones: ClassVar[dict[str, dict[str, str]]] = {"state": _TONES}

    def own(self, access: Access, scope: str) -> Q:
        return reviews.own(access, scope)

    def allows(self, record: Any, access: Access, action: str) -> bool:
        return bool(self.restrict(DealReview.objects.filter(pk=record.pk), access, action).exists())

    def badge(self, record: Any) -> tuple[str, str] | None:
        return str(ReviewState(record.state).label), _TONES[record.state]
