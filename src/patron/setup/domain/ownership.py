"""Handing over what somebody works on: set-based, over every record type that has an owner."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from patron.identity.models import Membership
from patron.records import registry
from patron.records.record_type import RecordType
from patron.setup.rules import PERSONAL, open_rows, open_states


def owned(member: Membership) -> Iterator[tuple[RecordType, str, QuerySet[Any]]]:
    """(type, column, open rows of the person) for every type that is somebody's work."""
    for record_type in registry.all_types():
        column = record_type.owners[0] if record_type.owners else ""
        if record_type.key in PERSONAL or not _points_to_people(record_type, column):
            continue
        yield record_type, column, record_type.model.objects.filter(open_rows(record_type), **{column: member})


def _points_to_people(record_type: RecordType, column: str) -> bool:
    fields = {f.name: f for f in record_type.model._meta.local_fields}
    return column in fields and getattr(fields[column].remote_field, "model", None) is Membership


def counts(member: Membership) -> list[tuple[RecordType, str, int]]:
    """How much open work of which type the person has; types without any are left out."""
    found = [(record_type, column, rows.count()) for record_type, column, rows in owned(member)]
    return [entry for entry in found if entry[2]]


def filter_of(record_type: RecordType, column: str, member: Membership) -> str:
    """The list's filter that shows the same rows."""
    states = open_states(record_type)
    nodes: list[Any] = [[column, "is", [str(member.pk)]], *([[states[0], "is", states[1]]] if states else [])]
    return urlencode({"f": json.dumps({"and": nodes}, separators=(",", ":"))})


def hand_over(member: Membership, to: Membership) -> int:
    """Give all open work to somebody else, inside the operation that is open; answers how many records."""
    return sum(rows.update(**{column: to}) for _type, column, rows in owned(member))
