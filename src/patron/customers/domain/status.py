"""The derived status of accounts: prospect, active, churned (domain, section 2).

What makes an account active is registered from above (`register_fact`): won deals while there are no orders, later orders and subscriptions.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Collection, Iterable

from django.db.models import Max, QuerySet
from django.utils import timezone

from patron.customers.enums import AccountStatus
from patron.customers.models import Account, StatusChange
from patron.identity.access import Access
from patron.ledger.operations import operation

Fact = Callable[[Collection[uuid.UUID] | None], QuerySet]  # type: ignore[type-arg]
_facts: dict[str, Fact] = {}


def register_fact(name: str, fact: Fact) -> None:
    """Say what counts: a function from account ids (None: all) to rows with `account` and `day`, the day it happened."""
    _facts[name] = fact


def last_days(ids: Collection[uuid.UUID] | None) -> dict[uuid.UUID, datetime.date]:
    """The day of the last fact per account; accounts without one are missing. One query per kind of fact."""
    found: dict[uuid.UUID, datetime.date] = {}
    for fact in _facts.values():
        for account, day in fact(ids).values("account").annotate(_last=Max("day")).values_list("account", "_last"):
            if day is not None and (account not in found or found[account] < day):
                found[account] = day
    return found


def status_of(last: datetime.date | None, today: datetime.date, access: Access) -> AccountStatus:
    """Never a customer: prospect. A fact inside the workspace's window: active. Only older ones: churned."""
    if last is None or not access.workspace.counts_orders:
        return AccountStatus.PROSPECT
    window = datetime.timedelta(days=access.workspace.order_window_days)
    return AccountStatus.ACTIVE if last > today - window else AccountStatus.CHURNED


def recompute_status(ids: Iterable[uuid.UUID | None], *, access: Access, cause: str) -> int:
    """Let statuses follow their facts, in the open operation; answers how many changed.

    Set-based: a query per kind of fact, one to read, at most three to write. Each change is kept with its time and `cause`.
    """
    wanted = {i for i in ids if i is not None}
    return _apply(Account.objects.filter(pk__in=wanted), last_days(wanted), access, cause) if wanted else 0


def expire_statuses(*, access: Access) -> int:
    """Nightly: accounts whose last fact left the window become churned. Signs its own operation when nothing else has."""
    with operation("accounts.expire_statuses", access=access):
        return _apply(Account.objects.exclude(status=AccountStatus.PROSPECT), last_days(None), access, "window passed")


def _apply(rows: QuerySet[Account], last: dict[uuid.UUID, datetime.date], access: Access, cause: str) -> int:
    today, now = access.today(), timezone.now()
    moves: dict[AccountStatus, list[tuple[uuid.UUID, str]]] = {}
    for pk, before in rows.select_for_update(of=("self",)).values_list("pk", "status"):
        after = status_of(last.get(pk), today, access)
        if after != before:
            moves.setdefault(after, []).append((pk, before))
    kept = []
    for after, accounts in moves.items():
        Account.objects.filter(pk__in=[pk for pk, _before in accounts]).update(status=after, status_since=now)
        kept += [StatusChange(account_id=pk, before=before, after=after, at=now, cause=cause) for pk, before in accounts]
    StatusChange.objects.bulk_create(kept, batch_size=2000)
    return len(kept)
