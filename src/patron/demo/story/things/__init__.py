"""The plain things that a story is made of. They know nothing of Django or the database.

Every thing has a `key`, a short string that is unique among the things of its kind; others refer to it by that key.
A `Ref` adds the kind, named as the record type is named in URLs (`accounts`, `deals`, ...).
"""

from dataclasses import dataclass

from .company import (
    Account,
    Affiliation,
    Choice,
    Competitor,
    Connection,
    ConnectionType,
    Contact,
    ExchangeRate,
    LostReason,
    Office,
    Person,
    Pipeline,
    Product,
    ProductLine,
    Ref,
    Stage,
    Tag,
    Team,
    Workspace,
)
from .selling import (
    Deal,
    DealLine,
    DealMember,
    Lead,
    LeadMove,
    Qualification,
    Review,
    Rival,
    StageMove,
    Stakeholder,
)
from .work import Activity, CheckItem, Favourite, Filter, Notification, SavedView, Task


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that the demo workspace contains. Each list is in an order in which it can be loaded
    (parents before branches, managers before the people they manage).
    """

    workspace: Workspace
    administrator: str
    offices: list[Office]
    people: list[Person]
    teams: list[Team]
    industries: list[Choice]
    segments: list[Choice]
    lead_sources: list[Choice]
    disqualify_reasons: list[Choice]
    lost_reasons: list[LostReason]
    competitors: list[Competitor]
    tags: list[Tag]
    connection_types: list[ConnectionType]
    exchange_rates: list[ExchangeRate]
    pipelines: list[Pipeline]
    product_lines: list[ProductLine]
    products: list[Product]
    accounts: list[Account]
    contacts: list[Contact]
    connections: list[Connection]
    leads: list[Lead]
    deals: list[Deal]
    reviews: list[Review]
    activities: list[Activity]
    tasks: list[Task]
    notifications: list[Notification]
    saved_views: list[SavedView]
    favourites: list[Favourite]


__all__ = [
    "Account",
    "Activity",
    "Affiliation",
    "CheckItem",
    "Choice",
    "Competitor",
    "Connection",
    "ConnectionType",
    "Contact",
    "Deal",
    "DealLine",
    "DealMember",
    "ExchangeRate",
    "Favourite",
    "Filter",
    "Lead",
    "LeadMove",
    "LostReason",
    "Notification",
    "Office",
    "Person",
    "Pipeline",
    "Product",
    "ProductLine",
    "Qualification",
    "Ref",
    "Review",
    "Rival",
    "SavedView",
    "Stage",
    "StageMove",
    "Stakeholder",
    "Story",
    "Tag",
    "Task",
    "Team",
    "Workspace",
]
