"""How records of a type are recognised as the same: what a record type says about itself, and duplicate finding goes by.

    matches = (Match("last_name", "surname", needed=True), Match("email", "email"), Match("phone", "phone", ("phone", "mobile")))
    blocks = ("email", "phone", "last_name~ first_name^1 city")

A block is one reason to compare two records at all: they agree in every part of it. A part names a match and how much of it counts: `last_name`
all of it, `last_name~` how it sounds, `last_name^3` its first three letters. Records that agree in no block are never compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Match:
    """One comparison. `how` names it in `quality.comparing`: given, surname, company, email, phone, domain, text, code, date, same.

    `fields` are the fields it reads (by default the one it is named after); several are alternatives. `needed`: where both records have a value and
    they differ altogether, the two are different, whatever else agrees. `swaps` names the match with which people confuse it.
    """

    name: str
    how: str
    fields: tuple[str, ...] = field(default=())
    needed: bool = False
    swaps: str = ""

    @property
    def reads(self) -> tuple[str, ...]:
        return self.fields or (self.name,)


@dataclass(frozen=True, slots=True)
class Across:
    """That records of the type may be ones of another type, `type_key`: a lead whom somebody knows as a contact.

    `matches` read this type's fields; `there` names those of the other type where they are called otherwise (`account__name`: through a relation).
    `only` narrows this type's records to those that are still worth asking about (an ORM filter). What can be done about such a pair is the verb `verb` of
    this type; `inputs` says which of its inputs take which attribute of the other record. `label` names the search.
    """

    type_key: str
    label: Any
    matches: tuple[Match, ...]
    blocks: tuple[str, ...]
    verb: str
    inputs: Mapping[str, str]
    there: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only: Mapping[str, Any] = field(default_factory=dict)

    @property
    def matches_there(self) -> tuple[Match, ...]:
        """The same comparisons, reading the other type's fields."""
        return tuple(Match(m.name, m.how, self.there.get(m.name, m.reads), m.needed, m.swaps) for m in self.matches)
