"""vCard files (3.0 and 4.0) into a table: one row per card, so that everything that imports can do holds for address books, too."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import vobject

from patron.kernel.text import _
from patron.records.transfer.source import Unreadable

HEADER = (
    "vCard UID", "vCard name", "First name", "Last name", "E-mail", "E-mail 2", "Phone", "Mobile", "Organization", "Department", "Job title", "Street", "City", "Postal code",
    "Country", "Website", "Birthday", "Categories", "Note",
)  # fmt: skip
_BEGIN = b"begin:vcard"
_MOST = 1 << 20  # characters of one card: a photo has some hundred thousand


def is_one(head: bytes) -> bool:
    """Whether a file begins as vCards do."""
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_BEGIN)


def convert(source: Path, target: Path) -> int:
    """Write the cards as CSV; answers how many. Raises `Unreadable` where one cannot be read, saying which."""
    count = 0
    with target.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        for text in _cards(source):
            count += 1
            try:
                card = vobject.readOne(text)
                writer.writerow(_row(card))
            except Exception as error:  # the parser raises whatever its inner parts raise
                raise Unreadable(_("Card %(n)d cannot be read: %(why)s") % {"n": count, "why": str(error)[:200] or type(error).__name__}) from error
    if not count:
        raise Unreadable(_("There is no complete card in this file."))
    return count


def _cards(path: Path) -> Iterator[str]:
    """One card's text after the other; lines of pictures are left out, since nothing here keeps them."""
    lines: list[str] = []
    size, skipping = 0, False
    with path.open(encoding="utf-8-sig", errors="replace", newline=None) as file:
        while piece := list(islice(file, 1000)):
            for line in piece:
                low = line[:11].lower().strip()
                if low == "begin:vcard":
                    lines, size = [], 0
                skipping = line[:1] in " \t" if skipping else line[:6].upper().startswith(("PHOTO", "LOGO", "SOUND", "KEY"))
                if skipping:
                    continue
                lines.append(line)
                size += len(line)
                if size > _MOST:
                    raise Unreadable(_("A card in this file is too large to be true."))
                if low == "end:vcard":
                    yield "".join(lines)
                    lines, size = [], 0


def _row(card: Any) -> list[str]:
    mails = [str(line.value) for line in card.contents.get("email", ())]
    phone, mobile = _phones(card)
    name = card.n.value if "n" in card.contents else None
    organisation = card.org.value if "org" in card.contents else []
    address = card.adr.value if "adr" in card.contents else None
    return [
        _first(card, "uid"), _first(card, "fn"), _text(getattr(name, "given", "")), _text(getattr(name, "family", "")), *(mails + ["", ""])[:2], phone, mobile,
        _text(organisation[0] if organisation else ""), _text(organisation[1] if len(organisation) > 1 else ""), _first(card, "title"), _text(getattr(address, "street", "")),
        _text(getattr(address, "city", "")), _text(getattr(address, "code", "")), _text(getattr(address, "country", "")), _first(card, "url"), _day(_first(card, "bday")),
        ", ".join(_text(value) for line in card.contents.get("categories", ()) for value in (line.value if isinstance(line.value, list) else [line.value])), _first(card, "note"),
    ]  # fmt: skip


def _phones(card: Any) -> tuple[str, str]:
    """The first telephone that is none to carry about, and the first that is."""
    found = {"phone": "", "mobile": ""}
    for line in card.contents.get("tel", ()):
        kinds = {str(k).lower() for k in line.params.get("TYPE", ())}
        kind = "mobile" if kinds & {"cell", "mobile", "iphone"} else "" if kinds & {"fax", "pager"} else "phone"
        if kind and not found[kind]:
            found[kind] = str(line.value).removeprefix("tel:")
    return found["phone"], found["mobile"]


def _first(card: Any, name: str) -> str:
    lines = card.contents.get(name, ())
    return _text(lines[0].value) if lines else ""


def _text(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _day(text: str) -> str:
    """A birthday as a date; one without a year cannot be kept as such."""
    digits = text[:10].replace("-", "")
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}" if len(digits) == 8 and digits.isdigit() else ""
