"""Short ways to make what the tests of customers need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from patron.customers.models import Account, AccountTree
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
    """Make an account: `make("Globex", parent=acme)`."""

    def made(name: str, **values: Any) -> Account:
        return Account.objects.create(name=name, **values)

    return made


def closure() -> set[tuple[Any, Any, int]]:
    """What the triggers keep of the open workspace: (ancestor, descendant, depth)."""
    return set(AccountTree.objects.values_list("ancestor_id", "descendant_id", "depth"))


def walked() -> set[tuple[Any, Any, int]]:
    """The same, found by walking up from each account in Python."""
    parents = dict(Account.objects.values_list("pk", "parent_id"))
    found = set()
    for account in parents:
        above, depth = account, 0
        while above is not None:
            found.add((above, account, depth))
            above, depth = parents.get(above), depth + 1
    return found
