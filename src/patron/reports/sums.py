"""Measures as SQL: each an aggregate over the report's rows, or over a subquery per collection, so that no join can multiply a sum.

An account with three deals and two contacts is one row here; its deals are added up in a subquery of their own before anything else sees them.
Amounts in several currencies become one column for each: they are never added together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import (
    Aggregate as SqlAggregate,
)
from django.db.models import (
    Avg,
    Count,
    DateField,
    DecimalField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, NullIf, TruncDate
from django.utils.translation import gettext as _

from patron.records import filters, registry
from patron.records.fields import Field
from patron.records.kinds import View
from patron.records.record_type import RecordType
from patron.reports.definition import BadReport, Measure
from patron.reports.enums import Aggregate

NUMERIC = ("money", "number", "integer", "percent")
DATES = ("date", "datetime")
MOST_CURRENCIES = 12
_EXACT = DecimalField(max_digits=60, decimal_places=10)


class _Lower(SqlAggregate):
    """The lower of the two middle values: exact, unlike percentile_cont, which counts in binary fractions."""

    function = "percentile_disc"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "Lower"
    output_field: Any = _EXACT


class _Upper(_Lower):
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s DESC)"
    name = "Upper"


class _Days(Func):
    """Whole days from the first date to the second."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field: Any = IntegerField()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the result. `expression` is None for formulas, which are worked out from the other columns of the line.

    `gaps` counts the rows that lack the value which is summed, where that can be. `role` says what a column of a comparison tells of the column `of`.
    """

    id: str
    measure: Measure
    label: str
    kind: str
    currency: str = ""
    expression: Any = None
    gaps: Any = None
    places: int | None = None
    role: str = ""
    of: str = ""


def columns(record_type: RecordType, rows: QuerySet[Any], measure: Measure, view: View) -> list[Column]:
    """The columns of a measure for this reader. `Invalid` where it asks for what is not there or is hidden."""
    if measure.aggregate == Aggregate.FORMULA:
        return [Column(measure.key, measure, str(measure.label) or measure.formula, "percent" if measure.percent else "number", places=1)]
    if measure.collection:
        return _of_collection(record_type, rows, measure, view)
    where = filters.condition(record_type, measure.where, view)
    if measure.aggregate == Aggregate.COUNT:
        return [Column(measure.key, measure, str(measure.label or record_type.plural), "integer", expression=Count("pk", filter=where or None))]
    field = filters.resolve(record_type, measure.field, view)
    if measure.aggregate == Aggregate.DISTINCT:
        return [Column(measure.key, measure, _title(measure, field, ""), "integer", expression=Count(field.path, distinct=True, filter=where or None))]
    value, kind = _value(record_type, field, measure, view)
    made = []
    for currency in _currencies(rows, field, view):
        kept = where & _in_currency(field, currency, view)
        gaps = Count("pk", filter=where & Q(**{f"{field.path}__isnull": True})) if field.nullable and kind == "money" else None
        found = Column(measure.key, measure, _title(measure, field, currency), kind, currency, _over(measure.aggregate, value, kept), gaps)
        made.append(_placed(found))
    return made if len(made) == 1 else [replace(c, id=f"{c.id}~{c.currency}") for c in made]


def _placed(column: Column) -> Column:
    return replace(column, places=1) if column.kind != "money" and column.measure.aggregate in (Aggregate.AVG, Aggregate.MEDIAN) else column


def _title(measure: Measure, field: Field, currency: str) -> str:
    named = str(measure.label)
    if not named:
        word = str(Aggregate(measure.aggregate).label)
        named = _("%(what)s %(field)s") % {"what": word, "field": str(field.label).lower()}
        if field.kind in DATES and measure.aggregate != Aggregate.DISTINCT:
            named = _("%(what)s days since %(field)s") % {"what": word, "field": str(field.label).lower()}
    return f"{named} ({currency})" if field.currency else named


def _value(record_type: RecordType, field: Field, measure: Measure, view: View) -> tuple[Any, str]:
    """What is added up, and what kind of figure that is; days where the field is a date."""
    if field.kind in NUMERIC:
        return ExpressionWrapper(F(field.path), output_field=_EXACT), field.kind
    if field.kind not in DATES:
        raise BadReport(_("“%(field)s” is no number.") % {"field": field.label})
    end: Any = Value(view.access.today(), output_field=DateField())
    if measure.until:
        until = filters.resolve(record_type, measure.until, view)
        if until.kind not in DATES:
            raise BadReport(_("“%(field)s” is no date.") % {"field": until.label})
        end = _day(until, view)
    return Cast(_Days(Cast(end, DateField()), _day(field, view)), _EXACT), "number"


def _day(field: Field, view: View) -> Any:
    return TruncDate(field.path, tzinfo=view.access.zone) if field.kind == "datetime" else F(field.path)


def _over(aggregate: str, value: Any, where: Q) -> Any:
    kept = where or None
    if aggregate == Aggregate.MEDIAN:
        exact = Cast(value, _EXACT)
        half: Any = _Lower(exact, filter=kept) + _Upper(exact, filter=kept)
        return ExpressionWrapper(half / Value(Decimal(2)), output_field=_EXACT)
    function = {Aggregate.SUM: Sum, Aggregate.AVG: Avg, Aggregate.MIN: Min, Aggregate.MAX: Max}[Aggregate(aggregate)]
    return function(value, filter=kept, output_field=_EXACT)


def _code(field: Field, view: View) -> Any:
    """The currency of each row; an empty one is the workspace's."""
    return Coalesce(NullIf(F(str(field.currency)), Value("")), Value(view.access.workspace.currency))


