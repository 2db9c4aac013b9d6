"""Formulas: arithmetic over the fields of one record, checked when they are saved, worked out by PostgreSQL.

    {amount} * 0.1        {x_floor_area} * 12        {closed_on} - {opened_on}        {amount} - {x_cost} if {x_cost} else {amount}

Names in braces are fields of the same record: numbers, amounts, per cents, whole numbers, dates, boxes and text. Known are + - * /, comparisons, `and`, `or`,
`not`, `a if condition else b`, and the functions round(x, n), abs(x), min(…), max(…), days(date, date), today(), text(x), concat(…), coalesce(…). A date plus a number is a
date so many days later; a date less a date is a number of days. What lacks a value, or divides by nought, is empty. A formula does not look into other records.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from patron.kernel.parsing import Invalid
from patron.records.customs.transforms import EXPRESSIONS, NUMBER

_NAME = re.compile(r"\{([a-z0-9_]+)\}")
_NUMERIC = {"number", "money", "percent", "integer"}
_TYPES: dict[str, Any] = {"number": NUMBER, "date": models.DateField(), "text": models.TextField(), "checkbox": models.BooleanField()}
_COMPARE = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "=", ast.NotEq: "<>"}
Part = tuple[str, str]  # SQL, and what it is: number, date, text, checkbox


def kind_of(type_key: str, text: str) -> str:
    """The kind of what a formula comes to."""
    return compiled(type_key, text)[1]


def sql_of(type_key: str, text: str, places: int = 6) -> tuple[str, Any]:
    """The formula as SQL over `{row}`, and its type; numbers are rounded."""
    sql, kind = compiled(type_key, text)
    return (f"round(({sql})::numeric(28,6), {places})" if kind == "number" else f"({sql})"), _TYPES[kind]


def compiled(type_key: str, text: str) -> Part:
    """SQL over `{row}` and the kind; `Invalid` with what is wrong and where."""
    names: dict[str, str] = {}

    def stand_in(match: re.Match[str]) -> str:
        names[f"f_{match.group(1)}"] = match.group(1)
        return f"f_{match.group(1)}"

    try:
        tree = ast.parse(_NAME.sub(stand_in, text.strip()), mode="eval")
    except (SyntaxError, ValueError):
        raise Invalid(_("This formula cannot be read. Write for example {amount} * 0.1.")) from None
    if sum(1 for _node in ast.walk(tree)) > 200:
        raise Invalid(_("This formula is too long."))
    return _Writer(type_key, names).write(tree.body)


class _Writer:
    """Writes a formula's tree as SQL; every node knows what kind it comes to."""

    def __init__(self, type_key: str, names: dict[str, str]) -> None:
        self.type_key, self.names = type_key, names

    def write(self, node: ast.AST) -> Part:
        writer: Callable[[Any], Part] | None = getattr(self, f"_{type(node).__name__.lower()}", None)
        if writer is None:
            raise Invalid(_("This formula uses something that formulas do not know."))
        return writer(node)

    def numbers(self, *nodes: ast.AST) -> list[str]:
        return [self._as(node, "number") for node in nodes]

    def _as(self, node: ast.AST, kind: str) -> str:
        sql, found = self.write(node)
        if found != kind:
            raise Invalid(_("This formula wants a %(kind)s where there is none.") % {"kind": {"number": _("number"), "date": _("date"), "text": _("text")}.get(kind, kind)})
        return sql

    def _constant(self, node: ast.Constant) -> Part:
        if isinstance(node.value, bool):
            return str(node.value).lower(), "checkbox"
        if isinstance(node.value, int | float):
            return f"({ast.unparse(node)})::numeric", "number"
        if isinstance(node.value, str) and "{" not in node.value:
            return "'" + node.value.replace("'", "''").replace("%", "%%") + "'::text", "text"
        raise Invalid(_("This formula uses something that formulas do not know."))

    def _name(self, node: ast.Name) -> Part:
        if node.id not in self.names:
            raise Invalid(_("Put names of fields in braces: {%(name)s}.") % {"name": node.id})
        return column_of(self.type_key, self.names[node.id])

    def _unaryop(self, node: ast.UnaryOp) -> Part:
        if isinstance(node.op, ast.USub):
            return f"(-{self._as(node.operand, 'number')})", "number"
        if isinstance(node.op, ast.Not):
            return f"(NOT {self._as(node.operand, 'checkbox')})", "checkbox"
        raise Invalid(_("This formula uses something that formulas do not know."))

    def _binop(self, node: ast.BinOp) -> Part:
        (left, a), (right, b) = self.write(node.left), self.write(node.right)
        plus, minus = isinstance(node.op, ast.Add), isinstance(node.op, ast.Sub)
        if (a, b) == ("date", "date") and minus:
            return f"({left} - {right})::numeric", "number"
        if (a, b) == ("date", "number") and (plus or minus):
            return f"({left} {'+' if plus else '-'} trunc({right})::int)", "date"
        if a != "number" or b != "number":
            raise Invalid(_("This formula adds up or multiplies what are not numbers."))
        signs = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
        if isinstance(node.op, ast.Div):
            return f"({left} / nullif({right}, 0))", "number"
        if type(node.op) not in signs:
            raise Invalid(_("This formula uses something that formulas do not know."))
        return f"({left} {signs[type(node.op)]} {right})", "number"

    def _compare(self, node: ast.Compare) -> Part:
        (left, a), (right, b) = self.write(node.left), self.write(node.comparators[0])
        if len(node.ops) != 1 or type(node.ops[0]) not in _COMPARE or a != b:
            raise Invalid(_("This formula compares what cannot be compared."))
        return f"({left} {_COMPARE[type(node.ops[0])]} {right})", "checkbox"

    def _boolop(self, node: ast.BoolOp) -> Part:
        word = " AND " if isinstance(node.op, ast.And) else " OR "
        return f"({word.join(self._truth(v) for v in node.values)})", "checkbox"

    def _truth(self, node: ast.AST) -> str:
        sql, kind = self.write(node)
        return sql if kind == "checkbox" else f"({sql} IS NOT NULL)"

    def _ifexp(self, node: ast.IfExp) -> Part:
        (yes, a), (no, b) = self.write(node.body), self.write(node.orelse)
        if a != b:
            raise Invalid(_("Both ends of an “if” must be of the same kind."))
        return f"(CASE WHEN {self._truth(node.test)} THEN {yes} ELSE {no} END)", a

    def _call(self, node: ast.Call) -> Part:
        name = node.func.id if isinstance(node.func, ast.Name) and not node.keywords else ""
        if name == "today" and not node.args:
            return "((now() AT TIME ZONE 'UTC')::date)", "date"
        if name == "round" and len(node.args) == 2 and isinstance(node.args[1], ast.Constant) and isinstance(node.args[1].value, int):
            return f"round({self._as(node.args[0], 'number')}, {node.args[1].value})", "number"
        if name == "abs" and len(node.args) == 1:
            return f"abs({self._as(node.args[0], 'number')})", "number"
        if name in ("min", "max") and node.args:
            return f"{'least' if name == 'min' else 'greatest'}({', '.join(self.numbers(*node.args))})", "number"
        if name == "days" and len(node.args) == 2:
            return f"({self._as(node.args[1], 'date')} - {self._as(node.args[0], 'date')})::numeric", "number"
        if name == "text" and len(node.args) == 1:
            return f"({self.write(node.args[0])[0]})::text", "text"
        if name == "concat" and node.args:
            return "concat_ws(' ', " + ", ".join(f"({self.write(a)[0]})::text" for a in node.args) + ")", "text"
        if name == "coalesce" and node.args:
            parts = [self.write(a) for a in node.args]
            if len({kind for _sql, kind in parts}) == 1:
                return f"coalesce({', '.join(sql for sql, _kind in parts)})", parts[0][1]
        raise Invalid(_("This formula calls a function that formulas do not know, or wrongly."))


