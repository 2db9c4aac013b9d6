"""`patron doctor` sees what must never happen: the serving role past the policies, a tenant table without them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.db import connection as django_connection

from patron.config import database, health, libpq


@pytest.fixture
def owner(db: None) -> Iterator[libpq.Connection]:
    """The owner's connection to the database of the tests; what it does is rolled back."""
    place = {**database.parse(os.environ["DATABASE_URL"]), "NAME": django_connection.settings_dict["NAME"]}
    with libpq.connect(place) as opened:
        opened.autocommit = False
        yield opened
        opened.rollback()


def test_a_sound_database_passes(owner: libpq.Connection) -> None:
    assert [f.verdict for f in (health._ledger(owner), health._row_level_security(owner))] == ["ok", "ok"]


def test_a_partition_that_is_open_to_the_serving_role_is_found(owner: libpq.Connection) -> None:
    owner.execute("DO $$ BEGIN EXECUTE format('GRANT SELECT ON ledger_change_%s TO patron_app', to_char(now(), 'YYYYMM')); END $$")
    found = health._ledger(owner)
    assert found.verdict == "fail"
    assert "ledger_change_" in found.detail


def test_a_ledger_that_can_be_rewritten_is_found(owner: libpq.Connection) -> None:
    owner.execute("GRANT UPDATE ON ledger_change TO patron_app")
    assert "may change ledger_change" in health._ledger(owner).detail


def test_a_tenant_table_whose_policies_do_not_bind_its_owner_is_found(owner: libpq.Connection) -> None:
    owner.execute("ALTER TABLE sales_deal NO FORCE ROW LEVEL SECURITY")
    assert health._row_level_security(owner).detail == "open: sales_deal"
