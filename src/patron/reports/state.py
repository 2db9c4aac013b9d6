"""The builder's state: all of it in the address, so that it works without script, can be sent to somebody, and survives the back button."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from patron.kernel.parsing import Invalid
from patron.records import filters
from patron.reports.definition import GROUPINGS, MEASURES, BadReport, Definition, Grouping, Measure, checked
from patron.reports.enums import Aggregate, Chart, Compare

_LETTERS = "abcdefgh"


def to_pairs(definition: Definition) -> list[tuple[str, str]]:
    """The definition as parameters of an address; empty ones are left out."""
    pairs = [("type", definition.type_key), ("chart", definition.chart), ("sort", definition.sort), ("top", str(definition.top or "")), ("method", definition.method), ("compare", definition.compare), *_chosen(definition), ("f", _json(definition.filter))]
    for i, grouping in enumerate(definition.groupings, 1):
        pairs += [(f"g{i}", grouping.field), (f"b{i}", grouping.bucket)]
    for i, measure in enumerate(definition.measures, 1):
        field = f"{measure.collection}:{measure.field}" if measure.collection else measure.field
        values = {
            "key": measure.key, "agg": measure.aggregate, "field": field, "until": measure.until, "where": _json(measure.where), "formula": measure.formula,
            "label": str(measure.label), "show": measure.show, "percent": "1" if measure.percent else "",
        }  # fmt: skip
        pairs += [(f"m{i}_{n}", str(v)) for n, v in values.items()]
    return [(n, v) for n, v in pairs if v]


def _chosen(definition: Definition) -> list[tuple[str, str]]:
    return [("compare_from", definition.compare_from), ("compare_to", definition.compare_to)] if definition.compare == Compare.CHOSEN else []


def _json(tree: Any) -> str:
    return json.dumps(tree, separators=(",", ":"), ensure_ascii=False) if tree else ""


def draft(params: Mapping[str, str]) -> Definition:
    """The definition that the parameters stand for, unchecked, so that the form shows what was chosen even where it does not go together.

    Raises `Invalid` where a filter or a number cannot be read at all.
    """
    measures = tuple(m for m in (_measure(params, i) for i in range(1, MEASURES + 1)) if m is not None)
    return Definition(
        type_key=params.get("type", ""), filter=filters.read(params.get("f", "")), groupings=_groupings(params), measures=_named(measures) or (Measure("a"),),
        sort=params.get("sort", ""), top=_number(params.get("top", "")), chart=params.get("chart", "") or Chart.BAR, method=params.get("method", ""),
        compare=params.get("compare", ""), compare_from=params.get("compare_from", ""), compare_to=params.get("compare_to", ""),
    )  # fmt: skip


def from_params(params: Mapping[str, str]) -> Definition:
    """The same, checked."""
    return checked(draft(params))


def _groupings(params: Mapping[str, str]) -> tuple[Grouping, ...]:
    chosen = ((params.get(f"g{i}", ""), params.get(f"b{i}", "")) for i in range(1, GROUPINGS + 1))
    return tuple(Grouping(name, bucket) for name, bucket in chosen if name)


def _measure(params: Mapping[str, str], i: int) -> Measure | None:
    def said(name: str) -> str:
        return params.get(f"m{i}_{name}", "").strip()

    aggregate = said("agg")
    if not aggregate:
        return None
    collection, colon, field = said("field").rpartition(":")
    counts = aggregate in (Aggregate.COUNT, Aggregate.FORMULA)
    return Measure(
        key=said("key"), aggregate=aggregate, field="" if counts else field, until="" if counts else said("until"), collection=collection if colon and aggregate != Aggregate.FORMULA else "",
        where=filters.read(said("where")), formula=said("formula") if aggregate == Aggregate.FORMULA else "", label=said("label")[:60], show=said("show"), percent=bool(said("percent")),
    )  # fmt: skip


def _named(measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
    """Each measure with a name: the first free letter where it has none."""
    taken = {m.key for m in measures if m.key}
    free = (letter for letter in _LETTERS if letter not in taken)
    return tuple(m if m.key else replace(m, key=next(free)) for m in measures)


def _number(text: str) -> int:
    if not text.strip():
        return 0
    if not text.strip().isdecimal():
        raise BadReport(_("Enter how many groups to show as a whole number."))
    return int(text.strip()[:6])


def lenient(params: Mapping[str, str]) -> tuple[Definition, str]:
    """The state to show, and what is wrong with it ("" for nothing): a form always opens."""
    try:
        return draft(params), _problem(params)
    except Invalid as error:
        plain = {n: v for n, v in params.items() if n not in ("f", "top") and not n.endswith("_where")}
        return draft(plain), error.message


def _problem(params: Mapping[str, str]) -> str:
    try:
        from_params(params)
    except Invalid as error:
        return error.message
    return ""
