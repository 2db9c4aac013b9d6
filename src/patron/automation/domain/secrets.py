"""The secrets of webhooks: made by Patron, told once, replaced with an overlap."""

from __future__ import annotations

import datetime
import uuid

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from patron.automation import signing
from patron.automation.models import Secret


def make(webhook_id: uuid.UUID) -> str:
    """A new secret; those before it go on signing for the overlap."""
    now = timezone.now()
    Secret.objects.filter(webhook_id=webhook_id, until=None).update(until=now + datetime.timedelta(hours=settings.PATRON_WEBHOOK_OVERLAP))
    made = Secret(webhook_id=webhook_id, secret=signing.new_secret(), made_at=now)
    made.save()
    return made.secret


def valid(webhook_id: uuid.UUID) -> list[str]:
    """The secrets that sign now, the newest first."""
    rows = Secret.objects.filter(Q(until=None) | Q(until__gt=timezone.now()), webhook_id=webhook_id)
    return list(rows.order_by("-made_at").values_list("secret", flat=True))
