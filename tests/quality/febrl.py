"""The FEBRL data sets through the finder of production: their columns mapped to comparisons, the answer read from their ids."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from patron.quality.finding import Census, Found, find
from patron.quality.plan import Plan
from patron.records.matching import Match

FILES = Path(__file__).resolve().parents[2] / "var" / "febrl"
SETS = {"1": ("1",), "2": ("2",), "3": ("3",), "4": ("4a", "4b")}
PLAN = Plan(
    (
        Match("last_name", "surname", ("surname",), swaps="first_name"), Match("first_name", "given", ("given_name",), swaps="last_name"),
        Match("birthday", "date", ("date_of_birth",)), Match("tax_number", "code", ("soc_sec_id",)), Match("number", "code", ("street_number",)),
        Match("street", "text", ("address_1",)), Match("area", "text", ("address_2",)), Match("city", "text", ("suburb",)), Match("postcode", "code"), Match("state", "same"),
    ),
    (
        "tax_number", "first_name last_name", "last_name~ birthday", "first_name~ birthday", "last_name~ postcode", "first_name~ postcode", "birthday postcode",
        "street^5 postcode", "street^5 birthday", "city^4 birthday", "first_name~ last_name~ city^3", "street^6 first_name~", "street^6 last_name~",
    ),
)  # fmt: skip


def rows(name: str) -> Iterator[tuple[str, bool, dict[str, Any]]]:
    for part in SETS[name]:
        with (FILES / f"dataset{part}.csv").open(newline="") as file:
            for row in csv.DictReader(file, skipinitialspace=True):
                yield str(row["rec_id"]), True, row


def measure(name: str, least: float = 0.5) -> tuple[float, float, float, Census]:
    """Precision, recall and F1 of the pairs from probability `least` on, found without labels among all records of the set."""
    person = re.compile(r"rec-(\d+)-")
    records, census = list(rows(name)), Census()
    people = Counter(person.match(pk)[1] for pk, _changed, _row in records)  # type: ignore[index]
    true = sum(n * (n - 1) // 2 for n in people.values())
    found: list[Found] = list(find(PLAN, records, census=census, least=least))
    right = sum(person.match(f.a)[1] == person.match(f.b)[1] for f in found)  # type: ignore[index]
    precision, recall = right / len(found), right / true
    return precision, recall, 2 * precision * recall / (precision + recall), census
