"""What happened just now: the newest changes of the story are made through the application, each by its own person."""

from __future__ import annotations

from typing import Any

from patron.demo.loading.book import Book
from patron.demo.story import things
from patron.identity import database
from patron.identity.access import Access
from patron.records import changes, perform, registry
from patron.records.verbs import Refused
from patron.sales.models import Stage

MOVES, STEPS, CHANCES, RATINGS, TASKS = 16, 12, 6, 8, 8


def hold_back(book: Book) -> None:
    """Choose the changes to make afterwards: the newest moves, next steps, own probabilities, ratings and completed tasks."""
    here = {person.key for person in book.story.people if person.left is None}
    deals = sorted((d for d in book.story.deals if d.outcome == "open" and d.owner in here), key=lambda d: d.moves[-1].at, reverse=True)
    moved = [d for d in deals if len(d.moves) > 1][:MOVES]
    _hold(book, "deals", moved, "stage")
    _hold(book, "deals", [d for d in deals if d.next_step and d not in moved][:STEPS], "next_step")
    _hold(book, "deals", [d for d in deals if d.probability and ("deals", d.key) not in book.held][:CHANCES], "probability")
    rated = [lead for lead in reversed(book.story.leads) if lead.owner in here and lead.rating != "unrated" and lead.state in ("new", "working")]
    _hold(book, "leads", rated[:RATINGS], "rating")
    done = [task for task in book.story.tasks if task.done_at and task.done_by in here and task.done_by == task.assignee]
    _hold(book, "tasks", sorted(done, key=lambda task: task.done_at or task.created_at, reverse=True)[:TASKS], "done")


def _hold(book: Book, kind: str, chosen: list[Any], what: str) -> None:
    book.held.update({(kind, thing.key): what for thing in chosen})


class Lately:
    """Makes the changes that were held back. Needs an open workspace and no open operation: each one signs its own."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._access: dict[str, Access] = {}
        self.made = 0

    def make(self) -> None:
        story = self._book.story
        deals, leads, tasks = ({d.key: d for d in story.deals}, {lead.key: lead for lead in story.leads}, {t.key: t for t in story.tasks})
        for (kind, key), what in self._book.held.items():
            if kind == "deals":
                self._deal(deals[key], what)
            elif kind == "leads":
                self._do("leads", "rate", key, leads[key].owner, rating=leads[key].rating)
            else:
                self._do("tasks", "complete", key, tasks[key].done_by)

    def _deal(self, deal: things.Deal, what: str) -> None:
        if what == "stage":
            stage = Stage.objects.get(pk=self._book.id("stages", deal.moves[-1].stage))
            self._do("deals", "move_stage", deal.key, deal.moves[-1].by, deal.owner, stage=stage)
        elif what == "probability":
            self._do("deals", "set_probability", deal.key, deal.owner, probability=deal.probability)
        else:
            record_type = registry.get("deals")
            access = self._of(deal.owner)
            record = record_type.model.objects.get(pk=self._book.id("deals", deal.key))
            changes.edit(record_type, record, {"next_step": deal.next_step}, access=access)
            self.made += 1

    def _do(self, kind: str, name: str, key: str, *people: str | None, **inputs: Any) -> None:
        """As the first of the people who may."""
        record_type, verb = registry.get(kind), registry.verb(kind, name)
        for person in filter(None, people):
            record = record_type.model.objects.get(pk=self._book.id(kind, key))
            try:
                perform.perform(verb, record_type, record, access=self._of(person), inputs=inputs)
            except perform.NotAllowed:
                continue
            self.made += 1
            return
        raise Refused(f"{kind}.{name} {key}: none of {people} may")

    def _of(self, person: str) -> Access:
        if person not in self._access:
            found = database.enter(self._book.users[person], self._book.workspace.slug)
            assert found is not None
            self._access[person] = found
        return self._access[person]
