"""What winning a deal starts elsewhere."""

from __future__ import annotations

import pytest

from patron.collab.models import Notification
from patron.customers.models import Account
from patron.identity.access import Access
from patron.sales.domain.around import add_member
from patron.sales.domain.closing import lose_deal, win_deal
from patron.sales.domain.opening import open_deal
from patron.sales.models import LostReason
from patron.testing import Scene


@pytest.fixture
def account(scene: Scene, access: Access) -> Account:
    found: Account = Account.objects.create(name="Globex", owner=scene.members["erin"])
    return found


def test_the_people_of_a_won_deal_are_told(scene: Scene, access: Access, account: Account) -> None:
    deal = open_deal(access=access, name="Fleet", account=account, owner=scene.members["alice"])
    add_member(deal, access=access, member=scene.members["bob"])
    win_deal(deal, access=access)
    told = Notification.objects.filter(kind="deal_won", record_id=deal.pk).values_list("member__name", flat=True)
    assert sorted(told) == ["Alice", "Bob", "Erin"]


def test_nobody_is_told_of_a_win_that_is_a_loss(scene: Scene, access: Access, account: Account) -> None:
    deal = open_deal(access=access, name="Fleet", account=account, owner=scene.members["alice"])
    lose_deal(deal, access=access, reason=LostReason.objects.get(name="Price"))
    assert not Notification.objects.filter(kind="deal_won").exists()
