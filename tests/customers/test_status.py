"""Statuses follow what was bought (domain, section 2), whoever else is at work."""

from __future__ import annotations

import dataclasses
import datetime
import threading
import uuid
from collections.abc import Collection
from typing import Any

import pytest
from django.db import connections
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patron.customers.domain import status
from patron.customers.domain.status import Bought, expire_statuses, recompute_status, refresh_statuses, status_of
from patron.customers.enums import AccountStatus
from patron.customers.models import Account, Affiliation, Contact, StatusChange
from patron.identity.access import Access
from patron.testing import Scene, open_workspace
from tests.customers.conftest import Make

P, A, C = AccountStatus.PROSPECT, AccountStatus.ACTIVE, AccountStatus.CHURNED


def _orders(ids: Collection[uuid.UUID] | None) -> Any:
    """Stand-ins for orders: ended places, since customers has nothing that is bought."""
    rows = Affiliation.objects.filter(title="order")
    return (rows if ids is None else rows.filter(account__in=ids)).annotate(day=F("starts_on"))


def _subscriptions(ids: Collection[uuid.UUID] | None) -> Any:
    rows = Affiliation.objects.filter(title="subscription")
    return (rows if ids is None else rows.filter(account__in=ids)).annotate(day=F("starts_on"))


@pytest.fixture(autouse=True)
def facts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "_facts", {})
    status.register_fact("orders", _orders)
    status.register_fact("subscriptions", _subscriptions, order=False)


def bought(account: Account, days_ago: int, access: Access, what: str = "order") -> Affiliation:
    day = access.today() - datetime.timedelta(days=days_ago)
    made: Affiliation = Affiliation.objects.create(
        contact=Contact.objects.create(name="Buyer"), account=account, title=what, starts_on=day, ends_on=day + datetime.timedelta(days=999)
    )
    return made


def now(account: Account) -> str:
    return str(Account.objects.values_list("status", flat=True).get(pk=account.pk))


@pytest.mark.parametrize(
    ("last_order", "live_until", "counts", "expected"),
    [
        (None, None, True, P), (0, None, True, A), (729, None, True, A), (730, None, True, C), (0, None, False, P), (5000, None, False, P),
        (None, 0, True, A), (None, -30, False, A), (None, 1, True, C), (10, 1, True, A), (900, 1, True, C), (900, -1, True, A),
    ],
)  # fmt: skip
def test_status_of_what_was_bought(access: Access, last_order: int | None, live_until: int | None, counts: bool, expected: AccountStatus) -> None:
    access.workspace.counts_orders, access.workspace.order_window_days = counts, 730
    day = {n: None if ago is None else access.today() - datetime.timedelta(days=ago) for n, ago in (("o", last_order), ("l", live_until))}
    assert status_of(Bought(day["o"], day["l"]), access) == expected


def test_first_order_makes_active_and_is_kept(make: Make, access: Access) -> None:
    account, other = make("Globex"), make("Initech")
    bought(account, 3, access)
    assert recompute_status([account.pk, other.pk, None], access=access, cause="order placed") == 1
    assert (now(account), now(other)) == (A, P)
    change = StatusChange.objects.get()
    assert (change.account_id, change.before, change.after, change.cause) == (account.pk, P, A, "order placed")
    assert Account.objects.get(pk=account.pk).status_since == change.at


def test_nothing_is_written_where_nothing_changes(make: Make, access: Access) -> None:
    account = make("Globex")
    before = Account.objects.get(pk=account.pk).revision
    assert recompute_status([account.pk], access=access, cause="looked") == 0
    assert Account.objects.get(pk=account.pk).revision == before
    assert not StatusChange.objects.exists()


def test_order_that_is_taken_back_makes_a_prospect_again(make: Make, access: Access) -> None:
    account = make("Globex")
    order = bought(account, 3, access)
    recompute_status([account.pk], access=access, cause="won")
    order.delete()
    recompute_status([account.pk], access=access, cause="reopened")
    assert now(account) == P
    assert list(StatusChange.objects.order_by("at", "pk").values_list("after", flat=True)) == [A, P]


def test_accounts_expire_at_night(make: Make, access: Access) -> None:
    old, fresh, live, never = make("Old", status=A), make("Fresh", status=A), make("Live", status=A), make("Never")
    bought(old, 800, access)
    bought(fresh, 10, access)
    bought(live, -5, access, "subscription")
    assert expire_statuses(access=access) == 1
    assert [now(a) for a in (old, fresh, live, never)] == [C, A, A, P]
    assert expire_statuses(access=access) == 0


def test_settings_that_change_are_followed(make: Make, access: Access) -> None:
    account = make("Globex")
    bought(account, 100, access)
    assert refresh_statuses(access=access, cause="settings") == 1
    narrow = dataclasses.replace(access)
    narrow.workspace.order_window_days = 30
    assert refresh_statuses(access=narrow, cause="settings") == 1
    assert now(account) == C


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1500)), max_size=8))
def test_recomputed_statuses_are_those_of_the_last_facts(make: Make, access: Access, orders: list[tuple[int, int]]) -> None:
    accounts = [make(f"A{i}") for i in range(4)]
    for place, ago in orders:
        bought(accounts[place], ago, access)
    recompute_status([a.pk for a in accounts], access=access, cause="any")
    for place, account in enumerate(accounts):
        last = min((ago for at, ago in orders if at == place), default=None)
        assert now(account) == (P if last is None else A if last < access.workspace.order_window_days else C)


def test_recompute_takes_a_constant_number_of_queries(make: Make, access: Access, django_assert_max_num_queries: Any) -> None:
    accounts = [make(f"A{i}") for i in range(30)]
    for account in accounts[:20]:
        bought(account, 3, access)
    with django_assert_max_num_queries(5):
        assert recompute_status([a.pk for a in accounts], access=access, cause="many") == 20


def test_a_win_and_a_reopening_at_a_time_end_as_active(lasting_scene: Scene) -> None:
    """One order is taken back while another is placed: whoever comes second sees what the first one did."""
    with open_workspace(lasting_scene) as access:
        account = Account.objects.create(name="Globex")
        gone = bought(account, 3, access)
        recompute_status([account.pk], access=access, cause="won")
    begun, failed = threading.Barrier(2), []

    def act(take_back: bool) -> None:
        try:
            with open_workspace(lasting_scene) as access:
                if take_back:
                    Affiliation.objects.filter(pk=gone.pk).delete()
                else:
                    bought(account, 1, access)
                begun.wait(10)
                recompute_status([account.pk], access=access, cause="at a time")
        except Exception as error:  # noqa: BLE001 - a thread's failure is the test's
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(back,)) for back in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failed
    with open_workspace(lasting_scene):
        assert now(account) == A
