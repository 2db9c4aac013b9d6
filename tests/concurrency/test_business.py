"""Two people do the same business at the same moment: it is done once, and the other one is told in words. Through the real pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from patron.customers.models import Account, Contact
from patron.identity.models import Invitation, Membership, Role, User
from patron.kernel.tenancy import workspace
from patron.ledger.models import Operation
from patron.records import changes, registry
from patron.records.imports import service
from patron.sales.models import Deal, Lead, LostReason
from patron.setup import jobs
from patron.testing import PASSWORD, Scene
from tests.customers.conftest import closure, walked
from tests.records.import_kit import checked, inside, messages, table
from tests.records.together import client, held, statuses, together, words


def at(scene: Scene, *parts: object) -> str:
    return f"/w/{scene.workspace.slug}/" + "".join(f"{part}/" for part in parts)


def make(scene: Scene, key: str, **values: Any) -> Any:
    with inside(scene) as view:
        return changes.create(registry.get(key), values, access=view.access)


@pytest.mark.parametrize("door", ["field", "move", "edit"])
def test_of_two_moves_under_each_other_one_succeeds(lasting_scene: Scene, door: str) -> None:
    scene = lasting_scene
    one, two = make(scene, "accounts", name="One"), make(scene, "accounts", name="Two")

    def move(by: Client, node: Account, above: Account) -> Any:
        if door == "field":
            return by.post(at(scene, "accounts", node.pk, "field", "parent"), {"parent": str(above.pk), "revision": node.revision})
        if door == "edit":
            return by.post(at(scene, "accounts", node.pk, "edit"), {"parent": str(above.pk), "was-parent": "", "revision": node.revision})
        return by.post(at(scene, "accounts", node.pk, "do", "move"), {"parent": str(above.pk)})

    people = client(scene), client(scene)
    answers = together(lambda: move(people[0], one, two), lambda: move(people[1], two, one), gate=held(scene, Account, one.pk, two.pk))
    assert statuses(answers) == ([200, 422] if door == "field" else [302, 422])
    said = words(next(a for a in answers if a.status_code == 422))
    assert any(part in said for part in ("Somebody else", "somebody else", "lies below this account"))
    with workspace(scene.workspace.pk):
        assert closure() == walked()
        assert Account.objects.exclude(parent=None).count() == 1


def test_a_lead_that_two_people_qualify_becomes_one_account(lasting_scene: Scene) -> None:
    scene = lasting_scene
    lead = make(scene, "leads", last_name="Byron", company="Engines", email="ada@engines.example")
    people = client(scene), client(scene)
    data = {"account": "new", "contact": "new", "deal": "new", "deal_name": "First order"}
    answers = together(*(lambda c=c: c.post(at(scene, "leads", lead.pk, "do", "qualify"), data) for c in people), gate=held(scene, Lead, lead.pk))  # type: ignore[misc]
    assert statuses(answers) == [302, 422]
    assert "qualified" in words(next(a for a in answers if a.status_code == 422)).lower()
    with workspace(scene.workspace.pk):
        assert (Account.objects.count(), Contact.objects.count(), Deal.objects.count()) == (1, 1, 1)
        assert Operation.objects.filter(verb="leads.qualify").count() == 1


def test_a_deal_that_one_wins_and_one_loses_has_one_outcome(lasting_scene: Scene) -> None:
    scene = lasting_scene
    account = make(scene, "accounts", name="Globex")
    deal = make(scene, "deals", name="Fleet", account=account.pk, amount=100)
    with workspace(scene.workspace.pk):
        price = LostReason.objects.get(name="Price")
    people = client(scene), client(scene)
    answers = together(
        lambda: people[0].post(at(scene, "deals", deal.pk, "do", "win"), {}), lambda: people[1].post(at(scene, "deals", deal.pk, "do", "lose"), {"reason": str(price.pk)}),
        gate=held(scene, Deal, deal.pk),
    )  # fmt: skip
    assert statuses(answers) == [302, 422]
    with workspace(scene.workspace.pk):
        found = Deal.objects.get(pk=deal.pk)
        done = list(Operation.objects.filter(verb__in=("deals.win", "deals.lose")).values_list("verb", flat=True))
    assert done == [{"won": "deals.win", "lost": "deals.lose"}[found.outcome]]
    assert found.lost_reason_id == (price.pk if found.outcome == "lost" else None)


def test_twenty_creates_at_once_get_twenty_numbers(lasting_scene: Scene) -> None:
    scene = lasting_scene
    make(scene, "accounts", name="Start")

    def create(name: str) -> Any:
        with inside(scene, "") as view:
            return changes.create(registry.get("accounts"), {"name": name}, access=view.access).number

    numbers = together(*(lambda i=i: create(f"Account {i}") for i in range(20)))  # type: ignore[misc]
    assert sorted(numbers) == [f"A-{n}" for n in range(10002, 10022)]


def test_a_key_that_an_import_and_a_form_want_is_given_once(lasting_scene: Scene) -> None:
    scene = lasting_scene
    rows = table(("No", "Name"), *((f"K-{i}", f"Imported {i}") for i in range(200)))
    plan = {"columns": {"No": "number", "Name": "name"}, "key": ["number"], "mode": "upsert", "alike": "create"}
    with inside(scene) as view:
        item = checked(view, "accounts", rows, plan)
    browser = client(scene)

    def apply() -> Any:
        with inside(scene) as view:
            return service.apply(item, view)

    done, answer = together(apply, lambda: browser.post(at(scene, "accounts", "new") + "?form=all", {"name": "By hand", "number": "K-150"}))
    with workspace(scene.workspace.pk):
        holders = list(Account.objects.filter(number="K-150").values_list("name", flat=True))
        count = Account.objects.count()
    assert len(holders) == 1
    if holders == ["By hand"]:
        assert answer.status_code == 302
        assert (done.state, count) in (("applied", 200), ("failed", 1))
        with workspace(scene.workspace.pk):
            assert done.state == "failed" or messages(done)[150]
        assert done.state == "applied" or "has this number already" in done.message
    else:
        assert answer.status_code == 422
        assert "has this number already" in words(answer)
        assert (done.state, count) == ("applied", 200)


def test_an_invitation_that_is_accepted_twice_admits_once(lasting_scene: Scene) -> None:
    scene = lasting_scene
    email = f"nina@{scene.workspace.slug}.example"
    with workspace(scene.workspace.pk):
        role = Role.objects.get(key="manager")
    assert client(scene).post(at(scene, "settings", "people", "invite"), {"email": email, "name": "Nina", "role": str(role.pk)}).status_code == 302
    with workspace(scene.workspace.pk):
        who = Membership.objects.get(email=email)
        code = Invitation.objects.get(member=who).code
    mail.outbox = []
    jobs.send_invitation(workspace_id=str(scene.workspace.pk), member_id=str(who.pk), code=code, by="Dora")
    link = next(line.partition("://")[2].partition("/")[2] for line in mail.outbox[-1].body.split() if "/auth/join/" in line)
    browsers = [Client(HTTP_HOST="127.0.0.1", raise_request_exception=False) for _ in range(2)]
    data = {"name": "Nina Novak", "password": PASSWORD}
    answers = together(*(lambda c=c: c.post(f"/{link}", data) for c in browsers), gate=held(scene, Membership, who.pk))  # type: ignore[misc]
    assert statuses(answers) in ([302, 302], [302, 410])
    assert sum("_auth_user_id" in c.session for c in browsers) == 1
    assert User.objects.filter(email=email).count() == 1
    with workspace(scene.workspace.pk):
        assert Operation.objects.filter(verb="people.accept").count() == 1
