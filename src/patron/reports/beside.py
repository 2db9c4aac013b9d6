"""Lines of a report beside those of another stretch of time, and the columns that tell the difference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from patron.records.kinds import View
from patron.reports import keys
from patron.reports.comparing import Comparison
from patron.reports.keys import Key
from patron.reports.result import NEW, Figure, Line, is_share
from patron.reports.sums import Column

Figures = dict[str, Figure]


def joined(comparison: Comparison, chosen: Sequence[Key], lines: list[Line], earlier: list[Line], nothing: Figures, view: View) -> list[Line]:
    """Each group with what it was; what there was only then has a line of nothing now. A group without a counterpart (a 31st day) stays alone."""
    there = {line.keys: line for line in earlier}
    for line in lines:
        wanted = comparison.partner(chosen, line.keys)
        if wanted is not None:
            line.before = there.pop(wanted, None) or _nothing(chosen, wanted, nothing, view)
    for line in there.values():
        values = comparison.back(chosen, line.keys)
        if values is not None:
            lines.append(_now(chosen, values, line, nothing, view))
    return lines


def _nothing(chosen: Sequence[Key], values: tuple[Any, ...], nothing: Figures, view: View) -> Line:
    return Line(values, (), dict(nothing), [keys.condition(key, value, view) for key, value in zip(chosen, values, strict=True)])


def _now(chosen: Sequence[Key], values: tuple[Any, ...], before: Line, nothing: Figures, view: View) -> Line:
    """The line of a group that has no rows now, named as it was then; dates are today's."""
    made = Line(values, before.labels, dict(nothing), [keys.condition(key, value, view) for key, value in zip(chosen, values, strict=True)], before.places, before=before)
    for i, (key, value) in enumerate(zip(chosen, values, strict=True)):
        if key.is_date and value is not None:
            made.labels = (*made.labels[:i], keys.bucket_label(key.bucket, value, view), *made.labels[i + 1 :])
            made.places = (*made.places[:i], (0, value), *made.places[i + 1 :])
    return made


def step_by_step(comparison: Comparison, chosen: Sequence[Key], lines: list[Line], nothing: Figures, view: View) -> list[Line]:
    """Each group with the one a step earlier among the same lines. What lies before all of them is unknown: the filter may have left it out."""
    place = next((i for i, key in enumerate(chosen) if key.is_date), None)
    days = [line.keys[place] for line in lines if place is not None and line.kind == "group" and line.keys[place] is not None]
    if place is None or not days:
        return lines
    first, known = min(days), {line.keys: line for line in lines if line.kind == "group"}
    for line in lines:
        wanted = comparison.partner(chosen, line.keys) if line.kind == "group" else None
        if wanted is not None and wanted[place] >= first and line.before is None:
            line.before = known.get(wanted) or _nothing(chosen, wanted, nothing, view)
    return lines


def widened(columns: Iterable[Column], words: str) -> list[Column]:
    """Each column, and behind it what it was, by how much it differs, and by how many per cent; shares differ by points."""
    found = []
    for column in columns:
        bare = replace(column, expression=None, gaps=None, of=column.id)
        found += [column, replace(bare, id=f"{column.id}.before", role="before", label=_("%(what)s, %(when)s") % {"what": column.label, "when": words})]
        found.append(replace(bare, id=f"{column.id}.diff", role="diff", label=_("%(what)s, difference") % {"what": column.label}))
        if not is_share(column):
            found.append(replace(bare, id=f"{column.id}.change", role="change", kind="percent", currency="", label=_("%(what)s, change") % {"what": column.label}))
    return found


def fill(lines: Iterable[Line], columns: Iterable[Column]) -> None:
    """The figures of the columns that compare."""
    compared = [c for c in columns if c.role]
    for line in lines:
        for column in compared:
            now, before = line.values[column.of], line.before.values[column.of] if line.before else None
            line.values[column.id] = before if column.role == "before" else _told(column.role, now, before)


def _told(role: str, now: Figure, before: Figure) -> Figure:
    """The difference, or the change in per cent of what it was: `NEW` where it was nothing, unknown where either is or both are nothing."""
    if now is None or before is None:
        return None
    difference = Decimal(now) - Decimal(before)
    if role == "diff":
        return difference
    if not before:
        return NEW if now else None
    return difference * 100 / abs(Decimal(before))
