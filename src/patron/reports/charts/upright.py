"""Columns and lines over time: the axis stays, the picture scrolls sideways where a phone is too narrow for it."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _
from markupsafe import Markup

from patron.reports.charts.series import Plot, Row
from patron.reports.charts.svg import block, el, link, marker, patterns, percent

HEIGHT, TOP, FOOT = 200.0, 18.0, 40.0
_NARROW = 46  # pixels that a column takes at least
_LABELLED = 16  # columns up to which each says its figure
Short = Callable[[Decimal], str]


def columns(plot: Plot, uid: str, title: str, short: Short) -> Markup:
    """A column per row; several series stand on each other, or beside each other where they compare."""
    if plot.beside:
        return _pairs(plot, uid, title, short)
    low, high = _range(plot, stacked=True)
    n = max(len(plot.rows), 1)
    made = []
    for i, row in enumerate(plot.rows):
        left, width = (i + 0.14) / n * 100, 72 / n
        up, down = Decimal(0), Decimal(0)
        for s, point in enumerate(row.points):
            if not point.value:
                continue
            base = up if point.value > 0 else down
            y1, y2 = _y(base, low, high), _y(base + point.value, low, high)
            place = {"x": percent(left), "y": min(y1, y2), "width": percent(width), "height": max(abs(y2 - y1), 1.0)}
            body = block(uid, s, **place) if point.value > 0 else el("rect", cls="minus", **place)
            named = f"{row.label}, {plot.series[s]}: {point.text}" if len(plot.series) > 1 else f"{row.label}: {point.text}"
            made.append(link(point.href, named, body))
            up, down = (up + point.value, down) if point.value > 0 else (up, down + point.value)
        if n <= _LABELLED and up:
            made.append(el("text", short(up), x=percent((i + 0.5) / n * 100), y=_y(up, low, high) - 5, text_anchor="middle", cls="v"))
    return _frame(plot, uid, title, short, low, high, made)


def _pairs(plot: Plot, uid: str, title: str, short: Short) -> Markup:
    """Two columns per row, the earlier figure to the left of the present one, which is written above both."""
    low, high = _range(plot, stacked=False)
    n = max(len(plot.rows), 1)
    made = []
    for i, row in enumerate(plot.rows):
        for s, start in ((1, 0.1), (0, 0.5)):
            point = row.points[s]
            if not point.value:
                continue
            y1, y2 = _y(Decimal(0), low, high), _y(point.value, low, high)
            place = {"x": percent((i + start) / n * 100), "y": min(y1, y2), "width": percent(38 / n), "height": max(abs(y2 - y1), 1.0)}
            body = block(uid, s, **place) if point.value > 0 else el("rect", cls="minus", **place)
            made.append(link(point.href, f"{row.label}, {plot.series[s]}: {point.text}", body))
        now = row.points[0].value
        if now and n <= _LABELLED:
            top = max((p.value for p in row.points if p.value is not None), default=now)
            made.append(el("text", short(now), x=percent((i + 0.5) / n * 100), y=_y(max(top, Decimal(0)), low, high) - 5, text_anchor="middle", cls="v"))
    return _frame(plot, uid, title, short, low, high, made)


def lines(plot: Plot, uid: str, title: str, short: Short) -> Markup:
    """A line per series with a point for each row, in a shape of its own; unknown values leave a gap."""
    low, high = _range(plot, stacked=False)
    n = max(len(plot.rows), 1)
    strokes, points = [], []
    said: dict[int, list[float]] = {}
    for s in range(len(plot.series)):
        before: tuple[str, float] | None = None
        for i, row in enumerate(plot.rows):
            point = row.points[s]
            if point.value is None:
                before = None
                continue
            x, y = percent((i + 0.5) / n * 100), _y(point.value, low, high)
            if before is not None:
                strokes.append(el("line", x1=before[0], y1=before[1], x2=x, y2=y, cls=f"l{s % 6 + 1}"))
            named = f"{row.label}, {plot.series[s]}: {point.text}" if len(plot.series) > 1 else f"{row.label}: {point.text}"
            words = [el("text", short(point.value), x=x, y=y - 9, text_anchor="middle", cls="v")] if _says(plot, s, i) and all(abs(y - other) > 14 for other in said.get(i, ())) else []
            if words:
                said.setdefault(i, []).append(y)
            points += [link(point.href, named, marker(s, x, y)), *words]
            before = (x, y)
    return _frame(plot, uid, title, short, low, high, [*strokes, *points])


def _says(plot: Plot, series: int, i: int) -> bool:
    """Whether a point says its figure: every one of a short line, the last of each among several."""
    return i == len(plot.rows) - 1 or (len(plot.series) == 1 and len(plot.rows) <= _LABELLED)


def _range(plot: Plot, *, stacked: bool) -> tuple[Decimal, Decimal]:
    """Round ends of the axis; nothing is always on it."""
    high = low = Decimal(0)
    for row in plot.rows:
        known = [p.value for p in row.points if p.value is not None]
        high = max(high, sum((v for v in known if v > 0), Decimal(0)) if stacked else max(known, default=Decimal(0)))
        low = min(low, sum((v for v in known if v < 0), Decimal(0)) if stacked else min(known, default=Decimal(0)))
    return (-_nice(-low) if low else Decimal(0)), _nice(high) if high or not low else Decimal(0)


def _nice(value: Decimal) -> Decimal:
    """The next round number above: 1, 2, 4, 5 or 8 times a power of ten."""
    if value <= 0:
        return Decimal(1)
    power = Decimal(10) ** math.floor(math.log10(float(value)))
    return next(n * power for n in (1, 2, 4, 5, 8, 10, 20) if n * power >= value)


def _y(value: Decimal, low: Decimal, high: Decimal) -> float:
    return TOP + HEIGHT - float((value - low) / (high - low)) * HEIGHT


def _frame(plot: Plot, uid: str, title: str, short: Short, low: Decimal, high: Decimal, made: list[Markup]) -> Markup:
    ticks = [low + (high - low) * i / 4 for i in range(5)]
    axis = [el("text", short(t), x="100%", y=_y(t, low, high) + 4, text_anchor="end") for t in ticks]
    grid = [el("line", x1=0, x2="100%", y1=_y(t, low, high), y2=_y(t, low, high), cls="axis" if t == 0 else "grid") for t in ticks]
    whole = TOP + HEIGHT + FOOT
    width = len(plot.rows) * _NARROW
    picture = el(
        "svg", patterns(uid, len(plot.series)), *grid, *made, *_names(plot.rows), cls="plot fluid wide", style=f"--w:{width}", height=whole, role="group", aria_label=title,
    )  # fmt: skip
    scroll = el("div", picture, cls="scroll", tabindex="0", role="group", aria_label=_("Chart, scrollable"))
    return el("div", el("svg", *axis, cls="plot fluid scale", width="44", height=whole, aria_hidden="true"), scroll, cls="axes")


def _names(rows: list[Row]) -> list[Markup]:
    """Names under the axis, the year on a second line: as many as there is room for, counted from the last; the first where it is no date."""
    n = max(len(rows), 1)
    split = [row.label.rpartition(" ")[::2] if " " in row.label else (row.label, "") for row in rows]
    room = max((len(part) for pair in split for part in pair), default=1) * 6 + 3
    every = max(1, math.ceil(room * n / max(n * _NARROW, 420)))
    found = []
    for i, (first, second) in enumerate(split):
        if (n - 1 - i) % every == 0 or (i == 0 and not second):
            x = percent((i + 0.5) / n * 100)
            found.append(el("text", first, x=x, y=TOP + HEIGHT + 17, text_anchor="middle"))
            if second:
                found.append(el("text", second, x=x, y=TOP + HEIGHT + 31, text_anchor="middle"))
    return found
