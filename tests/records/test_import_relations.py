"""Names in cells: records that are there, that are made, that are in the same file."""

from __future__ import annotations

import uuid

import pytest

from patron.customers.models import Account, Industry
from patron.identity.models import Membership, Role
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import changes, registry
from patron.records.imports import service
from patron.records.verbs import Refused
from patron.sales.domain.start import ship_pipeline
from patron.sales.models import Deal, Lead, LeadSource, Stage
from patron.testing import Scene, make_workspace
from tests.records.import_kit import checked, imported, inside, messages, numbers, staged, table


def account(view, name, **values):
    return changes.create(registry.get("accounts"), {"name": name, **values}, access=view.access)


def test_records_are_named_by_title_number_id_or_address(scene: Scene) -> None:
    with inside(scene) as view:
        globex = account(view, "Globex Größe", number="K-7", external_id="EXT", email="hello@globex.example")
        texts = ("globex  GROSSE", "K-7", "EXT", str(globex.pk), "HELLO@globex.example")
        content = table(("First", "Acc"), *((f"P{i}", text) for i, text in enumerate(texts)))
        item = imported(view, "contacts", content, {"columns": {"First": "first_name", "Acc": "account"}})
        assert numbers(item) == {"new": 5}, messages(item)
        assert {row.values["account_id"] for row in staged(item)} == {str(globex.pk)}


def test_one_way_of_naming_can_be_chosen(scene: Scene) -> None:
    with inside(scene) as view:
        account(view, "K-7")
        account(view, "Globex", number="K-7")
        content = table(("First", "Acc"), ("A", "K-7"))
        item = checked(view, "contacts", content, {"columns": {"First": "first_name", "Acc": "account"}})
        assert "Several accounts are called “K-7”" in messages(item)[0]
        item = imported(view, "contacts", content, {"columns": {"First": "first_name", "Acc": {"field": "account", "relation": {"by": "number"}}}})
        assert numbers(item) == {"new": 1}


def test_what_is_missing_is_an_error_or_made(scene: Scene) -> None:
    content = table(("Name", "Sector"), ("A", "Steel"), ("B", "steel"), ("C", "Wood"), ("", "Glass"))
    with inside(scene) as view:
        item = checked(view, "accounts", content, {"columns": {"Name": "name", "Sector": "industry"}})
        assert numbers(item) == {"error": 4}
        assert messages(item)[0] == "There is no industry “Steel”."
        columns = {"Name": "name", "Sector": {"field": "industry", "relation": {"create": True}}}
        item = imported(view, "accounts", content, {"columns": columns})
        assert (numbers(item), item.counts["made"]) == ({"new": 3, "error": 1}, {"industries": 2})
        assert set(Industry.objects.values_list("name", flat=True)) == {"Steel", "Wood"}  # nobody needs glass
        service.undo(item, view)
        assert (Account.objects.count(), Industry.objects.count()) == (0, 0)


def test_what_is_made_gets_its_own_values(scene: Scene) -> None:
    with inside(scene) as view:
        relation = {"by": "name", "create": True, "with": {"role": "Manager", "office": "{Office} HQ"}}
        content = table(("Agent", "Boss", "Office"), ("Ann", "Max", "East"), ("Bo", "MAX", "West"))
        item = imported(view, "people", content, {"columns": {"Agent": "name", "Boss": {"field": "manager", "relation": relation}, "Office": "office"}})
        assert numbers(item) == {"new": 2}, (messages(item), item.message)
        boss = Membership.objects.get(name="Max")
        assert (boss.role.key, boss.office, boss.state) == ("manager", "East HQ", "listed")
        assert set(boss.reports.values_list("name", flat=True)) == {"Ann", "Bo"}


@pytest.mark.parametrize(
    ("relation", "words"),
    [
        ({"create": True, "with": {"no_such": "x"}}, "no_such"),
        ({"create": True, "with": {"role": "{Missing}"}}, "Missing"),
        ({"within": {"no_such": "x"}}, "no_such"),
    ],
)  # fmt: skip
def test_relations_that_do_not_fit_are_refused(scene: Scene, relation: dict, words: str) -> None:
    with inside(scene) as view, pytest.raises(Refused, match=words):
        checked(view, "people", table(("Agent", "Boss"), ("Ann", "Max")), {"columns": {"Agent": "name", "Boss": {"field": "manager", "relation": relation}}})


