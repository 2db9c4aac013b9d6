"""The timeline of a record: calls, meetings, notes, completed tasks, files and what the ledger tells, in one order, a page at a time."""

import datetime
from dataclasses import dataclass
from typing import Any, NamedTuple

from babel import dates
from django.utils.translation import gettext as _

from patron.collab.domain import related, sources
from patron.collab.domain.refs import Ref
from patron.collab.domain.sources import Act, Edge, Entry
from patron.collab.domain.telling import Item, items, worth_telling
from patron.identity.access import Access
from patron.kernel.formats import Formats

FOLD = datetime.timedelta(minutes=10)


class Line(NamedTuple):
    """An item with its time as the group asks for it: the hour for recent days, the day for older ones."""

    item: Item
    time: str


@dataclass(frozen=True, slots=True)
class Group:
    """A stretch of days under one heading: today, yesterday, a day of the last week, a month. `key` tells whether two pages share it."""

    key: str
    heading: str
    lines: list[Line]


class Page(NamedTuple):
    """A page of a timeline. `older` is where the next one starts, "" where there is nothing older; `last_key` is its last group's key."""

    groups: list[Group]
    older: str
    last_key: str


def page(type_key: str, record_id: Any, access: Access, *, before: Edge | None = None, limit: int = 30, with_related: bool = False) -> Page:
    """Up to `limit` items older than `before`, newest first, grouped by day in the person's zone.

    The caller has checked that the person may see the record; activities and tasks are filtered by their own rights, acts by field rules, and
    relatives by theirs. Field changes by one person within ten minutes, with nothing in between, are one item. What is planned is not here:
    it is not history yet. A constant number of queries: four sources, three for children, one per type linked to.
    """
    ref = Ref(type_key, record_id)
    refs = related.family(ref, access) if with_related else [ref]
    entries, more = _merged(refs, access, before, limit)
    shown = entries[:limit]
    older = shown[-1].last if shown and (more is not None or len(entries) > limit) else more
    groups = _grouped(items(shown, refs, access), access)
    return Page(groups, older.encode() if older else "", groups[-1].key if groups else "")


def _merged(refs: list[Ref], access: Access, before: Edge | None, limit: int) -> tuple[list[Entry], Edge | None]:
    """Entries of all sources in one order, folded, down to where every source was read; and that place, None at the end."""
    most = limit + 1
    batches = [
        sources.activities(refs, access, before, most),
        sources.tasks(refs, access, before, most),
        sources.attached(refs, access, before, most),
        sources.acts(refs, before, 3 * most),
    ]
    horizons = [batch.horizon for batch in batches if batch.horizon is not None]
    horizon = max(horizons) if horizons else None
    entries = [e for batch in batches for e in batch.entries if (horizon is None or e.edge >= horizon) and worth_telling(e, access)]
    entries.sort(key=lambda e: e.edge, reverse=True)
    return _folded(entries), horizon


def _folded(entries: list[Entry]) -> list[Entry]:
    """Neighbouring edits by one person of one record within ten minutes of the newest become one entry."""
    made: list[Entry] = []
    for entry in entries:
        newest = made[-1] if made else None
        if newest is not None and _same_sitting(newest, entry):
            newest.more.append(entry)
        else:
            made.append(entry)
    return made


def _same_sitting(newest: Entry, older: Entry) -> bool:
    one, other = newest.thing, older.thing
    if not isinstance(one, Act) or not isinstance(other, Act) or newest.record != older.record or one.actor_id != other.actor_id:
        return False
    return one.is_edit and other.is_edit and newest.edge.at - older.edge.at <= FOLD


def _grouped(found: list[Item], access: Access) -> list[Group]:
    fmt, today = Formats(access.locale, access.zone), access.today()
    groups: list[Group] = []
    for item in found:
        day = item.at.astimezone(access.zone).date()
        key, heading, recent = _heading(day, today, fmt)
        if not groups or groups[-1].key != key:
            groups.append(Group(key, heading, []))
        time = fmt.time(item.at) if recent else f"{dates.format_date(day, 'EEE', locale=fmt.locale)} {fmt.day(day)}"
        groups[-1].lines.append(Line(item, time))
    return groups


def _heading(day: datetime.date, today: datetime.date, fmt: Formats) -> tuple[str, str, bool]:
    ago = (today - day).days
    if ago <= 0:
        return (day.isoformat(), _("Today"), True) if ago == 0 else (day.isoformat(), fmt.date(day), True)
    if ago == 1:
        return day.isoformat(), _("Yesterday"), True
    if ago < 7:
        return day.isoformat(), str(dates.format_date(day, "EEEE", locale=fmt.locale)), True
    return f"{day:%Y-%m}", str(dates.format_skeleton("yMMMM", day, locale=fmt.locale)), False
