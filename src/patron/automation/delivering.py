"""Messages out: claimed in batches with a lease, sent side by side, settled in batches. In order for each record.

A message is claimed only when no earlier one about its record, for the same webhook, is still to be sent. What a dead process had claimed is claimed
again when its lease is over, with the same id: every message arrives at least once. One process at a time works on a workspace.
"""

from __future__ import annotations

import contextlib
import time
import uuid
from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from patron.automation import collecting, rights, settling, signing
from patron.automation.domain import hooks as verbs
from patron.automation.domain import secrets
from patron.automation.enums import DeliveryState, HookState
from patron.automation.models import Delivery, Health, Webhook
from patron.automation.sending import AGENT, Outcome, Sender
from patron.identity.access import Access
from patron.identity.models import Workspace
from patron.kernel.tenancy import current_workspace_id, workspace

CLAIM = 100  # messages of one webhook that are claimed together
FLUSH = 0.1  # seconds after which outcomes are written, also few of them
LOOK = 1.0  # seconds after which a run that is busy looks for new events
STRUGGLING = 5  # failures in a row from which on a webhook gets one request at a time

_CLAIM = """
UPDATE automation_delivery SET state = 'sending', lease_until = %(now)s + make_interval(secs => %(lease)s), tried_at = %(now)s
WHERE workspace_id = %(ws)s AND id IN (
  SELECT d.id FROM automation_delivery d
  WHERE d.workspace_id = %(ws)s AND d.webhook_id = %(hook)s AND d.state = 'waiting' AND d.next_at <= %(now)s AND NOT EXISTS (
    SELECT FROM automation_delivery e WHERE e.workspace_id = d.workspace_id AND e.webhook_id = d.webhook_id AND e.record_id = d.record_id
      AND e.state IN ('waiting', 'sending') AND e.seq < d.seq)
  ORDER BY d.next_at, d.seq LIMIT %(most)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""
_LOCK = "SELECT pg_try_advisory_lock(hashtextextended('webhooks.deliver:' || %s::text, 0))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtextextended('webhooks.deliver:' || %s::text, 0))"


@contextlib.contextmanager
def alone(workspace_id: uuid.UUID) -> Iterator[bool]:
    """Whether this process is the one that works on the workspace. The lock ends with the connection, however the process ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [workspace_id])
        got = bool(cursor.fetchone()[0])
    try:
        yield got
    finally:
        if got:
            with connection.cursor() as cursor:
                cursor.execute(_UNLOCK, [workspace_id])


def run(place: Workspace, *, seconds: float = 25.0) -> float | None:
    """Make messages and send what is due, for so long at most; answers in how many seconds there is more to do (None: nothing is planned).

    None as well where another process is at it.
    """
    until = time.monotonic() + seconds
    while True:
        with alone(place.pk) as got:
            if not got:
                return None
            with workspace(place.pk):
                settling.plan_anew()
            _Run(place, until).work()
        # What was noted between the last look and giving the lock back rang at a closed door: look once more.
        ahead = settling.next_due(place)
        if ahead is None or ahead > 0 or time.monotonic() >= until:
            return ahead


@dataclass(slots=True)
class _Line:
    """A webhook in this run: what it is signed with, what is claimed, how much is under way, when a claim last found less than it asked for."""

    hook: Webhook
    secrets: list[str]
    at_once: int
    claimed: deque[tuple[Delivery, str]] = field(default_factory=deque)
    under_way: int = 0
    dry: float = 0.0

    def wants(self, now: float) -> bool:
        return len(self.claimed) < self.at_once and now - self.dry > FLUSH


