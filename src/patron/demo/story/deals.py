"""The deals in full: from each plan a record with lines, history, people and rivals."""

from dataclasses import replace
from datetime import date

from .chance import Chance
from .deal_history import Journey
from .deal_lines import LineWriter, Settler, Terms, add_up
from .deal_people import DealPeople
from .deal_plan import ClosedPlanner, OpenPlanner, Plan
from .house import House
from .parties import Parties
from .prose import Cast, Phrases, Scene, told
from .things import Contact, Deal, DealLine, Lead, Rival
from .words import deal_talk
from .words.industries import INDUSTRIES
from .words.scenarios import Scenario

CONTINUATIONS = 11
CONTINUED_WITHIN = 75
NO_NEXT_STEP = 0.14
OVERRIDDEN = 0.09
SOURCES = {"referral": 0.3, "web": 0.26, "fair": 0.14, "phone": 0.12, "campaign": 0.1, "partner": 0.08}
SERVICES = {"training", "support", "scada", "compliance"}
PLACES = ("building", "unit", "line", "hall", "section")


class DealBook:
    """Writes the deals in the order in which they were made."""

    def __init__(self, house: House, parties: Parties, early_leads: list[Lead], seed: int) -> None:
        self._house = house
        self._parties = parties
        self._early = {lead.key: lead for lead in early_leads}
        self._chance = Chance(seed, "deals")
        self._planning = Chance(seed, "deal plans")
        self._lines = LineWriter(house.products, Chance(seed, "deal lines"))
        self._settler = Settler(Chance(seed, "deal outcomes"))
        self._journey = Journey(house, Chance(seed, "deal history"))
        self._people = DealPeople(house, parties, Chance(seed, "deal people"))
        self._next = Phrases(deal_talk.NEXT_STEPS, self._chance)
        self._why = Phrases(deal_talk.LOST, self._chance)
        self._why_services = Phrases(deal_talk.LOST_SERVICES, self._chance)
        self._why_renewals = Phrases(deal_talk.LOST_RENEWALS, self._chance)
        self._about = Phrases({"": deal_talk.DESCRIPTIONS}, self._chance)
        self._deals: dict[str, Deal] = {}
        self._names: set[tuple[str | None, str]] = set()
        self._phases: dict[tuple[str, str], int] = {}
        self._continued = 0

    def deals(self) -> list[Deal]:
        closed = ClosedPlanner(self._house, self._parties, self._planning).plans()
        days = {key: lead.created_at.date() for key, lead in self._early.items()}
        plans = closed + OpenPlanner(self._house, self._parties, self._planning).plans(days)
        for number, plan in enumerate(sorted(plans, key=lambda plan: plan.created), start=1):
            key = f"deal-{number:04d}"
            self._deals[key] = self._deal(key, plan)
        return list(self._deals.values())

    def _deal(self, key: str, plan: Plan) -> Deal:
        origin = self._origin(plan) if plan.outcome == "open" else None
        lines = self._continued_lines(key, origin) if origin else self._settled_lines(key, plan)
        return self._with_people(self._bare(key, plan, tuple(lines), origin), plan)

    def _bare(self, key: str, plan: Plan, lines: tuple[DealLine, ...], origin: Deal | None) -> Deal:
        """The deal without its people and words."""
        moves, closed_at = self._journey.moves(plan)
        sums = add_up(lines)
        return Deal(
            key=key,
            name=f"{origin.name}, second step" if origin else self._name(plan),
            account=plan.profile.account.key if plan.profile else None,
            lead=plan.lead,
            pipeline=plan.pipeline,
            stage=moves[-1].stage,
            outcome=plan.outcome,
            owner=plan.owner,
            currency=self._currency(plan),
            probability=self._probability(plan),
            close_date=plan.close_date or moves[-1].at.date(),
            closed_at=closed_at,
            lost_reason=plan.lost_reason,
            lost_note="",
            next_step="",
            next_step_on=None,
            lines=lines,
            one_off=sums.one_off,
            monthly=sums.monthly,
            value=sums.value,
            total_cost=sums.cost,
            won_value=sums.won,
            lost_value=sums.lost,
            moves=moves,
            team=(),
            stakeholders=(),
            rivals=(),
            source=self._source(plan),
            continues=origin.key if origin else None,
            description="",
            tags=self._tags(plan),
            created_at=moves[0].at,
            created_by=moves[0].by,
        )

    def _with_people(self, deal: Deal, plan: Plan) -> Deal:
        """The deal with those who have to do with it, and with what is said about it."""
        end = deal.closed_at or self._house.clock.at(self._house.clock.last_day, 17 * 60)
        stakeholders = self._people.stakeholders(plan, deal.created_at, end)
        rivals = self._people.rivals(plan)
        cast = self._cast(plan, deal, [stakeholder.contact for stakeholder in stakeholders], rivals)
        scene = Scene(cast, end, plan.owner, self._house, self._chance)
        step, step_on = self._next_step(plan, scene)
        return replace(
            deal,
            lost_note=self._lost_note(plan, scene),
            next_step=step,
            next_step_on=step_on,
            team=self._people.team(plan, cast.thousands),
            stakeholders=stakeholders,
            rivals=tuple(replace(rival, note=told(rival.note, scene)) for rival in rivals),
            description=self._about.text("", scene),
        )

    def _settled_lines(self, key: str, plan: Plan) -> list[DealLine]:
        terms = self._terms(plan)
        if plan.outcome == "partially_won":
            lines = self._lines.lines(key, plan.scenario, terms, at_least=2)
            return self._settler.part(lines, plan.lost_reason)
        return self._lines.lines(key, plan.scenario, replace(terms, outcome=plan.outcome, reason=plan.lost_reason))

    def _origin(self, plan: Plan) -> Deal | None:
        """A deal of the same account that was won shortly before, of which this one can carry on a deferred line."""
        if self._continued >= CONTINUATIONS or plan.profile is None or plan.pipeline != "new" or plan.first:
            return None
        for deal in reversed(self._deals.values()):
            if deal.account == plan.profile.account.key and self._may_defer(deal, plan.created):
                self._continued += 1
                return deal
        return None

    @staticmethod
    def _may_defer(deal: Deal, day: date) -> bool:
        if deal.closed_at is None or deal.outcome == "lost" or deal.continues or deal.pipeline != "new":
            return False
        outcomes = [line.outcome for line in deal.lines]
        if outcomes.count("won") < 2 or "deferred" in outcomes:
            return False
        return 0 < (day - deal.closed_at.date()).days < CONTINUED_WITHIN

    def _continued_lines(self, key: str, origin: Deal) -> list[DealLine]:
        """Moves the last won line of the original over and marks it as deferred there."""
        last = max(index for index, line in enumerate(origin.lines) if line.outcome == "won")
        lines = [replace(line, outcome="deferred") if i == last else line for i, line in enumerate(origin.lines)]
        self._deals[origin.key] = replace(origin, lines=tuple(lines), won_value=add_up(lines).won)
        return [replace(origin.lines[last], key=f"{key}.1", outcome="open")]

    def _terms(self, plan: Plan) -> Terms:
        currency = self._currency(plan)
        rate = self._house.rate(currency, plan.created)
        bulk = self._chance.lognormvariate(0, 0.32)
        if plan.profile is None:
            lead = self._early.get(plan.lead or "")
            return Terms(0, (lead.industry if lead else "") or "", bulk, currency, rate)
        account = plan.profile.account
        bulk *= min(2.2, max(0.7, plan.profile.weight**0.3 * 1.6))
        renewal = plan.pipeline == "renewals"
        return Terms(plan.profile.size, account.industry, bulk, currency, rate, account.price_adjuster, renewal)

    def _currency(self, plan: Plan) -> str:
        return plan.profile.account.currency if plan.profile else "EUR"

    def _name(self, plan: Plan) -> str:
        account, city, industry = self._place(plan)
        subject = self._chance.one(INDUSTRIES[industry].subjects)
        done = self._phases.get((account or "", plan.scenario.key), 0)
        self._phases[account or "", plan.scenario.key] = done + 1
        names = [self._fill(name, subject, city, plan, done) for name in self._shuffled(plan.scenario)]
        name = next((name for name in names if (account, name) not in self._names), "")
        while not name or (account, name) in self._names:
            name = f"{names[0]}, {self._chance.one(PLACES)} {self._chance.between(1, 9)}"
        self._names.add((account, name))
        return name

    def _shuffled(self, scenario: Scenario) -> list[str]:
        return self._chance.sample(scenario.names, len(scenario.names))

    @staticmethod
    def _fill(name: str, subject: str, city: str, plan: Plan, done: int) -> str:
        year = (plan.closed or plan.close_date or plan.created).year
        lower = subject[0].lower() + subject[1:]
        text = name.format(subject=subject, lower=lower, city=city, year=year, phase=min(done, 7) + 2)
        return text[0].upper() + text[1:]

    def _place(self, plan: Plan) -> tuple[str | None, str, str]:
        if plan.profile:
            return plan.profile.account.key, plan.profile.account.city, plan.profile.account.industry
        lead = self._early.get(plan.lead or "")
        if lead:
            return None, lead.city, lead.industry or "machinery"
        return (
            None,
            self._chance.one(("Hamburg", "Rotterdam", "Milan", "Poznań", "Graz")),
            self._chance.one(("food", "water", "metals")),
        )

    def _cast(self, plan: Plan, deal: Deal, people: list[str], rivals: tuple[Rival, ...]) -> Cast:
        contacts: list[Contact] = [self._parties.contact[key] for key in people]
        _account, city, industry = self._place(plan)
        lead = self._early.get(plan.lead or "")
        first = contacts[0].first_name if contacts else lead.first_name if lead else "their engineer"
        return Cast(
            contact=first,
            others=tuple(contact.first_name for contact in contacts[1:]),
            industry=industry,
            city=city,
            company=plan.profile.account.name if plan.profile else lead.company if lead else "",
            products=tuple(self._house.spoken[line.product] for line in deal.lines),
            rivals=tuple(self._people.rival_name(rival.competitor) for rival in rivals) or ("the other supplier",),
            thousands=max(1, int(deal.value) // 1000),
        )

    def _next_step(self, plan: Plan, scene: Scene) -> tuple[str, date | None]:
        if plan.outcome != "open" or self._chance.maybe(NO_NEXT_STEP):
            return "", None
        offset = self._chance.choices((self._chance.between(1, 18), self._chance.between(-9, -1), 0), (8, 1.2, 1))[0]
        clock = self._house.clock
        day = clock.future(offset) if offset >= 0 else max(clock.past(offset), plan.stage_since or plan.created)
        scene.speak_of(day)
        return self._next.text(plan.stage, scene), day

    def _lost_note(self, plan: Plan, scene: Scene) -> str:
        if plan.lost_reason is None:
            return ""
        renewal, service = plan.pipeline == "renewals", plan.scenario.key in SERVICES
        phrases = self._why_renewals if renewal else self._why_services if service else self._why
        return phrases.text(plan.lost_reason, scene)

    def _probability(self, plan: Plan) -> int | None:
        if plan.outcome != "open" or not self._chance.maybe(OVERRIDDEN):
            return None
        usual = self._house.stages[plan.stage].probability
        return min(95, max(5, usual + self._chance.one((-20, -15, -10, 5, 10, 15))))

    def _source(self, plan: Plan) -> str | None:
        if plan.lead:
            return self._early[plan.lead].source
        return self._chance.weighted(SOURCES) if plan.pipeline == "new" and self._chance.maybe(0.6) else None

    def _tags(self, plan: Plan) -> tuple[str, ...]:
        shares = {"strategic": 0.02, "urgent": 0.05}
        if plan.scenario.key == "pilot" and plan.outcome == "open":
            shares["pilot"] = 0.5
        if plan.profile and plan.profile.account.segment == "public":
            shares["tender"] = 0.35
        return tuple(tag for tag, share in shares.items() if self._chance.maybe(share))
