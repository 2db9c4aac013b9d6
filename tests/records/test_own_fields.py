"""Own fields: values at every door, rules, history and undo, retirement, indexes."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from patron.identity.access import Access
from patron.kernel.formats import Formats
from patron.kernel.tenancy import workspace
from patron.ledger import undo
from patron.ledger.models import Change, Operation
from patron.ledger.operations import operation
from patron.records import bulk, changes, filters, history, registry
from patron.records.custom_models import CustomField
from patron.records.kinds import View
from patron.records.listing import Lister, ListState
from patron.testing import Scene, open_workspace

CHOICES = [{"value": "gold", "label": "Gold"}, {"value": "silver", "label": "Silver"}]
VALUES: dict[str, tuple[dict[str, Any], Any, Any]] = {  # kind -> (more of the definition, a value, another)
    "text": ({}, "Zebra", "apple"), "long_text": ({}, "Many words", "Others"), "number": ({}, Decimal("12.50"), Decimal("-3")),
    "money": ({}, Decimal("1999.99"), Decimal("5.00")), "date": ({}, datetime.date(2026, 2, 28), datetime.date(2025, 1, 1)),
    "datetime": ({}, datetime.datetime(2026, 3, 1, 9, 30, tzinfo=datetime.UTC), datetime.datetime(2020, 3, 1, 9, 30, tzinfo=datetime.UTC)),
    "choice": ({"choices": CHOICES}, "gold", "silver"), "multi_choice": ({"choices": CHOICES}, ["gold", "silver"], ["silver"]), "checkbox": ({}, True, False),
    "url": ({}, "https://a.example", "https://b.example"), "email": ({}, "a@b.example", "b@b.example"), "phone": ({}, "+493012345", "+493099999"),
}  # fmt: skip


def make_field(access: Access, key: str, kind: str, type_key: str = "accounts", **more: Any) -> CustomField:
    record_type = registry.get("custom-fields")
    made: CustomField = changes.create(record_type, {"type_key": type_key, "key": key, "label": f"My {key}", "kind": kind, **more}, access=access)
    return made


def account(access: Access, name: str = "Acme", **values: Any) -> Any:
    return changes.create(registry.get("accounts"), {"name": name, **values}, access=access)


def view_for(access: Access) -> View:
    return View(access, Formats(access.locale, access.zone))


@pytest.mark.parametrize("kind", VALUES)
def test_value_goes_in_and_comes_out_at_every_door(scene: Scene, kind: str) -> None:
    more, value, other = VALUES[kind]
    with open_workspace(scene) as access:
        make_field(access, "thing", kind, **more)
        accounts, view = registry.get("accounts"), view_for(access)
        one, two = account(access, "One", x_thing=value), account(access, "Two", x_thing=other)
        field = accounts.fields["x_thing"]
        assert field.get(accounts.model.objects.get(pk=one.pk)) == value
        assert accounts.model.objects.values_list(field.path, flat=True).get(pk=one.pk) == value
        for sort in ("x_thing", "-x_thing"):
            listing = Lister(accounts, view, ListState(sort=sort, columns=("name", "x_thing"))).page()
            assert {row.id for row in listing.rows} >= {one.pk, two.pk}
        changes.edit(accounts, one, {"x_thing": other}, access=access)
        assert field.get(accounts.model.objects.get(pk=one.pk)) == other
        changed = bulk.edit_many(accounts, accounts.model.objects.all(), {"x_thing": value}, access=access)
        assert changed.count == 2
        assert field.get(accounts.model.objects.get(pk=two.pk)) == value


@pytest.mark.parametrize(("kind", "op", "value"), [
    ("text", "contains", "ebr"), ("number", "gt", "10"), ("money", "gt", "100"), ("date", "after", "2026-01-01"), ("choice", "is", ["gold"]), ("checkbox", "is", True),
])  # fmt: skip
def test_filters_know_the_type(scene: Scene, kind: str, op: str, value: Any) -> None:
    more, wanted, other = VALUES[kind]
    with open_workspace(scene) as access:
        make_field(access, "thing", kind, **more)
        accounts, view = registry.get("accounts"), view_for(access)
        hit = account(access, "Hit", x_thing=wanted)
        account(access, "Miss", x_thing=other)
        account(access, "Nothing")
        rows = accounts.model.objects.filter(filters.condition(accounts, {"and": [["x_thing", op, value]]}, view))
        assert [r.pk for r in rows] == [hit.pk]
        contact = changes.create(registry.get("contacts"), {"last_name": "Person", "account": hit.pk}, access=access)
        through = registry.get("contacts").model.objects.filter(filters.condition(registry.get("contacts"), ["account.x_thing", op, value], view))
        assert [r.pk for r in through] == [contact.pk]


def test_link_shows_the_name_and_refuses_what_is_not_there(scene: Scene) -> None:
    with open_workspace(scene) as access:
        make_field(access, "site", "relation", target="accounts", type_key="contacts")
        contacts, site = registry.get("contacts"), account(access, "Plant North")
        person = changes.create(contacts, {"last_name": "Person", "x_site": site.pk}, access=access)
        listing = Lister(contacts, view_for(access), ListState(sort="x_site", columns=("name", "x_site"))).page()
        assert "Plant North" in str(listing.rows[0].cells[0])
        with pytest.raises(changes.NotValid) as refused:
            changes.edit(contacts, person, {"x_site": person.pk}, access=access)
        assert refused.value.errors == {"x_site": "Choose one from the list."}


def test_history_tells_each_own_field_and_undo_takes_back_only_its_own(scene: Scene) -> None:
    with open_workspace(scene):
        pass
    with workspace(scene.workspace.pk):
        access = scene.access("dora")
        make_field(access, "size", "number")
        make_field(access, "colour", "text")
        accounts, one = registry.get("accounts"), account(access)
        changes.edit(accounts, one, {"x_size": Decimal(5)}, access=access)
        first = Operation.objects.filter(verb="accounts.edit").latest("at")
        changes.edit(accounts, one, {"x_colour": "red"}, access=access)
        told = [c for e in history.of_record(accounts, one, view_for(access)).entries for c in e.changes]
        assert ("My size", "", "5") in told
        assert ("My colour", "", "red") in told
        undo.undo(first.pk, access=access)
        assert accounts.model.objects.get(pk=one.pk).custom == {"colour": "red"}
        with operation("accounts.delete", access=access):
            accounts.model.objects.get(pk=one.pk).delete()
        undo.undo(Operation.objects.filter(verb="accounts.delete").latest("at").pk, access=access)
        assert accounts.model.objects.get(pk=one.pk).custom == {"colour": "red"}


def test_rules_hold(scene: Scene) -> None:
    with open_workspace(scene) as access:
        make_field(access, "code", "text", unique=True, required=True)
        make_field(access, "reason", "text", visible_if={"and": [["city", "is", "Wien"]]})
        make_field(access, "fixed", "text", readonly_if={"and": [["x_code", "is", "locked"]]})
        accounts = registry.get("accounts")
        with pytest.raises(changes.NotValid) as refused:
            account(access)
        assert refused.value.errors == {"x_code": "Enter a value for “My code”."}
        account(access, "One", x_code="A")
        with pytest.raises(changes.NotValid) as refused:
            account(access, "Two", x_code="a")
        assert refused.value.errors == {"x_code": "Another account has this my code already."}
        with pytest.raises(changes.NotValid) as refused:
            account(access, "Two", x_code="B", x_reason="because")
        assert refused.value.errors == {"x_reason": "This record has no “My reason”."}
        shown = account(access, "Two", x_code="locked", x_reason="because", city="Wien", x_fixed="as it is")
        with pytest.raises(changes.NotValid) as refused:
            changes.edit(accounts, shown, {"x_fixed": "other"}, access=access)
        assert refused.value.errors == {"x_fixed": "“My fixed” is locked."}


def test_database_refuses_what_no_definition_allows(scene: Scene) -> None:
    with open_workspace(scene) as access:
        make_field(access, "size", "number")
        one = account(access)
        for custom in ({"unknown": "x"}, {"size": "twelve"}, {"size": 12}):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE customers_account SET custom = %s WHERE workspace_id = %s AND id = %s", [json.dumps(custom), scene.workspace.pk, one.pk])


def test_defaults_formulas_and_retirement(scene: Scene) -> None:
    with open_workspace(scene) as access:
        make_field(access, "rate", "number", default="2.5")
        size = make_field(access, "size", "number")
        make_field(access, "total", "formula", formula="{x_rate} * {x_size} + coalesce({employees}, 0)")
        accounts = registry.get("accounts")
        one = account(access, x_size=Decimal(4), employees=3)
        assert accounts.fields["x_total"].get(one) == Decimal("13.000000")
        listing = Lister(accounts, view_for(access), ListState(sort="-x_total", columns=("name", "x_total"))).page()
        assert "13" in str(listing.rows[0].cells[0])
        registry.verb("custom-fields", "archive").act(size, access=access)
        assert "x_size" not in accounts.fields
        assert accounts.model.objects.get(pk=one.pk).custom["size"] == "4"
        registry.verb("custom-fields", "restore").act(CustomField.objects.get(pk=size.pk), access=access)
        assert accounts.fields["x_size"].get(accounts.model.objects.get(pk=one.pk)) == Decimal(4)


@pytest.mark.parametrize(("more", "field"), [
    ({"key": "Bad Key", "kind": "text"}, "key"), ({"key": "a", "kind": "choice"}, "choices"), ({"key": "a", "kind": "relation", "target": "nothing"}, "target"),
    ({"key": "a", "kind": "formula", "formula": "__import__('os')"}, "formula"), ({"key": "a", "kind": "formula", "formula": "{name} * 2"}, "formula"),
    ({"key": "a", "kind": "text", "visible_if": {"and": [["owner.name", "is", "x"]]}}, "visible_if"), ({"key": "a", "kind": "number", "default": "many"}, "default"),
])  # fmt: skip
def test_wrong_definitions_are_refused_where_they_are_wrong(scene: Scene, more: dict[str, Any], field: str) -> None:
    with open_workspace(scene) as access, pytest.raises(changes.NotValid) as refused:
        make_field(access, more.pop("key"), more.pop("kind"), **more)
    assert list(refused.value.errors) == [field]


def test_others_workspaces_know_nothing_of_it(scene: Scene) -> None:
    from patron.testing import make_workspace

    with open_workspace(scene) as access:
        make_field(access, "size", "number")
        assert "x_size" in registry.get("accounts").fields
    other = make_workspace()
    with open_workspace(other) as access:
        assert "x_size" not in registry.get("accounts").fields
        with pytest.raises(filters.BadFilter):
            filters.condition(registry.get("accounts"), ["x_size", "gt", "1"], view_for(access))
    assert "x_size" not in registry.get("accounts").fields


def test_the_same_name_means_what_each_workspace_defined(scene: Scene) -> None:
    """Also where a list was read by the same statement before: in another workspace, and here until the formula changed."""
    from patron.testing import make_workspace

    def shown(place: Scene, formula: str, target: str) -> list[str]:
        with open_workspace(place) as access:
            make_field(access, "size", "number")
            made = make_field(access, "figure", "formula", formula=formula)
            make_field(access, "link", "relation", target=target)
            linked = changes.create(registry.get(target), {"name": "Linked"}, access=access)
            account(access, x_size=Decimal(4), x_link=linked.pk)
            read = _cells(access)
            changes.edit(registry.get("custom-fields"), made, {"formula": "{x_size} * 100"}, access=access)
            return [*read, _cells(access)[1]]

    def _cells(access: Access) -> list[str]:
        state = ListState(sort="-x_size", columns=("name", "x_size", "x_figure", "x_link"))
        return [str(cell) for cell in Lister(registry.get("accounts"), view_for(access), state).page(1).rows[0].cells]

    first, second = shown(scene, "{x_size} * 2", "products"), shown(make_workspace(), "{x_size} + 5", "brands")
    assert [first[i] for i in (0, 1, 3)] == ["4", "8", "400"] and [second[i] for i in (0, 1, 3)] == ["4", "9", "400"]
    assert "Linked" in first[2] and "/products/" in first[2] and "Linked" in second[2] and "/brands/" in second[2]


def test_only_administrators_define(scene: Scene) -> None:
    with open_workspace(scene, "alice") as access, pytest.raises(changes.NotValid):
        make_field(access, "size", "number")


def test_ledger_keeps_each_value_apart(scene: Scene) -> None:
    with open_workspace(scene) as access:
        make_field(access, "size", "number")
        one = account(access, x_size=Decimal(1))
        made = Change.objects.filter(row_id=one.pk, action="I").get()
        assert made.changes["custom.size"] == "1"
