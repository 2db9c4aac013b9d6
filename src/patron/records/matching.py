"""How records of a type are recognised as the same: what a record type says about itself, and duplicate finding goes by.

    matches = (Match("last_name", "surname", needed=True), Match("email", "email"), Match("phone", "phone", ("phone", "mobile")))
    blocks = ("email", "phone", "last_name~ first_name^1 city")

A block is one reason to compare two records at all: they agree in every part of it. A part names a match and how much of it counts: `last_name`
all of it, `last_name~` how it sounds, `last_name^3` its first three letters. Records that agree in no block are never compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field


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
