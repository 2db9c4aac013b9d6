"""Formulas over measures: `won / (won + lost)`. Decimal arithmetic; what cannot be worked out (unknown, divided by nothing) is empty."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from django.utils.translation import gettext as _

from patron.kernel.parsing import Invalid

LONGEST = 200
_STEPS = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.Constant, ast.Name, ast.Load, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub, ast.UAdd)


@lru_cache(maxsize=512)
def _tree(text: str) -> ast.expr:
    """The formula as a tree of the four operations, numbers and names; nothing else is let through."""
    if not text.strip() or len(text) > LONGEST:
        raise Invalid(_("Enter a formula such as won / (won + lost)."))
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Invalid(_("The formula “%(text)s” cannot be read. Use names of measures, numbers, + - * / and brackets.") % {"text": text[:60]}) from None
    for node in ast.walk(tree):
        number = isinstance(node, ast.Constant) and (isinstance(node.value, bool) or not isinstance(node.value, int | float))
        if number or not isinstance(node, _STEPS):
            raise Invalid(_("The formula “%(text)s” cannot be read. Use names of measures, numbers, + - * / and brackets.") % {"text": text[:60]})
    return tree.body


def names(text: str) -> set[str]:
    """The measures that a formula asks for; `Invalid` where it is no formula."""
    return {node.id for node in ast.walk(_tree(text)) if isinstance(node, ast.Name)}


def value(text: str, known: Mapping[str, Decimal | int | None]) -> Decimal | None:
    """The formula's value; None where a part is unknown or the divisor is nothing."""
    try:
        return _value(_tree(text), text, known)
    except (InvalidOperation, ZeroDivisionError):
        return None


def _value(node: ast.expr, text: str, known: Mapping[str, Decimal | int | None]) -> Decimal | None:
    if isinstance(node, ast.Constant):
        return Decimal(ast.get_source_segment(text.strip(), node) or str(node.value))
    if isinstance(node, ast.Name):
        found = known.get(node.id)
        return None if found is None else Decimal(found)
    if isinstance(node, ast.UnaryOp):
        inner = _value(node.operand, text, known)
        return inner if inner is None or isinstance(node.op, ast.UAdd) else -inner
    assert isinstance(node, ast.BinOp)
    left, right = _value(node.left, text, known), _value(node.right, text, known)
    if left is None or right is None:
        return None
    if isinstance(node.op, ast.Add):
        return left + right
    if isinstance(node.op, ast.Sub):
        return left - right
    return left * right if isinstance(node.op, ast.Mult) else left / right
