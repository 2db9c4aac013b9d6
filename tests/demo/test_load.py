"""The demo workspace in the database: whole, consistent, and left alone by whoever asks for it again."""

from __future__ import annotations

import datetime
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, Q, Sum
from django.test import Client

from patron.catalog.models import Product
from patron.collab.domain import touch
from patron.collab.models import Activity, ActivityLink, Favourite, Notification, Task, TaskLink
from patron.customers.models import Account, AccountTree, Contact, StatusChange
from patron.demo import load
from patron.demo.story import cast, tell
from patron.identity.access import Access
from patron.identity.models import Membership, User, Workspace
from patron.kernel.formats import Formats
from patron.kernel.numbering import next_number
from patron.kernel.tenancy import workspace
from patron.ledger.models import Change, Operation
from patron.records import filters, registry
from patron.records.kinds import View
from patron.records.models import SavedView
from patron.sales.domain import amounts
from patron.sales.domain.opening import FIRST, SERIES
from patron.sales.enums import Outcome
from patron.sales.models import Deal, DealLine, DealReview, Lead, StageChange

TODAY = datetime.date(2026, 11, 19)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[load.Credentials]:
    """The demo workspace, loaded once and taken back at the end: each test is a savepoint inside of it."""
    before, settings.DATA_DIR = settings.DATA_DIR, tmp_path_factory.mktemp("data")
    with django_db_blocker.unblock(), transaction.atomic():
        yield load.load(TODAY, progress=lambda _message: None)
        transaction.set_rollback(True)
    settings.DATA_DIR = before


@pytest.fixture
def access(demo: load.Credentials) -> Iterator[Access]:
    place = Workspace.objects.get(slug=demo.workspace)
    with workspace(place.pk):
        yield Access.system(place)


def test_is_as_large_as_the_story(access: Access) -> None:
    story = tell(TODAY)
    pairs = ((Account, story.accounts), (Contact, story.contacts), (Lead, story.leads), (Deal, story.deals), (Product, story.products))
    for model, told in (*pairs, (Activity, story.activities), (Task, story.tasks), (DealReview, story.reviews), (Membership, story.people)):
        assert model.objects.count() == len(told), model.__name__
    assert DealLine.objects.count() == sum(len(deal.lines) for deal in story.deals)
    assert AccountTree.objects.filter(depth__gt=0).count() >= sum(account.parent is not None for account in story.accounts)


def test_lines_make_the_amounts(access: Access) -> None:
    kept = Sum(F("lines__value"), filter=Q(lines__moved_quantity=0))
    assert not Deal.objects.annotate(_sum=kept).exclude(amount=F("_sum")).exists()
    assert amounts.recompute(list(Deal.objects.values_list("pk", flat=True))) == 0


def test_outcomes_follow_from_lines_and_stages(access: Access) -> None:
    assert not Deal.objects.exclude(stage_kind=F("stage__kind")).exists()
    assert not Deal.objects.filter(outcome__in=(Outcome.WON, Outcome.PARTIALLY_WON), account=None).exists()
    assert not Deal.objects.filter(outcome=Outcome.LOST, lost_reason=None).exists()
    assert not Deal.objects.filter(Q(history=True) | Q(rate=None)).exists()
    assert not DealLine.objects.filter(outcome="open").exclude(deal__outcome="open").exists()
    assert not DealLine.objects.filter(deal__outcome="open").exclude(outcome="open").exists()
    assert not DealLine.objects.exclude(currency=F("deal__currency")).exists()


def test_statuses_follow_from_what_was_won(access: Access) -> None:
    assert not Account.objects.filter(status="active").exclude(deals__outcome__in=("won", "partially_won")).exists()
    assert not Account.objects.filter(status="prospect", deals__outcome__in=("won", "partially_won")).exists()
    window = datetime.timedelta(days=access.workspace.order_window_days)
    recent = Q(outcome__in=("won", "partially_won"), closed_on__gt=TODAY - window)
    assert set(Deal.objects.filter(recent).values_list("account", flat=True)) == set(
        Account.objects.filter(status="active").values_list("pk", flat=True)
    )
    for change in StatusChange.objects.order_by("account", "-at").distinct("account").select_related("account"):
        assert (change.account.status, change.account.status_since) == (change.after, change.at)


def test_links_lead_to_records(access: Access) -> None:
    links = [*ActivityLink.objects.values_list("record_type", "record_id"), *TaskLink.objects.values_list("record_type", "record_id")]
    links += [*Notification.objects.values_list("record_type", "record_id"), *Favourite.objects.values_list("record_type", "record_id")]
    for kind in {kind for kind, _id in links}:
        model = SavedView if kind == "views" else registry.get(kind).model
        wanted = {pk for key, pk in links if key == kind}
        assert model.objects.filter(pk__in=wanted).count() == len(wanted), kind
    assert not Activity.objects.filter(links=None).exists()


