"""Reports by e-mail: due when the clock of their maker says so, sent to a real mail server, each under the reader's own rights."""

from __future__ import annotations

import datetime
import email
import email.policy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from django.test import override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from patron.identity.access import Access
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records.verbs import Refused
from patron.reports import jobs
from patron.reports.domain import reports, schedules
from patron.reports.models import Recipient, Schedule
from patron.sales.domain.opening import open_deal
from patron.sales.domain.start import ship_lists
from patron.testing import Scene
from tests.reports.test_screens import address, client_of

UTC = datetime.UTC


class _Box:
    """Keeps what arrives; refuses everything while `closed`."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.closed = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        if self.closed:
            return "451 come back later"
        self.mails.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 OK"


@pytest.fixture
def box() -> Iterator[_Box]:
    found = _Box()
    server = Controller(found, hostname="127.0.0.1", port=0)
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server.port = probe.getsockname()[1]
    server.start()
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=server.port, BASE_URL="https://crm.example"):
        yield found
    server.stop()


@pytest.fixture
def planned(scene: Scene) -> Schedule:
    """The pipeline for dora and alice every day; alice sees her own team's deals only."""
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        ship_lists()
        for name, amount in (("alice", 100), ("charlie", 1000)):
            open_deal(access=scene.access(), name=f"Deal of {name}", amount=Decimal(amount), owner=scene.members[name])
        return _plan(scene.access(), [scene.members["dora"].pk, scene.members["alice"].pk])


def _plan(access: Access, members: list[Any], key: str = "pipeline-by-stage", **values: Any) -> Schedule:
    named = reports.find(key, access)
    assert named
    return schedules.plan(named, **{"frequency": "daily", "weekday": 0, "month_day": 1, "hour": 8, **values}, members=members, access=access)


def _run_jobs(scene: Scene, schedule: Schedule) -> None:
    for member in Recipient.objects.filter(schedule=schedule).values_list("member", flat=True):
        jobs.send(workspace_id=str(scene.workspace.pk), schedule_id=str(schedule.pk), member_id=str(member))


def test_everyone_gets_the_figures_that_they_may_see(scene: Scene, planned: Schedule, box: _Box) -> None:
    with workspace(scene.workspace.pk):
        _run_jobs(scene, planned)
    assert {to[0].partition("@")[0] for to, _mail in box.mails} == {"dora", "alice"}
    for to, mail in box.mails:
        html = mail.get_body(("html",)).get_content()
        value = "€1,100" if to[0].startswith("dora") else "€100"
        assert value in html and "<table" in html and 'href="https://crm.example/w/' in html
        assert ("Partial" in html) == to[0].startswith("alice")
        (attached,) = list(mail.iter_attachments())
        assert attached.get_filename() == "pipeline-by-stage.csv" and "New" in attached.get_content()
        assert value in mail.get_body(("plain",)).get_content()
        assert mail["Subject"].startswith("Pipeline by stage")


def test_due_schedules_move_on_and_make_one_job_per_person(scene: Scene, planned: Schedule) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    def waiting() -> int:
        return ProcrastinateJob.objects.filter(task_name="reports.send", args__schedule_id=str(planned.pk)).count()

    assert jobs.send_due(0) == 0
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        Schedule.objects.filter(pk=planned.pk).update(next_at=timezone.now() - datetime.timedelta(days=3))
    assert jobs.send_due(0) == 2 and waiting() == 2
    assert jobs.send_due(0) == 0 and waiting() == 2
    with workspace(scene.workspace.pk):
        found = Schedule.objects.get(pk=planned.pk)
    assert found.next_at > timezone.now() and found.sent_at is not None


def test_a_mail_server_that_is_away_is_told_and_asked_again(scene: Scene, planned: Schedule, box: _Box) -> None:
    box.closed = True
    one = {"workspace_id": str(scene.workspace.pk), "schedule_id": str(planned.pk), "member_id": str(scene.members["dora"].pk)}
    with pytest.raises(OSError, match="451"):
        jobs.send(**one)
    with workspace(scene.workspace.pk):
        assert "451" in Schedule.objects.get(pk=planned.pk).problem
    box.closed = False
    assert jobs.send(**one) and len(box.mails) == 1


