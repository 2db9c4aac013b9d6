"""What a report answers: lines of groups with their figures, totals, what was left out, and the way to the rows behind each figure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from patron.records.kinds import View
from patron.records.record_type import RecordType
from patron.records.views.base import href
from patron.reports.comparing import Comparison
from patron.reports.definition import Definition
from patron.reports.enums import Aggregate
from patron.reports.keys import Key
from patron.reports.sums import Column

Figure = Decimal | int | None
#: The change in per cent of what was nothing before.
NEW = Decimal("Infinity")


@dataclass(slots=True)
class Line:
    """One group (or the others, or the whole): its keys, their names, its figures by column, and the conditions that select its rows."""

    keys: tuple[Any, ...]
    labels: tuple[str, ...]
    values: dict[str, Figure]
    nodes: list[Any] = field(default_factory=list)
    places: tuple[Any, ...] = ()
    kind: str = "group"
    wheres: dict[str, Any] = field(default_factory=dict)
    #: What stands beside it in a comparison.
    before: Line | None = None


@dataclass(slots=True)
class Result:
    """`lines` are the finest groups in order; `firsts` and `seconds` the totals of the first and second grouping (equal to `lines` where there
    is only one). `notes` are sentences about what a reader should know, `partial` whether their rights cut something."""

    definition: Definition
    type: RecordType
    keys: list[Key]
    columns: list[Column]
    lines: list[Line]
    firsts: list[Line]
    seconds: list[Line]
    total: Line
    view: View
    notes: list[str] = field(default_factory=list)
    partial: bool = False
    heads: list[str] = field(default_factory=list)
    #: Ids of the columns that a chart shows; empty for its own choice.
    charted: tuple[str, ...] = ()
    comparison: Comparison | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self.lines and not any(self.total.values.values())

    def beside(self, column: Column, role: str) -> Column | None:
        """The column that compares another one: what it was `before`, its `diff` or its `change` in per cent."""
        return next((c for c in self.columns if c.role == role and c.of == column.id), None)

    def show(self, column: Column, value: Figure, *, short: bool = False) -> str:
        """A figure in words for the reader; a dash where it is unknown."""
        if value is None:
            return "–"
        if column.role in ("diff", "change"):
            return self._compared(column, Decimal(value))
        fmt, number = self.view.fmt, Decimal(value)
        if is_share(column):
            return fmt.percent(number.quantize(Decimal("0.1")))
        if short and abs(number) >= 1000:
            return fmt.short(number)
        if column.kind == "money":
            return fmt.money(number.quantize(Decimal("0.01")), column.currency, False if short or abs(number) >= 1000 else None)
        if number == number.to_integral_value():
            return fmt.number(int(number))
        return fmt.number(number.quantize(Decimal(1).scaleb(-(column.places or 2))))

    def _compared(self, column: Column, number: Decimal) -> str:
        """A difference with its sign; shares differ by points. What grew from nothing is new: no percentage says how much more it is."""
        if number == NEW:
            return _("new")
        sign = "+" if number > 0 else ""
        if column.role == "change":
            return sign + self.view.fmt.percent(number.quantize(Decimal("0.1")))
        if is_share(column):
            return _("%(n)s points") % {"n": sign + self.view.fmt.number(number.quantize(Decimal("0.1")))}
        return sign + self.show(replace(column, role=""), number)

    def drill(self, line: Line, column: Column | None = None) -> str:
        """The list of the rows behind a figure, under the reader's rights; "" where there is no list to show them."""
        if column is not None and column.role in ("diff", "change"):
            return ""
        if column is not None and column.role == "before":
            if line.before is None or self.comparison is None:
                return ""
            earlier = replace(self.definition, filter=self.comparison.filter)
            return list_address(self.type, drill_nodes(earlier, line.before, column.measure, column.of), self.view)
        nodes = drill_nodes(self.definition, line, column.measure if column else None, column.id if column else "")
        return list_address(self.type, nodes, self.view)


def is_share(column: Column) -> bool:
    """Whether the figure is told in per cent."""
    return bool(column.measure.show == "share" or column.kind == "percent")


def drill_nodes(definition: Definition, line: Line, measure: Any, column_id: str = "") -> list[Any]:
    """The conditions behind a figure: the report's filter, the group, and what the measure itself narrows."""
    nodes = [*flat(definition.filter), *line.nodes]
    if column_id in line.wheres:
        return [*nodes, *flat(line.wheres[column_id])]
    if measure is None or measure.aggregate == Aggregate.FORMULA:
        return nodes
    if measure.collection:
        return [*nodes, [measure.collection, "any", measure.where or {}]]
    return [*nodes, *flat(measure.where)]


def list_address(record_type: RecordType, nodes: Sequence[Any], view: View) -> str:
    """The list that shows these rows; nothing for types that have no list."""
    if not record_type.screens:
        return ""
    text = json.dumps({"and": list(nodes)}, separators=(",", ":"), ensure_ascii=False) if nodes else ""
    return href(view.access, record_type.key, query=urlencode({"view": "all", **({"f": text} if text else {})}))


def flat(tree: Any) -> list[Any]:
    """A filter as conditions that can be joined with others by "and"."""
    if isinstance(tree, dict) and list(tree) == ["and"]:
        return list(tree["and"])
    return [tree] if tree else []
