"""Writes that are sent twice, at once, or before a crash; and the feed while transactions overlap. Really committed, in a workspace of its own."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from patron.api import idempotency
from patron.api.models import KeptAnswer
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import changes, registry
from patron.testing import Scene
from tests.api.conftest import Program, program_of


@pytest.fixture
def dora(lasting_scene: Scene) -> Program:
    return program_of(lasting_scene)


def count(scene: Scene, **where: Any) -> int:
    with workspace(scene.workspace.pk):
        return int(registry.get("accounts").model.objects.filter(**where).count())


def test_the_same_key_gives_the_first_answer(lasting_scene: Scene, dora: Program) -> None:
    first = dora.post("accounts/", {"name": "Once"}, Idempotency_Key="k1")
    again = dora.post("accounts/", {"name": "Once"}, Idempotency_Key="k1")
    assert first.status_code == again.status_code == 201 and first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true" and "Idempotent-Replayed" not in first.headers
    for header in ("Location", "ETag", "Patron-Operation"):
        assert first.headers[header] == again.headers[header]
    assert count(lasting_scene, name="Once") == 1
    other = dora.post("accounts/", {"name": "Twice"}, Idempotency_Key="k1")
    assert other.status_code == 422 and other.data["code"] == "key-reused"
    assert program_of(lasting_scene).post("accounts/", {"name": "Once"}, Idempotency_Key="k1").status_code == 201  # another program's key is its own
    gone = dora.delete(first.headers["Location"], Idempotency_Key="k2")
    assert gone.status_code == 204 and dora.delete(first.headers["Location"], Idempotency_Key="k2").status_code == 204
    assert dora.post("accounts/", {"name": "X"}, Idempotency_Key="").status_code == 400


def test_another_condition_is_another_request(lasting_scene: Scene, dora: Program) -> None:
    where = dora.post("accounts/", {"name": "Once", "external_id": "O-1"}).headers["Location"]
    assert dora.patch(where, {"city": "Ulm"}, Idempotency_Key="k3").status_code == 200
    for other in ({"If_Match": ""}, {"If_Match": "*"}, {"If_None_Match": "*"}):
        assert dora.patch(where, {"city": "Ulm"}, Idempotency_Key="k3", **other).data["code"] == "key-reused"


def test_refusals_are_not_kept(lasting_scene: Scene, dora: Program) -> None:
    body = {"name": "Twin", "external_id": "T-1"}
    dora.post("accounts/", {"name": "First", "external_id": "T-1"})
    assert dora.post("accounts/", body, Idempotency_Key="k").status_code == 422
    record = dora.get("accounts/by/external_id/T-1/").data["id"]
    dora.patch(f"accounts/{record}/", {"external_id": "T-2"})
    assert dora.post("accounts/", body, Idempotency_Key="k").status_code == 201


def test_old_answers_are_forgotten(lasting_scene: Scene, dora: Program) -> None:
    dora.post("accounts/", {"name": "Old"}, Idempotency_Key="k")
    with workspace(lasting_scene.workspace.pk):
        KeptAnswer.objects.update(at=timezone.now() - datetime.timedelta(hours=25))
    assert "Idempotent-Replayed" not in dora.post("accounts/", {"name": "New"}, Idempotency_Key="k").headers
    with workspace(lasting_scene.workspace.pk):
        assert idempotency.forget_old(timezone.now() + datetime.timedelta(hours=23)) == 0
        assert idempotency.forget_old(timezone.now() + datetime.timedelta(hours=25)) == 1


def test_a_crash_before_the_end_leaves_neither_the_write_nor_its_answer(lasting_scene: Scene, dora: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer is written in the write's own transaction: whatever stops it stops both, and the next attempt does the work once."""

    def crash(*args: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as patched:
        patched.setattr(idempotency, "_keep", crash)
        assert dora.post("accounts/", {"name": "Crash"}, Idempotency_Key="k").status_code == 503
    connection.close()
    assert count(lasting_scene, name="Crash") == 0
    assert dora.post("accounts/", {"name": "Crash"}, Idempotency_Key="k").status_code == 201
    assert dora.post("accounts/", {"name": "Crash"}, Idempotency_Key="k").headers["Idempotent-Replayed"] == "true"
    assert count(lasting_scene, name="Crash") == 1


def at_once(n: int, work: Callable[[int], Any]) -> list[Any]:
    gate = threading.Barrier(n)

    def run(i: int) -> Any:
        try:
            gate.wait(20)
            return work(i)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(n) as pool:
        return list(pool.map(run, range(n)))


def test_of_many_senders_of_one_key_one_writes(lasting_scene: Scene, dora: Program) -> None:
    answers = at_once(6, lambda _i: Program(dora.key).post("accounts/", {"name": "Race"}, Idempotency_Key="race"))
    assert {a.status_code for a in answers} <= {201, 409} and any(a.status_code == 201 for a in answers)
    assert all(a.data["code"] == "in-progress" for a in answers if a.status_code == 409)
    assert len({a.content for a in answers if a.status_code == 201}) == 1
    assert count(lasting_scene, name="Race") == 1


def test_a_second_sender_is_told_at_once(lasting_scene: Scene, dora: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, go_on = threading.Event(), threading.Event()
    original = changes.create

    def slow(*args: Any, **kwargs: Any) -> Any:
        inside.set()
        assert go_on.wait(20)
        return original(*args, **kwargs)

    monkeypatch.setattr(changes, "create", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(lambda: at_once(1, lambda _i: Program(dora.key).post("accounts/", {"name": "Slow"}, Idempotency_Key="s"))[0])
        assert inside.wait(20)
        second = dora.post("accounts/", {"name": "Slow"}, Idempotency_Key="s")
        go_on.set()
        assert first.result(20).status_code == 201
    assert second.status_code == 409 and second.data["code"] == "in-progress" and second.headers["Retry-After"] == "1"


def test_concurrent_upserts_make_one_record(lasting_scene: Scene, dora: Program) -> None:
    answers = at_once(5, lambda i: Program(dora.key).put("accounts/by/name/Only%20one/", {"city": f"City {i}"}))
    assert sorted(a.status_code for a in answers) == [200, 200, 200, 200, 201], [a.content for a in answers]
    assert count(lasting_scene, name="Only one") == 1


def test_of_two_edits_of_one_revision_one_is_refused(lasting_scene: Scene, dora: Program) -> None:
    made = dora.post("accounts/", {"name": "Edited"})
    answers = at_once(4, lambda i: Program(dora.key).patch(made.headers["Location"], {"city": f"City {i}"}, If_Match=made.headers["ETag"]))
    assert sorted(a.status_code for a in answers) == [200, 412, 412, 412]


# --- The feed -----------------------------------------------------------------------------------------------------------------------------------


def settle() -> None:
    """Wait until every transaction that is running now has ended, other tests' included: then the feed reaches this moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (mine,) = cursor.fetchone()
        for _attempt in range(600):
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] > mine:
                return
            time.sleep(0.1)
    raise AssertionError("a transaction runs for ever")


def everything(program: Program, after: str = "", limit: int = 7) -> tuple[list[Any], str]:
    """All changes after a cursor, page by page, and the last cursor."""
    found, more = [], True
    while more:
        page = program.get(f"changes/?limit={limit}&after={after}")
        assert page.status_code == 200, page.content
        found += page.data["data"]
        after, more = page.data["next"], page.data["more"]
    return found, after


def test_the_feed_tells_each_change_once_with_its_values(lasting_scene: Scene, dora: Program) -> None:
    start = dora.get("changes/?after=now").data["next"]
    made = dora.post("accounts/", {"name": "Feed", "annual_revenue": "12345678901234.56"})
    path = made.headers["Location"]
    edited = dora.patch(path, {"name": "Feed 2", "annual_revenue": None, "owner": str(lasting_scene.members["alice"].pk)})
    dora.delete(path)
    settle()
    for limit in (1, 2, 200):
        found, _cursor = everything(dora, start, limit)
        mine = [c for c in found if c["type"] == "accounts"]
        assert [c["action"] for c in mine] == ["created", "updated", "deleted"]
        assert mine[0]["changes"]["annual_revenue"] == [None, "12345678901234.56"] and mine[0]["changes"]["name"] == [None, "Feed"]
        assert mine[1]["changes"]["name"] == ["Feed", "Feed 2"] and mine[1]["changes"]["annual_revenue"] == ["12345678901234.56", None]
        assert mine[1]["operation"]["id"] == edited.headers["Patron-Operation"] and mine[1]["operation"]["actor"]["name"] == "Dora"
        assert mine[2]["changes"]["name"] == ["Feed 2", None]
    assert [c["type"] for c in dora.get(f"changes/?after={start}&types=contacts").data["data"]] == []
    assert everything(dora, everything(dora, start)[1])[0] == []


def test_a_transaction_that_ends_late_is_not_lost(lasting_scene: Scene, dora: Program) -> None:
    """Both orders of starting and ending. The reader polls while they overlap; in the end it has every change exactly once."""
    industries, scene = registry.get("industries"), lasting_scene
    cursor = dora.get("changes/?after=now").data["next"]
    seen: list[Any] = []
    for early_first in (True, False):
        steps = {name: threading.Event() for name in ("a wrote", "b wrote", "a may end", "b may end", "a ended", "b ended")}

        def write(me: str, other: str, steps: dict[str, threading.Event] = steps, early: bool = early_first) -> None:
            try:
                with workspace(scene.workspace.pk), operation("test", access=scene.access()):
                    if me == "b":
                        assert steps["a wrote"].wait(20)
                    changes.create(industries, {"name": f"{me} {early}"}, access=scene.access())
                    steps[f"{me} wrote"].set()
                    assert steps[f"{me} may end"].wait(20)
                steps[f"{me} ended"].set()
            finally:
                connections.close_all()

        threads = [threading.Thread(target=write, args=pair) for pair in (("a", "b"), ("b", "a"))]
        for thread in threads:
            thread.start()
        assert steps["b wrote"].wait(20)
        for me in ("a", "b") if early_first else ("b", "a"):
            steps[f"{me} may end"].set()
            assert steps[f"{me} ended"].wait(20)
            found, cursor = everything(dora, cursor, 3)
            seen += found
        for thread in threads:
            thread.join(20)
    settle()
    seen += everything(dora, cursor)[0]
    names = [c["changes"]["name"][1] for c in seen if c["type"] == "industries" and c["action"] == "created"]
    assert sorted(names) == ["a False", "a True", "b False", "b True"]


def test_the_feed_under_load_equals_the_ledger(lasting_scene: Scene, dora: Program) -> None:
    """Writers of different lengths at once, a reader beside them: nothing missing, nothing twice, and per record in order."""
    done = threading.Event()
    start = dora.get("changes/?after=now").data["next"]
    seen: list[Any] = []

    def read() -> None:
        cursor = start
        try:
            while True:
                if last := done.is_set():
                    settle()
                found, cursor = everything(Program(dora.key), cursor, 5)
                seen.extend(found)
                if last:
                    return
        finally:
            connections.close_all()

    reader = threading.Thread(target=read)
    reader.start()
    rows = [[{"do": "create", "values": {"name": f"Load {i} {j}"}} for j in range(1 + i * 3)] for i in range(4)]
    at_once(4, lambda i: [Program(dora.key).post("industries/bulk/", {"rows": rows[i]}), Program(dora.key).post("industries/", {"name": f"Load {i} x"})])
    done.set()
    reader.join(60)
    created = [c["changes"]["name"][1] for c in seen if c["type"] == "industries" and c["action"] == "created"]
    assert sorted(created) == sorted([r["values"]["name"] for group in rows for r in group] + [f"Load {i} x" for i in range(4)])


def test_the_feed_keeps_to_rights_and_to_its_cluster(lasting_scene: Scene, dora: Program) -> None:
    scene = lasting_scene
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        role = scene.members["alice"].role
        role.matrix = {**role.matrix, "accounts": {"view": "own"}}
        role.field_rules = {"accounts": {"annual_revenue": "hidden"}}
        role.save()
    alice = program_of(scene, "alice")
    mine = dora.post("accounts/", {"name": "Mine", "owner": str(scene.members["alice"].pk), "annual_revenue": "5"}).data
    dora.post("accounts/", {"name": "Theirs"})
    dora.patch(f"accounts/{mine['id']}/", {"annual_revenue": "6"})
    settle()
    told = [c for c in everything(alice)[0] if c["type"] == "accounts"]
    assert [(c["id"], c["action"]) for c in told] == [(mine["id"], "created")] and "annual_revenue" not in told[0]["changes"]
    for cursor in ("abc", "WzEsMiwzLDRd", "WzEsMiwzXQ", "W1tdLDIsMyw0XQ", "999"):
        assert dora.get(f"changes/?after={cursor}").status_code == 410, cursor
