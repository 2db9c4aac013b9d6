"""The queue: pairs and groups by probability, each with its reasons and its records side by side, as far as the person may see them."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from patron.identity.access import Access
from patron.quality.domain import apart
from patron.quality.domain.scanning import learned_with, newest_model, plan_of
from patron.quality.models import Pair
from patron.quality.plan import MISSING, Plan
from patron.records.kinds import View
from patron.records.merging.side_by_side import Side, compare
from patron.records.record_type import RecordType

PAGE = 20
STRONG = 3.0  # bits from which a comparison counts as a strong reason


@dataclass(frozen=True, slots=True)
class Reason:
    """What one comparison says, in words; `tone` good (for), bad (against) or note, by its weight in bits."""

    text: str
    bits: float

    @property
    def tone(self) -> str:
        return "bad" if self.bits < -1 else "good" if self.bits >= STRONG else "none"


@dataclass(slots=True)
class Group:
    """Records that are probably the same: with the reasons of the likeliest pair, and their values side by side."""

    id: uuid.UUID
    probability: float
    reasons: list[Reason]
    records: list[Side] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)
    editable: bool = False


@dataclass(slots=True)
class Page:
    groups: list[Group]
    after: str = ""


def pairs(access: Access, record_type: RecordType, *, least: float = 0.0) -> QuerySet[Any]:
    """The open pairs that the person may see: both records are theirs to see, live, and nobody said that they are different."""
    live = record_type.live(access).order_by()
    found: Any = Pair.objects.filter(type_key=record_type.key, probability__gte=least)
    return apart.without(found).filter(Exists(live.filter(pk=OuterRef("a_id"))), Exists(live.filter(pk=OuterRef("b_id"))))  # type: ignore[no-any-return]


def _leading(access: Access, record_type: RecordType, least: float) -> QuerySet[Any]:
    """One pair for each group; every pair for those whom the best one may be hidden from."""
    found = pairs(access, record_type, least=least)
    return found.filter(best=True) if access.scope(record_type.key, "view") == "all" else found


def count(view: View, record_type: RecordType, *, least: float = 0.0, most: int = 1000) -> int:
    """How many groups there are to look at; counting stops at `most`."""
    return _leading(view.access, record_type, least).order_by()[:most].count()


def page(view: View, record_type: RecordType, *, least: float = 0.0, after: str = "") -> Page:
    """A page of the queue, likeliest first. A constant number of queries."""
    leading = _leading(view.access, record_type, least)
    if (edge := _edge(after)) is not None:
        leading = leading.filter(Q(probability__lt=edge[0]) | Q(probability=edge[0], pk__gt=edge[1]))
    rows = list(leading.order_by("-probability", "pk")[: PAGE + 1])
    more = f"{rows[PAGE - 1].probability!r}~{rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    return Page(_groups(rows[:PAGE], view, record_type), base64.urlsafe_b64encode(more.encode()).decode())


def _edge(text: str) -> tuple[float, uuid.UUID] | None:
    try:
        probability, _tilde, pk = base64.urlsafe_b64decode(text).decode().partition("~")
        return float(probability), uuid.UUID(pk)
    except ValueError:
        return None


def _groups(leading: list[Any], view: View, record_type: RecordType) -> list[Group]:
    plan, members, model = plan_of(record_type), _members(leading, view, record_type), newest_model(record_type)
    told = model is None or learned_with(model, plan)  # else the reasons that are kept are those of other comparisons: the next scan finds new ones
    wanted = {i for ids in members.values() for i in ids}
    records = {r.pk: r for r in record_type.live(view.access).filter(pk__in=wanted)}
    names = [n for n in dict.fromkeys([*plan.columns, *record_type.columns]) if n in record_type.visible_fields(view.access)]
    found = []
    for pair in leading:
        inside = [records[i] for i in members[pair.pk] if i in records]
        sides, rows = compare(record_type, inside, names, view)
        may = all(record_type.allows(r, view.access, "edit") for r in inside)
        found.append(Group(pair.pk, pair.probability, reasons(plan, pair, view, record_type) if told else [], sides, rows, may))
    return found


def _members(leading: list[Any], view: View, record_type: RecordType) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The records of each pair's group, the pair's own first."""
    groups: dict[uuid.UUID, list[uuid.UUID]] = {}
    for group, a, b in pairs(view.access, record_type).filter(group_id__in={p.group_id for p in leading if p.best}).order_by("-probability").values_list("group_id", "a_id", "b_id"):
        groups.setdefault(group, []).extend((a, b))
    return {p.pk: list(dict.fromkeys([p.a_id, p.b_id, *(groups.get(p.group_id, ()) if p.best else ())]))[:10] for p in leading}


def reasons(plan: Plan, pair: Any, view: View, record_type: RecordType) -> list[Reason]:
    """What speaks for and against, the weightiest first. Fields that the person may not see are not told."""
    visible = record_type.visible_fields(view.access)
    found = []
    for match, way, level, bits in zip(plan.matches, plan.ways, pair.levels, pair.bits, strict=False):
        if level != MISSING and level < len(way.words) and any(n in visible for n in match.reads):
            found.append(Reason(str(way.words[level]) % {"label": plan.labels.get(match.name, match.name)}, bits))
    return sorted(found, key=lambda r: -abs(r.bits))
