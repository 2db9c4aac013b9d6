"""A clock that is set while Patron runs: by hand, by a time server after a wrong start, by a machine that wakes up."""

from __future__ import annotations

import time
from collections.abc import Callable

TOLERATED = 10.0  # seconds; less is adjusted step by step by the system, and harms nothing


class Watch:
    """Notices when the clock on the wall goes otherwise than the one that only counts on."""

    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic) -> None:
        self._wall, self._steady = wall, steady
        self._between = wall() - steady()

    def jumped(self) -> float:
        """By how many seconds the clock was set since this was asked last: negative for back, 0 where it was not, or by little."""
        between = self._wall() - self._steady()
        by, self._between = between - self._between, between
        return by if abs(by) > TOLERATED else 0.0
