"""One scan: read the records, find pairs, keep them. The same for every subject (`quality.subjects`); in one transaction, whole or not at all."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import Max
from django.utils import timezone

from patron.quality.domain import apart
from patron.quality.finding import Census, Found, Row, Tell, find
from patron.quality.models import LearnedModel, Pair, Scan, ScanState
from patron.quality.plan import Plan
from patron.quality.subjects import Subject, get, of
from patron.quality.weights import Weights
from patron.records.merging.relations import parent_columns
from patron.records.record_type import RecordType

LEAST = 0.5  # probability from which a pair is worth a look
SURE = 0.9  # probability from which records hang together as a group
MOST_IN_GROUP = 10
GROWN = 1.2  # a workspace that grew by a fifth learns anew


def begin(what: RecordType | Subject, *, member_id: uuid.UUID | None = None, full: bool = True) -> Scan | None:
    """A scan that waits for a job; None where one waits or runs already."""
    key = of(what).key
    if Scan.objects.filter(type_key=key, state__in=(ScanState.WAITING, ScanState.RUNNING)).exists():
        return None
    return Scan.objects.create(type_key=key, member_id=member_id, full=full)  # type: ignore[no-any-return]


def newest_model(subject: Subject) -> LearnedModel | None:
    return LearnedModel.objects.filter(type_key=subject.key).order_by("-version").first()  # type: ignore[no-any-return]


def learned_with(model: LearnedModel, plan: Plan) -> bool:
    """Whether a model was learned with the comparisons that the type has now: own fields come and go."""
    names = [m.name for m in plan.matches]
    return bool(model.parameters.get("names", names) == names)


def run(scan: Scan, tell: Tell = lambda *_: None) -> int:
    """Do the scan; answers how many pairs there are now. Writes the result with the scan's end."""
    subject = get(scan.type_key)
    census, kept = Census(), newest_model(subject)
    kept = kept if kept is None or learned_with(kept, subject.plan) else None
    last = Scan.objects.filter(type_key=scan.type_key, state=ScanState.DONE).aggregate(_at=Max("started_at"))["_at"]
    started = timezone.now()
    sides = [subject.rows(t) for t in subject.sides]
    full = scan.full or kept is None or last is None or sum(side.count() for side in sides) > kept.records * GROWN
    if not full and not any(t.model.objects.filter(updated_at__gte=last).exists() for t in subject.sides):
        return _finish(scan, started, {"records": kept.records if kept else 0, "changed": 0, "pairs": 0, "found": 0}, {})
    model, since = (None, None) if full or kept is None else (Weights.load(kept.parameters), last)
    rows = [_rows(t, plan, side, since) for t, plan, side in zip(subject.sides, (subject.plan, subject.plan_there), sides, strict=False)]
    against = (subject.plan_there, rows[1]) if subject.across else None
    found = list(find(subject.plan, rows[0], census=census, against=against, model=model, least=LEAST, tell=tell))
    if full:
        _learned(subject, census)
    tell("keep", 0, len(found))
    stored = _keep(subject, found, since)
    return _finish(scan, started, {"records": census.total, "changed": census.changed, "pairs": census.pairs, "found": stored}, census.oversized, full)


def _rows(record_type: RecordType, plan: Plan, live: Any, since: Any) -> Iterator[Row]:
    names = plan.columns
    paths = [record_type.fields[n].path if n in record_type.fields else n for n in names]
    for pk, at, *values in live.order_by("pk").values_list("pk", "updated_at", *paths).iterator(chunk_size=5000):
        yield pk, since is None or at >= since, dict(zip(names, values, strict=True))


def _learned(subject: Subject, census: Census) -> None:
    if census.model is None:  # one of two sides has no records
        return
    before = newest_model(subject)
    LearnedModel.objects.create(
        type_key=subject.key, version=(before.version if before else 0) + 1, records=census.total, pairs=census.pairs,
        parameters={**census.model.dump(), "names": [m.name for m in subject.plan.matches]},
    )  # fmt: skip


