"""The settings of own fields: made, changed, put in order, retired and tied to customers by form, as a person does without script."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from patron.kernel.tenancy import workspace
from patron.ledger.models import Operation
from patron.ledger.undo import undo
from patron.records import registry
from patron.records.custom_models import CustomField, FieldSetUse
from patron.setup.field_kinds import OFFERED
from patron.testing import Scene, open_workspace
from tests.records.test_own_fields import account, make_field

Url = Callable[..., str]
MORE: dict[str, dict[str, Any]] = {
    "choice": {"choice-value": ["", "gold"], "choice-label": ["Silver", "Gold"], "choice-tone": ["", "good"], "default": "gold"}, "relation": {"target": "products"},
    "multi_choice": {"choice-value": ["", ""], "choice-label": ["Red", ""], "choice-tone": ["bad", ""]}, "formula": {"formula": "{employees} * 2"},
    "number": {"places": "1", "default": "2.5"}, "date": {"default": "2026-03-01"}, "checkbox": {"default": "true"},
}  # fmt: skip


def field(scene: Scene, key: str) -> CustomField:
    with workspace(scene.workspace.pk):
        found: CustomField = CustomField.objects.get(key=key)
        return found


def last(verb: str) -> uuid.UUID:
    """The operation that was signed last with the verb."""
    return Operation.objects.filter(verb=verb).order_by("-at", "-pk").values_list("pk", flat=True)[0]


@pytest.mark.parametrize("kind", OFFERED)
def test_field_of_every_kind_is_made_by_form(scene: Scene, as_: Any, url: Url, kind: str) -> None:
    form = as_().get(url("fields", "accounts", "new") + f"?kind={kind}")
    assert form.status_code == 200
    made = as_().post(url("fields", "accounts", "new") + f"?kind={kind}", {"label": "Größe & Form", **MORE.get(kind, {})})
    assert made.status_code == 302, re.findall(r'class="error".*?</p>', made.content.decode())
    found = field(scene, "grosse_form")
    assert (found.kind, found.label, found.type_key) == (kind, "Größe & Form", "accounts")
    if kind == "choice":
        assert found.choices == [{"value": "silver", "label": "Silver"}, {"value": "gold", "label": "Gold", "tone": "good"}]
        assert found.default == "gold"
    page = as_().get(url("fields", "accounts")).content.decode()
    assert "Größe &amp; Form" in page
    again = as_().get(url("fields", "accounts", found.pk))
    assert again.status_code == 200
    saved = as_().post(url("fields", "accounts", found.pk), {"label": "Other", "revision": found.revision, **MORE.get(kind, {})})
    assert saved.status_code == 302
    assert field(scene, "grosse_form").label == "Other"


def test_second_field_of_a_name_gets_a_key_of_its_own_and_says_what_is_wrong(scene: Scene, as_: Any, url: Url) -> None:
    address = url("fields", "accounts", "new") + "?kind=text"
    as_().post(address, {"label": "Size"})
    twice = as_().post(address, {"label": "size"})
    assert twice.status_code == 422
    assert "There is a field of this name already." in twice.content.decode()
    assert 'id="e-label"' in twice.content.decode()
    as_().post(address, {"label": "Size?"})
    assert field(scene, "size_2").label == "Size?"


@pytest.mark.parametrize(("kind", "sent", "said"), [
    ("text", {"label": ""}, "Enter a value for “Label”."), ("choice", {"label": "A"}, "Enter at least one choice."),
    ("formula", {"label": "A", "formula": "{nothing} * 2"}, "There is no field “nothing” here."), ("number", {"label": "A", "default": "many"}, 'id="e-default"'),
    ("text", {"label": "A", "visible_if": '{"and":[["nothing","is","x"]]}'}, "There is no field “nothing” here."), ("text", {"label": "A", "visible_if": "{"}, "This condition cannot be read."),
])  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_made(scene: Scene, as_: Any, url: Url, kind: str, sent: dict[str, str], said: str) -> None:
    refused = as_().post(url("fields", "accounts", "new") + f"?kind={kind}", sent)
    assert refused.status_code == 422
    assert said in refused.content.decode()
    with workspace(scene.workspace.pk):
        assert not CustomField.objects.exists()


def test_choices_move_without_script_and_keep_what_was_typed(as_: Any, url: Url) -> None:
    rows = {"label": "Typed", "choice-value": ["", ""], "choice-label": ["First", "Second"], "choice-tone": ["", "bad"]}
    moved = as_().post(url("fields", "accounts", "new") + "?kind=choice", {**rows, "row": "down:0"}).content.decode()
    assert re.findall(r'name="choice-label" value="(\w*)"', moved) == ["Second", "First"]
    assert 'value="Typed"' in moved
    fragment = as_(hx=True).post(url("fields", "accounts", "new") + "?kind=choice", {**rows, "row": "remove:1"}).content.decode()
    assert re.findall(r'name="choice-label" value="(\w*)"', fragment) == ["First"]
    assert fragment.lstrip().startswith("<fieldset")


def test_order_by_buttons_and_by_dragging_with_undo(scene: Scene, as_: Any, url: Url) -> None:
    with open_workspace(scene) as access:
        made = [make_field(access, key, "text", order=n) for n, key in enumerate(("a", "b", "c"))]
    order = url("fields", "accounts", "order")

    def keys() -> list[str]:
        with workspace(scene.workspace.pk):
            return [n for n in registry.get("accounts").fields if n.startswith("x_")]

    as_(hx=True).post(order, {"up": made[2].pk})
    assert keys() == ["x_a", "x_c", "x_b"]
    as_(hx=True).post(order, {"ids": [made[1].pk, made[0].pk, made[2].pk]})
    assert keys() == ["x_b", "x_a", "x_c"]
    with workspace(scene.workspace.pk):
        undo(last("custom-fields.arrange"), access=scene.access())
    assert keys() == ["x_a", "x_c", "x_b"]
    assert as_(hx=True).post(order, {"ids": [made[1].pk]}).status_code == 409


def test_retired_field_leaves_every_screen_and_comes_back(scene: Scene, as_: Any, url: Url) -> None:
    with open_workspace(scene) as access:
        made = make_field(access, "size", "number")
        one = account(access, x_size=5)
    assert as_().post(url("fields", "accounts", made.pk, "archive")).status_code == 302
    page = as_().get(url("fields", "accounts")).content.decode()
    assert "Bring back My size" in page
    assert "My size" not in as_().get(f"/w/{scene.workspace.slug}/accounts/{one.pk}/").content.decode()
    assert as_().get(f"/w/{scene.workspace.slug}/accounts/?sort=x_size&columns=name,x_size").status_code == 200
    asked = f'/w/{scene.workspace.slug}/accounts/?f={{"and":[["x_size","gt","1"]]}}'
    narrowed = as_().get(asked)
    assert narrowed.status_code == 200, "a saved view with the field does not break"
    assert "My size is retired" in narrowed.content.decode()
    as_().post(url("fields", "accounts", made.pk, "restore"))
    assert "My size" in as_().get(f"/w/{scene.workspace.slug}/accounts/{one.pk}/").content.decode()
    changes = as_().get(url("changes")).content.decode()
    assert "retired" in changes
    assert "My size" in changes


def test_key_of_a_deleted_field_is_not_taken_by_another_kind(scene: Scene, as_: Any, url: Url) -> None:
    with open_workspace(scene) as access:
        made = make_field(access, "size", "text")
        one = account(access, x_size="large")
    as_().post(f"/w/{scene.workspace.slug}/custom-fields/{made.pk}/do/delete/")
    refused = as_().post(url("fields", "accounts", "new") + "?kind=number", {"label": "Size", "key": "size"})
    assert "Choose another key" in refused.content.decode()
    as_().post(url("fields", "accounts", "new") + "?kind=long_text", {"label": "Size", "key": "size"})
    assert "large" in as_().get(f"/w/{scene.workspace.slug}/accounts/{one.pk}/").content.decode()


def test_formula_is_tried_on_records_before_it_is_saved(scene: Scene, as_: Any, url: Url) -> None:
    with open_workspace(scene) as access:
        account(access, "Acme", employees=21)
    tried = as_(hx=True).post(url("fields", "accounts", "formula"), {"formula": "{employees} * 2"}).content.decode()
    assert "Acme" in tried
    assert "42" in tried
    assert "There is no field" in as_(hx=True).post(url("fields", "accounts", "formula"), {"formula": "{emplyees}"}).content.decode()
    assert "too large" in as_(hx=True).post(url("fields", "accounts", "formula"), {"formula": "{employees} * 99999999999999999999999999"}).content.decode()


def test_failed_index_says_what_to_do_and_is_tried_again(scene: Scene, as_: Any, url: Url) -> None:
    with open_workspace(scene) as access:
        made = make_field(access, "code", "text", unique=True)
        CustomField.objects.update(index_state="failed")
    assert "could not be built" in as_().get(url("fields", "accounts")).content.decode()
    as_().post(url("fields", "accounts", made.pk, "index"))
    assert field(scene, "code").index_state == "wanted"
    assert "could not be built" not in as_().get(url("fields", "accounts")).content.decode()


def test_field_set_is_attached_and_detached(scene: Scene, as_: Any, url: Url, made: Any) -> None:
    field_set, acme = made("field-sets", name="Vessels"), made("accounts", name="Acme Shipping")
    as_().post(url("fields", "accounts", "new") + "?kind=text", {"label": "Flag", "field_set": field_set.pk})
    assert as_().post(f"/w/{scene.workspace.slug}/field-sets/{field_set.pk}/do/attach/", {"account": acme.pk}).status_code == 302
    page = as_().get(url("field-sets")).content.decode()
    assert "Vessels" in page
    assert "Acme Shipping" in page
    assert "Flag" in page
    with workspace(scene.workspace.pk):
        use = FieldSetUse.objects.get()
    as_().post(url("field-sets", field_set.pk, "detach", use.pk))
    assert "Acme Shipping" not in as_().get(url("field-sets")).content.decode()
    with workspace(scene.workspace.pk):
        undo(last("field-sets.detach"), access=scene.access())
        assert FieldSetUse.objects.count() == 1
    assert "detached the field set" in as_().get(url("changes")).content.decode()


def test_only_administrators_come_in_and_only_to_types_that_take_fields(scene: Scene, as_: Any, url: Url) -> None:
    for parts in (("fields",), ("fields", "accounts"), ("fields", "accounts", "new"), ("field-sets",)):
        assert as_().get(url(*parts)).status_code == 200
        assert as_("alice").get(url(*parts)).status_code == 403
    assert as_("alice").post(url("fields", "accounts", "new") + "?kind=text", {"label": "Mine"}).status_code == 403
    assert as_().get(url("fields", "people")).status_code == 404
