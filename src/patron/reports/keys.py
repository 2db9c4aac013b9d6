"""Groups: how a field's values are put together in SQL, named for a person, and asked for again in the language of filters."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, CharField, DateField, F, Func, Min, Value, When
from django.db.models.functions import NullIf, TruncDate, TruncDay, TruncMonth, TruncQuarter, TruncWeek, TruncYear
from django.utils.translation import gettext as _

from patron.kernel.db.functions import Fold
from patron.records import filters, periods, registry
from patron.records.fields import Field
from patron.records.kinds import View, kind_of
from patron.records.record_type import RecordType
from patron.reports.definition import BadReport, Grouping
from patron.reports.enums import Bucket

_TEXTS = ("text", "email", "url", "phone")
_LISTS = ("choice", "country", "currency")
_NUMBERS = ("integer", "number", "percent")
#: Kinds of field that put each row into exactly one group, and whose groups a list can show again.
GROUPABLE = (*_TEXTS, *_LISTS, *_NUMBERS, "checkbox", "file", "person", "relation", "date", "datetime")
MOST_BUCKETS = 400
_TRUNC: dict[str, Any] = {Bucket.WEEK: TruncWeek, Bucket.MONTH: TruncMonth, Bucket.QUARTER: TruncQuarter, Bucket.YEAR: TruncYear}
_MONTHS: dict[str, int] = {Bucket.MONTH: 1, Bucket.QUARTER: 3, Bucket.YEAR: 12, Bucket.FISCAL_QUARTER: 3, Bucket.FISCAL_YEAR: 12}


@dataclass(frozen=True, slots=True)
class Key:
    """A grouping, resolved for one reader."""

    field: Field
    bucket: str = ""

    @property
    def is_date(self) -> bool:
        return bool(self.bucket)


def resolve(record_type: RecordType, grouping: Grouping, view: View) -> Key:
    """The grouping's field, if the reader may see it and it can be grouped by."""
    field = filters.resolve(record_type, grouping.field, view)
    if field.kind not in GROUPABLE:
        raise BadReport(_("Rows cannot be grouped by “%(field)s”.") % {"field": field.label})
    dated = field.kind in ("date", "datetime")
    return Key(field, (grouping.bucket or Bucket.MONTH) if dated else "")


def expression(key: Key, view: View) -> Any:
    """The group's value in SQL; empty text and no value at all are the same group, as they are for filters. Files are there or not."""
    field = key.field
    if key.is_date:
        return _bucket(key, view)
    if field.kind in _TEXTS:
        return Fold(NullIf(F(field.path), Value("")))
    if field.kind == "file":
        return Case(When(kind_of("file").condition(field, "filled", None, view), then=Value(True)), default=None, output_field=BooleanField())
    if field.kind in _LISTS:
        return NullIf(F(field.path), Value(""), output_field=CharField())
    return F(field.path)


def _bucket(key: Key, view: View) -> Any:
    zone: dict[str, Any] = {"tzinfo": view.access.zone} if key.field.kind == "datetime" else {}
    if key.bucket == Bucket.DAY:
        return TruncDate(key.field.path, **zone) if zone else TruncDay(key.field.path, output_field=DateField())
    if key.bucket in _TRUNC:
        return _TRUNC[key.bucket](key.field.path, output_field=DateField(), **zone)
    shift = int(view.access.workspace.fiscal_month) - 1
    unit = "quarter" if key.bucket == Bucket.FISCAL_QUARTER else "year"
    template = f"(date_trunc('{unit}', (%(expressions)s)::date - interval '{shift} months') + interval '{shift} months')::date"
    return Func(TruncMonth(key.field.path, output_field=DateField(), **zone), template=template, output_field=DateField())


def extras(key: Key) -> dict[str, Any]:
    """What a group's name and place take besides its value: aggregates, so that they split no group."""
    field = key.field
    if field.kind in _TEXTS:
        return {"label": Min(field.path)}
    if not field.is_relation:
        return {}
    kind: Any = kind_of(field.kind)
    found: dict[str, Any] = {"label": Min(kind.title_path(field))}
    target = registry.find_model(field.model)
    if target is not None:
        step = field.path.removesuffix("_id")
        order = target.fields.get(target.sort)
        if order is not None and order.kind == "integer":
            found["order"] = Min(f"{step}__{order.path}")
        above = next((f for f in target.fields.values() if f.kind == "relation" and f.required), None)
        if above is not None:
            found["above"] = Min(f"{step}__{kind_of(above.kind).title_path(above)}")  # type: ignore[attr-defined]
    return found


