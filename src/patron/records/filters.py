"""The filter language: nested and/or, conditions on fields, across relations and into collections.

A filter is JSON: `{"and": [node, …]}`, `{"or": [node, …]}`, `{"not": node}`, or a condition `[field, operator, value]`.
A field may be dotted (`account.industry`). On a collection (`tasks`, `contacts` …) the operators are `any` and `none`, with a filter of that
type as value (`{}` for any at all), and `at_least` with a number. What rules something out (`is_not`, `lacks`,
`ne`, `not`) keeps rows without a value, of every kind, built in or own. The same language serves lists, saved views, bulk work, export and the API.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from patron.kernel.parsing import Invalid
from patron.records import registry
from patron.records.customs import definitions
from patron.records.fields import Field
from patron.records.kinds import View, kind_of
from patron.records.kinds.base import unless
from patron.records.record_type import RecordType

MOST_NODES = 200
DEPTH = 8
_COUNT = re.compile(r"[0-9]{1,9}")


class BadFilter(Invalid):
    """A filter that cannot be understood, or that asks for what the person may not see."""


def read(text: str) -> Any:
    """The filter in a URL parameter or a saved view; `BadFilter` where it is no JSON of the language."""
    if not text:
        return {}
    try:
        tree = json.loads(text)
        size = _size(tree)
        if any("\x00" in word for word in _words(tree)):
            raise ValueError  # PostgreSQL keeps no NUL; text that spells \\u0000 is text
        json.dumps(tree, ensure_ascii=False).encode()  # lone surrogates are no text
    except (ValueError, RecursionError):
        raise BadFilter(_("The filter in this address cannot be read. Clear it and set it again.")) from None
    if size > MOST_NODES:
        raise BadFilter(_("This filter has more than %(most)s conditions.") % {"most": MOST_NODES})
    return tree


def _size(tree: Any) -> int:
    if isinstance(tree, dict):
        return 1 + sum(_size(v) for v in tree.values())
    return 1 + sum(_size(v) for v in tree) if isinstance(tree, list) else 0


def _words(tree: Any) -> Iterator[str]:
    """Every text in the tree, names of members included."""
    if isinstance(tree, str):
        yield tree
    for part in itertools.chain(tree, tree.values()) if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _words(part)


def resolve(record_type: RecordType, name: str, view: View) -> Field:
    """The field that a name or a dotted name means for this person; `BadFilter` where there is none or it is hidden."""
    head, _dot, rest = name.partition(".")
    field = record_type.visible_fields(view.access).get(head)
    if field is None:
        raise BadFilter(_("There is no field “%(name)s” here.") % {"name": name})
    if not rest:
        return field
    target = registry.find_model(field.model) if field.is_relation else None
    if target is None or view.access.scope(target.key, "view") != "all":
        raise BadFilter(_("There is no field “%(name)s” here.") % {"name": name})
    return resolve(target, rest, view).through(field)


def retired(record_type: RecordType, name: str) -> str:
    """The label of the own field that a name means, where it is retired; else nothing."""
    found = definitions.current().retired.get(record_type.key, {}).get(name)
    return str(found.field.label) if found else ""


def condition(record_type: RecordType, tree: Any, view: View, *, depth: int = 0) -> Q:
    """The filter as a condition on the type's rows; an empty one selects everything."""
    if depth > DEPTH:
        raise BadFilter(_("This filter is nested too deeply."))
    if not tree:
        return Q()
    if isinstance(tree, dict):
        return _group(record_type, tree, view, depth)
    if not isinstance(tree, list) or len(tree) not in (2, 3) or not isinstance(tree[0], str) or not isinstance(tree[1], str):
        raise BadFilter(_("The filter in this address cannot be read. Clear it and set it again."))
    name, operator, value = (*tree, None)[:3]
    if name in record_type.collections:
        return _collection(record_type, name, operator, value, view, depth)
    if retired(record_type, name):
        return Q(pk__in=[])  # a saved view outlives the field: what is on no screen holds for no record
    field = resolve(record_type, name, view)
    return kind_of(field.kind).condition(field, operator, value, view)


def _group(record_type: RecordType, tree: dict[str, Any], view: View, depth: int) -> Q:
    if len(tree) != 1 or not tree.keys() <= {"and", "or", "not"}:
        raise BadFilter(_("The filter in this address cannot be read. Clear it and set it again."))
    ((word, inner),) = tree.items()
    if word == "not":
        return unless(condition(record_type, inner, view, depth=depth + 1))
    if not isinstance(inner, list):
        raise BadFilter(_("The filter in this address cannot be read. Clear it and set it again."))
    joined = Q()
    for node in inner:
        part = condition(record_type, node, view, depth=depth + 1)
        joined = joined & part if word == "and" else joined | part
    return joined


def _collection(record_type: RecordType, name: str, operator: str, value: Any, view: View, depth: int) -> Q:
    """Related rows that exist, do not exist, or are many: rights of the related type applied inside."""
    key, back = record_type.collections[name]
    other = registry.get(key)
    inner = value if isinstance(value, dict | list) else {}
    rows = other.live(view.access).filter(condition(other, inner, view, depth=depth + 1), **{back: OuterRef("pk")})
    if operator == "any":
        return Q(Exists(rows))
    if operator == "none":
        return ~Q(Exists(rows))
    if operator == "at_least" and _COUNT.fullmatch(str(value)):
        counted = rows.order_by().values(_key=F(back)).annotate(_n=Count("pk")).values("_n")
        return Q(pk__in=record_type.model.objects.annotate(_n=Subquery(counted)).filter(_n__gte=int(str(value))).values("pk"))
    raise BadFilter(_("This field cannot be filtered that way."))


def only(tree: Any) -> list[Any]:
    """The top-level conditions of a filter, for chips: those of an outer "and", else the filter as one."""
    if isinstance(tree, dict) and list(tree) == ["and"]:
        return list(tree["and"])
    return [tree] if tree else []
