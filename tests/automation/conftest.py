"""Webhooks may go to this machine in tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.automation.receiving import Receiver, receiving


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.PATRON_WEBHOOK_LOOPBACK = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found
