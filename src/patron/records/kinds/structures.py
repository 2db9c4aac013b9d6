"""The kind of what only code reads: JSON of a shape that the type knows."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as gettext_now

from patron.kernel.parsing import Invalid, ParseContext
from patron.records.fields import Field
from patron.records.kinds.base import Kind, written

#: Values that a structure holds (a long text counts once per thousand characters), and how deep they nest.
MOST_PARTS, DEEPEST = 2000, 24


class Json(Kind):
    """A structure that only code reads: shown as text, set by no form. Programs set those whose type says what they look like."""

    name = "json"
    sql = "jsonb"

    def is_empty(self, field: Field) -> Q:
        return Q(**{f"{field.path}__isnull": True}) | Q(**{f"{field.path}__in": [{}, []]})

    def parse(self, text: str, field: Field, ctx: ParseContext) -> Any:
        """JSON, on the command line."""
        if not field.structure:
            raise Invalid(gettext_now("This field cannot be set here."))
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            raise Invalid(gettext_now("Write this as JSON.")) from None
        return self.from_plain(value, field, ctx)

    def from_plain(self, value: Any, field: Field, ctx: ParseContext) -> Any:
        """An object or a list that PostgreSQL can keep; what it means is judged by its type."""
        if not isinstance(value, dict | list):
            raise Invalid(gettext_now("Write an object, in curly brackets, or a list, in square ones."))
        if _weight(value) > MOST_PARTS:
            raise Invalid(gettext_now("This is too large: it has more than %(most)s parts.") % {"most": MOST_PARTS})
        return value

    def schema(self, field: Field) -> dict[str, Any]:
        return field.structure


def _weight(value: Any, depth: int = 0) -> int:
    """How many values a structure holds; `Invalid` for text that cannot be kept, and for one that is nested without end."""
    if depth > DEEPEST:
        raise Invalid(gettext_now("This is nested too deeply."))
    if isinstance(value, dict):
        return sum(_weight(written(n), depth + 1) + _weight(v, depth + 1) for n, v in value.items()) + 1
    if isinstance(value, list):
        return sum(_weight(v, depth + 1) for v in value) + 1
    if isinstance(value, float | Decimal):
        raise Invalid(gettext_now("Write numbers with decimals as text, in quotation marks."))
    return 1 + (len(written(value)) // 1000 if isinstance(value, str) else 0)


JSON = Json()
