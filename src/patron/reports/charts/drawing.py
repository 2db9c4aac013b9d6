"""From a result to what a page, a tile or a mail shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from patron.records import describe
from patron.reports.charts import across, tables, upright
from patron.reports.charts.series import Plot, additive, plot
from patron.reports.charts.svg import key, marker_key
from patron.reports.enums import Chart, Show
from patron.reports.result import Result, flat
from patron.reports.sums import Column


@dataclass(slots=True)
class Drawing:
    """`kind` is the chart that was drawn (a chart that does not suit the figures becomes a table); `numbers` are those of a figure strip."""

    kind: str
    table: tables.Table
    picture: Markup = field(default_factory=Markup)
    legend: list[tuple[Markup, str]] = field(default_factory=list)
    finding: str = ""
    numbers: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    empty: bool = False
    open_table: bool = False
    #: The report's filter in words.
    filter: str = ""


def draw(result: Result, *, uid: str = "c", title: str = "") -> Drawing:
    """The picture, its legend, the finding in a sentence, the filter in words, and the table behind it."""
    made = _drawn(result, uid, title)
    made.filter = "; ".join(describe.phrase(result.type, node, result.view) for node in flat(result.definition.filter))
    return made


def _drawn(result: Result, uid: str, title: str) -> Drawing:
    chart = result.definition.chart
    if chart == Chart.NUMBER or (not result.keys and chart != Chart.TABLE):
        return Drawing(Chart.NUMBER, tables.table(result), numbers=_numbers(result), notes=result.notes, empty=result.empty and bool(result.keys))
    if chart == Chart.PIVOT and len(result.keys) > 1:
        return Drawing(Chart.PIVOT, tables.pivot(result), finding=_finding(result), notes=result.notes, empty=result.empty, open_table=True)
    made = Drawing(Chart(chart), tables.table(result), finding=_finding(result), notes=list(result.notes), empty=result.empty)
    if chart in (Chart.TABLE, Chart.PIVOT) or result.empty:
        made.kind, made.open_table = Chart.TABLE, True
        return made
    shown = plot(result)
    made.picture = _picture(result, shown, uid, title or made.finding)
    if len(shown.series) > 1:
        made.legend = [(marker_key(i) if chart == Chart.LINE else key(uid, i), name) for i, name in enumerate(shown.series)]
    others = [c.currency for c in result.columns if c.measure is shown.column.measure and c is not shown.column and not c.role]
    if others:
        made.notes.append(_("The picture shows %(one)s; %(others)s are in the table.") % {"one": shown.column.currency, "others": ", ".join(others)})
    if result.comparison and not shown.beside:
        made.notes.append(_("The picture shows the present figures; what they are compared with is in the table."))
    if shown.left_out:
        made.notes.append(_("The picture shows %(n)s groups; the table has them all.") % {"n": len(shown.rows)})
    return made


def _picture(result: Result, shown: Plot, uid: str, title: str) -> Markup:
    def short(value: Decimal) -> str:
        return result.show(shown.column, value, short=True)

    chart, dated = result.definition.chart, bool(result.keys and result.keys[0].is_date)
    if chart == Chart.LINE:
        return upright.lines(shown, uid, title, short)
    if chart == Chart.FUNNEL:
        return across.funnel(shown, uid, title)
    return upright.columns(shown, uid, title, short) if dated else across.bars(shown, uid, title)


def _numbers(result: Result) -> list[dict[str, Any]]:
    """The figures as a strip of numbers, each a link to its rows; with groups they are the totals."""
    shown = [c for c in result.columns if not c.role]
    return [{"label": c.label, "value": result.show(c, result.total.values[c.id]), "url": result.drill(result.total, c), **_was(result, c)} for c in shown]


def _was(result: Result, column: Column) -> dict[str, Any]:
    """What a figure was, and how it changed, for the line below it."""
    before, change = result.beside(column, "before"), result.beside(column, "change") or result.beside(column, "diff")
    if before is None or change is None or result.comparison is None:
        return {}
    values = result.total.values
    return {"was": result.comparison.was(result.show(before, values[before.id])), "was_url": result.drill(result.total, before), "change": result.show(change, values[change.id])}


def _finding(result: Result) -> str:
    """What the picture says, in a sentence."""
    column = next((c for c in result.columns if c.id in result.charted[:1]), result.columns[0])
    total = result.total.values[column.id]
    if column.measure.show == Show.RUNNING:
        return _("%(label)s: %(value)s") % {"label": column.label, "value": result.show(column, total)}
    words = _("%(label)s: %(value)s in all") if additive(column) else _("%(label)s: %(value)s overall")
    whole = words % {"label": column.label, "value": result.show(column, total)}
    was = _was(result, column) if result.total.before else {}
    if was:
        whole = _("%(whole)s (%(change)s; %(was)s)") % {"whole": whole, **was}
    ranked = [line for line in result.firsts if line.kind == "group" and line.values[column.id]]
    if len(ranked) < 2 or not result.keys:
        return whole
    best = max(ranked, key=lambda line: Decimal(line.values[column.id] or 0))
    shown = result.show(column, best.values[column.id])
    if additive(column) and total and best.values[column.id]:
        share = result.view.fmt.percent(round(Decimal(best.values[column.id] or 0) * 100 / Decimal(total)))
        return _("%(whole)s; most in %(group)s with %(value)s (%(share)s).") % {"whole": whole, "group": best.labels[0], "value": shown, "share": share}
    return _("%(whole)s; highest in %(group)s with %(value)s.") % {"whole": whole, "group": best.labels[0], "value": shown}
