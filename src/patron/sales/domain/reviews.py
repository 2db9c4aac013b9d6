"""Lost-reason routing: what was lost goes to the consultant group of its reason (D2)."""

from __future__ import annotations

import datetime
from typing import Annotated

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.identity.models import Membership, TeamMember
from patron.records.verbs import Input, Refused, verb
from patron.sales.domain.parties import tell
from patron.sales.enums import Outcome, ReviewState, Winnable
from patron.sales.models import Deal, DealLine, DealReview, LostReason


def open_reviews(deal: Deal, *, access: Access) -> list[DealReview]:
    """Open a review for a lost deal, or one for each lost line of a partly won deal, and tell the group.

    None for a reason without a group. Due after the reason's days. Needs an open operation.
    """
    made = []
    for line, reason in _losses(deal):
        if reason is None or reason.consultant_group_id is None:
            continue
        due = access.today() + datetime.timedelta(days=reason.review_days)
        subject = f"{deal.number} {deal.name}" + (f" – {line}" if line else "")
        made.append(DealReview(name=subject[:300], deal=deal, line=line, lost_reason=reason, team_id=reason.consultant_group_id, due=due))
    DealReview.objects.bulk_create(made)
    for review in made:
        tell(review.team_id, "deal-reviews", review.pk, access=access)
    return made


def _losses(deal: Deal) -> list[tuple[DealLine | None, LostReason | None]]:
    if deal.outcome == Outcome.LOST:
        return [(None, deal.lost_reason)]
    if deal.outcome != Outcome.PARTIALLY_WON:
        return []
    lines = deal.lines.filter(archived_at=None, lost_quantity__gt=0).select_related("lost_reason").order_by("position", "id")
    return [(line, line.lost_reason) for line in lines]


def withdraw(deal: Deal) -> None:
    """Close the reviews that nobody has done: the deal was reopened."""
    deal.reviews.filter(state=ReviewState.OPEN).update(state=ReviewState.WITHDRAWN)


def _is_open(review: DealReview, access: Access) -> str | None:
    return None if review.state == ReviewState.OPEN else _now("This review is not open any more.")


@verb("deal-reviews", "take", label=_("Take over"), icon="hand", when=_is_open, bulk=True, done=_("Taken over"), order=20)
def take_review(
    review: DealReview, *, access: Access, assignee: Annotated[Membership | None, Input(_("Who"), hint=_("Empty: you."))] = None
) -> DealReview:
    """Make one person responsible for the review."""
    person = assignee.pk if assignee else access.member_id
    DealReview.objects.filter(pk=review.pk).update(assignee=person)
    review.refresh_from_db()
    return review


@verb(
    "deal-reviews", "record", label=_("Record the finding"), icon="clipboard-check", when=_is_open, primary=True, done=_("Finding recorded"), order=10
)
def record_finding(
    review: DealReview,
    *,
    access: Access,
    finding: Annotated[str, Input(_("Finding"), kind="long_text")],
    winnable: Annotated[Winnable, Input(_("Could it have been won?"))],
    action: Annotated[str, Input(_("What we change"), kind="long_text")] = "",
    revisit_on: Annotated[datetime.date | None, Input(_("Revisit on"))] = None,
) -> DealReview:
    """Finish a review with what was found. The deal stays lost; to win it after all, reopen it."""
    if not finding.strip():
        raise Refused(_now("Write what you found."), field="finding")
    if revisit_on is not None and revisit_on <= access.today():
        raise Refused(_now("Choose a day to come."), field="revisit_on")
    DealReview.objects.filter(pk=review.pk).update(
        state=ReviewState.DONE, finding=finding.strip(), winnable=winnable, action=action, revisit_on=revisit_on,
        done_at=timezone.now(), done_by=access.member_id,
    )  # fmt: skip
    review.refresh_from_db()
    return review


def own(access: Access, scope: str) -> Q:
    """Reviews that concern a person: their own, and for the scope "team" those of the groups that they belong to or lead."""
    reach = [i for i in access.reach(scope) if i is not None]
    if scope == "own":
        return Q(assignee__in=reach)
    groups = TeamMember.objects.filter(member=access.member_id).values("team")
    return Q(assignee__in=reach) | Q(team__in=groups) | Q(team__manager=access.member_id)
