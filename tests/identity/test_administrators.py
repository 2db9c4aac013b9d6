"""A workspace keeps an administrator: through verbs, roles, undo, bulk writes, and two at a time."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from patron.identity.domain import people as domain
from patron.identity.domain.administrators import Impossible, administrators
from patron.identity.enums import MembershipState
from patron.identity.models import Membership, Role
from patron.kernel.tenancy import workspace
from patron.ledger.models import Operation
from patron.ledger.operations import operation
from patron.ledger.undo import CannotUndo, undo
from patron.testing import Scene, open_workspace


def client_of(scene: Scene, name: str = "dora") -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(scene.users[name])
    return client


def promote(scene: Scene, *names: str) -> None:
    """Make administrators of them."""
    with open_workspace(scene, verb="people.change_role"):
        boss = Role.objects.get(key="administrator")
        Membership.objects.filter(pk__in=[scene.members[n].pk for n in names]).update(role=boss)


def do(scene: Scene, verb: str, who: str, by: str = "dora", **data: str) -> Any:
    return client_of(scene, by).post(f"/w/{scene.workspace.slug}/people/{scene.members[who].pk}/do/{verb}/", data)


def agent(scene: Scene) -> str:
    with workspace(scene.workspace.pk):
        return str(Role.objects.get(key="sales-agent").pk)


def test_nobody_deactivates_or_demotes_themselves(scene: Scene) -> None:
    promote(scene, "erin")
    refused = do(scene, "deactivate", "dora")
    assert refused.status_code == 422
    assert "Another administrator has to do this for you." in refused.content.decode()
    assert do(scene, "change_role", "dora", role=agent(scene)).status_code == 422


def test_second_administrator_can_go_and_the_last_cannot(scene: Scene) -> None:
    promote(scene, "erin")
    assert do(scene, "deactivate", "dora", by="erin").status_code == 302
    with workspace(scene.workspace.pk):
        assert [m.name for m in administrators()] == ["Erin"]
        with pytest.raises(Impossible, match="Make another person an administrator first"), operation("test", access=scene.system):
            domain.deactivate(Membership.objects.get(pk=scene.members["erin"].pk), by=scene.system)


def test_database_refuses_what_went_past_the_rule(scene: Scene) -> None:
    with workspace(scene.workspace.pk), operation("test", access=scene.system):
        for change in ({"state": MembershipState.DEACTIVATED}, {"role": Role.objects.get(key="manager")}, {"user": None}):
            with pytest.raises(IntegrityError, match="Make another person an administrator first"), transaction.atomic():
                Membership.objects.filter(pk=scene.members["dora"].pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            Role.objects.filter(key="administrator").update(matrix={"*": {"view": "all"}})
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.filter(pk=scene.members["dora"].pk)._raw_delete(using="default")
        assert administrators().get().name == "Dora"


def test_others_come_and_go_freely_where_nobody_was_an_administrator(scene: Scene) -> None:
    """A workspace that a program made may have none; that is no reason to keep everybody in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    with workspace(scene.workspace.pk), operation("test", access=scene.system):
        Membership.objects.filter(pk=scene.members["alice"].pk).update(state=MembershipState.DEACTIVATED)


def test_undo_does_not_bring_a_workspace_without_administrator(scene: Scene) -> None:
    do(scene, "change_role", "erin", role=str(_boss(scene)))
    with workspace(scene.workspace.pk):
        promotion = Operation.objects.get(verb="people.change_role")
    assert do(scene, "deactivate", "dora", by="erin").status_code == 302
    with workspace(scene.workspace.pk), pytest.raises(CannotUndo, match="Make another person an administrator first"), transaction.atomic():
        undo(promotion.pk, access=scene.access("erin"))


def _boss(scene: Scene) -> Any:
    with workspace(scene.workspace.pk):
        return Role.objects.get(key="administrator").pk


def test_generic_doors_ask_too(scene: Scene) -> None:
    """The field form and the bulk form of people."""
    where = f"/w/{scene.workspace.slug}/people/"
    promote(scene, "erin")
    own = client_of(scene).post(f"{where}{scene.members['dora'].pk}/field/role/", {"role": agent(scene), "revision": ""})
    assert own.status_code == 422
    bulk = client_of(scene).post(f"{where}bulk/edit/?ids={scene.members['dora'].pk}&ids={scene.members['erin'].pk}", {"field": "role", "role": agent(scene)})
    assert bulk.status_code in (204, 302)
    with workspace(scene.workspace.pk):
        assert [m.name for m in administrators()] == ["Dora"]


def test_only_administrators_give_roles(scene: Scene) -> None:
    """Even a role that may edit people, act on them and import them."""
    with open_workspace(scene):
        Role.objects.filter(key="manager").update(matrix={"*": dict.fromkeys(("view", "create", "edit", "act", "import", "delete"), "all"), "settings": {}})
    where = f"/w/{scene.workspace.slug}/people/{scene.members['alice'].pk}/"
    erin = client_of(scene, "erin")
    assert erin.post(f"{where}field/role/", {"role": str(_boss(scene))}).status_code == 403
    assert erin.post(f"{where}do/change_role/", {"role": str(_boss(scene))}).status_code == 422
    assert erin.post(f"{where}do/deactivate/").status_code == 422
    assert erin.post(f"{where}edit/", {"name": "Alice", "role": str(_boss(scene))}).status_code == 302
    with workspace(scene.workspace.pk):
        roles_url = f"/w/{scene.workspace.slug}/roles/{Role.objects.get(key='sales-agent').pk}/field/name/"
    assert erin.post(roles_url, {"name": "Mine"}).status_code == 403
    with workspace(scene.workspace.pk):
        assert Membership.objects.get(pk=scene.members["alice"].pk).role.key == "sales-agent"


def test_two_administrators_deactivate_each_other_at_once(lasting_scene: Scene) -> None:
    """One succeeds, one is told."""
    scene = lasting_scene
    promote(scene, "erin")
    start, answers = threading.Barrier(2), {}

    def run(by: str, who: str) -> None:
        start.wait()
        answers[by] = do(scene, "deactivate", who, by=by).status_code
        connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in (("dora", "erin"), ("erin", "dora"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with workspace(scene.workspace.pk):
        left = administrators().count()
    assert left == 1
    assert sorted(answers.values())[0] == 302, answers
    assert sorted(answers.values())[1] in (404, 409, 422), answers
