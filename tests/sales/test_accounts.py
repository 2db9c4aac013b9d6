"""What accounts learn from deals: status and figures."""

from __future__ import annotations

import datetime
from decimal import Decimal

from patron.customers.domain.rollups import totals
from patron.customers.models import Account, StatusChange
from patron.identity.access import Access
from patron.records import changes, registry
from patron.sales.domain.closing import lose_deal, reopen_deal, win_deal
from patron.sales.domain.removing import delete_deal
from patron.sales.models import Deal, LostReason
from tests.sales.conftest import MakeDeal, stage

D = Decimal


def status(account: Account) -> str:
    return str(Account.objects.values_list("status", flat=True).get(pk=account.pk))


def test_a_won_deal_makes_its_account_active(access: Access, account: Account, make_deal: MakeDeal, price: LostReason) -> None:
    lose_deal(make_deal(100), access=access, reason=price)
    assert status(account) == "prospect"
    deal = win_deal(make_deal(100), access=access)
    assert (status(account), StatusChange.objects.get().cause) == ("active", "deal won")
    reopen_deal(deal, access=access)
    assert status(account) == "prospect"


def test_an_old_win_is_a_customer_of_the_past(access: Access, account: Account, make_deal: MakeDeal) -> None:
    deal = win_deal(make_deal(100), access=access, closed_on=access.today() - datetime.timedelta(days=800))
    assert status(account) == "churned"
    changes.edit(registry.get("deals"), deal, {"closed_on": access.today()}, access=access)
    assert status(account) == "active"


def test_both_accounts_follow_a_won_deal_that_changes_hands(access: Access, account: Account, make_deal: MakeDeal) -> None:
    deal, other = win_deal(make_deal(100), access=access), Account.objects.create(name="Initech")
    changes.edit(registry.get("deals"), deal, {"account": other.pk}, access=access)
    assert (status(account), status(other)) == ("prospect", "active")
    delete_deal(deal, access=access)
    assert status(other) == "prospect"


def test_imported_wins_count(access: Access, account: Account) -> None:
    deals = [Deal(name=str(n), stage=stage("Won"), account=account, amount=D(n), closed_on=access.today()) for n in range(3)]
    Deal.objects.bulk_create(deals)
    registry.get("deals").imported([d.pk for d in deals], access=access, created=True)
    assert status(account) == "active"


def test_a_blacklisted_account_still_wins_deals(access: Access, account: Account, make_deal: MakeDeal) -> None:
    Account.objects.filter(pk=account.pk).update(blacklisted=True, blacklist_reason="does not pay")
    assert win_deal(make_deal(100), access=access).is_won


def test_figures_are_summed_once_over_branches(access: Access, account: Account, make_deal: MakeDeal) -> None:
    branch = Account.objects.create(name="Globex North", parent=account)
    make_deal(100, 20)
    make_deal(40, account=branch)
    win_deal(make_deal(7, account=branch), access=access)
    found = totals([account.pk], access)[account.pk]
    assert (found["open_pipeline"].own, found["open_pipeline"].branches) == (D(120), D(160))
    assert (found["won"].own, found["won"].branches) == (D(0), D(7))
