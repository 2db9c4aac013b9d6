"""An account's last activity is the newest on it, its contacts or its deals, whoever writes or takes back (set-based, kept for lists)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from patron.collab.domain.activities import create_activity
from patron.collab.domain.refs import Ref
from patron.collab.models import Activity
from patron.customers.models import Account
from patron.identity.access import Access
from patron.kernel.formats import Formats
from patron.ledger.models import Operation
from patron.records import changes, perform, registry
from patron.records.kinds import View
from patron.records.undoing import undo_operation
from patron.sales.domain.start import ship_lists
from patron.sales.models import Deal
from patron.testing import Scene, open_workspace

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def access(scene: Scene) -> Iterator[Access]:
    """Inside a workspace; every test signs its own operations."""
    from patron.kernel.tenancy import workspace

    with open_workspace(scene):
        ship_lists()
    with workspace(scene.workspace.pk):
        yield scene.access()


@pytest.fixture
def account(access: Access) -> Account:
    made: Account = changes.create(registry.get("accounts"), {"name": "Globex"}, access=access)
    return made


@pytest.fixture
def deal(access: Access, account: Account) -> Deal:
    made: Deal = changes.create(registry.get("deals"), {"name": "Pilot", "account": account.pk}, access=access)
    return made


def call(record: Any, at: datetime.datetime, access: Access) -> Activity:
    return create_activity(access=access, kind="call", about=[Ref.of(record)], subject="Talk", at=at)


def last(record: Any) -> Any:
    return type(record).objects.values_list("last_activity_at", flat=True).get(pk=record.pk)


def do(name: str, record: Any, access: Access) -> None:
    key = registry.of_model(type(record)).key
    perform.perform(registry.verb(key, name), registry.get(key), record, access=access, inputs={})


def test_an_account_follows_its_contacts_and_deals(access: Access, account: Account, deal: Deal) -> None:
    contact = changes.create(registry.get("contacts"), {"name": "Helena Brandt", "account": account.pk}, access=access)
    now = timezone.now()
    assert last(account) is None
    call(account, now - 3 * HOUR, access)
    assert last(account) == now - 3 * HOUR
    call(contact, now - 2 * HOUR, access)
    assert last(account) == now - 2 * HOUR
    call(deal, now - HOUR, access)
    assert (last(account), last(deal)) == (now - HOUR, now - HOUR)
    call(deal, now - 9 * HOUR, access)
    assert last(account) == now - HOUR


@pytest.mark.parametrize("name", ["archive", "delete"])
def test_archived_and_deleted_activities_do_not_count(access: Access, account: Account, deal: Deal, name: str) -> None:
    now = timezone.now()
    call(deal, now - 3 * HOUR, access)
    do(name, call(deal, now - HOUR, access), access)
    assert (last(deal), last(account)) == (now - 3 * HOUR, now - 3 * HOUR)
    operation = Operation.objects.filter(verb=f"activities.{name}").latest("at")
    undo_operation(operation.pk, view=View(access, Formats(access.locale, access.zone)))
    assert (last(deal), last(account)) == (now - HOUR, now - HOUR)


def test_an_undone_call_leaves_no_trace_and_a_deal_with_calls_can_be_undone(access: Access, account: Account, deal: Deal) -> None:
    view = View(access, Formats(access.locale, access.zone))
    made = Operation.objects.get(verb="deals.create", subject_id=deal.pk)
    call(deal, timezone.now() - HOUR, access)
    logged = Operation.objects.exclude(pk=made.pk).latest("at", "id")
    undo_operation(logged.pk, view=view)
    assert (last(deal), last(account)) == (None, None)
    undo_operation(made.pk, view=view)
    assert not Deal.objects.filter(pk=deal.pk).exists()


def test_several_tasks_archived_together_count_no_more(access: Access, deal: Deal) -> None:
    from patron.collab.domain.tasks import create_task
    from patron.collab.models import Task

    for days in (1, 2):
        create_task(access=access, subject="Call back", due=access.today() + datetime.timedelta(days=days), about=Ref.of(deal))
    assert Deal.objects.get(pk=deal.pk).next_activity_at is not None
    perform.perform_many(registry.verb("tasks", "archive"), registry.get("tasks"), Task.objects.all(), access=access, inputs={})
    assert Deal.objects.get(pk=deal.pk).next_activity_at is None


def test_quiet_accounts_are_found_and_sorted(access: Access, account: Account) -> None:
    record_type = registry.get("accounts")
    assert record_type.fields["last_activity_at"].sortable
    assert not record_type.fields["last_activity_at"].editable
