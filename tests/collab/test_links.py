"""Links to records: carried over, resolved by each reader's rights, and the figures that hang on them."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patron.collab.domain import task_verbs, touch
from patron.collab.domain.activities import create_activity, mark_done
from patron.collab.domain.links import carry_over
from patron.collab.domain.refs import Ref, ensure, titles
from patron.collab.domain.tasks import create_task
from patron.collab.models import ActivityLink, TaskLink
from patron.customers.models import Account
from patron.identity.access import Access
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.ledger.undo import undo
from patron.records import registry
from patron.records.verbs import Refused
from patron.testing import Scene, make_workspace, open_workspace

HOUR = datetime.timedelta(hours=1)


def test_carrying_over_adds_activities_and_open_tasks(access: Access, ref: Ref, make: Any) -> None:
    targets = [Ref.of(make("Account")), Ref.of(make("Contact"))]
    for n in range(3):
        create_activity(access=access, kind="note", about=[ref], body=f"note {n}")
    open_task, done = (create_task(access=access, subject=s, about=ref) for s in ("open", "done"))
    task_verbs.complete_task(done, access=access)
    assert carry_over(ref, targets, access=access) == (6, 2)
    assert {(t.task_id, t.record_id) for t in TaskLink.objects.all()} == {(open_task.pk, r.id) for r in (ref, *targets)} | {(done.pk, ref.id)}
    assert ActivityLink.objects.filter(record_id=ref.id).count() == 3
    at = {(link.activity_id, link.at) for link in ActivityLink.objects.all()}
    assert len(at) == 3  # the same time on every record
    assert carry_over(ref, targets, access=access) == (0, 0)


def test_carrying_over_costs_the_same_however_much_there_is(access: Access, ref: Ref, make: Any) -> None:
    taken = []
    for how_many in (1, 20):
        target = Ref.of(make(f"Target {how_many}"))
        for _n in range(how_many):
            create_activity(access=access, kind="note", about=[ref], body="x")
            create_task(access=access, subject="x", about=ref)
        with CaptureQueriesContext(connection) as seen:
            carry_over(ref, [target], access=access)
        taken.append(len(seen))
    assert taken[0] == taken[1] <= 4


def test_carrying_over_is_undone_with_its_operation(scene: Scene) -> None:
    with workspace(scene.workspace.pk):
        access = scene.access()
        with operation("accounts.create", access=access):
            old, new = (Ref.of(Account.objects.create(name=n)) for n in ("Lead", "Account"))
            create_activity(access=access, kind="note", about=[old], body="x")
            create_task(access=access, subject="x", about=old)
        with operation("leads.qualify", access=access) as signed:
            carry_over(old, [new], access=access)
        undo(signed.id, access=access)
        assert set(ActivityLink.objects.values_list("record_id", flat=True)) == {old.id} == set(TaskLink.objects.values_list("record_id", flat=True))


def test_a_target_that_one_may_not_see_is_refused(access: Access, ref: Ref) -> None:
    with pytest.raises(Refused):
        carry_over(ref, [Ref("accounts", uuid.uuid4())], access=access)
    with pytest.raises(Refused):
        ensure([Ref("unheard-of", uuid.uuid4())], access)


def test_another_workspaces_record_does_not_exist(access: Access) -> None:
    with open_workspace(make_workspace()) as _there:
        foreign = Ref.of(Account.objects.create(name="Elsewhere"))
    with pytest.raises(Refused):
        create_activity(access=access, kind="note", about=[foreign], body="x")
    with pytest.raises(Refused):
        create_task(access=access, subject="x", about=foreign)
    assert titles([foreign], access)[foreign].hidden


def test_titles_cost_one_query_per_type_and_hide_what_is_hidden(scene: Scene) -> None:
    with open_workspace(scene, "alice") as alice:
        refs = [Ref.of(Account.objects.create(name=f"A{n}", owner=scene.members["alice" if n % 2 else "bob"])) for n in range(8)]
        refs += [Ref("tasks", create_task(access=alice, subject=f"t{n}").pk) for n in range(8)]
        alice.matrix["accounts"] = {"view": "own"}
        registry.all_types()  # the workspace's own types are looked up once per transaction
        with CaptureQueriesContext(connection) as seen:
            found = titles([*refs, refs[0], Ref("gone", refs[0].id)], alice)
    assert len(seen) == 2
    assert [found[r].text for r in refs[:4]] == ["a record you cannot see", "A1", "a record you cannot see", "A3"]
    assert found[refs[8]].href == f"/w/{scene.workspace.slug}/tasks/{refs[8].id}/"


def test_last_and_next_of_many_records_in_one_query(access: Access, make: Any) -> None:
    busy, quiet = Ref.of(make("Busy")), Ref.of(make("Quiet"))
    now = timezone.now()
    create_activity(access=access, kind="note", about=[busy], body="x", at=now - 5 * HOUR)
    call = create_activity(access=access, kind="call", about=[busy], at=now + 50 * HOUR)
    create_task(access=access, subject="undated", about=busy)
    with CaptureQueriesContext(connection) as seen:
        found = touch.figures([busy.id, quiet.id], access)
    assert len(seen) == 1
    assert found == {busy.id: touch.Figures(now - 5 * HOUR, now + 50 * HOUR, "call"), quiet.id: touch.Figures(None, None, "")}
    task = create_task(access=access, subject="dated", about=busy, due=access.today())
    figures = touch.figures([busy.id], access)[busy.id]
    assert figures.next_kind == "task"
    assert figures.next_at is not None
    assert figures.next_at.astimezone(access.workspace.zone).strftime("%H:%M:%S") == "23:59:59"
    task_verbs.complete_task(task, access=access)
    mark_done(call, access=access)
    figures = touch.figures([busy.id], access)[busy.id]
    assert figures.last_at is not None
    assert figures.last_at >= now
    assert figures.next_at is None


def test_listeners_hear_of_every_way_to_touch_a_record(access: Access, ref: Ref, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[list[uuid.UUID]] = []
    monkeypatch.setattr(touch, "_listeners", {})
    touch.register("accounts", lambda ids, _access: heard.append(ids))
    note = create_activity(access=access, kind="call", about=[ref, Ref.of(make("Other"))], at=timezone.now() + HOUR)
    task = create_task(access=access, subject="x", about=ref, due=access.today())
    task_verbs.snooze_task(task, access=access, until=access.today())
    task_verbs.complete_task(task, access=access)
    task_verbs.reopen_task(task, access=access)
    task_verbs.cancel_task(task, access=access)
    mark_done(note, access=access)
    carry_over(ref, [Ref.of(make("Third"))], access=access)
    assert [len(ids) for ids in heard] == [2, 1, 1, 1, 1, 1, 2, 1]


def test_columns_of_an_upper_table_follow_in_one_statement(access: Access, make: Any) -> None:
    accounts = [make(f"A{n}") for n in range(3)]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE upper_deal ON COMMIT DROP AS SELECT workspace_id, id, updated_at AS seen, archived_at AS coming FROM customers_account"
        )
        cursor.execute("UPDATE upper_deal SET seen = NULL")
    at = timezone.now() - HOUR
    create_activity(access=access, kind="note", about=[Ref.of(accounts[0])], body="x", at=at)
    with CaptureQueriesContext(connection) as seen:
        changed = touch.refresh("upper_deal", [a.pk for a in accounts], last="seen", next_="coming", access=access)
    assert (len(seen), changed) == (1, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, seen FROM upper_deal WHERE seen IS NOT NULL")
        assert cursor.fetchall() == [(accounts[0].pk, at)]
