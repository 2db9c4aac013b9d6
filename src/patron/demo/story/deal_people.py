"""Who works on a deal: of ours, of theirs, and the rivals."""

from datetime import datetime

from .chance import Chance
from .deal_plan import Plan
from .house import House
from .lists import competitors
from .parties import Parties
from .things import Contact, DealMember, Rival, Stakeholder
from .words.deal_talk import RIVAL_NOTES

LARGE, MEDIUM = 60, 18  # thousands
NORTHERN = {"GB", "IE", "SE", "NO", "FI", "DK"}
#: What became of a rival who did not win.
AGAINST_LOST = {"open": 0.6, "withdrew": 0.4}
AGAINST_WON = {"beaten": 0.85, "withdrew": 0.15}
RIVALRY = {"new": 0.44, "renewals": 0.12}

#: Which competitors one meets where; the rest may turn up anywhere.
RIVALS_IN_INDUSTRY = {
    "water": ("hydra", "stadt", "vatten"),
    "public": ("stadt", "hydra"),
    "hospitals": ("kuhl", "dvale"),
    "pharma": ("kuhl", "nexum"),
    "metals": ("nexum", "orbis"),
    "paper": ("nexum", "orbis"),
    "chemicals": ("nexum", "orbis"),
    "food": ("dvale", "pulso", "kuhl"),
    "logistics": ("dvale", "kuhl"),
}
RIVALS_ANYWHERE = ("dvale", "nexum", "pulso", "orbis")


class DealPeople:
    def __init__(self, house: House, parties: Parties, chance: Chance) -> None:
        self._house = house
        self._parties = parties
        self._chance = chance
        self._rival_names = {competitor.key: competitor.name for competitor in competitors()}

    def rival_name(self, key: str) -> str:
        return self._rival_names[key]

    def stakeholders(self, plan: Plan, start: datetime, end: datetime) -> tuple[Stakeholder, ...]:
        """Some of the people of the account, and one of its parent where the deal is a branch's."""
        if plan.profile is None:
            return ()
        account = plan.profile.account
        known = self._parties.known(account.key, start) or self._parties.known(account.key, end)[:1]
        known = known + [c for c in self._parties.known(account.key, end) if c not in known]
        people = known[: self._chance.between(1, 4)]
        if account.parent and self._chance.maybe(0.15):
            people = people + [c for c in self._parties.known(account.parent, end)[:1] if c not in people]
        return tuple(self._stakeholder(contact, account.key) for contact in people)

    def _stakeholder(self, contact: Contact, account: str) -> Stakeholder:
        chance = self._chance
        roles = next((a.roles for a in contact.affiliations if a.account == account), ())
        if "decision_maker" in roles:
            role = chance.weighted({"decision_maker": 0.78, "champion": 0.14, "blocker": 0.03, "buyer": 0.05})
        elif "technical" in roles:
            role = chance.weighted({"technical": 0.6, "champion": 0.22, "user": 0.15, "blocker": 0.03})
        else:
            role = chance.weighted({"buyer": 0.6, "user": 0.4})
        odds = {"high": 0.7, "medium": 0.3} if role == "decision_maker" else {"high": 0.2, "medium": 0.5, "low": 0.3}
        return Stakeholder(contact.key, role, chance.weighted(odds), self._sentiment(role))

    def _sentiment(self, role: str) -> str:
        if role in {"champion", "blocker"}:
            return "positive" if role == "champion" else "negative"
        return self._chance.weighted({"neutral": 0.62, "positive": 0.3, "negative": 0.08})

    def team(self, plan: Plan, thousands: int) -> tuple[DealMember, ...]:
        """The colleagues who help the owner."""
        account = plan.profile.account if plan.profile else None
        consultant = "aoife" if account and account.country in NORTHERN else "emre"
        manager = account.project_manager if account else "katharina"
        shares = {
            (consultant, "technical"): 0.7 if thousands > MEDIUM else 0.2,
            ("zsofia", "support"): 0.55 if thousands > LARGE else 0.06,
            (manager, "support"): 0.3 if thousands > MEDIUM else 0.08,
            (self._sponsor(plan.owner), "sponsor"): 0.25 if thousands > LARGE else 0.03,
        }
        last_day = plan.closed or self._house.clock.last_day
        return tuple(
            DealMember(person, role)
            for (person, role), share in shares.items()
            if self._chance.maybe(share) and person != plan.owner and self._house.is_here(person, last_day)
        )

    def _sponsor(self, owner: str) -> str:
        return self._house.people[owner].manager or owner

    def rivals(self, plan: Plan) -> tuple[Rival, ...]:
        """The competitors in the race; one of them has won where the deal was lost to one."""
        lost_to = plan.lost_reason == "rival"
        count = 1 if lost_to or self._chance.maybe(RIVALRY[plan.pipeline]) else 0
        if count and self._chance.maybe(0.2):
            count = 2
        industry = plan.profile.account.industry if plan.profile else ""
        usual = RIVALS_IN_INDUSTRY.get(industry, ())
        pool = [*usual, *usual, *RIVALS_ANYWHERE]
        names: list[str] = []
        while len(names) < count:
            if (name := self._chance.one(pool)) not in names:
                names.append(name)
        return tuple(self._rival(name, plan.outcome, winner=lost_to and index == 0) for index, name in enumerate(names))

    def _rival(self, key: str, status: str, *, winner: bool) -> Rival:
        if winner:
            outcome = "lost_to"
        elif status == "open":
            outcome = "withdrew" if self._chance.maybe(0.06) else "open"
        else:
            outcome = self._chance.weighted(AGAINST_LOST if status == "lost" else AGAINST_WON)
        return Rival(key, outcome, self._chance.one(RIVAL_NOTES[outcome]))
