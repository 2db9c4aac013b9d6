"""What every part of loading needs: the story, the ids of its things, and the way rows are written."""

from __future__ import annotations

import datetime
import json
import os
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models.expressions import DatabaseDefault

from patron.collab.domain.refs import Ref
from patron.demo.story import Story, things
from patron.identity.models import Workspace
from patron.kernel.tenancy import TenantModel

BATCH = 1000
#: Under which name a saved view is kept as a favourite.
VIEWS = {"saved_views": "views"}


def uuid_at(at: datetime.datetime) -> uuid.UUID:
    """A UUIDv7 as it would have been made at that time, so that an order by id is one by creation."""
    random = int.from_bytes(os.urandom(10), "big")
    milliseconds = int(at.timestamp() * 1000)
    return uuid.UUID(int=(milliseconds << 80) | (0x7 << 76) | ((random >> 62 & 0xFFF) << 64) | (0b10 << 62) | (random & ((1 << 62) - 1)))


@dataclass(slots=True)
class Book:
    """The open workspace, the story that it gets, and who is who in both.

    `numbers` are the numbers of deals by key; `held` names the deals, leads and tasks of which the newest change is made afterwards, by its own
    person (`lately`).
    """

    workspace: Workspace
    story: Story
    now: datetime.datetime
    numbers: dict[str, str] = field(default_factory=dict)
    held: dict[tuple[str, str], str] = field(default_factory=dict)
    users: dict[str, uuid.UUID] = field(default_factory=dict)
    _ids: dict[tuple[str, str], uuid.UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind, key, at in _things(self.story, self.began):
            self._ids[kind, key] = uuid_at(at)

    @property
    def zone(self) -> ZoneInfo:
        return self.workspace.zone

    @property
    def began(self) -> datetime.datetime:
        """When the company began to use the workspace: before everything else."""
        first = min(account.created_at for account in self.story.accounts)
        return first - datetime.timedelta(days=1)

    def id(self, kind: str, key: str) -> uuid.UUID:
        return self._ids[kind, key]

    def maybe(self, kind: str, key: str | None) -> uuid.UUID | None:
        return None if key is None else self._ids[kind, key]

    def person(self, key: str | None) -> uuid.UUID | None:
        return self.maybe("people", key)

    def ref(self, ref: things.Ref) -> Ref:
        return Ref(VIEWS.get(ref.type, ref.type), self._ids[ref.type, ref.key])

    def tags(self, keys: Iterable[str]) -> list[str]:
        names = {tag.key: tag.name for tag in self.story.tags}
        return [names[key] for key in keys]

    def day(self, at: datetime.datetime) -> datetime.date:
        return at.astimezone(self.zone).date()

    def rate(self, currency: str, day: datetime.date) -> Decimal | None:
        """What one unit of the workspace's currency bought on the day; None where nobody knows."""
        if currency in ("", self.workspace.currency):
            return Decimal(1)
        known = [rate for rate in self.story.exchange_rates if rate.currency == currency and rate.day <= day]
        return max(known, key=lambda rate: rate.day).rate if known else None


def stamps(at: datetime.datetime, changed: datetime.datetime | None = None) -> dict[str, Any]:
    """What a row says about itself: made then, changed last then."""
    return {"created_at": at, "updated_at": max(at, changed or at), "revision": 1}


def write(model: type[TenantModel], rows: Iterable[Any]) -> int:
    """Insert the rows in batches; answers how many there were.

    The rows travel as JSON, which takes a third of the time of `bulk_create`. What the database generates is not read back.
    """
    pending, count = iter(rows), 0
    while batch := list(islice(pending, BATCH)):
        count += len(batch)
        _insert(model, batch)
    return count


def _insert(model: type[TenantModel], batch: list[Any]) -> None:
    fields = [f for f in model._meta.concrete_fields if not f.generated and not isinstance(f.pre_save(batch[0], add=True), DatabaseDefault)]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    table = quote(model._meta.db_table)
    records = [{str(field.column): field.pre_save(row, add=True) for field in fields} for row in batch]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)",
            [json.dumps(records, default=_plain)],
        )


def _plain(value: object) -> str:
    """As PostgreSQL reads it."""
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be loaded")


def _things(story: Story, began: datetime.datetime) -> Iterator[tuple[str, str, datetime.datetime]]:
    """Kind, key and time of everything that other things refer to."""
    lists = (
        "people", "teams", "industries", "segments", "lead_sources", "disqualify_reasons", "lost_reasons", "competitors", "connection_types",
        "pipelines", "product_lines", "products", "saved_views",
    )  # fmt: skip
    for kind in lists:
        for thing in getattr(story, kind):
            yield kind, thing.key, began
    for pipeline in story.pipelines:
        for stage in pipeline.stages:
            yield "stages", stage.key, began
    for kind in ("accounts", "contacts", "leads", "deals", "tasks"):
        for thing in getattr(story, kind):
            yield kind, thing.key, thing.created_at
    for review in story.reviews:
        yield "deal-reviews", review.key, review.created_at
    for activity in story.activities:
        yield "activities", activity.key, activity.at
    for deal in story.deals:
        for line in deal.lines:
            yield "lines", line.key, deal.created_at
