"""Own fields in forms: offered where the record has them, hidden and shown as the form changes, refused in words at their input."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from patron.kernel.tenancy import workspace
from patron.records import changes, registry
from patron.testing import Scene, open_workspace
from tests.records.test_own_fields import VALUES, account, make_field

Here = Callable[..., str]


@pytest.fixture
def dora(scene: Scene) -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(scene.users["dora"])
    return client


@pytest.fixture
def here(scene: Scene) -> Here:
    return lambda *parts: f"/w/{scene.workspace.slug}/accounts/" + "".join(f"{p}/" for p in parts)


def stored(scene: Scene, pk: Any) -> dict[str, Any]:
    with workspace(scene.workspace.pk):
        found: dict[str, Any] = registry.get("accounts").model.objects.get(pk=pk).custom
        return found


def wrapper(page: str, name: str) -> str:
    found = re.search(rf'<(?:div|fieldset) class="field[^>]*data-own="{name}"[^>]*>', page)
    assert found, f"{name} is not in the form"
    return found[0]


@pytest.mark.parametrize("kind", VALUES)
def test_every_kind_is_made_edited_inline_and_in_bulk_by_form(scene: Scene, dora: Client, here: Here, kind: str) -> None:
    more, value, _other = VALUES[kind]
    with open_workspace(scene) as access:
        make_field(access, "thing", kind, **more)
    text: Any = {"datetime": "2026-03-01T10:30", "checkbox": "true", "multi_choice": ["gold", "silver"]}.get(kind, str(value))
    sent = {"x_thing": text, "has-x_thing": "1"}
    assert dora.get(here("new") + "?form=all").content.decode().count('name="x_thing"') >= 1
    assert dora.post(here("new") + "?form=all", {"name": "Acme", **sent}).status_code == 302
    with workspace(scene.workspace.pk):
        accounts = registry.get("accounts")
        one = accounts.model.objects.get(name="Acme")
        assert accounts.fields["x_thing"].get(one) == value
    cleared = dora.post(here(one.pk, "edit"), {"name": "Acme", "has-x_thing": "1", **({} if kind in ("checkbox", "multi_choice") else {"x_thing": ""})})
    assert cleared.status_code == 302
    assert stored(scene, one.pk) == {}
    inline = dora.post(here(one.pk, "field", "x_thing"), {"x_thing": text})
    assert inline.status_code == 200, inline.content.decode()
    assert stored(scene, one.pk) != {}
    dora.post(here(one.pk, "edit"), {"name": "Acme", "has-x_thing": "1", **({} if kind in ("checkbox", "multi_choice") else {"x_thing": ""})})
    many = dora.post(here("bulk", "edit") + f"?ids={one.pk}", {"field": "x_thing", **sent})
    assert many.status_code == 302, re.findall(r'class="error".*?</p>', many.content.decode())
    with workspace(scene.workspace.pk):
        assert accounts.fields["x_thing"].get(accounts.model.objects.get(pk=one.pk)) == value
    page = dora.get(here(one.pk)).content.decode()
    assert "My thing" in page
    assert dora.get(here() + "?columns=name,x_thing&sort=x_thing").status_code == 200
    assert "My thing" in dora.get(here("filter")).content.decode()


def test_form_offers_only_what_the_record_has(scene: Scene, dora: Client, here: Here) -> None:
    with open_workspace(scene) as access:
        make_field(access, "tram", "text", visible_if={"and": [["city", "is", "Wien"]]}, required=True, default="D")
        vienna, berlin = account(access, "One", city="Wien", x_tram="71"), account(access, "Two", city="Berlin")
    assert stored(scene, berlin.pk) == {}, "no default for what the record does not have"
    assert "hidden" not in wrapper(dora.get(here(vienna.pk, "edit")).content.decode(), "x_tram")
    assert "hidden" in wrapper(dora.get(here(berlin.pk, "edit")).content.decode(), "x_tram")
    assert "hidden" in wrapper(dora.get(here("new") + "?form=all").content.decode(), "x_tram")
    assert "hidden" not in wrapper(dora.get(here("new") + "?form=all&city=Wien").content.decode(), "x_tram")
    assert dora.post(here("offered"), {"name": "New", "city": "Wien"}).json() == {"off": []}
    assert dora.post(here("offered"), {"name": "New", "city": "Bern"}).json() == {"off": ["x_tram"]}
    assert dora.post(here("offered"), {"_record": vienna.pk, "city": "Bern"}).json() == {"off": ["x_tram"]}
    assert "My tram" in dora.get(here(vienna.pk)).content.decode()
    assert "My tram" not in dora.get(here(berlin.pk)).content.decode()
    assert dora.post(here("new") + "?form=all", {"name": "No tram", "city": "Bern", "x_tram": ""}).status_code == 302
    asked = dora.post(here("new") + "?form=all", {"name": "Tram", "city": "Wien", "x_tram": ""})
    assert asked.status_code == 422
    assert 'id="e-x_tram"' in asked.content.decode()


def test_required_field_is_in_the_short_form_and_old_records_can_be_changed_without_it(scene: Scene, dora: Client, here: Here) -> None:
    with open_workspace(scene) as access:
        old = account(access, "Old")
        make_field(access, "code", "text", required=True)
    short = Client(HTTP_HOST="127.0.0.1", HTTP_HX_REQUEST="true")
    short.force_login(scene.users["dora"])
    assert 'name="x_code"' in short.get(here("new")).content.decode()
    assert 'id="e-x_code"' in short.post(here("new"), {"short": "1", "name": "New", "x_code": ""}).content.decode()
    assert dora.post(here(old.pk, "field", "city"), {"city": "Graz"}).status_code == 200
    with open_workspace(scene) as access, pytest.raises(changes.NotValid):
        changes.create(registry.get("accounts"), {"name": "By program"}, access=access)
    with open_workspace(scene) as access:
        full = account(access, "Full", x_code="A")
        with pytest.raises(changes.NotValid):
            changes.edit(registry.get("accounts"), full, {"x_code": None}, access=access)


def test_locked_field_cannot_be_changed_at_any_door(scene: Scene, dora: Client, here: Here) -> None:
    with open_workspace(scene) as access:
        make_field(access, "done", "checkbox")
        make_field(access, "fixed", "text", readonly_if={"and": [["x_done", "is", "true"]]})
        shut, free = account(access, "Shut", x_done=True, x_fixed="as it is"), account(access, "Free", x_fixed="as it was")
    form = dora.get(here(shut.pk, "edit")).content.decode()
    assert re.search(r'<input[^>]*name="x_fixed"[^>]*disabled', form)
    assert "Locked: it can no longer be changed." in form
    assert f"{shut.pk}/field/x_fixed/" not in dora.get(here(shut.pk)).content.decode()
    assert dora.post(here(shut.pk, "field", "x_fixed"), {"x_fixed": "other"}).status_code == 422
    assert dora.post(here(shut.pk, "edit"), {"name": "Shut", "x_fixed": "other"}).status_code == 422
    many = dora.post(here("bulk", "edit") + f"?ids={shut.pk}&ids={free.pk}", {"field": "x_fixed", "x_fixed": "other"})
    assert many.status_code == 302
    assert stored(scene, shut.pk)["fixed"] == "as it is"
    assert stored(scene, free.pk)["fixed"] == "other"


def test_value_that_another_record_has_is_refused_at_its_input_and_in_bulk(scene: Scene, dora: Client, here: Here) -> None:
    with open_workspace(scene) as access:
        make_field(access, "code", "text", unique=True)
        one, two = account(access, "One", x_code="A"), account(access, "Two")
    refused = dora.post(here(two.pk, "edit"), {"name": "Two", "x_code": "a"})
    assert refused.status_code == 422
    assert 'id="e-x_code"' in refused.content.decode()
    dora.post(here("bulk", "edit") + f"?ids={one.pk}&ids={two.pk}", {"field": "x_code", "x_code": "B"})
    assert sorted(stored(scene, pk).get("code", "") for pk in (one.pk, two.pk)) == ["", "B"] or stored(scene, one.pk)["code"] != stored(scene, two.pk).get("code")


def test_formula_is_shown_and_never_asked_for(scene: Scene, dora: Client, here: Here) -> None:
    with open_workspace(scene) as access:
        make_field(access, "double", "formula", formula="{employees} * 2")
        one = account(access, "One", employees=21)
    assert 'name="x_double"' not in dora.get(here(one.pk, "edit")).content.decode()
    assert "42" in dora.get(here(one.pk)).content.decode()
    assert dora.post(here(one.pk, "field", "x_double"), {"x_double": "1"}).status_code == 403
