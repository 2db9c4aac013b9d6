"""Pure rules: which states follow, how deals end, what lines are worth (D2, D10)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.catalog.enums import BillingFrequency
from patron.sales.enums import LeadStatus, Outcome
from patron.sales.rules import LEAD_MOVES, Split, deal_outcome, line_net, line_value, round2, shares, win_rate

D = Decimal

# D2, case by case: (quantity, won, lost, deferred) per line -> the deal.
CASES = [
    ([(1, 1, 0, 0)], Outcome.WON),
    ([(1, 0, 1, 0)], Outcome.LOST),
    ([(1, 1, 0, 0), (1, 0, 1, 0)], Outcome.PARTIALLY_WON),
    ([(10, 6, 4, 0)], Outcome.PARTIALLY_WON),
    ([(1, 1, 0, 0), (1, 0, 0, 0)], Outcome.OPEN),
    ([(1, 0, 1, 0), (1, 0, 0, 0)], Outcome.OPEN),
    ([(10, 6, 0, 0)], Outcome.OPEN),
    ([(1, 1, 0, 0), (1, 0, 0, 1)], Outcome.WON),
    ([(1, 0, 1, 0), (1, 0, 0, 1)], Outcome.LOST),
    ([(1, 1, 0, 0), (1, 0, 1, 0), (1, 0, 0, 1)], Outcome.PARTIALLY_WON),
    ([(10, 6, 0, 4)], Outcome.WON),
    ([(1, 0, 0, 1)], Outcome.OPEN),
    ([], Outcome.OPEN),
]


@pytest.mark.parametrize(("lines", "outcome"), CASES)
def test_deal_outcome_by_d2(lines: list[tuple[int, int, int, int]], outcome: Outcome) -> None:
    assert deal_outcome(Split(*map(D, line)) for line in lines) == outcome


QUANTITIES = st.decimals(0, 50, places=3)
VALUES = st.decimals(0, 1_000_000, places=2)


@given(VALUES, QUANTITIES, QUANTITIES, QUANTITIES, QUANTITIES)
def test_shares_add_up_to_the_value_to_the_cent(value: D, won: D, lost: D, deferred: D, open_: D) -> None:
    quantity = won + lost + deferred + open_
    if not quantity:
        return
    found = shares(value, Split(quantity, won, lost, deferred))
    assert found.won + found.lost + found.deferred + found.open == value
    assert min(found.won, found.lost, found.deferred, found.open) >= 0
    assert all(part == round2(part) for part in (found.won, found.lost, found.deferred, found.open))
    for part, share in ((won, found.won), (lost, found.lost), (deferred, found.deferred)):
        assert abs(share - value * part / quantity) <= D("0.01")


@given(st.lists(st.tuples(QUANTITIES, QUANTITIES, QUANTITIES), max_size=6))
def test_deal_outcome_does_not_depend_on_the_order_of_lines(parts: list[tuple[D, D, D]]) -> None:
    lines = [Split(sum(p, D(0)), *p) for p in parts]
    assert deal_outcome(lines) == deal_outcome(reversed(lines))


def test_win_rate() -> None:
    assert win_rate(4238, 2473) == D("63.2")
    assert win_rate(0, 3) == D("0.0")
    assert win_rate(0, 0) is None


def test_line_net_rounds_half_up() -> None:
    assert line_net(D(3), D("0.335"), D(0)) == D("1.01")
    assert line_net(D(1), D("0.005"), D(0)) == D("0.01")
    assert line_net(D(10), D("99.99"), D("12.5")) == D("874.91")


def test_a_line_is_worth_its_commitment_and_at_least_one_period() -> None:
    assert line_value(D(10), BillingFrequency.ONE_OFF, 0) == 10
    assert line_value(D(10), BillingFrequency.MONTHLY, 36) == 360
    assert line_value(D(10), BillingFrequency.QUARTERLY, 12) == 40
    assert line_value(D(10), BillingFrequency.ANNUAL, 0) == 10
    assert line_value(D("203.10"), BillingFrequency.ANNUAL, 25) == D("423.13")


def test_qualified_leads_go_nowhere_and_every_move_leads_to_a_known_state() -> None:
    assert LEAD_MOVES[LeadStatus.QUALIFIED] == frozenset()
    assert set(LEAD_MOVES) == set(LeadStatus)
