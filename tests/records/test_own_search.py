"""Own values are found by their words: in lists, the palette, pickers and the API; as long as their field is there to be seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from patron.customers.models import Account
from patron.identity.access import Access
from patron.kernel.tenancy import workspace
from patron.ledger.models import Change
from patron.ledger.operations import operation
from patron.records import changes, palette, registry, search, undoing
from patron.records.custom_models import CustomField
from patron.records.customs import texts
from patron.records.listing import Lister, ListState
from patron.setup.domain import own_fields
from patron.testing import Scene
from tests.records.making import make
from tests.records.merge_kit import merge, signed, unmerge
from tests.records.own_kit import COURSES, courses, own_field
from tests.records.test_merge import view

TIERS = [{"value": "a", "label": "Gold partner"}, {"value": "b", "label": "Bronze"}]
ACCOUNTS = registry.get("accounts")


@pytest.fixture(autouse=True)
def fields(scene: Scene) -> Iterator[None]:
    with workspace(scene.workspace.pk):
        with operation("test", access=scene.access()):
            for more in (
                {"key": "nick", "kind": "text"}, {"key": "notes", "kind": "long_text"}, {"key": "mail", "kind": "email"}, {"key": "line", "kind": "phone"}, {"key": "site", "kind": "url"},
                {"key": "tier", "kind": "choice", "choices": TIERS}, {"key": "tiers", "kind": "multi_choice", "choices": TIERS}, {"key": "size", "kind": "number"},
            ):  # fmt: skip
                own_field(scene.access(), "accounts", **more)
        yield


def account(name: str, **custom: Any) -> Any:
    return Account.objects.create(name=name, custom=custom)


def listed(access: Access, words: str, key: str = "accounts") -> list[str]:
    record_type = registry.get(key)
    rows = Lister(record_type, as_view(access), ListState(words=words)).queryset()
    return sorted(rows.values_list(record_type.title_path, flat=True))


def as_view(access: Access) -> Any:
    from patron.kernel.formats import Formats
    from patron.records.kinds import View

    return View(access, Formats("en", access.zone))


def jumped(access: Access, words: str, key: str = "accounts") -> list[str]:
    return sorted(row[1] for record_type, rows in palette.search(words, as_view(access)) for row in rows if record_type.key == key)


VALUES = {
    "nick": ("Zwölfender", "zwolfend"), "notes": ("Said at the fair:\nquartz crystals", "quartz"), "mail": ("frieda@zebra.example", "frieda@zebra"),
    "line": ("+493012345678", "+49 30 1234567"), "site": ("https://yonder.example/", "yonder.ex"), "tier": ("a", "gold"), "tiers": (["b", "a"], "partner"),
}  # fmt: skip


@pytest.mark.parametrize("key", VALUES)
def test_every_kind_with_words_is_found_in_list_palette_and_pickers(scene: Scene, key: str) -> None:
    value, words = VALUES[key]
    with signed(scene):
        account("Found", **{key: value}), account("Other", size="777")
    access = scene.access("dora")
    assert listed(access, words) == jumped(access, words) == ["Found"]
    assert [r.name for r in palette.candidates(ACCOUNTS, words, as_view(access), 5)] == ["Found"]
    assert listed(access, f"{words} foun") == ["Found"], "each word where it stands"
    assert listed(access, f"{words} other") == []
    assert listed(access, "777") == [], "numbers are no words"


def test_the_page_of_the_list_finds_them(scene: Scene) -> None:
    with signed(scene):
        account("Found", nick="Zwölfender"), account("Other")
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(scene.users["dora"])
    page = client.get(f"/w/{scene.workspace.slug}/accounts/", {"q": "zwolf"})
    assert "Found" in page.text and "Other" not in page.text


def test_what_a_role_hides_finds_nothing(scene: Scene) -> None:
    with signed(scene):
        account("Found", nick="Zwölfender", notes="quartz"), Account.objects.create(name="Phoned", phone="+493099999")
    access = scene.access("dora")
    assert listed(access, "3099999") == jumped(access, "3099999") == ["Phoned"]
    access.field_rules["accounts"] = {"x_nick": "hidden", "phone": "hidden", "x_notes": "read-only"}
    for words in ("zwolfender", "3099999", "zwolfender quartz"):
        assert listed(access, words) == jumped(access, words) == []
        assert not palette.candidates(ACCOUNTS, words, as_view(access), 5).exists()
    assert listed(access, "quartz found") == jumped(access, "quartz") == ["Found"]
    assert jumped(access, "Founnd") == ["Found"], "near spellings of the name go on"


def words_of(record: Any) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT own_text FROM "{record._meta.db_table}" WHERE workspace_id = %s AND id = %s', [record.workspace_id, record.pk])
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


def test_words_follow_each_write_and_nobody_writes_them_otherwise(scene: Scene) -> None:
    with signed(scene) as access:
        one, none = account("One", nick="Red"), account("None", size="7")
        assert (words_of(one), words_of(none)) == ("red", None)
        changes.edit(ACCOUNTS, one, {"x_nick": "Blue", "x_tier": "b"}, access=access)
        assert set(str(words_of(one)).split()) == {"blue", "bronze"}
        Account.objects.filter(pk=one.pk).update(own_text="planted")
        assert set(str(words_of(one)).split()) == {"blue", "bronze"}
        changes.edit(ACCOUNTS, one, {"x_nick": None, "x_tier": None}, access=access)
        assert words_of(one) is None
    assert not any("own_text" in c.changes for c in Change.objects.filter(row_id=one.pk))


@pytest.mark.parametrize("key", ["nick", "tier"])
def test_retired_silent_and_deleted_fields_are_found_no_more(scene: Scene, key: str) -> None:
    value, words = VALUES[key]
    with signed(scene) as access:
        record = account("Found", **{key: value})
        before = Account.objects.values("revision", "updated_at").get(pk=record.pk)
        field = CustomField.objects.get(key=key)

        def after(found: bool) -> None:
            texts.rewrite(scene.workspace, "accounts", key)
            assert jumped(access, words) == listed(access, words) == (["Found"] if found else [])

        own_fields.retire(field, access=access)
        assert listed(access, "nothing") == []
        after(False)
        own_fields.bring_back(field, access=access)
        after(True)
        changes.edit(registry.get("custom-fields"), field, {"searchable": False}, access=access)
        after(False)
        changes.edit(registry.get("custom-fields"), field, {"searchable": True}, access=access)
        after(True)
        own_fields.remove(field, access=access)
        after(False)
    assert Account.objects.values("revision", "updated_at").get(pk=record.pk) == before, "search is upkeep: nobody changed the record"


def test_a_choice_is_found_by_its_new_label(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "BATCH", 2)
    with signed(scene) as access:
        for n in range(5):
            account(f"Found {n}", tier="a")
        field = CustomField.objects.get(key="tier")
        changes.edit(registry.get("custom-fields"), field, {"choices": [{"value": "a", "label": "Platinum"}]}, access=access)
        assert texts.rewrite(scene.workspace, "accounts", "tier") == 5
        assert len(listed(access, "platinum")) == 5
        assert listed(access, "gold") == []


def test_undo_merge_and_unmerge_keep_the_words(scene: Scene) -> None:
    with signed(scene):
        a, b = account("A", nick="Red"), account("B", notes="quartz")
    item = merge(scene, "accounts", a, b)
    access = scene.access("dora")
    assert listed(access, "red quartz") == ["A"]
    unmerge(scene, item)
    assert (listed(access, "red"), listed(access, "quartz")) == (["A"], ["B"])
    with workspace(scene.workspace.pk):
        with operation("accounts.edit", access=access) as signed_as:
            changes.edit(ACCOUNTS, a, {"x_nick": "Green"}, access=access)
    undoing.undo_operation(signed_as.id, view=view(scene))
    assert (listed(access, "red"), listed(access, "green")) == (["A"], [])


def test_records_of_an_own_type_are_found_by_their_own_fields_and_no_others(scene: Scene) -> None:
    with signed(scene) as access:
        courses(access)
        make(registry.get(COURSES), access, name="Welding", x_code="W-17", x_outline="Sparks fly", x_level="expert")
        own_field(access, "contacts", key="outline", kind="number")
    access = scene.access("dora")
    assert listed(access, "sparks", COURSES) == jumped(access, "sparks", COURSES) == ["Welding"]
    assert listed(access, "expert w-17", COURSES) == ["Welding"]
    access.field_rules[COURSES] = {"x_outline": "hidden"}
    assert listed(access, "sparks", COURSES) == jumped(access, "sparks", COURSES) == []


def test_what_helps_a_condition_on_searched_text_along_never_loses_a_row(scene: Scene) -> None:
    """An index over the searched text narrows first; each kind of condition still finds the record by each of its texts, however it is written."""
    access = scene.access()
    with signed(scene):
        for record_type in registry.all_types():
            columns = search.searched_columns(record_type.model) & record_type.fields.keys()
            if not columns or not (record_type.creatable and record_type.sections):
                continue
            record = make(record_type, access)
            for name in columns:
                text = str(getattr(record, name) or "")
                for node in ([name, "is", [text]], [name, "is", ["zzz", f" {text.upper()}".strip()]], [name, "is", text], [name, "starts", text[:4]], [name, "starts", text.upper()], [name, "contains", text[1:-1]]):
                    if len(text) > 3:
                        found = Lister(record_type, view(scene), ListState(filter={"and": [node]})).queryset()
                        assert found.filter(pk=record.pk).exists(), (record_type.key, node)
