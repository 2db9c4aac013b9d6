"""What a report asks: a record type, a filter, up to three groupings, measures, an order and a chart. Kept as JSON, read into these."""

from __future__ import annotations

import dataclasses
import datetime
import re
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from patron.kernel.parsing import Invalid
from patron.reports import formula
from patron.reports.enums import Aggregate, Bucket, Chart, Compare, Show

GROUPINGS = 3
MEASURES = 8
MOST_TOP = 100
_KEY = re.compile(r"[a-z][a-z0-9_]{0,30}")


class BadReport(Invalid):
    """A report that cannot be made: unreadable, or it asks for what the person may not see."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """A field by which rows are put together; dates also need a bucket."""

    field: str
    bucket: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure per group.

    `field` is a number of the type or of a record it points to (dotted), or with `collection` one of the records that point here; a date
    stands for the days from it to the date `until` ("" for today). `where` narrows the rows (those of the collection, where there is one).
    `key` is the measure's name in formulas. `percent` shows a formula's value times a hundred.
    """

    key: str
    aggregate: str = Aggregate.COUNT
    field: str = ""
    until: str = ""
    collection: str = ""
    where: Any = dataclasses.field(default_factory=dict)
    formula: str = ""
    label: Any = ""
    show: str = ""
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """A report. `sort` is "" (the groups' own order, or the largest first), "group", "-group", a measure's key, or that with "-" in front.

    `top` keeps the first so many groups (0: all); the others become one line. `method` names figures that have rules of their own instead of
    measures ("forecast": D1). `compare` puts another stretch of time beside the report's own (`reports.comparing`); a chosen one has two ISO dates.
    """

    type_key: str
    filter: Any = dataclasses.field(default_factory=dict)
    groupings: tuple[Grouping, ...] = ()
    measures: tuple[Measure, ...] = (Measure("records"),)
    sort: str = ""
    top: int = 0
    chart: str = Chart.BAR
    method: str = ""
    compare: str = ""
    compare_from: str = ""
    compare_to: str = ""

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        plain = asdict(self)
        plain["measures"] = [{**m, "label": str(m["label"])} for m in plain["measures"]]
        return plain


def read(stored: Any) -> Definition:
    """The definition in JSON; `BadReport` with words where it is none."""
    if not isinstance(stored, dict) or not isinstance(stored.get("type_key"), str):
        raise BadReport(_("This report cannot be read."))
    try:
        groupings = tuple(Grouping(**g) for g in stored.get("groupings", ()))
        measures = tuple(Measure(**m) for m in stored.get("measures", ()))
        rest = {n: stored[n] for n in ("filter", "sort", "top", "chart", "method", "compare", "compare_from", "compare_to") if n in stored}
        return checked(Definition(stored["type_key"], groupings=groupings, measures=measures or (Measure("records"),), **rest))
    except TypeError:
        raise BadReport(_("This report cannot be read.")) from None


def checked(definition: Definition) -> Definition:
    """The same definition, or `BadReport`: sizes, words of the closed lists, formulas. Fields are looked up when it is run, for each reader."""
    if len(definition.groupings) > GROUPINGS:
        raise BadReport(_("A report has at most %(n)s groupings.") % {"n": GROUPINGS})
    if len(definition.measures) > MEASURES:
        raise BadReport(_("A report has at most %(n)s measures.") % {"n": MEASURES})
    if len({(g.field, g.bucket) for g in definition.groupings}) < len(definition.groupings):
        raise BadReport(_("Group by each field once."))
    if definition.chart not in Chart.values or any(g.bucket and g.bucket not in Bucket.values for g in definition.groupings):
        raise BadReport(_("This report cannot be read."))
    if not isinstance(definition.top, int) or not 0 <= definition.top <= MOST_TOP:
        raise BadReport(_("Show between 1 and %(most)s groups.") % {"most": MOST_TOP})
    if not isinstance(definition.sort, str):
        raise BadReport(_("This report cannot be read."))
    _check_comparison(definition)
    keys = [m.key for m in definition.measures]
    if len(set(keys)) < len(keys) or not all(isinstance(k, str) and _KEY.fullmatch(k) for k in keys):
        raise BadReport(_("Each measure needs a name of its own."))
    for measure in definition.measures:
        _check_measure(measure, {m.key for m in definition.measures if m.aggregate != Aggregate.FORMULA})
    return definition


def _check_comparison(definition: Definition) -> None:
    if definition.compare not in Compare.values:
        raise BadReport(_("This report cannot be read."))
    if definition.compare and definition.method:
        raise BadReport(_("This report has months and categories of its own and is not compared with others."))
    if definition.compare == Compare.CHOSEN:
        try:
            first, last = (datetime.date.fromisoformat(day) for day in (definition.compare_from, definition.compare_to))
        except (TypeError, ValueError):
            raise BadReport(_("Enter the first and the last day to compare with.")) from None
        if not datetime.date(1900, 1, 1) <= first <= last <= datetime.date(9000, 1, 1):
            raise BadReport(_("The first day to compare with has to lie before the last."))


def _check_measure(measure: Measure, known: set[str]) -> None:
    if measure.aggregate not in Aggregate.values or measure.show not in Show.values:
        raise BadReport(_("This report cannot be read."))
    if measure.aggregate == Aggregate.FORMULA:
        unknown = formula.names(measure.formula) - known
        if unknown:
            raise BadReport(_("The formula asks for “%(name)s”, which is no measure of this report.") % {"name": min(unknown)})
    elif measure.aggregate != Aggregate.COUNT and not measure.field:
        raise BadReport(_("Choose what to add up."))
