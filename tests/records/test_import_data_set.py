"""The public data set of `../shared`, loaded through the importer: nothing of it may be lost."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count, Sum

from patron.customers.models import Account, Industry
from patron.demo import plans
from patron.identity.access import Access
from patron.identity.models import Membership, Team, TeamMember
from patron.kernel.tenancy import workspace
from patron.sales.domain.report import sales_report
from patron.sales.models import Deal, DealLine, StageChange

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "sales-opportunities"
SLUG = "public-set"


@pytest.fixture(scope="module")
def folder() -> Path:
    if not FOLDER.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("the data set is not there")
        pytest.skip("the data set is not there")
    return FOLDER


@pytest.fixture(scope="module")
def loaded(folder: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The set in a workspace of its own, loaded once and taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield plans.load(folder, slug=SLUG)
        transaction.set_rollback(True)


def test_the_set_is_recognised(folder: Path) -> None:
    assert plans.recognise(folder).key == "sales-opportunities"


def test_nothing_is_lost(loaded: Any) -> None:
    with workspace(loaded.workspace.pk):
        deals = Deal.objects.all()
        stages = dict(deals.values_list("stage__name").annotate(n=Count("pk")).order_by())
        assert stages == {"Won": 4238, "Lost": 2473, "Engaging": 1589, "Prospecting": 500}
        assert deals.filter(outcome="won").aggregate(s=Sum("won_base"))["s"] == Decimal("10005534.00")
        assert deals.filter(account=None).count() == 1425
        assert deals.filter(number="").count() == 0
        assert deals.filter(opened_on=None).count() == 500
        assert Account.objects.count() == 85
        assert Account.objects.exclude(parent=None).count() == 15
        assert sorted(Industry.objects.values_list("name", flat=True)) == [
            "employment", "entertainment", "finance", "marketing", "medical", "retail", "services", "software", "technology", "telecommunications",
        ]  # fmt: skip
        acme = Account.objects.get(name="Acme Corporation")
        assert (acme.country, acme.annual_revenue, acme.employees, acme.founded_year) == ("US", Decimal("1100040000.00"), 2822, 1996)
        assert Account.objects.get(name="Bioholding").country == "PH"
        assert Account.objects.get(name="Hottechi").country == "KR"
        assert Membership.objects.filter(role__key="sales-agent").count() == 35
        assert Membership.objects.filter(role__key="manager").count() == 6
        assert Membership.objects.get(name="Anna Snelling").manager.name == "Dustin Brinkmann"
        assert (Team.objects.count(), TeamMember.objects.count()) == (6, 35)
        lines = DealLine.objects.values_list("product__name").annotate(n=Count("pk")).order_by()
        assert (sum(n for _name, n in lines), dict(lines)["GTX Pro"]) == (8800, 1480)
        one = Deal.objects.get(external_id="Z063OYW0")
        assert (one.name, one.owner.name, one.account.name) == ("GTX Pro – Isdom", "Darcel Schlecht", "Isdom")
        assert (str(one.opened_on), str(one.closed_on), one.amount) == ("2016-10-25", "2017-03-11", Decimal("4514.00"))
        assert StageChange.objects.count() == 8800
        report = sales_report(Access.system(loaded.workspace))
        figures = ("deals", "won", "lost", "open", "accounts", "deals_without_account")
        assert [report[f] for f in figures] == [8800, {"count": 4238, "value": Decimal(10005534)}, {"count": 2473}, {"count": 2089}, 85, 1425]


def test_loading_twice_changes_nothing(folder: Path, loaded: Any) -> None:
    again = plans.load(folder, slug=SLUG)
    assert again.made is False
    total: Counter[str] = Counter()
    for title, counts in again.steps:
        assert (counts["new"], counts["change"], counts["error"]) == (0, 0, 0), (title, counts)
        total.update({k: v for k, v in counts.items() if isinstance(v, int)})
    assert total["same"] == 1 + 4 + 35 + 6 + 35 + 7 + 85 + 8800 + 8800


