"""Which column of a file is which field: proposed by the names of the columns and by what is in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from patron.kernel.parsing import Invalid, ParseContext, checkbox, chooser, date_, email, number, url
from patron.kernel.parsing.numbers import split
from patron.kernel.text import _
from patron.records.transfer.habits import OrderFound, detect_date_order, detect_decimal_mark
from patron.records.transfer.similar import country_names, similar_values
from patron.records.transfer.source import SourceColumn
from patron.records.transfer.synonyms import meanings_of, words_of

__all__ = [
    "Column",
    "FieldInfo",
    "OrderFound",
    "Proposal",
    "country_names",
    "detect_date_order",
    "detect_decimal_mark",
    "propose",
    "similar_values",
]

Column = SourceColumn

#: Proposals of less confidence are not made.
THRESHOLD = 0.58
_LOOKED_AT = 60
#: Words that say little by themselves: half as telling as others.
_GENERIC = frozenset(("name", "number", "no", "nr", "id", "the", "of", "de", "la", "der", "text", "type", "field"))
_PHONE = re.compile(r"\+?\(?\d[\d ()/.\-]{5,22}(?:\s?(?:x|ext\.?)\s?\d{1,6})?")
_NUMERIC = frozenset(("number", "integer", "money", "percent"))
_CHOICES = frozenset(("choice", "multi_choice"))
_DATES = frozenset(("date", "datetime"))
_DMY, _MDY = (
    ParseContext("en", date_order="DMY", decimal_mark="."),
    ParseContext("en", date_order="MDY", decimal_mark=","),
)


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """A field that a column may go to. `options` are the labels of a choice by value; `aliases` further names."""

    name: str
    label: str
    kind: str = "text"
    aliases: Sequence[str] = ()
    required: bool = False
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A column and the field it seems to be; `confidence` from 0 to 1 (0 without a field); `why` in words."""

    column: str
    field: str | None
    confidence: float
    why: str


def propose(columns: Sequence[Column], fields: Sequence[FieldInfo], subject: str = "") -> list[Proposal]:
    """A proposal per column, in the columns' order; no field twice.

    `subject` is what a row is ("account"): a column of that name is the record's own name. Pairs are given out from the
    most confident down, required fields first where two are alike; below a confidence of 0.58 a column gets no field.
    """
    contents = [_Content(column.samples) for column in columns]
    pairs = [
        (score, info.required, -place, -index, why)
        for place, column in enumerate(columns)
        for index, info in enumerate(fields)
        for score, why in (_score(column.name, contents[place], info, subject),)
        if score >= THRESHOLD
    ]
    taken: dict[int, tuple[int, float, str]] = {}
    used: set[int] = set()
    for score, _required, place, index, why in sorted(pairs, reverse=True):
        if -place not in taken and -index not in used:
            taken[-place] = (-index, score, why)
            used.add(-index)
    return [
        Proposal(column.name, fields[taken[place][0]].name, round(taken[place][1], 2), taken[place][2])
        if place in taken
        else Proposal(column.name, None, 0.0, _("No field is like this column."))
        for place, column in enumerate(columns)
    ]


def _score(name: str, content: _Content, info: FieldInfo, subject: str) -> tuple[float, str]:
    by_name, why = _by_name(name, info, subject)
    fit = content.fit(info)
    if fit is None:
        return by_name, why
    if fit < 0.3:
        kept = 0.75 if by_name >= 0.9 else 0.5
        return by_name * (0.9 if info.kind in _CHOICES else kept), why
    by_content, what = _by_content(fit, info.kind)
    if by_name >= 0.9:
        return min(by_name + 0.04 * fit, 1.0), why
    if by_name >= 0.45 and what:
        return max(by_name, by_content, min(0.75 * by_name + 0.25 * fit, 0.89)), f"{why} {what}".strip()
    return max((by_name, why), (by_content, what))


def _by_name(name: str, info: FieldInfo, subject: str) -> tuple[float, str]:
    """How much the column's name is the field's: the same, another word for it, or similar words."""
    words = words_of(name)
    own = [words_of(own) for own in (info.label, info.name, *info.aliases)]
    if words in own:
        return 0.96, _("Same name.")
    if (
        info.name == "name"
        and subject
        and words
        and (words == words_of(subject) or meanings_of(words) & meanings_of(subject))
    ):
        return 0.94, _("Another word for the name.")
    common = meanings_of(name) & frozenset[str]().union(*map(meanings_of, (info.label, info.name, *info.aliases)))
    if common:
        return 0.92, _("Another word for “%s”.") % info.label
    return max(_alike(words, other) for other in own), _("Similar to “%s”.") % info.label


