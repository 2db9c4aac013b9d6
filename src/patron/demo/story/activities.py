"""Calls, meetings and notes on deals, leads and accounts, from two years ago until just now."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta

from .activity_writer import Occasion, Writer
from .cast import ADMINISTRATOR, SELLERS
from .casting import Casting
from .chance import Chance
from .clock import Clock, spread_back, working_day_before
from .house import House
from .parties import Parties
from .things import Activity, Deal, Lead, Ref

TOTAL = 6000
WEEK_DAYS = 5
BY_ADMINISTRATOR, BY_OTHERS = (4, 6), (1, 3)  # activities on each day of the last week
PLANNED, PLANNED_BY_ADMINISTRATOR = 62, 9
MENTIONING_ADMINISTRATOR = ("linnea", "emre", "tomas", "zsofia")
ROTTEN_SILENCE = (9, 40)
AFTER_WON, AFTER_WON_SHARE = 75, 0.45
OTHERS_AT_ACCOUNTS = {"lucia": 0.3, "katharina": 0.25, "anneke": 0.2, "joao": 0.1, "noemie": 0.08, "sven": 0.07}
LEAD_ACTIVITIES = {"new": 0.35, "working": 2.4, "qualified": 1.9, "disqualified": 1.7}


class ActivityBook:
    def __init__(self, house: House, parties: Parties, leads: list[Lead], deals: list[Deal], seed: int) -> None:
        self._house = house
        self._clock: Clock = house.clock
        self._parties = parties
        self._leads = leads
        self._deals = deals
        self._lead = {lead.key: lead for lead in leads}
        self._chance = Chance(seed, "activities")
        casting = Casting(house, parties, Chance(seed, "activity words"))
        self._writer = Writer(house, parties, casting, Chance(seed, "activity texts"))
        self._fresh: dict[str, list[Deal]] = defaultdict(list)  # open and not rotting, by owner
        for deal in deals:
            if deal.outcome == "open" and not self.is_rotting(deal):
                self._fresh[deal.owner].append(deal)
        self._now = self._clock.at(self._clock.last_day, 17 * 60 + 40)

    def activities(self) -> list[Activity]:
        """All of them, in the order of time."""
        occasions = [occasion for deal in self._deals for occasion in self._on_deal(deal)]
        occasions += [occasion for lead in self._leads for occasion in self._on_lead(lead)]
        occasions += self._this_week()
        special = len(MENTIONING_ADMINISTRATOR) + PLANNED
        occasions += self._on_accounts(TOTAL - special - len(occasions))
        occasions.sort(key=lambda occasion: (occasion.at, occasion.about, occasion.by))
        result = [self._writer.write(occasion) for occasion in occasions] + self._mentions() + self._planned()
        return sorted(result, key=lambda activity: (activity.at, activity.key))

    def _on_deal(self, deal: Deal) -> list[Occasion]:
        moments = self._moments(deal)
        if deal.outcome in {"won", "partially_won"} and deal.pipeline == "new" and self._chance.maybe(AFTER_WON_SHARE):
            moments += self._after(deal)
        return [self._deal_occasion(deal, at) for at in moments]

    def _moments(self, deal: Deal) -> list[datetime]:
        chance, clock = self._chance, self._clock
        if deal.closed_at:
            first, last = deal.created_at.date(), deal.closed_at.date()
            count = chance.skewed(1, 5 if deal.value < 15_000 else 8, 1.7)
            days = [self._day(first, last, chance.random()) for _ in range(count)]
            return [at for at in self._at_days(days, deal) if at <= deal.closed_at or deal.outcome == "lost"]
        silent = chance.between(*ROTTEN_SILENCE) if self.is_rotting(deal) and chance.maybe(0.75) else 0
        last = max(clock.past(-silent), deal.created_at.date())
        count = chance.between(1, 3) + min(5, (last - deal.created_at.date()).days // 22)
        days = [self._day(deal.created_at.date(), last, 1 - chance.random() ** 1.7) for _ in range(count)]
        return self._at_days(days, deal)

    def is_rotting(self, deal: Deal) -> bool:
        expected = self._house.stages[deal.stage].expected_days
        return expected is not None and (self._clock.today - deal.moves[-1].at.date()).days > expected

    def _after(self, deal: Deal) -> list[datetime]:
        assert deal.closed_at
        offsets = [self._chance.between(1, AFTER_WON) for _ in range(self._chance.between(1, 2))]
        days = [spread_back(deal.closed_at.date() + timedelta(days=offset)) for offset in offsets]
        fitting = [day for day in days if deal.closed_at.date() < day <= self._clock.last_day]
        return self._clock.moments(fitting, self._chance)

    def _day(self, first: date, last: date, share: float) -> date:
        day = spread_back(first + timedelta(days=round((last - first).days * share)))
        return max(first, day)

    def _at_days(self, days: list[date], deal: Deal) -> list[datetime]:
        moments = self._clock.moments(days, self._chance)
        return [at if at > deal.created_at else self._clock.soon_after(deal.created_at, self._chance) for at in moments]

    def _deal_occasion(self, deal: Deal, at: datetime) -> Occasion:
        helpers = [member.person for member in deal.team if self._house.is_here(member.person, at.date())]
        by = self._chance.one(helpers) if helpers and self._chance.maybe(0.16) else deal.owner
        lead = self._lead.get(deal.lead) if deal.lead else None
        who = self._house.present(by, at.date())
        return Occasion(Ref("deals", deal.key), at, who, phase_of(deal, at), deal=deal, lead=lead)

    def _on_lead(self, lead: Lead) -> list[Occasion]:
        if lead.owner is None:
            return []
        ended = lead.state in {"qualified", "disqualified"}
        last = lead.moves[-1].at if ended else self._now
        mean = LEAD_ACTIVITIES[lead.state]
        count = int(mean) + self._chance.maybe(mean % 1)
        days = [self._day(lead.created_at.date(), last.date(), self._chance.random()) for _ in range(count)]
        moments = self._clock.moments(days, self._chance)
        fitting = [at for at in moments if lead.created_at < at <= last]
        owner = lead.owner
        return [
            Occasion(Ref("leads", lead.key), at, self._house.present(owner, at.date()), "lead", lead=lead)
            for at in fitting
        ]

    def _on_accounts(self, count: int) -> list[Occasion]:
        """Regular contact with customers."""
        customers = self._parties.customers()
        reach = self._clock.offset(self._clock.last_day)
        result = []
        for _ in range(count):
            profile = self._chance.by_weight(customers, lambda p: p.weight**0.5)
            start = max(-728, self._clock.offset(profile.since) + 20)
            day = self._clock.past(reach - self._chance.skewed(0, max(1, reach - start), 1.3))
            at = self._clock.moment(max(day, profile.since), self._chance)
            if at <= profile.account.created_at:
                at = self._clock.soon_after(profile.account.created_at, self._chance)
            by = profile.account.account_manager
            if self._chance.maybe(0.3):
                by = self._chance.weighted(OTHERS_AT_ACCOUNTS)
            result.append(self._account_occasion(profile.account.key, at, by))
        return result

    def _account_occasion(self, account: str, at: datetime, by: str) -> Occasion:
        """On the account, or at times on one of its people."""
        by = self._house.present(by, at.date())
        if self._chance.maybe(0.12):
            contact = self._chance.one(self._parties.known(account, at))
            return Occasion(Ref("contacts", contact.key), at, by, "account", account=account, contact=contact)
        return Occasion(Ref("accounts", account), at, by, "account", account=account)

    def _this_week(self) -> list[Occasion]:
        """What everybody in sales did on the last working days."""
        day, result = self._clock.last_day, []
        for _ in range(WEEK_DAYS):
            for person in SELLERS:
                low, high = BY_ADMINISTRATOR if person == ADMINISTRATOR else BY_OTHERS
                result += self._days_work(person, day, self._chance.between(low, high))
            day = working_day_before(day - timedelta(days=1))
        return result

    def _days_work(self, person: str, day: date, count: int) -> list[Occasion]:
        deals = [deal for deal in self._fresh.get(person, []) if deal.moves[-1].at.date() < day]
        accounts = [p for p in self._parties.customers() if p.account.account_manager == person and p.since < day]
        quarters = sorted(self._chance.sample(range(34, 70), count))
        result = []
        for quarter in quarters:
            at = self._clock.at(day, quarter * 15 + self._chance.between(0, 9))
            if deals and (not accounts or self._chance.maybe(0.76)):
                result.append(self._deal_occasion(self._chance.one(deals), at))
                result[-1] = replace(result[-1], by=person)
            elif accounts:
                result.append(self._account_occasion(self._chance.one(accounts).account.key, at, person))
        return result

    def _mentions(self) -> list[Activity]:
        """Colleagues ask the administrator for something."""
        mine = [deal for deal in self._deals if deal.outcome == "open" and deal.account and deal.owner == ADMINISTRATOR]
        day, result = self._clock.last_day, []
        for person, deal in zip(
            MENTIONING_ADMINISTRATOR, self._chance.some(mine, len(MENTIONING_ADMINISTRATOR)), strict=True
        ):
            at = self._clock.moment(max(day, deal.created_at.date()), self._chance)
            at = at if at > deal.created_at else self._clock.soon_after(deal.created_at, self._chance)
            occasion = replace(self._deal_occasion(deal, at), by=person)
            result.append(self._writer.mention(occasion, ADMINISTRATOR))
            day = working_day_before(day - timedelta(days=self._chance.between(0, 1)))
        return result

    def _planned(self) -> list[Activity]:
        """Meetings to come, on deals that have a next step."""
        active = [deal for deal in self._deals if deal.next_step and deal.stakeholders]
        mine = [deal for deal in active if deal.owner == ADMINISTRATOR]
        deals = self._chance.some(mine, PLANNED_BY_ADMINISTRATOR)
        deals += self._chance.some([d for d in active if d.owner != ADMINISTRATOR], PLANNED - len(deals))
        result = []
        for place, deal in enumerate(deals):
            offset = 1 + place if place < PLANNED_BY_ADMINISTRATOR else self._chance.skewed(1, 24)
            minute = self._chance.between(36, 66) * 15
            occasion = self._deal_occasion(deal, self._clock.at(self._clock.future(offset), minute))
            result.append(self._writer.planned_meeting(replace(occasion, by=deal.owner)))
        return result


def phase_of(deal: Deal, at: datetime) -> str:
    """What one talks about on the deal at that time."""
    stage = next((move.stage for move in reversed(deal.moves) if move.at <= at), deal.moves[0].stage)
    pipeline, name = stage.split(".")
    if name in {"won", "lost"}:
        return name
    return "renewal" if pipeline == "renewals" else name