def _keep(subject: Subject, found: list[Found], since: Any) -> int:
    """Put the pairs in place of those that were compared: of all, or of the records that changed. Pairs that people keep apart are left out."""
    said = apart.said(subject)
    pairs = [(*ids, f) for f in found if (ids := subject.ordered(uuid.UUID(f.a), uuid.UUID(f.b))) not in said]
    pairs = _not_related(subject, pairs)
    old = Pair.objects.filter(type_key=subject.key)
    if since is not None:
        changed = [t.model.objects.filter(updated_at__gte=since).values("pk") for t in (subject.first, subject.second)]
        kept = old.exclude(a_id__in=changed[0]).exclude(b_id__in=changed[1])
        pairs += [(p.a_id, p.b_id, Found("", "", p.probability, tuple(p.levels), tuple(p.bits))) for p in kept]
    old.delete()
    groups, best = (by_first if subject.across else grouped)([(a, b, f.probability) for a, b, f in pairs])
    rows = (
        Pair(
            type_key=subject.key, a_id=a, b_id=b, probability=f.probability, levels=list(f.levels), bits=list(f.bits),
            group_id=groups[a] if subject.across or groups[a] == groups[b] else min(a, b), best=(a, b) in best or (not subject.across and groups[a] != groups[b]),
        )
        for a, b, f in pairs
    )  # fmt: skip
    while batch := list(itertools.islice(rows, 2000)):
        Pair.objects.bulk_create(batch)
    return len(pairs)


def _not_related(subject: Subject, pairs: list[tuple[uuid.UUID, uuid.UUID, Found]]) -> list[tuple[uuid.UUID, uuid.UUID, Found]]:
    """Without pairs of which one points to the other: a branch is called like its head office, and is not the same; a lead's contact is known."""
    model = subject.first.model
    columns = [f for f in model._meta.local_fields if f.related_model is subject.second.model] if subject.across else parent_columns(subject.first)
    for column in columns:
        above = dict(model.objects.filter(**{f"{column.name}__isnull": False}, pk__in={i for a, b, _f in pairs for i in (a, b)}).values_list("pk", column.attname))
        pairs = [p for p in pairs if above.get(p[0]) != p[1] and above.get(p[1]) != p[0]]
    return pairs


Grouped = tuple[dict[uuid.UUID, uuid.UUID], set[tuple[uuid.UUID, uuid.UUID]]]


def by_first(pairs: list[tuple[uuid.UUID, uuid.UUID, float]]) -> Grouped:
    """Between two types: each record of the first with all that it may be; record -> itself, and the best pair of each."""
    best: dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID]] = {}
    for a, b, _probability in sorted(pairs, key=lambda p: -p[2]):
        best.setdefault(a, (a, b))
    return {a: a for a in best}, set(best.values())


def grouped(pairs: list[tuple[uuid.UUID, uuid.UUID, float]]) -> Grouped:
    """Records that hang together by sure pairs, likeliest first, at most ten to a group: record -> smallest id of its group; and the best pair of each.

    A less sure pair joins nobody: it stands for itself.
    """
    members: dict[uuid.UUID, set[uuid.UUID]] = {}
    ordered = sorted(pairs, key=lambda p: -p[2])
    for a, b, probability in ordered:
        one, other = members.setdefault(a, {a}), members.setdefault(b, {b})
        if one is not other and (probability >= SURE or len(one) + len(other) == 2) and len(one) + len(other) <= MOST_IN_GROUP:
            one |= other
            for record in other:
                members[record] = one
    groups = {record: min(group) for record, group in members.items()}
    best: dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID]] = {}
    for a, b, _probability in ordered:
        if groups[a] == groups[b]:
            best.setdefault(groups[a], (a, b))
    return groups, set(best.values())


def _finish(scan: Scan, started: Any, counts: dict[str, int], oversized: dict[str, int], full: bool = False) -> int:
    Scan.objects.filter(pk=scan.pk).update(
        state=ScanState.DONE, started_at=started, finished_at=timezone.now(), counts=counts, oversized=oversized, full=full, phase="", message=""
    )
    return counts["found"]
