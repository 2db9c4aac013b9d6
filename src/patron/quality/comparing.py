"""Comparing two values: what of them counts, how nearly they agree, and how to say it.

Each way has levels, worst first: level 0 is "different", the last one "the same". Missing values have no level: they say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import token_sort_ratio

from patron.kernel import parsing
from patron.kernel.text import fold

Compare = Callable[[str, str], int]
_LEGAL = frozenset(
    ["ab", "ag", "and", "aps", "as", "asa", "bv", "co", "company", "corp", "corporation", "cv", "eg", "eu", "ev", "gbr", "gmbh", "group", "holding", "inc", "incorporated", "kft", "kg", "kgaa", "limited", "llc", "llp", "lp", "ltd", "mbh", "nv", "ohg", "ooo", "oy", "oyj", "plc", "pte", "pty", "sa", "sarl", "sas", "sca", "se", "sicav", "sl", "slu", "sp", "spa", "spol", "sro", "srl", "ug", "und", "ve", "y", "z", "zoo"]
)


@dataclass(frozen=True, slots=True)
class Way:
    """How values of one sort are compared. `words` says each level; `first` is what is known of duplicates before anything is learned (sums to 1),
    `chance` how often two strangers have the same value: it counts as much as a hundred records, for workspaces with few.
    """


    read: Callable[[Any], str]
    compare: Compare
    words: tuple[Any, ...]
    first: tuple[float, ...]
    chance: float


def _plain(value: Any) -> str:
    return fold(str(value)) if value not in (None, "") else ""


def _letters(value: Any) -> str:
    return re.sub(r"[^\w ]", "", _plain(value)).strip()


def _company(value: Any) -> str:
    """The name without its legal form and punctuation."""
    words = re.sub(r"[^\w ]", " ", _plain(value).replace(".", "").replace("'", "")).split()
    return " ".join([w for w in words if w not in _LEGAL] or words)


def _digits(value: Any) -> str:
    return re.sub(r"\D", "", str(value or "")).lstrip("0")


def _domain(value: Any) -> str:
    return parsing.domain_of(str(value)) or _plain(value) if value else ""


def _code(value: Any) -> str:
    return re.sub(r"[\W_]", "", _plain(value))


@lru_cache(maxsize=200_000)
def _name(a: str, b: str) -> int:
    """0 different, 2 similar or an initial, 3 one letter off; 1 is left for names that were exchanged."""
    if len(a) == 1 or len(b) == 1:
        return 2 if a[0] == b[0] else 0
    if min(len(a), len(b)) >= 3 and OSA.distance(a, b, score_cutoff=1) <= 1:
        return 3
    likeness = JaroWinkler.similarity(a, b)
    return 3 if likeness >= 0.95 else 2 if likeness >= 0.88 else 0


@lru_cache(maxsize=200_000)
def _firm(a: str, b: str) -> int:
    """0 also where the numbers in the names differ: branches and shops are counted."""
    if set(re.findall(r"\d+", a)) != set(re.findall(r"\d+", b)):
        return 0
    if min(len(a), len(b)) >= 4 and (a.replace(" ", "") == b.replace(" ", "") or OSA.distance(a, b, score_cutoff=1) <= 1):
        return 2
    return 1 if JaroWinkler.similarity(a, b) >= 0.93 or token_sort_ratio(a, b) >= 88 else 0


@lru_cache(maxsize=100_000)
def _text(a: str, b: str) -> int:
    if OSA.distance(a, b, score_cutoff=2) <= (2 if min(len(a), len(b)) >= 8 else 1):
        return 2
    return 1 if JaroWinkler.similarity(a, b) >= 0.85 else 0


def _mail(a: str, b: str) -> int:
    """1: the same person elsewhere, or one letter off."""
    one, _at, _host = a.partition("@")
    other, _at, _host = b.partition("@")
    return 1 if (one == other and len(one) >= 5) or OSA.distance(a, b, score_cutoff=1) <= 1 else 0


def _phone(a: str, b: str) -> int:
    """Any number of one with any of the other; 1: all but one digit of a long one, or the same without country."""
    first, second = a.split(), b.split()
    if not set(first).isdisjoint(second):
        return 2
    return 1 if any(min(len(x), len(y)) >= 7 and (x[-7:] == y[-7:] or (len(x) == len(y) and OSA.distance(x, y, score_cutoff=1) <= 1)) for x in first for y in second) else 0


def _near(a: str, b: str) -> int:
    return 1 if min(len(a), len(b)) >= 3 and OSA.distance(a, b, score_cutoff=1) <= 1 else 0


def _no(a: str, b: str) -> int:
    return 0


_NAME_WORDS = (_("%(label)s differs"), _("names exchanged"), _("%(label)s is similar"), _("%(label)s differs by one letter"), _("same %(label)s"))
_NEAR_WORDS = (_("%(label)s differs"), _("%(label)s differs by one character"), _("same %(label)s"))
_NAME_FIRST = (0.04, 0.02, 0.05, 0.09, 0.80)

WAYS: dict[str, Way] = {
    "given": Way(_letters, _name, _NAME_WORDS, _NAME_FIRST, 0.005),
    "surname": Way(_letters, _name, _NAME_WORDS, _NAME_FIRST, 0.001),
    "company": Way(_company, _firm, (_("%(label)s differs"), _("%(label)s is similar"), _("%(label)s differs by one letter"), _("same %(label)s")), (0.06, 0.1, 0.14, 0.7), 0.0002),
    "email": Way(_plain, _mail, (_("%(label)s differs"), _("%(label)s is similar"), _("same %(label)s")), (0.3, 0.1, 0.6), 1e-06),
    "phone": Way(_digits, _phone, (_("%(label)s differs"), _("%(label)s differs by one digit"), _("same %(label)s")), (0.35, 0.05, 0.6), 2e-05),
    "domain": Way(_domain, _no, (_("%(label)s differs"), _("same %(label)s")), (0.2, 0.8), 0.0002),
    "text": Way(_letters, _text, (_("%(label)s differs"), _("%(label)s is similar"), _("%(label)s differs by a letter or two"), _("same %(label)s")), (0.2, 0.1, 0.15, 0.55), 0.001),
    "code": Way(_code, _near, _NEAR_WORDS, (0.15, 0.1, 0.75), 0.001),
    "date": Way(_code, _near, _NEAR_WORDS, (0.08, 0.1, 0.82), 0.0001),
    "same": Way(_plain, _no, (_("another %(label)s"), _("same %(label)s")), (0.3, 0.7), 0.05),
}  # fmt: skip


@lru_cache(maxsize=200_000)
def sound(text: str) -> str:
    """How a word sounds, roughly, whatever the language: its first letter and the classes of the consonants after it (Soundex, five places)."""
    if not text:
        return ""
    codes = [_SOUND.get(c, "") for c in text]
    kept, last = text[0], codes[0]
    for letter, code in zip(text[1:], codes[1:], strict=True):
        if code and code != last:
            kept += code
        if letter not in "hw":
            last = code
    return kept[:5]


_SOUND = {c: str(n) for n, letters in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), 1) for c in letters}


def part(text: str, how: str) -> str:
    """What a block takes of a value: "" all, "~" the sound of its first two words, "^n" its first n letters."""
    if how == "~":
        return " ".join(sound(w) for w in text.split()[:2])
    return text.replace(" ", "")[: int(how[1:])] if how.startswith("^") else text
