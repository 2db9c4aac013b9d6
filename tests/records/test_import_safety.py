"""All or nothing: undo, changes by others in between, processes that die, two imports at once."""

from __future__ import annotations

import datetime
import os
import threading
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.utils import timezone

from patron.customers.models import Account
from patron.kernel.tenancy import workspace
from patron.ledger.models import Change, Operation
from patron.ledger.operations import operation
from patron.records import changes, jobs, registry, undoing
from patron.records.import_models import Import, ImportProgress, ImportRow, ImportState
from patron.records.imports import applying, files, service
from patron.records.imports.progress import reporting
from patron.records.verbs import Refused
from patron.sales.models import Lead
from patron.testing import Scene
from tests.records.import_kit import checked, imported, inside, messages, numbers, table

COLUMNS = {"Mail": "email", "Last": "last_name"}
UPSERT: dict[str, Any] = {"columns": COLUMNS, "key": ["email"], "mode": "upsert"}


def leads(count: int) -> bytes:
    return table(("Mail", "Last"), *((f"p{i}@x.example", f"Name {i}") for i in range(count)))


def state(model: Any) -> list[dict[str, Any]]:
    """Every value of every row but the bookkeeping."""
    skip = {"revision", "updated_at"}
    return [{k: v for k, v in row.items() if k not in skip} for row in model.objects.order_by("pk").values()]


# --- undo -------------------------------------------------------------------------------------------------------------


def test_undo_brings_the_first_state_back(scene: Scene) -> None:
    with inside(scene) as view:
        for i in range(3):
            changes.create(registry.get("leads"), {"email": f"p{i}@x.example", "last_name": "Old", "tags": ["a"]}, access=view.access)
        before = state(Lead)
        item = imported(view, "leads", leads(20), {**UPSERT, "tag": "import"})
        assert numbers(item) == {"new": 17, "change": 3}
        assert Operation.objects.get(pk=item.operation_id).verb == "leads.import"
        assert Change.objects.filter(operation_id=item.operation_id).count() == 20
        item = service.undo(item, view)
        assert item.state == "undone"
        assert state(Lead) == before


def test_undo_is_refused_where_something_newer_stands_in_the_way(scene: Scene) -> None:
    with inside(scene) as view:
        item = imported(view, "leads", leads(3), UPSERT)
        lead = Lead.objects.get(email="p1@x.example")
        changes.edit(registry.get("leads"), lead, {"last_name": "Newer"}, access=view.access)
        with pytest.raises(Refused, match="newer"):
            service.undo(item, view)
        assert Lead.objects.count() == 3


def test_an_import_undone_through_the_history_says_so(scene: Scene) -> None:
    with inside(scene) as view:
        item = imported(view, "leads", leads(3), UPSERT)
        undoing.undo_operation(item.operation_id, view=view)
        assert service.settled(Import.objects.get()).state == "undone"
        assert Import.objects.get().state == "undone"


# --- others go on working ---------------------------------------------------------------------------------------------


def test_what_somebody_changed_since_the_check_is_not_overwritten(scene: Scene) -> None:
    with inside(scene) as view:
        for i in range(2):
            changes.create(registry.get("leads"), {"email": f"p{i}@x.example", "last_name": "Old"}, access=view.access)
        item = checked(view, "leads", leads(2), UPSERT)
        changes.edit(registry.get("leads"), Lead.objects.get(email="p0@x.example"), {"city": "Bonn"}, access=view.access)
        item = service.apply(item, view)
        assert numbers(item) == {"change": 1, "error": 1}
        assert "Somebody has changed this record" in messages(item)[0]
        assert Lead.objects.get(email="p0@x.example").last_name == "Old"


def test_what_somebody_deleted_since_the_check_does_not_come_back(scene: Scene) -> None:
    with inside(scene) as view:
        changes.create(registry.get("leads"), {"email": "p0@x.example", "last_name": "Old"}, access=view.access)
        item = checked(view, "leads", leads(1), UPSERT)
        with operation("test", access=view.access):
            Lead.objects.all().delete()
        item = service.apply(item, view)
        assert numbers(item) == {"error": 1}


