"""Lists of values: what is in them, how often each is used, and their order."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Case, Count, QuerySet, Value, When
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.ledger.operations import operation
from patron.records import changes, registry
from patron.records.kinds import View
from patron.records.record_type import RecordType
from patron.records.verbs import Refused
from patron.records.views.base import href
from patron.records.views.record import fact
from patron.setup.rules import WITHIN

STEP = 10


@dataclass(slots=True)
class Use:
    """How many records of a type point to an entry, and where they are listed."""

    count: int
    label: Any
    url: str


@dataclass(slots=True)
class Entry:
    """One value of a list: its name, its other columns, and who uses it."""

    record: Any
    title: Any
    cells: list[Any]
    uses: list[Use] = field(default_factory=list)

    @property
    def used(self) -> int:
        return sum(use.count for use in self.uses)


def ordered(record_type: RecordType) -> bool:
    """Whether the list has an order of its own; else it goes by name."""
    return any(f.name == "order" for f in record_type.model._meta.local_fields)


def rows(record_type: RecordType, *, within: Any = None) -> QuerySet[Any]:
    """The live entries in their order."""
    found = record_type.model.objects.all()
    if record_type.archivable:
        found = found.filter(archived_at__isnull=True)
    if within is not None:
        found = found.filter(**{WITHIN[record_type.key]: within})
    return found.order_by(*(["order"] if ordered(record_type) else []), record_type.title_path, "pk")


def columns(record_type: RecordType) -> list[str]:
    """What a list shows beside the name."""
    hidden = {record_type.title, "order", WITHIN.get(record_type.key, "")}
    return [name for name in record_type.columns if name not in hidden and name in record_type.fields]


def entries(record_type: RecordType, found: list[Any], view: View) -> list[Entry]:
    """The entries with everything that is shown of them: a constant number of queries."""
    shown = [record_type.fields[n] for n in columns(record_type)]
    titles: dict[Any, str] = {}
    for relation in (f for f in shown if f.is_relation):
        target = registry.find_model(relation.model)
        ids = {getattr(r, relation.path) for r in found} - {None}
        titles.update({pk: str(n) for pk, n in relation.model.objects.filter(pk__in=ids).values_list("pk", target.title_path if target else "name")})
    uses = usage(record_type, view.access)
    return [Entry(r, getattr(r, record_type.title), [fact(f, r, view, titles) for f in shown], uses.get(r.pk, [])) for r in found]


def usage(record_type: RecordType, access: Access) -> dict[Any, list[Use]]:
    """Entry -> who points to it: one query per column that can."""
    found: dict[Any, list[Use]] = {}
    for other in registry.all_types():
        for pointing in other.fields.values():
            if pointing.model is not record_type.model or other is record_type or "__" in pointing.path or WITHIN.get(other.key) == pointing.name:
                continue
            numbers = other.model.objects.filter(**{f"{pointing.path}__isnull": False}).values_list(pointing.path).annotate(n=Count("pk")).order_by()
            for pk, number in numbers:
                query = urlencode({"f": json.dumps({"and": [[pointing.name, "is", [str(pk)]]]}, separators=(",", ":"))})
                found.setdefault(pk, []).append(Use(number, other.plural if number > 1 else other.label, href(access, other.key, query=query)))
    return found


def add(record_type: RecordType, name: str, *, access: Access) -> Any:
    """A new entry at the end of the list; raises `changes.NotValid`."""
    values: dict[str, Any] = {record_type.title: name.strip()}
    if ordered(record_type):
        last = record_type.model.objects.order_by("-order").values_list("order", flat=True).first() or 0
        values["order"] = last + STEP
    return changes.create(record_type, values, access=access)


def is_plain(record_type: RecordType) -> bool:
    """Whether a name is all that an entry needs."""
    return all(n == record_type.title for n, f in record_type.fields.items() if f.required and f.editable)


def move(record_type: RecordType, record: Any, step: int, *, access: Access) -> uuid.UUID | None:
    """One place up (-1) or down (1); answers the operation, None at the ends."""
    ids = _siblings(record_type, record)
    at = ids.index(record.pk)
    if not 0 <= at + step < len(ids):
        return None
    ids[at], ids[at + step] = ids[at + step], ids[at]
    return write_order(record_type, ids, access)


def arrange(record_type: RecordType, wanted: list[uuid.UUID], *, access: Access, seen: list[uuid.UUID] | None = None) -> uuid.UUID | None:
    """The order that somebody dragged the entries into. `Refused` where the list, or its order since it was `seen`, is another one meanwhile."""
    first = record_type.model.objects.filter(pk__in=wanted[:1]).first()
    same_list(_siblings(record_type, first) if first is not None else [], wanted, seen)
    return write_order(record_type, wanted, access)


def same_list(now: list[uuid.UUID], wanted: list[uuid.UUID], seen: list[uuid.UUID] | None) -> None:
    """Raise `Refused` where what is to be put in order is not what there is, or somebody put it in another order since."""
    if not now or set(now) != set(wanted) or (seen and seen != now):
        raise Refused(_("The list was changed meanwhile. Reload the page and move it again."))


def _siblings(record_type: RecordType, record: Any) -> list[uuid.UUID]:
    parent = WITHIN.get(record_type.key)
    within = getattr(record, f"{parent}_id") if parent else None
    return list(rows(record_type, within=within).select_for_update(of=("self",)).values_list("pk", flat=True))


def write_order(record_type: RecordType, ids: list[uuid.UUID], access: Access) -> uuid.UUID:
    """One statement; entries that keep their place are not touched."""
    places = {pk: (at + 1) * STEP for at, pk in enumerate(ids)}
    present = dict(record_type.model.objects.filter(pk__in=ids).values_list("pk", "order"))
    moved = [pk for pk in ids if present[pk] != places[pk]]
    with transaction.atomic(), operation(f"{record_type.key}.arrange", access=access) as signed:
        cases = [When(pk=pk, then=Value(places[pk])) for pk in moved]
        if cases:
            record_type.model.objects.filter(pk__in=moved).update(order=Case(*cases))
    return signed.id
