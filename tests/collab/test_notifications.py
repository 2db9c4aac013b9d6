"""Telling people: mentions, assignments, reminders; once each, and only what concerns them."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from markupsafe import Markup

from patron.collab import text
from patron.collab.domain import mentions, notifications, reminders
from patron.collab.domain.activities import create_activity
from patron.collab.domain.anything import add_note
from patron.collab.domain.notifications import Telling, mark_read, notices, tell, unread
from patron.collab.domain.refs import Ref
from patron.collab.domain.tasks import create_task
from patron.collab.models import Mention, Notification, Task
from patron.customers.models import Account
from patron.identity.access import Access
from patron.identity.models import Membership
from patron.records import changes, registry
from patron.testing import Scene, open_workspace

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def people(scene: Scene) -> Scene:
    with open_workspace(scene):
        for name, full in (("alice", "Alice Okafor"), ("bob", "Bob Özdemir"), ("charlie", "Bob Weiss")):
            Membership.objects.filter(pk=scene.members[name].pk).update(name=full)
    return scene


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Ask @Alice Okafor, please.", [("Alice Okafor", "Alice Okafor")]),
        ("@alice knows", [("Alice Okafor", "alice")]),
        ("@BOB OZDEMIR and @bob weiss!", [("Bob Özdemir", "BOB OZDEMIR"), ("Bob Weiss", "bob weiss")]),
        ("@Bob alone could be either", []),
        ("(@Erin)", [("Erin", "Erin")]),
        ("@Nobody @ @@", []),
    ],
)
def test_names_are_found_in_plain_text(people: Scene, written: str, found: list[tuple[str, str]]) -> None:
    with open_workspace(people):
        names = dict(Membership.objects.values_list("pk", "name"))
        assert [(names[member], as_written) for member, as_written in mentions.find(written)] == found


def test_an_address_is_no_mention(people: Scene) -> None:
    with open_workspace(people):
        assert mentions.find("mail to x@alice.example") == []


def test_text_without_names_asks_nothing(people: Scene) -> None:
    with open_workspace(people), CaptureQueriesContext(connection) as seen:
        assert mentions.find("nobody here") == []
    assert [q for q in seen.captured_queries if "membership" in q["sql"]] == []


def test_those_named_are_told_once_though_the_text_changes(people: Scene) -> None:
    with open_workspace(people, "erin") as erin:
        note = create_activity(access=erin, kind="note", about=[], body="@Alice Okafor look at this, @Erin")
        assert list(Notification.objects.values_list("member", "kind")) == [(people.members["alice"].pk, "mentioned")]
        changes.edit(registry.get("activities"), note, {"body": "@alice and @Bob Weiss, look"}, access=erin)
        assert {(m.member_id, m.text) for m in Mention.objects.all()} == {
            (people.members["alice"].pk, "alice"),
            (people.members["charlie"].pk, "Bob Weiss"),
        }
        assert Notification.objects.count() == 2


def test_mentions_are_linked_and_nothing_is_html(people: Scene) -> None:
    member = people.members["alice"].pk
    shown = text.shown("<b>@Alice Okafor</b>\n@Alice Okaforsen & more", [(member, "Alice Okafor")], people="/w/x/people/")
    assert shown == Markup(f'&lt;b&gt;<a class="link" href="/w/x/people/{member}/">@Alice Okafor</a>&lt;/b&gt;<br>@Alice Okaforsen &amp; more')
    assert text.shown("<script>@x</script>", [(member, "x")]) == Markup("&lt;script&gt;@x&lt;/script&gt;")


def test_the_same_is_told_once(scene: Scene) -> None:
    with open_workspace(scene) as access:
        told = [
            Telling("assigned", scene.members["bob"].pk, None, "k"),
            Telling("assigned", access.member_id, None, "k"),
            Telling("assigned", None, None, "k"),
        ]
        for _n in range(2):
            tell(told, access=access)
        assert Notification.objects.count() == 1


def test_words_are_the_readers(scene: Scene) -> None:
    with open_workspace(scene, "alice") as alice:
        create_task(access=alice, subject="Prepare 100% of the demo", assignee=scene.members["bob"])
        assert notices(alice).items == []
    with open_workspace(scene, "bob") as bob:
        (notice,) = notices(bob).items
        assert notice.text == "Alice assigned “Prepare 100% of the demo” to you"
        assert notice.target is not None
        assert notice.target.href.startswith(f"/w/{scene.workspace.slug}/tasks/")
        bob.matrix["tasks"] = {}
        (notice,) = notices(bob).items
        assert notice.text == "Alice assigned “a record you cannot see” to you"


def test_a_kind_nobody_declared_does_no_harm(scene: Scene) -> None:
    with open_workspace(scene, "alice") as alice:
        tell([Telling("unheard-of", scene.members["bob"].pk, None, "k")], access=alice)
    with open_workspace(scene, "bob") as bob:
        assert [n.text for n in notices(bob).items] == [""]
    with pytest.raises(ValueError, match="twice"):
        notifications.kind("assigned", "x")


def test_reading_is_ones_own_affair(scene: Scene) -> None:
    with open_workspace(scene, "alice") as alice:
        for n in range(5):
            tell([Telling("reminder", scene.members[who].pk, None, f"{n}") for who in ("bob", "charlie")], access=alice)
    with open_workspace(scene, "bob") as bob:
        theirs = list(Notification.objects.filter(member=scene.members["charlie"]).values_list("pk", flat=True))
        assert mark_read(bob, theirs) == 0
        assert mark_read(bob, [notices(bob).items[0].id]) == 1
        assert (unread(bob), mark_read(bob), unread(bob)) == (4, 4, 0)
    with open_workspace(scene, "charlie") as charlie:
        assert unread(charlie) == 5


def test_notices_are_paged(scene: Scene) -> None:
    with open_workspace(scene, "alice") as alice:
        tell([Telling("reminder", scene.members["bob"].pk, None, f"{n}") for n in range(7)], access=alice)  # the same instant
    with open_workspace(scene, "bob") as bob:
        seen, page = [], notices(bob, limit=3)
        while True:
            seen += [n.id for n in page.items]
            if not page.older:
                break
            page = notices(bob, limit=3, before=uuid.UUID(page.older))
        assert len(seen) == 7 == len(set(seen))


def test_a_page_of_notices_costs_the_same_however_many_there_are(scene: Scene) -> None:
    taken = []
    for how_many in (1, 20):
        with open_workspace(scene, "alice") as alice:
            for n in range(how_many):
                create_task(access=alice, subject=f"t{n}", assignee=scene.members["bob"])
        with open_workspace(scene, "bob") as bob, CaptureQueriesContext(connection) as seen:
            notices(bob)
        taken.append(len(seen))
    assert taken[0] == taken[1]


def test_a_reminder_comes_once_for_each_time_it_is_set_to(scene: Scene) -> None:
    now = timezone.now()
    with open_workspace(scene, "alice") as alice:
        task = create_task(access=alice, subject="Call", reminder_at=now - MINUTE, assignee=scene.members["bob"])
        create_task(access=alice, subject="Later", reminder_at=now + MINUTE)
        create_task(access=alice, subject="Long ago", reminder_at=now - datetime.timedelta(days=40))
        Notification.objects.all().delete()
        assert [reminders.send_due(now) for _n in range(3)] == [1, 0, 0]
        told = Notification.objects.get()
        assert (told.member_id, told.kind, told.record_id, told.at) == (scene.members["bob"].pk, "reminder", task.pk, now - MINUTE)
        Task.objects.filter(pk=task.pk).update(reminder_at=now)
        assert [reminders.send_due(now) for _n in range(2)] == [1, 0]
        assert reminders.send_due(now + MINUTE) == 1  # alice's own: reminders are told to oneself too


def test_what_is_done_is_not_reminded_of(access: Access) -> None:
    now = timezone.now()
    task = create_task(access=access, subject="x", reminder_at=now)
    Task.objects.filter(pk=task.pk).update(state="cancelled")
    assert reminders.send_due(now) == 0


def test_an_upper_package_tells_in_its_own_words(scene: Scene) -> None:
    notifications._kinds.pop("test.kind", None)
    notifications.kind("test.kind", "%(n)s to look at", "eye")
    with open_workspace(scene, "alice") as alice:
        tell([Telling("test.kind", scene.members["bob"].pk, None, "k", {"n": 3})], access=alice)
    with open_workspace(scene, "bob") as bob:
        assert [(n.text, n.icon) for n in notices(bob).items] == [("3 to look at", "eye")]


def test_a_note_names_its_record(scene: Scene) -> None:
    with open_workspace(scene, "alice") as alice:
        account = Account.objects.create(name="Globex")
        note = add_note(account, access=alice, body="@Bob see here")
        assert Notification.objects.get().record_id == note.pk
        assert Ref.of(note) == Ref("activities", note.pk)
