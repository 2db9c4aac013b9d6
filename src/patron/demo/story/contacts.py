"""The people at our customers."""

from dataclasses import replace
from datetime import date

from .accounts import Profile
from .chance import Chance
from .clock import Clock
from .coining import NewNames, mobile, phone
from .house import House
from .things import Affiliation, Contact
from .words.industries import ALONE_TITLES, BILLING_TITLES, DECISION_TITLES, INDUSTRIES, TECHNICAL_TITLES
from .words.places import CITIES

WITH_ACCOUNT, IN_TWO, ALONE = 400, 30, 20
PER_SIZE = (1, 2, 3, 4)
ALONE_COUNTRIES = ("DE", "FR", "IT", "SE", "ES", "NL", "GB", "AT", "PL")
ALONE_DOMAINS = ("postfach.example", "courrier.example", "mail.example", "brevpost.example")
OWNERS_OF_ALONE = ("maya", "linnea", "elodie", "tomas", "owen", "noemie")

#: The roles that the first, second, third ... contact of an account plays, and where the job title comes from.
PARTS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("decision_maker",), DECISION_TITLES),
    (("technical",), TECHNICAL_TITLES),
    (("billing",), BILLING_TITLES),
    (("decision_maker", "technical"), ()),
    (("technical",), ()),
    ((), ()),
    (("billing",), BILLING_TITLES),
)
ONLY_ONE = (("decision_maker", "billing"), DECISION_TITLES)


class ContactBook:
    """Writes the contacts, account by account; the first one of an account is known as long as the account."""

    def __init__(self, house: House, profiles: list[Profile], chance: Chance) -> None:
        self._house = house
        self._clock: Clock = house.clock
        self._profiles = profiles
        self._chance = chance
        self._new = NewNames(chance)
        self._forms = {profile.account.domain: chance.choices((0, 1, 2), (7, 3, 1))[0] for profile in profiles}
        self._written = 0

    def contacts(self) -> list[Contact]:
        result = [
            self._contact(profile, place, count)
            for profile, count in zip(self._profiles, self._counts(), strict=True)
            for place in range(count)
        ]
        return self._with_second_places(result) + [self._alone() for _ in range(ALONE)]

    def _counts(self) -> list[int]:
        """How many people we know at each account; together as many as there have to be."""
        counts = [PER_SIZE[profile.size] for profile in self._profiles]
        weights = [1.0 + profile.weight * 4 for profile in self._profiles]
        while missing := WITH_ACCOUNT - sum(counts):
            index = self._chance.choices(range(len(counts)), weights)[0]
            if missing > 0 and counts[index] < len(PARTS):
                counts[index] += 1
            elif missing < 0 and counts[index] > 1:
                counts[index] -= 1
        return counts

    def _contact(self, profile: Profile, place: int, count: int) -> Contact:
        account, chance = profile.account, self._chance
        roles, titles = ONLY_ONE if count == 1 else PARTS[place]
        title = chance.one(titles if titles and chance.maybe(0.75) else INDUSTRIES[account.industry].titles)
        name = self._new.person(account.country)
        since = profile.since if place == 0 else self._day_between(profile.since)
        return Contact(
            key=self._next_key(),
            salutation=name.salutation,
            first_name=name.first,
            last_name=name.last,
            title=title,
            email=self._new.email(name, account.domain, self._forms[account.domain], account.country),
            phone=phone(account.country, chance) if chance.maybe(0.8) else "",
            mobile=mobile(account.country, chance) if chance.maybe(0.55) else "",
            city=account.city,
            country=account.country,
            affiliations=(Affiliation(account.key, roles, title, primary=True),),
            owner=account.account_manager,
            tags=self._tags(),
            created_at=account.created_at if place == 0 else self._clock.moment(since, chance),
            created_by=self._house.present(account.account_manager, since),
        )

    def _with_second_places(self, contacts: list[Contact]) -> list[Contact]:
        """Some people of a group also look after another member of it; a few work for two unrelated accounts."""
        relatives: dict[str, list[str]] = {}
        for profile in self._profiles:
            relatives.setdefault(profile.root, []).append(profile.account.key)
        groups = {key: members for members in relatives.values() for key in members if len(members) > 1}
        places = [index for index, contact in enumerate(contacts) if contact.affiliations[0].account in groups]
        for turn, index in enumerate(self._chance.some(places, IN_TWO)):
            own = contacts[index].affiliations[0]
            everyone = [profile.account.key for profile in self._profiles]
            others = [key for key in (groups[own.account] if turn % 8 else everyone) if key != own.account]
            roles = own.roles if self._chance.maybe(0.6) else ("decision_maker",)
            second = Affiliation(self._chance.one(others), roles, own.title, primary=False)
            contacts[index] = replace(contacts[index], affiliations=(own, second))
        return contacts

    def _alone(self) -> Contact:
        chance = self._chance
        country = chance.one(ALONE_COUNTRIES)
        name, day = self._new.person(country), self._clock.past(-chance.between(5, 900))
        owner = self._house.present(chance.one(OWNERS_OF_ALONE), day)
        return Contact(
            key=self._next_key(),
            salutation=name.salutation,
            first_name=name.first,
            last_name=name.last,
            title=chance.one(ALONE_TITLES),
            email=self._new.email(name, chance.one(ALONE_DOMAINS), 0, country),
            phone=phone(country, chance) if chance.maybe(0.3) else "",
            mobile=mobile(country, chance),
            city=chance.one(CITIES[country]),
            country=country,
            affiliations=(),
            owner=owner,
            tags=self._tags(),
            created_at=self._clock.moment(day, chance),
            created_by=owner,
        )

    def _day_between(self, since: date) -> date:
        return self._clock.past(self._chance.skewed(self._clock.offset(since), 0, 1.5))

    def _tags(self) -> tuple[str, ...]:
        shares = {"newsletter": 0.3, "champion": 0.07, "gdpr": 0.04, "hannover": 0.06}
        return tuple(tag for tag, share in shares.items() if self._chance.maybe(share))

    def _next_key(self) -> str:
        self._written += 1
        return f"contact-{self._written:03d}"