def _currencies(rows: QuerySet[Any], field: Field, view: View) -> list[str]:
    """The currencies that a field's amounts are in, the workspace's first; [""] for what is no amount."""
    if field.kind != "money":
        return [""]
    base = str(view.access.workspace.currency)
    if not field.currency:
        return [base]
    present = rows.filter(**{f"{field.path}__isnull": False}).order_by().values_list(_code(field, view), flat=True).distinct()
    found = sorted(present[: MOST_CURRENCIES + 1], key=lambda c: (c != base, c))
    if len(found) > MOST_CURRENCIES:
        raise BadReport(_("“%(field)s” is in more than %(n)s currencies. Filter for some of them, or use a field in %(base)s.") % {"field": field.label, "n": MOST_CURRENCIES, "base": base})
    return found or [base]


def _in_currency(field: Field, currency: str, view: View) -> Q:
    if not currency or not field.currency:
        return Q()
    same = Q(**{str(field.currency): currency})
    return same | Q(**{str(field.currency): ""}) | Q(**{f"{field.currency}__isnull": True}) if currency == view.access.workspace.currency else same


def _of_collection(record_type: RecordType, rows: QuerySet[Any], measure: Measure, view: View) -> list[Column]:
    """A measure over the records that point to each row: worked out per row in a subquery, under the reader's rights on those records."""
    key, back = record_type.collections.get(measure.collection, ("", ""))
    other = registry.find(key)
    if other is None or not view.access.can(key, "view"):
        raise BadReport(_("There is no field “%(name)s” here.") % {"name": measure.collection})
    related = other.live(view.access).filter(filters.condition(other, measure.where, view))
    if measure.aggregate == Aggregate.COUNT:
        per_row = _per_row(related, back, Count("pk"))
        return [Column(measure.key, measure, str(measure.label or other.plural), "integer", expression=Coalesce(Sum(per_row), 0))]
    if measure.aggregate in (Aggregate.MEDIAN, Aggregate.DISTINCT):
        raise BadReport(_("Related records can be counted, added up and averaged; this measure needs a report on %(plural)s.") % {"plural": str(other.plural).lower()})
    field = filters.resolve(other, measure.field, view)
    value, kind = _value(other, field, measure, view)
    behind = related.filter(**{f"{back}__in": rows.order_by().values("pk")}) if field.currency else related
    made = []
    for currency in _currencies(behind, field, view):
        expression = _across(related.filter(_in_currency(field, currency, view)), back, measure.aggregate, value)
        made.append(_placed(Column(measure.key, measure, _title(measure, field, currency), kind, currency, expression)))
    return made if len(made) == 1 else [replace(c, id=f"{c.id}~{c.currency}") for c in made]


def _across(related: QuerySet[Any], back: str, aggregate: str, value: Any) -> Any:
    """The aggregate over all related records of a group; an average is that of the records, not of the rows' averages."""
    total = _per_row(related, back, Sum(value, output_field=_EXACT))
    if aggregate == Aggregate.SUM:
        return Sum(total, output_field=_EXACT)
    if aggregate == Aggregate.AVG:
        counted = _per_row(related, back, Count(value), IntegerField())
        return ExpressionWrapper(Sum(total, output_field=_EXACT) / NullIf(Cast(Sum(counted), _EXACT), Value(Decimal(0))), output_field=_EXACT)
    one = Min if aggregate == Aggregate.MIN else Max
    return one(_per_row(related, back, one(value, output_field=_EXACT)), output_field=_EXACT)


def _per_row(related: QuerySet[Any], back: str, aggregate: Any, output: Any = None) -> Subquery:
    """One value for each row of the report. The subquery has one line at most, whatever the number of related records."""
    inner = related.filter(**{back: OuterRef("pk")}).order_by().values(_row=F(back)).annotate(_v=aggregate).values("_v")
    return Subquery(inner, output_field=output or (IntegerField() if isinstance(aggregate, Count) else _EXACT))
