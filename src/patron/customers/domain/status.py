"""The derived status of accounts: prospect, active, churned (domain, section 2).

What makes an account active is registered from above (`register_fact`): won deals while there are no orders, later orders and subscriptions.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from django.db.models import Max, QuerySet
from django.utils import timezone

from patron.customers.enums import AccountStatus
from patron.customers.models import Account, StatusChange
from patron.identity.access import Access
from patron.ledger.operations import operation

Fact = Callable[[Collection[uuid.UUID] | None], QuerySet]  # type: ignore[type-arg]
_CHUNK = 2000


class Registered(NamedTuple):
    """A kind of fact. `order`: it counts for the workspace's window, where orders count at all; else until its day has passed."""

    fact: Fact
    order: bool


class Bought(NamedTuple):
    """What is known of an account: the day of its last order, and the last day of what it has without being an order."""

    last_order: datetime.date | None = None
    live_until: datetime.date | None = None


_facts: dict[str, Registered] = {}


def register_fact(name: str, fact: Fact, *, order: bool = True) -> None:
    """Say what counts: a function from account ids (None: all) to rows with `account` and `day`.

    For an `order`, `day` is when it happened; for anything else, such as a subscription, the last day on which it is live.
    """
    _facts[name] = Registered(fact, order)


def bought(ids: Collection[uuid.UUID] | None) -> dict[uuid.UUID, Bought]:
    """What each account bought, accounts without any fact left out. One query per kind of fact."""
    found: dict[uuid.UUID, Bought] = {}
    for fact, order in _facts.values():
        for account, day in fact(ids).order_by().values("account").annotate(_last=Max("day")).values_list("account", "_last"):
            if day is not None:
                known = found.get(account, Bought())
                found[account] = known._replace(last_order=_later(known.last_order, day)) if order else known._replace(live_until=_later(known.live_until, day))
    return found


def status_of(known: Bought | None, access: Access) -> AccountStatus:
    """Prospect: never a customer. Active: something live, or an order inside the window where orders count. Churned: neither any more."""
    today, known = access.today(), known or Bought()
    last_order = known.last_order if access.workspace.counts_orders else None
    if known.live_until and known.live_until >= today:
        return AccountStatus.ACTIVE
    if last_order and last_order > today - datetime.timedelta(days=access.workspace.order_window_days):
        return AccountStatus.ACTIVE
    return AccountStatus.CHURNED if last_order or known.live_until else AccountStatus.PROSPECT


def recompute_status(ids: Iterable[uuid.UUID | None], *, access: Access, cause: str) -> int:
    """Let the statuses of these accounts follow their facts, in the open operation; answers how many changed.

    Set-based, 2 000 accounts at a time: they are locked first and the facts read afterwards, so that two causes at a time end right in either
    order; at most three updates. Each change is kept with its time and `cause`. Accounts whose status stays are not written.
    """
    wanted = sorted({i for i in ids if i is not None})
    return sum(_apply(wanted[at : at + _CHUNK], access, cause) for at in range(0, len(wanted), _CHUNK))


def expire_statuses(*, access: Access) -> int:
    """Nightly: let accounts whose last order left the window churn. Locks only those whose status is to change."""
    with operation("accounts.expire_statuses", access=access):
        return recompute_status(_stale(access), access=access, cause="window passed")


def refresh_statuses(*, access: Access, cause: str) -> int:
    """Let every status follow its facts: after the workspace changed what counts as active. Answers how many changed."""
    with operation("accounts.refresh_statuses", access=access):
        return recompute_status(_stale(access), access=access, cause=cause)


def _stale(access: Access) -> list[uuid.UUID]:
    """The accounts whose status is not what their facts say. Reads all, locks none."""
    known = bought(None)
    rows = Account.objects.order_by().values_list("pk", "status").iterator(chunk_size=10_000)
    return [pk for pk, status in rows if status_of(known.get(pk), access) != status]


def _apply(ids: list[uuid.UUID], access: Access, cause: str) -> int:
    locked = Account.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    before = dict(locked.values_list("pk", "status"))
    known, now = bought(ids), timezone.now()
    moves: dict[AccountStatus, list[uuid.UUID]] = {}
    for pk, status in before.items():
        if (after := status_of(known.get(pk), access)) != status:
            moves.setdefault(after, []).append(pk)
    kept = []
    for after, accounts in moves.items():
        Account.objects.filter(pk__in=accounts).update(status=after, status_since=now)
        kept += [StatusChange(account_id=pk, before=before[pk], after=after, at=now, cause=cause) for pk in accounts]
    StatusChange.objects.bulk_create(kept, batch_size=_CHUNK)
    return len(kept)


def _later(known: datetime.date | None, day: datetime.date) -> datetime.date:
    return day if known is None else max(known, day)
