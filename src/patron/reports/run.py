"""Running a report for a reader: one SQL statement per level of grouping, through the rows and fields that the reader may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from patron.kernel.parsing import Invalid
from patron.records import filters, registry, search
from patron.records.kinds import View
from patron.records.record_type import RecordType
from patron.reports import beside, comparing, formula, keys, sums
from patron.reports.definition import BadReport, Definition, checked
from patron.reports.enums import Aggregate, Show
from patron.reports.keys import Key
from patron.reports.result import Figure, Line, Result
from patron.reports.sums import Column

#: Groups that are shown at most; the totals count all of them.
MOST_GROUPS = 2000
#: Groups that are read at most, to put them in order and to name them.
MOST_READ = 10_000
Method = Callable[[Definition, RecordType, QuerySet[Any], View], Result]
_methods: dict[str, Method] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Register figures that have rules of their own under a definition's `method`."""

    def registered(make: Method) -> Method:
        _methods[name] = make
        return make

    return registered


def knows(name: str) -> bool:
    """Whether there are figures of that method."""
    return name in _methods


def rows_of(definition: Definition, view: View) -> tuple[RecordType, QuerySet[Any]]:
    """The type and the rows that the report's filter selects and the reader may see; archived ones are left out, as in lists."""
    record_type = registry.find(definition.type_key)
    if record_type is None or not view.access.can(record_type.key, "view"):
        raise BadReport(_("Your role does not show these records."))
    return record_type, selected(record_type, definition.filter, view)


def selected(record_type: RecordType, tree: Any, view: View) -> QuerySet[Any]:
    """The rows that a filter selects and the reader may see."""
    rows = record_type.live(view.access)
    if tree:
        rows = search.narrowed(rows, tree).filter(filters.condition(record_type, tree, view))
    return rows.order_by()


def run(definition: Definition, view: View, *, own: bool = False) -> Result:
    """The report's figures for this reader. `Invalid` with words where it cannot be made; hidden figures are left out and said so.

    A reader whose rights cut the rows is told, unless the report is their `own`: then nobody else saw more of it.
    """
    checked(definition)
    record_type, rows = rows_of(definition, view)
    if definition.method:
        if not knows(definition.method):
            raise BadReport(_("This report cannot be read."))
        result = _methods[definition.method](definition, record_type, rows, view)
    else:
        result = _Runner(definition, record_type, rows, view).result()
    result.partial = _is_partial(definition, view)
    if result.partial and not own:
        result.notes.insert(0, _("Partial: only records that your role shows you are counted."))
    return result


def _is_partial(definition: Definition, view: View) -> bool:
    asked = {definition.type_key}
    record_type = registry.get(definition.type_key)
    asked |= {record_type.collections[m.collection][0] for m in definition.measures if m.collection in record_type.collections}
    return any(view.access.scope(key, "view") != "all" for key in asked)