def label(key: Key, value: Any, told: Any, view: View) -> str:
    """The group in words."""
    if value is None:
        return _("None")
    if key.is_date:
        return bucket_label(key.bucket, value, view)
    if key.field.kind == "file":
        return _("With a file")
    if key.field.is_relation or key.field.kind in _TEXTS:
        return str(told if told not in (None, "") else value)
    return kind_of(key.field.kind).text(value, key.field, view)


def bucket_label(bucket: str, day: datetime.date, view: View) -> str:
    """“Mar 2026”, “Q1 2026”, “FY 2026/27” …"""
    if bucket == Bucket.DAY:
        return view.fmt.date(day)
    if bucket == Bucket.WEEK:
        return _("Week of %(day)s") % {"day": view.fmt.date(day)}
    if bucket == Bucket.MONTH:
        return f"{view.fmt.month(day)} {day.year}"
    if bucket == Bucket.QUARTER:
        return f"Q{(day.month + 2) // 3} {day.year}"
    if bucket == Bucket.YEAR:
        return str(day.year)
    start = view.access.workspace.fiscal_month
    first = day.year if day.month >= start else day.year - 1
    year = str(first) if start == 1 else f"{first}/{(first + 1) % 100:02d}"
    return f"FY {year}" if bucket == Bucket.FISCAL_YEAR else f"FQ{((day.month - start) % 12) // 3 + 1} {year}"


def months_of(bucket: str) -> int:
    """How many months a bucket has; 0 for days and weeks."""
    return _MONTHS.get(bucket, 0)


def starts(bucket: str, day: datetime.date, fiscal_month: int) -> datetime.date:
    """The first day of the bucket that a day falls into."""
    if bucket in (Bucket.DAY, Bucket.WEEK):
        return day - datetime.timedelta(days=day.weekday() if bucket == Bucket.WEEK else 0)
    anchor = fiscal_month if bucket in (Bucket.FISCAL_QUARTER, Bucket.FISCAL_YEAR) else 1
    return periods.months_on(day, -((day.month - anchor) % _MONTHS[bucket]))


def ends(bucket: str, day: datetime.date) -> datetime.date:
    """The first day after a bucket that begins with `day`."""
    if bucket in (Bucket.DAY, Bucket.WEEK):
        return day + datetime.timedelta(days=1 if bucket == Bucket.DAY else 7)
    return periods.months_on(day, _MONTHS[bucket])


def between(bucket: str, first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """Every bucket from the first to the last, so that a quiet month is not missing; at most `MOST_BUCKETS`."""
    found, day = [first], first
    while day < last and len(found) < MOST_BUCKETS:
        day = ends(bucket, day)
        found.append(day)
    return found


def condition(key: Key, value: Any, view: View) -> list[Any]:
    """The group as a condition of the filter language: the list behind a figure."""
    name = key.field.name
    if value is None:
        return [name, "empty"]
    if key.is_date:
        return [name, "between", [value.isoformat(), (ends(key.bucket, value) - datetime.timedelta(days=1)).isoformat()]]
    if key.field.kind in _NUMBERS:
        return [name, "eq", kind_of(key.field.kind).input(value, key.field, view)]
    if key.field.kind == "file":
        return [name, "filled"]
    if key.field.kind == "checkbox":
        return [name, "is", bool(value)]
    return [name, "is", [str(value)]]


def rest(key: Key, values: list[Any], view: View) -> Any:
    """Everything but these groups."""
    return {"not": {"or": [condition(key, v, view) for v in values]}}


def place(key: Key, value: Any, extra: dict[str, Any], shown: str, view: View) -> tuple[Any, ...]:
    """Where a group stands in the field's own order; the group without a value comes last."""
    if value is None:
        return (1,)
    if "order" in extra and extra["order"] is not None:
        return (0, str(extra.get("above") or ""), extra["order"], shown)
    if key.field.kind == "choice":
        options = [v for v, _label in kind_of("choice").options(key.field, view)]  # type: ignore[attr-defined]
        return (0, options.index(value) if value in options else len(options))
    return (0, value) if key.is_date or key.field.kind in _NUMBERS or key.field.kind in ("checkbox", "file") else (0, shown.casefold())
