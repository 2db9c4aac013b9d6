"""The customers' tree, and how each of them behaves as a customer."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from . import coining
from .cast import KEY_SELLERS, PROJECT_MANAGERS, sellers_of
from .chance import Chance
from .clock import Clock
from .house import House
from .things import Account
from .words.customers import OUTLINE
from .words.industries import INDUSTRIES
from .words.places import COUNTRIES

SIZES = ("S", "M", "L", "XL")
KEY_SIZE = SIZES.index("L")
EMPLOYEES = ((6, 85), (80, 520), (450, 2600), (2200, 11800))
SIZE_WEIGHT = (0.45, 1.0, 1.7, 2.4)
BLACKLISTED = 4
BLACKLIST_REASONS = (
    "Two invoices in collection since last year, insolvency rumours",
    "Resold loan sensors as their own; legal knows",
    "Chargeback fraud with a card payment, police report filed",
    "Export control: end user not named after three requests",
)
INVOICED_IN = {
    "GB": 0.75,
    "SE": 0.8,
    "CH": 0.85,
    "US": 1.0,
    "CA": 1.0,
    "AE": 1.0,
    "MX": 0.8,
    "BR": 0.8,
    "IN": 1.0,
    "NG": 1.0,
}


@dataclass(frozen=True, slots=True)
class Profile:
    """An account with what the story knows beyond the record."""

    account: Account
    size: int
    standing: str  # "active" | "churned" | "prospect"
    weight: float  # how much of the business is theirs
    since: date
    root: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the outline."""

    number: int
    name: str
    parent: int | None
    root: int
    country: str
    city: str
    industry: str
    size: int


def outline() -> list[Entry]:
    entries: list[Entry] = []
    path: list[Entry] = []
    for number, line in enumerate(OUTLINE.strip("\n").splitlines()):
        depth = (len(line) - len(line.lstrip())) // 2
        name, place, *rest = (part.strip() for part in line.split("|"))
        country, city = place.split(" ", 1)
        del path[depth:]
        parent = path[-1] if path else None
        if rest:
            industry, size = rest[0].split()[0], SIZES.index(rest[0].split()[1])
        else:
            assert parent, f"{name} needs an industry"
            industry, size = parent.industry, max(0, parent.size - 1)
        root = path[0].number if path else number
        entries.append(Entry(number, name, parent.number if parent else None, root, country, city, industry, size))
        path.append(entries[-1])
    return entries


