"""Accounts and contacts, to be asked by the parts of the story that come later."""

from dataclasses import dataclass
from datetime import date, datetime

from .accounts import AccountBook, Profile
from .chance import Chance
from .contacts import ContactBook
from .house import House
from .things import Account, Contact


@dataclass(frozen=True, slots=True)
class Parties:
    profiles: list[Profile]
    contacts: list[Contact]
    by_account: dict[str, list[Contact]]
    profile: dict[str, Profile]
    contact: dict[str, Contact]

    @property
    def accounts(self) -> list[Account]:
        return [profile.account for profile in self.profiles]

    def known(self, account: str, at: datetime) -> list[Contact]:
        """The people of the account whom we knew by then; there is always one from the account's first day on."""
        return [contact for contact in self.by_account[account] if contact.created_at <= at]

    def customers(self) -> list[Profile]:
        return [
            profile for profile in self.profiles if profile.standing == "active" and not profile.account.blacklisted
        ]

    def since(self, account: str) -> date:
        return self.profile[account].since


def build_parties(house: House, seed: int) -> Parties:
    profiles = AccountBook(house, Chance(seed, "accounts")).profiles()
    contacts = ContactBook(house, profiles, Chance(seed, "contacts")).contacts()
    by_account: dict[str, list[Contact]] = {profile.account.key: [] for profile in profiles}
    for contact in contacts:
        for affiliation in contact.affiliations:
            by_account[affiliation.account].append(contact)
    for people in by_account.values():
        people.sort(key=lambda contact: contact.created_at)
    return Parties(
        profiles=profiles,
        contacts=contacts,
        by_account=by_account,
        profile={profile.account.key: profile for profile in profiles},
        contact={contact.key: contact for contact in contacts},
    )
