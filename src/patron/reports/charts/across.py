"""Bars that lie: one under the other, name and figure above each, readable at any width. Plain, stacked, and as a funnel."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from markupsafe import Markup

from patron.reports.charts.series import Plot, Row
from patron.reports.charts.svg import block, el, link, patterns, percent

STEP = 42
_NAME = 34  # characters that fit beside the figure on a phone


def bars(plot: Plot, uid: str, title: str) -> Markup:
    """One bar per row; several series lie end to end. What is below nothing has its own colour and a minus sign."""
    if plot.beside:
        return _pairs(plot, uid, title)
    top = max((_length(r) for r in plot.rows), default=Decimal(0)) or Decimal(1)
    made = []
    for i, row in enumerate(plot.rows):
        y = i * STEP
        marks, x = [], 0.0
        for s, point in enumerate(row.points):
            if not point.value:
                continue
            width = float(abs(point.value) / top * 100)
            body = el("rect", x=percent(x), y=y + 20, width=percent(width), height=12, rx=2, cls="minus") if point.value < 0 else block(
                uid, s, x=percent(x), y=y + 20, width=percent(width), height=12, rx=2
            )  # fmt: skip
            named = f"{row.label}, {plot.series[s]}: {point.text}" if len(plot.series) > 1 else f"{row.label}: {point.text}"
            marks.append(link(point.href, named, body))
            x += width
        made.append(_words(row, y) + el("rect", x=0, y=y + 20, width="100%", height=12, rx=2, cls="track") + Markup("").join(marks))
    return _svg(plot, uid, title, len(plot.rows) * STEP, made)


def _pairs(plot: Plot, uid: str, title: str) -> Markup:
    """Two bars per row, one under the other: now, and a thinner one for the time that it is compared with."""
    top = max((abs(p.value) for r in plot.rows for p in r.points if p.value is not None), default=Decimal(0)) or Decimal(1)
    made, step = [], STEP + 8
    for i, row in enumerate(plot.rows):
        y, marks = i * step, []
        for s, (point, down, height) in enumerate(zip(row.points, (20, 33), (12, 7), strict=True)):
            if point.value:
                place = {"x": 0, "y": y + down, "width": percent(max(float(abs(point.value) / top * 100), 0.4)), "height": height, "rx": 2}
                body = el("rect", cls="minus", **place) if point.value < 0 else block(uid, s, **place)
                marks.append(link(point.href, f"{row.label}, {plot.series[s]}: {point.text}", body))
        made.append(_words(row, y) + el("rect", x=0, y=y + 20, width="100%", height=12, rx=2, cls="track") + Markup("").join(marks))
    return _svg(plot, uid, title, len(plot.rows) * step, made)


def funnel(plot: Plot, uid: str, title: str) -> Markup:
    """Bars in the middle, one step under the other, each with its share of the first."""
    first = next((r.points[0].value for r in plot.rows if r.points[0].value), None)
    top = max((abs(r.points[0].value or Decimal(0)) for r in plot.rows), default=Decimal(0)) or Decimal(1)
    made = []
    for i, row in enumerate(plot.rows):
        y, point = i * STEP, row.points[0]
        width = float(abs(point.value or Decimal(0)) / top * 100)
        share = f" · {round(point.value / first * 100)}%" if i and first and point.value is not None else ""
        label = f"{row.label}: {point.text}" + (_(", %(share)s of the first") % {"share": share[3:]} if share else "")
        body = el("rect", x=percent((100 - width) / 2), y=y + 20, width=percent(max(width, 0.4)), height=14, rx=3, cls="minus" if (point.value or 0) < 0 else "k1")
        made.append(_words(Row(row.label, row.points, point.text + share, row.href), y) + link(point.href, label, body))
    return _svg(plot, uid, title, len(plot.rows) * STEP, made)


def _length(row: Row) -> Decimal:
    return sum((abs(p.value) for p in row.points if p.value is not None), Decimal(0))


def _words(row: Row, y: int) -> Markup:
    name = row.label if len(row.label) <= _NAME else row.label[: _NAME - 1].rstrip() + "…"
    return el("text", name, x=0, y=y + 13, cls="name") + el("text", row.total, x="100%", y=y + 13, text_anchor="end", cls="v")


def _svg(plot: Plot, uid: str, title: str, height: int, made: list[Markup]) -> Markup:
    return el("svg", patterns(uid, len(plot.series)), *made, cls="plot fluid", width="100%", height=max(height, 1), role="group", aria_label=title)
