"""The consultant groups' reviews of what was lost (D2)."""

from datetime import datetime, timedelta

from .casting import Casting
from .chance import Chance
from .clock import working_day_after
from .house import House
from .lists import lost_reasons
from .parties import Parties
from .prose import Phrases
from .things import Deal, LostReason, Review
from .words.deal_talk import FINDINGS

DONE_IN_TIME, DONE_LATE = 0.6, 0.16  # the rest of those due is still open
WINNABLE = {"no": 0.44, "yes": 0.31, "unclear": 0.25}
UNASSIGNED = 0.25  # of the open ones


class ReviewBook:
    def __init__(self, house: House, parties: Parties, seed: int) -> None:
        self._house = house
        self._chance = Chance(seed, "reviews")
        self._parties = parties
        self._casting = Casting(house, parties, self._chance)
        self._findings = Phrases(FINDINGS, self._chance)
        self._reasons = {reason.key: reason for reason in lost_reasons()}

    def reviews(self, deals: list[Deal]) -> list[Review]:
        """One for each lost deal and for the lost lines of each partly won one."""
        lost = [deal for deal in deals if deal.lost_reason and deal.closed_at]
        lost.sort(key=lambda deal: (deal.closed_at or deal.created_at, deal.key))
        return [self._review(deal, number) for number, deal in enumerate(lost, start=1)]

    def _review(self, deal: Deal, number: int) -> Review:
        assert deal.closed_at is not None
        assert deal.lost_reason is not None
        reason = self._reasons[deal.lost_reason]
        assignee = self._assignee(reason, deal.closed_at)
        found_at = self._found_at(deal.closed_at, reason.review_days)
        if found_at is None and self._chance.maybe(UNASSIGNED):
            assignee = None
        return Review(
            key=f"review-{number:03d}",
            deal=deal.key,
            group=reason.group,
            reason=reason.key,
            due=working_day_after(deal.closed_at.date() + timedelta(days=reason.review_days)),
            assignee=assignee,
            state="done" if found_at else "open",
            finding=self._finding(deal, reason, found_at, assignee) if found_at else "",
            winnable=self._chance.weighted(WINNABLE) if found_at else "",
            found_at=found_at,
            found_by=assignee if found_at else None,
            created_at=deal.closed_at,
        )

    def _assignee(self, reason: LostReason, at: datetime) -> str | None:
        """Somebody of the group who was there then; the lead does most."""
        members = self._house.teams[reason.group].members
        here = [member for member in members if self._house.is_here(member, at.date())]
        return self._chance.choices(here, range(len(here), 0, -1))[0] if here else members[0]

    def _found_at(self, lost_at: datetime, days: int) -> datetime | None:
        clock, draw = self._house.clock, self._chance.random()
        if draw < DONE_IN_TIME:
            after = self._chance.between(2, days)
        elif draw < DONE_IN_TIME + DONE_LATE:
            after = days + self._chance.between(1, 25)
        else:
            after = days + self._chance.between(30, 120)
        day = working_day_after(lost_at.date() + timedelta(days=after))
        return self._clock_moment(clock.offset(day)) if day <= clock.last_day else None

    def _clock_moment(self, offset: int) -> datetime:
        return self._house.clock.moment(self._house.clock.past(offset), self._chance)

    def _finding(self, deal: Deal, reason: LostReason, at: datetime, author: str | None) -> str:
        contact = self._parties.contact[deal.stakeholders[0].contact] if deal.stakeholders else None
        scene = self._casting.scene(self._casting.deal(deal, contact), at, author)
        return self._findings.text(reason.key, scene)
