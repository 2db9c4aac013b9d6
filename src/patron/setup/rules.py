"""The closed knowledge of the settings: which types are lists of values, what counts as open work."""

from __future__ import annotations

from django.db.models import Q

from patron.records.customs.types import OwnRecordType
from patron.records.record_type import RecordType

#: Record types that are plain lists of values, in the order of the settings. Those that are not installed are left out.
LISTS: tuple[str, ...] = (
    "industries", "segments", "lead-sources", "disqualify-reasons", "lost-reasons", "competitors", "connection-types", "product-lines", "brands",
)  # fmt: skip
#: Lists that are longer than a page of settings: their own list is opened.
TABLES: tuple[str, ...] = ("exchange-rates",)
#: Types that are put in order within another record: type -> the field that points to it.
WITHIN: dict[str, str] = {"stages": "pipeline"}

#: Types whose rows say who did something, who somebody is, or act in somebody's name: they stay with the person who leaves.
PERSONAL = frozenset({"people", "team-members", "calls", "meetings", "notes", "activities", "keys", "proposals", "reports", "dashboards", "report-schedules"})
_STATES = ("outcome", "state", "status")
_OPEN = frozenset({"open", "new", "working", "planned", "in_progress", "waiting"})


def open_states(record_type: RecordType) -> tuple[str, list[str]] | None:
    """The column that says whether a row is still worked on, and its open values; None for types without."""
    if isinstance(record_type, OwnRecordType):
        return ("state", list(record_type.open_states)) if record_type.open_states else None
    names = {f.name: f for f in record_type.model._meta.local_fields}
    for name in _STATES:
        values = [value for value, _label in (names[name].choices or ()) if value in _OPEN] if name in names else []
        if values:
            return name, values
    return None


def open_rows(record_type: RecordType) -> Q:
    """Which rows somebody still works on: live, and where the type knows states, in an open one."""
    condition = Q(archived_at__isnull=True) if record_type.archivable else Q()
    states = open_states(record_type)
    return condition & Q(**{f"{states[0]}__in": states[1]}) if states else condition
