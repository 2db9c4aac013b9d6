"""Duplicates are found without anybody having shown what one is."""

from __future__ import annotations

import pytest
from django.db import transaction

from patron.quality.comparing import WAYS, part
from patron.quality.finding import MOST_IN_BLOCK, Census, find
from patron.quality.plan import MISSING, Plan
from patron.records.matching import Match
from tests.quality import febrl

PEOPLE = Plan(
    (Match("last_name", "surname", needed=True, swaps="first_name"), Match("first_name", "given", needed=True, swaps="last_name"), Match("email", "email"), Match("phone", "phone", ("phone", "mobile"))),
    ("email", "phone", "first_name last_name"),
)


@pytest.mark.django_db
@pytest.mark.skipif(not (febrl.FILES / "dataset4a.csv").exists(), reason="run tools/febrl.py to fetch the data sets")
def test_febrl_4_is_solved_without_labels() -> None:
    with transaction.atomic():
        precision, recall, f1, _census = febrl.measure("4")
    assert f1 >= 0.98, (precision, recall, f1)


@pytest.mark.parametrize(
    ("how", "a", "b", "words"),
    [
        ("surname", "Müller", "Muller", "same %(label)s"), ("surname", "Schmidt", "Schmitt", "%(label)s differs by one letter"), ("given", "J.", "John", "%(label)s is similar"),
        ("given", "Anna", "Peter", "%(label)s differs"), ("company", "Globex GmbH", "Globex AG", "same %(label)s"), ("company", "Globex Berlin 1", "Globex Berlin 2", "%(label)s differs"),
        ("email", "ANN@x.example", "ann@x.example", "same %(label)s"), ("email", "ann.lee@x.example", "ann.lee@y.example", "%(label)s is similar"),
        ("phone", "+49 30 1234567", "+49301234567", "same %(label)s"), ("phone", "+493012345678", "+493012345679", "%(label)s differs by one digit"),
        ("domain", "https://www.globex.example/de", "http://globex.example", "same %(label)s"), ("date", "1990-05-04", "1990-05-14", "%(label)s differs by one character"),
    ],
)  # fmt: skip
def test_values_agree_as_people_see_it(how: str, a: str, b: str, words: str) -> None:
    plan = Plan((Match("x", how),), ())
    (level,) = plan.levels(plan.values({"x": a}), plan.values({"x": b})) or (None,)
    assert level is not None
    assert str(WAYS[how].words[level]) == words


def test_exchanged_names_are_seen_and_missing_values_say_nothing() -> None:
    one, other = PEOPLE.values({"first_name": "Anna", "last_name": "Brandt"}), PEOPLE.values({"first_name": "Brandt", "last_name": "Anna", "email": "a@b.example"})
    assert PEOPLE.levels(one, other) == (1, 1, MISSING, MISSING)
    assert not set(PEOPLE.keys(one)).isdisjoint(PEOPLE.keys(other))
    assert PEOPLE.levels(one, PEOPLE.values({"first_name": "Peter", "last_name": "Brandt"})) is None


def test_blocks_take_sounds_and_beginnings() -> None:
    assert part("meier", "~") == part("mayer", "~") != part("schulz", "~")
    assert part("globex berlin", "^8") == "globexbe"


@pytest.mark.django_db
def test_a_common_name_says_less_than_a_rare_one() -> None:
    given = ["Anna", "Peter", "Maria", "Jonas", "Clara", "Felix", "Laura", "David"]
    rows = [(f"c{n}", True, {"first_name": given[n % 8], "last_name": f"Smith{'' if n % 3 else n}", "email": f"p{n}@x.example"}) for n in range(400)]
    rows += [("r1", True, {"first_name": "Zebulon", "last_name": "Quackenbush"}), ("r2", True, {"first_name": "Zebulon", "last_name": "Quackenbush"})]
    rows += [("s1", True, {"first_name": "Anna", "last_name": "Smith"}), ("s2", True, {"first_name": "Anna", "last_name": "Smith"})]
    census = Census()
    with transaction.atomic():
        found = {(f.a, f.b): f.probability for f in find(PEOPLE, rows, census=census, least=0.0)}
    assert found["r1", "r2"] > 10 * found.get(("s1", "s2"), 0.0)
    assert census.total == 404


@pytest.mark.django_db
def test_a_block_that_is_too_large_is_left_out_and_told() -> None:
    rows = [(f"c{n}", True, {"first_name": f"Given{n:04}", "last_name": f"Name{n:04}", "phone": "+49301234567"}) for n in range(MOST_IN_BLOCK + 1)]
    with transaction.atomic():
        assert list(find(PEOPLE, rows, census=(census := Census()))) == []
    assert census.oversized == {"phone": 1} and census.pairs == 0


@pytest.mark.django_db
def test_only_pairs_with_a_changed_record_are_compared_again() -> None:
    rows = [("a", False, {"email": "x@y.example", "last_name": "Lee"}), ("b", False, {"email": "x@y.example", "last_name": "Lee"}), ("c", True, {"email": "x@y.example", "last_name": "Lee"})]
    with transaction.atomic():
        list(find(PEOPLE, rows, census=(census := Census())))
    assert census.pairs == 2
