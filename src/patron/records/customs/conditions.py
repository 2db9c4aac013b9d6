"""Conditions on one record that is not in the database yet: shown if, locked if. The filter language of saved views, worked out in Python.

A condition that reaches into other records cannot be answered here and is refused when it is saved.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from patron.kernel.parsing import Invalid
from patron.kernel.text import fold
from patron.records.fields import Field

OPERATORS = frozenset({"is", "is_not", "contains", "lacks", "starts", "empty", "filled", "on", "before", "after", "eq", "gt", "gte", "lt", "lte", "between"})


def check(tree: Any, fields: Mapping[str, Field]) -> None:
    """Refuse a condition that names a field of another record, an unknown field or an operator that cannot be answered here."""
    for name, operator, _value in _leaves(tree):
        if name not in fields:
            raise Invalid(_("There is no field “%(name)s” here.") % {"name": name})
        if operator not in OPERATORS or (fields[name].kind == "file" and operator not in ("empty", "filled")):
            raise Invalid(_("This condition cannot be used here: “%(name)s” with “%(operator)s”.") % {"name": name, "operator": operator})


def _leaves(tree: Any) -> list[tuple[str, str, Any]]:
    if not tree:
        return []
    if isinstance(tree, dict):
        return [leaf for inner in tree.values() for leaf in (_leaves(inner) if isinstance(inner, dict) else [x for node in inner for x in _leaves(node)])]
    if isinstance(tree, list) and len(tree) in (2, 3) and isinstance(tree[0], str):
        return [(tree[0], str(tree[1]), tree[2] if len(tree) == 3 else None)]
    raise Invalid(_("This condition cannot be read."))


def names(tree: Any) -> set[str]:
    """The fields that a condition looks at."""
    return {name for name, _operator, _value in _leaves(tree)}


def holds(tree: Any, record: Any, fields: Mapping[str, Field]) -> bool:
    """Whether the condition holds for the record as it is in memory; an empty one does. A field that is gone holds nothing."""
    if not tree:
        return True
    if isinstance(tree, dict):
        ((word, inner),) = tree.items()
        if word == "not":
            return not holds(inner, record, fields)
        parts = (holds(node, record, fields) for node in inner)
        return all(parts) if word == "and" else any(parts)
    field = fields.get(tree[0])
    return _compare(field.get(record) if field else None, tree[1], tree[2] if len(tree) == 3 else None)


def _compare(value: Any, operator: str, wanted: Any) -> bool:
    empty = value in (None, "", [])
    if operator in ("empty", "filled"):
        return empty == (operator == "empty")
    choices = [_like(value, w) for w in (wanted if isinstance(wanted, list) else [wanted])]
    if operator in ("is", "is_not", "eq", "on"):
        shared = any(v in choices for v in map(_plain, value)) if isinstance(value, list) else _plain(value) in choices
        return shared != (operator == "is_not")
    if operator in ("contains", "lacks", "starts"):
        text, words = fold(str(value or "")), fold(str(wanted or ""))
        return text.startswith(words) if operator == "starts" else (words in text) == (operator == "contains")
    if empty or any(c is None for c in choices):
        return False
    return _order(_plain(value), operator, choices)


def _order(value: Any, operator: str, choices: list[Any]) -> bool:
    try:
        if operator == "between":
            return bool(choices[0] <= value <= choices[1])
        return bool(value > choices[0] if operator in ("gt", "after") else value >= choices[0] if operator == "gte" else value <= choices[0] if operator == "lte" else value < choices[0])
    except (TypeError, IndexError):
        return False


def _plain(value: Any) -> Any:
    """A value in a form that can be compared with what stands in a condition."""
    return fold(value) if isinstance(value, str) else value if isinstance(value, bool | int | Decimal | datetime.date) or value is None else fold(str(value))


def _like(value: Any, wanted: Any) -> Any:
    """What stands in a condition, as the value's type."""
    try:
        if isinstance(value, bool):
            return str(wanted).lower() in ("true", "yes", "1")
        if isinstance(value, Decimal | int):
            return Decimal(str(wanted))
        if isinstance(value, datetime.datetime):
            return datetime.datetime.fromisoformat(str(wanted).replace("Z", "+00:00"))
        if isinstance(value, datetime.date):
            return datetime.date.fromisoformat(str(wanted))
    except (ValueError, ArithmeticError):
        return None
    return None if wanted is None else fold(str(wanted))
