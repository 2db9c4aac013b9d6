"""The board and the pages of leads and deals, over HTTP."""

from __future__ import annotations

import datetime
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patron.customers.models import Account, Contact
from patron.identity.models import Role
from patron.sales.domain.around import add_competitor, add_member, add_stakeholder
from patron.sales.domain.closing import lose_deal
from patron.sales.domain.lines import add_line
from patron.sales.domain.opening import open_deal
from patron.sales.domain.start import ship_lists, ship_pipeline
from patron.sales.models import Competitor, Deal, LostReason, Stage
from patron.testing import Scene, open_workspace
from tests.sales.conftest import stage

D = Decimal


@pytest.fixture
def sold(lasting_scene: Scene) -> Scene:
    """A committed workspace with one deal that has everything, and one that is lost."""
    scene = lasting_scene
    with open_workspace(scene) as access:
        ship_lists()
        account = Account.objects.create(name="Globex")
        close = access.today() + datetime.timedelta(days=20)
        deal = open_deal(access=access, name="Fleet <refresh>", account=account, owner=scene.members["alice"], expected_close=close)
        add_line(deal, access=access, description="Gateway", quantity=D(10), unit_price=D(120))
        add_line(deal, access=access, description="Support", unit_price=D(90), frequency="monthly", commitment_months=24)
        add_stakeholder(deal, access=access, contact=Contact.objects.create(name="Ada Byron"))
        add_member(deal, access=access, member=scene.members["bob"], split=D(25))
        add_competitor(deal, access=access, competitor=Competitor.objects.create(name="Initech"))
        Deal.objects.filter(pk=deal.pk).update(stage_since=timezone.now() - datetime.timedelta(days=30))
        lose_deal(open_deal(access=access, name="Gone", account=account, amount=D(7)), access=access, reason=LostReason.objects.get(name="Price"))
    return scene


def client(scene: Scene, who: str = "dora") -> Client:
    found = Client()
    found.force_login(scene.users[who])
    return found


def read(answer: Any) -> str:
    """What a page or a file says."""
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def inside(scene: Scene, name: str) -> Deal:
    with open_workspace(scene):
        found: Deal = Deal.objects.select_related("stage").get(name=name)
        return found


