"""A short mark of a value: for telling whether it is still the one that somebody saw."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any


def digest(value: Any) -> str:
    """What tells a value from another; empty ones are alike."""
    text = json.dumps(None if value in ("", [], {}, ()) else value, sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value.normalize())
    return str(value)
