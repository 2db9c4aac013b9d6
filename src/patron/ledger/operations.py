"""Operations: nothing is written unsigned."""

import contextlib
import json
import uuid
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from patron.identity.access import Access
from patron.kernel.origin import Origin, origin
from patron.kernel.tenancy import current_workspace_id, set_local, uuid7


@dataclass(slots=True)
class Signed:
    """The open operation."""

    id: uuid.UUID
    verb: str
    access: Access
    details: dict[str, Any] = field(default_factory=dict)


_current: ContextVar[Signed | None] = ContextVar("patron_operation", default=None)

_INSERT = """
INSERT INTO ledger_operation
  (at, workspace_id, id, verb, actor_id, actor_name, subject_type, subject_id, reason, request_id, address, undoes, details)
VALUES (now(), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb)
"""


Follower = Callable[[uuid.UUID, Access], None]
_followers: list[tuple[tuple[str, ...], Follower]] = []


def follow(tables: tuple[str, ...], follower: Follower) -> None:
    """Call `follower(operation id, access)` before an operation closes that undid, archived or removed rows of these tables (see `settle`)."""
    _followers.append((tables, follower))


def settle() -> None:
    """Let figures that other rows keep follow what the open operation wrote without their package's verbs; one query where nothing follows."""
    signed = current_operation()
    if signed is None or not _followers:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT table_name FROM ledger_change WHERE workspace_id = %s AND at = now() AND operation_id = %s",
            [current_workspace_id(), signed.id],
        )
        touched = {name for (name,) in cursor.fetchall()}
    for tables, follower in _followers:
        if not touched.isdisjoint(tables):
            follower(signed.id, signed.access)


Watcher = Callable[[Signed], None]
_watchers: list[Watcher] = []


def on_signing(watcher: Watcher) -> Watcher:
    """Call `watcher(signed)` whenever an operation was opened: for packages above that react to the ledger once it is committed."""
    _watchers.append(watcher)
    return watcher


def current_operation() -> Signed | None:
    """The open operation, or None."""
    return _current.get()


@contextlib.contextmanager
def operation(
    verb: str,
    *,
    access: Access,
    subject: tuple[str, uuid.UUID] | None = None,
    reason: str = "",
    undoes: uuid.UUID | None = None,
    details: dict[str, Any] | None = None,
) -> Iterator[Signed]:
    """Sign everything written inside. Needs an open workspace and its transaction.

    An operation inside another joins it: what a verb hands off to is part of the verb, is recorded under its name and is undone with it.
    """
    outer = _current.get()
    if outer is not None:
        yield outer
        return
    signed = Signed(uuid7(), verb, access, dict(details or {}))
    where = origin.get() or Origin()
    subject_type, subject_id = subject or ("", None)
    values: list[Any] = [
        current_workspace_id(), signed.id, verb, access.member_id, access.name[:150], subject_type, subject_id,
        reason[:500], where.request_id, where.address, undoes, json.dumps(signed.details, default=str),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
    where.signed.append(signed.id)
    token = _current.set(signed)
    set_local(operation_id=str(signed.id))
    for watcher in _watchers:
        watcher(signed)
    try:
        yield signed
    finally:
        _current.reset(token)
        if not connection.needs_rollback and not _aborted():
            set_local(operation_id="")


def _aborted() -> bool:
    """Whether PostgreSQL has given up on the transaction; the setting then ends with it."""
    raw = connection.connection
    return raw is None or raw.closed or raw.info.transaction_status.name != "INTRANS"
