"""The form of a record type: its plain fields by the common machinery, its states as rows that are moved, added and taken away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from patron.records import changes, registry
from patron.records.kinds import View
from patron.records.own_records import CustomType
from patron.setup.own_types import KEY, MOST_STATES

NAMES = ("label", "plural", "key", "icon", "description", "title_label", "prefix", "nav", "order")
TONE_WORDS: dict[str, Any] = {"none": _("grey"), "info": _("blue"), "note": _("violet"), "good": _("green"), "warn": _("amber"), "bad": _("red")}


@dataclass(slots=True)
class StateRow:
    """One line of the states editor; `value` is empty for a state that is not saved yet."""

    value: str = ""
    label: str = ""
    tone: str = "none"
    closed: bool = False


def rows_of(states: Any) -> list[StateRow]:
    """The states of a type as rows."""
    return [StateRow(str(s.get("value", "")), str(s.get("label", "")), str(s.get("tone") or "none"), bool(s.get("closed"))) for s in states or ()]


def read_rows(data: QueryDict) -> list[StateRow]:
    """The rows that a form holds. The ticks name their row by its place."""
    values, labels, tones = data.getlist("state-value"), data.getlist("state-label"), data.getlist("state-tone")
    closed = set(data.getlist("state-closed"))
    return [StateRow(value, label.strip(), tone, str(i) in closed) for i, (value, label, tone) in enumerate(zip(values, labels, tones, strict=False))][:MOST_STATES]


def changed_rows(rows: list[StateRow], order: str) -> list[StateRow]:
    """The rows after a button was pressed: `add`, `up:2`, `down:2`, `remove:2`."""
    word, _colon, place = order.partition(":")
    at = int(place) if place.isdigit() else -1
    rows = list(rows)
    if word == "add" and len(rows) < MOST_STATES:
        rows.append(StateRow())
    elif 0 <= at < len(rows):
        row = rows.pop(at)
        if word in ("up", "down"):
            rows.insert(max(at - 1, 0) if word == "up" else at + 1, row)
    return rows


def read(data: QueryDict, view: View, record: CustomType | None) -> dict[str, Any]:
    """Values out of a form; raises `changes.NotValid` with a message per field."""
    own = registry.get(KEY)
    reading = changes.read(own, data, view, [n for n in NAMES if n in data], record=record)
    states = [{"value": r.value, "label": r.label, "tone": r.tone, "closed": r.closed} for r in read_rows(data) if r.label]
    values = {**reading.values, "states": states}
    missing = {n: own.fields[n] for n in ("label", "plural") if not str(data.get(n, "")).strip() and n not in reading.errors}
    errors = {**reading.errors, **{n: str(_("Enter a value for “%(label)s”.")) % {"label": f.label} for n, f in missing.items()}}
    if errors:
        raise changes.NotValid(errors)
    return values


def save(values: dict[str, Any], view: View, record: CustomType | None) -> CustomType:
    """Make a type, or change one; raises `changes.NotValid`."""
    own = registry.get(KEY)
    if record is None:
        made: CustomType = changes.create(own, values, access=view.access)
        return made
    changes.edit(own, record, values, access=view.access)
    return record
