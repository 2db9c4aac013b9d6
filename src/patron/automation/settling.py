"""What became of attempts, written down set by set: delivered, tried again later, given up; and how each webhook fares."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from patron.automation import rights
from patron.automation.domain import secrets
from patron.automation.enums import DeliveryState, HookState
from patron.automation.models import Delivery, Health, Outbox, Webhook
from patron.automation.sending import Outcome
from patron.identity.access import Access
from patron.identity.models import Workspace
from patron.kernel.clock import TOLERATED
from patron.kernel.tenancy import current_workspace_id, workspace
from patron.ledger.operations import operation

Result = tuple[Delivery, Outcome]

# Only while the claim is still ours: who was too late says nothing.
_SETTLE = """
UPDATE automation_delivery d SET state = r.state, next_at = r.next_at, attempts = r.attempts, status = r.status, answer = r.answer, problem = r.problem,
  milliseconds = r.milliseconds, lease_until = NULL
FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[], %s::timestamptz[], %s::int[], %s::int[], %s::text[], %s::text[], %s::int[])
  AS r(id, lease, state, next_at, attempts, status, answer, problem, milliseconds)
WHERE d.workspace_id = %s AND d.id = r.id AND d.state = 'sending' AND d.lease_until = r.lease
"""
# What follows about the same record is not due before it: so looking for due messages does not pass over those that must wait.
_PUSH = """
UPDATE automation_delivery d SET next_at = f.next_at
FROM unnest(%s::uuid[], %s::uuid[], %s::bigint[], %s::timestamptz[]) AS f(hook, record_id, seq, next_at)
WHERE d.workspace_id = %s AND d.webhook_id = f.hook AND d.record_id = f.record_id AND d.seq > f.seq AND d.state = 'waiting' AND d.next_at < f.next_at
"""
_AHEAD = """
UPDATE automation_delivery d SET next_at = %(now)s, made_at = least(d.made_at, %(now)s), tried_at = least(d.tried_at, %(now)s)
WHERE d.workspace_id = %(ws)s AND d.state = 'waiting' AND d.next_at > %(now)s AND EXISTS (
  SELECT FROM automation_delivery a WHERE a.workspace_id = d.workspace_id AND a.webhook_id = d.webhook_id AND a.record_id = d.record_id AND a.state = 'waiting'
    AND coalesce(a.tried_at, a.made_at) > %(ahead)s)
"""
_HEALTH = """
INSERT INTO automation_health (workspace_id, id, webhook_id, succeeded_at, failed_at, failures, problem)
VALUES (%(ws)s, gen_random_uuid(), %(hook)s, %(good)s, %(bad)s, %(failures)s, %(problem)s)
ON CONFLICT (workspace_id, webhook_id) DO UPDATE SET succeeded_at = coalesce(EXCLUDED.succeeded_at, automation_health.succeeded_at),
  failed_at = coalesce(EXCLUDED.failed_at, automation_health.failed_at), problem = EXCLUDED.problem,
  failures = CASE WHEN %(good)s::timestamptz IS NULL THEN automation_health.failures ELSE 0 END + EXCLUDED.failures
