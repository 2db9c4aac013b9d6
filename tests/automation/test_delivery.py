"""Getting there: signed, in order for each record, tried again, given up, sent again; also when the process dies."""

from __future__ import annotations

import datetime
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from patron.automation import delivering, jobs, sending, settling
from patron.automation.domain import secrets
from patron.automation.models import Delivery, Health, Secret, Webhook
from patron.automation.sending import Outcome
from patron.kernel.tenancy import workspace
from patron.ledger.models import Operation
from patron.records import changes, registry
from patron.testing import Scene
from tests.automation.receiving import Receiver, collected, created, delivered, deliveries, done, edited, hook_of, secret_of

PAUSES = (5, 30, 120, 600, 3600, 10_800, 36_000)


def test_messages_verify_with_the_library_of_the_standard(scene: Scene, receiver: Receiver) -> None:
    hook = hook_of(scene, receiver.url, "industries.create")
    created(scene, name="Größe 🏭")
    assert delivered(scene) is None
    (message,) = receiver.messages
    verified = Verifier(secret_of(scene, hook)).verify(message.body, message.headers)
    assert verified["type"] == "industries.create" and verified["data"]["name"] == "Größe 🏭"
    assert message.path == "/in?key=1" and message.headers["content-type"] == "application/json"
    with pytest.raises(WebhookVerificationError):
        Verifier(secret_of(scene, hook)).verify(message.body + b" ", message.headers)
    (row,) = deliveries(scene)
    assert (row.state, row.status, row.answer, row.attempts) == ("delivered", 200, "thanks", 1)
    assert message.id == f"msg_{row.pk.hex}"


def test_a_replaced_secret_signs_for_a_day_beside_the_new_one(scene: Scene, receiver: Receiver) -> None:
    hook = hook_of(scene, receiver.url, "industries.create")
    old = secret_of(scene, hook)
    new = done(scene, "webhooks", hook, "rotate_secret").result
    assert new == secret_of(scene, hook) != old and new.startswith("whsec_")
    created(scene)
    delivered(scene)
    for secret in (old, new):
        Verifier(secret).verify(receiver.messages[0].body, receiver.messages[0].headers)
    with workspace(scene.workspace.pk):
        Secret.objects.exclude(until=None).update(until=datetime.datetime.now(datetime.UTC))
        assert secrets.valid(hook.pk) == [new]
    created(scene)
    delivered(scene)
    with pytest.raises(WebhookVerificationError):
        Verifier(old).verify(receiver.messages[1].body, receiver.messages[1].headers)


def test_records_keep_their_order_while_others_go_on(scene: Scene, receiver: Receiver, settings: Any) -> None:
    settings.PATRON_WEBHOOK_PAUSES = (0.2, 0.2, 0.2)
    hook_of(scene, receiver.url, "industries.*")
    records = [created(scene) for _ in range(6)]
    for number in range(4):
        for record in records:
            edited(scene, "industries", record, name=f"{number} of {record.pk}")
    refused: dict[str, int] = defaultdict(int)

    def answer(message: Any, number: int) -> int:
        if number % 3 == 0 and refused[message.id] < 2:
            refused[message.id] += 1
            return 503
        return 200

    receiver.answer = answer
    deadline = time.monotonic() + 20
    while delivered(scene, 5) is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert {d.state for d in deliveries(scene)} == {"delivered"} and refused
    good: dict[str, list[str]] = defaultdict(list)
    for message in receiver.messages:
        good[message.json["record"]["id"]] = [i for i in good[message.json["record"]["id"]] if i != message.id] + [message.id]
    for record in records:
        assert good[str(record.pk)] == [f"msg_{d.pk.hex}" for d in deliveries(scene) if d.record_id == record.pk]


