"""JSON in and out: exact numbers, UTC instants, and nothing that is no JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import orjson

_OUT = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC | orjson.OPT_NON_STR_KEYS


def dumps(value: Any) -> bytes:
    """UUIDs, dates and instants as text, decimals as text with all their places."""
    return orjson.dumps(value, default=_more, option=_OUT)


def _more(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def loads(body: bytes) -> Any:
    """The value of a request's body; ValueError for what is no JSON in UTF-8. Whole numbers beyond 64 bits come out as floats, which no field takes."""
    return orjson.loads(body)
