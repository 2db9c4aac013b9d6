"""Tables that several record types share: what tells their rows apart, for statements that are written by hand."""

from __future__ import annotations

import uuid
from typing import Any


def column(model: Any) -> str:
    """The column that says of which type a row is; "" for a table of one type."""
    name = getattr(model, "shared_by", "")
    return str(model._meta.get_field(name).column) if name else ""


def type_id(model: Any) -> uuid.UUID | None:
    """The type whose rows the model sees; None for a table of one type."""
    return getattr(model, "own_type_id", None)


def constants(model: Any) -> dict[str, Any]:
    """What every row that the model makes has, by attribute."""
    own = type_id(model)
    return {} if own is None else {column(model): own}


def condition(model: Any) -> str:
    """More for a WHERE over the table: " AND type_id = '…'"; "" for a table of one type."""
    own = type_id(model)
    return "" if own is None else f" AND {column(model)} = '{own}'"


def argument(model: Any) -> str:
    """The last argument of the table's search functions: ", '…'::uuid"; "" for a table of one type."""
    own = type_id(model)
    return "" if own is None else f", '{own}'::uuid"
