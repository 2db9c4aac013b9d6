"""Which deals there are: with whom, about what, from when to when and how they ended, before any detail."""

import math
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate

from .accounts import Profile
from .cast import FORMER, FORMER_COUNTRIES, KEY_SELLERS, SKILL, sellers_of
from .chance import Chance
from .clock import ClosingDays, first_of_month, last_working_day_of_month, working_day_after
from .house import House
from .parties import Parties
from .words.scenarios import NEW_BUSINESS, RENEWALS, Scenario

WON, PARTIALLY_WON, LOST = 720, 60, 390
CLOSED = WON + PARTIALLY_WON + LOST
DAYS_BACK = 728
MONTHS_BACK = 25
YOUNGEST = 12  # days that an account is known before a deal with it can close
FIRST_RENEWAL_DAYS = 380
CHURNED_BEFORE = 430
SEGMENT_LUCK = {"enterprise": 0.1, "midmarket": 0.25, "small": -0.35, "public": -0.15}
RENEWAL_LUCK = 1.5
LOST_REASONS = {
    "price": 0.2, "rival": 0.2, "budget": 0.15, "silent": 0.14,
    "postponed": 0.13, "feature": 0.08, "inhouse": 0.05, "terms": 0.05,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    profile: Profile | None
    pipeline: str
    scenario: Scenario
    owner: str
    outcome: str  # "open" | "won" | "partially_won" | "lost"
    created: date
    closed: date | None = None
    first: bool = False  # made when its account was, by qualifying a lead
    stage: str = ""  # of open deals
    stage_since: date | None = None
    close_date: date | None = None  # of open deals
    lost_reason: str | None = None
    lead: str | None = None


class Planner:
    """What planning closed and open deals has in common."""

    def __init__(self, house: House, parties: Parties, chance: Chance) -> None:
        self.house = house
        self.clock = house.clock
        self.parties = parties
        self.chance = chance
        self.start = working_day_after(first_of_month(house.clock.today, MONTHS_BACK))

    def scenario(self, profile: Profile | None, pipeline: str) -> Scenario:
        scenarios = NEW_BUSINESS if pipeline == "new" else RENEWALS
        industry = profile.account.industry if profile else None

        def weight(scenario: Scenario) -> float:
            if not scenario.industries:
                return scenario.weight
            return scenario.weight * 2.6 if industry in scenario.industries else 0.0

        return self.chance.by_weight(scenarios, weight)

    def owner(self, profile: Profile, first_day: date, last_day: date) -> str:
        """The account manager or a colleague, whoever of them was with us all the time."""
        account = profile.account
        former = account.country in FORMER_COUNTRIES and self.house.is_here(FORMER, last_day)
        if former and self.chance.maybe(0.3):
            return FORMER
        owner = account.account_manager
        if self.chance.maybe(0.34):
            owner = self.chance.one(KEY_SELLERS if owner in KEY_SELLERS else sellers_of(account.country))
        return self.house.present(owner, first_day)


class ClosedPlanner(Planner):
    _reach: list[float]

    def plans(self) -> list[Plan]:
        days = ClosingDays(self.clock, DAYS_BACK)
        self._reach = list(accumulate(profile.weight for profile in self.parties.profiles))
        plans = [plan for profile in self.parties.customers() if (plan := self._first(profile))]
        while len(plans) < CLOSED:
            if plan := self._later(days.draw(self.chance)):
                plans.append(plan)
        return self._with_outcomes(plans)

    def _first(self, profile: Profile) -> Plan | None:
        """The deal with which a customer of the last two years began."""
        if profile.since < self.start:
            return None
        scenario = self.scenario(profile, "new")
        closed = self.clock.past(self.clock.offset(profile.since) + self.chance.between(*scenario.days))
        if closed >= self.clock.last_day:
            return None
        owner = self.owner(profile, profile.since, closed)
        return Plan(profile, "new", scenario, owner, "won", profile.since, closed, first=True)

    def _later(self, closed: date) -> Plan | None:
        profile = self.chance.matching(self.parties.profiles, self._reach, lambda p: self._may_close(p, closed))
        renewal = profile.standing != "prospect" and (closed - profile.since).days > FIRST_RENEWAL_DAYS
        pipeline = "renewals" if renewal and self.chance.maybe(0.26) else "new"
        scenario = self.scenario(profile, pipeline)
        days = round(self.chance.between(*scenario.days) * (0.85 + 0.15 * profile.size))
        if (room := (closed - self.start).days) < days:
            days = round(room * self.chance.uniform(0.3, 0.95))
        created = max(self.clock.past(self.clock.offset(closed) - days), profile.since, self.start)
        if (closed - created).days < 4:
            return None
        owner = self.owner(profile, created, closed)
        return Plan(profile, pipeline, scenario, owner, "lost", created, closed)

    def _may_close(self, profile: Profile, closed: date) -> bool:
        gone = profile.standing == "churned" and self.clock.offset(closed) > -CHURNED_BEFORE
        return (closed - profile.since).days >= YOUNGEST and not gone

    def _with_outcomes(self, plans: list[Plan]) -> list[Plan]:
        """The likeliest are won; likelihood depends on seller, segment, pipeline and luck. Prospects never bought."""
        order = sorted(range(len(plans)), key=lambda index: -self._likelihood(plans[index]))
        result: list[Plan] = plans[:]
        partial = set(self.chance.some([i for i in order[: WON + PARTIALLY_WON] if not plans[i].first], PARTIALLY_WON))
        for place, index in enumerate(order):
            outcome = "partially_won" if index in partial else "won" if place < WON + PARTIALLY_WON else "lost"
            reason = None if outcome == "won" else self.chance.weighted(LOST_REASONS)
            result[index] = replace(plans[index], outcome=outcome, lost_reason=reason)
        return result

    def _likelihood(self, plan: Plan) -> float:
        assert plan.profile is not None
        assert plan.closed is not None
        if plan.profile.standing == "prospect":
            return -math.inf
        if plan.first:
            return math.inf
        chance = self.chance.random()
        luck = math.log(max(chance, 1e-9) / max(1 - chance, 1e-9))
        renewal = RENEWAL_LUCK if plan.pipeline == "renewals" else 0.0
        trend = 0.3 * (1 + self.clock.offset(plan.closed) / DAYS_BACK)
        return luck + SKILL.get(plan.owner, 0.0) + SEGMENT_LUCK[plan.profile.account.segment] + renewal + trend


#: How many open deals stand in each stage, by pipeline.
OPEN = {
    "new.new": 62,
    "new.qualified": 84,
    "new.proposal": 69,
    "new.negotiation": 43,
    "renewals.due": 26,
    "renewals.talking": 19,
    "renewals.offered": 15,
}
WITHOUT_ACCOUNT = 12
ROTTING, OVERDUE = 0.14, 0.1
#: Days from today to the expected close, by stage.
HORIZON = {
    "new.new": (40, 190),
    "new.qualified": (25, 130),
    "new.proposal": (8, 75),
    "new.negotiation": (2, 38),
    "renewals.due": (35, 110),
    "renewals.talking": (12, 60),
    "renewals.offered": (2, 30),
}


class OpenPlanner(Planner):
    def __init__(self, house: House, parties: Parties, chance: Chance) -> None:
        super().__init__(house, parties, chance)
        self._reach: dict[bool, list[float]] = {}

    def plans(self, early_leads: dict[str, date]) -> list[Plan]:
        """The open deals; `early_leads` are those that have a deal, with its earliest possible day."""
        profiles = self.parties.profiles
        for renewal in (False, True):
            self._reach[renewal] = list(accumulate(self._weight(profile, renewal=renewal) for profile in profiles))
        stages = self.chance.dealt(OPEN)
        recent = [p for p in self.parties.profiles if self._is_new(p)]
        plans = [self._plan(stage, self._profile(stage, recent)) for stage in stages]
        plans += [self._without_account(lead, day) for lead, day in early_leads.items()]
        while len(plans) < len(stages) + WITHOUT_ACCOUNT:
            plans.append(self._without_account(None, self.clock.past(-45)))
        return plans

    def _is_new(self, profile: Profile) -> bool:
        return self.clock.offset(profile.since) > -150 and not profile.account.blacklisted

    def _profile(self, stage: str, recent: list[Profile]) -> Profile:
        """Every account of the last months has a deal first; then chance decides."""
        if stage.startswith("new.") and recent:
            return recent.pop()
        renewal = stage.startswith("renewals.")
        return self.chance.choices(self.parties.profiles, cum_weights=self._reach[renewal])[0]

    def _weight(self, profile: Profile, *, renewal: bool) -> float:
        too_young = renewal and self.clock.offset(profile.since) > -FIRST_RENEWAL_DAYS
        if profile.account.blacklisted or (profile.standing != "active" and renewal) or too_young:
            return 0.0
        return {"active": 1.0, "prospect": 2.4, "churned": 0.25}[profile.standing] * (profile.weight + 0.06)

    def _plan(self, stage: str, profile: Profile) -> Plan:
        pipeline = stage.split(".", 1)[0]
        stage_days, earlier_days = self._ages(stage, pipeline)
        known = -self.clock.offset(profile.since)
        if self._is_new(profile):
            total = max(1, stage_days + earlier_days)
            stage_days, earlier_days = stage_days * known // total, known - stage_days * known // total
        stage_days = min(stage_days, known)
        since = self.clock.past(-stage_days)
        created = max(self.clock.past(-min(known, stage_days + earlier_days)), profile.since)
        owner = self.owner(profile, created, self.clock.last_day)
        return Plan(
            profile,
            pipeline,
            self.scenario(profile, pipeline),
            owner,
            "open",
            created,
            first=created == profile.since and pipeline == "new",
            stage=stage,
            stage_since=max(since, created),
            close_date=self.close_date(stage),
        )

    def _without_account(self, lead: str | None, day: date) -> Plan:
        created = min(self.clock.past(-self.chance.between(0, -self.clock.offset(day))), self.clock.last_day)
        seller = self.chance.one(("linnea", "owen", "karim", "giulia", "freya", "maya"))
        return Plan(
            None,
            "new",
            self.chance.one([s for s in NEW_BUSINESS if s.key in {"pilot", "gateways", "training", "expansion"}]),
            seller,
            "open",
            max(created, day),
            stage="new.new",
            stage_since=max(created, day),
            close_date=self.close_date("new.new"),
            lead=lead,
        )

    def _ages(self, stage: str, pipeline: str) -> tuple[int, int]:
        """Days in this stage, and in those before it."""
        stages = [s for s in self.house.pipelines[pipeline].stages if s.expected_days]
        place = [s.key for s in stages].index(stage)
        expected = stages[place].expected_days or 0
        rotten = self.chance.maybe(ROTTING)
        days = self.chance.between(expected + 2, expected * 3) if rotten else self.chance.between(0, expected - 1)
        earlier = sum(int((s.expected_days or 0) * self.chance.uniform(0.25, 1.4)) for s in stages[:place])
        return days, earlier

    def close_date(self, stage: str) -> date:
        if self.chance.maybe(OVERDUE):
            return self.clock.past(-self.chance.skewed(1, 45))
        day = self.clock.future(self.chance.between(*HORIZON[stage]))
        return max(last_working_day_of_month(day), self.clock.today) if self.chance.maybe(0.4) else day
