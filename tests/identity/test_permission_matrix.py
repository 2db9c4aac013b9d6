"""Role × record type × action × scope, through the doors that people use: list, record, forms, verbs, export. Generic over the registry.

What is expected comes from the shipped roles as they are written and from who is whose team-mate, not from the code that is tested.
"""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from patron.identity.models import Membership, Role
from patron.identity.roles import SHIPPED
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import registry
from patron.records.record_type import RecordType
from patron.testing import Scene, open_workspace
from tests.records.making import make

ROLES = {"alice": "sales-agent", "bob": "sales-agent", "charlie": "sales-agent", "dora": "administrator", "erin": "manager", "rita": "auditor"}
MATES = {"alice": {"bob"}, "bob": {"alice"}, "erin": {"alice", "bob"}}
OWNERS = ("alice", "bob", "charlie")
SHIPPED_BY_KEY = {role.key: role for role in SHIPPED}


def owner_column(record_type: RecordType) -> str:
    """The column that says whose a record is; empty for types without."""
    column = record_type.owners[0] if record_type.owners else ""
    field = record_type.fields.get(column)
    return column if field is not None and field.model is Membership else ""


TYPES = registry.all_types()
#: Nobody but the person and administrators, or whom they are shared with, whatever the role says of records: tested with their screens.
PRIVATE = ("keys", "proposals", "applications", *(t.key for t in TYPES if not t.screens))
OWNED = [t.key for t in TYPES if owner_column(t) and t.key not in ("team-members", "teams", *PRIVATE)]
SHARED = [t.key for t in TYPES if not t.owners and type(t).own is RecordType.own and type(t).restrict is RecordType.restrict]


def scope(name: str, key: str, action: str) -> str | None:
    matrix = SHIPPED_BY_KEY[ROLES[name]].matrix
    return matrix.get(key, matrix["*"]).get(action)


def reaches(name: str, key: str, action: str, owner: str) -> bool:
    """Whether the action reaches a record of `owner`."""
    how_far = scope(name, key, action)
    return how_far == "all" or (how_far in ("own", "team") and owner == name) or (how_far == "team" and owner in MATES.get(name, ()))


def client_of(scene: Scene, name: str) -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(scene.users[name])
    return client


def address(scene: Scene, *parts: Any) -> str:
    return f"/w/{scene.workspace.slug}/" + "".join(f"{p}/" for p in parts)


def records_of(scene: Scene, key: str) -> dict[str, Any]:
    """One record of the type for each owner."""
    record_type = registry.get(key)
    column = owner_column(record_type)
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        return {name: make(record_type, scene.access(), **{column: scene.members[name].pk}) for name in OWNERS}


@pytest.mark.parametrize("key", OWNED)
@pytest.mark.parametrize("name", ROLES)
def test_reading_reaches_as_far_as_the_role_says(scene: Scene, key: str, name: str) -> None:
    records, client, record_type = records_of(scene, key), client_of(scene, name), registry.get(key)
    listed = client.get(address(scene, key))
    assert listed.status_code == (200 if scope(name, key, "view") else 404)
    for owner, record in records.items():
        seen = reaches(name, key, "view", owner)
        assert (str(record.pk) in listed.content.decode()) == seen, (owner, "list")
        if record_type.has_page:
            assert client.get(address(scene, key, record.pk)).status_code == (200 if seen else 404), (owner, "page")
        assert (client.get(address(scene, key, record.pk, "edit")).status_code == 404) == (not seen or not scope(name, key, "edit")), (owner, "form")


@pytest.mark.parametrize("key", OWNED)
@pytest.mark.parametrize("name", ROLES)
def test_writing_reaches_as_far_as_the_role_says(scene: Scene, key: str, name: str) -> None:
    records, client, record_type = records_of(scene, key), client_of(scene, name), registry.get(key)
    text = next((f.name for f in record_type.editable_fields(scene.access()).values() if f.kind == "text" and f.name in record_type.form_fields), None)
    if record_type.creatable:
        assert (client.get(address(scene, key, "new")).status_code == 200) == bool(scope(name, key, "create") and scope(name, key, "view"))
    for owner, record in records.items():
        seen, edits = reaches(name, key, "view", owner), reaches(name, key, "edit", owner)
        form = client.get(address(scene, key, record.pk, "edit"))
        assert (form.status_code == 200) == (seen and edits), (owner, form.status_code)
        if text:
            old = getattr(record, record_type.fields[text].path)
            answer = client.post(address(scene, key, record.pk, "field", text), {text: f"Changed {owner}", "revision": getattr(record, "revision", "")})
            assert (answer.status_code == 200) == (seen and edits), (owner, answer.status_code)
            with workspace(scene.workspace.pk):
                now = record_type.model.objects.values_list(record_type.fields[text].path, flat=True).get(pk=record.pk)
            assert now == (f"Changed {owner}" if seen and edits else old), owner
        removal = client.get(address(scene, key, record.pk, "do", "delete"))
        assert (removal.status_code == 200) == (seen and reaches(name, key, "delete", owner)), (owner, removal.status_code)


