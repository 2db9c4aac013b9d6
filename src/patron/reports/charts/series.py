"""What a chart shows of a result: rows of values, one per series."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from patron.reports.enums import Aggregate, Chart, Show
from patron.reports.result import Line, Result
from patron.reports.sums import Column

SERIES = 6
ROWS = 30
POINTS = 120


@dataclass(slots=True)
class Point:
    """One mark: its value, how it reads, where it leads."""

    value: Decimal | None
    text: str
    href: str = ""


@dataclass(slots=True)
class Row:
    """A bar, a column or a place on the line: its name, and a point per series."""

    label: str
    points: list[Point]
    total: str = ""
    href: str = ""


@dataclass(slots=True)
class Plot:
    """Rows and the names of their series; `left_out` says how many groups the picture leaves to the table."""

    series: list[str]
    rows: list[Row]
    column: Column
    left_out: int = 0
    names: list[str] = field(default_factory=list)
    #: Whether the series stand beside each other instead of adding up: now, and the time it is compared with.
    beside: bool = False


def additive(column: Column) -> bool:
    """Whether the parts make the whole: averages, medians and rates of parts are not to be stacked."""
    return column.measure.aggregate in (Aggregate.COUNT, Aggregate.SUM) and column.measure.show != Show.RUNNING


def plot(result: Result) -> Plot:
    """The rows and series of the result's chart."""
    chart, first = result.definition.chart, _first(result)
    together = chart in (Chart.STACKED, Chart.LINE) or (chart == Chart.BAR and len(result.keys) > 1)
    before = result.beside(first, "before") if len(result.keys) == 1 and (together or chart == Chart.BAR) else None
    if before is not None:
        made = Plot([first.label, before.label], [_compared(result, line, first, before) for line in result.firsts], first, beside=True)
    elif len(result.keys) > 1 and together and (chart == Chart.LINE or additive(first)):
        made = _by_second(result, first)
    else:
        columns = _columns(result, first) if together and len(result.keys) == 1 else [first]
        made = Plot([c.label for c in columns], [_row(result, line, columns) for line in result.firsts], first)
    most = POINTS if result.keys and result.keys[0].is_date else ROWS
    made.left_out = max(0, len(made.rows) - most)
    made.rows = made.rows[-most:] if result.keys and result.keys[0].is_date else made.rows[:most]
    return made


def _first(result: Result) -> Column:
    wanted = result.charted[:1]
    return next((c for c in result.columns if c.id in wanted), result.columns[0])


def _columns(result: Result, first: Column) -> list[Column]:
    """The measures that share the first one's unit; those that make a whole together where they are stacked."""
    if result.charted:
        return [c for c in result.columns if c.id in result.charted]
    stacked = result.definition.chart == Chart.STACKED
    if stacked and not additive(first):
        return [first]
    same = [c for c in result.columns if not c.role and c.kind == first.kind and c.currency == first.currency and (additive(c) or not stacked) and (c.measure.show == Show.SHARE) == (first.measure.show == Show.SHARE)]
    return same[:SERIES]


def _row(result: Result, line: Line, columns: list[Column]) -> Row:
    points = [_point(result, line, c) for c in columns]
    whole = sum((p.value for p in points if p.value is not None), Decimal(0))
    total = result.show(columns[0], whole, short=True) if len(points) > 1 else points[0].text
    return Row(line.labels[0], points, total, result.drill(line))


def _compared(result: Result, line: Line, column: Column, before: Column) -> Row:
    """Now and then, and the change between them in words."""
    points = [_point(result, line, column), _point(result, line, before)]
    change = result.beside(column, "change") or result.beside(column, "diff")
    told = f" ({result.show(change, line.values[change.id])})" if change and line.values[change.id] is not None else ""
    return Row(line.labels[0], points, points[0].text + told, result.drill(line))


def _point(result: Result, line: Line, column: Column) -> Point:
    value = line.values.get(column.id)
    return Point(None if value is None else Decimal(value), result.show(column, value), result.drill(line, column))


def _by_second(result: Result, column: Column) -> Plot:
    """A series per value of the second grouping: the five largest, and the rest as one."""
    ranked = sorted(result.seconds, key=lambda line: -Decimal(line.values[column.id] or 0))
    shown = ranked if len(ranked) <= SERIES else ranked[: SERIES - 1]
    shown = [line for line in result.seconds if line in shown]
    place = {line.keys[0]: i for i, line in enumerate(shown)}
    series = [line.labels[0] for line in shown] + ([_("Other")] if len(shown) < len(ranked) else [])
    inside: dict[tuple[Any, bool], list[Line]] = {}
    for line in result.lines:
        inside.setdefault((line.keys[0], line.kind == "others"), []).append(line)
    rows = []
    for first in result.firsts:
        points: list[Point] = [Point(None, "") for _s in series]
        rest = Decimal(0)
        for line in inside.get((first.keys[0], first.kind == "others"), ()):
            i = place.get(line.keys[1])
            if i is not None:
                points[i] = _point(result, line, column)
            else:
                rest += Decimal(line.values[column.id] or 0)
        if rest and additive(column):
            points[-1] = Point(rest, result.show(column, rest), result.drill(first, column))
        rows.append(Row(first.labels[0], points, result.show(column, first.values[column.id], short=True), result.drill(first, column)))
    return Plot(series, rows, column)
