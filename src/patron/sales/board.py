"""The pipeline board as data: which columns, which cards, which totals. Knows no request and no template."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from patron.identity.access import Access
from patron.kernel.db import prepared
from patron.records.keyset import Cursor, Place, Sort, page, rows_at
from patron.sales.domain.kept import Deals
from patron.sales.domain.queries import day_bounds
from patron.sales.domain.stage_totals import StageTotals, pipeline_totals
from patron.sales.domain.stages import stages_of
from patron.sales.enums import Outcome, StageKind
from patron.sales.models import Deal, Stage

LIMIT = 30
_FIELDS = (
    "id", "revision", "name", "account__name", "amount", "currency", "base_amount", "expected_close", "stage_since", "next_activity_at", "owner__name", "tags",
    "stage_id",
)  # fmt: skip


#: What a card shows beside the deal's name, as far as the person's role does not hide it.
_SHOWN = ("account", "amount", "expected_close", "stage_since", "next_activity_at", "owner", "tags")


def shows(access: Access, *names: str) -> bool:
    """Whether the person may see all of these fields of deals, and so what they add up to."""
    return not any(access.hides("deals", name) for name in names)


@dataclass(frozen=True, slots=True)
class Card:
    """One deal on the board. `rotting_days` is set where it stands in its stage for longer than expected; `next` is none, overdue, today or planned, "" where it is hidden."""

    id: uuid.UUID
    revision: int
    name: str
    account: str
    amount: Decimal | None
    currency: str
    expected_close: datetime.date | None
    rotting_days: int | None
    next: str
    owner: str
    tags: list[str]


@dataclass(slots=True)
class Lane:
    """A column: its stage, the totals over the whole filter, the first cards, and the cursor of those that follow ("" for none)."""

    stage: Stage
    totals: StageTotals
    cards: list[Card] = field(default_factory=list)
    after: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """What the screen of a board needs to know of a record type."""

    column: str
    verb: str
    sort: str
    sorts: tuple[str, ...]
    lanes: Callable[..., list[Lane]]
    more: Callable[..., Lane]


def lanes(deals: Deals, pipeline_id: uuid.UUID, sort: Sort, *, access: Access) -> list[Lane]:
    """The open stages of a pipeline with totals and first cards of visible, filtered deals: four queries, whatever the size."""
    stages = stages_of(pipeline_id, StageKind.OPEN)
    totals = pipeline_totals(deals, stages, access=access)
    found = {stage.pk: Lane(stage, totals[stage.pk]) for stage in stages}
    reader = _Reader(found, access)
    for row in rows_at(_first_places(deals.rows, stages, sort, deals.kept), Deal, list(_FIELDS)):
        reader.add(row)
    return list(found.values())


def lane(rows: QuerySet[Any], stage: Stage, sort: Sort, after: Cursor, *, access: Access) -> Lane:
    """The cards of one column that follow a cursor. Its totals are not counted again."""
    inside = rows.filter(pipeline=stage.pipeline_id, stage=stage.pk, outcome=Outcome.OPEN)
    found = Lane(stage, StageTotals(stage.pk))
    reader = _Reader({stage.pk: found}, access)
    for row in page(inside, sort, list(_FIELDS), size=LIMIT + 1, after=after):
        reader.add(row)
    return found


def _first_places(rows: QuerySet[Any], stages: list[Stage], sort: Sort, key: Hashable) -> list[Place]:
    """Where the first cards of every column are, in one statement: each column is an index scan with a limit of its own.

    `key` names what `rows` depend on beside the pipeline, where the statement may be kept (`kernel.db.prepared`).
    """
    order = sort.expression.desc(nulls_last=True) if sort.descending else sort.expression.asc()
    turn = "-" if sort.descending else ""

    def build(pipeline: uuid.UUID, **columns: uuid.UUID) -> QuerySet[Any]:
        inside = rows.filter(pipeline=pipeline, outcome=Outcome.OPEN).annotate(_sort=sort.expression).order_by(order, f"{turn}pk").values_list("_sort", "pk")
        first, *others = [inside.filter(stage=stage)[: LIMIT + 1] for stage in columns.values()]
        return first.union(*others, all=True) if others else first

    if not stages:
        return []
    ids = {"pipeline": stages[0].pipeline_id, **{f"stage{n}": stage.pk for n, stage in enumerate(stages)}}
    return [Place(*row) for row in (prepared.rows(("sales.board", key, sort.name, len(stages)), build, **ids) if key else build(**ids))]


class _Reader:
    """Turns fetched rows into the cards of their columns."""

    def __init__(self, found: dict[uuid.UUID, Lane], access: Access) -> None:
        self._lanes, self._now = found, timezone.now()
        self._start, self._end = day_bounds(access)
        self._base = access.workspace.currency
        self._hidden = {name for name in _SHOWN if access.hides("deals", name)}
        self._edges: dict[uuid.UUID, Cursor] = {}

    def add(self, row: tuple[Any, ...]) -> None:
        """Put one more row at the end of its column; the one beyond the limit says that there is more."""
        (pk, revision, name, account, amount, currency, _base, close, since, next_at, owner, tags, stage_id), (value, _pk) = row[:13], row[13:]
        column = self._lanes[stage_id]
        if len(column.cards) == LIMIT:
            column.after = self._edges[stage_id].encode()
            return
        self._edges[stage_id] = Cursor(value, pk)
        hidden = self._hidden
        card = Card(
            pk, revision, name,
            "" if "account" in hidden else account or "",
            None if "amount" in hidden else amount,
            currency or self._base,
            None if "expected_close" in hidden else close,
            None if "stage_since" in hidden else self._rotting(column.stage, since),
            "" if "next_activity_at" in hidden else self._next(next_at),
            "" if "owner" in hidden else owner or "",
            [] if "tags" in hidden else tags,
        )  # fmt: skip
        column.cards.append(card)

    def _rotting(self, stage: Stage, since: datetime.datetime) -> int | None:
        age = self._now - since
        if stage.expected_days is None or age <= datetime.timedelta(days=stage.expected_days):
            return None
        return age.days

    def _next(self, at: datetime.datetime | None) -> str:
        if at is None:
            return "none"
        return "overdue" if at < self._start else "today" if at < self._end else "planned"


BOARD = Board(
    column="stage", verb="move_stage", sort="expected_close",
    sorts=("expected_close", "-base_amount", "-weighted", "stage_since", "next_activity_at", "name", "-created_at"),
    lanes=lanes, more=lane,
)  # fmt: skip
