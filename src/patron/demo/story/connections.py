"""Who is what to whom, beyond the tree of accounts."""

from collections.abc import Callable
from datetime import date

from .chance import Chance
from .house import House
from .parties import Parties
from .things import Account, Connection, Contact, Ref
from .words import connections as words

COUNTS = {
    "partner": 7,
    "supplier": 6,
    "competitor": 4,
    "referred": 9,
    "spouse": 2,
    "colleague": 5,
    "trustee": 2,
    "adviser": 5,
    "board": 3,
}
TRUSTS = ("Trust", "Stiftung")


class ConnectionBook:
    def __init__(self, house: House, parties: Parties, chance: Chance) -> None:
        self._house = house
        self._parties = parties
        self._chance = chance
        self._pairs: set[tuple[Ref, Ref]] = set()
        self._finders: dict[str, Callable[[], tuple[Ref, Ref]]] = {
            "partner": self._two_accounts,
            "supplier": self._two_accounts,
            "competitor": self._two_rivals,
            "referred": self._contact_and_account,
            "spouse": self._two_of_one_house,
            "colleague": self._two_contacts,
            "trustee": self._contact_and_trust,
            "adviser": self._outsider_and_account,
            "board": self._contact_and_account,
        }

    def connections(self) -> list[Connection]:
        result: list[Connection] = []
        for kind, count in COUNTS.items():
            for _ in range(count):
                result.append(self._connection(kind, len(result) + 1))
        return result

    def _connection(self, kind: str, number: int) -> Connection:
        source, target = self._finders[kind]()
        while source == target or (source, target) in self._pairs:
            source, target = self._finders[kind]()
        self._pairs |= {(source, target), (target, source)}
        starts = self._house.clock.day(-self._chance.between(120, 2600)) if self._chance.maybe(0.55) else None
        return Connection(
            key=f"connection-{number:02d}",
            type=kind,
            source=source,
            target=target,
            starts=starts,
            ends=self._end(starts),
            note=self._chance.one(words.NOTES[kind]),
        )

    def _end(self, starts: date | None) -> date | None:
        if starts is None or self._chance.maybe(0.82):
            return None
        return self._house.clock.day(-self._chance.between(5, 100))

    def _account(self) -> Account:
        return self._chance.one(self._parties.profiles).account

    def _contact(self) -> Contact:
        return self._chance.one([contact for contact in self._parties.contacts if contact.affiliations])

    def _alone(self) -> Contact:
        return self._chance.one([contact for contact in self._parties.contacts if not contact.affiliations])

    def _two_accounts(self) -> tuple[Ref, Ref]:
        first = self._account()
        others = [a for a in self._parties.accounts if a.country == first.country and a.parent is None and a != first]
        return _ref(first), _ref(self._chance.one(others or self._parties.accounts))

    def _two_rivals(self) -> tuple[Ref, Ref]:
        first = self._account()
        root = self._parties.profile[first.key].root
        others = [p.account for p in self._parties.profiles if p.account.industry == first.industry and p.root != root]
        return _ref(first), _ref(self._chance.one(others or self._parties.accounts))

    def _contact_and_account(self) -> tuple[Ref, Ref]:
        contact = self._contact()
        own = self._parties.profile[contact.affiliations[0].account].root
        others = [p.account for p in self._parties.profiles if p.root != own and p.account.country == contact.country]
        return _ref(contact), _ref(self._chance.one(others or [self._account()]))

    def _outsider_and_account(self) -> tuple[Ref, Ref]:
        return _ref(self._alone()), _ref(self._account())

    def _two_of_one_house(self) -> tuple[Ref, Ref]:
        people = self._chance.one([group for group in self._parties.by_account.values() if len(group) > 1])
        first, second = self._chance.some(people, 2)
        return _ref(first), _ref(second)

    def _two_contacts(self) -> tuple[Ref, Ref]:
        return _ref(self._contact()), _ref(self._contact())

    def _contact_and_trust(self) -> tuple[Ref, Ref]:
        trusts = [account for account in self._parties.accounts if any(word in account.name for word in TRUSTS)]
        return _ref(self._alone()), _ref(self._chance.one(trusts))


def _ref(thing: Account | Contact) -> Ref:
    return Ref("accounts" if isinstance(thing, Account) else "contacts", thing.key)