def test_nobody_makes_what_their_role_may_not(scene: Scene) -> None:
    with inside(scene) as view:
        with operation("test", access=view.access):
            role = Role.objects.get(key="manager")
            role.matrix = {**role.matrix, "industries": {"view": "all"}}
            role.save()
    with inside(scene, "erin") as view, pytest.raises(Refused, match="cannot be made"):
        checked(view, "accounts", table(("N", "S"), ("A", "B")), {"columns": {"N": "name", "S": {"field": "industry", "relation": {"create": True}}}})


# --- the same name in several places ----------------------------------------------------------------------------------


def test_a_stage_says_its_pipeline_and_the_pipeline_tells_stages_apart(scene: Scene) -> None:
    with inside(scene) as view:
        with operation("test", access=view.access):
            other = ship_pipeline("Renewals")
        content = table(("Deal", "Pipe", "Stage"), ("A", "Renewals", "Won"), ("B", "", "Won"), ("C", "Sales", "Nowhere"))
        columns = {"Deal": "name", "Pipe": "pipeline", "Stage": "stage"}
        item = imported(view, "deals", content, {"columns": columns})
        assert numbers(item) == {"new": 2, "error": 1}, messages(item)
        assert Deal.objects.get(name="A").stage.pipeline_id == other.pk
        assert Deal.objects.get(name="B").stage.pipeline.is_default
        with operation("test", access=view.access):
            Stage.objects.filter(pipeline=other.pk, name="New").update(name="Asked")
        item = imported(view, "deals", table(("Deal", "Stage"), ("D", "Asked")), {"columns": {"Deal": "name", "Stage": "stage"}})
        assert Deal.objects.get(name="D").pipeline_id == other.pk
        item = checked(view, "deals", table(("Deal", "Pipe", "Stage"), ("E", "Sales", "Asked")), {"columns": columns})
        assert messages(item) == ["“Asked” does not belong there."]


# --- the same file ----------------------------------------------------------------------------------------------------

TREE = {"Name": "name", "Parent": {"field": "parent", "relation": {"by": "name"}}}


def test_parents_may_stand_below_their_children(scene: Scene) -> None:
    with inside(scene) as view:
        account(view, "Root")
        content = table(("Name", "Parent"), ("Leaf", "Branch"), ("Branch", "Root"), ("Other", ""))
        item = imported(view, "accounts", content, {"columns": TREE, "key": ["name"], "mode": "upsert"})
        assert numbers(item) == {"new": 3}, messages(item)
        leaf = Account.objects.get(name="Leaf")
        assert (leaf.parent.name, leaf.parent.parent.name) == ("Branch", "Root")
        assert numbers(imported(view, "accounts", content, {"columns": TREE, "key": ["name"], "mode": "upsert"})) == {"same": 3}


def test_a_new_parent_changes_a_record(scene: Scene) -> None:
    with inside(scene) as view:
        leaf = account(view, "Leaf", parent=account(view, "Old").pk)
        content = table(("Name", "Parent"), ("Leaf", "New"), ("New", ""))
        item = imported(view, "accounts", content, {"columns": TREE, "key": ["name"], "mode": "upsert"})
        assert numbers(item) == {"new": 1, "change": 1}
        leaf.refresh_from_db()
        assert leaf.parent.name == "New"
        service.undo(item, view)
        leaf.refresh_from_db()
        assert leaf.parent.name == "Old"


def test_circles_are_found_before_anything_is_written(scene: Scene) -> None:
    with inside(scene) as view:
        content = table(("Name", "Parent"), ("A", "B"), ("B", "C"), ("C", "A"), ("Below", "A"), ("Own", "Own"), ("Fine", ""))
        item = imported(view, "accounts", content, {"columns": TREE, "key": ["name"], "mode": "upsert"})
        assert numbers(item) == {"new": 1, "error": 5}
        assert messages(item)[0] == "This would put the record below itself."
        assert messages(item)[3] == "Row 2, which is named here, is not imported."


