"""Own fields in imports: read by their kind, held to their rules row by row, written without touching others, undone, and out again by export."""

from __future__ import annotations

import io
from typing import Any

import pytest

from patron.identity.access import Access
from patron.ledger.operations import operation
from patron.records import changes, registry
from patron.records.custom_models import CustomField
from patron.records.imports import files, proposal, service
from patron.records.kinds import View
from patron.records.transfer import export
from patron.setup.domain import own_fields
from patron.testing import Scene
from tests.records.import_kit import checked, imported, inside, messages, numbers, staged, table, upload
from tests.records.making import make
from tests.records.test_own_fields import CHOICES, VALUES, account, make_field


def custom_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = registry.get("accounts").model.objects.get(name=name).custom
    return found


def furnish(access: Access) -> dict[str, Any]:
    """A field of every kind on accounts, and a record with a value in each."""
    with operation("test", access=access):
        for kind, (more, _value, _other) in VALUES.items():
            make_field(access, f"my_{kind}", kind, **more)
        make_field(access, "my_person", "person")
        make_field(access, "my_relation", "relation", target="products")
        make_field(access, "my_formula", "formula", formula="{x_my_number} * 2")
        product = make(registry.get("products"), access)
        values = {f"x_my_{kind}": value for kind, (_more, value, _other) in VALUES.items()} | {"x_my_person": access.member_id, "x_my_relation": product.pk}
        account(access, "Acme", external_id="A1", **values)
        account(access, "Bare", external_id="B1")
    return custom_of("Acme")


def exported(view: View) -> bytes:
    stream = io.BytesIO()
    record_type = registry.get("accounts")
    export.write(record_type, record_type.visible(view.access), view, stream, "csv")
    return stream.getvalue()


def test_every_kind_goes_out_and_comes_back_the_same(scene: Scene) -> None:
    with inside(scene) as view:
        before = furnish(view.access)
        assert len(before) == len(VALUES) + 2
        content = exported(view)
        with operation("test", access=view.access):
            registry.get("accounts").model.objects.update(custom={})
        item = upload(view, "accounts", content)
        guess = proposal.propose(registry.get("accounts"), files.source_of(item), view)
        matched = {c.column: c.field for c in guess.plan.columns}
        mine = {heading: field for heading, field in matched.items() if field.startswith("x_")}
        assert len(mine) == len(before), f"each own field is recognised by its label: {matched}"
        done = imported(view, "accounts", content, {"columns": {"External id": "external_id", **mine}, "key": ["external_id"], "mode": "update"})
        assert numbers(done) == {"change": 1, "same": 1}, messages(done)
        assert custom_of("Acme") == before
        again = checked(view, "accounts", content, {"columns": {"External id": "external_id", **mine}, "key": ["external_id"], "mode": "update"})
        assert numbers(again) == {"same": 2}, [(r.values, r.before) for r in staged(again)]
        service.undo(done, view)
        assert custom_of("Acme") == {}


def test_new_and_changed_rows_leave_other_own_values_alone(scene: Scene) -> None:
    with inside(scene) as view:
        with operation("test", access=view.access):
            make_field(view.access, "size", "number")
            make_field(view.access, "colour", "text")
            make_field(view.access, "level", "number", default="3")
            account(view.access, "Old", external_id="A1", x_colour="red", x_size=1, x_level=9)
        content = table(("Ext", "Name", "Size"), ("A1", "Old", "2.5"), ("A2", "New", "7"), ("A3", "Plain", ""))
        plan = {"columns": {"Ext": "external_id", "Name": "name", "Size": "x_size"}, "key": ["external_id"], "mode": "upsert"}
        done = imported(view, "accounts", content, plan)
        assert numbers(done) == {"new": 2, "change": 1}, messages(done)
        assert custom_of("Old") == {"colour": "red", "size": "2.5", "level": "9"}
        assert custom_of("New") == {"size": "7", "level": "3"}
        assert custom_of("Plain") == {"level": "3"}
        cleared = table(("Ext", "Size"), ("A1", ""))
        imported(view, "accounts", cleared, {"columns": {"Ext": "external_id", "Size": {"field": "x_size", "blank": "clear"}}, "key": ["external_id"], "mode": "update"})
        assert custom_of("Old") == {"colour": "red", "level": "9"}


