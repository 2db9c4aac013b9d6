"""Mails that nobody waits for. Found by procrastinate under the name `jobs`."""

from __future__ import annotations

import contextlib
import logging
import uuid
from smtplib import SMTPException

from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from patron.identity import invitations
from patron.identity.models import Invitation, Workspace
from patron.kernel.tenancy import workspace
from patron.records.customs import building as own_fields
from patron.records.customs import texts
from patron.setup.domain import trail

log = logging.getLogger(__name__)


@app.periodic(cron="10 4 * * *", periodic_id="setup.verify_trails")
@app.task(name="setup.verify_trails", queueing_lock="setup.verify_trails", lock="setup.verify_trails")
def verify_trails(timestamp: int) -> int:
    """Verify the sealed history of every workspace; answers how many do not hold. Their administrators are told what it is, once for each thing.

    A workspace that cannot be verified is logged, the others go on.
    """
    broken = 0
    for place in Workspace.objects.order_by("pk"):
        try:
            broken += trail.verify(place).found is not None
        except Exception:
            log.exception("the trail of workspace %s could not be verified", place.pk)
    return broken


@app.task(name="setup.verify_trail", retry=RetryStrategy(max_attempts=3, exponential_wait=30))
def verify_trail(workspace_id: str, member_id: str, kept: str = "") -> None:
    """Verify one workspace's sealed history because somebody asked, and tell them and the administrators."""
    expected = dict([trail.kept_head(kept)]) if kept else None
    trail.verify(Workspace.objects.get(pk=workspace_id), expected=expected, asked=uuid.UUID(member_id))


def verify_trail_later(workspace_id: uuid.UUID, member_id: uuid.UUID, kept: str = "") -> None:
    """Have the worker verify it once this transaction is through, also against a head that was kept. Asked the same twice, it is done once."""
    lock = f"trail:{workspace_id}"
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        verify_trail.configure(lock=lock, queueing_lock=f"{lock}:{kept}").defer(workspace_id=str(workspace_id), member_id=str(member_id), kept=kept)


@app.task(name="setup.send_invitation", retry=RetryStrategy(max_attempts=5, exponential_wait=30))
def send_invitation(workspace_id: str, member_id: str, code: str, by: str) -> None:
    """Mail an invitation, unless it was accepted, withdrawn or sent anew meanwhile. A mail server that is away is asked again, and shown to administrators."""
    place = Workspace.objects.get(pk=workspace_id)
    with workspace(place.pk):
        found = Invitation.objects.select_related("member").filter(member=member_id, code=code).first()
    if found is None:
        return
    try:
        invitations.send(found, place, by=by)
    except (OSError, SMTPException) as error:
        _note(place, found, sent_at=None, problem=str(error)[:300] or type(error).__name__)
        raise
    _note(place, found, sent_at=timezone.now(), problem="")


@app.task(name="setup.index_own_fields", retry=RetryStrategy(max_attempts=3, exponential_wait=30))
def index_own_fields(workspace_id: str) -> None:
    """Build what indexes the workspace's own fields still want, one at a time, without stopping anybody's work."""
    own_fields.build(Workspace.objects.get(pk=workspace_id))


def index_own_fields_later(workspace_id: uuid.UUID) -> None:
    """Have the worker build indexes once this transaction is through. Asked twice, it looks once."""
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        index_own_fields.configure(lock=_indexes(workspace_id), queueing_lock=_indexes(workspace_id)).defer(workspace_id=str(workspace_id))


@app.task(name="setup.drop_own_indexes", retry=RetryStrategy(max_attempts=3, exponential_wait=30))
def drop_own_indexes(workspace_id: str, type_key: str, key: str, kind: str) -> None:
    """Take the indexes of a deleted field away, unless it is back meanwhile."""
    own_fields.drop(Workspace.objects.get(pk=workspace_id), type_key, key, kind)


def drop_own_indexes_later(workspace_id: uuid.UUID, type_key: str, key: str, kind: str) -> None:
    """Have the worker drop them once this transaction is through, never while it builds others of the workspace."""
    drop_own_indexes.configure(lock=_indexes(workspace_id)).defer(workspace_id=str(workspace_id), type_key=type_key, key=key, kind=kind)


def _indexes(workspace_id: uuid.UUID) -> str:
    return f"own_indexes:{workspace_id}"


@app.task(name="setup.rewrite_own_texts", retry=RetryStrategy(max_attempts=3, exponential_wait=30))
def rewrite_own_texts(workspace_id: str, type_key: str, key: str) -> None:
    """Have search find what an own field says now, and nothing that it says no more."""
    texts.rewrite(Workspace.objects.get(pk=workspace_id), type_key, key)


def rewrite_own_texts_later(workspace_id: uuid.UUID, type_key: str, key: str) -> None:
    """The same once this transaction is through. Asked twice, it is done once."""
    lock = f"own_texts:{workspace_id}:{type_key}:{key}"
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        rewrite_own_texts.configure(lock=lock, queueing_lock=lock).defer(workspace_id=str(workspace_id), type_key=type_key, key=key)


def _note(place: Workspace, invitation: Invitation, **values: object) -> None:
    with workspace(place.pk):
        Invitation.objects.filter(pk=invitation.pk).update(**values)
