"""Text as people paste it, made storable: no control characters, one way of composing accents, a length that fits."""

from __future__ import annotations

import re
import unicodedata

from patron.kernel.parsing.base import Invalid, is_blank, shown
from patron.kernel.text import _, fold

#: White space that ends a line or moves the carriage; a space in text of one line.
_BREAKS = re.compile(r"[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]+")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
#: Never kept: control characters, zero-width space, byte order mark, marks that reverse the reading direction, and code
#: points that are no characters.
_NEVER = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u200b\u202a-\u202e\ufeff\ufffe\uffff\ud800-\udfff]")
_TAG_ENDS = re.compile(r"[,;|\n\r\t]+")


def unkept(s: str) -> bool:
    """Whether `text` would leave out characters of `s`: what people paste is cleaned, programs are told."""
    return _NEVER.search(s) is not None


def text(s: str, max_length: int = 200) -> str:
    """One line: trimmed, line breaks as spaces, control characters gone, accents composed (NFC).

    Raises `Invalid` when longer than `max_length` characters; never cuts. Blank gives "".
    """
    s = s.strip()
    if not (s.isascii() and s.isprintable()):
        s = unicodedata.normalize("NFC", _NEVER.sub("", _BREAKS.sub(" ", s))).strip()
    if len(s) > max_length:
        raise Invalid(_too_long(max_length, len(s)))
    return s


def long_text(s: str, max_length: int = 100_000) -> str:
    """Text of several lines, each ended by a line feed; otherwise as `text`. Leading spaces of the first line stay."""
    if not (s.isascii() and s.isprintable()):
        s = unicodedata.normalize("NFC", _NEVER.sub("", _LINE_ENDS.sub("\n", s)))
    s = s.rstrip().lstrip("\n")
    if len(s) > max_length:
        raise Invalid(_too_long(max_length, len(s)))
    return s


def tags(s: str, max_length: int = 50, most: int = 100) -> list[str]:
    """Words separated by comma, semicolon, bar or line break, in their order, each once (case and accents aside).

    Raises `Invalid` for a tag longer than `max_length` characters and for more than `most` tags. Blank gives [].
    """
    found: dict[str, str] = {}
    for part in _TAG_ENDS.split(s):
        if is_blank(part):
            continue
        tag = text(part, len(part) * 4)
        if len(tag) > max_length:
            message = _("Shorten the tag “%(tag)s” to %(most)d characters; it has %(length)d.")
            raise Invalid(message % {"tag": shown(tag, 30), "most": max_length, "length": len(tag)})
        found.setdefault(fold(tag), tag)
    if len(found) > most:
        message = _("Enter at most %(most)d tags; these are %(count)d.")
        raise Invalid(message % {"most": most, "count": len(found)})
    return list(found.values())


def _too_long(most: int, length: int) -> str:
    return _("Shorten the text to %(most)d characters; it has %(length)d.") % {"most": most, "length": length}
