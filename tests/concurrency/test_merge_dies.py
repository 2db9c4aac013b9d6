"""A merge, and an unmerge, whose connection dies: as if it had never begun. The longer trials with `kill -9` are in tests/soak."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection

from patron.collab.models import Task, TaskLink
from patron.customers.models import Account, Affiliation, Contact
from patron.kernel.tenancy import workspace
from patron.records import registry
from patron.records.merge_models import Merge, Redirect
from patron.records.merging import engine, parting
from patron.testing import Scene
from tests.database import Dying
from tests.records.merge_kit import signed

ACCOUNTS = registry.get("accounts")


def statements(scene: Scene, act: Callable[[], Any], at: int = 0) -> int:
    """Do it in the workspace; answers how many statements it took."""
    dying = Dying(at)
    try:
        with workspace(scene.workspace.pk), connection.execute_wrapper(dying):
            act()
    except OperationalError:
        connection.close()
        assert at
    else:
        assert not at
    return dying.number


def test_a_merge_whose_connection_dies_never_was(lasting_scene: Scene) -> None:
    scene = lasting_scene
    with workspace(scene.workspace.pk), signed(scene) as access:
        one, two = (Account.objects.create(name="Twin") for _ in range(2))
        for account in (one, two):
            people = Contact.objects.bulk_create(Contact(name=f"Person {n}", last_name=f"Person {n}") for n in range(5))
            Affiliation.objects.bulk_create(Affiliation(account=account, contact=c, primary=True) for c in people)
            Task.objects.bulk_create(Task(subject=f"Task {n}", record_type="accounts", record_id=account.pk) for n in range(5))

    def merge() -> None:
        engine.merge(ACCOUNTS, one.pk, [two.pk], access=access)

    def unmerge() -> None:
        parting.unmerge(parting.merges_of(ACCOUNTS, one.pk)[0], access=access)

    def state() -> tuple[Any, ...]:
        with workspace(scene.workspace.pk):
            hanging = [
                sorted(model.objects.values_list(column, "pk"))
                for model, column in ((Contact, "account_id"), (Affiliation, "account_id"), (Task, "record_id"), (TaskLink, "record_id"))
            ]
            return hanging, set(Account.objects.values_list("pk", flat=True)), Redirect.objects.count(), Merge.objects.filter(parted_at=None).count()

    apart = state()
    length = statements(scene, merge)
    together = state()
    assert together != apart
    back = statements(scene, unmerge)
    assert state() == apart
    for at in (length // 3, length // 2, length - 1):
        statements(scene, merge, at)
        assert state() == apart, at
    statements(scene, merge)
    assert state() == together
    for at in (back // 3, back // 2, back - 1):
        statements(scene, unmerge, at)
        assert state() == together, at
    statements(scene, unmerge)
    assert state() == apart


@pytest.fixture(autouse=True)
def _reconnect(committing: None) -> Any:
    yield
    connection.close()
