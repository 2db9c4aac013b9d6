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
from patron.quality.models import Apart
from patron.quality.subjects import Subject, get, of, subjects
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
    kind: Annotated[str, Input(_("Kind of the others"), hint=_("Where they are records of another kind: contacts, say."))] = "",
) -> int:
    """Say that a record is not the same as others: no scan, warning or proposal names them together again. Undo takes it back."""
    record_type = registry.of_model(type(record))
    subject = _subject(record_type, kind)
    try:
        ids = {uuid.UUID(str(o).strip()) for o in others} - {record.pk}
    except ValueError:
        raise Refused(_now("Give the ids of the other records."), field="others") from None
    if not ids or subject.second.visible(access).filter(pk__in=ids).count() < len(ids):
        raise Refused(_now("A record does not exist, or you cannot see it."), field="others")
    return remember(subject, all_pairs({record.pk, *ids}) if among and not subject.across else [(record.pk, other) for other in ids], access)


def _subject(record_type: RecordType, kind: str) -> Subject:
    if kind in ("", record_type.key):
        return of(record_type)
    try:
        return get(f"{record_type.key}/{kind}")
    except KeyError:
        raise Refused(_now("Records of these kinds are not compared."), field="kind") from None


def remember(what: RecordType | Subject, pairs: Collection[tuple[uuid.UUID, uuid.UUID]], access: Access) -> int:
    """Keep pairs apart, in the open operation; answers how many are new."""
    subject = of(what)
    ordered = [subject.ordered(*p) for p in pairs]
    rows = [Apart(type_key=subject.key, a_id=a, b_id=b, member_id=access.member_id, member_name=access.name[:150]) for a, b in ordered]
    known = set(_rows([subject.key], {i for p in pairs for i in p}))
    fresh = [r for r in rows if (r.a_id, r.b_id) not in known]
    Apart.objects.bulk_create(fresh)
    return len(fresh)


def all_pairs(ids: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, uuid.UUID]]:
    return list(itertools.combinations(sorted(ids), 2))


def _rows(keys: Collection[str], ids: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, uuid.UUID]]:
    return list(Apart.objects.filter(type_key__in=keys).filter(Q(a_id__in=ids) | Q(b_id__in=ids)).values_list("a_id", "b_id"))


def said(what: RecordType | Subject) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Every pair that is kept apart, as the records are now: what was said of a merged one holds for the one that stayed."""
    subject = of(what)
    rows = list(Apart.objects.filter(type_key=subject.key).values_list("a_id", "b_id"))
    went = {old: new for t in subject.sides for old, new in redirects.follow(t, {i for row in rows for i in row}).items()}
    found = {(went.get(a, a), went.get(b, b)) for a, b in rows}
    return {subject.ordered(*p) for p in found if p[0] != p[1]}


@told_apart
def from_record(record_type: RecordType, record_id: uuid.UUID) -> set[uuid.UUID]:
    """The records that this one was told apart from, whatever their type: for the warning while typing, and for proposals."""
    keys = [s.key for s in subjects() if record_type in s.sides]
    return {other for row in _rows(keys, [record_id]) for other in row} - {record_id}


def without(pairs: Any) -> Any:
    """Of a query set of pairs, those that nobody keeps apart."""
    from django.db.models import Exists, OuterRef

    return pairs.filter(~Exists(Apart.objects.filter(type_key=OuterRef("type_key"), a_id=OuterRef("a_id"), b_id=OuterRef("b_id"))))
