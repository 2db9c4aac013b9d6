"""The queue: pairs and groups by probability, each with its reasons and its records side by side, as far as the person may see them."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.quality.domain import apart, beside
from patron.quality.domain.scanning import learned_with, newest_model
from patron.quality.models import Pair
from patron.quality.plan import MISSING, Plan
from patron.quality.subjects import Subject, of
from patron.records import registry
from patron.records.kinds import View
from patron.records.matching import Across
from patron.records.merging.side_by_side import Side
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


@dataclass(frozen=True, slots=True)
class Act:
    """What can be done about a card: a button that leads to a verb's dialog."""

    label: str
    icon: str
    url: str


@dataclass(slots=True)
class Group:
    """Records that are probably the same: with the reasons of the likeliest pair, and their values side by side.

    Between two types the first record is of the first, and `acts` are what can be done; `kinds` says of what type each record is.
    """

    id: uuid.UUID
    probability: float
    reasons: list[Reason]
    records: list[Side] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)
    editable: bool = False
    kinds: list[str] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    groups: list[Group]
    after: str = ""


def pairs(access: Access, what: RecordType | Subject, *, least: float = 0.0) -> QuerySet[Any]:
    """The open pairs that the person may see: both records are theirs to see, live, and nobody said that they are different."""
    subject = of(what)
    found: Any = Pair.objects.filter(type_key=subject.key, probability__gte=least)
    first, second = subject.live(subject.first, access), subject.live(subject.second, access)
    return apart.without(found).filter(Exists(first.filter(pk=OuterRef("a_id"))), Exists(second.filter(pk=OuterRef("b_id"))))  # type: ignore[no-any-return]


def _leading(access: Access, subject: Subject, least: float) -> QuerySet[Any]:
    """One pair for each group; every pair for those whom the best one may be hidden from, and where the best one may have been told apart from the rest."""
    found = pairs(access, subject, least=least)
    if subject.across:
        better = pairs(access, subject).filter(a_id=OuterRef("a_id")).filter(Q(probability__gt=OuterRef("probability")) | Q(probability=OuterRef("probability"), pk__lt=OuterRef("pk")))
        return found.filter(~Exists(better))
    return found.filter(best=True) if subject.whole_view(access) else found


def count(view: View, what: RecordType | Subject, *, least: float = 0.0, most: int = 1000) -> int:
    """How many groups there are to look at; counting stops at `most`."""
    return _leading(view.access, of(what), least).order_by()[:most].count()


def page(view: View, what: RecordType | Subject, *, least: float = 0.0, after: str = "") -> Page:
    """A page of the queue, likeliest first. A constant number of queries."""
    subject = of(what)
    leading = _leading(view.access, subject, least)
    if (edge := _edge(after)) is not None:
        leading = leading.filter(Q(probability__lt=edge[0]) | Q(probability=edge[0], pk__gt=edge[1]))
    rows = list(leading.order_by("-probability", "pk")[: PAGE + 1])
    more = f"{rows[PAGE - 1].probability!r}~{rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    return Page(_groups(rows[:PAGE], view, subject), base64.urlsafe_b64encode(more.encode()).decode())


def _edge(text: str) -> tuple[float, uuid.UUID] | None:
    try:
        probability, _tilde, pk = base64.urlsafe_b64decode(text).decode().partition("~")
        return float(probability), uuid.UUID(pk)
    except ValueError:
        return None


def _groups(leading: list[Any], view: View, subject: Subject) -> list[Group]:
    members, model = _members(leading, view, subject), newest_model(subject)
    told = model is None or learned_with(model, subject.plan)  # else the reasons that are kept are those of other comparisons: the next scan finds new ones
    wanted = {i for ids in members.values() for i in ids}
    loaded = [{r.pk: r for r in subject.live(t, view.access).filter(pk__in=wanted)} for t in subject.sides]
    draw = beside.drawer(subject, [list(side.values()) for side in loaded], view)
    found = []
    for pair in leading:
        inside = [record for i in members[pair.pk] for side in loaded if (record := side.get(i)) is not None]
        sides, lines = draw(inside)
        may = all(subject.first.allows(r, view.access, "edit") for r in (inside[:1] if subject.across else inside))
        group = Group(pair.pk, pair.probability, reasons(subject.plan, pair, view, subject.first) if told else [], sides, lines, may)
        if subject.across:
            group.kinds = [str(t.label) for t in (subject.first, *[subject.second] * (len(inside) - 1))]
            group.acts = _acts(subject, subject.across, inside, view)
        found.append(group)
    return found


def _acts(subject: Subject, across: Across, inside: list[Any], view: View) -> list[Act]:
    """The verb of the first record, with each of the others filled in; none where the person may not, or it cannot be done now."""
    first, verb = inside[0], registry.verb(subject.first.key, across.verb)
    if not subject.first.allows(first, view.access, verb.action) or verb.refusal(first, view.access):
        return []
    made = []
    for other in inside[1:]:
        given = urlencode({name: value for name, source in across.inputs.items() if (value := getattr(other, source))})
        words = _("%(verb)s into %(name)s…") % {"verb": verb.label, "name": other}
        made.append(Act(words, verb.icon, f"{view.href(subject.first.key, first.pk)}do/{verb.name}/?{given}"))
    return made


def _members(leading: list[Any], view: View, subject: Subject) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The records of each pair's group, the pair's own first."""
    groups: dict[uuid.UUID, list[uuid.UUID]] = {}
    for group, a, b in pairs(view.access, subject).filter(group_id__in={p.group_id for p in leading if p.best or subject.across}).order_by("-probability").values_list("group_id", "a_id", "b_id"):
        groups.setdefault(group, []).extend((a, b))
    return {p.pk: list(dict.fromkeys([p.a_id, p.b_id, *(groups.get(p.group_id, ()) if p.best or subject.across else ())]))[:10] for p in leading}


def reasons(plan: Plan, pair: Any, view: View, record_type: RecordType) -> list[Reason]:
    """What speaks for and against, the weightiest first. Fields that the person may not see are not told."""
    visible = record_type.visible_fields(view.access)
    found = []
    for match, way, level, bits in zip(plan.matches, plan.ways, pair.levels, pair.bits, strict=False):
        if level != MISSING and level < len(way.words) and any(n in visible for n in match.reads):
            found.append(Reason(str(way.words[level]) % {"label": plan.labels.get(match.name, match.name)}, bits))
    return sorted(found, key=lambda r: -abs(r.bits))
