"""What stands around every page: sidebar, top bar, menus. Drawn once for all pages that would draw the same."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, NamedTuple

from jinja2 import Environment
from markupsafe import Markup

MOST = 256  # frames that a process keeps, about 15 kB each
_TOKEN = Markup(f"<!--{secrets.token_hex(8)}-->")  # noqa: S704 (stands for the form token until it is known)
_kept: OrderedDict[Hashable, tuple[str, str]] = OrderedDict()


class Frame(NamedTuple):
    """Markup before and after a page's own part."""

    start: Markup
    end: Markup


def around(env: Environment, context: dict[str, Any], parts: list[dict[str, Any]]) -> Frame:
    """The frame for what page parts gave (`kernel.web.page_part`): their "frame_parts" make its names and are called only where "frame_key" is new.

    Outside a workspace there are none; then it is drawn with what `context` has, the page's own names too. The form token, new with each answer, is filled in here.
    """
    key = tuple(part["frame_key"] for part in parts)
    drawn = _kept.get(key) if key else None
    if drawn is None:
        known = {**context, "csrf_input": _TOKEN}
        for part in parts:
            known.update(part["frame_parts"]())
        drawn = (env.get_template("ui/_start.html").render(known), env.get_template("ui/_end.html").render(known))
        if key:
            _kept[key] = drawn
            if len(_kept) > MOST:
                _kept.popitem(last=False)
    start, end = drawn
    return Frame(Markup(start), Markup(end.replace(_TOKEN, context["csrf_input"])))  # noqa: S704 (our own templates, drawn with escaping)
