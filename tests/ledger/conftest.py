"""Transactions of other databases on the same server, such as those of tests that run beside these, hold sealing back: not here."""

from __future__ import annotations

import pytest

from patron.ledger import sealing

#: As `sealing._RUNNING`, of this database alone.
RUNNING = """
SELECT least(pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
  (SELECT min(backend_xid::text::bigint) FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()))
"""


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_RUNNING", RUNNING)
