"""A result as a file: one line per group, figures as numbers, the total last."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _

from patron.kernel.text import fold
from patron.records.transfer.writing import OutColumn, write_csv, write_xlsx
from patron.reports.enums import Show
from patron.reports.result import NEW, Line, Result
from patron.reports.sums import Column


def heads(result: Result) -> list[OutColumn]:
    """Groups by name, then the figures, each of its kind."""
    groups = [OutColumn(name) for name in result.heads]
    return [*groups, *(OutColumn(c.label, _kind(c), c.currency or None) for c in result.columns)]


def _kind(column: Column) -> str:
    if column.measure.show == Show.SHARE:
        return "percent"
    return "number" if column.places is not None and column.kind != "percent" else column.kind


def lines(result: Result) -> Iterator[list[Any]]:
    """Every line that the table shows, with exact figures, and the total."""
    for line in [*result.lines, result.total] if result.keys else [result.total]:
        labels = line.labels if line.labels and len(line.labels) == len(result.heads) else (line.labels[0], *[""] * (len(result.heads) - 1)) if result.heads else ()
        yield [*labels, *(_plain(line, c) for c in result.columns)]


def _plain(line: Line, column: Column) -> Any:
    value = line.values[column.id]
    if value is None:
        return ""
    number = Decimal(value)
    if number == NEW:
        return _("new")
    if column.kind in ("money", "percent") or column.measure.show == Show.SHARE:
        return number.quantize(Decimal("0.01"))
    if number == number.to_integral_value():
        return int(number)
    return number.quantize(Decimal("0.0001")).normalize()


def write(result: Result, stream: IO[bytes], form: str) -> int:
    """Write the file (`form` csv or xlsx); answers the number of lines."""
    found = list(lines(result))
    if form == "xlsx":
        write_xlsx(stream, heads(result), found, sheet=str(result.type.plural), zone=result.view.access.zone)
    else:
        write_csv(stream, [c.name for c in heads(result)], found, zone=result.view.access.zone)
    return len(found)


def slug(name: str) -> str:
    """A name for a file."""
    return "-".join(w for w in "".join(c if c.isalnum() else " " for c in fold(name)).split()[:8]) or "report"


def plain(result: Result) -> dict[str, Any]:
    """The result for JSON: exact figures as text, groups by name."""

    def one(line: Line) -> dict[str, Any]:
        return {"groups": list(line.labels), "kind": line.kind, "values": {c.id: None if line.values[c.id] is None else str(_plain(line, c)) for c in result.columns}}

    columns = [{"id": c.id, "label": c.label, "kind": c.kind, "currency": c.currency, **({"tells": c.role, "of": c.of} if c.role else {})} for c in result.columns]
    beside = {"comparison": _stretches(result)} if result.comparison else {}
    return {**beside, "type": result.type.key, "groups": result.heads, "columns": columns, "lines": [one(line) for line in result.lines], "total": one(result.total), "notes": result.notes}


def _stretches(result: Result) -> dict[str, Any]:
    """What is compared with what: first and last days."""
    found = result.comparison
    assert found is not None
    day = datetime.timedelta(days=1)
    spans = {name: [span[0].isoformat(), (span[1] - day).isoformat()] for name, span in (("period", found.now), ("before", found.before)) if span}
    return {"with": found.how, "field": found.name, **spans}
