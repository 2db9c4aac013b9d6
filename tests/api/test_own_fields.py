"""Own fields through the API: described, set, read, filtered, sorted and told in the feed like any other."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from patron.api import codec
from patron.records import registry
from patron.records.kinds import kind_of
from patron.testing import Scene, open_workspace
from tests.api.conftest import Program, program_of
from tests.records.test_own_fields import VALUES, make_field


def plain(scene: Scene, kind: str, value: Any) -> Any:
    return json.loads(codec.dumps(kind_of(kind).plain(value)))


@pytest.mark.parametrize("kind", VALUES)
def test_an_own_field_is_a_field_like_any_other(scene: Scene, dora: Program, kind: str) -> None:
    more, value, other = VALUES[kind]
    one, two = plain(scene, kind, value), plain(scene, kind, other)
    with open_workspace(scene) as access:
        make_field(access, "thing", kind, **more)
    document = dora.get("openapi.json").data["components"]["schemas"]
    assert "x_thing" in document["Accounts"]["properties"] and "x_thing" in document["AccountsValues"]["properties"]
    made = dora.post("accounts/", {"name": "One", "x_thing": one})
    assert made.status_code == 201 and made.data["x_thing"] == one, made.content
    edited = dora.patch(made.headers["Location"], {"x_thing": two})
    assert edited.status_code == 200 and edited.data["x_thing"] == two, edited.content
    listed = dora.get("accounts/?fields=x_thing&limit=5" + ("" if kind == "multi_choice" else "&sort=-x_thing"))
    assert listed.data["data"][0]["x_thing"] == two, listed.content
    filled = dora.get(f"accounts/?f={quote(json.dumps(['x_thing', 'is', True] if kind == 'checkbox' else ['x_thing', 'filled']))}")
    assert len(filled.data["data"]) == (0 if kind == "checkbox" else 1), filled.content
    assert dora.patch(made.headers["Location"], {"x_thing": {"no": "value"}}).status_code == 422
    assert "x_thing" not in registry.get("accounts").own_fields


@pytest.mark.parametrize("kind", ["relation", "person"])
def test_what_an_own_field_points_to_comes_along(scene: Scene, dora: Program, kind: str) -> None:
    with open_workspace(scene) as access:
        make_field(access, "link", kind, **({"target": "products"} if kind == "relation" else {}))
    target = str(scene.members["alice"].pk) if kind == "person" else dora.post("products/", {"name": "Pump"}).data["id"]
    made = dora.post("accounts/", {"name": "One", "x_link": target})
    key = "people" if kind == "person" else "products"
    for answer in (dora.get(f"{made.headers['Location']}?fields=name&include=x_link"), dora.get("accounts/?fields=name&include=x_link,owner")):
        one = answer.data if "id" in answer.data else answer.data["data"][0]
        assert answer.data["included"][key][target]["id"] == target and one["name"] == "One" and "x_link" not in one, answer.content


def test_another_workspace_has_no_such_field(scene: Scene) -> None:
    from patron.testing import make_workspace

    with open_workspace(scene) as access:
        make_field(access, "thing", "text")
    answer = program_of(make_workspace()).post("accounts/", {"name": "X", "x_thing": "y"})
    assert answer.status_code == 422 and answer.data["errors"] == [{"field": "x_thing", "message": "There is no such field."}]


def test_words_of_own_fields_are_found_as_far_as_the_role_shows_them(scene: Scene, dora: Program) -> None:
    with open_workspace(scene) as access:
        make_field(access, "nick", "text")
    assert dora.post("accounts/", {"name": "One", "x_nick": "Zwölfender"}).status_code == 201
    assert [r["name"] for r in dora.get("accounts/?q=zwolf").data["data"]] == ["One"]
    with open_workspace(scene):
        role = scene.members["dora"].role
        role.field_rules = {"accounts": {"x_nick": "hidden"}}
        role.save()
    assert dora.get("accounts/?q=zwolf").data["data"] == []
