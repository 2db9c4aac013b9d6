"""How deals end, in the database (D2)."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patron.identity.access import Access
from patron.identity.enums import TeamKind
from patron.identity.models import Team
from patron.records.verbs import Refused
from patron.sales.domain import decisions as reading
from patron.sales.domain import lines
from patron.sales.domain.closing import close_line_by_line, close_lines, lose_deal, reopen_deal, win_deal
from patron.sales.domain.decisions import Decision
from patron.sales.enums import LineOutcome, Outcome, ReviewState
from patron.sales.models import Competitor, Deal, DealLine, DealReview, LostReason
from patron.sales.rules import Split, shares
from tests.sales.conftest import MakeDeal, stage

D = Decimal


def decisions(deal: Deal, *parts: tuple[Any, Any, Any], reason: LostReason) -> list[Decision]:
    """One (won, lost, deferred) per line, in order."""
    rows = deal.lines.order_by("position")
    return [Decision(line, D(w), D(lost), D(d), reason if lost else None) for line, (w, lost, d) in zip(rows, parts, strict=True)]


def test_winning_wins_every_line(access: Access, make_deal: MakeDeal) -> None:
    deal = win_deal(make_deal(100, 50), access=access)
    assert (deal.outcome, deal.won_amount, deal.lost_amount, deal.amount) == (Outcome.WON, D(150), D(0), D(150))
    assert (deal.stage.name, deal.closed_on, deal.effective_probability) == ("Won", access.today(), D(100))
    assert deal.weighted == deal.won_base == D(150)
    assert not deal.reviews.exists()


def test_a_deal_without_lines_is_won_with_its_amount(access: Access, make_deal: MakeDeal) -> None:
    deal = win_deal(make_deal(amount=D(700)), access=access)
    assert (deal.outcome, deal.won_amount) == (Outcome.WON, D(700))


def test_winning_needs_an_account(access: Access, make_deal: MakeDeal) -> None:
    with pytest.raises(Refused, match="account"):
        win_deal(make_deal(100, account=None), access=access)


def test_partially_won_keeps_what_was_won_and_what_was_lost(access: Access, make_deal: MakeDeal, price: LostReason) -> None:
    deal = make_deal(100, 50)
    close_lines(deal, decisions(deal, (1, 0, 0), (0, 1, 0), reason=price), access=access)
    assert (deal.outcome, deal.won_amount, deal.lost_amount, deal.stage.name) == (Outcome.PARTIALLY_WON, D(100), D(50), "Won")
    assert deal.weighted == D(100)
    assert [line.outcome for line in deal.lines.order_by("position")] == [LineOutcome.WON, LineOutcome.LOST]


def test_part_of_a_line_may_be_won(access: Access, make_deal: MakeDeal, price: LostReason) -> None:
    deal = make_deal(lines=[(3, "33.33")])
    close_lines(deal, decisions(deal, (2, 1, 0), reason=price), access=access)
    assert (deal.outcome, deal.won_amount, deal.lost_amount) == (Outcome.PARTIALLY_WON, D("66.66"), D("33.33"))


def test_deferred_lines_go_on_in_a_linked_deal(access: Access, make_deal: MakeDeal, price: LostReason) -> None:
    deal = make_deal(lines=[(1, 100), (4, 25)])
    close_lines(deal, decisions(deal, (1, 0, 0), (1, 0, 3), reason=price), access=access)
    onward = Deal.objects.get(deferred_from=deal)
    assert (deal.outcome, deal.won_amount, deal.amount) == (Outcome.WON, D(125), D(125))
    assert (onward.outcome, onward.amount, onward.account_id, onward.number != deal.number) == (Outcome.OPEN, D(75), deal.account_id, True)
    assert [(line.quantity, line.description) for line in onward.lines.all()] == [(D(3), "Line 2")]


def test_what_was_deferred_before_does_not_go_on_twice(access: Access, make_deal: MakeDeal, price: LostReason) -> None:
    deal = make_deal(100, 50)
    close_lines(deal, decisions(deal, (1, 0, 0), (0, 0, 1), reason=price), access=access)
    reopen_deal(deal, access=access)
    assert (deal.amount, deal.lines.get(position=2).outcome) == (D(100), LineOutcome.DEFERRED)
    win_deal(deal, access=access)
    assert Deal.objects.filter(deferred_from=deal).count() == 1


def test_deferring_everything_decides_nothing(access: Access, make_deal: MakeDeal, price: LostReason) -> None:
    deal = make_deal(100)
    with pytest.raises(Refused, match="expected close"):
        close_lines(deal, decisions(deal, (0, 0, 1), reason=price), access=access)


def test_the_last_line_that_is_decided_closes_the_deal(access: Access, make_deal: MakeDeal, price: LostReason) -> None:
    deal = make_deal(100, 50)
    first, second = deal.lines.order_by("position")
    lines.lose_line(first, access=access, reason=price)
    deal.refresh_from_db()
    assert deal.outcome == Outcome.OPEN
    lines.win_line(second, access=access)
    deal.refresh_from_db()
    assert (deal.outcome, deal.won_amount, deal.lost_amount) == (Outcome.PARTIALLY_WON, D(50), D(100))


def test_losing_needs_a_reason_for_each_line(access: Access, make_deal: MakeDeal) -> None:
    deal = make_deal(100, 50)
    with pytest.raises(Refused, match="reason"):
        close_lines(deal, [Decision(line, lost=D(1)) for line in deal.lines.all()], access=access)


def test_no_more_is_decided_than_there_is(access: Access, make_deal: MakeDeal, price: LostReason) -> None:
    deal = make_deal(100)
    with pytest.raises(Refused, match="undecided"):
        close_lines(deal, decisions(deal, (1, 1, 0), reason=price), access=access)


@pytest.fixture
def group(access: Access, price: LostReason) -> Team:
    team: Team = Team.objects.create(name="Pricing", kind=TeamKind.CONSULTANTS)
    LostReason.objects.filter(pk=price.pk).update(consultant_group=team, review_days=10)
    price.refresh_from_db()
    return team


def test_a_lost_deal_is_reviewed_by_the_group_of_its_reason(access: Access, make_deal: MakeDeal, price: LostReason, group: Team) -> None:
    rival = Competitor.objects.create(name="Initech", strengths="cheap")
    deal = lose_deal(make_deal(100, 50), access=access, reason=price, note="too dear", competitor=rival)
    review = DealReview.objects.get()
    assert (deal.outcome, deal.lost_amount, deal.lost_reason, deal.lost_to) == (Outcome.LOST, D(150), price, rival)
    assert (review.deal, review.line, review.team, review.due) == (deal, None, group, access.today() + datetime.timedelta(days=10))
    assert [(c.competitor, c.outcome) for c in deal.competitors.all()] == [(rival, "lost_to")]


def test_each_lost_line_of_a_partly_won_deal_is_reviewed(access: Access, make_deal: MakeDeal, price: LostReason, group: Team) -> None:
    deal = make_deal(100, 50, 25)
    close_lines(deal, decisions(deal, (1, 0, 0), (0, 1, 0), (0, 1, 0), reason=price), access=access)
    assert sorted(r.line.position for r in DealReview.objects.all()) == [2, 3]


def test_reopening_takes_back_outcome_and_reviews(access: Access, make_deal: MakeDeal, price: LostReason, group: Team) -> None:
    deal = lose_deal(make_deal(100), access=access, reason=price)
    reopen_deal(deal, access=access)
    assert (deal.outcome, deal.lost_amount, deal.closed_on, deal.lost_reason, deal.stage.name) == (Outcome.OPEN, D(0), None, None, "New")
    assert DealReview.objects.get().state == ReviewState.WITHDRAWN
    assert win_deal(deal, access=access).outcome == Outcome.WON


def test_the_database_refuses_an_outcome_that_does_not_fit(access: Access, make_deal: MakeDeal, price: LostReason) -> None:
    deal = make_deal(100)
    for values in (
        {"outcome": "won"},
        {"outcome": "lost", "lost_reason": price},
        {"closed_on": access.today()},
        {"stage": stage("Won"), "outcome": "won"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Deal.objects.filter(pk=deal.pk).update(**values)


def test_the_database_refuses_a_stage_of_another_kind(access: Access, make_deal: MakeDeal) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        type(stage("New")).objects.filter(pk=make_deal(100).stage_id).update(kind="won", probability=100)


QUANTITY = st.decimals(0, 20, places=3)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(QUANTITY, QUANTITY, QUANTITY, st.decimals("0.01", 5000, places=2)), min_size=1, max_size=4))
def test_any_outcomes_of_lines_keep_the_sums_and_the_rule(
    access: Access, make_deal: MakeDeal, price: LostReason, parts: list[tuple[D, D, D, D]]
) -> None:
    parts = [p for p in parts if sum(p[:3]) > 0]
    if not parts or not any(w or lost for w, lost, _d, _p in parts):
        return
    deal = make_deal(lines=[(sum(p[:3], D(0)), p[3]) for p in parts])
    whole = sum(line.value for line in deal.lines.all())
    close_lines(deal, decisions(deal, *[p[:3] for p in parts], reason=price), access=access)
    won, lost = any(p[0] for p in parts), any(p[1] for p in parts)
    assert deal.outcome == (Outcome.PARTIALLY_WON if won and lost else Outcome.WON if won else Outcome.LOST)
    assert deal.won_amount + deal.lost_amount == deal.amount
    deferred = D(0)
    for line in DealLine.objects.filter(deal=deal):
        expected = shares(line.value, Split(line.quantity, line.won_quantity, line.lost_quantity, line.deferred_quantity))
        assert (line.won_value, line.lost_value, line.deferred_value) == (expected.won, expected.lost, expected.deferred)
        deferred += line.deferred_value
    assert deal.amount + deferred == whole


def test_the_dialog_decides_line_by_line(access: Access, make_deal: MakeDeal, price: LostReason) -> None:
    deal = make_deal(lines=[(1, 100), (4, 25), (1, 10)])
    first, second, third = deal.lines.order_by("position")
    text = f"{first.pk}=won, {second.pk}=won:3, {second.pk}=lost:{price.pk}, {third.pk}=deferred"
    with pytest.raises(Refused):  # one line named twice: what is open is counted once
        close_line_by_line(make_deal(1), access=access, lines=text)
    close_line_by_line(deal, access=access, lines=f"{first.pk}=won, {second.pk}=lost:{price.pk}:1, {third.pk}=deferred")
    assert deal.outcome == Outcome.OPEN
    close_line_by_line(deal, access=access, lines=f"{second.pk}=won", note="the rest was too dear")
    assert (deal.outcome, deal.won_amount, deal.lost_amount) == (Outcome.PARTIALLY_WON, D(175), D(25))
    assert Deal.objects.get(deferred_from=deal).amount == D(10)


def test_reading_decisions_refuses_nonsense(access: Access, make_deal: MakeDeal) -> None:
    deal = make_deal(100)
    line = deal.lines.get()
    for row, words in (
        ({"line": line.pk, "won": "many"}, "numbers"),
        ({"line": deal.pk, "won": "1"}, "not in this deal"),
        ({"line": line.pk, "outcome": "gone"}, "won, lost"),
    ):
        with pytest.raises(Refused, match=words):
            reading.read(deal, [row])
