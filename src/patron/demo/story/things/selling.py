"""Leads, deals and what hangs on them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from .company import Ref


@dataclass(frozen=True, slots=True)
class LeadMove:
    """The lead entered `state` ("new", "working", "qualified", "disqualified") at that time."""

    at: datetime
    state: str
    by: str


@dataclass(frozen=True, slots=True)
class Qualification:
    """What qualifying a lead made or matched."""

    at: datetime
    by: str
    account: str | None
    contact: str | None
    deal: str | None
    made_account: bool
    made_contact: bool


@dataclass(frozen=True, slots=True)
class Lead:
    key: str
    kind: str  # "company" | "person" | "person in company"
    company: str
    first_name: str
    last_name: str
    title: str
    email: str
    phone: str
    website: str
    country: str
    city: str
    industry: str | None
    employees: int | None
    source: str
    owner: str | None  # a new lead may wait for somebody
    rating: str  # "good" | "bad" | "unrated"
    state: str  # the state of the last move
    message: str  # the words in which the interest was shown
    need: str
    budget: Decimal | None  # in the workspace's currency
    budget_note: str
    authority: str
    timeline: str
    disqualify_reason: str | None
    moves: tuple[LeadMove, ...]
    qualification: Qualification | None
    resembles: tuple[Ref, ...]  # records that a duplicate check should find
    tags: tuple[str, ...]
    created_at: datetime
    created_by: str

    @property
    def reopened(self) -> bool:
        return any(move.state == "disqualified" for move in self.moves[:-1])


@dataclass(frozen=True, slots=True)
class DealLine:
    """`net` is for one billing period, after discount; `value` and `total_cost` are for the whole commitment."""

    key: str
    product: str
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    discount: Decimal  # percent
    frequency: str
    commitment_months: int  # 0 for one-off lines
    unit_cost: Decimal
    net: Decimal
    monthly: Decimal  # 0.00 for one-off lines
    value: Decimal
    total_cost: Decimal
    outcome: str  # "open" | "won" | "lost" | "deferred"
    lost_reason: str | None


@dataclass(frozen=True, slots=True)
class StageMove:
    """The deal entered the stage at that time; the first move is the deal's creation."""

    at: datetime
    stage: str
    by: str


@dataclass(frozen=True, slots=True)
class DealMember:
    person: str
    role: str  # "technical" | "support" | "sponsor"


@dataclass(frozen=True, slots=True)
class Stakeholder:
    contact: str
    role: str  # "decision_maker" | "champion" | "technical" | "buyer" | "user" | "blocker"
    influence: str  # "high" | "medium" | "low"
    sentiment: str  # "positive" | "neutral" | "negative"


@dataclass(frozen=True, slots=True)
class Rival:
    competitor: str
    outcome: str  # "open" | "beaten" | "lost_to" | "withdrew"
    note: str


@dataclass(frozen=True, slots=True)
class Deal:
    """Amounts are in `currency` and are the sums over the lines."""

    key: str
    name: str
    account: str | None
    lead: str | None
    pipeline: str
    stage: str
    outcome: str  # "open" | "won" | "partially_won" | "lost"
    owner: str
    currency: str
    probability: int | None  # overrides the stage's
    close_date: date  # expected; of a closed deal the day it was closed
    closed_at: datetime | None
    lost_reason: str | None
    lost_note: str
    next_step: str
    next_step_on: date | None
    lines: tuple[DealLine, ...]
    one_off: Decimal
    monthly: Decimal
    value: Decimal
    total_cost: Decimal
    won_value: Decimal
    lost_value: Decimal
    moves: tuple[StageMove, ...]
    team: tuple[DealMember, ...]
    stakeholders: tuple[Stakeholder, ...]
    rivals: tuple[Rival, ...]
    source: str | None  # a lead source
    continues: str | None  # the closed deal whose deferred lines this deal carries on
    description: str
    tags: tuple[str, ...]
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class Review:
    """A consultant group looks at why a deal (or a part of it) was lost."""

    key: str
    deal: str
    group: str
    reason: str
    due: date
    assignee: str | None
    state: str  # "open" | "done"
    finding: str
    winnable: str  # "yes" | "no" | "unclear", empty while open
    found_at: datetime | None
    found_by: str | None
    created_at: datetime
