"""Every operation is sealed once, in an order that nothing comes into later, in blocks that follow one another."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as checks
from hypothesis import strategies as st

from patron.identity.models import Team
from patron.kernel.tenancy import workspace
from patron.ledger import jobs, sealing
from patron.ledger.chain import REFUSED
from patron.ledger.operations import operation
from patron.testing import Scene, make_workspace
from tests.database import as_owner
from tests.ledger.chain_kit import act, each_once, seal, seals, verdict
from tests.ledger.conftest import RUNNING


def test_blocks_follow_one_another_and_hold_everything_once(lasting_scene: Scene) -> None:
    scene = lasting_scene
    made = seal(scene)
    assert [b.number for b in made] == [1]
    acts = [act(scene) for _ in range(3)]
    made += seal(scene)
    assert seal(scene) == []
    assert each_once(scene)[-3:] == acts
    rows = seals(scene)
    assert [(s.number, s.previous, s.hash) for s in rows] == [(1, "", made[0].hash), (2, made[0].hash, made[1].hash)]
    assert verdict(scene) == sound(scene)


def sound(scene: Scene) -> Any:
    from patron.ledger.verifying import Verdict

    rows = seals(scene)
    return Verdict(len(rows), sum(len(s.operations) for s in rows), rows[-1].hash if rows else "", None)


@checks(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(sizes=st.lists(st.integers(0, 5), max_size=9), most=st.integers(1, 4), room=st.integers(1, 7))
def test_a_block_is_full_or_the_last_and_never_empty(committing: None, sizes: list[int], most: int, room: int) -> None:
    scene = make_workspace()
    seal(scene)
    acts = [(act(scene, n), n) for n in sizes]
    made = seal(scene, most=most, room=room)
    assert each_once(scene)[-len(acts) or 10**9 :] == [i for i, _n in acts]
    rest = [n for _i, n in acts]
    for block in made:
        taken, rest = rest[: block.operations], rest[block.operations :]
        assert sum(taken) == block.changes and 1 <= block.operations <= most
        assert block.operations == 1 or block.changes <= room
        assert not rest or block.operations == most or block.changes + rest[0] > room, "there was room for more"
    assert rest == []
    assert verdict(scene) == sound(scene)


def test_many_changes_are_hashed_in_leaves(lasting_scene: Scene) -> None:
    for n in (999, 1000, 1001, 2500):
        act(lasting_scene, n)
    seal(lasting_scene)
    assert verdict(lasting_scene) == sound(lasting_scene)


class Other:
    """Somebody else, with a connection and a transaction of their own that begins now."""

    def __init__(self, scene: Scene) -> None:
        self.own: Any = connection.copy()
        self.own.ensure_connection()
        self.raw: psycopg.Connection[Any] = self.own.connection
        self.raw.execute("BEGIN")
        self.raw.execute(f"SET LOCAL app.workspace_id = '{scene.workspace.pk}'")
        self.id = uuid.uuid4()
        self.scene = scene

    def sign(self) -> uuid.UUID:
        self.raw.execute(
            "INSERT INTO ledger_operation (at, workspace_id, id, verb, actor_name, subject_type, reason, request_id, details) VALUES (now(), %s, %s, 'test.other', '', '', '', '', '{}')",
            [self.scene.workspace.pk, self.id],
        )
        return self.id

    def end(self, how: str = "COMMIT") -> None:
        self.raw.execute(how)
        self.own.close()


def test_what_commits_later_in_another_order_is_not_passed_over(lasting_scene: Scene) -> None:
    scene = lasting_scene
    seal(scene)
    slow = Other(scene)
    slow.sign()
    quick = act(scene)
    assert seal(scene) == [], "what comes after one that runs waits for it"
    slow.end()
    assert [b.operations for b in seal(scene)] == [2]
    assert each_once(scene)[-2:] == [slow.id, quick]
    gone = Other(scene)
    gone.sign()
    after = act(scene)
    gone.end("ROLLBACK")
    seal(scene)
    assert each_once(scene)[-1] == after
    assert verdict(scene).found is None


def test_a_number_that_was_taken_first_and_written_last_is_in_its_place(lasting_scene: Scene) -> None:
    """The transaction that began first signs last: the order is that of transactions, and complete all the same."""
    scene = lasting_scene
    seal(scene)
    first = Other(scene)
    first.raw.execute("SELECT pg_current_xact_id()")
    second = act(scene)
    first.sign()
    assert seal(scene) == []
    first.end()
    seal(scene)
    assert each_once(scene)[-2:] == [first.id, second]
    assert verdict(scene).found is None


def test_two_who_seal_at_once_make_one_chain(lasting_scene: Scene) -> None:
    scene = lasting_scene
    for _ in range(12):
        act(scene)
    before, gate, made = sealing.settled(), threading.Barrier(4), []

    def work() -> None:
        gate.wait()
        try:
            while True:
                with workspace(scene.workspace.pk):
                    block = sealing.seal(before, most=1)
                if block is None:
                    return
                made.append(block.number)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == list(range(1, len(each_once(scene)) + 1))
    assert verdict(scene).found is None


def test_the_job_seals_every_workspace_that_has_something_new(committing: None) -> None:
    one, two = make_workspace(), make_workspace()
    jobs.seal.func(0)
    assert len(seals(one)) == len(seals(two)) == 1
    act(two)
    jobs.seal.func(0)
    assert (len(seals(one)), len(seals(two))) == (1, 2)


def test_a_workspace_that_cannot_be_sealed_keeps_no_other_from_it(committing: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    one, two = sorted((make_workspace(), make_workspace()), key=lambda s: s.workspace.pk)
    real = sealing.seal_all

    def some(workspace_id: uuid.UUID, **more: Any) -> Any:
        if workspace_id == one.workspace.pk:
            raise DatabaseError("away")
        return real(workspace_id, **more)

    monkeypatch.setattr(sealing, "seal_all", some)
    jobs.seal.func(0)
    assert (len(seals(one)), len(seals(two))) == (0, 1)
    assert str(one.workspace.pk) in caplog.text


# --- what the database refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("statement", ["UPDATE ledger_seal SET number = 7", "DELETE FROM ledger_seal", "TRUNCATE ledger_seal", "UPDATE ledger_head SET number = 7", "DELETE FROM ledger_head"])
def test_the_serving_role_changes_no_seal(lasting_scene: Scene, statement: str) -> None:
    seal(lasting_scene)
    with pytest.raises(DatabaseError, match="permission denied"), workspace(lasting_scene.workspace.pk), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verdict(lasting_scene).found is None


_AGAIN = """INSERT INTO ledger_seal (workspace_id, id, form, number, at, operations, counts, operation_hashes, change_hashes, changes, previous, hash)
SELECT workspace_id, gen_random_uuid(), form, {number}, at, operations, counts, operation_hashes, change_hashes, changes, {previous}, {hash} FROM ledger_seal ORDER BY number DESC LIMIT 1"""


@pytest.mark.parametrize(
    ("number", "previous", "own"),
    [
        ("number + 1", "hash", "hash"),  # not the hash of its contents
        ("number + 1", "previous", "hash"), ("number", "hash", "hash"),
        ("number + 2", "hash", None), ("number + 1", "previous", None), ("number", "hash", None), ("number + 1", "repeat('0', 64)", None), ("1", "''", None),
    ],
)  # fmt: skip
def test_a_block_that_does_not_follow_the_last_one_is_refused(lasting_scene: Scene, number: str, previous: str, own: str | None) -> None:
    from patron.ledger import canonical

    seal(lasting_scene)
    act(lasting_scene)
    seal(lasting_scene)
    own = own or canonical.block("ledger_seal", number=f"({number})", previous=f"({previous})")
    with pytest.raises(DatabaseError) as refused, workspace(lasting_scene.workspace.pk), connection.cursor() as cursor:
        cursor.execute(_AGAIN.format(number=number, previous=previous, hash=own))
    assert isinstance(refused.value.__cause__, psycopg.Error)
    assert refused.value.__cause__.sqlstate == REFUSED
    assert len(seals(lasting_scene)) == 2


def test_workspaces_see_nothing_of_each_other(committing: None) -> None:
    one, two = make_workspace(), make_workspace()
    seal(one)
    assert seals(two) == [] and verdict(two).blocks == 0
    seal(two)
    assert not {o for s in seals(one) for o in s.operations} & {o for s in seals(two) for o in s.operations}
    with workspace(two.workspace.pk), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_seal UNION ALL SELECT count(*) FROM ledger_head")
        assert cursor.fetchall() == [(1,), (1,)]
    with pytest.raises(DatabaseError), workspace(two.workspace.pk), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO ledger_seal SELECT * FROM ledger_seal WHERE false UNION ALL SELECT '{one.workspace.pk}', gen_random_uuid(), form, 2, at, operations, counts, operation_hashes, change_hashes, changes, hash, hash FROM ledger_seal")
    assert verdict(one).found is None


def test_what_rolls_back_is_sealed_by_the_next(lasting_scene: Scene) -> None:
    scene = lasting_scene
    before = sealing.settled()
    with workspace(scene.workspace.pk):
        assert sealing.seal(before) is not None
        transaction.set_rollback(True)
    assert seals(scene) == []
    assert [b.number for b in seal(scene)] == [1]


def test_older_installations_begin_with_what_they_have(lasting_scene: Scene) -> None:
    """Operations from before the numbers of transactions have 0."""
    as_owner(f"UPDATE ledger_operation SET xid = 0 WHERE workspace_id = '{lasting_scene.workspace.pk}'")
    act(lasting_scene)
    seal(lasting_scene, most=1)
    each_once(lasting_scene)
    assert verdict(lasting_scene).found is None


def test_sealing_inside_an_open_operation_takes_what_was_before(lasting_scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_RUNNING", RUNNING.replace("AND pid <> pg_backend_pid()", ""))  # our own transaction counts, as it does in earnest
    with workspace(lasting_scene.workspace.pk), operation("test.open", access=lasting_scene.system) as signed:
        Team.objects.create(name="Mine")
        sealing.seal(sealing.settled())
        assert signed.id not in [o for s in seals(lasting_scene) for o in s.operations]
    seal(lasting_scene)
    assert signed.id in each_once(lasting_scene)
    assert transaction.get_autocommit()
