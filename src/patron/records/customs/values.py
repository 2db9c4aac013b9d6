"""Own values in Python and in JSON: text, exact numbers and dates are JSON strings, so that nothing is lost on the way."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

#: What a kind's values are to SQL; the first part of a path such as `custom__number_floor_area`.
SHAPES = {
    "text": "text", "long_text": "text", "choice": "text", "url": "text", "email": "text", "phone": "text", "number": "number", "money": "number",
    "date": "date", "datetime": "instant", "checkbox": "truth", "multi_choice": "words", "person": "link", "relation": "link", "file": "words",
}  # fmt: skip

#: Kinds that are found by search: words themselves, choices by their labels, files by their names.
WORDED = ("text", "long_text", "choice", "multi_choice", "url", "email", "phone", "file")

#: Kinds that may become another without touching what is stored.
ALIKE = (frozenset({"text", "long_text", "url", "email", "phone"}), frozenset({"number", "money"}))


def alike(kind: str) -> list[str]:
    """The kinds that a field of this kind may become, itself first."""
    return [kind, *sorted({k for group in ALIKE if kind in group for k in group} - {kind})]


def _instant(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


_FROM: dict[str, Callable[[Any], Any]] = {
    "text": str, "number": lambda v: Decimal(str(v)), "date": lambda v: datetime.date.fromisoformat(str(v)), "instant": lambda v: _instant(str(v)),
    "truth": bool, "words": list, "link": lambda v: uuid.UUID(str(v)),
}  # fmt: skip


def typed(shape: str, stored: Any) -> Any:
    """The Python value of what the JSON holds; None (no: for a box; nothing: for several choices) where it holds nothing."""
    if stored is None:
        return False if shape == "truth" else [] if shape == "words" else None
    return _FROM[shape](stored)


def stored(value: Any) -> Any:
    """What the JSON holds for a Python value; None for nothing, which is left out of the object."""
    if value in (None, "", []) or value is False:
        return None
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bool | str | list):
        return value
    return str(value)


def patched(custom: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    """The object with one value changed; a value that is empty is not there."""
    kept = {k: v for k, v in custom.items() if k != key}
    new = stored(value)
    return kept if new is None else {**kept, key: new}
