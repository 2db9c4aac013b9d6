"""What is searched for duplicates: the records of one type, or those of a type against another's. The same code works on both."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from patron.identity.access import Access
from patron.quality.plan import Plan
from patron.records import registry
from patron.records.matching import Across, Match
from patron.records.record_type import RecordType


@dataclass(frozen=True, slots=True)
class Subject:
    """Which records are compared. `key` names scans, models, pairs and decisions: a type's key, or two with a stroke between ("leads/contacts")."""

    key: str
    label: Any
    first: RecordType
    second: RecordType
    across: Across | None = None

    @property
    def plan(self) -> Plan:
        """The comparisons, reading the first type's fields, with the words that people know them by."""
        matches, blocks = (self.across.matches, self.across.blocks) if self.across else (self.first.matches, self.first.match_blocks)
        return Plan(matches, blocks, _labels(self.first, matches))

    @property
    def plan_there(self) -> Plan:
        """The same comparisons, reading the second type's fields."""
        if self.across is None:
            return self.plan
        return Plan(self.across.matches_there, self.across.blocks, _labels(self.first, self.across.matches))

    def rows(self, record_type: RecordType) -> QuerySet[Any]:
        """The records of one side that are searched: all live ones, and of the first type those that are still worth it."""
        found = record_type.model.objects.all()
        return self._worth(record_type, found.filter(archived_at__isnull=True) if record_type.archivable else found)

    def live(self, record_type: RecordType, access: Access) -> QuerySet[Any]:
        """The same, as far as the person may see them."""
        return self._worth(record_type, record_type.live(access).order_by())

    def _worth(self, record_type: RecordType, found: QuerySet[Any]) -> QuerySet[Any]:
        return found.filter(**self.across.only) if self.across and record_type is self.first else found

    @property
    def sides(self) -> tuple[RecordType, ...]:
        """The one type, or the two."""
        return (self.first, self.second) if self.across else (self.first,)

    def ordered(self, a: uuid.UUID, b: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID]:
        """A pair as it is kept: the smaller id first, or the record of the first type."""
        return (a, b) if self.across or a < b else (b, a)

    def allows(self, access: Access) -> bool:
        """Whether the person may do something about what is found."""
        return access.can(self.first.key, "view") and access.can(self.first.key, "edit") and access.can(self.second.key, "view")

    def whole_view(self, access: Access) -> bool:
        """Whether no record of either side is hidden from the person."""
        return all(access.scope(t.key, "view") == "all" for t in self.sides)


def _labels(record_type: RecordType, matches: tuple[Match, ...]) -> Mapping[str, str]:
    return {m.name: str(record_type.fields[m.name].label).lower() if m.name in record_type.fields else m.name for m in matches}


def within(record_type: RecordType) -> Subject:
    """The records of one type among each other."""
    return Subject(record_type.key, record_type.plural, record_type, record_type)


def subjects() -> list[Subject]:
    """Everything that can be searched: each type first, then types against others."""
    types = [t for t in registry.all_types() if t.matches and t.mergeable]
    known = {t.key: t for t in registry.all_types()}
    pairs = [Subject(f"{t.key}/{a.type_key}", a.label, t, known[a.type_key], a) for t in known.values() for a in t.across if a.type_key in known]
    return [*(within(t) for t in types), *pairs]


def of(what: RecordType | Subject) -> Subject:
    """A subject as it is; a type as the subject of its records among each other."""
    return what if isinstance(what, Subject) else within(what)


def get(key: str) -> Subject:
    """The subject with that key; KeyError where there is none (any more)."""
    return {s.key: s for s in subjects()}[key]
