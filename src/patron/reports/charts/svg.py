"""Elements of SVG as markup. Places across are per cent of the drawing, so that it fits any width while words keep their size."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

#: Series beyond the first carry a pattern as well, so that nobody needs the colours.
_PATTERNS = (
    Markup(""),
    Markup('<rect width="2" height="6"/>'),
    Markup('<circle cx="3" cy="3" r="1.3"/>'),
    Markup('<rect width="6" height="2"/>'),
    Markup('<rect width="2" height="6"/><rect width="6" height="2"/>'),
    Markup('<circle cx="1.5" cy="1.5" r="1"/><circle cx="4.5" cy="4.5" r="1"/>'),
)


def el(name: str, *inner: Any, **attributes: Any) -> Markup:
    """`<name a="…">inner</name>`; `cls` is class, underscores are hyphens, None leaves an attribute out."""
    words = Markup("").join(
        Markup(' {}="{}"').format({"cls": "class", "view_box": "viewBox"}.get(key, key.replace("_", "-")), _number(value)) for key, value in attributes.items() if value is not None
    )
    body = Markup("").join(escape(i) for i in inner)
    return Markup("<{0}{1}>{2}</{0}>").format(name, words, body)


def _number(value: Any) -> Any:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def percent(value: float) -> str:
    return f"{_number(round(value, 3))}%"


def link(address: str, label: str, *inner: Any) -> Markup:
    """What opens the rows behind a mark; the label is read aloud and shown on hover."""
    titled = (el("title", label), *inner)
    return el("a", *titled, href=address, aria_label=label) if address else el("g", *titled)


def patterns(uid: str, count: int) -> Markup:
    """The definitions that `fill` refers to."""
    made = [
        el("pattern", _PATTERNS[i], id=f"{uid}-p{i + 1}", width="6", height="6", patternUnits="userSpaceOnUse", patternTransform="rotate(45)" if i in (1, 4) else None, cls="ink")
        for i in range(1, min(count, len(_PATTERNS)))
    ]
    return el("defs", *made) if made else Markup("")


def block(uid: str, series: int, **place: Any) -> Markup:
    """A filled rectangle of a series: its colour, and its pattern on top."""
    n = series % len(_PATTERNS)
    body = el("rect", cls=f"k{n + 1}", **place)
    return body + el("rect", fill=f"url(#{uid}-p{n + 1})", **place) if n else body


def key(uid: str, series: int) -> Markup:
    """The swatch of a legend."""
    return el("svg", block(uid, series, width="14", height="10", rx="2"), width="14", height="10", aria_hidden="true", cls="key")


_SHAPES = (
    lambda x, y: el("circle", cx=x, cy=y, r="4"),
    lambda x, y: el("svg", el("rect", x="-4", y="-4", width="8", height="8"), x=x, y=y, overflow="visible"),
    lambda x, y: el("svg", el("path", d="M0-5 5 4-5 4z"), x=x, y=y, overflow="visible"),
    lambda x, y: el("svg", el("path", d="M0-5.5 5.5 0 0 5.5-5.5 0z"), x=x, y=y, overflow="visible"),
    lambda x, y: el("svg", el("path", d="M0 5 5-4-5-4z"), x=x, y=y, overflow="visible"),
    lambda x, y: el("svg", el("path", d="M-5-1.5h3.5V-5h3v3.5H5v3H1.5V5h-3V1.5H-5z"), x=x, y=y, overflow="visible"),
)


def marker(series: int, x: str, y: float) -> Markup:
    """A point of a line: each series has its own shape."""
    return el("g", _SHAPES[series % len(_SHAPES)](x, y), cls=f"k{series % len(_SHAPES) + 1}")


def marker_key(series: int) -> Markup:
    return el("svg", marker(series, "7", 6), width="14", height="12", aria_hidden="true", cls="key")
