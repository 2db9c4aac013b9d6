"""Where a page of a list ends, and how the next one starts there."""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import BooleanField, Func
from django.utils.translation import gettext as _

from patron.kernel.parsing import Invalid


class RowCompare(Func):
    """`(a, id) > (x, y)`: one comparison that an index over (a, id) answers from the right place on."""

    output_field: Any = BooleanField()
    conditional = True

    def __init__(self, *expressions: Any, operator: str = ">", **extra: Any) -> None:
        super().__init__(*expressions, **extra)
        self.operator = operator

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> Any:  # type: ignore[override]
        parts = [compiler.compile(e) for e in self.source_expressions]
        (a, b, c, d) = (sql for sql, _params in parts)
        return f"({a}, {b}) {self.operator} ({c}, {d})", [p for _sql, params in parts for p in params]


class Place(NamedTuple):
    """A row's place in a list: its sort value (None: empty) and id."""

    value: Any
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Cursor:
    """The edge of a page: the last row's sort value (None: among the empty ones) and id."""

    value: Any
    id: uuid.UUID

    def encode(self) -> str:
        text = json.dumps([None if self.value is None else str(self.value), self.id.hex], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(text: str) -> Cursor:
    """The cursor of an address; `Invalid` when it was tampered with or belongs elsewhere."""
    try:
        value, key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return Cursor(value, uuid.UUID(key))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Invalid(_("This page of the list no longer exists. Start from the first page.")) from error
