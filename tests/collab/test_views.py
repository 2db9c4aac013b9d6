"""The screens: with htmx and without script, for those who may and those who may not."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest
from django.test import Client

from patron.collab.domain.anything import add_note
from patron.collab.domain.refs import Ref
from patron.collab.domain.tasks import create_task
from patron.collab.models import Activity, Favourite, Notification, Task
from patron.customers.models import Account
from patron.testing import Scene, make_workspace, open_workspace

FRAGMENT = {"HX-Request": "true"}


class Place:
    """A workspace with an account of alice's, and a browser for each person."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        with open_workspace(scene, "alice"):
            self.account = Account.objects.create(name="Globex & Söhne", owner=scene.members["alice"])
        self.root = f"/w/{scene.workspace.slug}/"
        self.on = f"{self.root}collab/on/accounts/{self.account.pk}/"
        self.page = f"{self.root}accounts/{self.account.pk}/"

    def browser(self, name: str = "alice") -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(self.scene.users[name])
        return client


@pytest.fixture
def place(scene: Scene) -> Place:
    return Place(scene)


def rows(place: Place, model: Any) -> list[Any]:
    with open_workspace(place.scene):
        return list(model.objects.all())


def triggers(response: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(response.headers["HX-Trigger"])
    return found


def test_the_record_page_shows_what_is_ahead_and_what_was(place: Place) -> None:
    with open_workspace(place.scene, "alice") as alice:
        create_task(access=alice, subject="Send <b>the</b> quote", about=Ref.of(place.account), due=alice.today())
        add_note(place.account, access=alice, body="First line\n<script>alert(1)</script>")
    html = place.browser().get(place.page).content.decode()
    assert "Send &lt;b&gt;the&lt;/b&gt; quote" in html
    assert "First line<br>&lt;script&gt;" in html
    assert f'action="{place.on}compose/note/"' in html
    assert f'action="{place.root}collab/favourites/accounts/{place.account.pk}/"' in html


@pytest.mark.parametrize(
    ("kind", "data", "model"),
    [
        ("note", {"body": "Wants two orders"}, Activity),
        ("call", {"body": "Reached her", "outcome": "reached", "direction": "out", "minutes": "14"}, Activity),
        ("meeting", {"subject": "Review", "with_whom": "Bob"}, Activity),
        ("task", {"subject": "Send the quote", "due": "2030-01-02", "assignee": "Bob"}, Task),
    ],
)
def test_writing_down(place: Place, kind: str, data: dict[str, str], model: Any) -> None:
    browser = place.browser()
    response = browser.post(f"{place.on}compose/{kind}/", data, headers=FRAGMENT)
    html = response.content.decode()
    assert (response.status_code, html.count('id="composer"'), html.count('id="timeline"'), html.count('id="h-ahead"')) == (200, 1, 1, 1)
    assert "<html" not in html
    assert triggers(response)["toast"]["undo"].startswith(f"{place.root}history/")
    assert len(rows(place, model)) == 1
    plain = browser.post(f"{place.on}compose/{kind}/", data)
    assert (plain.status_code, plain.headers["Location"]) == (302, place.page)
    assert len(rows(place, model)) == 2


@pytest.mark.parametrize("kind", ["note", "call", "meeting", "task"])
def test_each_kind_has_its_composer(place: Place, kind: str) -> None:
    fragment = place.browser().get(f"{place.on}compose/{kind}/", headers=FRAGMENT).content.decode()
    page = place.browser().get(f"{place.on}compose/{kind}/").content.decode()
    assert fragment.lstrip().startswith("<form")
    assert "<html" in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_what_cannot_be_saved_is_kept_and_said(place: Place) -> None:
    response = place.browser().post(f"{place.on}compose/call/", {"body": "kept words", "minutes": "soon", "direction": "out"}, headers=FRAGMENT)
    html = response.content.decode()
    assert (response.status_code, response.headers["HX-Retarget"]) == (422, "#composer")
    assert "kept words" in html
    assert 'value="soon"' in html
    assert "is not a number" in html
    response = place.browser().post(f"{place.on}compose/meeting/", {"with_whom": "Nobody Here"})
    assert response.status_code == 422
    assert "Nobody Here" in response.content.decode()
    assert rows(place, Activity) == []


def test_those_who_may_only_read_write_nothing(place: Place) -> None:
    rita = place.browser("rita")
    html = rita.get(place.page).content.decode()
    assert "compose/" not in html
    assert rita.post(f"{place.on}compose/note/", {"body": "x"}, headers=FRAGMENT).status_code in (403, 422)
    assert rows(place, Activity) == []


def test_strangers_find_nothing(place: Place) -> None:
    elsewhere = make_workspace()
    client = Client()
    client.force_login(elsewhere.users["dora"])
    assert client.post(f"{place.on}compose/note/", {"body": "x"}).status_code == 404
    assert client.get(f"/w/{elsewhere.workspace.slug}/collab/on/accounts/{place.account.pk}/timeline/").status_code == 404
    dora = place.browser("dora")
    for address in (
        f"{place.on}compose/poem/",
        f"{place.root}collab/on/accounts/{uuid.uuid4()}/timeline/",
        f"{place.root}collab/on/poems/{place.account.pk}/timeline/",
    ):
        assert dora.get(address).status_code == 404


def test_older_entries_follow(place: Place) -> None:
    with open_workspace(place.scene, "alice") as alice:
        for n in range(40):
            add_note(place.account, access=alice, body=f"note {n:02}")
    browser = place.browser()
    first = browser.get(f"{place.on}timeline/", headers=FRAGMENT).content.decode()
    older = re.search(r'hx-get="([^"]+before=[^"]+)"', first)
    assert older is not None
    address = older.group(1).replace("&amp;", "&")
    fragment = browser.get(address, headers=FRAGMENT).content.decode()
    assert "note 39" in first
    assert "note 00" not in first
    assert "note 00" in fragment
    assert "note 39" not in fragment
    assert "<h3>Today</h3>" not in fragment
    assert "<html" in browser.get(address).content.decode()


def test_ticking_a_task(place: Place) -> None:
    with open_workspace(place.scene, "alice") as alice:
        task = create_task(access=alice, subject="Send the quote", about=Ref.of(place.account))
        second = create_task(access=alice, subject="Call again", about=Ref.of(place.account))
    address = f"{place.root}collab/tasks/{task.pk}/complete/?on=accounts/{place.account.pk}"
    assert place.browser("charlie").post(address, headers=FRAGMENT).status_code == 403
    assert place.browser().get(address).status_code == 405
    response = place.browser().post(address, headers=FRAGMENT)
    html = response.content.decode()
    assert "Done: Send the quote" not in html
    assert "Done: Call again" in html
    assert "completed" in html
    again = place.browser().post(address, headers=FRAGMENT)
    assert triggers(again)["toast"]["tone"] == "warn"
    plain = place.browser().post(f"{place.root}collab/tasks/{second.pk}/complete/", headers={"Referer": f"http://testserver{place.page}"})
    assert (plain.status_code, plain.headers["Location"]) == (302, f"http://testserver{place.page}")
    assert {t.state for t in rows(place, Task)} == {"done"}


def test_the_inbox(place: Place) -> None:
    with open_workspace(place.scene, "bob") as bob:
        create_task(access=bob, subject="For Alice", about=Ref.of(place.account), assignee=place.scene.members["alice"])
    browser = place.browser()
    html = browser.get(f"{place.root}collab/inbox/").content.decode()
    assert "Bob assigned “For Alice” to you" in html
    assert "1 unread" in html
    assert "<html" not in browser.get(f"{place.root}collab/inbox/latest/", headers=FRAGMENT).content.decode()
    (notice,) = rows(place, Notification)
    assert place.browser("bob").post(f"{place.root}collab/inbox/{notice.pk}/open/").status_code == 404
    opened = browser.post(f"{place.root}collab/inbox/{notice.pk}/open/")
    assert opened.headers["Location"] == f"{place.root}tasks/{notice.record_id}/"
    assert "0 unread" in browser.get(f"{place.root}collab/inbox/").content.decode()
    assert "All read" in browser.get(f"{place.root}collab/inbox/?unread=1").content.decode()


def test_marking_all_as_read(place: Place) -> None:
    with open_workspace(place.scene, "bob") as bob:
        for n in range(3):
            create_task(access=bob, subject=f"t{n}", assignee=place.scene.members["alice"])
    assert place.browser("charlie").post(f"{place.root}collab/inbox/read/", headers=FRAGMENT).status_code == 204
    assert {n.read_at for n in rows(place, Notification)} == {None}
    assert place.browser().post(f"{place.root}collab/inbox/read/").status_code == 302
    assert None not in {n.read_at for n in rows(place, Notification)}


def test_the_star(place: Place) -> None:
    address = f"{place.root}collab/favourites/accounts/{place.account.pk}/"
    response = place.browser().post(address, headers=FRAGMENT)
    assert 'aria-pressed="true"' in response.content.decode()
    assert len(rows(place, Favourite)) == 1
    assert 'aria-pressed="true"' in place.browser().get(place.page).content.decode()
    assert place.browser().post(address).status_code == 302
    assert rows(place, Favourite) == []
    assert place.browser().post(f"{place.root}collab/favourites/accounts/{uuid.uuid4()}/").status_code == 404


def test_lists_say_what_things_are_about(place: Place) -> None:
    with open_workspace(place.scene, "alice") as alice:
        create_task(access=alice, subject="Send the quote", about=Ref.of(place.account))
        create_task(access=alice, subject="Tidy up")
        add_note(place.account, access=alice, body="A note\nof two lines")
    browser = place.browser()
    tasks, activities = (browser.get(f"{place.root}{key}/").content.decode() for key in ("tasks", "activities"))
    link = f'<a href="{place.page}">Globex &amp; Söhne</a>'
    assert tasks.count(link) == 1
    assert "Tidy up" in tasks
    assert activities.count(link) == 1
    assert "A note" in activities


def test_a_checklist_is_ticked_on_its_page(place: Place) -> None:
    with open_workspace(place.scene, "alice") as alice:
        task = create_task(access=alice, subject="Close the books", about=Ref.of(place.account), checklist=["Bank", "<b>Cash</b>"])
        first = task.checklist.get(position=0)
    page, address = f"{place.root}tasks/{task.pk}/", f"{place.root}collab/checklist/{first.pk}/"
    html = place.browser().get(page).content.decode()
    assert "&lt;b&gt;Cash&lt;/b&gt;" in html
    assert "0 of 2" in html
    assert "Globex &amp; Söhne" in html
    assert place.browser("charlie").post(address, {"done": "1"}).status_code == 403
    assert "1 of 2" in place.browser().post(address, {"done": "1"}, headers=FRAGMENT).content.decode()
    assert place.browser().post(address, {"done": ""}).status_code == 302
    assert "0 of 2" in place.browser().get(page).content.decode()
    assert place.browser().post(f"{place.root}collab/checklist/{uuid.uuid4()}/", {"done": "1"}).status_code == 404
    added = place.browser().post(f"{page}do/add_items/", {"items": "Post\n\n Stamps "}, headers=FRAGMENT)
    assert added.status_code == 204
    with open_workspace(place.scene):
        assert list(task.checklist.values_list("text", flat=True)) == ["Bank", "<b>Cash</b>", "Post", "Stamps"]


def test_an_activity_says_where_it_belongs_and_who_was_there(place: Place) -> None:
    place.browser().post(f"{place.on}compose/meeting/", {"subject": "Review", "with_whom": "Bob", "body": "Line one\nLine two"})
    (meeting,) = rows(place, Activity)
    html = place.browser().get(f"{place.root}activities/{meeting.pk}/").content.decode()
    assert "Line one<br>Line two" in html
    assert f'href="{place.page}"' in html
    assert '<span class="grow">Bob</span>' in html
    assert 'id="composer"' not in html


def test_a_checklist_has_an_end(place: Place) -> None:
    with open_workspace(place.scene, "alice") as alice:
        task = create_task(access=alice, subject="x")
    response = place.browser().post(f"{place.root}tasks/{task.pk}/do/add_items/", {"items": "x\n" * 101}, headers=FRAGMENT)
    assert response.status_code == 422
    response = place.browser().post(f"{place.root}tasks/{task.pk}/do/add_items/", {"items": "y" * 201}, headers=FRAGMENT)
    assert "Shorten" in response.content.decode()
