"""The timeline: everything in one order, page by page, at a constant cost, with each reader's own rights."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patron.collab.domain import related, task_verbs, timeline
from patron.collab.domain.activities import Party, create_activity
from patron.collab.domain.refs import Ref
from patron.collab.domain.sources import Act, Edge, Entry
from patron.collab.domain.tasks import create_task
from patron.collab.domain.timeline import Page
from patron.collab.models import Activity, ActivityLink, Task
from patron.customers.models import Account
from patron.identity.access import Access
from patron.kernel.tenancy import workspace
from patron.ledger.models import Change
from patron.ledger.operations import operation
from patron.records import changes, perform, registry
from patron.testing import Scene

MINUTE = datetime.timedelta(minutes=1)


def lines(page: Page) -> list[Any]:
    return [line.item for group in page.groups for line in group.lines]


def said(page: Page) -> list[str]:
    return [f"{i.who} {i.text}{''.join(f' {t.text}' for t in i.targets)}{' · ' + i.extra if i.extra else ''}" for i in lines(page)]


def notes(access: Access, ref: Ref, how_many: int, *, start: datetime.datetime, step: datetime.timedelta = MINUTE) -> None:
    for n in range(how_many):
        create_activity(access=access, kind="note", about=[ref], body=f"note {n}", at=start - n * step)


def all_pages(ref: Ref, access: Access, limit: int, **options: Any) -> list[str]:
    keys: list[str] = []
    before = None
    for _n in range(200):
        page = timeline.page(*ref, access, before=before, limit=limit, **options)
        keys += [item.key for item in lines(page)]
        before = Edge.decode(page.older)
        if before is None:
            return keys
    raise AssertionError("the timeline never ends")


@pytest.fixture
def written(scene: Scene) -> tuple[Scene, Ref]:
    """An account that was created in an operation of its own, as requests do."""
    with workspace(scene.workspace.pk):
        access = scene.access("alice")
        with operation("accounts.create", access=access):
            account = Account.objects.create(name="Brightwater", owner_id=access.member_id)
    return scene, Ref("accounts", account.pk)


def test_all_kinds_come_in_one_order(written: tuple[Scene, Ref]) -> None:
    scene, ref = written
    now = timezone.now()
    with workspace(scene.workspace.pk):
        alice = scene.access("alice")
        create_activity(
            access=alice, kind="call", about=[ref], minutes=14, direction="out", outcome="reached", at=now - 60 * MINUTE, body="Wants phase 2 split."
        )
        create_activity(access=alice, kind="meeting", about=[ref], subject="Review", at=now - 120 * MINUTE)
        task = create_task(access=alice, subject="Send the quote", about=ref)
        task_verbs.complete_task(task, access=alice)
        account = Account.objects.get()
        changes.edit(registry.get("accounts"), account, {"name": "Brightwater Utilities"}, access=alice)
        page = timeline.page(*ref, alice)
        found = said(page)
    assert found[-2:] == ["Alice made a call · 14 min", "Alice held a meeting · Review"]
    assert set(found[:3]) == {"Alice changed · Name: Brightwater → Brightwater Utilities", "Alice completed Send the quote", "Alice created this"}
    assert page.older == ""
    assert str(lines(page)[-2].body) == "Wants phase 2 split."


def test_paging_shows_everything_once_in_order(written: tuple[Scene, Ref]) -> None:
    scene, ref = written
    now = timezone.now()
    with workspace(scene.workspace.pk):
        alice = scene.access("alice")
        notes(alice, ref, 13, start=now)
        notes(alice, ref, 5, start=now - 4 * MINUTE, step=datetime.timedelta(0))  # the same instant
        for n in range(9):
            task = create_task(access=alice, subject=f"t{n}", about=ref)
            with operation("tasks.complete", access=alice):
                Task.objects.filter(pk=task.pk).update(state="done", done_at=now - n * 3 * MINUTE)
        whole = all_pages(ref, alice, 100)
        assert len(whole) == 28 == len(set(whole))  # 18 notes, 9 tasks, and the creation
        for limit in (1, 2, 3, 7, 30):
            assert all_pages(ref, alice, limit) == whole


def test_a_page_costs_the_same_however_much_there_is(written: tuple[Scene, Ref]) -> None:
    scene, ref = written
    taken = []
    with workspace(scene.workspace.pk):
        alice = scene.access("alice")
        for how_many in (1, 30):
            notes(alice, ref, how_many, start=timezone.now())
            for _n in range(how_many):
                task_verbs.complete_task(create_task(access=alice, subject="t", about=ref), access=alice)
                create_activity(access=alice, kind="meeting", about=[ref], with_whom=Party((scene.members["bob"].pk,)))
            with CaptureQueriesContext(connection) as seen:
                timeline.page(*ref, alice)
            taken.append(len(seen))
    assert taken[1] <= taken[0] <= 12


def test_one_records_page_is_one_index_scan(written: tuple[Scene, Ref]) -> None:
    scene, ref = written
    with workspace(scene.workspace.pk):
        alice = scene.access("alice")
        start = timezone.now()
        with operation("test", access=alice):
            made = Activity.objects.bulk_create([Activity(kind="note", body="x", at=start - n * MINUTE) for n in range(300)])
            others = [Ref("accounts", uuid.uuid4()) for _n in range(30)]
            ActivityLink.objects.bulk_create(
                [ActivityLink(activity=a, record_type="accounts", record_id=r.id, at=a.at) for a in made for r in [ref, *others]]
            )
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        with CaptureQueriesContext(connection) as seen:
            timeline.page(*ref, alice, limit=10)
        read = next(q["sql"] for q in seen.captured_queries if "collab_activitylink" in q["sql"] and "LIMIT" in q["sql"])
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {read}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "activity_link_timeline" in plan
    assert "Sort" not in plan


@time_machine.travel("2026-11-19T10:00Z", tick=False)
def test_days_have_headings_in_the_readers_zone(access: Access, ref: Ref) -> None:
    at = ["2026-11-19T09:42", "2026-11-18T23:30", "2026-11-18T12:00", "2026-11-16T12:00", "2026-11-12T12:00", "2026-11-03T12:00", "2026-08-03T12:00"]
    for moment in at:
        create_activity(access=access, kind="note", about=[ref], body="x", at=datetime.datetime.fromisoformat(moment).replace(tzinfo=datetime.UTC))
    page = timeline.page(*ref, access)
    shown = [(g.heading, [line.time for line in g.lines if line.item.key.startswith("activity")]) for g in page.groups]
    assert [(h, t) for h, t in shown if t] == [
        ("Today", ["10:42", "00:30"]), ("Yesterday", ["13:00"]), ("Monday", ["13:00"]),
        ("November 2026", ["Thu 12 Nov", "Tue 3 Nov"]), ("August 2026", ["Mon 3 Aug"]),
    ]  # fmt: skip


def test_edits_of_one_sitting_are_one_item(written: tuple[Scene, Ref]) -> None:
    scene, ref = written
    accounts = registry.get("accounts")
    with workspace(scene.workspace.pk):
        alice, bob = scene.access("alice"), scene.access("bob")
        account = Account.objects.get()
        for who, values in ((alice, {"name": "A"}), (alice, {"city": "Kiel"}), (alice, {"name": "B"}), (alice, {"city": ""}), (bob, {"name": "C"})):
            changes.edit(accounts, account, values, access=who)
        found = said(timeline.page(*ref, alice))
        assert found == ["Bob changed · Name: B → C", "Alice changed · Name: Brightwater → B", "Alice created this"]
        assert len(all_pages(ref, alice, 1)) == 3


def test_a_sitting_is_ten_minutes_with_nothing_in_between() -> None:
    start, ref, other = datetime.datetime(2026, 11, 19, 9, tzinfo=datetime.UTC), Ref("accounts", uuid.uuid4()), Ref("accounts", uuid.uuid4())
    alice, bob = uuid.uuid4(), uuid.uuid4()

    def act(minutes: int, who: uuid.UUID, record: Ref, verb: str = "accounts.edit") -> Entry:
        change = Change(action="U", changes={"name": ["a", "b"]})
        return Entry(Edge(start - minutes * MINUTE, uuid.uuid4()), Act(uuid.uuid4(), verb, who, "", [change]), record)

    note = Entry(Edge(start - 1 * MINUTE, uuid.uuid4()), object())
    entries = [
        act(0, alice, ref), note, act(2, alice, ref), act(9, alice, ref), act(12, alice, ref), act(13, alice, ref),
        act(13, bob, ref), act(14, bob, other), act(15, bob, other, "accounts.archive"),
    ]  # fmt: skip
    assert [1 + len(e.more) for e in timeline._folded(entries)] == [1, 1, 3, 1, 1, 1, 1]


def test_logging_a_call_is_told_once(written: tuple[Scene, Ref]) -> None:
    scene, ref = written
    accounts = registry.get("accounts")
    with workspace(scene.workspace.pk):
        alice = scene.access("alice")
        account = Account.objects.get()
        perform.perform(registry.verb("accounts", "log_call"), accounts, account, access=alice, inputs={"body": "Hello"})
        with operation("accounts.log_call", access=alice):
            Account.objects.filter(pk=account.pk).update(city="Kiel")  # as a listener may, inside the verb
        assert said(timeline.page(*ref, alice)) == ["Alice made a call", "Alice created this"]


def test_planned_things_are_not_history_yet(access: Access, ref: Ref) -> None:
    create_activity(access=access, kind="call", about=[ref], at=timezone.now() + 60 * MINUTE)
    assert [i for i in lines(timeline.page(*ref, access)) if i.key.startswith("activity")] == []


def test_archived_things_are_left_out(access: Access, ref: Ref) -> None:
    note = create_activity(access=access, kind="note", about=[ref], body="x")
    Activity.objects.filter(pk=note.pk).update(archived_at=timezone.now())
    assert [i for i in lines(timeline.page(*ref, access)) if i.key.startswith("activity")] == []


def test_with_related_each_thing_comes_once(access: Access, ref: Ref, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    helena, deal = Ref.of(make("Helena Brandt")), Ref.of(make("Coastal plants"))
    monkeypatch.setattr(related, "_family", {"accounts": [lambda _ref, _access: [helena, deal]]})
    create_activity(access=access, kind="call", about=[ref], direction="out", with_whom=Party(records=(helena,)))
    create_activity(access=access, kind="note", about=[deal], body="On the deal alone")
    alone = [s for s in said(timeline.page(*ref, access)) if s != "Dora test"]
    together = [s for s in said(timeline.page(*ref, access, with_related=True)) if s != "Dora test"]
    assert alone == ["Dora called Helena Brandt"]
    assert together == ["Dora wrote a note on Coastal plants", "Dora called Helena Brandt"]
    notes(access, ref, 9, start=timezone.now())
    notes(access, deal, 9, start=timezone.now())
    whole = all_pages(ref, access, 100, with_related=True)
    assert all_pages(ref, access, 4, with_related=True) == whole
    assert len(whole) == len(set(whole))


def test_whom_one_may_not_see_is_not_named(scene: Scene) -> None:
    with workspace(scene.workspace.pk):
        dora, alice = scene.access("dora"), scene.access("alice")
        with operation("accounts.create", access=dora):
            mine, theirs = (Account.objects.create(name=n, owner=scene.members[o]) for n, o in (("Mine", "alice"), ("Secret Ltd", "charlie")))
        create_activity(access=dora, kind="call", about=[Ref.of(mine)], direction="out", with_whom=Party(records=(Ref.of(theirs),)))
        alice.matrix["accounts"] = {"view": "own"}
        (call,) = [i for i in lines(timeline.page(*Ref.of(mine), alice)) if i.key.startswith("activity")]
    assert [(t.text, t.href, t.hidden) for t in call.targets] == [("a record you cannot see", "", True)]


def test_activities_have_rights_of_their_own(scene: Scene) -> None:
    with workspace(scene.workspace.pk):
        dora, alice = scene.access("dora"), scene.access("alice")
        with operation("accounts.create", access=dora):
            account = Ref.of(Account.objects.create(name="Globex"))
        create_activity(access=dora, kind="note", about=[account], body="for managers")
        create_activity(access=alice, kind="note", about=[account], body="mine")
        alice.matrix["activities"] = {"view": "own"}
        bodies = [str(i.body) for i in lines(timeline.page(*account, alice)) if i.key.startswith("activity")]
    assert bodies == ["mine"]


def test_a_hidden_field_is_not_told(scene: Scene) -> None:
    with workspace(scene.workspace.pk):
        dora, alice = scene.access("dora"), scene.access("alice")
        with operation("accounts.create", access=dora):
            account = Account.objects.create(name="Globex")
        changes.edit(registry.get("accounts"), account, {"city": "Kiel"}, access=dora)
        alice.field_rules["accounts"] = {"city": "hidden"}
        assert said(timeline.page(*Ref.of(account), alice)) == ["Dora created this"]


@pytest.mark.parametrize("text", ["", "x", "2026-01-01T00:00:00Z~zz", "2026-01-01~" + "0" * 32, "~", "9" * 400])
def test_an_edge_that_is_none_is_none(text: str) -> None:
    assert Edge.decode(text) is None


def test_an_edge_reads_back() -> None:
    edge = Edge(datetime.datetime(2026, 11, 19, 10, 42, 7, 123456, tzinfo=datetime.UTC), uuid.uuid4())
    assert Edge.decode(edge.encode()) == edge
