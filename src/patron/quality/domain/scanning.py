"""One scan: read the records, find pairs, keep them. The same for every type that declares matches; in one transaction, whole or not at all."""

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
from patron.quality.weights import Weights
from patron.records import registry
from patron.records.merging.relations import parent_columns
from patron.records.record_type import RecordType

LEAST = 0.5  # probability from which a pair is worth a look
SURE = 0.9  # probability from which records hang together as a group
MOST_IN_GROUP = 10
GROWN = 1.2  # a workspace that grew by a fifth learns anew


def types() -> list[RecordType]:
    """The types whose duplicates can be found."""
    return [t for t in registry.all_types() if t.matches and t.mergeable]


def plan_of(record_type: RecordType) -> Plan:
    """The type's declaration, with the words that people know its fields by."""
    labels = {m.name: str(record_type.fields[m.name].label).lower() if m.name in record_type.fields else m.name for m in record_type.matches}
    return Plan(record_type.matches, record_type.match_blocks, labels)


def begin(record_type: RecordType, *, member_id: uuid.UUID | None = None, full: bool = True) -> Scan | None:
    """A scan that waits for a job; None where one waits or runs already."""
    if Scan.objects.filter(type_key=record_type.key, state__in=(ScanState.WAITING, ScanState.RUNNING)).exists():
        return None
    return Scan.objects.create(type_key=record_type.key, member_id=member_id, full=full)  # type: ignore[no-any-return]


def newest_model(record_type: RecordType) -> LearnedModel | None:
    return LearnedModel.objects.filter(type_key=record_type.key).order_by("-version").first()  # type: ignore[no-any-return]


def learned_with(model: LearnedModel, plan: Plan) -> bool:
    """Whether a model was learned with the comparisons that the type has now: own fields come and go."""
    names = [m.name for m in plan.matches]
    return bool(model.parameters.get("names", names) == names)


def run(scan: Scan, tell: Tell = lambda *_: None) -> int:
    """Do the scan; answers how many pairs there are now. Writes the result with the scan's end."""
    record_type = registry.get(scan.type_key)
    plan, census, kept = plan_of(record_type), Census(), newest_model(record_type)
    kept = kept if kept is None or learned_with(kept, plan) else None
    last = Scan.objects.filter(type_key=scan.type_key, state=ScanState.DONE).aggregate(_at=Max("started_at"))["_at"]
    started = timezone.now()
    live = record_type.model.objects.filter(archived_at__isnull=True) if record_type.archivable else record_type.model.objects.all()
    full = scan.full or kept is None or last is None or live.count() > kept.records * GROWN
    if not full and not record_type.model.objects.filter(updated_at__gte=last).exists():
        return _finish(scan, started, {"records": kept.records if kept else 0, "changed": 0, "pairs": 0, "found": 0}, {})
    model = None if full or kept is None else Weights.load(kept.parameters)
    found = list(find(plan, _rows(record_type, plan, live, None if full else last), census=census, model=model, least=LEAST, tell=tell))
    if full:
        _learned(record_type, census)
    tell("keep", 0, len(found))
    stored = _keep(record_type, found, None if full else last)
    return _finish(scan, started, {"records": census.total, "changed": census.changed, "pairs": census.pairs, "found": stored}, census.oversized, full)


def _rows(record_type: RecordType, plan: Plan, live: Any, since: Any) -> Iterator[Row]:
    names = plan.columns
    paths = [record_type.fields[n].path for n in names]
    for pk, at, *values in live.order_by("pk").values_list("pk", "updated_at", *paths).iterator(chunk_size=5000):
        yield pk, since is None or at >= since, dict(zip(names, values, strict=True))


def _learned(record_type: RecordType, census: Census) -> None:
    before = newest_model(record_type)
    assert census.model is not None
    LearnedModel.objects.create(
        type_key=record_type.key, version=(before.version if before else 0) + 1, records=census.total, pairs=census.pairs,
        parameters={**census.model.dump(), "names": [m.name for m in record_type.matches]},
    )  # fmt: skip


def _keep(record_type: RecordType, found: list[Found], since: Any) -> int:
    """Put the pairs in place of those that were compared: of all, or of the records that changed. Pairs that people keep apart are left out."""
    said = apart.said(record_type)
    pairs = [(min(ids), max(ids), f) for f in found if (ids := (uuid.UUID(f.a), uuid.UUID(f.b))) and (min(ids), max(ids)) not in said]
    pairs = _not_related(record_type, pairs)
    old = Pair.objects.filter(type_key=record_type.key)
    if since is not None:
        changed = record_type.model.objects.filter(updated_at__gte=since).values("pk")
        kept = old.exclude(a_id__in=changed).exclude(b_id__in=changed)
        pairs += [(p.a_id, p.b_id, Found("", "", p.probability, tuple(p.levels), tuple(p.bits))) for p in kept]
    old.delete()
    groups, best = grouped([(a, b, f.probability) for a, b, f in pairs])
    rows = (
        Pair(
            type_key=record_type.key, a_id=a, b_id=b, probability=f.probability, levels=list(f.levels), bits=list(f.bits),
            group_id=groups[a] if groups[a] == groups[b] else min(a, b), best=(a, b) in best or groups[a] != groups[b],
        )
        for a, b, f in pairs
    )  # fmt: skip
    while batch := list(itertools.islice(rows, 2000)):
        Pair.objects.bulk_create(batch)
    return len(pairs)


def _not_related(record_type: RecordType, pairs: list[tuple[uuid.UUID, uuid.UUID, Found]]) -> list[tuple[uuid.UUID, uuid.UUID, Found]]:
    """Without pairs of which one points to the other: a branch is called like its head office, and is not the same."""
    for column in parent_columns(record_type):
        above = dict(record_type.model.objects.filter(**{f"{column.name}__isnull": False}, pk__in={i for a, b, _f in pairs for i in (a, b)}).values_list("pk", column.attname))
        pairs = [p for p in pairs if above.get(p[0]) != p[1] and above.get(p[1]) != p[0]]
    return pairs


def grouped(pairs: list[tuple[uuid.UUID, uuid.UUID, float]]) -> tuple[dict[uuid.UUID, uuid.UUID], set[tuple[uuid.UUID, uuid.UUID]]]:
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
