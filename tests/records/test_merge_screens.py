"""Merging at the doors: the page, a selection, old addresses, undo."""

from __future__ import annotations

import json
from typing import Any

import pytest

from patron.customers.models import Contact
from patron.kernel.tenancy import workspace
from patron.records.merge_models import Merge
from patron.testing import Scene
from tests.records.merge_kit import signed
from tests.records.test_every_type import address, client_of


@pytest.fixture
def pair(scene: Scene) -> tuple[Any, Any]:
    with signed(scene):
        one = Contact.objects.create(first_name="Helena", last_name="Brandt", phone="+493012345678", do_not_call=True, tags=["a"])
        other = Contact.objects.create(first_name="Helena", last_name="Brand", email="helena@x.example", tags=["b"])
    return one, other


def test_the_page_shows_values_results_and_what_moves(scene: Scene, pair: tuple[Any, Any]) -> None:
    one, other = pair
    page = client_of(scene).get(address(scene, "contacts", "merge"), {"ids": [one.pk, other.pk]})
    text = page.content.decode()
    assert page.status_code == 200
    for part in ("Helena Brandt", "Helena Brand", "helena@x.example", "a, b", "the stricter value wins", "choice-name"):
        assert part in text


def test_choices_are_kept_by_the_preview_and_done_by_merge(scene: Scene, pair: tuple[Any, Any]) -> None:
    one, other = pair
    client = client_of(scene)
    given = {"ids": [str(one.pk), str(other.pk)], "keep": str(one.pk), "kept": str(one.pk), "choice-name": str(other.pk), "choice-tags": str(other.pk)}
    shown = client.post(address(scene, "contacts", "merge"), {**given, "step": "preview"})
    assert shown.status_code == 200 and "all: a, b" in shown.content.decode()
    done = client.post(address(scene, "contacts", "merge"), {**given, "step": "merge"})
    assert (done.status_code, done.headers["Location"]) == (302, address(scene, "contacts", one.pk))
    with workspace(scene.workspace.pk):
        stayed = Contact.objects.get(pk=one.pk)
        assert (stayed.name, stayed.email, stayed.phone, stayed.tags) == ("Helena Brand", "helena@x.example", "+493012345678", ["b"])
        item = Merge.objects.get()
    old = client.get(address(scene, "contacts", other.pk) + "?tab=history")
    assert (old.status_code, old.headers["Location"]) == (302, address(scene, "contacts", one.pk) + "?tab=history")
    dialog = client.get(address(scene, "contacts", one.pk, "do", "unmerge")).content.decode()
    assert "Comes back" in dialog and "Helena Brand" in dialog
    assert client.post(address(scene, "history", item.operation_id, "undo")).status_code == 302
    assert client.get(address(scene, "contacts", other.pk)).status_code == 200


def test_unmerging_from_the_record_says_what_stays(scene: Scene, pair: tuple[Any, Any]) -> None:
    one, other = pair
    client = client_of(scene)
    client.post(address(scene, "contacts", "merge"), {"ids": [str(one.pk), str(other.pk)], "keep": str(one.pk)})
    client.post(address(scene, "contacts", one.pk, "field", "email"), {"email": "new@x.example"})
    dialog = client.get(address(scene, "contacts", one.pk, "do", "unmerge")).content.decode()
    assert "Stays as it is now" in dialog and "E-mail" in dialog and "changed since" in dialog
    refused = client.post(address(scene, "contacts", one.pk, "do", "unmerge"), {"merge_id": "0"})
    assert refused.status_code == 422
    assert client.post(address(scene, "contacts", one.pk, "do", "unmerge"), {}).status_code == 302
    with workspace(scene.workspace.pk):
        assert Contact.objects.get(pk=one.pk).email == "new@x.example"
        assert Contact.objects.get(pk=other.pk).email == "helena@x.example"


def test_a_selection_leads_to_the_page_and_faults_are_said(scene: Scene, pair: tuple[Any, Any]) -> None:
    one, other = pair
    client = client_of(scene)
    answer = client.get(address(scene, "contacts", "bulk", "merge"), {"ids": [one.pk, other.pk]})
    assert answer.status_code == 302 and f"ids={one.pk}" in answer.headers["Location"]
    assert client.get(address(scene, "contacts", "merge"), {"ids": [one.pk]}).status_code == 422
    assert b"2 to 10" in client.get(address(scene, "contacts", "merge"), {"ids": [one.pk]}).content
    named = client.get(address(scene, "contacts", "merge"), {"ids": [one.pk], "with": "Helena Brand"})
    assert named.status_code == 200
    assert client.get(address(scene, "contacts", "merge"), {"ids": [one.pk], "with": "Nobody"}).status_code == 422
    assert client.get(address(scene, "products", "merge"), {"ids": [one.pk, other.pk]}).status_code == 422
    wrong = client.post(address(scene, "contacts", "merge"), {"ids": [str(one.pk), str(other.pk)], "choice-nonsense": str(one.pk)})
    assert wrong.status_code == 422
    assert client_of(scene, "rita").get(address(scene, "contacts", "merge"), {"ids": [one.pk, other.pk]}).status_code in (403, 404)


def test_the_verb_merges_with_choices_as_json(scene: Scene, pair: tuple[Any, Any]) -> None:
    one, other = pair
    client = client_of(scene)
    bad = client.post(address(scene, "contacts", one.pk, "do", "merge"), {"others": str(other.pk), "choices": "[1]"})
    assert bad.status_code == 422
    good = client.post(address(scene, "contacts", one.pk, "do", "merge"), {"others": str(other.pk), "choices": json.dumps({"name": str(other.pk)})})
    assert good.status_code == 302
    with workspace(scene.workspace.pk):
        assert Contact.objects.get(pk=one.pk).last_name == "Brand"
