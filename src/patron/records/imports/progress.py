"""How far a running import is, told beside its transaction: over a connection of its own, so that others see it at once."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from patron.kernel.tenancy import current_workspace_id

_PAUSE = 0.5  # seconds between two writes


class Reporter:
    """Writes the progress of one import; a failure to do so never stops the import."""

    def __init__(self, import_id: uuid.UUID, total: int) -> None:
        self.import_id, self.total = import_id, total
        self.workspace = current_workspace_id()
        self._own: Any = connection.copy()
        self._last = 0.0

    def tell(self, done: int) -> None:
        """That many rows are done. Writes at most twice a second."""
        now = time.monotonic()
        if now - self._last >= _PAUSE:
            self._last = now
            self._write(done)

    def _write(self, done: int) -> None:
        self._own.ensure_connection()
        raw = self._own.connection
        with raw.transaction():
            raw.execute(f"SET LOCAL app.workspace_id = '{self.workspace}'")
            raw.execute(
                "UPDATE records_importprogress SET done = %s, total = %s, at = now() WHERE workspace_id = %s AND id = %s",
                [done, self.total, self.workspace, self.import_id],
            )

    def close(self) -> None:
        self._own.close()


@contextmanager
def reporting(import_id: uuid.UUID, total: int) -> Iterator[Reporter]:
    """A reporter for the time of the block."""
    reporter = Reporter(import_id, total)
    try:
        reporter._write(0)
        yield reporter
    finally:
        reporter.close()