def test_what_somebody_made_since_the_check_is_not_made_twice(scene: Scene) -> None:
    with inside(scene) as view:
        by_key = checked(view, "leads", leads(3), UPSERT)
        by_looks = checked(view, "leads", leads(3), {"columns": COLUMNS})
        changes.create(registry.get("leads"), {"email": "P1@x.example", "last_name": "Mine"}, access=view.access)
        assert numbers(service.apply(by_key, view)) == {"new": 2, "duplicate": 1}
        assert numbers(service.apply(by_looks, view)) == {"duplicate": 3}
        assert Lead.objects.count() == 3


def test_a_refusing_plan_is_refused_by_what_somebody_changed(scene: Scene) -> None:
    with inside(scene) as view:
        changes.create(registry.get("leads"), {"email": "p0@x.example", "last_name": "Old"}, access=view.access)
        item = checked(view, "leads", leads(2), {**UPSERT, "refuse": True})
        changes.edit(registry.get("leads"), Lead.objects.get(), {"city": "Bonn"}, access=view.access)
        item = service.apply(item, view)
        assert (item.state, Lead.objects.count()) == ("failed", 1)


def test_a_composed_key_is_looked_at_again_too(scene: Scene) -> None:
    with inside(scene) as view:
        account = changes.create(registry.get("accounts"), {"name": "Globex", "city": "Bonn"}, access=view.access)
        content = table(("N", "C"), ("Globex", "Ulm"))
        item = checked(view, "accounts", content, {"columns": {"N": "name", "C": "city"}, "key": ["name+city"], "mode": "upsert", "alike": "create"})
        assert numbers(item) == {"new": 1}
        changes.edit(registry.get("accounts"), account, {"city": "Ulm"}, access=view.access)
        assert numbers(service.apply(item, view)) == {"duplicate": 1}


# --- constraints that only the write shows ------------------------------------------------------------------------------


def test_a_violated_constraint_refuses_the_whole_import(scene: Scene) -> None:
    with inside(scene) as view:
        item = checked(view, "accounts", table(("N", "No"), ("A", "K-1"), ("B", "K-2")), {"columns": {"N": "name", "No": "number"}})
        ImportRow.objects.filter(line=3).update(marks=None)  # as if the other account had come a moment later than the last look
        changes.create(registry.get("accounts"), {"name": "C", "number": "K-2"}, access=view.access)
        item = service.apply(item, view)
        assert item.state == "failed"
        assert item.message.startswith("Row 3: Another account has this number already")
        assert Account.objects.count() == 1
        assert not Operation.objects.filter(verb="accounts.import").exists()
        item = service.apply(item, view)
        assert (item.state, Account.objects.count()) == ("applied", 2)


# --- processes that die -------------------------------------------------------------------------------------------------


def owner() -> psycopg.Connection:
    from patron.config.database import parse

    where = parse(os.environ["DATABASE_URL"])
    return psycopg.connect(
        host=where["HOST"], port=where["PORT"] or None, user=where["USER"], password=where["PASSWORD"], dbname=connection.settings_dict["NAME"], autocommit=True
    )


def test_a_killed_import_leaves_nothing_and_says_so(lasting_scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "CHUNK", 10)
    with inside(lasting_scene) as view:
        item = checked(view, "leads", leads(100), UPSERT)
        service.begin(item, ImportState.APPLYING)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()

    def kill_in_the_middle(done: int) -> None:
        if done >= 40:
            with owner() as other:
                other.execute("SELECT pg_terminate_backend(%s)", [pid])

    with pytest.raises(Exception, match=r"terminat|closed|connection"), workspace(lasting_scene.workspace.pk), reporting(item.pk, 100):
        service.apply(item, view, kill_in_the_middle)
    connection.close()
    with workspace(lasting_scene.workspace.pk):
        assert Lead.objects.count() == 0
        found = service.settled(Import.objects.get())
        assert found.state == "applying"  # a sign of life was there a moment ago
        ImportProgress.objects.update(at=timezone.now() - datetime.timedelta(minutes=1))
        found = service.settled(Import.objects.get())
        assert found.state == "checked"
        assert "Nothing was imported" in found.message
    with inside(lasting_scene) as view:
        assert service.apply(found, view).state == "applied"
        assert Lead.objects.count() == 100


