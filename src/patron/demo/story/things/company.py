"""Our own house (workspace, people, lists of values, catalogue) and the parties we deal with."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple


class Ref(NamedTuple):
    """Points to any record: the record type's name and the key of the thing."""

    type: str
    key: str


@dataclass(frozen=True, slots=True)
class Workspace:
    name: str
    slug: str
    currency: str
    time_zone: str
    language: str
    fiscal_start_month: int


@dataclass(frozen=True, slots=True)
class Office:
    key: str
    name: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class Person:
    """One of our own people: a staff membership of the workspace."""

    key: str
    first_name: str
    last_name: str
    email: str
    phone: str
    title: str
    role: str  # key of a shipped role, such as "account-manager"
    office: str
    manager: str | None
    started: date
    left: date | None  # the last working day of somebody who is no longer with us

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Team:
    key: str
    name: str
    kind: str  # "sales" | "consultants"
    lead: str
    members: tuple[str, ...]  # the lead is among them


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a plain list of values."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class LostReason:
    key: str
    name: str
    group: str  # the consultant group (a team) that reviews deals lost for it
    review_days: int


@dataclass(frozen=True, slots=True)
class Competitor:
    key: str
    name: str
    website: str
    strengths: str
    weaknesses: str


@dataclass(frozen=True, slots=True)
class Tag:
    key: str
    name: str
    meaning: str
    colour: str


@dataclass(frozen=True, slots=True)
class ConnectionType:
    """`from_name` is what the first party is to the second ("referred"), `to_name` the reverse ("referred by")."""

    key: str
    from_name: str
    to_name: str
    from_type: str
    to_type: str


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """One unit of the workspace's currency buys `rate` units of `currency`, from `day` on."""

    currency: str
    day: date
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Stage:
    key: str
    name: str
    kind: str  # "open" | "won" | "lost"
    probability: int
    expected_days: int | None


@dataclass(frozen=True, slots=True)
class Pipeline:
    key: str
    name: str
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class ProductLine:
    key: str
    name: str
    brand_manager: str
    description: str


@dataclass(frozen=True, slots=True)
class Product:
    """The key is the SKU. Cost and price are in the workspace's currency, per unit and billing period."""

    key: str
    sku: str
    name: str
    line: str
    kind: str  # "product" | "service"
    unit: str
    cost: Decimal
    price: Decimal
    frequency: str  # "one_off" | "monthly" | "quarterly" | "annual"
    description: str
    active: bool


@dataclass(frozen=True, slots=True)
class Account:
    key: str
    name: str
    kind: str  # "organization" | "household"
    parent: str | None
    industry: str
    segment: str
    country: str  # ISO 3166 alpha-2
    city: str
    street: str
    postcode: str
    website: str
    domain: str
    phone: str
    email: str
    employees: int
    annual_revenue: Decimal  # in the workspace's currency
    account_manager: str
    project_manager: str
    backup_project_managers: tuple[str, ...]
    currency: str
    payment_terms: str  # "net" | "end_of_month" | "on_receipt"
    payment_days: int
    invoicing: str  # "per_order" | "monthly" | "manual"
    price_adjuster: Decimal  # percent on the price book
    blacklisted: bool
    blacklist_reason: str
    tags: tuple[str, ...]
    description: str
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class Affiliation:
    """A contact's place in an account."""

    account: str
    roles: tuple[str, ...]  # of "decision_maker", "technical", "billing"
    title: str
    primary: bool


@dataclass(frozen=True, slots=True)
class Contact:
    key: str
    salutation: str  # "ms" | "mr"
    first_name: str
    last_name: str
    title: str
    email: str
    phone: str
    mobile: str
    city: str
    country: str
    affiliations: tuple[Affiliation, ...]  # the primary one first; empty for a contact that stands alone
    owner: str
    tags: tuple[str, ...]
    created_at: datetime
    created_by: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Connection:
    key: str
    type: str
    source: Ref
    target: Ref
    starts: date | None
    ends: date | None
    note: str