def test_the_next_of_a_record_waits_for_the_one_that_failed(scene: Scene, receiver: Receiver) -> None:
    hook_of(scene, receiver.url, "industries.*")
    record, other = created(scene), created(scene)
    edited(scene, "industries", record, name="Second")
    receiver.answer = lambda message, number: 500 if message.json["record"]["id"] == str(record.pk) else 200
    delivered(scene)
    assert sorted(receiver.types()) == ["industries.create", "industries.create"]
    edited(scene, "industries", record, name="Third")
    edited(scene, "industries", other, name="Goes on")
    delivered(scene)
    assert receiver.types()[2:] == ["industries.edit"] and receiver.messages[2].json["data"]["name"] == "Goes on"
    first, *_rest = waiting = [d for d in deliveries(scene) if d.state == "waiting"]
    assert len(waiting) == 3 and all(d.next_at >= first.next_at for d in waiting)


def test_tried_again_by_the_schedule_then_given_up_and_sent_again(scene: Scene, receiver: Receiver) -> None:
    hook = hook_of(scene, receiver.url, "industries.create")
    created(scene)
    receiver.answer = lambda message, number: 500
    receiver.content = b"x" * 5000
    (row,) = collected(scene)
    moment = row.made_at + datetime.timedelta(seconds=1)
    for number, pause in enumerate((*PAUSES, None), 1):
        with time_machine.travel(moment, tick=True):
            delivered(scene)
            delivered(scene)
        (row,) = deliveries(scene)
        assert len(receiver.messages) == number == row.attempts and row.status == 500 and len(row.answer) == 1024
        if pause is not None:
            assert row.state == "waiting"
            assert pause <= (row.next_at - moment).total_seconds() < pause + 5
            moment = row.next_at + datetime.timedelta(milliseconds=10)
    assert row.state == "exhausted" and "500" in row.problem
    receiver.answer = lambda message, number: 204
    receiver.content = b""
    assert done(scene, "webhooks", hook, "replay").result == 1
    delivered(scene)
    assert deliveries(scene)[0].state == "delivered"
    assert len({m.id for m in receiver.messages}) == 1
    assert "patron-replay" not in receiver.messages[0].headers and receiver.messages[-1].headers["patron-replay"] == "1"
    assert receiver.messages[-1].body == receiver.messages[0].body


def test_410_switches_the_webhook_off(scene: Scene, receiver: Receiver) -> None:
    hook = hook_of(scene, receiver.url, "industries.create")
    receiver.answer = lambda message, number: 410
    created(scene)
    delivered(scene)
    created(scene)
    delivered(scene)
    assert len(receiver.messages) == 1
    with workspace(scene.workspace.pk):
        assert Webhook.objects.get(pk=hook.pk).state == "off"
        assert "410" in Operation.objects.get(verb="webhooks.switch_off").reason


def test_paused_keeps_events_and_resumed_sends_them(scene: Scene, receiver: Receiver) -> None:
    hook = hook_of(scene, receiver.url, "industries.create")
    done(scene, "webhooks", hook, "pause")
    created(scene)
    delivered(scene)
    assert not receiver.messages and [d.state for d in deliveries(scene)] == ["waiting"]
    with workspace(scene.workspace.pk):
        hook.refresh_from_db()
    done(scene, "webhooks", hook, "resume")
    delivered(scene)
    assert len(receiver.messages) == 1


def test_a_test_message_arrives(scene: Scene, receiver: Receiver) -> None:
    hook = hook_of(scene, receiver.url, "deals.win")
    message_id = done(scene, "webhooks", hook, "test").result
    delivered(scene)
    assert receiver.messages[0].type == "webhooks.test" and receiver.messages[0].id == message_id


def test_redirects_are_not_followed(scene: Scene, receiver: Receiver) -> None:
    hook_of(scene, receiver.url, "industries.create")
    receiver.extra = {"location": receiver.url}
    receiver.answer = lambda message, number: 307
    created(scene)
    delivered(scene)
    assert len(receiver.messages) == 1 and deliveries(scene)[0].status == 307 and deliveries(scene)[0].state == "waiting"


