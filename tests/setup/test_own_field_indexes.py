"""Indexes of own fields as the worker builds them: outside any transaction, as the owner of the tables."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, connection, transaction

from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.ledger.undo import undo
from patron.records import changes, registry
from patron.records.custom_models import CustomField
from patron.records.customs import building
from patron.records.merging import engine, parting
from patron.setup import jobs
from patron.setup.domain import own_fields
from patron.testing import Scene
from tests.records.test_own_fields import CHOICES, VALUES, account, make_field


def state(scene: Scene, key: str) -> str:
    with workspace(scene.workspace.pk):
        return str(CustomField.objects.get(key=key).index_state)


def test_every_kind_gets_its_index_with_figures_for_the_planner_where_rows_are_many(lasting_people: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = lasting_people
    monkeypatch.setattr(building, "MANY", 0)
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        for kind, (more, value, _other) in VALUES.items():
            make_field(scene.access(), kind, kind, **more)
            account(scene.access(), f"With {kind}", **{f"x_{kind}": value})
    assert building.build(scene.workspace) == len(VALUES)
    assert {state(scene, kind) for kind in VALUES} == {"ready"}
    assert building.build(scene.workspace) == 0, "nothing is built twice"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE indexname LIKE 'own_by_%%' AND indexdef LIKE %s", [f"%{scene.workspace.pk}%"])
        assert cursor.fetchone()[0] == len(VALUES)
        cursor.execute("SELECT count(*) FROM pg_statistic_ext WHERE stxname LIKE 'own_like_%'")
        assert cursor.fetchone()[0] >= 6


def test_values_that_are_alike_make_it_fail_until_one_is_changed(lasting_people: Scene) -> None:
    scene = lasting_people
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        access = scene.access()
        made = make_field(access, "code", "text")
        make_field(access, "tier", "choice", choices=CHOICES)
        one, two = account(access, "One", x_code="Ä"), account(access, "Two", x_code="a")
        changes.edit(registry.get("custom-fields"), made, {"unique": True}, access=access)
    building.build(scene.workspace)
    assert (state(scene, "code"), state(scene, "tier")) == ("failed", "ready")
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        changes.edit(registry.get("accounts"), two, {"x_code": "b"}, access=scene.access())
        registry.verb("custom-fields", "index").act(CustomField.objects.get(key="code"), access=scene.access())
    building.build(scene.workspace)
    assert state(scene, "code") == "ready"
    with workspace(scene.workspace.pk), operation("test", access=scene.access()), pytest.raises(IntegrityError), transaction.atomic():
        type(one).objects.filter(pk=two.pk).update(custom={"code": "ä"})


def test_a_code_that_another_record_took_since_a_merge_stays_with_that_record(lasting_people: Scene) -> None:
    scene, accounts = lasting_people, registry.get("accounts")
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        make_field(scene.access(), "code", "text", unique=True)
        a, b = account(scene.access(), "A", x_code="A-1"), account(scene.access(), "B", x_code="B-1")
    building.build(scene.workspace)
    with workspace(scene.workspace.pk):
        item = engine.merge(accounts, a.pk, [b.pk], access=scene.access())
        account(scene.access(), "C", x_code="B-1")
    with workspace(scene.workspace.pk):
        parted = parting.unmerge(item, access=scene.access())
        assert (parted.back, [x.columns for x in parted.left]) == ([b.pk], [("custom.code",)])
        assert type(b).objects.get(pk=b.pk).custom == {}


def index_names(scene: Scene) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'own_%%' AND indexdef LIKE %s UNION ALL SELECT stxname FROM pg_statistic_ext WHERE stxname LIKE 'own_like_%%'", [f"%{scene.workspace.pk}%"])
        return {name for (name,) in cursor.fetchall()}


def work(scene: Scene) -> int:
    """Do what was put off: as the worker would, in order."""
    done = 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo' AND task_name LIKE 'setup.%%own%%' AND args ->> 'workspace_id' = %s ORDER BY id",
            [str(scene.workspace.pk)],
        )
        for pk, name, args in cursor.fetchall():
            getattr(jobs, name.removeprefix("setup."))(**(json.loads(args) if isinstance(args, str) else args))
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [pk])
            done += 1
    return done


def test_a_deleted_field_takes_its_indexes_along_and_an_undo_brings_them_back(lasting_people: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = lasting_people
    monkeypatch.setattr(building, "MANY", 0)
    before = index_names(scene)
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        make_field(scene.access(), "code", "text", unique=True)
        account(scene.access(), "A", x_code="Zebra")
    assert work(scene) >= 2
    built = index_names(scene) - before
    assert sorted(name.rpartition("_")[0] for name in built) == ["own_by", "own_like", "own_once"]
    with workspace(scene.workspace.pk), operation("custom-fields.delete", access=scene.access()) as signed:
        own_fields.remove(CustomField.objects.get(key="code"), access=scene.access())
    work(scene)
    assert index_names(scene) == before
    with workspace(scene.workspace.pk):
        undo(signed.id, access=scene.access())
    work(scene)
    assert index_names(scene) - before == built
    assert state(scene, "code") == "ready"


def test_a_field_that_is_back_before_the_worker_comes_keeps_its_index(lasting_people: Scene) -> None:
    scene = lasting_people
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        make_field(scene.access(), "code", "text")
    work(scene)
    built = index_names(scene)
    with workspace(scene.workspace.pk), operation("custom-fields.delete", access=scene.access()):
        own_fields.remove(CustomField.objects.get(key="code"), access=scene.access())
        make_field(scene.access(), "code", "text")
    work(scene)
    assert index_names(scene) >= built


def test_another_kind_of_words_takes_the_index_of_the_first_away(lasting_people: Scene) -> None:
    scene = lasting_people
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        made = make_field(scene.access(), "code", "text")
    work(scene)
    first = index_names(scene)
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        changes.edit(registry.get("custom-fields"), made, {"kind": "url"}, access=scene.access())
    work(scene)
    assert len(index_names(scene)) == len(first) and index_names(scene) != first