def _alike(words: str, other: str) -> float:
    """Similarity of two names from 0 to 0.88: shared words, generic ones counting half; typing slips are forgiven."""
    if not words or not other:
        return 0.0
    left_letters, right_letters = words.replace(" ", ""), other.replace(" ", "")
    whole = OSA.normalized_similarity(left_letters, right_letters)
    if whole >= 0.8 and min(len(left_letters), len(right_letters)) >= 5:
        return 0.88 * whole
    left, right = words.split(), other.split()
    shared = sum(_weight(a) for a in left if any(a == b or (len(a) > 4 and fuzz.ratio(a, b) >= 85) for b in right))
    return 0.88 * 2 * shared / (sum(map(_weight, left)) + sum(map(_weight, right)))


def _weight(word: str) -> float:
    return 0.5 if word in _GENERIC else 1.0


def _by_content(fit: float, kind: str) -> tuple[float, str]:
    """What the content alone is worth. Numbers, dates and texts are everywhere and tell nothing by themselves."""
    words = {
        "email": (0.75, _("The values are e-mail addresses.")),
        "phone": (0.68, _("The values look like telephone numbers.")),
        "url": (0.68, _("The values are web addresses.")),
        "choice": (0.7, _("The values are among the choices.")),
        "multi_choice": (0.65, _("The values are among the choices.")),
        "date": (0.4, _("The values are dates.")),
        "datetime": (0.4, _("The values are dates.")),
        "money": (0.2, _("The values are amounts.")),
    }
    worth, what = words.get(kind, (0.0, ""))
    return worth * fit, what


class _Content:
    """What a column's samples are, each question answered when first asked: shares from 0 to 1."""

    def __init__(self, samples: Sequence[str]) -> None:
        self.samples = [sample.strip() for sample in samples if sample.strip()][:_LOOKED_AT]

    def fit(self, info: FieldInfo) -> float | None:
        """How well the samples suit the field, from 0 to 1; None where they cannot tell."""
        if not self.samples:
            return None
        if info.kind in _CHOICES:
            return self._among(info.options) if info.options else None
        if info.kind in _NUMERIC:
            return self.numbers
        if info.kind in _DATES:
            return self.dates
        if info.kind in ("text", "person", "relation"):
            return 0.2 if self.emails > 0.8 and info.kind == "text" else None
        shares: dict[str, float] = {
            "email": self.emails,
            "url": self.urls,
            "phone": self.phones,
            "checkbox": self.checks,
        }
        return shares.get(info.kind)

    @cached_property
    def emails(self) -> float:
        return self._share(email, lambda s: "@" in s)

    @cached_property
    def urls(self) -> float:
        return self._share(url, lambda s: "." in s and "@" not in s and not s.replace(".", "").isdigit())

    @cached_property
    def numbers(self) -> float:
        return self._share(partial(split, ctx=_DMY), _has_digit)

    @cached_property
    def dates(self) -> float:
        return max(self._share(partial(date_, ctx=ctx), _has_digit) for ctx in (_DMY, _MDY))

    @cached_property
    def checks(self) -> float:
        return self._share(checkbox)

    @cached_property
    def phones(self) -> float:
        plain = self._share(lambda s: number(s, _DMY, 40, 20))
        alike = sum(bool(_PHONE.fullmatch(s)) for s in self.samples) / len(self.samples)
        return 0.0 if self.dates > 0.5 else alike * (0.6 if plain > 0.8 else 1.0)

    def _among(self, options: Mapping[str, str]) -> float:
        parse = chooser(options)
        return self._share(parse)

    def _share(self, parse: Callable[[str], object], may: Callable[[str], bool] = bool) -> float:
        """The share of samples that `parse` takes; those that `may` rules out are not tried."""
        good = 0
        for sample in self.samples:
            try:
                if may(sample):
                    parse(sample)
                    good += 1
            except Invalid:
                continue
        return good / len(self.samples)


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)