class _Runner:
    """One run: resolves fields for the reader, asks level by level, puts the lines in order."""

    def __init__(self, definition: Definition, record_type: RecordType, rows: QuerySet[Any], view: View) -> None:
        self.definition, self.type, self.rows, self.view = definition, record_type, rows, view
        self.notes: list[str] = []
        self.keys = [keys.resolve(record_type, g, view) for g in definition.groupings]
        self.comparison = comparing.of(definition, record_type, self.keys, view)
        self.earlier = selected(record_type, self.comparison.filter, view) if self.comparison and self.comparison.now else None
        self.every = rows if self.earlier is None else record_type.live(view.access).filter(Q(pk__in=rows.values("pk")) | Q(pk__in=self.earlier.values("pk"))).order_by()
        self.columns = self._columns()
        self.plain = {f"m{i}": c.expression for i, c in enumerate(self.columns) if c.expression is not None}

    def _columns(self) -> list[Column]:
        found, hidden = [], 0
        for measure in self.definition.measures:
            try:
                found += sums.columns(self.type, self.every, measure, self.view)
            except (BadReport, filters.BadFilter):
                if self.view.access.is_system or not self._is_hidden(measure):
                    raise
                hidden += 1
        if hidden:
            self.notes.append(_("Partial: %(n)s figures are left out, since your role hides what they are made of.") % {"n": hidden})
        kept = {c.id for c in found}
        usable = [c for c in found if c.measure.aggregate != Aggregate.FORMULA or self._works(c, kept, found)]
        if not usable:
            raise BadReport(_("Your role hides what this report adds up."))
        return usable

    def _is_hidden(self, measure: Any) -> bool:
        """Whether the measure would be there for somebody without restrictions."""
        everything = replace(self.view, access=replace(self.view.access, is_system=True, field_rules={}))
        try:
            sums.columns(self.type, self.rows.none(), measure, everything)
        except Invalid:
            return False
        return True

    def _works(self, column: Column, kept: set[str], found: list[Column]) -> bool:
        for name in formula.names(column.measure.formula) - kept:
            if any(c.measure.key == name for c in found):
                raise BadReport(_("“%(name)s” is in several currencies, so no formula can use it. Use a field in the workspace's currency.") % {"name": name})
            return False
        return True

    def result(self) -> Result:
        total = self._whole()
        lines = self._ordered(self._level(self.keys, self.rows, self.earlier), total) if self.keys else []
        firsts, seconds = lines, []
        if len(self.keys) > 1:
            firsts = self._ordered(self._level(self.keys[:1], self.rows, self.earlier), total)
            seconds = sorted(self._level([self.keys[1]], self.rows, self.earlier), key=lambda line: line.places)
        if self.definition.top and len(firsts) > self.definition.top:
            lines, firsts = self._cut(lines, firsts)
        elif len(self.keys) == 1 and self.keys[0].is_date:
            lines = firsts = self._without_gaps(lines)
        if len(lines) > MOST_GROUPS:
            lines = lines[:MOST_GROUPS]
            self.notes.append(_("Only the first %(n)s groups are shown; the totals count all of them.") % {"n": self.view.fmt.number(MOST_GROUPS)})
        if len(self.keys) > 1:
            lines = self._nested(lines, firsts)
        self._gap_notes(total)
        self._told(lines, total)
        if firsts is not lines:
            self._told(firsts, total)
        self._told(seconds, total)
        self._told([total], total)
        columns = self.columns
        if self.comparison:
            self._compare(lines, firsts, seconds, total)
            columns = beside.widened(self.columns, self.comparison.heading)
            beside.fill([*lines, *(firsts if firsts is not lines else ()), *seconds, total], columns)
            self.notes.insert(0, self.comparison.note(self.view))
        return Result(
            self.definition, self.type, self.keys, columns, lines, firsts, seconds, total, self.view, self.notes, heads=[str(k.field.label) for k in self.keys], comparison=self.comparison
        )  # fmt: skip

    def _whole(self) -> Line:
        """The total, beside that of the other stretch of time."""
        before = None
        if self.earlier is not None:
            before = self._total(self.earlier, (), "total")
            self.wholes_before = self.wholes
        return replace(self._total(self.rows, (), "total"), before=before)

    def _level(self, chosen: list[Key], rows: QuerySet[Any], earlier: QuerySet[Any] | None) -> list[Line]:
        """The groups of some keys; in a comparison each with the group that stands beside it, and also those that are only there."""
        lines = self._read(chosen, rows)
        if self.comparison is None:
            return lines
        if earlier is None:
            return beside.step_by_step(self.comparison, chosen, lines, self._zero(), self.view)
        return beside.joined(self.comparison, chosen, lines, self._read(chosen, earlier), self._zero(), self.view)

    def _zero(self) -> dict[str, Figure]:
        """The figures of no rows at all."""
        return self._figures({f"m{i}": None for i in range(len(self.columns))})

    def _compare(self, lines: list[Line], firsts: list[Line], seconds: list[Line], total: Line) -> None:
        """Quiet dates have something beside them, too; shares and running totals of the other stretch are worked out in the order of this one."""
        assert self.comparison is not None
        if self.earlier is None:
            if len(self.keys) == 1:
                beside.step_by_step(self.comparison, self.keys, lines, self._zero(), self.view)
            return
        if len(self.keys) == 1:
            beside.joined(self.comparison, self.keys, [line for line in lines if line.before is None and line.kind == "group"], [], self._zero(), self.view)
        for told in (lines, *([firsts] if firsts is not lines else []), seconds, [total]):
            self._told([line.before for line in told if line.before], total.before, self.wholes_before)

    def _read(self, chosen: list[Key], rows: QuerySet[Any]) -> list[Line]:
        """The groups of some keys among some rows: one statement."""
        groups = {f"g{i}": keys.expression(k, self.view) for i, k in enumerate(chosen)}
        extras = {f"x{i}_{n}": e for i, k in enumerate(chosen) for n, e in keys.extras(k).items()}
        found = list(rows.values(**groups).annotate(**extras, **self.plain).order_by(*self._first(chosen), *groups)[: MOST_READ + 1])
        if len(found) > MOST_READ:
            found = found[:MOST_READ]
            self.notes.append(_("There are more than %(n)s groups, and not all of them were looked at: group more coarsely, or filter. The totals count everything.") % {"n": self.view.fmt.number(MOST_READ)})
        return _clear([self._line(chosen, row) for row in found])

    def _first(self, chosen: list[Key]) -> list[Any]:
        """Which groups to read where there are too many to read them all: the first by the figure that orders them; dates in their order."""
        wanted = self.definition.sort
        columns = [i for i, c in enumerate(self.columns) if c.expression is not None]
        by = next((i for i in columns if wanted.lstrip("-") in (self.columns[i].id, self.columns[i].measure.key)), columns[0] if columns and not chosen[0].is_date else None)
        if by is None or wanted.lstrip("-") == "group":
            return []
        place = F(f"m{by}")
        return [place.desc(nulls_last=True) if wanted.startswith("-") or not wanted else place.asc(nulls_last=True)]

    def _line(self, chosen: list[Key], row: dict[str, Any]) -> Line:
        values, labels, places, nodes = [], [], [], []
        for i, key in enumerate(chosen):
            extra = {n.split("_", 1)[1]: v for n, v in row.items() if n.startswith(f"x{i}_")}
            value = row[f"g{i}"]
            shown = keys.label(key, value, extra.get("label"), self.view)
            values.append(value)
            labels.append(shown if value is None or not extra.get("above") else f"{shown}\0{extra['above']}")
            places.append(keys.place(key, value, extra, shown, self.view))
            nodes.append(keys.condition(key, value, self.view))
        return Line(tuple(values), tuple(labels), self._figures(row), nodes, tuple(places))

    def _figures(self, row: dict[str, Any]) -> dict[str, Figure]:
        found: dict[str, Figure] = {}
        for i, column in enumerate(self.columns):
            if column.expression is not None:
                value = row[f"m{i}"]
                found[column.id] = 0 if value is None and column.measure.aggregate in (Aggregate.SUM, Aggregate.COUNT, Aggregate.DISTINCT) else value
        for column in self.columns:
            if column.expression is None:
                worth = formula.value(column.measure.formula, found)
                found[column.id] = worth * 100 if worth is not None and column.measure.percent else worth
        return found

    def _total(self, rows: QuerySet[Any], labels: tuple[str, ...], kind: str) -> Line:
        gaps = {f"n{i}": c.gaps for i, c in enumerate(self.columns) if c.gaps is not None} if kind == "total" else {}
        row = rows.aggregate(**self.plain, **gaps)
        line = Line((), labels or (_("Total"),), self._figures(row), kind=kind)
        if kind == "total":
            self.missing = {i: row[f"n{i}"] for i in range(len(self.columns)) if row.get(f"n{i}")}
            self.wholes = dict(line.values)
        return line

    def _gap_notes(self, total: Line) -> None:
        for i, count in self.missing.items():
            name = self.columns[i].label
            self.notes.append(_("%(n)s %(plural)s have no amount for “%(column)s”: they are counted, but add nothing.") % {"n": self.view.fmt.number(count), "plural": str(self.type.plural).lower(), "column": name})

    def _ordered(self, lines: list[Line], total: Line) -> list[Line]:
        """By the field's own order, by name, or by a figure; unknown figures last."""
        wanted = self.definition.sort
        name, down = wanted.lstrip("-"), wanted.startswith("-")
        by = next((c for c in self.columns if name in (c.id, c.measure.key)), None)
        if by is None and name != "group":
            key = self.keys[0]
            natural = key.is_date or key.field.kind in ("integer", "number", "percent") or any(len(line.places[0]) > 3 for line in lines)
            by, down = (None, False) if natural else (self.columns[0], True)
        placed = sorted(lines, key=lambda line: line.places, reverse=down and by is None)
        if by is None:
            return placed
        known = [line for line in placed if line.values[by.id] is not None]
        return [*sorted(known, key=lambda line: Decimal(line.values[by.id] or 0), reverse=down), *(line for line in placed if line.values[by.id] is None)]

    def _cut(self, lines: list[Line], firsts: list[Line]) -> tuple[list[Line], list[Line]]:
        """The first `top` groups, and one line for everything else, worked out from its own rows: averages and medians are right, too."""
        kept = firsts[: self.definition.top]
        node = keys.rest(self.keys[0], [line.keys[0] for line in kept], self.view)
        others = self.rows.filter(filters.condition(self.type, node, self.view))
        there = self._others_before(kept)
        label = _("Others (%(n)s)") % {"n": self.view.fmt.number(len(firsts) - len(kept))}
        last = replace(self._total(others, (label,), "others"), keys=(None,), nodes=[node], places=((2,),))
        if there is not None:
            last.before = replace(self._total(there[0], (), "others"), nodes=[there[1]])
        if len(self.keys) == 1:
            short = [*kept, last]
            return short, short
        inside = {line.keys[0] for line in kept}
        below = [
            replace(line, keys=(None, *line.keys), labels=(label, *line.labels), nodes=[node, *line.nodes], places=((2,), *line.places), kind="others")
            for line in self._level(self.keys[1:], others, there[0] if there else None)
        ]
        return [*(line for line in lines if line.keys[0] in inside), *below], [*kept, last]

    def _others_before(self, kept: list[Line]) -> tuple[QuerySet[Any], Any] | None:
        """The rows of the other stretch that are beside none of the groups that are kept, and their condition."""
        if self.comparison is None or self.earlier is None:
            return None
        found = [self.comparison.partner(self.keys[:1], line.keys) for line in kept]
        node = keys.rest(self.keys[0], [values[0] for values in found if values is not None], self.view)
        return self.earlier.filter(filters.condition(self.type, node, self.view)), node

    def _without_gaps(self, lines: list[Line]) -> list[Line]:
        """A line for every bucket between the first and the last, so that a quiet month shows as one."""
        key = self.keys[0]
        dated = {line.keys[0]: line for line in lines if line.keys[0] is not None}
        if len(dated) < 2 or self.definition.sort.lstrip("-") not in ("", "group"):
            return lines
        days = keys.between(key.bucket, min(dated), max(dated))
        if days[-1] != max(dated):
            return lines
        full = [dated.get(day) or self._nothing(key, day) for day in days]
        undated = [line for line in lines if line.keys[0] is None]
        return [*undated, *reversed(full)] if self.definition.sort == "-group" else [*full, *undated]

    def _nothing(self, key: Key, day: Any) -> Line:
        label = keys.bucket_label(key.bucket, day, self.view)
        return Line((day,), (label,), self._zero(), [keys.condition(key, day, self.view)], ((0, day),))

    def _nested(self, lines: list[Line], firsts: list[Line]) -> list[Line]:
        """In the order of the first grouping, then in that of the others."""
        order = {(line.keys[0], line.kind == "others"): i for i, line in enumerate(firsts)}
        return sorted(lines, key=lambda line: (order.get((line.keys[0], line.kind == "others"), len(order)), line.places[1:]))

    def _told(self, lines: list[Line], total: Line | None, wholes: dict[str, Figure] | None = None) -> None:
        """Shares and running totals, from the plain figures."""
        wholes = wholes or self.wholes
        for column in self.columns:
            if column.measure.show == Show.SHARE and column.expression is not None:
                whole = Decimal(wholes[column.id] or 0)
                for line in lines:
                    value = line.values[column.id]
                    line.values[column.id] = Decimal(value) * 100 / whole if value is not None and whole else None
            elif column.measure.show == Show.RUNNING and len(self.keys) == 1:
                sofar: Decimal = Decimal(0)
                for line in () if lines and lines[0] is total else lines:
                    sofar += Decimal(line.values[column.id] or 0)
                    line.values[column.id] = sofar


def _clear(lines: list[Line]) -> list[Line]:
    """Names that two groups share say what each belongs to: two pipelines may both have a stage “New”."""
    for i in range(len(lines[0].labels) if lines else 0):
        seen: dict[str, set[Any]] = {}
        for line in lines:
            seen.setdefault(line.labels[i].partition("\0")[0], set()).add(line.keys[i])
        for line in lines:
            name, _nul, above = line.labels[i].partition("\0")
            told = f"{name} ({above})" if above and len(seen[name]) > 1 else name
            line.labels = (*line.labels[:i], told, *line.labels[i + 1 :])
    return lines
