"""Filters and columns in words: chips, the builder's choices."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _

from patron.identity.models import Membership
from patron.records import filters, periods, registry
from patron.records.customs import conditions
from patron.records.fields import Field
from patron.records.kinds import Invalid, View, kind_of
from patron.records.listing import ListState
from patron.records.record_type import RecordType

FEW = 60  # a relation with at most so many rows is offered as a list of choices


def chips(record_type: RecordType, tree: Any, view: View, state: ListState, here: str) -> list[dict[str, str]]:
    """A chip per top-level condition, each with the address of the list without it."""
    nodes = filters.only(tree)
    found = []
    for i, node in enumerate(nodes):
        rest = nodes[:i] + nodes[i + 1 :]
        words = sentence(record_type, node, view)
        without = state.query(filter={"and": rest} if rest else {}, **({"view": "all"} if state.view and not rest else {}))
        found.append({"field": words[0], "op": words[1], "value": words[2], "remove": f"{here}?{without}"})
    return found


def sentence(record_type: RecordType, node: Any, view: View) -> tuple[str, str, str]:
    """A condition as (field, operator, value) in words; a group as one phrase."""
    try:
        if isinstance(node, dict):
            return _group(record_type, node, view)
        name, op, value = (*node, None)[:3]
        if name in record_type.collections:
            other = registry.get(record_type.collections[name][0])
            inner = phrase(other, value, view) if isinstance(value, dict | list) and value else str(value or "")
            return str(other.plural), {"any": _("exist"), "none": _("do not exist"), "at_least": _("at least")}.get(op, op), inner
        if gone := filters.retired(record_type, name):
            return _("Unknown"), "", _("%(label)s is retired") % {"label": gone}
        field = filters.resolve(record_type, name, view)
        operator = next((o for o in kind_of(field.kind).all_operators() if o.key == op), None)
        return str(field.label), str(operator.label) if operator else op, _value(field, value, view)
    except (Invalid, ValueError, TypeError):
        return _("Unknown"), "", ""


def phrase(record_type: RecordType, node: Any, view: View) -> str:
    return " ".join(p for p in sentence(record_type, node, view) if p)


def _group(record_type: RecordType, node: dict[str, Any], view: View) -> tuple[str, str, str]:
    ((word, inner),) = node.items()
    if word == "not":
        return _("Not"), "", phrase(record_type, inner, view)
    joint = _(" or ") if word == "or" else _(" and ")
    return (_("Any of") if word == "or" else _("All of")), "", joint.join(phrase(record_type, n, view) for n in inner)


def _value(field: Field, value: Any, view: View) -> str:
    if value is None:
        return ""
    values = value if isinstance(value, list) else [value]
    if field.is_relation:
        return ", ".join(_names(field, values))
    if field.kind in ("choice", "country", "currency", "multi_choice"):
        kind: Any = kind_of(field.kind)
        return ", ".join(kind.label(v, field, view) for v in values)
    if field.kind in ("date", "datetime"):
        return " – ".join(str(periods.PERIODS.get(str(v), v)) for v in values)
    if field.kind == "checkbox":
        return _("Yes") if values[0] in (True, "true", "yes", "1") else _("No")
    return " – ".join(str(v) for v in values) if len(values) == 2 and field.kind in ("number", "money", "integer", "percent") else ", ".join(str(v) for v in values)


def _names(field: Field, values: list[Any]) -> list[str]:
    special = {"me": _("me"), "my_team": _("my team")}
    ids = []
    for value in values:
        try:
            ids.append(uuid.UUID(str(value)))
        except ValueError:
            continue
    target = registry.find_model(field.model)
    title = target.title_path if target else "name"
    known = {str(pk): str(name) for pk, name in field.model.objects.filter(pk__in=ids).values_list("pk", title)} if ids else {}
    return [special.get(str(v)) or known.get(str(v), str(v)) for v in values]


def filter_fields(record_type: RecordType, view: View) -> list[dict[str, Any]]:
    """What the builder may ask: the type's fields (favoured ones first), those of records it points to, and its collections."""
    own = record_type.visible_fields(view.access)
    names = [*[n for n in record_type.filters if n in own], *[n for n in own if n not in record_type.filters]]
    found = [_offer(own[n], view) for n in names if own[n].kind != "json"]
    for field in own.values():
        target = registry.find_model(field.model) if field.is_relation else None
        if target is not None and target is not record_type and target.nav and view.access.scope(target.key, "view") == "all":
            found += [_offer(f.through(field), view) for f in target.visible_fields(view.access).values() if f.kind not in ("json", "long_text") and not f.is_relation]
    for name, (key, _path) in record_type.collections.items():
        other = registry.find(key)
        if other is not None and view.access.can(key, "view"):
            ops = [{"value": "any", "label": _("exist"), "input": "none"}, {"value": "none", "label": _("do not exist"), "input": "none"}, {"value": "at_least", "label": _("at least"), "input": "number"}]
            found.append({"name": name, "label": str(other.plural), "ops": ops, "options": []})
    return found


