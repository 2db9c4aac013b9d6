"""What makes an account active is a setting: when it changes, statuses follow at once, and go back with its undo."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from patron.customers import jobs
from patron.customers.models import Account
from patron.identity.access import Access
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import changes, registry
from patron.sales.domain.closing import win_deal as win
from patron.sales.domain.start import ship_lists
from patron.setup.domain import workspace as general
from patron.testing import Scene, open_workspace


@pytest.fixture
def access(scene: Scene) -> Any:
    with open_workspace(scene):
        ship_lists()
    with workspace(scene.workspace.pk):  # outside an operation: every change of the settings is one of its own
        yield scene.access()


@pytest.fixture
def account(access: Access) -> Account:
    """An account whose only deal was won a hundred days ago."""
    account: Account = changes.create(registry.get("accounts"), {"name": "Globex"}, access=access)
    deal = changes.create(registry.get("deals"), {"name": "Pilot", "account": account.pk, "amount": Decimal(5)}, access=access)
    with operation("deals.win", access=access):
        win(deal, access=access, closed_on=access.today() - timedelta(days=100))
    return account


def status(account: Account) -> str:
    return str(Account.objects.values_list("status", flat=True).get(pk=account.pk))


def test_a_shorter_window_lets_accounts_churn_and_its_undo_brings_them_back(scene: Scene, access: Access, account: Account) -> None:
    assert status(account) == "active"
    done = general.save({"order_window_days": 30}, access=access)
    assert done is not None
    assert status(account) == "churned"
    general.undo(done, access=scene.access())
    assert status(account) == "active"


def test_accounts_are_prospects_where_won_deals_do_not_count(access: Access, account: Account) -> None:
    general.save({"counts_orders": False}, access=access)
    assert status(account) == "prospect"


def test_other_settings_leave_statuses_alone(access: Access, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(general, "refresh_statuses", lambda **_: pytest.fail("nothing to refresh"))
    general.save({"hue": 90}, access=access)
    assert status(account) == "active"


def test_many_accounts_follow_in_a_job(access: Access, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    deferred: list[dict[str, str]] = []
    monkeypatch.setattr(general, "AT_ONCE", 0)
    monkeypatch.setattr(general.refresh_statuses_later, "defer", lambda **given: deferred.append(given))
    general.save({"order_window_days": 30}, access=access)
    assert status(account) == "active"
    (given,) = deferred
    assert jobs.refresh_statuses_later(**given) == 1
    assert status(account) == "churned"
