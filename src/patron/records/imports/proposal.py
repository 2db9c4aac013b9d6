"""A first plan for a file: which column is which field by names and values, how the file writes dates and numbers, what is probably misspelt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from patron.kernel.parsing import Invalid
from patron.kernel.text import fold
from patron.records import lookup, registry
from patron.records.fields import Field
from patron.records.import_models import Import, ImportState
from patron.records.imports import extras, presets
from patron.records.imports import plan as plans
from patron.records.imports.binding import HISTORY, importable, settable
from patron.records.imports.cells import as_id, context
from patron.records.imports.plan import Column, Plan, Relation
from patron.records.kinds import View, kind_of
from patron.records.record_type import RecordType
from patron.records.transfer import matching
from patron.records.transfer.source import Source, SourceColumn

_FEW = 2000  # titles of another type that are compared with misspelt ones
_CHOSEN = ("choice", "country", "currency", "multi_choice")


@dataclass(frozen=True, slots=True)
class Guess:
    """A plan, how sure each column is (0 to 1, by heading) and why, in words."""

    plan: Plan
    confidence: Mapping[str, float]
    why: Mapping[str, str]


def propose(record_type: RecordType, source: Source, view: View) -> Guess:
    """The plan that fits best: that of the last import with these headings, else one made up from names and values."""
    if remembered := _remembered(record_type, source, view):
        return Guess(remembered, {c.name: 1.0 for c in source.columns}, {})
    if (preset := presets.recognise([c.name for c in source.columns])) and preset.plan.type == record_type.key:
        plan = presets.fitted(preset.plan, [c.name for c in source.columns], view)
        return Guess(plan, {c.name: 1.0 for c in source.columns}, {c.name: preset.preset.name for c in source.columns})
    known = importable(record_type, view.access)
    certain = _by_label(source.columns, known)
    left = [f for n, f in known.items() if n not in certain.values() and n != "id"]
    found = matching.propose([c for c in source.columns if c.name not in certain], [_info(f, view) for f in left], subject=str(record_type.label))
    chosen = {**certain, **{p.column: p.field or "" for p in found}}
    columns = [_column(c, known.get(chosen[c.name]), view) for c in source.columns]
    key = _key(record_type, columns)
    mode: plans.Mode = "upsert" if key and view.access.can(record_type.key, "edit") else "create"
    plan = Plan(type=record_type.key, mode=mode if view.access.can(record_type.key, "create") else "update", key=key, columns=columns)
    return Guess(plan, {**dict.fromkeys(certain, 1.0), **{p.column: p.confidence for p in found}}, {p.column: p.why for p in found})


def _by_label(columns: Sequence[SourceColumn], known: Mapping[str, Field]) -> dict[str, str]:
    """Columns that are headed exactly as the form or an export calls a field; a record's own ID only where its values are such."""
    labels: dict[str, list[str]] = {}
    for name, field in known.items():
        labels.setdefault(fold(str(field.label)), []).append(name)
    found: dict[str, str] = {}
    for column in columns:
        names = labels.get(fold(column.name), [])
        if len(names) == 1 and names[0] not in found.values() and (names[0] != "id" or all(as_id(s.strip()) for s in column.samples)):
            found[column.name] = names[0]
    return found


def _remembered(record_type: RecordType, source: Source, view: View) -> Plan | None:
    headings = [c.name for c in source.columns]
    rows = Import.objects.filter(type_key=record_type.key, state__in=(ImportState.APPLIED, ImportState.UNDONE), operation_id__isnull=False).order_by("-created_at", "-id")
    known = importable(record_type, view.access, history=True)
    for item in rows[:10]:
        if [c["name"] for c in item.source.get("columns", ())] == headings:
            plan = plans.from_json({**item.plan, "type": record_type.key, "tag": ""})
            return plan if all(not c.field or c.field in known for c in plan.columns) else None
    return None


def _info(field: Field, view: View) -> matching.FieldInfo:
    options = {}
    if field.kind in ("choice", "multi_choice"):
        options = {value: str(label) for value, label in kind_of(field.kind).options(field, view)}  # type: ignore[attr-defined]
    return matching.FieldInfo(field.name, str(field.label), field.kind, field.aliases, field.required, options)


def _column(column: SourceColumn, field: Field | None, view: View) -> Column:
    if field is None:
        return Column(column=column.name)
    order = matching.detect_date_order(column.samples) if field.kind in ("date", "datetime") else None
    mark = matching.detect_decimal_mark(column.samples) if kind_of(field.kind).numeric else None
    return Column(
        column=column.name, field=field.name, date_order=(order.order if order and order.order else ""), decimal_mark=mark or "",
        fixes=suggested(column.samples, field, view), relation=Relation(),
    )  # fmt: skip


def suggested(values: Sequence[str], field: Field, view: View) -> dict[str, str]:
    """What misspelt values probably mean: of closed lists by what the list says, of other records by their titles where these are few."""
    if field.is_relation:
        return _of_records(values, field, view)
    if field.kind not in _CHOSEN:
        return {}
    kind, ctx, found = kind_of(field.kind), context(Column(field=field.name), view), {}
    for value in dict.fromkeys(v.strip() for v in values):
        try:
            kind.parse(value, field, ctx) if value else None
        except Invalid as problem:
            if problem.suggestion:
                found[value] = problem.suggestion
    return found


def _of_records(values: Sequence[str], field: Field, view: View) -> dict[str, str]:
    titles = titles_of(field, view)
    return {wrong: right for wrong, right in matching.similar_values([v.strip() for v in values], titles).items() if _differs(wrong, right)} if titles else {}


def _differs(one: str, other: str) -> bool:
    """Whether two spellings differ by more than case and accents, which looking up forgives anyway."""
    return fold(one) != fold(other)


def titles_of(field: Field, view: View) -> list[str]:
    """The titles of the records that a field may point to; none where there are many."""
    rows, title = lookup.candidates(field, view)
    found = list(rows.order_by().values_list(title, flat=True)[: _FEW + 1])
    return [str(t) for t in found] if len(found) <= _FEW else []


def _key(record_type: RecordType, columns: Sequence[Column]) -> list[str]:
    """The ways to find existing records that the matched columns allow, in the type's order."""
    matched = {c.field for c in columns}
    if "id" in matched:
        return ["id"]
    found = next((name for name in record_type.keys if name in matched), None)
    return [found] if found else []


def choices(record_type: RecordType, view: View, *, history: bool) -> list[tuple[str, str]]:
    """(name, label) of what a column may be matched to, in the order of the form."""
    fields = importable(record_type, view.access, history=history)
    first = [n for n in record_type.form_fields if n in fields]
    rest = [n for n in fields if n not in first and n not in ("id", *HISTORY)]
    last = [n for n in ("id", *HISTORY) if n in fields]
    return [*((n, str(fields[n].label)) for n in (*first, *rest, *last)), *((e.name, str(e.label)) for e in extras.of(record_type, view.access))]


def creatable(field: Field, record_type: RecordType, view: View) -> bool:
    """Whether what is missing for a relation can be made from its name alone."""
    target = registry.find_model(field.model) if field.is_relation else None
    if target is None or not target.importable or not view.access.can(target.key, "create"):
        return False
    title = settable(target, view.access).get(target.title)
    if title is None or title.is_relation:
        return False
    given = {target.title, *(n for n, v in target.defaults(view.access).items() if v not in (None, ""))}
    return all(n in given for n, f in target.fields.items() if f.required and f.editable)


