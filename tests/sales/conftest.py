"""Short ways to make what the tests of sales need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from patron.customers.models import Account
from patron.identity.access import Access
from patron.sales.domain.amounts import recompute
from patron.sales.domain.opening import open_deal
from patron.sales.domain.start import ship_lists
from patron.sales.models import Deal, DealLine, LostReason, Stage
from patron.testing import Scene, open_workspace

MakeDeal = Callable[..., Deal]


@pytest.fixture
def access(scene: Scene) -> Iterator[Access]:
    """Inside a workspace with the shipped lists, signed as its administrator; rolled back afterwards."""
    with open_workspace(scene) as opened:
        ship_lists()
        yield opened


@pytest.fixture
def account(access: Access) -> Account:
    return Account.objects.create(name="Globex")


@pytest.fixture
def price(access: Access) -> LostReason:
    return LostReason.objects.get(name="Price")


@pytest.fixture
def make_deal(access: Access, account: Account) -> MakeDeal:
    """`make_deal(100, 50)`: a deal of an account with a line of one piece for each price; `lines` gives (quantity, price) pairs."""

    def made(*prices: int | str, lines: list[tuple[Any, Any]] | None = None, **values: Any) -> Deal:
        deal = open_deal(access=access, **{"name": "Fleet refresh", "account": account, **values})
        pairs = [(1, p) for p in prices] if lines is None else lines
        for place, (quantity, unit_price) in enumerate(pairs, 1):
            DealLine.objects.create(
                deal=deal, description=f"Line {place}", quantity=Decimal(quantity), unit_price=Decimal(unit_price), position=place
            )
        recompute([deal.pk])
        deal.refresh_from_db()
        return deal

    return made


def stage(name: str) -> Stage:
    """A stage of the default pipeline by its name."""
    return Stage.objects.get(name=name, pipeline__is_default=True)
