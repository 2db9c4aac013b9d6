"""Webhooks and their deliveries as the settings show them: a constant number of queries, pages by keyset."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils.dateparse import parse_datetime

from patron.automation.enums import DeliveryState
from patron.automation.models import Delivery, Health, Webhook
from patron.kernel.tenancy import current_workspace_id

PAGE = 50
MANY = 1000  # numbers of deliveries are counted up to here

_NUMBERS = """
SELECT s.state, (SELECT count(*) FROM (
    SELECT FROM automation_delivery d WHERE d.workspace_id = %s AND d.webhook_id = h.id AND d.state = s.state LIMIT %s) few), h.id
FROM unnest(%s::uuid[]) AS h(id), unnest(%s::text[]) AS s(state)
"""


@dataclass(frozen=True, slots=True)
class Fares:
    """A webhook, its health, and how many messages wait or were given up (up to `MANY`)."""

    hook: Webhook
    health: Health
    waiting: int
    failed: int


def overview() -> list[Fares]:
    """Every webhook by name. Three queries."""
    hooks = list(Webhook.objects.select_related("member").order_by("name"))
    health = {h.webhook_id: h for h in Health.objects.all()}
    counts = _counts([h.pk for h in hooks])
    return [
        Fares(h, health.get(h.pk, Health(webhook_id=h.pk)), counts.get((h.pk, DeliveryState.WAITING), 0), counts.get((h.pk, DeliveryState.EXHAUSTED), 0)) for h in hooks
    ]


def numbers(hook: Webhook) -> dict[str, int]:
    """How many deliveries are in each state, up to `MANY`."""
    return {state: n for (_pk, state), n in _counts([hook.pk]).items()}


def _counts(hooks: list[Any]) -> dict[tuple[Any, str], int]:
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [current_workspace_id(), MANY, hooks, list(DeliveryState.values)])
        return {(pk, state): n for state, n, pk in cursor.fetchall()}


def health_of(hook: Webhook) -> Health:
    return Health.objects.filter(webhook_id=hook.pk).first() or Health(webhook_id=hook.pk)


def page(hook: Webhook, state: str, after: str) -> tuple[list[Delivery], str]:
    """A page of deliveries, newest first, and the edge of the next one. A broken edge gives the first page."""
    rows: Any = Delivery.objects.filter(webhook_id=hook.pk).order_by("-made_at", "-id").defer("payload", "answer")
    if state:
        rows = rows.filter(state=state)
    at, _sign, pk = after.partition("_")
    edge = _edge(at, pk)
    if edge:
        rows = rows.filter(edge)
    shown = list(rows[: PAGE + 1])
    last = shown[PAGE - 1] if len(shown) > PAGE else None
    return shown[:PAGE], f"{last.made_at:%Y-%m-%dT%H:%M:%S.%fZ}_{last.pk}" if last else ""


def _edge(at: str, pk: str) -> Q | None:
    try:
        moment, key = parse_datetime(at), uuid.UUID(pk)
    except ValueError:
        return None
    return Q(made_at__lt=moment) | Q(made_at=moment, pk__lt=key) if moment and moment.tzinfo else None


def attempts_left(delivery: Delivery) -> int:
    """How often a delivery that waits is still tried."""
    return max(0, len(settings.PATRON_WEBHOOK_PAUSES) + 1 - delivery.attempts) if delivery.state == DeliveryState.WAITING else 0
