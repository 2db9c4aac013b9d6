"""Two people cannot manage each other, also when two administrators say so at the same moment."""

from __future__ import annotations

import threading
from typing import Any

from django.db import connections, transaction

from patron.identity.models import Membership
from patron.kernel.tenancy import workspace
from patron.records import changes, registry
from patron.setup.domain import roles
from patron.testing import Scene


def test_of_two_who_make_each_other_manager_at_once_one_is_told(lasting_scene: Scene) -> None:
    scene, started = lasting_scene, threading.Barrier(2)
    refused: list[dict[str, str]] = []

    def edit(name: str, manager: str) -> None:
        try:
            with workspace(scene.workspace.pk), transaction.atomic():
                access = scene.access()
                started.wait(timeout=20)
                changes.edit(registry.get("people"), scene.members[name], {"manager": scene.members[manager].pk}, access=access)
        except changes.NotValid as error:
            refused.append(error.errors)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=edit, args=pair) for pair in (("alice", "bob"), ("bob", "alice"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with workspace(scene.workspace.pk):
        managed = Membership.objects.filter(pk__in=[scene.members[n].pk for n in ("alice", "bob")]).exclude(manager=None).count()
    assert managed == 1
    assert [list(errors) for errors in refused] == [["manager"]]


def test_a_right_that_the_matrix_does_not_show_survives_its_form() -> None:
    before: dict[str, Any] = {"deals": {"view": "all", "override": "team"}, "*": {}}
    assert roles.read({"own-deals": "1", "deals:view": "team"}, before)["deals"] == {"view": "team", "override": "team"}
