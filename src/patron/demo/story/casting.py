"""Who and what a text on a record speaks of."""

from dataclasses import replace
from datetime import datetime
from functools import cached_property

from .chance import Chance
from .house import House
from .lists import competitors
from .parties import Parties
from .prose import Cast, Scene
from .things import Account, Contact, Deal, Lead

PRODUCTS = ("Monitor", "Monitor Pro", "the gateways", "compliance reports", "calibration")
SOMEBODY_ELSE = ("the other supplier",)
USUAL_INDUSTRY = "machinery"


class Casting:
    def __init__(self, house: House, parties: Parties, chance: Chance) -> None:
        self._house = house
        self._parties = parties
        self._chance = chance
        self._deals: dict[tuple[str, str | None], Cast] = {}
        self._rivals = {competitor.key: competitor.name for competitor in competitors()}

    @cached_property
    def _anywhere(self) -> tuple[str, ...]:
        return tuple(self._rivals.values())

    def scene(self, cast: Cast, at: datetime, author: str | None) -> Scene:
        return Scene(cast, at, author, self._house, self._chance)

    def deal(self, deal: Deal, contact: Contact | None, lead: Lead | None = None) -> Cast:
        key = (deal.key, contact.key if contact else None)
        if key not in self._deals:
            self._deals[key] = self._of_deal(deal, contact, lead)
        return self._deals[key]

    def _of_deal(self, deal: Deal, contact: Contact | None, lead: Lead | None) -> Cast:
        account = self._parties.profile[deal.account].account if deal.account else None
        others = [
            self._parties.contact[s.contact] for s in deal.stakeholders if contact is None or s.contact != contact.key
        ]
        caller = contact.first_name if contact else lead.first_name if lead and lead.first_name else "their engineer"
        return Cast(
            contact=caller,
            others=tuple(other.first_name for other in others),
            industry=account.industry if account else (lead.industry if lead else None) or USUAL_INDUSTRY,
            city=account.city if account else lead.city if lead else "Hamburg",
            company=account.name if account else lead.company if lead else "the company",
            products=self._products(deal),
            rivals=tuple(self._rivals[rival.competitor] for rival in deal.rivals) or SOMEBODY_ELSE,
            thousands=max(2, int(deal.value) // 1000),
        )

    def _products(self, deal: Deal) -> tuple[str, ...]:
        """What one speaks of: hardware where there is any."""
        keys = [line.product for line in deal.lines]
        goods = [key for key in keys if self._house.products[key].kind == "product"]
        return tuple(self._house.spoken[key] for key in goods or keys)

    def account(self, account: Account, contact: Contact | None) -> Cast:
        others = [
            c.first_name for c in self._parties.by_account[account.key] if contact is None or c.key != contact.key
        ]
        return Cast(
            contact=contact.first_name if contact else "reception",
            others=tuple(others),
            industry=account.industry,
            city=account.city,
            company=account.name,
            products=PRODUCTS,
            rivals=self._anywhere,
            thousands=self._chance.skewed(4, 60),
        )

    def lead(self, lead: Lead) -> Cast:
        return Cast(
            contact=lead.first_name or lead.last_name or "the caller",
            others=(),
            industry=lead.industry or USUAL_INDUSTRY,
            city=lead.city,
            company=lead.company or lead.last_name,
            products=PRODUCTS,
            rivals=self._anywhere,
            thousands=self._chance.skewed(4, 40),
        )

    def contact(self, contact: Contact) -> Cast:
        if not contact.affiliations:
            return replace(self.nothing(), contact=contact.first_name, city=contact.city)
        return self.account(self._parties.profile[contact.affiliations[0].account].account, contact)

    def nothing(self) -> Cast:
        """For what belongs to no record."""
        city = self._chance.one(("Lyon", "Milan", "Gothenburg", "Vienna", "Rotterdam", "Zaragoza"))
        return Cast("a customer", (), USUAL_INDUSTRY, city, "a customer", PRODUCTS, self._anywhere, 10)

    def of(self, thing: Deal | Account | Lead | Contact) -> Cast:
        if isinstance(thing, Deal):
            return self.deal(
                thing, self._parties.contact[thing.stakeholders[0].contact] if thing.stakeholders else None
            )
        if isinstance(thing, Account):
            return self.account(thing, self._parties.by_account[thing.key][0])
        return self.lead(thing) if isinstance(thing, Lead) else self.contact(thing)
