"""Leads that look like an account or a contact that we have: the same people, written down differently."""

from .chance import Chance
from .coining import Name, email, plain
from .parties import Parties
from .things import Account, Contact, Ref

#: kind, company, name, title, email, phone, website, country, city, industry, source
TwinFields = tuple[str, str, Name, str, str, str, str, str, str, str | None, str | None]
FREE_MAIL = ("mail.example", "postfach.example")


class Twins:
    def __init__(self, parties: Parties, chance: Chance) -> None:
        self._parties = parties
        self._chance = chance
        self._forms = (
            self._typo,
            self._without_accents,
            self._same_domain,
            self._private_mail,
            self._same_phone,
            self._nickname,
        )

    def seeds(self, count: int) -> list[tuple[TwinFields, tuple[Ref, ...]]]:
        """So many twins, each with the records that it resembles."""
        contacts = [contact for contact in self._parties.contacts if contact.affiliations]
        result = []
        for number, contact in enumerate(self._chance.some(contacts, count)):
            account = self._parties.profile[contact.affiliations[0].account].account
            result.append(self._forms[number % len(self._forms)](account, contact))
        self._chance.shuffle(result)
        return result

    def _twin(
        self, account: Account, company: str, name: Name, title: str, mail: str, phone: str, website: str
    ) -> TwinFields:
        kind = "person in company" if name.last else "company"
        source = "phone" if phone and not mail else "web"
        return kind, company, name, title, mail, phone, website, account.country, account.city, account.industry, source

    def _typo(self, account: Account, _contact: Contact) -> tuple[TwinFields, tuple[Ref, ...]]:
        """Company with a slip of the finger, nobody named."""
        company = self._slip(account.name)
        fields = self._twin(account, company, Name("", ""), "", account.email, "", account.website)
        return fields, (_account_ref(account),)

    def _without_accents(self, account: Account, contact: Contact) -> tuple[TwinFields, tuple[Ref, ...]]:
        """The same person in capital letters and without accents, as some forms do it."""
        company = plain(account.name).upper()
        name = Name(plain(contact.first_name).capitalize(), plain(contact.last_name).title())
        fields = self._twin(account, company, name, "", contact.email.upper(), "", "")
        return fields, (_account_ref(account), _contact_ref(contact))

    def _same_domain(self, account: Account, contact: Contact) -> tuple[TwinFields, tuple[Ref, ...]]:
        """A colleague of theirs whom we do not know."""
        others = [c for c in self._parties.contacts if c != contact]
        other = self._chance.one([c for c in others if c.country == contact.country] or others)
        name = Name(other.first_name, contact.last_name)
        mail = email(name, account.domain, 0)
        first_words = " ".join(account.name.split()[:2])
        return self._twin(account, first_words, name, "Engineer", mail, "", account.website), (_account_ref(account),)

    def _private_mail(self, account: Account, contact: Contact) -> tuple[TwinFields, tuple[Ref, ...]]:
        """The same person writes from home."""
        name = Name(contact.first_name, contact.last_name)
        mail = email(name, self._chance.one(FREE_MAIL), 1)
        return self._twin(account, account.name, name, contact.title, mail, "", ""), (
            _account_ref(account),
            _contact_ref(contact),
        )

    def _same_phone(self, account: Account, contact: Contact) -> tuple[TwinFields, tuple[Ref, ...]]:
        """Called in; whoever took the call wrote down what they heard."""
        name = Name("", self._slip(contact.last_name))
        number = contact.phone or contact.mobile or account.phone
        return self._twin(account, self._slip(account.name), name, "", "", number, ""), (
            _account_ref(account),
            _contact_ref(contact),
        )

    def _nickname(self, account: Account, contact: Contact) -> tuple[TwinFields, tuple[Ref, ...]]:
        """Initial instead of first name, legal form behind the company."""
        form = {
            "DE": "GmbH",
            "AT": "GmbH",
            "CH": "AG",
            "FR": "SA",
            "IT": "S.p.A.",
            "SE": "AB",
            "GB": "Ltd",
            "NL": "B.V.",
        }
        company = f"{account.name} {form.get(account.country, 'Ltd')}"
        name = Name(f"{contact.first_name[0]}.", contact.last_name)
        return self._twin(account, company, name, contact.title, contact.email, account.phone, ""), (
            _account_ref(account),
            _contact_ref(contact),
        )

    def _slip(self, word: str) -> str:
        """Two letters swapped, one doubled or one left out, never the first."""
        at = self._chance.between(1, len(word) - 3)
        forms = (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[: at + 1] + word[at:],
            word[:at] + word[at + 1 :],
        )
        slipped = self._chance.one(forms).replace("  ", " ")
        return slipped if slipped != word else word[:at] + word[at + 1 :]


def _account_ref(account: Account) -> Ref:
    return Ref("accounts", account.key)


def _contact_ref(contact: Contact) -> Ref:
    return Ref("contacts", contact.key)
