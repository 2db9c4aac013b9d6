"""Figures over random records equal those that plain Python works out: groups, measures, currencies, rights, and the lists behind them."""

from __future__ import annotations

import datetime
import statistics
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patron.identity.access import Access
from patron.kernel.parsing import Invalid
from patron.reports import formula
from patron.reports.definition import Measure
from patron.sales.models import Deal, LeadSource, Pipeline, Stage
from patron.testing import Scene
from tests.reports.conftest import listed, report

D = Decimal
_rows = st.lists(
    st.tuples(
        st.sampled_from(["alice", "charlie", None]), st.sampled_from(["", "USD", "EUR"]), st.one_of(st.none(), st.decimals(0, 9999, places=2)),
        st.one_of(st.none(), st.dates(datetime.date(2025, 11, 1), datetime.date(2026, 4, 30))), st.sampled_from(["", "Spring", "spring", "Autumn fair"]), st.integers(0, 2),
    ), max_size=14,
)  # fmt: skip
_MEASURES = (
    Measure("n"), Measure("sum", "sum", "amount"), Measure("avg", "avg", "amount"), Measure("median", "median", "amount"), Measure("min", "min", "amount"), Measure("max", "max", "amount"),
    Measure("big", where={"and": [["amount", "gte", 100]]}), Measure("rate", "formula", formula="big / n * 2 - 1"),
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_rows, st.sampled_from(["owner", "currency", "campaign", "expected_close", "source", "stage"]), st.sampled_from(["dora", "alice"]))
def test_figures_equal_those_of_plain_python(scene: Scene, access: Access, rows: list[Any], by: str, reader: str) -> None:
    _fill(scene, rows)
    seen = scene.access(reader)
    found = report(seen, "deals", (by,), *_MEASURES)
    mine = [r for r in rows if reader == "dora" or r[0] == "alice"]
    groups: dict[Any, list[Any]] = defaultdict(list)
    for row in mine:
        groups[_key(scene, by, row)].append(row)
    shown = {line.keys[0]: line for line in found.lines}
    assert {k for k, line in shown.items() if line.values["n"]} == set(groups)
    for key, inside in [*groups.items(), (..., mine)]:
        _compare(found, found.total if key is ... else shown[key], inside, str(access.workspace.currency))


def _fill(scene: Scene, rows: list[Any]) -> None:
    Deal.objects.all().delete()
    pipeline, sources = Pipeline.objects.get(), list(LeadSource.objects.order_by("name")[:2])
    stages = list(Stage.objects.filter(kind="open").order_by("order"))[:3]
    Deal.objects.bulk_create(
        Deal(
            name=f"D{i}", owner=scene.members[owner] if owner else None, currency=currency, amount=amount, expected_close=day, campaign=campaign, pipeline=pipeline,
            stage=stages[n], source=sources[n] if n < 2 else None,
        )
        for i, (owner, currency, amount, day, campaign, n) in enumerate(rows)
    )  # fmt: skip


def _key(scene: Scene, by: str, row: Any) -> Any:
    owner, currency, _amount, day, campaign, n = row
    if by == "owner":
        return scene.members[owner].pk if owner else None
    if by in ("source", "stage"):
        wanted = LeadSource.objects.order_by("name")[:2] if by == "source" else Stage.objects.filter(kind="open").order_by("order")[:3]
        return [o.pk for o in wanted][n] if n < len(wanted) else None
    if by == "expected_close":
        return day.replace(day=1) if day else None
    return (currency if by == "currency" else campaign.casefold()) or None


def _compare(found: Any, line: Any, inside: list[Any], base: str) -> None:
    amounts: dict[str, list[Decimal]] = defaultdict(list)
    for _owner, currency, amount, *_rest in inside:
        if amount is not None:
            amounts[currency or base].append(amount)
    for column in found.columns:
        value = line.values[column.id]
        if column.measure.key in ("sum", "avg", "median", "min", "max"):
            known = amounts[column.currency]
            expected = {"sum": sum(known, D(0)), "avg": sum(known, D(0)) / len(known) if known else None, "median": statistics.median(known) if known else None,
                        "min": min(known, default=None), "max": max(known, default=None)}[column.measure.key]  # fmt: skip
            assert value == expected if expected is None else abs(D(value) - expected) < D("0.000001"), (column.id, value, expected)
    big = sum(1 for r in inside if r[2] is not None and r[2] >= 100)
    assert (line.values["n"], line.values["big"]) == (len(inside), big)
    assert line.values["rate"] == (D(big) / len(inside) * 2 - 1 if inside else None)
    for column in found.columns:
        if column.measure.key in ("n", "big"):
            assert listed(found, found.drill(line, column)).count() == line.values[column.id]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_rows, st.integers(1, 3), st.sampled_from([("owner",), ("owner", "campaign"), ("campaign", "source", "stage")]))
def test_the_first_groups_and_the_others_make_the_whole(scene: Scene, access: Access, rows: list[Any], top: int, by: tuple[str, ...]) -> None:
    _fill(scene, rows)
    found = report(access, "deals", by, Measure("n"), top=top)
    assert sum(line.values["n"] or 0 for line in found.lines) == sum(line.values["n"] or 0 for line in found.firsts) == found.total.values["n"] == len(rows)
    for line in [*found.lines, *found.firsts, *found.seconds]:
        assert listed(found, found.drill(line, found.columns[0])).count() == line.values["n"], line.labels


_numbers = st.fixed_dictionaries({k: st.one_of(st.none(), st.integers(-5, 5)) for k in "abc"})


@given(st.recursive(st.sampled_from(["a", "b", "c", "2", "0.5"]), lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"), max_leaves=8), _numbers)
def test_formulas_are_arithmetic(text: str, known: dict[str, int | None]) -> None:
    if len(text) > formula.LONGEST:
        return
    from fractions import Fraction

    try:
        exact = eval(text.replace("0.5", "Fraction(1, 2)"), {"Fraction": Fraction}, {k: None if v is None else Fraction(v) for k, v in known.items()})
    except (ZeroDivisionError, TypeError):
        exact = None
    found = formula.value(text, known)
    assert (found is None) == (exact is None)
    if found is not None:
        assert abs(found - D(exact.numerator) / D(exact.denominator) if isinstance(exact, Fraction) else found - D(str(exact))) < D("1e-9")


@given(st.text(max_size=40))
def test_no_text_makes_a_formula_do_anything_else(text: str) -> None:
    try:
        names = formula.names(text)
    except Invalid:
        return  # any other class of error is the fault that is looked for
    assert all(name.isidentifier() for name in names)
    assert formula.value(text, dict.fromkeys(names, 1)) is None or isinstance(formula.value(text, dict.fromkeys(names, 1)), Decimal)


@pytest.mark.parametrize("text", ["__import__('os')", "a.b", "a[0]", "a ** 9", "lambda: 1", "'x'", "a if b else c", "True", "1e999 * 1e999", "((((a"])
def test_formulas_of_other_kinds_are_refused(text: str) -> None:
    try:
        worth = formula.value(text, {"a": 1, "b": 1, "c": 1})
    except Invalid:
        return
    assert worth is None or worth.is_finite()
