"""Short ways to make what the tests of the catalogue need."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from patron.identity.access import Access
from patron.testing import Scene, open_workspace


@pytest.fixture
def access(scene: Scene) -> Iterator[Access]:
    """Inside a workspace whose money is EUR, signed as its administrator; rolled back afterwards."""
    with open_workspace(scene) as opened:
        assert opened.workspace.currency == "EUR"
        yield opened