def test_who_left_or_was_taken_off_gets_nothing(scene: Scene, planned: Schedule, box: _Box) -> None:
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        alice = scene.members["alice"]
        alice.state = "deactivated"
        alice.save()
    args = {"workspace_id": str(scene.workspace.pk), "schedule_id": str(planned.pk)}
    assert jobs.send(**args, member_id=str(alice.pk)) is False
    assert jobs.send(**args, member_id=str(scene.members["bob"].pk)) is False
    assert box.mails == []


def test_bad_times_and_strangers_are_refused(scene: Scene, planned: Schedule) -> None:
    import uuid

    with workspace(scene.workspace.pk):
        access = scene.access()
        for wrong in ({"hour": 24}, {"frequency": "hourly"}, {"weekday": 7}, {"month_day": 0}):
            with pytest.raises(Refused):
                _plan(access, [scene.members["dora"].pk], **wrong)
        for members in ([], [uuid.uuid4()]):
            with pytest.raises(Refused):
                _plan(access, members)


def test_the_dialog_plans_and_stops(scene: Scene, planned: Schedule) -> None:
    client, path = client_of(scene, "erin"), address(scene, "reports", "win-rate", "schedule")
    data = {"frequency": "weekly", "weekday": "4", "month_day": "1", "hour": "17", "members": [str(scene.members["erin"].pk)]}
    assert client.get(path).status_code == 200
    assert client.post(path, {**data, "members": []}).status_code == 422
    assert client.post(path, {**data, "hour": "x"}).status_code == 422
    assert client.post(path, data).status_code == 302
    with workspace(scene.workspace.pk):
        made = Schedule.objects.get(shipped="win-rate")
        assert made.next_at.astimezone(ZoneInfo(made.zone)).strftime("%a %H") == "Fri 17"
    assert "Erin" in client.get(path).content.decode()
    stop = f"{path}{made.pk}/delete/"
    assert client_of(scene, "bob").post(stop).status_code == 404
    assert client.post(stop).status_code == 302
    with workspace(scene.workspace.pk):
        assert not Schedule.objects.filter(pk=made.pk).exists()


def test_months_that_are_too_short_and_clocks_that_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    plan = {"weekday": 0, "month_day": 31, "hour": 8, "zone": berlin}
    at = datetime.datetime(2026, 2, 1, tzinfo=UTC)
    first = schedules.next_time("monthly", **plan, after=at)
    second = schedules.next_time("monthly", **plan, after=first)
    assert (first.isoformat(), second.isoformat()) == ("2026-02-28T07:00:00+00:00", "2026-03-31T06:00:00+00:00")


@given(
    st.sampled_from(["daily", "weekly", "monthly"]), st.integers(0, 6), st.integers(1, 31), st.integers(0, 23), st.sampled_from(["Pacific/Auckland", "America/St_Johns", "Europe/Berlin"]),
    st.integers(0, 63_072_000).map(lambda seconds: datetime.datetime(2026, 1, 1, tzinfo=UTC) + datetime.timedelta(seconds=seconds)),
)  # fmt: skip
def test_the_next_time_lies_ahead_at_the_right_hour(frequency: str, weekday: int, day: int, hour: int, zone: str, after: datetime.datetime) -> None:
    found = schedules.next_time(frequency, weekday=weekday, month_day=day, hour=hour, zone=ZoneInfo(zone), after=after)
    local = found.astimezone(ZoneInfo(zone))
    most = {"daily": 2, "weekly": 8, "monthly": 32}[frequency]
    assert after < found <= after + datetime.timedelta(days=most)
    assert local.hour == hour or (hour in (0, 1, 2, 3) and local.hour == hour + 1)
    assert frequency != "weekly" or local.weekday() == weekday