class AccountBook:
    """Writes the accounts of the outline, one by one."""

    def __init__(self, house: House, chance: Chance) -> None:
        self._house = house
        self._clock: Clock = house.clock
        self._chance = chance
        self._entries = outline()
        self._managers: dict[int, str] = {}
        self._domains: dict[int, str] = {}
        ranks = list(range(1, len(self._entries) + 1))
        chance.shuffle(ranks)
        self._weights = [SIZE_WEIGHT[e.size] / rank**0.72 for e, rank in zip(self._entries, ranks, strict=True)]

    def profiles(self) -> list[Profile]:
        result = [self._profile(entry) for entry in self._entries]
        return _blacklist(result, self._chance)

    def _profile(self, entry: Entry) -> Profile:
        standing = self._standing(entry)
        since = self._since(standing)
        account = self._account(entry, standing, since)
        weight = self._weights[entry.number] * (0.3 if standing == "prospect" else 1.0)
        return Profile(account, entry.size, standing, weight, since, _key(entry.root))

    def _standing(self, entry: Entry) -> str:
        large = self._weights[entry.number] > sorted(self._weights)[-40]
        odds = {"active": 0.86, "churned": 0.04, "prospect": 0.1} if large else {}
        return self._chance.weighted(odds or {"active": 0.52, "churned": 0.15, "prospect": 0.33})

    def _since(self, standing: str) -> date:
        chance = self._chance
        if standing == "prospect":
            return self._clock.past(-chance.skewed(3, 520))
        if standing == "churned" or chance.maybe(0.68):
            return self._clock.past(-chance.between(790, 2350))
        return self._clock.past(-chance.between(90, 660))

    def _manager(self, entry: Entry) -> str:
        """One person for a group of key accounts; by country otherwise."""
        root = self._entries[entry.root]
        if root.size >= KEY_SIZE and root.parent is None:
            odds = dict(zip(KEY_SELLERS, (0.4, 0.36, 0.24), strict=True))
            manager = self._managers.setdefault(entry.root, self._chance.weighted(odds))
            if entry.parent is None or self._chance.maybe(0.82):
                return manager
        return self._chance.one((sellers_of(entry.country) * 2)[:3])

    def _domain(self, entry: Entry) -> str:
        own = coining.domain(entry.name, entry.country)
        if entry.parent is not None and self._chance.maybe(0.65):
            return self._domains[entry.parent]
        self._domains[entry.number] = own
        return own

    def _account(self, entry: Entry, standing: str, since: date) -> Account:
        chance = self._chance
        low, high = EMPLOYEES[entry.size]
        employees = chance.skewed(low, high, 1.6)
        domain = self._domains[entry.number] = self._domain(entry)
        manager = self._manager(entry)
        managers = chance.some(PROJECT_MANAGERS, 3)
        terms, days = self._terms(entry)
        return Account(
            key=_key(entry.number),
            name=entry.name,
            kind="household" if "Family" in entry.name else "organization",
            parent=None if entry.parent is None else _key(entry.parent),
            industry=entry.industry,
            segment=self._segment(entry),
            country=entry.country,
            city=entry.city,
            street=coining.street(entry.country, chance),
            postcode=coining.postcode(entry.country, entry.city),
            website=f"https://www.{domain}",
            domain=domain,
            phone=coining.phone(entry.country, chance),
            email=coining.inbox(entry.country, domain),
            employees=employees,
            annual_revenue=Decimal(employees * chance.between(90, 340) // 10 * 10_000).quantize(Decimal("0.01")),
            account_manager=manager,
            project_manager=managers[0],
            backup_project_managers=tuple(managers[1 : 1 + chance.between(0, 2)]),
            currency=COUNTRIES[entry.country].currency if chance.maybe(INVOICED_IN.get(entry.country, 1.0)) else "EUR",
            payment_terms=terms,
            payment_days=days,
            invoicing=chance.weighted({"per_order": 0.62, "monthly": 0.29, "manual": 0.09}),
            price_adjuster=self._adjuster(entry),
            blacklisted=False,
            blacklist_reason="",
            tags=self._tags(standing, entry),
            description=self._description(entry),
            created_at=self._clock.moment(since, chance),
            created_by=self._house.present(manager, since),
        )

    def _terms(self, entry: Entry) -> tuple[str, int]:
        odds = {
            ("net", 30): 0.46,
            ("net", 14): 0.2,
            ("end_of_month", 30): 0.18,
            ("net", 60): 0.1,
            ("on_receipt", 0): 0.06,
        }
        return ("net", 30) if entry.industry == "public" else self._chance.weighted(odds)

    def _adjuster(self, entry: Entry) -> Decimal:
        steps = {"0": 0.6, "-3": 0.12, "-5": 0.14, "-8": 0.06, "4": 0.08} if entry.size < KEY_SIZE else {}
        return Decimal(self._chance.weighted(steps or {"0": 0.3, "-5": 0.3, "-7.5": 0.2, "-10": 0.2})).quantize(
            Decimal("0.01")
        )

    def _segment(self, entry: Entry) -> str:
        alone = entry.parent is None
        if entry.industry in {"public", "hospitals"} or (entry.industry == "water" and alone and entry.size < KEY_SIZE):
            return "public"
        return ("small", "midmarket", "enterprise", "enterprise")[entry.size]

    def _tags(self, standing: str, entry: Entry) -> tuple[str, ...]:
        chances = {"reference": 0.1, "framework": 0.1, "nda": 0.12, "atrisk": 0.05, "upsell": 0.1, "newsletter": 0.15}
        if standing == "prospect":
            chances = {"pilot": 0.1, "strategic": 0.07, "nda": 0.06, "hannover": 0.1, "newsletter": 0.1}
        if entry.size >= KEY_SIZE:
            chances |= {"vip": 0.3, "framework": 0.4}
        if entry.industry == "public":
            chances |= {"tender": 0.6}
        return tuple(tag for tag, share in chances.items() if self._chance.maybe(share))

    def _description(self, entry: Entry) -> str:
        industry = INDUSTRIES[entry.industry]
        first, second = self._chance.some(industry.assets, 2)
        site = self._chance.one(industry.sites)
        forms = (
            f"{site.capitalize()} in {entry.city}. Runs {first} and {second}.",
            f"{self._chance.between(5, 40)} {first}, most of them in {entry.city}.",
            f"Works from {entry.city}; interested in {first} first, {second} later.",
            "",
            "",
        )
        return self._chance.one(forms)


def _blacklist(profiles: list[Profile], chance: Chance) -> list[Profile]:
    """Bars a few small ones who stand alone and no longer buy."""
    candidates = [
        p for p in profiles if p.standing != "active" and p.account.parent is None and p.account.segment == "small"
    ]
    reasons = dict(zip((p.account.key for p in chance.some(candidates, BLACKLISTED)), BLACKLIST_REASONS, strict=False))
    result = []
    for profile in profiles:
        reason = reasons.get(profile.account.key)
        account = replace(profile.account, blacklisted=True, blacklist_reason=reason) if reason else profile.account
        result.append(replace(profile, account=account))
    return result


def _key(number: int) -> str:
    return f"account-{number + 1:03d}"
