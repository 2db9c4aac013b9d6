"""What lies on people's desks: notifications, saved views, favourites."""

from datetime import datetime, timedelta

from .cast import ADMINISTRATOR
from .chance import Chance
from .clock import Clock
from .house import House
from .parties import Parties
from .things import Activity, Deal, Favourite, Lead, Notification, Ref, Review, SavedView, Task
from .words.views import FAVOURITE_VIEWS, VIEWS

ASSIGNED, MENTIONED, REVIEWS, LEADS = 3, 4, 2, 3
UNREAD = 6
READ_AFTER = (12, 300)  # minutes
FAVOURITE_ACCOUNTS, FAVOURITE_DEALS, FAVOURITES_OF_OTHERS = 4, 3, 2
OTHERS = ("priya", "ingrid", "chiara", "tobias", "linnea", "tomas")


def saved_views() -> list[SavedView]:
    return [
        SavedView(
            key=f"{view.type}-{number:02d}",
            type=view.type,
            name=view.name,
            scope=view.scope,
            owner=view.owner,
            team=view.team,
            filter=view.filter,
            sort=view.sort,
            columns=tuple(view.columns.split()),
        )
        for number, view in enumerate(VIEWS, start=1)
    ]


def favourites(parties: Parties, deals: list[Deal], views: list[SavedView], chance: Chance) -> list[Favourite]:
    """Accounts, open deals and views that people keep at hand."""
    result = [Favourite(ADMINISTRATOR, Ref("saved_views", view.key)) for view in views if view.name in FAVOURITE_VIEWS]
    for person, accounts, count in [(ADMINISTRATOR, FAVOURITE_ACCOUNTS, FAVOURITE_DEALS)] + [
        (other, FAVOURITES_OF_OTHERS, 1) for other in OTHERS
    ]:
        own = [profile.account.key for profile in parties.customers() if profile.account.account_manager == person]
        open_deals = [deal for deal in deals if deal.owner == person and deal.outcome == "open" and deal.account]
        largest = sorted(open_deals, key=lambda deal: (-deal.value, deal.key))[: count * 3]
        result += [Favourite(person, Ref("accounts", key)) for key in chance.some(own, accounts)]
        result += [Favourite(person, Ref("deals", deal.key)) for deal in chance.some(largest, count)]
    return result


class Bell:
    """Writes the administrator's notifications from what really happened."""

    def __init__(self, house: House, deals: list[Deal], chance: Chance) -> None:
        self._house = house
        self._clock: Clock = house.clock
        self._deal = {deal.key: deal for deal in deals}
        self._chance = chance
        self._now = self._clock.at(self._clock.last_day, 17 * 60 + 40)

    def notifications(
        self, tasks: list[Task], activities: list[Activity], reviews: list[Review], leads: list[Lead]
    ) -> list[Notification]:
        drafts = self._assigned(tasks) + self._mentioned(activities) + self._due(reviews) + self._given(leads)
        drafts.sort(key=lambda draft: draft[0], reverse=True)
        result = []
        for number, (at, kind, about, text, by) in enumerate(drafts, start=1):
            read = at + timedelta(minutes=self._chance.between(*READ_AFTER))
            read_at = None if number <= UNREAD or read > self._now else read
            result.append(Notification(f"notification-{number:02d}", ADMINISTRATOR, kind, about, text, by, at, read_at))
        return result

    def _assigned(self, tasks: list[Task]) -> list["Draft"]:
        given = [
            t for t in tasks if t.assignee == ADMINISTRATOR and t.state == "open" and t.created_by != ADMINISTRATOR
        ]
        given.sort(key=lambda task: (task.created_at, task.key))
        return [
            (
                task.created_at,
                "assigned",
                Ref("tasks", task.key),
                f"{self._name(task.created_by)} assigned you: {task.title}",
                task.created_by,
            )
            for task in given[-ASSIGNED:]
        ]

    def _mentioned(self, activities: list[Activity]) -> list["Draft"]:
        notes = [activity for activity in activities if ADMINISTRATOR in activity.mentions]
        return [
            (
                note.at,
                "mentioned",
                note.about,
                f"{self._name(note.by)} mentioned you on {self._deal[note.about.key].name}",
                note.by,
            )
            for note in notes[-MENTIONED:]
        ]

    def _due(self, reviews: list[Review]) -> list["Draft"]:
        """Reviews that are late or nearly so; the worker rings in the morning of the day."""
        waiting = [review for review in reviews if review.state == "open" and review.due <= self._clock.last_day]
        waiting.sort(key=lambda review: (review.due, review.key))
        result: list[Draft] = []
        for review in waiting[-REVIEWS:]:
            day = max(self._clock.past(self._clock.offset(review.due)), review.created_at.date())
            at = max(self._clock.at(day, 8 * 60 + 15), review.created_at)
            text = f"Review due: {self._deal[review.deal].name}"
            result.append((at, "review due", Ref("deal-reviews", review.key), text, None))
        return result

    def _given(self, leads: list[Lead]) -> list["Draft"]:
        mine = [lead for lead in leads if lead.owner == ADMINISTRATOR and lead.state in {"new", "working"}]
        result: list[Draft] = []
        for lead in mine[-LEADS:]:
            at = self._clock.soon_after(lead.created_at, self._chance)
            who = lead.company or f"{lead.first_name} {lead.last_name}"
            by = self._house.present("noemie", at.date())
            result.append((at, "lead assigned", Ref("leads", lead.key), f"New lead for you: {who}", by))
        return result

    def _name(self, person: str) -> str:
        return self._house.people[person].name


Draft = tuple[datetime, str, Ref, str, str | None]
