"""Short ways to make what the tests of collab need. Its own code knows no accounts; the tests hang things on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from patron.collab.domain.refs import Ref
from patron.customers.models import Account
from patron.identity.access import Access
from patron.testing import Scene, open_workspace

Make = Callable[..., Account]


@pytest.fixture
def access(scene: Scene) -> Iterator[Access]:
    """Inside a workspace, signed as its administrator; rolled back afterwards."""
    with open_workspace(scene) as opened:
        yield opened


@pytest.fixture
def make(access: Access) -> Make:
    """Make an account: `make("Globex", owner=alice)`."""

    def made(name: str = "Globex", **values: Any) -> Account:
        account: Account = Account.objects.create(name=name, **values)
        return account

    return made


@pytest.fixture
def account(make: Make) -> Account:
    return make()


@pytest.fixture
def ref(account: Account) -> Ref:
    return Ref("accounts", account.pk)
