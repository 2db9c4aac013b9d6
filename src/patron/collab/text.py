"""Showing what people wrote: plain text, escaped, with its line breaks, and with the colleagues it names linked."""

import re
import uuid
from collections.abc import Iterable
from urllib.parse import quote

from markupsafe import Markup, escape

from patron.kernel.markup import filled

_LINK = '<a class="link" href="%s">@%s</a>'
_BREAK = Markup("<br>")


def shown(text: str, mentions: Iterable[tuple[uuid.UUID, str]] = (), *, people: str = "") -> Markup:
    """`text` as markup. Nothing in it is ever taken for HTML. `mentions` are (member, name as written); `people` is the address of the
    people's pages, "" where there are none: names then stay plain."""
    named = {name: member for member, name in mentions} if people else {}
    lines = [_line(line, named, people) for line in text.strip().replace("\r\n", "\n").split("\n")]
    return _BREAK.join(lines)


def _line(line: str, named: dict[str, uuid.UUID], people: str) -> Markup:
    if not named or "@" not in line:
        return escape(line)
    longest_first = sorted(named, key=len, reverse=True)
    pattern = re.compile(r"@(" + "|".join(re.escape(name) for name in longest_first) + r")(?!\w)")
    made, end = Markup(), 0
    for match in pattern.finditer(line):
        made += escape(line[end : match.start()]) + filled(_LINK, f"{people}{quote(str(named[match[1]]))}/", match[1])
        end = match.end()
    return made + escape(line[end:])