@pytest.mark.parametrize("key", OWNED)
@pytest.mark.parametrize("name", ROLES)
def test_export_holds_what_the_role_may_take_away(scene: Scene, key: str, name: str) -> None:
    records, record_type = records_of(scene, key), registry.get(key)
    answer = client_of(scene, name).get(address(scene, key, "export"))
    if not scope(name, key, "export"):
        assert answer.status_code == 404
        return
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    expected = {owner for owner in records if reaches(name, key, "export", owner) and reaches(name, key, "view", owner)}
    assert len(rows) == len(expected)
    if not record_type.fields[record_type.title].is_relation:
        names = {row[str(record_type.fields[record_type.title].label)] for row in rows}
        assert names == {str(getattr(records[owner], record_type.title)) for owner in expected}


@pytest.mark.parametrize("key", SHARED)
@pytest.mark.parametrize("name", ["alice", "dora", "erin", "rita"])
def test_what_belongs_to_nobody_is_reached_by_all_alone(scene: Scene, key: str, name: str) -> None:
    record_type, client = registry.get(key), client_of(scene, name)
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        record = make(record_type, scene.access())
    listed = client.get(address(scene, key))
    assert listed.status_code == (200 if scope(name, key, "view") else 404)
    assert (str(record.pk) in listed.content.decode()) == (scope(name, key, "view") == "all")
    may = scope(name, key, "view") == "all" and scope(name, key, "edit") == "all"
    assert (client.get(address(scene, key, record.pk, "edit")).status_code == 200) == may


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda role: role.key)
def test_settings_open_for_those_who_manage_them(scene: Scene, shipped: Any) -> None:
    with open_workspace(scene):
        Membership.objects.filter(pk=scene.members["bob"].pk).update(role=Role.objects.get(key=shipped.key))
    client = client_of(scene, "bob")
    manages = shipped.key == "administrator"
    for page in ("workspace", "people", "teams", "roles", "rights", "lists", "pipelines", "data", "changes"):
        assert client.get(address(scene, "settings", page)).status_code == (200 if manages else 403), page
    for page in ("profile", "security"):
        assert client.get(address(scene, "settings", page)).status_code == 200, page


@pytest.mark.parametrize("key", OWNED)
def test_hidden_and_read_only_fields_hold_at_every_door(scene: Scene, key: str) -> None:
    record_type = registry.get(key)
    naming = {record_type.title, "subject", "body", "company", "first_name", "last_name"}  # a record's title may be put together from these
    texts = [f for n, f in record_type.editable_fields(scene.access()).items() if f.kind in ("text", "long_text") and n not in naming and n in record_type.form_fields]
    if len(texts) < 2:
        pytest.skip("has fewer than two texts beside its title")
    hidden, fixed = texts[0], texts[1]
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        record = make(record_type, scene.access(), **{owner_column(record_type): scene.members["bob"].pk, hidden.name: "Secret words", fixed.name: "Fixed words"})
        rights = dict.fromkeys(("view", "create", "edit", "export"), "all")
        Role.objects.filter(key="sales-agent").update(matrix={"*": rights, "settings": {}}, field_rules={key: {hidden.name: "hidden", fixed.name: "read-only"}})
    client = client_of(scene, "bob")
    here = address(scene, key, record.pk)
    pages = [client.get(address(scene, key) + f"?columns={hidden.name}"), client.get(here + "edit/"), *([client.get(here), client.get(here + "?tab=history")] if record_type.has_page else [])]
    assert [page.request["PATH_INFO"] + page.request["QUERY_STRING"] for page in pages if "Secret words" in page.content.decode()] == []
    exported = b"".join(client.get(address(scene, key, "export")).streaming_content).decode()  # type: ignore[attr-defined]
    assert "Secret words" not in exported
    assert "Fixed words" in exported
    for field in (hidden, fixed):
        assert client.post(here + f"field/{field.name}/", {field.name: "Mine"}).status_code == 403
    client.post(here + "edit/", {hidden.name: "Mine", fixed.name: "Mine", "revision": getattr(record, "revision", "")})
    with workspace(scene.workspace.pk):
        kept = record_type.model.objects.get(pk=record.pk)
    assert (getattr(kept, hidden.path), getattr(kept, fixed.path)) == ("Secret words", "Fixed words")
