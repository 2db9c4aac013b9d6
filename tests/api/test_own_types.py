"""The workspace's own record types through the API: what the suite of every type does not ask."""

from __future__ import annotations

from patron.identity.models import Role
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import registry
from patron.testing import Scene
from tests.api.conftest import Program, program_of
from tests.config.test_faults import wait_for
from tests.records.making import make
from tests.records.own_kit import COURSES, make_type


def test_a_type_is_made_described_and_filled_through_the_api(dora: Program) -> None:
    made = dora.post("record-types/", {"label": "Course", "plural": "Courses", "prefix": "CRS"})
    assert (made.status_code, made.data["key"]) == (201, COURSES), made.content
    assert dora.post(f"record-types/{made.data['id']}/do/set_states/", {"inputs": {"states": "Planned\nOver | good | done"}}).status_code == 200
    record = dora.post(f"{COURSES}/", {"name": "Welding"})
    assert (record.status_code, record.data["number"], record.data["state"]) == (201, "CRS-0001", "planned"), record.content
    moved = dora.post(f"{COURSES}/{record.data['id']}/do/set_state/", {"inputs": {"state": "over"}})
    assert (moved.status_code, moved.data["record"]["state"]) == (200, "over"), moved.content
    assert f"/api/v1/{COURSES}/" in dora.get("openapi.json").data["paths"]
    assert dora.post(f"record-types/{made.data['id']}/do/archive/").status_code == 200
    assert dora.post(f"{COURSES}/", {"name": "Another"}).status_code == 405
    assert dora.get(f"{COURSES}/{record.data['id']}/").status_code == 200


def test_the_feed_tells_only_of_types_that_the_key_sees(lasting_scene: Scene) -> None:
    """Records of both types lie in one table: what is seen of one says nothing of the other."""
    scene = lasting_scene
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        for name in ("Courses", "Contracts"):
            make_type(scene.access(), name, name[:-1])
        role = Role.objects.get(key="sales-agent")
        role.matrix = {**role.matrix, COURSES: {"view": "all"}, "x-contracts": {}}
        role.save()
    alice = program_of(scene, "alice")
    start = alice.get("changes/?after=now").data["next"]
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        seen, hidden, gone = (make(registry.get(key), scene.access(), name=name) for key, name in ((COURSES, "Seen"), ("x-contracts", "Hidden"), ("x-contracts", "Gone")))
        gone.delete()

    def told() -> str:
        return str(alice.get(f"changes/?after={start}&types={COURSES}").content.decode() + alice.get(f"changes/?after={start}").content.decode())

    wait_for(lambda: str(seen.pk) in told())  # the feed waits for older transactions, those of other tests too
    everything = told()
    assert str(hidden.pk) not in everything and str(gone.pk) not in everything and "Hidden" not in everything