class _Run:
    """One process's work on one workspace."""

    def __init__(self, place: Workspace, until: float) -> None:
        self.place, self.until = place, until
        self.lines: dict[uuid.UUID, _Line] = {}
        self.futures: dict[Future[Outcome], Delivery] = {}
        self.outcomes: list[tuple[Delivery, Outcome]] = []
        self.flushed = self.looked = 0.0
        self.sender = Sender()

    def work(self) -> None:
        """Until nothing is due or the time is over; what is under way is always waited for."""
        with ThreadPoolExecutor(settings.PATRON_WEBHOOK_AT_ONCE * 2, thread_name_prefix="webhook") as pool:
            try:
                while time.monotonic() < self.until and self._round(pool):
                    pass
                while self.futures:
                    self._reap()
            finally:
                self._give_back(list(self.lines.values()))
                self._flush()
                self.sender.close()

    @property
    def idle(self) -> bool:
        return not self.futures and not any(line.claimed for line in self.lines.values())

    def _round(self, pool: ThreadPoolExecutor) -> bool:
        """Make messages, claim, start, reap once; False where there was nothing to do."""
        now = time.monotonic()
        if self.idle or now - self.looked > LOOK:
            collecting.collect(self.place)
        if self.idle or now - self.looked > LOOK or any(line.wants(now) for line in self.lines.values()):
            self._refill(everyone=self.idle)
        for line in self.lines.values():
            while line.claimed and line.under_way < line.at_once:
                self._start(pool, line)
        if self.idle and not self.outcomes:
            return False
        self._reap()
        return True

    def _start(self, pool: ThreadPoolExecutor, line: _Line) -> None:
        delivery, body = line.claimed[0]
        if delivery.lease_until is None or (delivery.lease_until - timezone.now()).total_seconds() < settings.PATRON_WEBHOOK_TIMEOUT * 2:
            self._give_back([line])  # too long in the queue: whoever claims it next has the whole lease before them
            return
        line.claimed.popleft()
        line.under_way += 1
        self.futures[pool.submit(_send, self.sender, line.hook.url, line.secrets, delivery, body.encode())] = delivery

    def _reap(self) -> None:
        """Wait a moment for something to end, and write down what has."""
        done, _rest = wait(self.futures, timeout=FLUSH, return_when=FIRST_COMPLETED)
        for future in done:
            delivery = self.futures.pop(future)
            self.lines[delivery.webhook_id].under_way -= 1
            self.outcomes.append((delivery, future.result()))
        self.sender.watch()
        if self.idle or len(self.outcomes) >= CLAIM or time.monotonic() - self.flushed > FLUSH:
            self._flush()

    def _flush(self) -> None:
        self.flushed = time.monotonic()
        if not self.outcomes:
            return
        outcomes, self.outcomes = self.outcomes, []
        for webhook_id in settling.settle(self.place, outcomes):
            self.lines[webhook_id].at_once = 0
            self._give_back([self.lines[webhook_id]])

    def _refill(self, *, everyone: bool) -> None:
        """Claim for every webhook that has little left, and look up anew how it is and whose rights it has."""
        self.looked = now = time.monotonic()
        with workspace(self.place.pk):
            settling.return_expired()
            hooks = list(Webhook.objects.filter(state=HookState.ACTIVE))
            entered = rights.accesses(hooks, self.place)
            struggling = set(Health.objects.filter(failures__gte=STRUGGLING).values_list("webhook_id", flat=True))
            for hook in hooks:
                keys, access = secrets.valid(hook.pk), entered.get(hook.member_id)
                if access is None or not keys:
                    settling.note_problem(hook, no_person=access is None)
                    continue
                line = self.lines.setdefault(hook.pk, _Line(hook, keys, 0))
                line.hook, line.secrets, line.at_once = hook, keys, 1 if hook.pk in struggling else settings.PATRON_WEBHOOK_AT_ONCE
                if everyone or line.wants(now):
                    self._claim(line, access)
        here = {h.pk for h in hooks}
        self._give_back([line for pk, line in self.lines.items() if pk not in here])

    def _claim(self, line: _Line, access: Access) -> None:
        most = CLAIM if line.at_once > 1 else 1
        params: dict[str, Any] = {"ws": current_workspace_id(), "hook": line.hook.pk, "lease": settings.PATRON_WEBHOOK_LEASE, "now": timezone.now(), "most": most}
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, params)
            ids = [pk for (pk,) in cursor.fetchall()]
        if len(ids) < most:
            line.dry = time.monotonic()
        rows = list(Delivery.objects.filter(pk__in=ids).order_by("next_at", "seq")) if ids else []
        bodies = rights.bodies(rows, access)
        line.claimed.extend((row, bodies[row.pk]) for row in rows if row.pk in bodies)
        settling.withhold([row.pk for row in rows if row.pk not in bodies])

    def _give_back(self, lines: list[_Line]) -> None:
        """What was claimed and not begun is free for others."""
        ids = [delivery.pk for line in lines for delivery, _body in line.claimed]
        for line in lines:
            line.claimed.clear()
        if ids:
            with workspace(self.place.pk):
                Delivery.objects.filter(pk__in=ids, state=DeliveryState.SENDING).update(state=DeliveryState.WAITING, lease_until=None)


def _send(sender: Sender, url: str, keys: list[str], delivery: Delivery, body: bytes) -> Outcome:
    """In a thread of its own, without the database."""
    headers = signing.headers(verbs.message_id(delivery.pk), int(timezone.now().timestamp()), body, keys)
    headers |= {"content-type": "application/json", "user-agent": AGENT, "patron-event": delivery.event, "patron-attempt": str(delivery.attempts + 1)}
    if delivery.replays:
        headers["patron-replay"] = str(delivery.replays)
    return sender.send(url, body, headers)