def test_an_answer_that_never_ends_is_cut_off(scene: Scene, receiver: Receiver, settings: Any) -> None:
    settings.PATRON_WEBHOOK_TIMEOUT = 0.5
    hook = hook_of(scene, receiver.url, "industries.create")
    receiver.pause = 3
    created(scene)
    began = time.monotonic()
    delivered(scene)
    assert time.monotonic() - began < 2.5
    (row,) = deliveries(scene)
    assert row.state == "waiting" and "No answer within" in row.problem and row.status is None
    with workspace(scene.workspace.pk):
        health = Health.objects.get(webhook_id=hook.pk)
    assert health.failures == 1 and health.succeeded_at is None and "No answer" in health.problem


def test_connections_are_kept(scene: Scene, receiver: Receiver, settings: Any) -> None:
    settings.PATRON_WEBHOOK_AT_ONCE = 2
    hook_of(scene, receiver.url, "industries.create")
    for _ in range(12):
        created(scene)
    delivered(scene)
    assert len(receiver.messages) == 12 and receiver.connections <= 2


def test_a_connection_that_the_receiver_closed_is_replaced_at_once(receiver: Receiver) -> None:
    sender = sending.Sender()
    assert sender.send(receiver.url, b"{}", {}).good
    (line,) = sender._idle.popitem()[1]
    assert line.sock is not None
    line.sock.shutdown(socket.SHUT_RDWR)
    sender._idle[f"http://127.0.0.1:{receiver.port}"] = [line]
    assert sender.send(receiver.url, b"{}", {}).good and receiver.connections == 2


def test_what_is_no_http_is_a_failure_in_words() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def nonsense() -> None:
        made, _address = listener.accept()
        made.recv(100)
        made.sendall(b"\x00\xff nonsense\r\n\r\n")
        made.close()

    thread = threading.Thread(target=nonsense)
    thread.start()
    outcome = sending.Sender().send(f"http://127.0.0.1:{port}/", b"{}", {})
    thread.join(5)
    listener.close()
    assert outcome.status is None and outcome.problem and "\x00" not in outcome.problem


def let_go(scene: Scene) -> None:
    """Wait until PostgreSQL has seen that a killed process is gone, and has taken back its lock."""
    until, got = time.monotonic() + 30, False
    while not got:
        assert time.monotonic() < until
        with delivering.alone(scene.workspace.pk) as got:
            time.sleep(0.05)


def test_what_a_killed_process_had_claimed_is_sent_by_the_next_with_the_same_id(lasting_scene: Scene, receiver: Receiver, settings: Any) -> None:
    scene = lasting_scene
    hook_of(scene, receiver.url, "industries.create")
    for _ in range(5):
        created(scene)
    receiver.pause = 8
    database = connection.settings_dict
    environment = {**os.environ, "PATRON_WEBHOOK_LOOPBACK": "1"}
    runner = (
        "import os, django; from django.conf import settings; d = settings.DATABASES['default']\n"
        f"d.update(NAME={database['NAME']!r}, USER={database['USER']!r}, PASSWORD={database['PASSWORD']!r}, HOST={database['HOST']!r}, PORT={str(database['PORT'])!r})\n"
        "django.setup()\n"
        "from patron.identity.models import Workspace; from patron.automation import delivering\n"
        f"delivering.run(Workspace.objects.get(pk='{scene.workspace.pk}'))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", runner], env=environment)
    try:
        deadline = time.monotonic() + 30
        while len(receiver.messages) < 5 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert delivered(scene) is None, "another process is at it"
        assert {d.state for d in deliveries(scene)} == {"sending"}
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    receiver.pause = 0
    before = {m.id for m in receiver.messages}
    let_go(scene)
    delivered(scene)
    assert len(receiver.messages) == 5
    with workspace(scene.workspace.pk):
        Delivery.objects.update(lease_until=datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=1))
    assert jobs.sweep(0) >= 1
    delivered(scene)
    assert {d.state for d in deliveries(scene)} == {"delivered"}
    assert len(receiver.messages) == 10 and {m.id for m in receiver.messages[5:]} == before