def test_a_circle_with_records_that_are_there_is_refused_by_the_database(scene: Scene) -> None:
    with inside(scene) as view:
        top = account(view, "Top")
        account(view, "Middle", parent=top.pk)
        item = imported(view, "accounts", table(("Name", "Parent"), ("Top", "Middle")), {"columns": TREE, "key": ["name"], "mode": "update"})
        assert item.state == "failed"
        assert "Nothing was imported" in item.message
        top.refresh_from_db()
        assert top.parent_id is None


def test_parents_that_are_not_imported_take_their_children_along(scene: Scene) -> None:
    with inside(scene) as view:
        content = table(("Name", "Parent", "N"), ("P", "", "many"), ("C", "P", "1"), ("G", "C", "1"), ("X", "Nobody", "1"))
        item = checked(view, "accounts", content, {"columns": {**TREE, "N": "employees"}, "key": ["name"], "mode": "upsert"})
        assert numbers(item) == {"error": 4}
        assert messages(item)[1:3] == ["Row 2, which is named here, is not imported.", "Row 3, which is named here, is not imported."]


def test_a_missing_parent_is_made(scene: Scene) -> None:
    with inside(scene) as view:
        columns = {"Name": "name", "Parent": {"field": "parent", "relation": {"by": "name", "create": True}}}
        item = imported(view, "accounts", table(("Name", "Parent"), ("A", "Group"), ("B", "group")), {"columns": columns, "key": ["name"], "mode": "upsert"})
        assert (numbers(item), item.counts["made"]) == ({"new": 2}, {"accounts": 1}), messages(item)
        assert Account.objects.get(name="Group").children.count() == 2


# --- other workspaces -------------------------------------------------------------------------------------------------


def test_records_of_another_workspace_do_not_exist(scene: Scene) -> None:
    other = make_workspace()
    with inside(other) as view:
        stranger = account(view, "Stranger")
    with inside(scene) as view:
        for text in (str(stranger.pk), "Stranger"):
            item = checked(view, "contacts", table(("F", "A"), ("x", text)), {"columns": {"F": "first_name", "A": "account"}})
            assert "There is no account" in messages(item)[0]
        content = table(("ID", "Name"), (str(stranger.pk), "Stolen"))
        item = imported(view, "accounts", content, {"columns": {"ID": "id", "Name": "name"}, "key": ["id"], "mode": "update"})
        assert numbers(item) == {"error": 1}
    with workspace(other.workspace.pk):
        assert Account.objects.get().name == "Stranger"


def test_children_find_their_parents_by_any_key(scene: Scene) -> None:
    """Lines of deals from the file of the deals: several steps may read one file."""
    with inside(scene) as view:
        imported(view, "deals", table(("Id", "Deal"), ("O-1", "One"), ("O-2", "Two")), {"columns": {"Id": "external_id", "Deal": "name"}})
        columns = {"Id": {"field": "deal", "relation": {"by": "external_id"}}, "What": "description", "Price": "unit_price"}
        content = table(("Id", "What", "Price"), ("O-1", "Pump", "10"), ("O-1", "Valve", "5"), ("O-9", "Lost", "1"))
        item = imported(view, "deal-lines", content, {"columns": columns, "key": ["deal+description"], "mode": "upsert"})
        assert numbers(item) == {"new": 2, "error": 1}, messages(item)
        assert Deal.objects.get(name="One").amount == 15
        assert numbers(imported(view, "deal-lines", content, {"columns": columns, "key": ["deal+description"], "mode": "upsert"})) == {"same": 2, "error": 1}


def test_a_value_of_a_list_is_found_whatever_its_case(scene: Scene) -> None:
    with inside(scene) as view:
        imported(view, "leads", table(("F", "S"), ("A", "WEB FORM")), {"columns": {"F": "first_name", "S": "source"}})
        assert Lead.objects.get().source == LeadSource.objects.get(name="Web form")
        assert uuid.UUID(str(Lead.objects.get().source_id))
