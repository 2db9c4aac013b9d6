"""What the ledger keeps of a change is the same whether its quick trigger writes it, column by column, or the one that any table can do with (before migrations)."""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, transaction

from patron.customers.models import Account, Contact
from patron.kernel.db.keys import BEFORE_MIGRATION
from patron.kernel.tenancy import workspace
from patron.ledger.models import Change
from patron.ledger.operations import operation
from patron.records import registry
from patron.records.own_records import CustomRecord
from patron.sales.models import Deal
from patron.testing import Scene
from tests.database import as_owner
from tests.records.making import make
from tests.records.own_kit import COURSES, courses, own_field

_QUICK = "SELECT t.tgname, count(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname ~ '^ledger_(made|changed)_' GROUP BY 1 ORDER BY 1"
NOW = datetime.datetime(2026, 3, 2, 12, 30, 15, 120000, tzinfo=datetime.UTC)
CHANGES: list[tuple[Any, dict[str, Any]]] = [
    (Account, {"name": "Zephyr „Ä“", "employees": 7, "annual_revenue": Decimal("12.50"), "tags": ["a", "b,c", 'd"e']}),
    (Account, {"employees": None, "archived_at": NOW, "custom": {"score": "4", "nick": "Ä"}}),
    (Account, {"custom": {}}),
    (Contact, {"first_name": "", "last_name": "\\u0041 \\ \n", "archived_at": None}),
    (Deal, {"amount": Decimal("1200.00"), "expected_close": datetime.date(2027, 1, 31), "next_step": "call"}),
    (CustomRecord, {"name": "Photography", "tags": []}),
]


@pytest.fixture
def rows(lasting_scene: Scene) -> dict[Any, Any]:
    """A committed record of each kind, and an own field that its values are of."""
    access = lasting_scene.access()
    with workspace(lasting_scene.workspace.pk), operation("test", access=access):
        courses(access)
        own_field(access, "accounts", key="score", kind="number")
        own_field(access, "accounts", key="nick", kind="text")
        types = {Account: "accounts", Contact: "contacts", Deal: "deals", CustomRecord: COURSES}
        return {model: make(registry.get(key), access) for model, key in types.items()}


def noted(scene: Scene, row: Any, values: dict[str, Any]) -> list[Any]:
    """What the ledger says of an update that is taken back."""
    with workspace(scene.workspace.pk), transaction.atomic(), operation("test", access=scene.access()) as signed:
        type(row)._base_manager.filter(pk=row.pk).update(**values)
        found = list(Change.objects.filter(operation_id=signed.id).order_by("seq").values_list("table_name", "row_id", "action", "changes"))
        transaction.set_rollback(True)
    return found


def made_of(scene: Scene, row: Any, values: dict[str, Any]) -> list[Any]:
    """What the ledger says of two new rows like this one, that are taken back; their ids and numbers stay out of it."""
    model, extra = type(row), Counter[str]()
    with workspace(scene.workspace.pk), transaction.atomic(), operation("test", access=scene.access()) as signed:
        twins = [model._base_manager.get(pk=row.pk) for _n in range(2)]
        for n, twin in enumerate(twins):
            twin.pk, twin._state.adding = uuid.UUID(int=n + 1), True
            for name, value in {"external_id": "", "number": "", **values}.items():
                if hasattr(twin, name):
                    setattr(twin, name, value)
        model._base_manager.bulk_create(twins)
        found = list(Change.objects.filter(operation_id=signed.id).order_by("seq").values_list("table_name", "row_id", "action", "changes"))
        transaction.set_rollback(True)
    extra.update(name for *_rest, changes in found for name in changes)
    assert extra["id"] == len(found) > 1
    return found


def test_both_triggers_keep_the_same(lasting_scene: Scene, rows: dict[Any, Any]) -> None:
    cases = [(rows[model], values) for model, values in CHANGES]
    quick = [told(lasting_scene, row, values) for row, values in cases for told in (noted, made_of)]
    assert {name: count > 50 for name, count in as_owner(_QUICK)} == {"ledger_made": True, "ledger_changed": True}
    made = as_owner("SELECT pg_get_triggerdef(t.oid), tgname, t.tgrelid::regclass::text FROM pg_trigger t WHERE tgname IN ('ledger_made', 'ledger_changed')")
    try:
        as_owner(BEFORE_MIGRATION[-1])
        assert as_owner(_QUICK) == []
        assert [told(lasting_scene, row, values) for row, values in cases for told in (noted, made_of)] == quick
        with pytest.raises((ProgrammingError, psycopg.Error)), workspace(lasting_scene.workspace.pk), transaction.atomic():
            Account.objects.filter(pk=rows[Account].pk).update(city="Unsigned")
    finally:
        for definition, name, table in made:
            as_owner(f"DROP TRIGGER {name} ON {table}", definition)
    assert sum(map(bool, quick)) >= 4


def test_a_change_that_changes_nothing_is_not_kept(lasting_scene: Scene, rows: dict[Any, Any]) -> None:
    account = rows[Account]
    assert noted(lasting_scene, account, {"name": account.name, "city": account.city, "custom": account.custom}) == []


def test_each_column_is_kept_with_what_it_was(lasting_scene: Scene, rows: dict[Any, Any]) -> None:
    account = rows[Account]
    (change,) = noted(lasting_scene, account, {"city": "Ulm", "employees": 12, "custom": {"score": "4"}})
    assert change[3] == {"city": [account.city, "Ulm"], "employees": [account.employees, 12], **{f"custom.{k}": [v, None] for k, v in account.custom.items() if k != "score"}, "custom.score": [account.custom.get("score"), "4"]}  # fmt: skip