def column_of(type_key: str, name: str) -> Part:
    """A field of the record as SQL over `{row}`; other formulas are not to be had, so there are no circles."""
    from patron.records import registry
    from patron.records.custom_models import CustomField
    from patron.records.customs.values import SHAPES

    record_type = registry.find(type_key)
    if record_type is None:
        raise Invalid(_("There is no field “%(name)s” here.") % {"name": name})
    if name.startswith("x_"):
        own = CustomField.objects.filter(type_key=type_key, key=name[2:]).exclude(kind="formula").values_list("kind", flat=True).first()
        if own is None:
            raise Invalid(_("There is no field “%(name)s” here.") % {"name": name})
        if own == "file":
            raise Invalid(_("Formulas cannot use files: “%(name)s”.") % {"name": name})
        shape = SHAPES[own]
        return EXPRESSIONS[shape][0].format(custom='{row}."custom"', key=name[2:]), {"number": "number", "date": "date", "truth": "checkbox"}.get(shape, "text")
    field = record_type.own_fields.get(name)
    if field is None or "__" in field.path or field.is_relation:
        raise Invalid(_("There is no field “%(name)s” here.") % {"name": name})
    sql = f'{{row}}."{field.path}"'
    if field.kind in _NUMERIC:
        return f"{sql}::numeric", "number"
    if field.kind in ("date", "checkbox"):
        return sql, field.kind
    if field.kind == "datetime":
        return f"(({sql} AT TIME ZONE 'UTC')::date)", "date"
    if field.kind in ("tags", "multi_choice", "file", "json"):
        raise Invalid(_("Formulas cannot use lists: “%(name)s”.") % {"name": name})
    return f"{sql}::text", "text"
