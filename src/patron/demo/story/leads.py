"""Leads in every state; some became deals, some look like somebody we know already."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from .cast import LEAD_SELLERS
from .chance import Chance
from .clock import Clock
from .coining import Name, NewNames, domain, inbox, mobile, phone
from .house import House
from .lead_twins import Twins
from .parties import Parties
from .prose import Cast, Phrases, Scene
from .things import Contact, Deal, Lead, LeadMove, Qualification
from .words import lead_talk
from .words.industries import DECISION_TITLES, INDUSTRIES, TECHNICAL_TITLES
from .words.places import CITIES
from .words.prospects import PROSPECTS

TOTAL, EARLY, TWINS = 260, 6, 36
STATES = {"new": 62, "working": 70, "qualified": 75, "disqualified": 43, "reopened": 10}
MADE_NEW = 48  # of the qualified ones, how many at most were an unknown company
SOURCES = {
    "web": 0.34, "phone": 0.11, "walkin": 0.02, "referral": 0.13, "fair": 0.12,
    "campaign": 0.1, "list": 0.06, "request": 0.06, "partner": 0.04, "import": 0.02,
}  # fmt: skip
RATINGS = {
    "new": {"unrated": 0.76, "good": 0.18, "bad": 0.06},
    "working": {"good": 0.52, "unrated": 0.33, "bad": 0.15},
    "qualified": {"good": 0.92, "unrated": 0.08},
    "disqualified": {"bad": 0.74, "unrated": 0.2, "good": 0.06},
    "reopened": {"unrated": 0.5, "good": 0.4, "bad": 0.1},
}
#: How many of the four notes are written, by state.
KNOWLEDGE = {"new": 0.08, "working": 0.6, "qualified": 0.85, "disqualified": 0.45, "reopened": 0.6}
REASONS = {
    "nofit": 0.24,
    "nobudget": 0.22,
    "unreachable": 0.24,
    "private": 0.1,
    "rival": 0.05,
    "supplier": 0.07,
    "duplicate": 0.08,
}
TONGUES = {"DE": "de", "AT": "de", "CH": "de", "FR": "fr", "BE": "fr", "MA": "fr", "IT": "it", "ES": "es", "MX": "es"}
NEIGHBOURS = {"DE", "DK", "NL"}
PERSONS, COMPANIES = 0.1, 0.17
PRIVATE_DOMAINS = ("mail.example", "postfach.example", "courrier.example")


@dataclass(frozen=True, slots=True)
class Seed:
    """Whom a lead is about."""

    kind: str
    company: str
    name: Name
    title: str
    email: str
    phone: str
    website: str
    country: str
    city: str
    industry: str | None
    source: str | None = None


class LeadBook:
    """Writes the leads. The early ones, which already have a deal, are asked for first."""

    def __init__(self, house: House, parties: Parties, seed: int) -> None:
        self._house = house
        self._clock: Clock = house.clock
        self._parties = parties
        self._chance = chance = Chance(seed, "leads")
        self._new_names = NewNames(Chance(seed, "lead names"))
        self._twins = Twins(parties, Chance(seed, "lead twins"))
        self._prospects = chance.sample(PROSPECTS, len(PROSPECTS))
        self._messages = Phrases(lead_talk.MESSAGES, chance)
        self._notes = Phrases(lead_talk.NOTES, chance)
        self._written = 0

    def early(self) -> list[Lead]:
        leads = [self._lead(self._stranger(company=True), "working") for _ in range(EARLY)]
        return [replace(lead, rating="good") for lead in leads]

    def others(self, early: list[Lead], deals: list[Deal]) -> list[Lead]:
        """The rest, in the order in which they came in."""
        states = self._chance.dealt(STATES | {"working": STATES["working"] - len(early), "qualified": 0})
        leads = early + self._qualified(deals)
        twins = self._twins.seeds(TWINS)
        for state in states:
            if twins and state in {"new", "working"}:
                seed, resembles = twins.pop()
                leads.append(replace(self._lead(Seed(*seed), state), resembles=resembles))
            else:
                leads.append(self._lead(self._stranger(company=False), state))
        return sorted(leads, key=lambda lead: lead.created_at)

    def _stranger(self, *, company: bool) -> Seed:
        chance = self._chance
        draw = 1.0 if company else chance.random()
        if draw < PERSONS:
            return self._private()
        if not self._prospects:
            self._prospects = chance.sample(PROSPECTS, len(PROSPECTS))
        name, country, city, industry = self._prospects.pop()
        at = domain(name, country)
        if draw < PERSONS + COMPANIES:
            nobody = Name("", "")
            return Seed(
                "company",
                name,
                nobody,
                "",
                inbox(country, at),
                phone(country, chance),
                f"https://www.{at}",
                country,
                city,
                industry,
            )
        who = self._new_names.person(country)
        title = chance.one((*DECISION_TITLES, *TECHNICAL_TITLES, *INDUSTRIES[industry].titles))
        email = self._new_names.email(who, at, chance.choices((0, 1), (3, 1))[0], country)
        number = mobile(country, chance) if chance.maybe(0.3) else phone(country, chance)
        website = f"https://www.{at}" if chance.maybe(0.6) else ""
        return Seed("person in company", name, who, title, email, number, website, country, city, industry)

    def _private(self) -> Seed:
        country = self._chance.one(("DE", "FR", "IT", "NL", "SE", "GB", "ES"))
        who = self._new_names.person(country)
        email = self._new_names.email(who, self._chance.one(PRIVATE_DOMAINS), 0, country)
        return Seed(
            "person",
            "",
            who,
            "",
            email,
            mobile(country, self._chance),
            "",
            country,
            self._chance.one(CITIES[country]),
            None,
        )

    def _qualified(self, deals: list[Deal]) -> list[Lead]:
        """Leads from which deals of the last two years came."""
        first: dict[str, Deal] = {}
        later: list[Deal] = []
        for deal in deals:
            if deal.account and deal.created_at == self._account_made(deal.account):
                first.setdefault(deal.account, deal)
            elif deal.account and deal.stakeholders and deal.pipeline == "new" and not deal.continues:
                later.append(deal)
        chosen = self._chance.some(list(first.values()), MADE_NEW)
        chosen += self._chance.some(later, STATES["qualified"] - len(chosen))
        return [self._origin(deal) for deal in chosen]

    def _account_made(self, account: str) -> datetime:
        return self._parties.profile[account].account.created_at

    def _origin(self, deal: Deal) -> Lead:
        assert deal.account
        account = self._parties.profile[deal.account].account
        contact = self._contact_of(deal)
        seed = Seed(
            kind="person in company",
            company=account.name,
            name=Name(contact.first_name, contact.last_name),
            title=contact.title,
            email=contact.email,
            phone=contact.phone or contact.mobile,
            website=account.website if self._chance.maybe(0.5) else "",
            country=account.country,
            city=account.city,
            industry=account.industry,
            source=deal.source,
        )
        at, by = deal.created_at, deal.created_by
        made = at == account.created_at
        result = Qualification(at, by, account.key, contact.key, deal.key, made, contact.created_at == at)
        return self._lead(seed, "qualified", result)

    def _contact_of(self, deal: Deal) -> Contact:
        assert deal.account
        known = self._parties.known(deal.account, deal.created_at)
        keys = {contact.key for contact in known}
        key = next((s.contact for s in deal.stakeholders if s.contact in keys), known[0].key)
        return self._parties.contact[key]

    def _lead(self, seed: Seed, state: str, made: Qualification | None = None) -> Lead:
        self._written += 1
        owner = made.by if made else self._owner(state)
        moves = self._moves(state, self._days(state, made), owner, made)
        source = seed.source or self._source(seed.country)
        scene = Scene(self._cast(seed), moves[0].at, owner, self._house, self._chance)
        written = {name: self._note(name, state, scene) for name in lead_talk.NOTES}
        reason = self._chance.weighted(REASONS) if state in {"disqualified", "reopened"} else None
        return Lead(
            key=f"lead-{self._written:03d}",
            kind=seed.kind,
            company=seed.company,
            first_name=seed.name.first,
            last_name=seed.name.last,
            title=seed.title,
            email=seed.email,
            phone=seed.phone,
            website=seed.website,
            country=seed.country,
            city=seed.city,
            industry=seed.industry,
            employees=self._chance.skewed(8, 900) if seed.company and self._chance.maybe(0.4) else None,
            source=source,
            owner=owner,
            rating=self._chance.weighted(RATINGS[state]),
            state=moves[-1].state,
            message=self._messages.text(self._tongue(source, seed.country), scene),
            need=written["need"],
            budget=self._budget(written["budget"]),
            budget_note=written["budget"],
            authority=written["authority"],
            timeline=written["timeline"],
            disqualify_reason=reason if moves[-1].state == "disqualified" else None,
            moves=moves,
            qualification=made,
            resembles=(),
            tags=("hannover",) if source == "fair" and self._chance.maybe(0.6) else (),
            created_at=moves[0].at,
            created_by=moves[0].by,
        )

    def _budget(self, note: str) -> Decimal | None:
        """The sum that the note speaks of."""
        found = re.search(r"(\d+)k", note)
        return Decimal(int(found.group(1)) * 1000).quantize(Decimal("0.01")) if found else None

    def _source(self, country: str) -> str:
        source = self._chance.weighted(SOURCES)
        return "web" if source == "walkin" and country not in NEIGHBOURS else source

    def _tongue(self, source: str, country: str) -> str:
        """Which messages fit: some people write in their own language."""
        own = f"{source}.{TONGUES.get(country)}"
        return own if own in lead_talk.MESSAGES and self._chance.maybe(0.4) else source

    def _owner(self, state: str) -> str | None:
        if state == "new" and self._chance.maybe(0.34):
            return None
        return "maya" if self._chance.maybe(0.1) else self._chance.one(LEAD_SELLERS)

    def _days(self, state: str, made: Qualification | None) -> list[date]:
        """The days of the lead's moves."""
        chance, clock = self._chance, self._clock
        if made:
            last = made.at.date()
            came, began = sorted((chance.skewed(2, 48), chance.skewed(1, 20)), reverse=True)
            return [clock.past(clock.offset(last) - came), clock.past(clock.offset(last) - began), last]
        if state == "new":
            return [clock.past(-chance.skewed(0, 24))]
        came = chance.skewed(60, 620, 1.4) if state == "disqualified" else chance.skewed(6, 130)
        if state == "reopened":
            came = chance.between(120, 420)
        began = max(1, came - chance.skewed(0, 9))
        days = [clock.past(-came), clock.past(-began)]
        if state in {"disqualified", "reopened"}:
            days.append(clock.past(-max(1, began - chance.between(1, 55))))
        if state == "reopened":
            days.append(clock.past(-chance.between(0, 25)))
        return days

    def _moves(
        self, state: str, days: list[date], owner: str | None, made: Qualification | None
    ) -> tuple[LeadMove, ...]:
        path = {
            "new": ("new",),
            "working": ("new", "working"),
            "qualified": ("new", "working", "qualified"),
            "disqualified": ("new", "working", "disqualified"),
            "reopened": ("new", "working", "disqualified", "working"),
        }[state]
        moments = self._clock.moments(days, self._chance)
        if made:
            moments = [moment for moment in moments[:-1] if moment < made.at] + [made.at]
            path = path[: len(moments) - 1] + path[-1:]
        who = owner or "noemie"
        return tuple(
            LeadMove(at, name, self._house.present(who, at.date())) for at, name in zip(moments, path, strict=True)
        )

    def _note(self, name: str, state: str, scene: Scene) -> str:
        return self._notes.text(name, scene) if self._chance.maybe(KNOWLEDGE[state]) else ""

    def _cast(self, seed: Seed) -> Cast:
        return Cast(
            contact=seed.name.first or "the caller",
            others=(),
            industry=seed.industry or "machinery",
            city=seed.city,
            company=seed.company,
            products=("wireless vibration sensors", "climate loggers", "LoRaWAN gateways", "radar level sensors"),
            rivals=("another supplier",),
            thousands=self._chance.skewed(5, 60),
        )
