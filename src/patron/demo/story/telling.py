"""Tells the whole story."""

from datetime import date, time
from typing import NamedTuple

from . import cast, desk, lists
from .activities import ActivityBook
from .chance import Chance
from .clock import Clock
from .connections import ConnectionBook
from .deals import DealBook
from .house import House, build_house
from .leads import LeadBook
from .parties import Parties, build_parties
from .reviews import ReviewBook
from .tasks import TaskBook
from .things import Activity, Deal, Lead, Notification, Review, Story, Task
from .words import values

END_OF_DAY = time(18, 0)


def tell(today: date, seed: int = 7, *, until: time = END_OF_DAY) -> Story:
    """A demo company as it stands on `today` at the time `until` (Europe/Berlin).

    The same arguments give an equal story. Nothing that claims to have happened lies after `until`; before nine in the
    morning, or on a day off, the newest things are of the working day before.
    """
    house = build_house(Clock(today, until), seed)
    parties = build_parties(house, seed)
    events = _events(house, parties, seed)
    views = desk.saved_views()
    return Story(
        workspace=cast.WORKSPACE,
        administrator=cast.ADMINISTRATOR,
        offices=cast.OFFICES[:],
        people=list(house.people.values()),
        teams=list(house.teams.values()),
        industries=lists.industries(),
        segments=lists.choices(values.SEGMENTS),
        lead_sources=lists.choices(values.LEAD_SOURCES),
        disqualify_reasons=lists.choices(values.DISQUALIFY_REASONS),
        lost_reasons=lists.lost_reasons(),
        competitors=lists.competitors(),
        tags=lists.tags(),
        connection_types=lists.connection_types(),
        exchange_rates=house.rates,
        pipelines=list(house.pipelines.values()),
        product_lines=lists.product_lines(),
        products=list(house.products.values()),
        accounts=parties.accounts,
        contacts=parties.contacts,
        connections=ConnectionBook(house, parties, Chance(seed, "connections")).connections(),
        leads=events.leads,
        deals=events.deals,
        reviews=events.reviews,
        activities=events.activities,
        tasks=events.tasks,
        notifications=events.notifications,
        saved_views=views,
        favourites=desk.favourites(parties, events.deals, views, Chance(seed, "favourites")),
    )


class Events(NamedTuple):
    leads: list[Lead]
    deals: list[Deal]
    reviews: list[Review]
    activities: list[Activity]
    tasks: list[Task]
    notifications: list[Notification]


def _events(house: House, parties: Parties, seed: int) -> Events:
    """What happened between us and them."""
    lead_book = LeadBook(house, parties, seed)
    early = lead_book.early()
    deals = DealBook(house, parties, early, seed).deals()
    leads = lead_book.others(early, deals)
    reviews = ReviewBook(house, parties, seed).reviews(deals)
    activities = ActivityBook(house, parties, leads, deals, seed).activities()
    tasks = TaskBook(house, parties, leads, deals, seed).tasks()
    bell = desk.Bell(house, deals, Chance(seed, "notifications"))
    return Events(leads, deals, reviews, activities, tasks, bell.notifications(tasks, activities, reviews, leads))