def test_last_and_next_activity_are_what_collab_finds(access: Access) -> None:
    for model in (Deal, Lead):
        rows = {row.pk: row for row in model.objects.order_by("-pk")[:120]}
        for pk, found in touch.figures(rows, access).items():
            assert (rows[pk].last_activity_at, rows[pk].next_activity_at) == (found.last_at, found.next_at)


def test_stages_were_gone_through_in_order(access: Access) -> None:
    assert not Deal.objects.annotate(_n=Count("stage_changes", filter=Q(stage_changes__from_stage=None))).exclude(_n=1).exists()
    newest = StageChange.objects.order_by("deal", "-at", "-id").distinct("deal").select_related("deal")
    for change in newest:
        assert (change.to_stage_id, change.at) == (change.deal.stage_id, change.deal.stage_since)


def test_the_order_by_id_is_that_of_creation(access: Access) -> None:
    for model in (Account, Lead, Deal, Task):
        times = list(model.objects.order_by("pk").values_list("created_at", flat=True))
        assert times == sorted(times), model.__name__


def test_numbers_go_on_after_the_demo(access: Access) -> None:
    taken = set(Deal.objects.values_list("number", flat=True))
    assert len(taken) == Deal.objects.count()
    assert next_number(SERIES, start=FIRST) == FIRST + len(taken)


def test_recent_changes_are_by_people(access: Access) -> None:
    by_people = Operation.objects.exclude(actor=None)
    assert by_people.count() >= 40
    assert by_people.values("actor").distinct().count() >= 5
    assert {"deals.move_stage", "deals.edit", "leads.rate", "tasks.complete"} <= set(by_people.values_list("verb", flat=True))
    edited = set(Change.objects.filter(table_name="sales_deal", action="U").values_list("row_id", flat=True))
    done = Change.objects.filter(table_name="collab_task", action="U").values("row_id")
    worked_on = {*TaskLink.objects.filter(task__in=done).values_list("record_id", flat=True)}
    assert not Deal.objects.exclude(pk__in=edited | worked_on).exclude(updated_at__date__lte=TODAY).exists()


def test_views_can_be_shown(access: Access) -> None:
    people = {m.pk: m for m in Membership.objects.all()}
    assert SavedView.objects.count() >= 30
    for saved in SavedView.objects.all():
        record_type = registry.get(saved.type_key)
        view = View(access, Formats(access.locale, access.zone))
        assert "@" not in str(saved.state["filter"])
        record_type.model.objects.filter(filters.condition(record_type, saved.state["filter"], view)).count()
        assert saved.owner_id in people


def test_asking_again_changes_nothing(demo: load.Credentials, access: Access) -> None:
    operations, users = Operation.objects.count(), User.objects.count()
    said: list[str] = []
    assert load.ensure(said.append) == demo
    assert load.load(TODAY, progress=said.append) == demo
    assert (Operation.objects.count(), User.objects.count(), said) == (operations, users, [])


def test_the_password_is_kept_for_its_owner_alone(demo: load.Credentials) -> None:
    file = Path(settings.DATA_DIR) / "demo_password"
    assert file.read_text().strip() == demo.password
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert User.objects.get(email=demo.email).check_password(demo.password)


def test_no_sign_in_is_told_when_the_password_was_changed(demo: load.Credentials) -> None:
    with transaction.atomic():
        user = User.objects.get(email=demo.email)
        user.set_password("something of my own")
        user.save()
        assert load.ensure(lambda _message: None) is None
        transaction.set_rollback(True)


@pytest.mark.parametrize("person", [cast.ADMINISTRATOR, "priya", "freya"])
def test_pages_answer(demo: load.Credentials, person: str) -> None:
    email = next(p.email for p in tell(TODAY).people if p.key == person)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(email=email))
    with workspace(Workspace.objects.get(slug=demo.workspace).pk):
        own = Deal.objects.filter(owner__email=email).order_by("-pk").values_list("pk", flat=True)[0]
    for page in ("", "accounts/", "contacts/", "leads/", "deals/", "deals/board/", "tasks/", f"deals/{own}/"):
        assert client.get(f"/w/{demo.workspace}/{page}").status_code == 200, page


def test_a_load_that_breaks_leaves_nothing(demo: load.Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("patron.demo.loading.work.load", breaks)
    with pytest.raises(KeyboardInterrupt):
        load.load(TODAY, slug="broken", progress=lambda _message: None)
    assert not Workspace.objects.filter(slug="broken").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
