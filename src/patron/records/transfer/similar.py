"""Misspelt values and what was probably meant: `technolgy` -> `technology`, `GTXPro` -> `GTX Pro`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from rapidfuzz import process
from rapidfuzz.distance import OSA

from patron.kernel.parsing.base import babel_locale
from patron.kernel.text import fold

_SHORTEST = 4


def similar_values(values: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """For each of `values` that is not exactly `known`, the one known value that it must mean.

    The same letters and digits in other case, spacing, accents or punctuation are the same value; else one slip is
    allowed in words of four letters, two from eight on, three from fourteen on (a letter missing, added, wrong, or two
    exchanged), never in digits. Values that are known, or as near to two known ones, get no suggestion. Every value is
    compared with every known one: meant for lists of values and names, a few thousand each.
    """
    names = dict.fromkeys(known)
    by_letters: dict[str, list[str]] = {}
    for name in names:
        by_letters.setdefault(bare(name), []).append(name)
    found: dict[str, str] = {}
    for value in dict.fromkeys(values):
        if value in names or not value.strip():
            continue
        same = by_letters.get(bare(value))
        meant = same[0] if same and len(same) == 1 else None if same else _nearest(bare(value), by_letters)
        if meant is not None:
            found[value] = meant
    return found


def bare(value: str) -> str:
    """The letters and digits of a value, without case and accents."""
    folded = fold(value)
    return "".join(c for c in folded if c.isalnum()) or folded


def _nearest(value: str, known: Mapping[str, list[str]]) -> str | None:
    slips = (len(value) >= _SHORTEST) + (len(value) >= 8) + (len(value) >= 14)
    if not slips:
        return None
    near = process.extract(value, known.keys(), scorer=OSA.distance, score_cutoff=slips, limit=None)
    near = [match for match in near if _digits(match[0]) == _digits(value)]
    if not near or (len(near) > 1 and near[0][1] == near[1][1]) or len(known[near[0][0]]) > 1:
        return None
    return known[near[0][0]][0]


def _digits(value: str) -> str:
    return "".join(c for c in value if c.isdigit())


@lru_cache(maxsize=32)
def country_names(locale: str = "en") -> Mapping[str, str]:
    """Countries by their two-letter code, named in `locale`: known values for columns of countries, and choices."""
    names = babel_locale(locale).territories
    return MappingProxyType(
        {code: name for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in _NONE}
    )


#: Codes of no country: unions, placeholders, outlying areas.
_NONE = frozenset(("EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"))
