"""Files in own fields: forms, the record page, rules, removal, undo, merging, and who may see what."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import override_settings

from patron.collab.domain import files, timeline
from patron.collab.models import Attachment
from patron.kernel.formats import Formats
from patron.kernel.tenancy import workspace
from patron.ledger import undo
from patron.ledger.models import Operation
from patron.records import bulk, changes, history, perform, registry, search
from patron.records.kinds import View
from patron.records.merging import engine, parting
from patron.records.verbs import Refused
from patron.testing import Scene, open_workspace
from tests.collab.file_kit import browser, content_url, make_field, names, sent, stored, upload
from tests.records import own_kit

pytestmark = pytest.mark.usefixtures("storage")


@pytest.fixture
def here(scene: Scene) -> str:
    """The address of accounts, which have a contract each and several drawings."""
    with open_workspace(scene) as access:
        make_field(access)
        make_field(access, "drawings", several=True)
    return f"/w/{scene.workspace.slug}/accounts/"


def account(scene: Scene, **values: Any) -> Any:
    with open_workspace(scene) as access:
        return changes.create(registry.get("accounts"), {"name": "Acme", **values}, access=access)


def test_a_form_creates_keeps_replaces_and_removes_without_script(scene: Scene, here: str) -> None:
    dora = browser(scene)
    page = dora.get(f"{here}new/?form=all").content.decode()
    assert 'enctype="multipart/form-data"' in page and 'type="file"' in page and 'name="x_drawings" multiple' in page
    both = {"has-x_contract": "1", "has-x_drawings": "1"}
    made = dora.post(f"{here}new/?form=all", {"name": "Acme", **both, "x_contract": sent("offer.pdf"), "x_drawings": [sent("a.txt", b"a"), sent("b.txt", b"b")]})
    assert made.status_code == 302
    assert names(scene) == [("a.txt", "drawings"), ("b.txt", "drawings"), ("offer.pdf", "contract")]
    with workspace(scene.workspace.pk):
        pk = registry.get("accounts").model.objects.get(name="Acme").pk
    first = stored(scene, pk)
    assert dora.post(f"{here}{pk}/edit/", {"name": "Acme 2", **both}).status_code == 302
    assert stored(scene, pk) == first  # nothing chosen, nothing ticked: all stays
    form = dora.get(f"{here}{pk}/edit/").content.decode()
    assert "offer.pdf" in form and f'name="drop-x_drawings" value="{first["drawings"][0]}"' in form
    dora.post(f"{here}{pk}/edit/", {"name": "Acme 2", **both, "x_contract": sent("signed.pdf"), "x_drawings": sent("c.txt", b"c"), "drop-x_drawings": first["drawings"][0]})
    assert names(scene) == [("b.txt", "drawings"), ("c.txt", "drawings"), ("signed.pdf", "contract")]
    now = stored(scene, pk)
    assert len(now["contract"]) == 1 and now["drawings"][0] == first["drawings"][1] and len(now["drawings"]) == 2
    shown = dora.get(f"{here}{pk}/").content.decode()
    assert content_url(scene, now["contract"][0]) in shown and "Contract · " in shown  # in the facts and in the panel of files
    told = dora.get(f"{here}{pk}/?tab=history").content.decode()
    assert "added signed.pdf, removed offer.pdf" in told
    assert dora.get(content_url(scene, now["contract"][0])).status_code == 200


def test_a_refused_form_says_what_to_choose_again_and_keeps_the_ticks(scene: Scene, here: str) -> None:
    one = account(scene, x_drawings=[upload("a.txt")])
    (pk,) = stored(scene, one.pk)["drawings"]
    answer = browser(scene).post(f"{here}{one.pk}/edit/", {"name": "", "has-x_drawings": "1", "x_drawings": sent("b.txt"), "drop-x_drawings": pk})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Choose “b.txt” again" in page and f'value="{pk}" checked' in page
    assert names(scene) == [("a.txt", "drawings")]


def test_bad_files_are_refused_in_words_and_nothing_is_kept(scene: Scene, here: str) -> None:
    dora = browser(scene)
    empty = dora.post(f"{here}new/?form=all", {"name": "Acme", "x_contract": sent("nothing.pdf", b"")})
    assert empty.status_code == 422 and "“nothing.pdf” is empty." in empty.content.decode()
    with override_settings(PATRON_FILE_MEGABYTES=1):
        large = dora.post(f"{here}new/?form=all", {"name": "Acme", "x_contract": sent("big.bin", b"x" * (1024**2 + 1))})
    assert large.status_code == 422 and "“big.bin” is larger than 1 MB." in large.content.decode()
    words = dora.post(f"{here}new/?form=all", {"name": "Acme", "x_contract": "no file"})
    assert words.status_code == 422 and "Choose a file." in words.content.decode()
    two = dora.post(f"{here}new/?form=all", {"name": "Acme", "x_contract": [sent("a.txt"), sent("b.txt")]})
    assert two.status_code == 422 and "There is room for one file." in two.content.decode()
    assert names(scene) == []


def test_inline_edit_adds_and_removes(scene: Scene, here: str) -> None:
    one, dora = account(scene), browser(scene)
    place = f"{here}{one.pk}/field/x_contract/"
    assert 'type="file"' in dora.get(place, headers={"HX-Request": "true"}).content.decode()
    answer = dora.post(place, {"has-x_contract": "1", "x_contract": sent("offer.pdf")})
    assert answer.status_code == 200 and "offer.pdf</a>" in answer.content.decode()
    (pk,) = stored(scene, one.pk)["contract"]
    assert dora.post(place, {"drop-x_contract": pk}).status_code == 200
    assert (stored(scene, one.pk), names(scene)) == ({}, [])


def test_the_panel_of_files_puts_into_a_field_and_takes_out_of_it(scene: Scene, here: str) -> None:
    one, dora = account(scene), browser(scene)
    add = f"/w/{scene.workspace.slug}/collab/on/accounts/{one.pk}/files/"
    assert dora.post(add, {"file": sent("offer.pdf"), "field": "x_contract"}, headers={"HX-Request": "true"}).status_code == 200
    (pk,) = stored(scene, one.pk)["contract"]
    assert dora.post(add, {"file": sent("x.pdf"), "field": "x_none"}).status_code == 422
    with open_workspace(scene) as access:
        row = Attachment.objects.get(pk=pk)
        done = perform.perform(registry.verb("files", "delete"), registry.get("files"), row, access=access, inputs={})
        assert stored(scene, one.pk) == {} and names(scene) == []
        undo.undo(done.operation_id, access=access)
    assert stored(scene, one.pk) == {"contract": [pk]} and names(scene) == [("offer.pdf", "contract")]
    with open_workspace(scene) as access:
        perform.perform_many(registry.verb("files", "delete"), registry.get("files"), Attachment.objects.all(), access=access, inputs={})
    assert stored(scene, one.pk) == {} and names(scene) == []


def test_undo_of_adding_and_of_making_leaves_nothing_behind(scene: Scene, here: str) -> None:
    one = account(scene)
    with workspace(scene.workspace.pk):
        access = scene.access()
        changes.edit(registry.get("accounts"), one, {"x_drawings": [upload("a.txt"), upload("b.txt")]}, access=access)
        signed = Operation.objects.filter(verb="accounts.edit").latest("at")
        undone = undo.undo(signed.pk, access=access)
        assert stored(scene, one.pk) == {} and names(scene) == []
        undo.undo(undone, access=access)
    assert len(stored(scene, one.pk)["drawings"]) == 2 and len(names(scene)) == 2


def test_rules_hold_at_every_door(scene: Scene) -> None:
    with open_workspace(scene) as access:
        make_field(access, "contract", required=True, visible_if={"and": [["website", "filled"]]}, readonly_if={"and": [["tags", "is", ["signed"]]]})
        accounts = registry.get("accounts")
        with pytest.raises(changes.NotValid, match="Enter a value"):
            changes.create(accounts, {"name": "A", "website": "https://a.example"}, access=access)
        with pytest.raises(changes.NotValid, match="has no"):
            changes.create(accounts, {"name": "A", "x_contract": [upload("a.pdf")]}, access=access)
        one = changes.create(accounts, {"name": "A", "website": "https://a.example", "x_contract": [upload("a.pdf")]}, access=access)
        row = Attachment.objects.get()
        with pytest.raises(Refused, match="Enter a value"):
            files.delete(row, access=access)
        changes.edit(accounts, one, {"tags": ["signed"]}, access=access)
        with pytest.raises(changes.NotValid, match="locked"):
            changes.edit(accounts, one, {"x_contract": [upload("b.pdf")]}, access=access)
        with pytest.raises(changes.NotValid, match="one record at a time"):
            bulk.edit_many(accounts, accounts.model.objects.all(), {"x_contract": []}, access=access)
    assert names(scene) == [("a.pdf", "contract")]


def test_fields_that_come_with_a_file_are_offered_before_it_is_sent(scene: Scene, here: str) -> None:
    with open_workspace(scene) as access:
        own_kit.own_field(access, "accounts", key="signed", kind="date", visible_if={"and": [["x_contract", "filled"]]})
    dora = browser(scene)
    assert dora.post(f"{here}offered/", {"name": "A", "has-x_contract": "1"}).json() == {"off": ["x_signed"]}
    assert dora.post(f"{here}offered/", {"name": "A", "has-x_contract": "1", "x_contract": "offer.pdf"}).json() == {"off": []}
    with open_workspace(scene) as access, pytest.raises(changes.NotValid, match="cannot be used"):
        own_kit.own_field(access, "accounts", key="odd", kind="date", visible_if={"and": [["x_contract", "contains", "a"]]})


def test_only_files_of_the_record_that_stand_nowhere_else_may_be_named(scene: Scene, here: str) -> None:
    one, other = account(scene), account(scene, name="Other", x_contract=[upload("other.pdf")])
    accounts = registry.get("accounts")
    with open_workspace(scene) as access:
        (loose,) = files.add(files.Ref("accounts", one.pk), [("loose.txt", sent("loose.txt"))], access=access)
        for strange in (stored(scene, other.pk)["contract"][0], "0190d000-0000-7000-8000-000000000000"):
            with pytest.raises(changes.NotValid, match="Choose among the files"):
                changes.edit(accounts, one, {"x_contract": [strange]}, access=access)
        changes.edit(accounts, one, {"x_contract": [str(loose.pk)]}, access=access)
        with pytest.raises(changes.NotValid, match="Choose among the files"):
            changes.edit(accounts, one, {"x_drawings": [str(loose.pk)]}, access=access)
    assert ("loose.txt", "contract") in names(scene)


def test_what_others_added_meanwhile_stays(scene: Scene, here: str) -> None:
    accounts, seen = registry.get("accounts"), account(scene, x_drawings=[upload("a.txt")])
    with open_workspace(scene) as access:
        before = list(seen.custom["drawings"])
        changes.edit(accounts, accounts.model.objects.get(pk=seen.pk), {"x_drawings": [*before, upload("b.txt")]}, access=access)
        changes.edit(accounts, seen, {"x_drawings": [*before, upload("c.txt")]}, access=access)
    assert [name for name, _field in names(scene)] == ["a.txt", "b.txt", "c.txt"] and len(stored(scene, seen.pk)["drawings"]) == 3


def test_who_has_to_decide_between_two_changes_is_told_to_choose_the_file_again(scene: Scene, here: str) -> None:
    one = account(scene, city="Bonn")
    seen = {"revision": str(one.revision), "was-city": "Bonn", "name": "Acme", "city": "Ulm", "has-x_contract": "1", "x_contract": sent("offer.pdf")}
    with open_workspace(scene) as access:
        changes.edit(registry.get("accounts"), one, {"city": "Köln"}, access=access)
    answer = browser(scene).post(f"{here}{one.pk}/edit/", seen)
    assert answer.status_code == 409 and "Choose “offer.pdf” again" in answer.content.decode() and names(scene) == []


def test_undo_brings_a_replaced_file_back(scene: Scene, here: str) -> None:
    one = account(scene, x_contract=[upload("old.pdf")])
    was = stored(scene, one.pk)
    with workspace(scene.workspace.pk):
        changes.edit(registry.get("accounts"), one, {"x_contract": [upload("new.pdf")]}, access=scene.access())
        assert names(scene) == [("new.pdf", "contract")]
        undo.undo(Operation.objects.filter(verb="accounts.edit").latest("at").pk, access=scene.access())
    assert (stored(scene, one.pk), names(scene)) == (was, [("old.pdf", "contract")])


def test_merging_unites_files_and_parting_gives_them_back(scene: Scene, here: str) -> None:
    one, two = account(scene, x_drawings=[upload("a.txt")]), account(scene, name="Twin", x_contract=[upload("c.pdf")], x_drawings=[upload("b.txt")])
    was = [stored(scene, r.pk) for r in (one, two)]
    with open_workspace(scene) as access:
        accounts = registry.get("accounts")
        merged = engine.merge(accounts, one.pk, [two.pk], access=access)
        assert stored(scene, one.pk) == {"contract": was[1]["contract"], "drawings": [*was[0]["drawings"], *was[1]["drawings"]]}
        assert set(Attachment.objects.values_list("record_id", flat=True)) == {one.pk}
        parting.unmerge(merged, access=access)
    assert [stored(scene, r.pk) for r in (one, two)] == was
    with workspace(scene.workspace.pk):
        assert Attachment.objects.filter(record_id=two.pk).count() == 2


def test_a_single_file_stays_single_when_records_become_one(scene: Scene, here: str) -> None:
    one, two = account(scene, x_contract=[upload("a.pdf")]), account(scene, name="Twin", x_contract=[upload("b.pdf")])
    with open_workspace(scene) as access:
        kept = stored(scene, one.pk)
        engine.merge(registry.get("accounts"), one.pk, [two.pk], access=access)
        assert stored(scene, one.pk) == kept
        assert Attachment.objects.filter(record_id=one.pk).count() == 2  # the other file is on the record still


def test_a_retired_or_deleted_field_loses_nothing(scene: Scene, here: str) -> None:
    one = account(scene, x_contract=[upload("a.pdf")])
    was = stored(scene, one.pk)
    fields = registry.get("custom-fields")
    with open_workspace(scene) as access:
        row = fields.model.objects.get(key="contract")
        perform.perform(registry.verb("custom-fields", "archive"), fields, row, access=access, inputs={})
        assert "a.pdf" in browser(scene).get(f"{here}{one.pk}/").content.decode()  # the panel of files has it
        perform.perform(registry.verb("custom-fields", "delete"), fields, row, access=access, inputs={})
        assert stored(scene, one.pk) == was and names(scene) == [("a.pdf", "contract")]
        make_field(access)
        accounts = registry.get("accounts")
        assert accounts.fields["x_contract"].get(accounts.model.objects.get(pk=one.pk)) == was["contract"]


def test_what_a_role_hides_is_neither_shown_nor_given_out_nor_found(scene: Scene, here: str) -> None:
    one = account(scene, x_contract=[upload("secretoffer.pdf")], owner=scene.members["alice"].pk)
    (pk,) = stored(scene, one.pk)["contract"]
    alice, slug = browser(scene, "alice"), scene.workspace.slug
    assert alice.get(content_url(scene, pk)).status_code == 200
    with open_workspace(scene):
        role = scene.members["alice"].role
        role.field_rules = {"accounts": {"x_contract": "hidden"}}
        role.save()
    assert alice.get(content_url(scene, pk)).status_code == 404
    assert alice.get(f"/w/{slug}/files/{pk}/").status_code == 404
    for address in (f"{here}{one.pk}/", f"{here}{one.pk}/?tab=history", f"{here}{one.pk}/edit/", f"/w/{slug}/files/", f"{here}?q=secretoffer", f"/w/{slug}/files/?q=secretoffer"):
        page = alice.get(address)
        assert page.status_code == 200 and "secretoffer.pdf" not in page.content.decode() and "Acme</a>" not in (page.content.decode() if "?q=" in address else ""), address
    with open_workspace(scene, "alice") as access:
        told = timeline.page("accounts", one.pk, access)
        assert not any("secretoffer" in str(line.item) for group in told.groups for line in group.lines)


def test_a_role_that_only_reads_the_field_cannot_touch_its_files(scene: Scene, here: str) -> None:
    one = account(scene, x_contract=[upload("a.pdf")], owner=scene.members["alice"].pk)
    (pk,) = stored(scene, one.pk)["contract"]
    with open_workspace(scene):
        Attachment.objects.filter(pk=pk).update(owner=scene.members["alice"].pk)
        role = scene.members["alice"].role
        role.field_rules = {"accounts": {"x_contract": "read-only"}}
        role.save()
    with open_workspace(scene, "alice") as access:
        row = Attachment.objects.get(pk=pk)
        for verb, inputs in (("delete", {}), ("rename", {"name": "b.pdf"})):
            with pytest.raises(perform.NotAllowed):
                perform.perform(registry.verb("files", verb), registry.get("files"), row, access=access, inputs=inputs)
    assert browser(scene, "alice").get(content_url(scene, pk)).status_code == 200


def test_records_are_found_by_the_names_of_their_files_also_after_a_rename(scene: Scene, here: str) -> None:
    one = account(scene, x_contract=[upload("Rahmenvertrag.pdf")])
    accounts = registry.get("accounts")

    def found(words: str) -> bool:
        return bool(search.matching(accounts.model.objects.all(), words, record_type=accounts, access=access).exists())

    with workspace(scene.workspace.pk):
        access = scene.access()
        assert found("rahmenvertrag")
        row, revision = Attachment.objects.get(), accounts.model.objects.get(pk=one.pk).revision
        files.rename(row, access=access, name="Anlage.pdf")
        assert found("anlage") and not found("rahmenvertrag")
        assert accounts.model.objects.get(pk=one.pk).revision == revision
        done = perform.perform(registry.verb("files", "delete"), registry.get("files"), row, access=access, inputs={})
        assert not found("anlage")
        undo.undo(done.operation_id, access=access)
        assert found("anlage")


def test_records_of_own_types_have_files_too(scene: Scene) -> None:
    with open_workspace(scene) as access:
        kind = own_kit.make_type(access)
        make_field(access, "syllabus", kind.key, several=True)
        course = changes.create(registry.get(kind.key), {"name": "Rust", "x_syllabus": [upload("plan.pdf"), upload("Zusatz.txt")]}, access=access)
        rows = search.matching(registry.get(kind.key).model.objects.all(), "zusatz", record_type=registry.get(kind.key), access=access)
        assert [r.pk for r in rows] == [course.pk]
        files.rename(Attachment.objects.get(name="plan.pdf"), access=access, name="Lehrplan.pdf")
        rows = search.matching(registry.get(kind.key).model.objects.all(), "lehrplan", record_type=registry.get(kind.key), access=access)
        assert [r.pk for r in rows] == [course.pk]
        view = View(access, Formats(access.locale, access.zone))
        changes.edit(registry.get(kind.key), course, {"x_syllabus": []}, access=access)
        assert ("Syllabus", "", "removed Lehrplan.pdf, Zusatz.txt") in history.of_record(registry.get(kind.key), course, view).entries[0].changes
    assert names(scene) == []
