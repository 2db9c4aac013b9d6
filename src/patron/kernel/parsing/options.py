"""Values out of a known set: choices, yes or no, identifiers."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from rapidfuzz import fuzz, process

from patron.kernel.parsing.base import Invalid, is_blank, shown
from patron.kernel.text import _, fold

V = TypeVar("V")

_NEAR = 75
_LISTED = 8


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_YES = _words(
    "1 1.0 yes y true t on x ✓ ✔ ☑ ja j wahr an oui vrai si sim s verdadero verdadeiro vero tak prawda ano kylla "
    "是 はい да"
)
_NO = _words(
    "0 0.0 no n false f off - ✗ ✘ ☐ nein falsch aus non faux falso nao nee niet nej nei nie falsz ne ei 否 いいえ нет"
)


def choice(s: str, options: Mapping[V, str]) -> V:
    """The value whose key or label is `s`, case and accents aside.

    Raises `Invalid` naming the nearest label, or the choices there are. Sets of choices are prepared once and kept; for
    a column of a file a `chooser` is quicker still.
    """
    parse: Callable[[str], V] = _prepared(tuple(options.items()))
    return parse(s)


@lru_cache(maxsize=256)
def _prepared(options: tuple[tuple[Any, str], ...]) -> Callable[[str], Any]:
    return chooser(dict(options))


def chooser(options: Mapping[V, str]) -> Callable[[str], V]:
    """A parser for `options` (value to label), prepared for many texts."""
    exact: dict[str, V] = {str(value): value for value in options}
    labels = Counter(map(str, options.values()))
    for value, label in options.items():
        if labels[str(label)] == 1:
            exact.setdefault(str(label), value)
    loose: dict[str, list[V]] = {}
    bare: dict[str, list[V]] = {}
    for value, label in options.items():
        for key in {fold(str(value)), fold(str(label))}:
            loose.setdefault(key, []).append(value)
        for key in {_bare(str(value)), _bare(str(label))}:
            bare.setdefault(key, []).append(value)

    def parse(s: str) -> V:
        try:
            return exact[s]
        except KeyError:
            pass
        if is_blank(s):
            raise Invalid(_one_of(options))
        found = loose.get(fold(s)) or bare.get(_bare(s)) or []
        if len(found) == 1:
            return found[0]
        raise _unknown(s, options, loose, found)

    return parse


def _bare(name: str) -> str:
    """The letters and digits alone: "GTX Pro", "GTXPro" and "gtx_pro" are one; the name itself where it has none."""
    folded = fold(name)
    return "".join(c for c in folded if c.isalnum()) or folded


def _unknown(s: str, options: Mapping[V, str], loose: Mapping[str, list[V]], found: list[V]) -> Invalid:
    if found:
        message = _("“%(text)s” may mean %(labels)s. Enter one of these exactly.")
        return Invalid(message % {"text": shown(s), "labels": _listed([str(options[value]) for value in found])})
    near = process.extractOne(fold(s)[:200], loose.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
    if near is not None and len(loose[near[0]]) == 1:
        label = str(options[loose[near[0]][0]])
        message = _("“%(text)s” is not in the list. Did you mean “%(label)s”?")
        return Invalid(message % {"text": shown(s), "label": label}, suggestion=label)
    message = _("“%(text)s” is not in the list. %(hint)s")
    return Invalid(message % {"text": shown(s), "hint": _one_of(options)})


def _one_of(options: Mapping[V, str]) -> str:
    if not options:
        return _("There is nothing to choose from yet.")
    return _("Choose one of: %s.") % _listed([str(label) for label in options.values()])


def _listed(labels: list[str]) -> str:
    rest = len(labels) - _LISTED
    names = ", ".join(labels[:_LISTED])
    return _("%(names)s and %(rest)d more") % {"names": names, "rest": rest} if rest > 0 else names


def checkbox(s: str) -> bool:
    """Yes or no in a dozen languages, "1" and "0", "on" and "off", "true" and "false", "x". Blank is refused."""
    word = s.strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    folded = fold(word)
    if folded in _YES or folded in _NO:
        return folded in _YES
    raise Invalid(_("Enter yes or no instead of “%s”.") % shown(s) if word else _("Enter yes or no."))


def uuid_(s: str) -> uuid.UUID:
    """An identifier of a record, as web addresses and exports show it."""
    try:
        return uuid.UUID(s.strip())
    except ValueError as problem:
        message = _("“%s” is not a record's identifier. Copy it from the address of the record's page.")
        raise Invalid(message % shown(s)) from problem
