"""Records as a person's role lets them see them."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from patron.customers.models import Account
from patron.kernel.jinja import environment
from patron.records.veil import veiled
from patron.sales.domain.opening import open_deal
from patron.sales.domain.start import ship_lists
from patron.testing import Scene, open_workspace

SAID = "{{ d.name }}|{{ d.number }}|{{ d.account }}|{{ d.account.name }}|{{ d.account.city }}|{{ d.get_outcome_display() }}|{{ d.tags|join }}|{{ d.expected_close }}|{{ 'open' if d.account }}|{{ d }}"


@pytest.mark.parametrize(
    ("hidden", "said"),
    [
        ({}, "Pumps|D-1|Acme|Acme|Wien|Open|new|2027-01-31|open|Pumps"),
        ({"accounts": {"city": "hidden"}}, "Pumps|D-1|Acme|Acme||Open|new|2027-01-31|open|Pumps"),
        ({"deals": {"account": "hidden", "tags": "hidden", "expected_close": "read-only"}}, "Pumps|D-1||||Open||2027-01-31||Pumps"),
        ({"deals": {"outcome": "hidden", "expected_close": "hidden", "number": "hidden"}}, "Pumps||Acme|Acme|Wien||new|None|open|Pumps"),
    ],
)
def test_what_is_hidden_is_empty_wherever_a_template_asks(scene: Scene, hidden: dict[str, dict[str, str]], said: str) -> None:
    with open_workspace(scene) as access:
        ship_lists()
        deal = open_deal(access=access, name="Pumps", account=Account.objects.create(name="Acme", city="Wien"), expected_close=datetime.date(2027, 1, 31), tags=["new"])
        template, number = environment(autoescape=True).from_string(SAID), deal.number
        for given in (deal, [deal], {"d": deal}, (deal,)):
            seen = veiled(given, dataclasses.replace(access, field_rules=hidden))
            seen = seen["d"] if isinstance(seen, dict) else seen[0] if isinstance(seen, list | tuple) else seen
            assert template.render(d=seen).replace(number or "-", "D-1") == said
            assert seen == deal and hash(seen) == hash(deal)
