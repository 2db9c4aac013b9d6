"""Rules of selling that need no database: which states follow which, how a deal ends, what its lines are worth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from patron.catalog.enums import BillingFrequency
from patron.sales.enums import LeadStatus, Outcome, StageKind

#: Which states a lead may go to. Qualified is final: a qualification is undone through the ledger, not by a state.
LEAD_MOVES: Final[Mapping[LeadStatus, frozenset[LeadStatus]]] = {
    LeadStatus.NEW: frozenset({LeadStatus.WORKING, LeadStatus.QUALIFIED, LeadStatus.DISQUALIFIED}),
    LeadStatus.WORKING: frozenset({LeadStatus.QUALIFIED, LeadStatus.DISQUALIFIED}),
    LeadStatus.DISQUALIFIED: frozenset({LeadStatus.WORKING}),
    LeadStatus.QUALIFIED: frozenset(),
}

#: The kind of stage that a deal of each outcome stands in.
STAGE_KIND: Final[Mapping[Outcome, StageKind]] = {
    Outcome.OPEN: StageKind.OPEN,
    Outcome.WON: StageKind.WON,
    Outcome.PARTIALLY_WON: StageKind.WON,
    Outcome.LOST: StageKind.LOST,
}

#: Months in one billing period; 0 for what is billed once.
PERIOD_MONTHS: Final[Mapping[str, int]] = {
    BillingFrequency.ONE_OFF: 0,
    BillingFrequency.MONTHLY: 1,
    BillingFrequency.QUARTERLY: 3,
    BillingFrequency.ANNUAL: 12,
}

CENT: Final = Decimal("0.01")


def round2(value: Decimal) -> Decimal:
    """To the cent, halves away from zero: the same as PostgreSQL's round()."""
    return value.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Split:
    """What became of a line's quantity; what is in none of the three is still open."""

    quantity: Decimal
    won: Decimal = Decimal(0)
    lost: Decimal = Decimal(0)
    deferred: Decimal = Decimal(0)

    @property
    def open(self) -> Decimal:
        return self.quantity - self.won - self.lost - self.deferred

    def fault(self) -> bool:
        """Whether the parts do not fit into the quantity."""
        return min(self.quantity, self.won, self.lost, self.deferred, self.open) < 0


@dataclass(frozen=True, slots=True)
class Shares:
    """A line's value, divided as its quantity is. The four add up to the value to the cent."""

    deferred: Decimal
    won: Decimal
    lost: Decimal
    open: Decimal


def shares(value: Decimal, split: Split) -> Shares:
    """Divide `value` by quantities, rounding the running total, so that no cent is lost or made."""
    marks = [Decimal(0)]
    reached = Decimal(0)
    for part in (split.deferred, split.won, split.lost):
        reached += part
        marks.append(round2(value * reached / split.quantity))
    return Shares(marks[1] - marks[0], marks[2] - marks[1], marks[3] - marks[2], value - marks[3])


def deal_outcome(splits: Iterable[Split]) -> Outcome:
    """How a deal ends when its lines ended so (D2).

    Won when something was won and nothing lost, lost when nothing was won, partially won when both; open while any
    quantity is undecided, and also when everything was deferred, since then nothing was decided here.
    """
    lines = list(splits)
    if any(line.open for line in lines):
        return Outcome.OPEN
    won, lost = any(line.won for line in lines), any(line.lost for line in lines)
    if won:
        return Outcome.PARTIALLY_WON if lost else Outcome.WON
    return Outcome.LOST if lost else Outcome.OPEN


def line_net(quantity: Decimal, unit_price: Decimal, discount: Decimal) -> Decimal:
    """What a line costs the customer per billing period (D10): quantity x price less discount (per cent), to the cent."""
    return round2(quantity * unit_price * (100 - discount) / 100)


def line_value(net: Decimal, frequency: str, commitment_months: int) -> Decimal:
    """What a line is worth: `net` per period over its commitment, at least one period, to the cent. Multiplied before divided: halves are exact."""
    months = PERIOD_MONTHS[frequency]
    return net if not months else round2(net * max(commitment_months, months) / months)


def win_rate(won: Decimal | int, lost: Decimal | int) -> Decimal | None:
    """Per cent won of what was decided (D2), to one place; None where nothing was decided."""
    decided = Decimal(won) + Decimal(lost)
    return (Decimal(won) * 100 / decided).quantize(Decimal("0.1"), ROUND_HALF_UP) if decided else None