def condition_fields(record_type: RecordType, view: View, *, but: str = "") -> list[dict[str, Any]]:
    """What a condition on one record may ask: its own fields, with the operators that can be answered before it is saved (`customs.conditions`)."""
    found = []
    for name, field in record_type.visible_fields(view.access).items():
        if name == but or field.kind == "json":
            continue
        offer = _offer(field, view)
        offer["options"] = [pair for pair in offer["options"] if pair[0] not in ("me", "my_team")]
        unknown = field.kind == "file" or (field.kind == "relation" and not offer["options"])  # ids are not for people to write
        offer["ops"] = [op for op in offer["ops"] if op["value"] in conditions.OPERATORS and not (unknown and op["input"] != "none")]
        if offer["ops"]:
            found.append(offer)
    return found


_INPUTS = {"number": "number", "money": "number", "integer": "number", "percent": "number", "date": "date", "datetime": "date"}


def _offer(field: Field, view: View) -> dict[str, Any]:
    options = _options(field, view)
    plain = "choice" if options else _INPUTS.get(field.kind, "text")
    ops = []
    for operator in kind_of(field.kind).all_operators():
        shape = {"none": "none", "period": "period", "two": "two"}.get(operator.values, plain)
        ops.append({"value": operator.key, "label": str(operator.label), "input": shape})
    periods_ = [[k, str(v)] for k, v in periods.PERIODS.items()] if field.kind in ("date", "datetime") else []
    return {"name": field.name, "label": str(field.label), "ops": ops, "options": options or periods_}


def _options(field: Field, view: View) -> list[list[str]]:
    if field.kind in ("choice", "country", "currency", "multi_choice"):
        kind: Any = kind_of(field.kind)
        return [[str(v), str(label)] for v, label in kind.options(field, view)]
    if field.kind == "checkbox":
        return [["true", _("Yes")], ["false", _("No")]]
    if field.kind == "person":
        people = Membership.objects.exclude(state="deactivated").order_by("name").values_list("pk", "name")[:500]
        return [["me", _("me")], ["my_team", _("my team")], *([str(pk), name] for pk, name in people)]
    if field.kind == "relation":
        target = registry.find_model(field.model)
        if target is not None and not target.nav:
            return [[str(pk), str(name)] for pk, name in field.model.objects.order_by(target.title_path).values_list("pk", target.title_path)[:FEW]]
    return []


def column_choices(record_type: RecordType, view: View, shown: list[str]) -> list[dict[str, Any]]:
    """Every column that may be shown: those in use first, in their order."""
    own = record_type.visible_fields(view.access)
    offered = {n: f for n, f in own.items() if f.kind != "json"}
    for field in own.values():
        target = registry.find_model(field.model) if field.kind == "relation" else None
        if target is not None and target is not record_type and target.nav and view.access.scope(target.key, "view") == "all":
            offered.update({f.through(field).name: f.through(field) for f in target.visible_fields(view.access).values() if f.kind not in ("json", "long_text")})
    order = [n for n in shown if n in offered] + [n for n in offered if n not in shown]
    return [{"name": n, "label": str(offered[n].label), "shown": n in shown, "fixed": n == record_type.title} for n in order]