def test_wrong_values_are_errors_of_their_row(scene: Scene) -> None:
    with inside(scene) as view:
        with operation("test", access=view.access):
            make_field(view.access, "size", "number")
            make_field(view.access, "tier", "choice", choices=CHOICES)
            make_field(view.access, "code", "text", unique=True, required=True)
            account(view.access, "Taken", x_code="Äx")
        rows = (("A", "1", "gold", "a"), ("B", "many", "gold", "b"), ("C", "1", "copper", "c"), ("D", "1", "", "ÄX"), ("E", "1", "", ""), ("F", "1", "", "A"))
        columns = {"Name": "name", "Size": "x_size", "Tier": "x_tier", "Code": "x_code"}
        done = imported(view, "accounts", table(tuple(columns), *rows), {"columns": columns})
        assert numbers(done) == {"new": 1, "error": 5}
        said = messages(done)
        assert said[0] == ""
        assert "copper" in said[2]
        assert said[3] == "Another account has this my code already."
        assert said[4] == "Enter a value for “My code”."
        assert said[5] == "Row 2 has the same value, which only one record may have."
        with pytest.raises(service.Refused):
            checked(view, "accounts", table(("Name",), ("G",)), {"columns": {"Name": "name"}})


def test_rules_of_shown_and_locked_fields_and_sets_hold(scene: Scene) -> None:
    with inside(scene) as view:
        access = view.access
        with operation("test", access=access):
            field_set = changes.create(registry.get("field-sets"), {"name": "Vessels"}, access=access)
            make_field(access, "tram", "text", visible_if={"and": [["city", "is", "Wien"]]}, default="D")
            make_field(access, "fixed", "text", readonly_if={"and": [["x_tram", "filled"]]})
            make_field(access, "flag", "text", field_set=field_set.pk)
            make_field(access, "flag", "text", type_key="contacts", field_set=field_set.pk)
            top = account(access, "Top", external_id="T")
            account(access, "Shut", external_id="S", city="Wien", x_tram="71", x_fixed="as it is")
            own_fields.attach(field_set, access=access, account=top)
        columns = {"Ext": "external_id", "Name": "name", "City": "city", "Parent": "parent", "Tram": "x_tram", "Fixed": "x_fixed", "Flag": "x_flag"}
        rows = (
            ("1", "Vienna", "Wien", "", "", "", ""), ("2", "Bern", "Bern", "", "", "", ""), ("3", "Bad tram", "Bern", "", "5", "", ""),
            ("S", "Shut", "", "", "", "other", ""), ("4", "Below", "", "", "", "", ""), ("5", "Flagged", "", "", "", "", "Malta"), ("T", "Top", "", "", "", "", "Panama"),
        )  # fmt: skip
        done = imported(view, "accounts", table(tuple(columns), *rows), {"columns": columns, "key": ["external_id"], "mode": "upsert"})
        said = messages(done)
        assert [s for s in said if s] == ["This record has no “My tram”.", "“My fixed” is locked.", "This record has no “My flag”."], said
        assert (custom_of("Vienna"), custom_of("Bern"), custom_of("Top")) == ({"tram": "D"}, {}, {"flag": "Panama"})
        people = table(("Last", "Account", "Flag"), ("One", "Top", "A"), ("Two", "Bern", "B"), ("Three", "", "C"))
        contacts = imported(view, "contacts", people, {"columns": {"Last": "last_name", "Account": "account", "Flag": "x_flag"}})
        assert messages(contacts) == ["", "This record has no “My flag”.", "This record has no “My flag”."]


def test_choices_are_put_on_the_list_when_asked(scene: Scene) -> None:
    with inside(scene) as view:
        with operation("test", access=view.access):
            made = make_field(view.access, "tier", "choice", choices=CHOICES)
            several = make_field(view.access, "likes", "multi_choice", choices=CHOICES)
        content = table(("Name", "Tier", "Likes"), ("A", "Copper", "Gold, Tin"), ("B", "silver", ""), ("C", "Copper", "Zinc"))
        asked = {"relation": {"create": True}}
        plan = {"columns": {"Name": "name", "Tier": {"field": "x_tier", **asked}, "Likes": {"field": "x_likes", **asked}}}
        done = imported(view, "accounts", content, plan)
        assert numbers(done) == {"new": 3}, messages(done)
        assert [c["value"] for c in CustomField.objects.get(pk=made.pk).choices] == ["gold", "silver", "Copper"]
        assert [c["value"] for c in CustomField.objects.get(pk=several.pk).choices] == ["gold", "silver", "Tin", "Zinc"]
        assert custom_of("A") == {"tier": "Copper", "likes": ["gold", "Tin"]}
        service.undo(done, view)
        assert [c["value"] for c in CustomField.objects.get(pk=made.pk).choices] == ["gold", "silver"]