def test_the_board_shows_cards_and_totals(sold: Scene) -> None:
    page = client(sold).get(f"/w/{sold.workspace.slug}/deals/board/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "Fleet &lt;refresh&gt;" in text
    assert "Gone" not in text
    assert "€3,360" in text
    assert "€336 weighted" in text
    assert "30 days" in text
    assert "1 rotting" in text
    assert text.count('data-stage="') == 4


def test_the_board_filters_and_says_what_it_cannot_read(sold: Scene) -> None:
    here = f"/w/{sold.workspace.slug}/deals/board/"
    some = json.dumps(["name", "contains", "nothing like it"])
    assert "Fleet" not in client(sold).get(here, {"f": some}).content.decode()
    broken = client(sold).get(here, {"f": "{"})
    assert broken.status_code == 400
    assert "cannot be read" in broken.content.decode()


def test_a_card_moves_by_the_verb(sold: Scene) -> None:
    deal = inside(sold, "Fleet <refresh>")
    with open_workspace(sold):
        target = stage("Negotiation")
    url = f"/w/{sold.workspace.slug}/deals/{deal.pk}/do/move_stage/"
    answer = client(sold).post(url, {"stage": str(target.pk)}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert inside(sold, "Fleet <refresh>").stage.name == "Negotiation"
    assert client(sold, "charlie").post(url, {"stage": str(target.pk)}).status_code == 404


def test_a_card_that_a_gate_holds_comes_back_with_the_missing_fields(sold: Scene) -> None:
    deal = inside(sold, "Fleet <refresh>")
    with open_workspace(sold):
        target = stage("Proposal sent")
        Stage.objects.filter(pk=target.pk).update(required_fields=["contact", "next_step"])
    answer = client(sold).post(f"/w/{sold.workspace.slug}/deals/{deal.pk}/do/move_stage/", {"stage": str(target.pk)}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "needs: next step" in answer.content.decode()
    assert "<form" in answer.content.decode()


def test_another_pipeline_is_a_board_of_its_own(sold: Scene) -> None:
    with open_workspace(sold):
        renewals = ship_pipeline("Renewals")
    text = client(sold).get(f"/w/{sold.workspace.slug}/deals/board/", {"pipeline": str(renewals.pk)}).content.decode()
    assert "Renewals" in text
    assert "Fleet" not in text


def test_the_next_cards_of_a_column_come_alone(sold: Scene) -> None:
    with open_workspace(sold) as access:
        for n in range(40):
            open_deal(access=access, name=f"Deal {n:02}", amount=D(n))
    visitor = client(sold)
    page = visitor.get(f"/w/{sold.workspace.slug}/deals/board/").content.decode()
    more = re.search(r'hx-get="([^"]+)"', page)
    assert more is not None
    rest = visitor.get(more[1].replace("&amp;", "&"), headers={"HX-Request": "true"}).content.decode()
    assert rest.count("data-move-url") == 11
    assert "<html" not in rest


@pytest.mark.parametrize("name", ["Fleet <refresh>", "Gone"])
def test_the_page_of_a_deal_has_all_its_sections(sold: Scene, name: str) -> None:
    page = client(sold).get(f"/w/{sold.workspace.slug}/deals/{inside(sold, name).pk}/")
    text = page.content.decode()
    assert page.status_code == 200
    if name == "Gone":
        assert "Price" in text
        return
    for words in ("Gateway", "Support", "€90", "per month", "No decision-maker is known yet", "Ada Byron", "Bob", "25%", "Initech", "30 d"):
        assert words in text, words


def test_the_dialogs_of_the_verbs_open(sold: Scene) -> None:
    here = f"/w/{sold.workspace.slug}/deals/{inside(sold, 'Fleet <refresh>').pk}/do/"
    for verb in ("win", "lose", "close_lines", "move_stage", "set_probability", "add_line", "add_member", "add_stakeholder", "add_competitor"):
        answer = client(sold).get(f"{here}{verb}/", headers={"HX-Request": "true"})
        assert answer.status_code == 200 and "<form" in answer.content.decode(), verb


def test_a_deal_is_closed_line_by_line_in_a_form(sold: Scene) -> None:
    deal = inside(sold, "Fleet <refresh>")
    with open_workspace(sold):
        first, second = deal.lines.order_by("position")
        reason = LostReason.objects.get(name="Price")
    url = f"/w/{sold.workspace.slug}/deals/{deal.pk}/do/close_lines/"
    answer = client(sold).post(url, {"lines": [f"{first.pk}=won", f"{second.pk}=lost:{reason.pk}"], "note": ""})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert inside(sold, "Fleet <refresh>").outcome == "partially_won"


def test_the_board_costs_the_same_for_any_number_of_deals(sold: Scene) -> None:
    visitor, url = client(sold), f"/w/{sold.workspace.slug}/deals/board/"

    def queries() -> int:
        visitor.get(url)
        with CaptureQueriesContext(connection) as seen:
            visitor.get(url)
        return len(seen)

    before = queries()
    with open_workspace(sold) as access:
        for n in range(30):
            open_deal(access=access, name=f"Deal {n}", amount=D(n))
    assert queries() == before


def test_what_a_role_hides_of_deals_is_on_no_page(sold: Scene) -> None:
    """Worth, owner, dates and account: not on cards nor in sums of columns, not at home, on the deal, its account, in lists, files of a list, search and reports."""
    hidden = ("amount", "base_amount", "weighted", "one_off_total", "mrr", "tcv", "account", "stage_since", "next_activity_at", "expected_close")
    with open_workspace(sold) as access:
        deal = open_deal(access=access, name="Secret", account=Account.objects.create(name="Sesame Vaults"), amount=D("987654"), owner=sold.members["dora"], expected_close=datetime.date(2031, 7, 19))
        Deal.objects.filter(pk=deal.pk).update(stage_since=timezone.now() - datetime.timedelta(days=77))
        Role.objects.filter(pk=sold.members["dora"].role_id).update(field_rules={"deals": dict.fromkeys(hidden, "hidden")})
    browser, home = client(sold), f"/w/{sold.workspace.slug}/"
    board = browser.get(f"{home}deals/board/").text
    assert "Secret" in board
    assert "weighted" not in board
    assert "sort=-base_amount" not in board
    more = [f"{home}{path}" for path in ("deals/board/?sort=-base_amount", "", "deals/", f"deals/{deal.pk}/", "deals/export/?format=csv", "reports/", "reports/sales/", "dashboards/")]
    pages = {"board": board, **{path: read(browser.get(path, follow=True)) for path in more}}
    pages["search"] = browser.get(f"{home}search/?q=secret", headers={"HX-Request": "true"}).text
    for path, text in pages.items():
        shown = [secret for secret in ("987,654", "987654", "Sesame", "77 days", "Jul 2031", "19 Jul", "Jul 19", "2031-07-19") if secret in text]
        assert shown == [], (path, [text[max(0, text.index(s) - 300) : text.index(s) + 60] for s in shown])
    account = f"{home}accounts/{deal.account_id}/"
    assert all("Secret" not in read(browser.get(account + more)) for more in ("", "?tab=deals"))
    with open_workspace(sold):
        Role.objects.filter(pk=sold.members["dora"].role_id).update(field_rules={"deals": dict.fromkeys(set(hidden) - {"account"}, "hidden")})
    vaults = read(browser.get(account)) + read(browser.get(f"{account}?tab=deals"))
    assert "Secret" in vaults
    assert [secret for secret in ("987,654", "987654", "Jul 2031", "19 Jul", "Jul 19") if secret in vaults] == []