"""


def settle(place: Workspace, results: Sequence[Result]) -> set[uuid.UUID]:
    """Write the outcomes down in one transaction; answers the webhooks whose receivers said that they are gone for good."""
    now = timezone.now()
    with workspace(place.pk), connection.cursor() as cursor:
        rows = [_row(delivery, outcome, now) for delivery, outcome in results]
        cursor.execute(_SETTLE, [*(list(column) for column in zip(*rows, strict=True)), current_workspace_id()])
        later = [(d.webhook_id, d.record_id, d.seq, row[3]) for (d, _outcome), row in zip(results, rows, strict=True) if row[2] == DeliveryState.WAITING]
        if later:
            cursor.execute(_PUSH, [*(list(column) for column in zip(*later, strict=True)), current_workspace_id()])
        for webhook_id in {d.webhook_id for d, _outcome in results}:
            _health(webhook_id, [o for d, o in results if d.webhook_id == webhook_id], now)
        gone = {d.webhook_id for d, o in results if o.gone}
        if gone:
            _switch_off(gone, place)
    return gone


def _row(delivery: Delivery, outcome: Outcome, now: datetime.datetime) -> tuple[object, ...]:
    attempts, pauses = delivery.attempts + 1, settings.PATRON_WEBHOOK_PAUSES
    if outcome.good:
        state, next_at = DeliveryState.DELIVERED, now
    elif outcome.gone or attempts > len(pauses):
        state, next_at = DeliveryState.EXHAUSTED, now
    else:
        state, next_at = DeliveryState.WAITING, now + datetime.timedelta(seconds=pauses[attempts - 1])
    return (delivery.pk, delivery.lease_until, str(state), next_at, attempts, outcome.status, outcome.answer, outcome.problem, outcome.milliseconds)


def _health(webhook_id: uuid.UUID, outcomes: list[Outcome], now: datetime.datetime) -> None:
    """Failures in a row count from the last that went well, in the order of the outcomes."""
    since, problem = 0, ""
    for outcome in outcomes:
        since, problem = (0, "") if outcome.good else (since + 1, outcome.problem)
    good, bad = any(o.good for o in outcomes), any(not o.good for o in outcomes)
    with connection.cursor() as cursor:
        cursor.execute(_HEALTH, {"ws": current_workspace_id(), "hook": webhook_id, "good": now if good else None, "bad": now if bad else None, "failures": since, "problem": problem})


def _switch_off(gone: set[uuid.UUID], place: Workspace) -> None:
    """410 Gone: the receiver wants nothing any more. Written to the history as what Patron did."""
    with operation("webhooks.switch_off", access=Access.system(place), reason=_("The receiver answered 410 Gone."), details={"webhooks": [str(i) for i in gone]}):
        Webhook.objects.filter(pk__in=gone).exclude(state=HookState.OFF).update(state=HookState.OFF)


def return_expired() -> int:
    """What a process that died had claimed waits again, in the open workspace; also where its clock was ahead."""
    now = timezone.now()
    longest = now + datetime.timedelta(seconds=settings.PATRON_WEBHOOK_LEASE + TOLERATED)
    rows = Delivery.objects.filter(state=DeliveryState.SENDING).filter(Q(lease_until__lt=now) | Q(lease_until__gt=longest))
    return int(rows.update(state=DeliveryState.WAITING, lease_until=None))


def plan_anew() -> int:
    """Messages that were made or tried at a time that is still to come, by a clock that was ahead, are due now and not then, and so is what follows
    them about the same record; in the open workspace."""
    return_expired()
    now = timezone.now()
    Health.objects.filter(failed_at__gt=now).update(failed_at=now)
    with connection.cursor() as cursor:
        cursor.execute(_AHEAD, {"now": now, "ahead": now + datetime.timedelta(seconds=TOLERATED), "ws": current_workspace_id()})
        return int(cursor.rowcount)


def withhold(ids: list[uuid.UUID]) -> None:
    """What the person may not see any more is not sent."""
    if ids:
        Delivery.objects.filter(pk__in=ids).update(
            state=DeliveryState.WITHHELD, lease_until=None, problem=_("The person whose rights the webhook has does not see this record any more.")
        )


def note_problem(hook: Webhook, *, no_person: bool) -> None:
    """A webhook that cannot send at all says why."""
    words = _("The person whose rights it has is not active any more. Give it yours.") if no_person else _("It has no secret. Replace the secret.")
    if not Health.objects.filter(webhook_id=hook.pk, problem=words).exists():
        _health(hook.pk, [Outcome(None, "", words, 0)], timezone.now())


def next_due(place: Workspace) -> float | None:
    """In how many seconds there is something to do (0: now); None where nothing is planned.

    Webhooks that cannot send (see `note_problem`) plan nothing: what mends them is an operation, which rings.
    """
    with workspace(place.pk):
        if Outbox.objects.exists():
            return 0
        hooks = list(Webhook.objects.filter(state=HookState.ACTIVE))
        entered = rights.accesses(hooks, place)
        able = [h.pk for h in hooks if h.member_id in entered and secrets.valid(h.pk)]
        first = Delivery.objects.filter(webhook_id__in=able, state=DeliveryState.WAITING).order_by("next_at").values_list("next_at", flat=True).first()
        return None if first is None else max(0.0, (first - timezone.now()).total_seconds())
