"""The figures as tables: every result has one, a picture or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from patron.reports.result import Line, Result


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    heads: tuple[str, ...]
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """`keys` head the groups, `heads` the figures."""

    keys: list[str]
    heads: list[str]
    rows: list[TableRow]
    foot: TableRow | None = None


def table(result: Result, most: int = 500) -> Table:
    """A line per group, each figure a link to the rows behind it, and the total."""
    rows = [_row(result, line) for line in result.lines[:most]]
    foot = _row(result, result.total) if result.keys else None
    if not result.keys:
        rows = [_row(result, result.total)]
    return Table(result.heads or [""], [c.label for c in result.columns], rows, foot)


def _row(result: Result, line: Line) -> TableRow:
    return TableRow(line.labels, [Cell(result.show(c, line.values[c.id]), result.drill(line, c)) for c in result.columns])


def pivot(result: Result) -> Table:
    """Groups of the last grouping as columns; the first measure in the cells. With three groupings the first two stand in front."""
    column, last = result.columns[0], len(result.keys) - 1
    across: dict[Any, str] = {}
    for line in sorted((x for x in result.lines), key=lambda x: x.places[last]):
        across.setdefault(line.keys[last], line.labels[last])
    down: dict[Any, dict[Any, Line]] = {}
    names: dict[Any, tuple[str, ...]] = {}
    for line in result.lines:
        key = (*line.keys[:last], line.kind)
        names.setdefault(key, line.labels[:last])
        down.setdefault(key, {})[line.keys[last]] = line
    totals = {(*line.keys, line.kind): line for line in result.firsts} if last == 1 else {}
    rows = []
    for key, lines in down.items():
        cells = [Cell(result.show(column, lines[k].values[column.id]), result.drill(lines[k], column)) if k in lines else Cell("") for k in across]
        total = totals.get(key)
        rows.append(TableRow(names[key], [*cells, *([Cell(result.show(column, total.values[column.id]), result.drill(total, column))] if total else [])]))
    heads = [*across.values(), *([_("Total")] if totals else [])]
    foot = None
    if totals:
        found = {line.keys[0]: line for line in result.seconds}
        cells = [Cell(result.show(column, found[k].values[column.id]), result.drill(found[k], column)) if k in found else Cell("") for k in across]
        foot = TableRow((_("Total"),), [*cells, Cell(result.show(column, result.total.values[column.id]), result.drill(result.total, column))])
    return Table(result.heads[:last], heads, rows, foot)
