"""Writing down calls, meetings and notes."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from patron.collab.domain import related
from patron.collab.domain.activities import Party, create_activity, mark_done
from patron.collab.domain.anything import add_note, follow_up, log_call, log_meeting, party
from patron.collab.domain.refs import Ref
from patron.collab.enums import CallOutcome, Outcome
from patron.collab.models import Activity, ActivityLink, Attendee, Task
from patron.customers.models import Account
from patron.identity.access import Access
from patron.records import changes, perform, registry
from patron.records.verbs import Refused
from patron.testing import Scene, open_workspace

HOUR = datetime.timedelta(hours=1)


def test_a_call_shows_on_everyone_called_too(access: Access, account: Any, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    helena, ref = make("Helena Brandt"), Ref.of(account)
    monkeypatch.setattr(related, "_people", {"accounts": [lambda _ref, _access: [Ref.of(helena)]]})
    call = log_call(account, access=access, with_whom="helena brandt, Bob", outcome=CallOutcome.REACHED, minutes=14, body="Happy with the price.")
    assert set(ActivityLink.objects.values_list("record_id", flat=True)) == {account.pk, helena.pk}
    assert {str(a.member or a.record_id) for a in Attendee.objects.all()} == {"Bob", str(helena.pk)}
    assert (call.kind, call.done, call.direction, call.owner_id) == ("call", True, "out", access.member_id)
    assert party(f"{Ref.of(helena)}", ref, access) == Party((), (Ref.of(helena),))


def test_a_name_that_fits_nobody_is_refused_by_name(access: Access, account: Any) -> None:
    with pytest.raises(Refused, match="Nobody Here") as refused:
        log_call(account, access=access, with_whom="Nobody Here")
    assert refused.value.field == "with_whom"


def test_what_lies_ahead_is_planned(access: Access, account: Any) -> None:
    meeting = log_meeting(account, access=access, subject="Quarterly review", at=timezone.now() + HOUR)
    assert not meeting.done
    with pytest.raises(changes.NotValid) as refused:
        log_call(account, access=access, at=timezone.now() + HOUR, outcome=CallOutcome.REACHED)
    assert list(refused.value.errors) == ["outcome"]


def test_a_planned_call_that_is_marked_done_early_happened_now(access: Access, account: Any) -> None:
    call = log_call(account, access=access, at=timezone.now() + HOUR)
    mark_done(call, access=access, outcome=Outcome.REACHED, minutes=5)
    call.refresh_from_db()
    assert (call.done, call.outcome, call.minutes) == (True, "reached", 5)
    assert call.at <= timezone.now()
    assert ActivityLink.objects.get().at == call.at
    with pytest.raises(Refused):
        mark_done(call, access=access)


def test_a_meeting_does_not_end_like_a_call(access: Access, account: Any) -> None:
    meeting = log_meeting(account, access=access, subject="Review", at=timezone.now() + HOUR)
    with pytest.raises(Refused) as refused:
        mark_done(meeting, access=access, outcome=Outcome.WRONG_NUMBER)
    assert refused.value.field == "outcome"


def test_an_empty_note_is_refused(access: Access, account: Any) -> None:
    with pytest.raises(changes.NotValid) as refused:
        add_note(account, access=access, body=" \n ")
    assert list(refused.value.errors) == ["body"]


def test_the_title_is_the_subject_else_the_first_line(access: Access, account: Any) -> None:
    made = [
        add_note(account, access=access, body="\n  Wants two orders \nand more"),
        log_call(account, access=access),
        log_meeting(account, access=access, subject="Review"),
    ]
    titles = dict(Activity.objects.values_list("pk", "title"))
    assert [titles[a.pk] for a in made] == ["Wants two orders ", "call", "Review"]


def test_links_follow_the_time_whoever_changes_it(access: Access, account: Any) -> None:
    note = add_note(account, access=access, body="x")
    earlier = note.at - 24 * HOUR
    Activity.objects.filter(pk=note.pk).update(at=earlier)
    assert ActivityLink.objects.get().at == earlier
    ActivityLink.objects.update(at=note.at)
    assert ActivityLink.objects.get().at == earlier


def test_the_database_knows_the_kinds(access: Access) -> None:
    now = timezone.now()
    for values in (
        {"kind": "note"}, {"kind": "note", "body": "x", "outcome": "held"}, {"kind": "meeting", "direction": "in"},
        {"kind": "call", "outcome": "held"}, {"kind": "meeting", "outcome": "reached"}, {"kind": "note", "body": "x", "done": False},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Activity.objects.create(at=now, **values)


def test_a_link_to_what_one_may_not_see_is_refused(scene: Scene) -> None:
    with open_workspace(scene, "charlie"):
        secret = Account.objects.create(name="Secret", owner=scene.members["charlie"])
    with open_workspace(scene, "alice") as alice:
        alice.matrix["accounts"] = {"view": "own"}
        with pytest.raises(Refused):
            create_activity(access=alice, kind="note", about=[Ref.of(secret)], body="x")
        assert not Activity.objects.exists()


def test_every_record_can_be_followed_up(access: Access, account: Any) -> None:
    task = follow_up(account, access=access, due=access.today(), description="Ask about the roll-out\nand the budget")
    assert (task.kind, task.subject, task.record_id) == ("follow_up", "Ask about the roll-out", account.pk)
    assert str(follow_up(account, access=access, due=access.today())) == "Follow up: Globex"


def test_the_verbs_are_offered_on_records_and_not_on_themselves(access: Access, account: Any) -> None:
    offered = {v.name for v, refusal in perform.available(registry.get("accounts"), account, access) if refusal is None}
    assert offered >= {"log_call", "log_meeting", "add_note", "add_task", "follow_up"}
    task = follow_up(account, access=access, due=access.today())
    offered = {v.name for v, refusal in perform.available(registry.get("tasks"), task, access) if refusal is None}
    assert offered & {"log_call", "add_note", "add_task", "follow_up"} == set()


def test_an_auditor_writes_nothing(scene: Scene) -> None:
    with open_workspace(scene):
        account = Account.objects.create(name="Globex")
    with open_workspace(scene, "rita") as rita:
        with pytest.raises(Refused):
            perform.perform(registry.verb("accounts", "add_note"), registry.get("accounts"), account, access=rita, inputs={"body": "x"})
        assert not Task.objects.exists()
        assert not Activity.objects.exists()
