"""What a report may be made of, for one person: types, fields to group by, numbers to add up. Hidden fields are not offered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from patron.records import registry
from patron.records.fields import Field
from patron.records.kinds import View
from patron.records.record_type import RecordType
from patron.reports.keys import GROUPABLE
from patron.reports.sums import DATES, NUMERIC

Choices = list[tuple[str, str]]
#: Choices under headings.
Grouped = list[tuple[str, Choices]]


def types(view: View) -> Choices:
    """The record types that the person may see, those of the sidebar first."""
    found = [t for t in registry.all_types() if t.screens and view.access.can(t.key, "view")]
    return [(t.key, str(t.plural)) for t in sorted(found, key=lambda t: (not t.nav, t.nav_order, str(t.plural)))]


def related(record_type: RecordType, view: View) -> Iterator[tuple[str, list[Field]]]:
    """Fields of records that this type points to, by relation; one step, as the filter builder offers them."""
    for field in record_type.visible_fields(view.access).values():
        target = registry.find_model(field.model) if field.is_relation else None
        if target is not None and target is not record_type and view.access.scope(target.key, "view") == "all":
            yield str(field.label), [f.through(field) for f in target.visible_fields(view.access).values()]


def group_fields(record_type: RecordType, view: View) -> Grouped:
    """Fields to group by: the type's own in the order of its filters, then those across relations."""
    own = record_type.visible_fields(view.access)
    names = [*[n for n in record_type.filters if n in own], *sorted((n for n in own if n not in record_type.filters), key=lambda n: str(own[n].label))]
    found: Grouped = [(str(record_type.plural), [(n, str(own[n].label)) for n in names if own[n].kind in GROUPABLE])]
    for label, fields in related(record_type, view):
        found.append((label, [(f.name, str(f.label)) for f in fields if f.kind in GROUPABLE and f.name.count(".") == 1]))
    return [g for g in found if g[1]]


def dated(record_type: RecordType, view: View) -> set[str]:
    """Names of the fields whose groups need a bucket."""
    own = {n for n, f in record_type.visible_fields(view.access).items() if f.kind in DATES}
    return own | {f.name for _label, fields in related(record_type, view) for f in fields if f.kind in DATES}


def measure_fields(record_type: RecordType, view: View) -> Grouped:
    """What can be worked out: numbers, days since a date, the same across relations, and records that point here."""
    own = record_type.visible_fields(view.access).values()
    found: Grouped = [
        (str(record_type.plural), [("", str(record_type.plural)), *((f.name, str(f.label)) for f in own if f.kind in NUMERIC)]),
        (_("Days since"), [(f.name, _("Days since %(date)s") % {"date": str(f.label).lower()}) for f in own if f.kind in DATES]),
        (_("Different values"), [(f.name, str(f.label)) for f in own if f.is_relation]),
    ]
    for label, fields in related(record_type, view):
        found.append((label, [(f.name, str(f.label)) for f in fields if f.kind in NUMERIC]))
    for name, (key, _back) in record_type.collections.items():
        other = registry.find(key)
        if other is not None and view.access.can(key, "view"):
            numbers = [f for f in other.visible_fields(view.access).values() if f.kind in NUMERIC]
            heading = _("%(plural)s of each") % {"plural": other.plural}
            found.append((heading, [(f"{name}:", str(other.plural)), *((f"{name}:{f.name}", f"{other.plural} › {f.label}") for f in numbers)]))
    return [g for g in found if g[1]]


def date_fields(record_type: RecordType, view: View) -> Choices:
    return [(n, str(f.label)) for n, f in record_type.visible_fields(view.access).items() if f.kind in DATES]


def has(groups: Grouped, name: str) -> bool:
    return any(name == value for _label, choices in groups for value, _words in choices)


def context(record_type: RecordType, view: View) -> dict[str, Any]:
    """Everything that the builder's form chooses from."""
    return {
        "group_fields": group_fields(record_type, view), "measure_fields": measure_fields(record_type, view), "date_fields": date_fields(record_type, view),
        "dated": dated(record_type, view),
    }  # fmt: skip
