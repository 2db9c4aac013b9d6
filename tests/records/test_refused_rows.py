"""A verb on many records that the database refuses for one of them: that one is left out and named, the others are done, at every door."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from patron.customers.models import Affiliation
from patron.identity.access import Access
from patron.kernel.tenancy import workspace
from patron.ledger.models import Change
from patron.records import changes, perform, registry
from patron.records.verbs import Refused, Verb
from patron.testing import Scene, open_workspace
from tests.api.conftest import program_of
from tests.conftest import Run

DONE = ["At One Ltd", "At Three Ltd", "Current", "Home"]


def places(access: Access) -> list[str]:
    """Ann's former places in three accounts, archived; in the second account she has one again, so that the former cannot come back."""
    kind = registry.get("affiliations")
    ann = changes.create(registry.get("contacts"), {"last_name": "Ann"}, access=access)

    def place(account: Any, title: str) -> Any:
        return changes.create(kind, {"contact": ann.pk, "account": account.pk, "title": title}, access=access)

    place(changes.create(registry.get("accounts"), {"name": "Home Ltd"}, access=access), "Home")
    found = []
    for name in ("One Ltd", "Two Ltd", "Three Ltd"):
        account = changes.create(registry.get("accounts"), {"name": name}, access=access)
        former = place(account, f"At {name}")
        perform.perform(registry.verb("affiliations", "archive"), kind, former, access=access, inputs={})
        if name == "Two Ltd":
            place(account, "Current")
        found.append(str(former.pk))
    return found


def made(scene: Scene) -> list[str]:
    with open_workspace(scene) as access:
        return places(access)


def live(scene: Scene) -> list[str]:
    with workspace(scene.workspace.pk):
        return sorted(Affiliation.objects.filter(archived_at=None).values_list("title", flat=True))


def test_programs_are_told_row_by_row_and_undo_takes_back_what_was_done(scene: Scene) -> None:
    ids, dora = made(scene), program_of(scene)
    answer = dora.post("affiliations/do/restore/", {"ids": ids})
    assert answer.status_code == 200, answer.content
    ((left,), count) = answer.data["refused"], answer.data["count"]
    assert count == 2 and "Two Ltd" in left["record"] and left["message"] and "affiliation_open_once" not in left["message"]
    assert live(scene) == DONE
    with workspace(scene.workspace.pk):
        changed = Change.objects.filter(operation_id=answer.data["operation"], table_name=Affiliation._meta.db_table)
        assert sorted(str(pk) for pk in changed.values_list("row_id", flat=True)) == sorted([ids[0], ids[2]])
    assert dora.post(f"operations/{answer.data['operation']}/undo/").status_code == 200
    assert live(scene) == ["Current", "Home"]


def test_the_screen_says_who_was_left_out_and_why(scene: Scene) -> None:
    ids, browser = made(scene), Client(HTTP_HOST="127.0.0.1")
    browser.force_login(scene.users["dora"])
    query = "&".join(f"ids={pk}" for pk in ids)
    answer = browser.post(f"/w/{scene.workspace.slug}/affiliations/bulk/restore/?{query}", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    said = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert "2 records" in said["text"] and "1 was left out" in said["text"] and "Two Ltd" in said["text"] and said["tone"] == "warn" and said["undo"]
    assert live(scene) == DONE


def test_the_command_line_names_them_too(scene: Scene, run: Run) -> None:
    ids = made(scene)
    told = run("do", "affiliations", "restore", *ids, "--json", person="dora")
    assert told.exit_code == 0, told.output
    said = json.loads(told.output)
    assert said["count"] == 2 and "Two Ltd" in said["refused"][0]["record"] and live(scene) == DONE


@pytest.mark.parametrize("bulk", ["for each", "at once"])
def test_nothing_half_done_stays_of_a_record_that_is_refused(scene: Scene, bulk: str) -> None:
    """An act that writes something good and then something that the database refuses, and acts that are refused in words."""
    plain: Verb = registry.verb("affiliations", "tag")

    def act(record: Affiliation, *, access: Access, tags: list[str]) -> None:
        Affiliation.objects.filter(pk=record.pk).update(tags=tags)
        if record.title == "Current":
            raise Refused("Not this one.")
        if record.title == "Home":
            changes.edit(registry.get("affiliations"), record, {"starts_on": None, "account": None}, access=access)
        if record.title == "At Two Ltd":
            with connection.cursor() as cursor:
                cursor.execute("UPDATE customers_affiliation SET roles = '{nonsense}' WHERE id = %s", [record.pk])

    def at_once(rows: Any, **inputs: Any) -> int:
        return int(rows.filter(title__in=("At One Ltd", "At Two Ltd")).update(archived_at=None))

    verb = dataclasses.replace(plain, act=act, bulk=True if bulk == "for each" else at_once)
    made(scene)
    with workspace(scene.workspace.pk):
        done = perform.perform_many(verb, registry.get("affiliations"), Affiliation.objects.all(), access=scene.access(), inputs={"tags": ["new"]})
        assert done.count == 2 and len(done.refused) == 3 and all(why for _name, why in done.refused) and "Not this one." in {why for _name, why in done.refused}
        assert sorted(Affiliation.objects.filter(tags=["new"]).values_list("title", flat=True)) == ["At One Ltd", "At Three Ltd"]
        assert Change.objects.filter(operation_id=done.operation_id).count() == 2
    assert live(scene) == ["Current", "Home"]


def test_what_is_done_to_a_set_as_one_is_refused_as_one(scene: Scene) -> None:
    verb = dataclasses.replace(registry.verb("affiliations", "tag"), bulk=lambda rows, **inputs: rows.update(archived_at=None), as_one=True)
    with open_workspace(scene) as access:
        places(access)
        with pytest.raises(changes.NotValid):
            perform.perform_many(verb, registry.get("affiliations"), Affiliation.objects.all(), access=access, inputs={"tags": ["new"]})
    assert live(scene) == ["Current", "Home"]


def test_a_value_that_does_not_go_with_others_of_a_record_leaves_that_one_out(scene: Scene) -> None:
    leads, browser = registry.get("leads"), Client(HTTP_HOST="127.0.0.1")
    with open_workspace(scene) as access:
        for name, company in (("Kern", "Kern AG"), ("Byron", ""), ("Lovelace", "Engines")):
            changes.create(leads, {"last_name": name, "company": company}, access=access)
        ids = "&".join(f"ids={pk}" for pk in leads.model.objects.values_list("pk", flat=True))
    browser.force_login(scene.users["dora"])
    answer = browser.post(f"/w/{scene.workspace.slug}/leads/bulk/edit/?{ids}", {"field": "last_name", "last_name": ""}, headers={"HX-Request": "true"})
    assert answer.status_code == 204, answer.content.decode()
    said = json.loads(answer.headers["HX-Trigger"])["toast"]["text"]
    assert "2 records" in said and "1 was left out (Byron" in said
    with workspace(scene.workspace.pk):
        assert sorted(leads.model.objects.values_list("last_name", "company")) == [("", "Engines"), ("", "Kern AG"), ("Byron", "")]
