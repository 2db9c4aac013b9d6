"""What a report asks: a record type, a filter, up to three groupings, measures, an order and a chart. Kept as JSON, read into these."""

from __future__ import annotations

import dataclasses
import datetime
import re
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from patron.kernel.parsing import Invalid, unkept
from patron.reports import formula
from patron.reports.enums import Aggregate, Bucket, Chart, Compare, Show

GROUPINGS = 3
MEASURES = 8
MOST_TOP = 100
LONGEST = 500
_KEY = re.compile(r"[a-z][a-z0-9_]{0,30}")


class BadReport(Invalid):
    """A report that cannot be made: unreadable, or it asks for what the person may not see. `place` says where in its definition, as far as it is known."""

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(message)
        self.place = place


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


_KINDS: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "bool": (bool,)}


def read(stored: Any) -> Definition:
    """The definition in JSON; `BadReport` with words, and the place in it, where it is none. Members that do not exist are refused by name."""
    given = dict(_members(Definition, stored, ""))
    if not given.get("type_key"):
        raise BadReport(_("Say which type of record the report is about."), "type_key")
    for name, cls in (("groupings", Grouping), ("measures", Measure)):
        if name in given:
            given[name] = tuple(cls(**_members(cls, one, f"{name}[{i}]")) for i, one in enumerate(given[name]))
    given["measures"] = given.get("measures") or (Measure("records"),)
    return checked(Definition(**given))


def _members(cls: Any, given: Any, place: str) -> dict[str, Any]:
    """The members of an object, each of its kind."""
    if not isinstance(given, dict):
        raise BadReport(_("Write an object here, in curly brackets."), place)
    known = {f.name: f for f in dataclasses.fields(cls)}
    for name, value in given.items():
        where = f"{place}.{name}" if place else str(name)
        if name not in known:
            raise BadReport(_("There is no such member. Possible: %(names)s.") % {"names": ", ".join(known)}, where)
        if problem := _unfit(name, str(known[name].type), value):
            raise BadReport(problem, where)
    for name, field in known.items():
        if name not in given and field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise BadReport(_("This is needed."), f"{place}.{name}" if place else name)
    return given


def _unfit(name: str, kind: str, value: Any) -> str:
    """What is wrong with a value; nothing where it is of the member's kind."""
    wanted = _KINDS.get(kind, (str,) if name == "label" else (dict, list) if kind == "Any" else (list, tuple))
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted != (bool,)):
        words = {str: _("Write text here, in quotation marks."), int: _("Write a whole number here."), bool: _("Write true or false."), list: _("Write a list here, in square brackets."), dict: _("Write a filter here.")}
        return words[wanted[0]]
    if isinstance(value, str) and (len(value) > LONGEST or unkept(value)):
        return _("Write at most %(n)s characters, without control characters.") % {"n": LONGEST}
    return ""


def checked(definition: Definition) -> Definition:
    """The same definition, or `BadReport`: sizes, words of the closed lists, formulas. Fields are looked up when it is run, for each reader."""
    if len(definition.groupings) > GROUPINGS:
        raise BadReport(_("A report has at most %(n)s groupings.") % {"n": GROUPINGS}, "groupings")
    if len(definition.measures) > MEASURES:
        raise BadReport(_("A report has at most %(n)s measures.") % {"n": MEASURES}, "measures")
    if len({(g.field, g.bucket) for g in definition.groupings}) < len(definition.groupings):
        raise BadReport(_("Group by each field once."), "groupings")
    _must_be_of(definition.chart, Chart.values, "chart")
    for i, grouping in enumerate(definition.groupings):
        _must_be_of(grouping.bucket, ["", *Bucket.values], f"groupings[{i}].bucket")
    if not isinstance(definition.top, int) or not 0 <= definition.top <= MOST_TOP:
        raise BadReport(_("Show between 1 and %(most)s groups.") % {"most": MOST_TOP}, "top")
    if not isinstance(definition.sort, str):
        raise BadReport(_("This report cannot be read."), "sort")
    _check_comparison(definition)
    _check_keys(definition)
    for i, measure in enumerate(definition.measures):
        _check_measure(measure, {m.key for m in definition.measures if m.aggregate != Aggregate.FORMULA}, f"measures[{i}]")
    return definition


def _check_keys(definition: Definition) -> None:
    seen: set[str] = set()
    for i, measure in enumerate(definition.measures):
        if measure.key in seen or not isinstance(measure.key, str) or not _KEY.fullmatch(measure.key):
            raise BadReport(_("Each measure needs a name of its own."), f"measures[{i}].key")
        seen.add(measure.key)


def _must_be_of(value: Any, words: list[str], place: str) -> None:
    """A word of a closed list."""
    if value not in words:
        raise BadReport(_("This report cannot be read: “%(value)s” is none of %(words)s.") % {"value": str(value)[:40], "words": ", ".join(w for w in words if w)}, place)


def _check_comparison(definition: Definition) -> None:
    _must_be_of(definition.compare, Compare.values, "compare")
    if definition.compare and definition.method:
        raise BadReport(_("This report has months and categories of its own and is not compared with others."), "compare")
    if definition.compare == Compare.CHOSEN:
        try:
            first, last = (datetime.date.fromisoformat(day) for day in (definition.compare_from, definition.compare_to))
        except (TypeError, ValueError):
            raise BadReport(_("Enter the first and the last day to compare with."), "compare_from") from None
        if not datetime.date(1900, 1, 1) <= first <= last <= datetime.date(9000, 1, 1):
            raise BadReport(_("The first day to compare with has to lie before the last."), "compare_from")


def _check_measure(measure: Measure, known: set[str], place: str) -> None:
    _must_be_of(measure.aggregate, Aggregate.values, f"{place}.aggregate")
    _must_be_of(measure.show, Show.values, f"{place}.show")
    if measure.aggregate == Aggregate.FORMULA:
        try:
            unknown = formula.names(measure.formula) - known
        except Invalid as error:
            raise BadReport(error.message, f"{place}.formula") from error
        if unknown:
            raise BadReport(_("The formula asks for “%(name)s”, which is no measure of this report.") % {"name": min(unknown)}, f"{place}.formula")
    elif measure.aggregate != Aggregate.COUNT and not measure.field:
        raise BadReport(_("Choose what to add up."), f"{place}.field")
