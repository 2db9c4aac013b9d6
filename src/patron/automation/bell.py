"""The doorbell: when an operation of a workspace with webhooks commits, a job looks at once. The sweep of every minute is the safety net."""

from __future__ import annotations

import contextlib
import functools
import uuid

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from patron.automation.enums import HookState
from patron.automation.models import Webhook
from patron.kernel.db import prepared
from patron.kernel.tenancy import current_workspace_id, memo
from patron.ledger.operations import Signed, on_signing


@on_signing
def ring(signed: Signed) -> None:
    """Have a job look once this is committed.

    Not in the transaction itself: that only one such job waits is held by a unique index, at which writers would wait for one another.
    """
    known = memo()
    if "webhooks" not in known:
        known["webhooks"] = bool(prepared.rows("webhooks.any", lambda: Webhook.objects.exclude(state=HookState.OFF).values_list("pk")[:1]))
    if known["webhooks"]:
        transaction.on_commit(functools.partial(look_soon, current_workspace_id()), robust=True)


def look_soon(workspace_id: uuid.UUID, seconds: int = 0) -> None:
    """Have a job look at the workspace now, or in so many seconds; asked twice, it looks once."""
    from patron.automation import jobs  # defined when procrastinate's application is

    name = f"webhooks.{'later.' if seconds else ''}{workspace_id}"
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        jobs.look.configure(queueing_lock=name, schedule_in={"seconds": seconds} if seconds else None).defer(workspace_id=str(workspace_id))
