"""On which records activities and tasks show, and when each record was last worked on."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable

from patron.collab.domain.refs import Ref
from patron.demo.loading.book import Book
from patron.demo.story import things


class Touches:
    """Last and next of each record, by the rules of `collab.domain.touch`, known before any row is written.

    So the rows are inserted as they are to be, and none of them has to be changed afterwards.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._carried = _carried(book)
        self._parts = _parts(book)
        self._last: dict[Ref, datetime.datetime] = {}
        self._next: dict[Ref, datetime.datetime] = {}
        self.activity_links: dict[str, list[Ref]] = {a.key: self._of_activity(a) for a in book.story.activities}
        self.task_links: dict[str, list[Ref]] = {t.key: self._of_task(t) for t in book.story.tasks}
        for activity in book.story.activities:
            done = activity.state == "done"
            self._note(self.activity_links[activity.key], activity.at if done else None, None if done else activity.at)
        for task in book.story.tasks:
            done_at = None if book.held.get(("tasks", task.key)) else task.done_at
            self._note(self.task_links[task.key], done_at, None if done_at else self._due(task))

    def last(self, record: Ref) -> datetime.datetime | None:
        return self._last.get(record)

    def next(self, record: Ref) -> datetime.datetime | None:
        return self._next.get(record)

    def of_account(self, key: str) -> datetime.datetime | None:
        """When the account, one of its contacts or one of its deals was last worked on, by the rule of `customers.domain.touched`."""
        return max((at for record in self._parts[key] if (at := self.last(record))), default=None)

    def _of_activity(self, activity: things.Activity) -> list[Ref]:
        """What it is about, who was there, and what a qualified lead has become."""
        about = self._book.ref(activity.about)
        met = [self._book.ref(things.Ref("contacts", key)) for key in (activity.contact, *activity.contacts) if key]
        return _once([about, *met, *self._carried.get(about, ())])

    def _of_task(self, task: things.Task) -> list[Ref]:
        if task.about is None:
            return []
        about = self._book.ref(task.about)
        return _once([about, *(() if task.state == "done" else self._carried.get(about, ()))])

    def _note(self, records: Iterable[Ref], last: datetime.datetime | None, following: datetime.datetime | None) -> None:
        for record in records:
            if last:
                self._last[record] = max(last, self._last.get(record, last))
            if following:
                self._next[record] = min(following, self._next.get(record, following))

    def _due(self, task: things.Task) -> datetime.datetime | None:
        """The last second of the day that an open task is due."""
        if task.due is None:
            return None
        midnight = datetime.datetime.combine(task.due + datetime.timedelta(days=1), datetime.time(), self._book.zone)
        return midnight.astimezone(datetime.timezone.utc) - datetime.timedelta(seconds=1)  # noqa: UP017


def _carried(book: Book) -> dict[Ref, list[Ref]]:
    """What each qualified lead has become: its activities and open tasks show there, too."""
    found: dict[Ref, list[Ref]] = defaultdict(list)
    for lead in book.story.leads:
        if made := lead.qualification:
            became = (("accounts", made.account), ("contacts", made.contact), ("deals", made.deal))
            found[Ref("leads", book.id("leads", lead.key))] = [Ref(kind, book.id(kind, key)) for kind, key in became if key]
    return found


def _parts(book: Book) -> dict[str, list[Ref]]:
    """Each account with its contacts and deals."""
    found = {account.key: [Ref("accounts", book.id("accounts", account.key))] for account in book.story.accounts}
    for contact in book.story.contacts:
        primary = next((place.account for place in contact.affiliations if place.primary), None)
        if primary:
            found[primary].append(Ref("contacts", book.id("contacts", contact.key)))
    for deal in book.story.deals:
        if deal.account:
            found[deal.account].append(Ref("deals", book.id("deals", deal.key)))
    return found


def _once(refs: Iterable[Ref]) -> list[Ref]:
    return list(dict.fromkeys(refs))