def test_a_running_import_is_not_taken_for_dead(lasting_scene: Scene) -> None:
    with inside(lasting_scene) as view:
        item = checked(view, "leads", leads(3), UPSERT)
        service.begin(item, ImportState.APPLYING)
        ImportProgress.objects.update(at=timezone.now() - datetime.timedelta(minutes=1))
    seen: list[str] = []

    def look() -> None:
        with workspace(lasting_scene.workspace.pk):
            seen.append(service.settled(Import.objects.get()).state)
            try:
                service.save_plan(Import.objects.get(), service.plans.from_json(item.plan), view)
            except Refused as error:
                seen.append(error.message)
        connections.close_all()

    with workspace(lasting_scene.workspace.pk):
        service.locked(item)
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert seen[0] == "applying"
    assert "being worked on" in seen[1]


def test_an_import_that_waits_for_its_turn_is_not_dead(scene: Scene) -> None:
    with inside(scene) as view:
        item = checked(view, "leads", leads(3), UPSERT)
        jobs.later(item, scene.users["dora"].pk, ImportState.APPLYING)
        assert service.settled(Import.objects.get()).state == "applying"
        with pytest.raises(Refused):
            service.begin(item, ImportState.APPLYING)


def test_an_import_whose_job_is_gone_says_so(scene: Scene) -> None:
    with inside(scene) as view:
        service.begin(checked(view, "leads", leads(3), UPSERT), ImportState.APPLYING)
        found = service.settled(Import.objects.get())
        assert (found.state, "Nothing was imported" in found.message) == ("checked", True)


# --- two at once --------------------------------------------------------------------------------------------------------


def test_two_imports_of_one_file_make_each_record_once(lasting_scene: Scene) -> None:
    with inside(lasting_scene) as view:
        items = [checked(view, "leads", leads(50), UPSERT) for _ in range(2)]
    results: list[dict[str, int]] = []
    barrier = threading.Barrier(2)

    def apply(item: Import) -> None:
        barrier.wait()
        with inside(lasting_scene) as mine:
            results.append(numbers(service.apply(item, mine)))
        connections.close_all()

    threads = [threading.Thread(target=apply, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results, key=str) == [{"duplicate": 50}, {"new": 50}]
    with workspace(lasting_scene.workspace.pk):
        assert Lead.objects.count() == 50


# --- jobs ---------------------------------------------------------------------------------------------------------------


def test_a_job_works_with_the_rights_that_the_person_has_now(lasting_scene: Scene) -> None:
    with inside(lasting_scene) as view:
        item = checked(view, "leads", leads(3), UPSERT)
        service.begin(item, ImportState.APPLYING)
    ids = (str(lasting_scene.workspace.pk), str(item.pk), str(lasting_scene.users["dora"].pk))
    jobs.apply_import(*ids)
    with inside(lasting_scene) as view:
        assert Import.objects.get().state == "applied"
        assert ImportProgress.objects.get().total == 3
        item = checked(view, "leads", leads(5), UPSERT)
        service.begin(item, ImportState.APPLYING)
    jobs.apply_import(ids[0], str(item.pk), str(lasting_scene.users["alice"].pk))
    with workspace(lasting_scene.workspace.pk):
        found = Import.objects.get(pk=item.pk)
        assert (found.state, Lead.objects.count()) == ("checked", 3)
        assert "does not allow" in found.message


def test_a_job_checks_in_the_background(lasting_scene: Scene) -> None:
    with inside(lasting_scene) as view:
        item = checked(view, "leads", leads(3), UPSERT)
        service.begin(item, ImportState.CHECKING)
    jobs.check_import(str(lasting_scene.workspace.pk), str(item.pk), str(lasting_scene.users["dora"].pk))
    with workspace(lasting_scene.workspace.pk):
        assert Import.objects.get().state == "checked"


def test_what_is_old_is_tidied_away(scene: Scene) -> None:
    with inside(scene) as view:
        done = imported(view, "leads", leads(2), UPSERT)
        open_ = checked(view, "leads", leads(2), UPSERT)
        assert jobs.forget_old(timezone.now() + datetime.timedelta(days=6)) == 0
        path = files.path_of(done)
        assert path.exists()
        assert jobs.forget_old(timezone.now() + datetime.timedelta(days=8)) == 1
        assert not path.exists()
        assert ImportRow.objects.filter(import_id=done.pk).count() == 0
        assert ImportRow.objects.filter(import_id=open_.pk).count() == 2
        assert jobs.forget_old(timezone.now() + datetime.timedelta(days=31)) == 1
        assert list(Import.objects.values_list("pk", flat=True)) == [done.pk]
        assert Lead.objects.count() == 2
