"""Who may import what: roles, scopes, field rules, other people's imports, other workspaces."""

from __future__ import annotations

from typing import Any

import pytest

from patron.identity.models import Role
from patron.ledger.operations import operation
from patron.records import changes, registry
from patron.records.imports import binding, service
from patron.records.verbs import Refused
from patron.sales.models import Lead
from patron.testing import Scene, make_workspace
from tests.records.import_kit import checked, imported, inside, messages, numbers, table, upload

COLUMNS = {"First": "first_name", "Mail": "email", "Owner": "owner"}
FILE = table(tuple(COLUMNS), ("Ann", "ann@x.example", "Alice"), ("Cy", "cy@x.example", "Charlie"))


def give(scene: Scene, key: str, **changes_: Any) -> None:
    """Change a shipped role."""
    with inside(scene) as view, operation("test", access=view.access):
        role = Role.objects.get(key=key)
        for name, value in changes_.items():
            setattr(role, name, {**getattr(role, name), **value})
        role.save()


def test_without_the_right_to_import_nothing_begins(scene: Scene) -> None:
    with inside(scene, "alice") as view, pytest.raises(Refused, match="does not allow to import"):
        upload(view, "leads", FILE)


def test_import_alone_does_not_give_the_right_to_create_or_change(scene: Scene) -> None:
    give(scene, "auditor", matrix={"leads": {"view": "all", "import": "all", "create": "all"}})
    with inside(scene, "rita") as view:
        assert numbers(imported(view, "leads", FILE, {"columns": COLUMNS})) == {"new": 2}
        with pytest.raises(Refused, match="does not allow to change"):
            checked(view, "leads", FILE, {"columns": COLUMNS, "key": ["email"], "mode": "upsert"})
    give(scene, "auditor", matrix={"leads": {"view": "all", "import": "all", "edit": "all"}})
    with inside(scene, "rita") as view:
        assert numbers(imported(view, "leads", FILE, {"columns": COLUMNS, "key": ["email"], "mode": "update"})) == {"same": 2}
        with pytest.raises(Refused, match="does not allow to create"):
            checked(view, "leads", FILE, {"columns": COLUMNS})


def test_a_manager_changes_what_the_team_owns(scene: Scene) -> None:
    with inside(scene) as view:
        imported(view, "leads", FILE, {"columns": COLUMNS})
    with inside(scene, "erin") as view:
        content = table(("Mail", "Town"), ("ann@x.example", "Bonn"), ("cy@x.example", "Bonn"))
        item = imported(view, "leads", content, {"columns": {"Mail": "email", "Town": "city"}, "key": ["email"], "mode": "upsert"})
        assert numbers(item) == {"change": 1, "error": 1}
        assert messages(item)[1] == "You may not change this lead."
        assert Lead.objects.get(email="cy@x.example").city == ""


def test_records_that_one_may_not_see_are_no_match_but_their_values_stay_taken(scene: Scene) -> None:
    with inside(scene) as view:
        changes.create(registry.get("leads"), {"first_name": "Secret", "email": "s@x.example", "external_id": "X1", "owner": scene.members["charlie"].pk}, access=view.access)
    give(scene, "sales-agent", matrix={"leads": {"view": "own", "import": "all", "create": "all", "edit": "own"}})
    with inside(scene, "alice") as view:
        content = table(("Id", "Mail", "First"), ("X1", "a@x.example", "A"), ("X2", "s@x.example", "B"))
        item = imported(view, "leads", content, {"columns": {"Id": "external_id", "Mail": "email", "First": "first_name"}, "key": ["external_id"], "mode": "upsert"})
        assert numbers(item) == {"new": 1, "error": 1}
        assert messages(item) == ["Another lead has this external id already.", ""]


def test_who_may_create_own_records_only_gives_them_to_nobody_else(scene: Scene) -> None:
    give(scene, "sales-agent", matrix={"leads": {"view": "all", "import": "all", "create": "own", "edit": "own"}})
    with inside(scene, "alice") as view:
        item = imported(view, "leads", FILE, {"columns": COLUMNS})
        assert numbers(item) == {"new": 1, "error": 1}
        assert messages(item)[1] == "You may only create leads of your own."


def test_hidden_and_read_only_fields_cannot_be_set(scene: Scene) -> None:
    give(scene, "manager", field_rules={"leads": {"email": "hidden", "owner": "read-only"}})
    with inside(scene, "erin") as view:
        known = binding.importable(registry.get("leads"), view.access)
        assert "email" not in known
        assert "owner" not in known
        for field in ("Mail", "Owner"):
            with pytest.raises(Refused, match="cannot be set by a file"):
                checked(view, "leads", FILE, {"columns": {"First": "first_name", field: COLUMNS[field]}})
        with pytest.raises(Refused, match="cannot be set by a file"):
            checked(view, "leads", FILE, {"columns": {"First": "first_name"}, "defaults": {"owner": "Bob"}})


def test_rights_are_looked_at_again_when_it_is_applied(scene: Scene) -> None:
    with inside(scene, "erin") as view:
        item = checked(view, "leads", FILE, {"columns": COLUMNS})
    give(scene, "manager", matrix={"leads": {"view": "all"}})
    with inside(scene, "erin") as view:
        with pytest.raises(Refused):
            service.apply(item, view)
        assert Lead.objects.count() == 0


def test_parts_of_deals_need_the_right_to_the_deal(scene: Scene) -> None:
    """The rights of deal lines follow the deal; what the check cannot know, the import itself refuses as a whole."""
    with inside(scene) as view:
        imported(view, "deals", table(("Id", "Deal", "Owner"), ("D1", "Mine", "Alice"), ("D2", "Theirs", "Charlie")), {"columns": {"Id": "external_id", "Deal": "name", "Owner": "owner"}})
    columns = {"Id": {"field": "deal", "relation": {"by": "external_id"}}, "What": "description"}
    with inside(scene, "erin") as view:
        item = imported(view, "deal-lines", table(("Id", "What"), ("D1", "Pump"), ("D2", "Pump")), {"columns": columns})
        assert item.state == "failed"
        assert "does not allow to create some of these" in item.message
        item = imported(view, "deal-lines", table(("Id", "What"), ("D1", "Pump")), {"columns": columns})
        assert item.state == "applied"


def test_imports_of_others_and_of_other_workspaces_do_not_exist(scene: Scene) -> None:
    with inside(scene) as view:
        item = upload(view, "leads", FILE)
    with inside(scene, "erin") as view:
        assert not service.visible(view.access).filter(pk=item.pk).exists()
    with inside(make_workspace()) as view:
        assert not service.visible(view.access).filter(pk=item.pk).exists()
        with pytest.raises(Refused):
            service.locked(item)
