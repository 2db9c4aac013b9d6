"""Not the same: said once, remembered for good."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Collection
from typing import Annotated, Any

from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.quality.models import Apart, Pair
from patron.records import registry
from patron.records.duplicates import told_apart
from patron.records.merging import redirects
from patron.records.record_type import RecordType
from patron.records.verbs import Input, Refused, verb

MOST = 10


@verb("*", "keep_apart", label=_("Not a duplicate"), icon="unlink", action="edit", needs="mergeable", order=87, done=_("Remembered as different"))
def keep_apart(
    record: Any,
    *,
    access: Access,
    others: Annotated[list[str], Input(_("Is not the same as"), kind="tags", hint=_("Ids of the other records, separated by commas."))],
    among: Annotated[bool, Input(_("The others are different from each other, too"))] = False,
) -> int:
    """Say that a record is not the same as others: no scan and no warning names them together again. Undo takes it back."""
    record_type = registry.of_model(type(record))
    try:
        ids = {uuid.UUID(str(o).strip()) for o in others} - {record.pk}
    except ValueError:
        raise Refused(_now("Give the ids of the other records."), field="others") from None
    if not ids or record_type.visible(access).filter(pk__in=ids).count() < len(ids):
        raise Refused(_now("A record does not exist, or you cannot see it."), field="others")
    return remember(record_type, all_pairs({record.pk, *ids}) if among else [(record.pk, other) for other in ids], access)


def remember(record_type: RecordType, pairs: Collection[tuple[uuid.UUID, uuid.UUID]], access: Access) -> int:
    """Keep pairs apart, in the open operation; answers how many are new."""
    rows = [Apart(type_key=record_type.key, a_id=min(p), b_id=max(p), member_id=access.member_id, member_name=access.name[:150]) for p in pairs]
    known = set(_rows(record_type, {i for p in pairs for i in p}))
    fresh = [r for r in rows if (r.a_id, r.b_id) not in known]
    Apart.objects.bulk_create(fresh)
    return len(fresh)


def all_pairs(ids: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, uuid.UUID]]:
    return list(itertools.combinations(sorted(ids), 2))


def _rows(record_type: RecordType, ids: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, uuid.UUID]]:
    return list(Apart.objects.filter(type_key=record_type.key).filter(Q(a_id__in=ids) | Q(b_id__in=ids)).values_list("a_id", "b_id"))


def said(record_type: RecordType) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Every pair that is kept apart, as the records are now: what was said of a merged one holds for the one that stayed."""
    rows = list(Apart.objects.filter(type_key=record_type.key).values_list("a_id", "b_id"))
    went = redirects.follow(record_type, {i for row in rows for i in row})
    found = {(went.get(a, a), went.get(b, b)) for a, b in rows}
    return {(min(p), max(p)) for p in found if p[0] != p[1]}


@told_apart
def from_record(record_type: RecordType, record_id: uuid.UUID) -> set[uuid.UUID]:
    """The records that this one was told apart from, for the warning while typing."""
    return {other for row in _rows(record_type, [record_id]) for other in row} - {record_id}


def without(pairs: Any) -> Any:
    """Of a query set of pairs, those that nobody keeps apart."""
    from django.db.models import Exists, OuterRef

    return pairs.filter(~Exists(Apart.objects.filter(type_key=OuterRef("type_key"), a_id=OuterRef("a_id"), b_id=OuterRef("b_id"))))


def forget_pairs(record_type: RecordType, ids: Collection[uuid.UUID]) -> None:
    """Take the pairs of these records out of the queue, where a scan is to find them anew."""
    Pair.objects.filter(type_key=record_type.key).filter(Q(a_id__in=ids) | Q(b_id__in=ids)).delete()
