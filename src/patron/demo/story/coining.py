"""Makes up what a party has: addresses for post and e-mail, telephone numbers, names of people."""

import unicodedata
from dataclasses import dataclass

from .chance import Chance
from .words.names import CULTURES, NAMES
from .words.places import COUNTRIES, POSTCODES

_PLAIN = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "ł": "l", "đ": "d", "\u0131": "i", "œ": "oe", "'": "", ".": "", "\u2019": ""}
)
GERMAN_SPELLING = {"DE", "AT", "CH"}
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_WORDS_IN_DOMAIN = 2
_FILLERS = {"der", "die", "des", "du", "de", "di", "la", "le", "les", "the", "van", "dos", "do"}
_GENERIC = {"groupe", "gruppo", "grupo", "gruppe", "group", "holding", "gmbh", "children"}
_INBOXES = {"de": "kontakt", "ch": "info", "fr": "contact", "it": "info", "es": "info", "sv": "info", "pl": "biuro"}


@dataclass(frozen=True, slots=True)
class Name:
    first: str
    last: str
    salutation: str = ""


def plain(text: str, *, german: bool = False) -> str:
    """Lower case letters without accents, as in addresses."""
    text = text.lower()
    if german:
        text = text.translate(_GERMAN)
    text = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(letter for letter in text if not unicodedata.combining(letter))


def domain(company: str, country: str) -> str:
    """A domain that can never be registered (RFC 2606)."""
    letters = plain(company, german=country in GERMAN_SPELLING)
    words = "".join(letter if letter.isalnum() else " " for letter in letters).split()
    kept = [word for word in words if word not in _FILLERS | _GENERIC] or words
    return "-".join(kept[:_WORDS_IN_DOMAIN]) + ".example"


def inbox(country: str, at: str) -> str:
    return f"{_INBOXES.get(COUNTRIES[country].culture, 'office')}@{at}"


def phone(country: str, chance: Chance) -> str:
    return _digits(chance.one(COUNTRIES[country].phones or COUNTRIES[country].mobiles), chance)


def mobile(country: str, chance: Chance) -> str:
    patterns = COUNTRIES[country].mobiles
    return _digits(chance.one(patterns), chance) if patterns else ""


def street(country: str, chance: Chance) -> str:
    where = COUNTRIES[country]
    return where.street_form.format(street=chance.one(where.streets), number=chance.skewed(1, 140))


def postcode(country: str, city: str) -> str:
    return POSTCODES[country, city]


def person(country: str, chance: Chance) -> Name:
    """Somebody who works there; one in eight has a name from elsewhere."""
    culture = COUNTRIES[country].culture if chance.maybe(0.88) else chance.one(CULTURES)
    names = NAMES[culture]
    if chance.maybe(0.42):
        return Name(chance.one(names.women), chance.one(names.women_last), "ms")
    return Name(chance.one(names.men), chance.one(names.men_last), "mr")


def email(name: Name, at: str, form: int, *, german: bool = False) -> str:
    first, last = plain(name.first, german=german), plain(name.last, german=german).replace(" ", "")
    return [f"{first}.{last}", f"{first[0]}.{last}", f"{first}{last[0]}"][form] + f"@{at}"


class NewNames:
    """Gives names and e-mail addresses that nobody in the story has yet."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._names: set[Name] = set()
        self._emails: set[str] = set()

    def person(self, country: str) -> Name:
        name = person(country, self._chance)
        for _ in range(40):
            if name not in self._names:
                break
            name = person(country, self._chance)
        self._names.add(name)
        return name

    def email(self, name: Name, at: str, form: int, country: str) -> str:
        usual = email(name, at, form, german=country in GERMAN_SPELLING)
        address, number = usual, 2
        while address in self._emails:
            local, _, host = usual.partition("@")
            address, number = f"{local}{number}@{host}", number + 1
        self._emails.add(address)
        return address


def _digits(pattern: str, chance: Chance) -> str:
    return "".join(str(chance.between(0, 9)) if letter == "#" else letter for letter in pattern)