def test_who_comes_too_late_says_nothing(scene: Scene, receiver: Receiver) -> None:
    """A process that was stopped past its lease must not undo what another has written."""
    hook_of(scene, receiver.url, "industries.create")
    created(scene)
    delivered(scene)
    (row,) = deliveries(scene)
    row.lease_until = datetime.datetime.now(datetime.UTC)
    settling.settle(scene.workspace, [(row, Outcome(500, "", "late", 1))])
    assert deliveries(scene)[0].state == "delivered"


def test_the_doorbell_rings_on_commit_and_once(lasting_scene: Scene) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    scene = lasting_scene
    hook_of(scene, "https://receiver.example/", "industries.create")
    mine = ProcrastinateJob.objects.filter(task_name="automation.look", args__workspace_id=str(scene.workspace.pk))
    for _ in range(3):
        created(scene)
    assert mine.filter(status="todo").count() == 1
    quiet = ProcrastinateJob.objects.filter(task_name="automation.look").count()
    with workspace(scene.workspace.pk):
        changes.edit(registry.get("webhooks"), Webhook.objects.get(), {"name": "Renamed"}, access=scene.access())
    assert ProcrastinateJob.objects.filter(task_name="automation.look").count() == quiet


def test_old_deliveries_are_forgotten(scene: Scene, receiver: Receiver) -> None:
    hook_of(scene, receiver.url, "industries.create")
    created(scene)
    created(scene)
    one, _two = collected(scene)
    with workspace(scene.workspace.pk):
        Delivery.objects.filter(pk=one.pk).update(made_at=datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=31))
    assert jobs.prune(0) == 1
    assert len(deliveries(scene)) == 1


def test_a_worker_whose_clock_is_behind_that_of_the_database_sends_at_once(scene: Scene, receiver: Receiver) -> None:
    hook_of(scene, receiver.url, "industries.create")
    with time_machine.travel(timezone.now() - datetime.timedelta(seconds=90), tick=True):
        created(scene)
        delivered(scene)
        assert receiver.types() == ["industries.create"]



@pytest.mark.parametrize("state", ["waiting", "sending", "tried"])
def test_what_a_clock_ahead_of_its_time_planned_is_sent_at_once(scene: Scene, receiver: Receiver, state: str) -> None:
    hook_of(scene, receiver.url, "industries.*")
    record = created(scene)
    edited(scene, "industries", record, name="Second")
    collected(scene)
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    with workspace(scene.workspace.pk):
        first = Delivery.objects.order_by("seq").first()
        assert first is not None
        if state != "tried":
            Delivery.objects.update(made_at=later, next_at=later)
        if state == "sending":
            Delivery.objects.filter(pk=first.pk).update(state="sending", lease_until=later, tried_at=later)
        if state == "tried":
            Delivery.objects.update(next_at=later)
            Delivery.objects.filter(pk=first.pk).update(tried_at=later, attempts=1)
            Health.objects.create(webhook_id=first.webhook_id, failed_at=later, failures=1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT automation_due()")
            assert (scene.workspace.pk,) in cursor.fetchall()
    edited(scene, "industries", record, name="Third")
    delivered(scene)
    assert [m.json["data"]["name"] for m in receiver.messages][1:] == ["Second", "Third"]
    assert {d.state for d in deliveries(scene)} == {"delivered"}
    assert delivered(scene) is None


def test_a_look_whose_database_goes_away_has_not_failed(lasting_scene: Scene, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection ends in the middle of delivering: the job ends quietly, and the next one sends everything."""
    scene = lasting_scene
    hook_of(scene, receiver.url, "industries.create")
    record = created(scene)
    true = settling.settle

    def dies(*call: Any) -> Any:
        monkeypatch.setattr(settling, "settle", true)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(settling, "settle", dies)
    jobs.look(workspace_id=str(scene.workspace.pk))
    connection.close()
    with workspace(scene.workspace.pk):
        Delivery.objects.filter(state="sending").update(lease_until=datetime.datetime.now(datetime.UTC))
    jobs.look(workspace_id=str(scene.workspace.pk))
    assert {m.json["record"]["id"] for m in receiver.messages} == {str(record.pk)} and len({m.id for m in receiver.messages}) == 1
    assert [d.state for d in deliveries(scene)] == ["delivered"]
