"""Filters that rule something out keep the records that have no value at all: for every kind, built in or own, directly and over a relation."""

from __future__ import annotations

from typing import Any

import pytest

from patron.records import changes, filters, registry
from patron.records.kinds import View
from patron.testing import Scene, open_workspace
from tests.records.test_own_fields import CHOICES, account, make_field, view_for

RULED_OUT: dict[str, tuple[dict[str, Any], Any, Any, list[tuple[str, Any]]]] = {  # kind -> (definition, the value, another, conditions that the value does not meet)
    "text": ({}, "Zebra", "apple", [("is_not", ["zebra"]), ("lacks", "ebr")]),
    "long_text": ({}, "Zebra", "apple", [("lacks", "ebr")]),
    "email": ({}, "a@b.example", "c@d.example", [("is_not", ["a@b.example"])]),
    "number": ({}, 12, 3, [("ne", "12")]),
    "money": ({}, 12, 3, [("ne", "12")]),
    "choice": ({"choices": CHOICES}, "gold", "silver", [("is_not", ["gold"])]),
    "multi_choice": ({"choices": CHOICES}, ["gold", "silver"], ["silver"], [("is_not", ["gold"])]),
    "relation": ({"target": "accounts"}, None, None, []),
}


def found(key: str, tree: Any, view: View) -> set[str]:
    record_type = registry.get(key)
    return {str(r) for r in record_type.model.objects.filter(filters.condition(record_type, tree, view))}


@pytest.mark.parametrize("kind", RULED_OUT)
def test_an_own_field_without_a_value_is_not_what_is_ruled_out(scene: Scene, kind: str) -> None:
    more, value, other, conditions = RULED_OUT[kind]
    with open_workspace(scene) as access:
        make_field(access, "thing", kind, **more)
        view = view_for(access)
        if kind == "relation":
            value, other = account(access, "Gate").pk, account(access, "Door").pk
            conditions = [("is_not", [str(value)])]
        for name, held in (("Same", {"x_thing": value}), ("Other", {"x_thing": other}), ("Nothing", {})):
            one = account(access, name, **held)
            changes.create(registry.get("contacts"), {"last_name": f"P {name}", "account": one.pk}, access=access)
        changes.create(registry.get("contacts"), {"last_name": "P Alone"}, access=access)
        for op, wanted in conditions:
            assert found("accounts", ["x_thing", op, wanted], view) - {"Gate", "Door"} == {"Other", "Nothing"}, op
            assert found("contacts", ["account.x_thing", op, wanted], view) == {"P Other", "P Nothing", "P Alone"}, op
            opposite = {"is_not": "is", "lacks": "contains", "ne": "eq"}[op]
            assert found("accounts", {"not": ["x_thing", opposite, wanted]}, view) - {"Gate", "Door"} == {"Other", "Nothing"}, op
            assert found("accounts", {"not": {"or": [["x_thing", opposite, wanted], ["name", "is", ["Other"]]]}}, view) - {"Gate", "Door"} == {"Nothing"}, op


def test_a_built_in_field_without_a_value_is_not_what_is_ruled_out(scene: Scene) -> None:
    with open_workspace(scene) as access:
        view, contacts, parent = view_for(access), registry.get("contacts"), account(access, "Parent", city="Bonn", industry=None)
        account(access, "Child", parent=parent.pk, city="Ulm", annual_revenue=12, tags=["gold"])
        changes.create(contacts, {"last_name": "P Child", "account": registry.get("accounts").model.objects.get(name="Child").pk}, access=access)
        changes.create(contacts, {"last_name": "P Alone"}, access=access)
        for name, op, wanted in (("city", "is_not", ["Ulm"]), ("city", "lacks", "Ulm"), ("annual_revenue", "ne", "12"), ("tags", "is_not", ["gold"]), ("parent", "is_not", [str(parent.pk)])):
            assert found("accounts", [name, op, wanted], view) == {"Parent"}, name
            assert found("contacts", [f"account.{name}", op, wanted], view) == {"P Alone"}, name
        for node in (["city", "is", ["Ulm"]], ["annual_revenue", "eq", "12"], ["tags", "is", ["gold"]], ["annual_revenue", "gte", "1"]):
            assert found("accounts", {"not": node}, view) == {"Parent"}, node


def test_what_selects_everything_or_nothing_can_be_turned_round(scene: Scene) -> None:
    with open_workspace(scene) as access:
        view = view_for(access)
        account(access, "One")
        assert found("accounts", {"not": {}}, view) == {"One"}
        assert found("accounts", {"not": {"and": []}}, view) == {"One"}
        assert found("accounts", {"not": ["parent", "is", []]}, view) == {"One"}
