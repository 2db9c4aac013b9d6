"""Kinds of field: one object per kind, shared by every door."""

from patron.kernel.parsing import Invalid, ParseContext
from patron.records.kinds.base import Kind, Operator, View
from patron.records.kinds.chosen import CHOICE, COUNTRY, CURRENCY, MULTI_CHOICE, TAGS
from patron.records.kinds.filed import FILE
from patron.records.kinds.linked import PERSON, RELATION
from patron.records.kinds.plain import CHECKBOX, DATE, DATETIME, EMAIL, INTEGER, LONG_TEXT, MONEY, NUMBER, PERCENT, PHONE, TEXT, URL
from patron.records.kinds.structures import JSON

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        TEXT, LONG_TEXT, EMAIL, URL, PHONE, INTEGER, NUMBER, MONEY, PERCENT, DATE, DATETIME, CHECKBOX, JSON,
        CHOICE, MULTI_CHOICE, TAGS, CURRENCY, COUNTRY, RELATION, PERSON, FILE,
    )
}  # fmt: skip

__all__ = ["KINDS", "Invalid", "Kind", "Operator", "ParseContext", "View", "kind_of"]


def kind_of(name: str) -> Kind:
    """The kind of that name."""
    return KINDS[name]
