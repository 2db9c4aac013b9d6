"""Operations to seal, and the eye of somebody who owns the tables."""

from __future__ import annotations

import uuid

from patron.identity.models import Team
from patron.kernel.tenancy import workspace
from patron.ledger import sealing, verifying
from patron.ledger.models import Seal
from patron.ledger.operations import operation
from patron.testing import Scene
from tests.database import as_owner


def act(scene: Scene, changes: int = 1, verb: str = "test.act") -> uuid.UUID:
    """An operation that makes as many teams."""
    with workspace(scene.workspace.pk), operation(verb, access=scene.system, details={"n": 1.50, "what": "„Ä“ \\ \n \u2028 🦉"}) as signed:
        Team.objects.bulk_create(Team(name=f"Team {uuid.uuid4()}") for _ in range(changes))
        return signed.id


def seal(scene: Scene, **limits: int) -> list[sealing.Block]:
    """Blocks until nothing waits."""
    made = []
    while True:
        before = sealing.settled()
        with workspace(scene.workspace.pk):
            block = sealing.seal(before, **limits)
        if block is None:
            return made
        made.append(block)


def verdict(scene: Scene, expected: dict[int, str] | None = None) -> verifying.Verdict:
    with workspace(scene.workspace.pk):
        return verifying.verify(expected=expected)


def broken(scene: Scene) -> verifying.Break:
    found = verdict(scene).found
    assert found is not None, "nothing was found"
    return found


def seals(scene: Scene) -> list[Seal]:
    with workspace(scene.workspace.pk):
        return list(Seal.objects.order_by("number"))


def each_once(scene: Scene) -> list[uuid.UUID]:
    """The sealed operations, which are all there are, each once."""
    sealed = [o for s in seals(scene) for o in s.operations]
    rows = as_owner(f"SELECT id FROM ledger_operation WHERE workspace_id = '{scene.workspace.pk}'")
    assert sorted(sealed) == sorted(i for (i,) in rows)
    return sealed
