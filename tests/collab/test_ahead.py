"""What is still to be done, on a record and for a person; and what a person keeps at hand."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patron.collab.domain import ahead, favourites
from patron.collab.domain.activities import create_activity
from patron.collab.domain.refs import Ref
from patron.collab.domain.tasks import create_task
from patron.customers.models import Account
from patron.identity.access import Access
from patron.ledger.operations import operation
from patron.records.models import SavedView
from patron.records.verbs import Refused
from patron.testing import Scene, open_workspace

day = datetime.date.fromisoformat
HOUR = datetime.timedelta(hours=1)


def subjects(steps: list[ahead.Step]) -> list[str]:
    return [s.subject for s in steps]


@time_machine.travel("2026-11-19T10:00Z", tick=False)
def test_a_day_in_order(access: Access, ref: Ref) -> None:
    now = timezone.now()
    for subject, due in (
        ("undated", None),
        ("late", "2026-11-17"),
        ("today", "2026-11-19"),
        ("tomorrow", "2026-11-20"),
        ("far", "2026-11-27"),
        ("in a week", "2026-11-26"),
    ):
        create_task(access=access, subject=subject, due=day(due) if due else None, about=ref)
    create_task(access=access, subject="an hour ago", due_at=now - HOUR)
    create_activity(access=access, kind="call", about=[ref], subject="call now", at=now + HOUR)
    create_activity(access=access, kind="meeting", about=[ref], subject="met yesterday?", at=now - 24 * HOUR, done=False)
    found = ahead.my_day(access)
    assert subjects(found.overdue) == ["late", "met yesterday?", "an hour ago"]
    assert subjects(found.today) == ["call now", "today"]
    assert subjects(found.week) == ["tomorrow", "in a week"]
    assert {s.about.text for s in found.today if s.about} == {"Globex"}
    assert ahead.waiting(access) == 3


@time_machine.travel("2026-11-19T23:30Z", tick=False)
def test_today_is_the_persons(access: Access) -> None:
    create_task(access=access, subject="x", due=day("2026-11-19"))
    assert subjects(ahead.my_day(access).overdue) == ["x"]  # it is the 20th in Berlin
    access.preferences["time_zone"] = "America/New_York"
    assert subjects(ahead.my_day(access).today) == ["x"]


def test_a_day_is_ones_own(scene: Scene) -> None:
    with open_workspace(scene, "alice") as alice:
        create_task(access=alice, subject="for bob", due=alice.today(), assignee=scene.members["bob"])
        assert ahead.my_day(alice)[:3] == ([], [], [])
        assert ahead.my_day(scene.system)[:3] == ([], [], [])
    with open_workspace(scene, "bob") as bob:
        found = ahead.my_day(bob)
        assert (subjects(found.today), found.unread, len(found.notices)) == (["for bob"], 1, 1)


def test_a_day_costs_the_same_however_full_it_is(scene: Scene) -> None:
    taken = []
    for how_many in (1, 30):
        with open_workspace(scene, "alice") as alice:
            account = Ref.of(Account.objects.create(name="Globex"))
            for _n in range(how_many):
                create_task(access=alice, subject="t", due=alice.today(), about=account, assignee=scene.members["bob"])
        with open_workspace(scene, "bob") as bob:
            for _n in range(how_many):
                create_activity(access=bob, kind="call", about=[account], at=timezone.now() + HOUR, done=False)
            with CaptureQueriesContext(connection) as seen:
                ahead.my_day(bob)
        taken.append(len(seen))
    assert taken[0] == taken[1] <= 8


def test_a_record_shows_the_nearest_first_and_says_how_many(access: Access, ref: Ref) -> None:
    for n in range(8):
        create_task(access=access, subject=f"in {n}", due=access.today() + datetime.timedelta(days=n), about=ref)
    create_task(access=access, subject="some day", about=ref)
    create_activity(access=access, kind="call", about=[ref], subject="call", at=timezone.now() + 30 * HOUR)
    found = ahead.on_record(ref, access)
    assert (len(found.steps), found.total) == (5, 10)
    assert found.steps[0].subject == "in 0"
    assert "call" in subjects(found.steps)
    assert ahead.on_record(ref, access, limit=20).steps[-1].subject == "some day"


def test_only_what_one_may_finish_says_so(scene: Scene) -> None:
    with open_workspace(scene, "alice") as alice:
        account = Ref.of(Account.objects.create(name="Globex"))
        create_task(access=alice, subject="x", about=account)
        assert [s.may for s in ahead.on_record(account, alice).steps] == [True]
    with open_workspace(scene, "charlie") as charlie:
        assert [s.may for s in ahead.on_record(account, charlie).steps] == [False]


def test_a_favourite_comes_and_goes(scene: Scene) -> None:
    with open_workspace(scene, "alice") as alice:
        account = Ref.of(Account.objects.create(name="Globex"))
        view = SavedView.objects.create(type_key="accounts", name="At risk", owner=scene.members["alice"])
        for ref in (account, Ref("views", view.pk)):
            assert favourites.toggle(alice, ref)
        assert [(k.text, k.href) for k in favourites.kept(alice)] == [
            ("Globex", f"/w/{scene.workspace.slug}/accounts/{account.id}/"), ("At risk", f"/w/{scene.workspace.slug}/accounts/?view={view.pk}"),
        ]  # fmt: skip
        assert not favourites.toggle(alice, account)
        assert [k.text for k in favourites.kept(alice)] == ["At risk"]
        assert favourites.kept(scene.system) == []


def test_what_one_may_not_see_is_no_favourite(scene: Scene) -> None:
    with open_workspace(scene, "charlie"):
        view = SavedView.objects.create(type_key="accounts", name="Private", owner=scene.members["charlie"])
    with open_workspace(scene, "alice") as alice:
        for ref in (Ref("views", view.pk), Ref("accounts", uuid.uuid4())):
            with pytest.raises(Refused):
                favourites.toggle(alice, ref)
        account = Ref.of(Account.objects.create(name="Globex", owner=scene.members["charlie"]))
        favourites.toggle(alice, account)
        alice.matrix["accounts"] = {"view": "own"}
        assert favourites.kept(alice) == []


def test_a_tick_needs_no_operation(scene: Scene) -> None:
    """A favourite is a personal setting: it may be written outside an operation."""
    from patron.kernel.tenancy import workspace

    with workspace(scene.workspace.pk):
        alice: Any = scene.access("alice")
        with operation("accounts.create", access=alice):
            account = Ref.of(Account.objects.create(name="Globex"))
        assert favourites.toggle(alice, account)
