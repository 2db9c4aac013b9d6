"""Relations change hands: every row that points to a merged record points to the one that stays, with all its attributes.

Where a unique constraint allows a row only once and both sides have it, the row of the record that stays is kept, its empty attributes are filled
from the other, and that one goes: the ledger keeps it. Set-based throughout: the number of statements depends on the number of relations alone.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Case, F, Func, IntegerField, Max, QuerySet, Value, When, Window
from django.db.models.functions import FirstValue, RowNumber

from patron.kernel.db.install import tenant_models
from patron.kernel.tenancy import current_workspace_id
from patron.records.merging.relations import TYPE, Relation, own_fields_to, own_rows, relations_to
from patron.records.merging.rules import Renumber, Yield
from patron.records.record_type import RecordType

_QUIET = {"id", "workspace", "revision", "created_at", "updated_at", "archived_at", "own_text"}


@dataclass(slots=True)
class Moved:
    """What changed hands: rows by relation, and the rows of unledgered tables as they were."""

    counts: dict[str, int] = field(default_factory=dict)
    folded: dict[str, int] = field(default_factory=dict)
    kept: list[dict[str, Any]] = field(default_factory=list)


def move_all(record_type: RecordType, survivor: uuid.UUID, others: list[uuid.UUID]) -> Moved:
    """Let everything that points to `others` point to `survivor`. Needs an open operation and the records locked."""
    moved = Moved()
    for relation in relations_to(record_type):
        _move(relation, record_type, survivor, others, moved)
    for other_type, own in own_fields_to(record_type):
        pointed = Func(F("custom"), Value({own.own_key: str(survivor)}, models.JSONField()), function="patron_patched", output_field=models.JSONField())
        count = own_rows(other_type, own, record_type, others, but=[survivor, *others]).update(custom=pointed)
        if count:
            moved.counts[f"{other_type.key}.{own.name}"] = count
    _rename_in_views(survivor, others)
    return moved


def _move(relation: Relation, record_type: RecordType, survivor: uuid.UUID, others: list[uuid.UUID], moved: Moved) -> None:
    rows = relation.rows(others)
    if relation.model is record_type.model:
        rows = rows.exclude(pk__in=[survivor, *others])  # the merged records among each other: the survivor's value is decided, the others go
    before = rows.count()
    if not before:
        return
    if not relation.model.ledgered:
        _keep(relation, rows, moved)
    dropped = _drop_loops(relation, [survivor, *others])
    for constraint in sorted(constraints_on(relation), key=lambda c: _turn(rules_of(relation.model).get(c.name))):
        dropped += _settle(relation, constraint, survivor, others)
    rows.update(**{relation.column: survivor})
    if not relation.model.ledgered:
        present = set(relation.model.objects.filter(pk__in=[r["id"] for r in moved.kept[-1]["rows"]]).values_list("pk", flat=True))
        moved.kept[-1]["folded"] = [r["id"] for r in moved.kept[-1]["rows"] if uuid.UUID(r["id"]) not in present]
    moved.counts[relation.name] = before
    if dropped:
        moved.folded[relation.name] = dropped


def _turn(rule: Any) -> int:
    """Who yields does so before rows are folded, which unite their yes and no; numbers are given to those that are left."""
    return {Yield: 0, Renumber: 2}.get(type(rule), 1)


def constraints_on(relation: Relation) -> list[models.UniqueConstraint]:
    """The unique constraints that a row may violate when it changes hands."""
    return [c for c in relation.model._meta.constraints if isinstance(c, models.UniqueConstraint) and _names(c) & {relation.column, relation.column.removesuffix("_id")}]


def rules_of(model: Any) -> dict[str, Any]:
    return getattr(model, "merge_rules", {})


def _names(constraint: models.UniqueConstraint) -> set[str]:
    found = set(constraint.fields)
    stack: list[Any] = list(constraint.expressions)
    while stack:
        expression = stack.pop()
        if isinstance(expression, F):
            found.add(str(getattr(expression, "name", "")))
        elif hasattr(expression, "get_source_expressions"):
            stack.extend(e for e in expression.get_source_expressions() if e is not None)
    return found


def _drop_loops(relation: Relation, ids: list[uuid.UUID]) -> int:
    """Rows between two of the merged records, where a row may not have the same record on both ends."""
    dropped = 0
    for one, other in getattr(relation.model, "merge_loops", ()):
        if relation.column in (f"{one}_id", f"{other}_id"):
            dropped += _delete(relation, list(relation.model.objects.filter(**{f"{one}__in": ids, f"{other}__in": ids}).values_list("pk", flat=True)))
    return dropped


def ranked(relation: Relation, constraint: models.UniqueConstraint, survivor: uuid.UUID, others: list[uuid.UUID]) -> QuerySet[Any]:
    """Rows of all merged records that the constraint would take for one: `_rank` 1 stays, `_first` is its id."""
    own = {relation.column, relation.column.removesuffix("_id"), "workspace"}
    keys: list[Any] = [F(relation.model._meta.get_field(n).attname) for n in constraint.fields if n not in own]
    keys += [e for e in constraint.expressions if not (isinstance(e, F) and getattr(e, "name", "") in own)]
    rows = relation.rows([survivor, *others])
    if constraint.condition is not None:
        rows = rows.filter(constraint.condition)
    if constraint.nulls_distinct is not False:
        for name in set(constraint.fields) - own:
            if relation.model._meta.get_field(name).null:
                rows = rows.filter(**{f"{name}__isnull": False})
    place = Case(*(When(**{relation.column: pk}, then=Value(n)) for n, pk in enumerate([survivor, *others])), output_field=IntegerField())
    window: dict[str, Any] = {"partition_by": keys or [Value(1)], "order_by": [place.asc(), F("pk").asc()]}
    return rows.annotate(_rank=Window(RowNumber(), **window), _first=Window(FirstValue("pk"), **window)).filter(_rank__gt=1)


def _settle(relation: Relation, constraint: models.UniqueConstraint, survivor: uuid.UUID, others: list[uuid.UUID]) -> int:
    """Make room for rows that the constraint would refuse; answers how many were folded away."""
    rule = rules_of(relation.model).get(constraint.name)
    if isinstance(rule, Renumber):
        _renumber(relation, rule.column, survivor, others)
        return 0
    pairs = list(ranked(relation, constraint, survivor, others).values_list("_rank", "pk", "_first"))
    if isinstance(rule, Yield):
        relation.model.objects.filter(pk__in=[pk for _rank, pk, _first in pairs]).update(**{rule.column: rule.value})
        return 0
    for rank in sorted({rank for rank, _pk, _first in pairs}):
        _fold(relation, constraint, [(pk, first) for r, pk, first in pairs if r == rank])
    return len(pairs)


def _renumber(relation: Relation, column: str, survivor: uuid.UUID, others: list[uuid.UUID]) -> None:
    highest = relation.rows([survivor]).aggregate(_most=Max(column))["_most"] or 0
    quote, table = connection.ops.quote_name, connection.ops.quote_name(relation.table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET {quote(column)} = %s + n.place FROM (SELECT id, row_number() OVER (ORDER BY array_position(%s::uuid[], {quote(relation.column)}), "
            f"{quote(column)}, id) AS place FROM {table} WHERE workspace_id = %s AND {quote(relation.column)} = ANY(%s)) n WHERE t.workspace_id = %s AND t.id = n.id",
            [highest, others, current_workspace_id(), others, current_workspace_id()],
        )


def _fold(relation: Relation, constraint: models.UniqueConstraint, pairs: list[tuple[uuid.UUID, uuid.UUID]]) -> None:
    """Delete the first of each pair and fill what is empty in the second: one statement, so that nothing is there twice in between."""
    fills = _fills(relation, constraint)
    table, ws = connection.ops.quote_name(relation.table), current_workspace_id()
    gone = f"DELETE FROM {table} d USING unnest(%s::uuid[], %s::uuid[]) AS p(gone, kept_row) WHERE d.workspace_id = %s AND d.id = p.gone"
    values: list[Any] = [[p[0] for p in pairs], [p[1] for p in pairs], ws]
    with connection.cursor() as cursor:
        if not fills:
            cursor.execute(gone, values)
            return
        names, filled = ", ".join(fills), ", ".join(fills.values())
        cursor.execute(
            f"WITH d AS ({gone} RETURNING d.*, p.kept_row) UPDATE {table} k SET ({names}) = ROW({filled}) FROM d "
            f"WHERE k.workspace_id = %s AND k.id = d.kept_row AND ROW({', '.join(f'k.{n}' for n in fills)}) IS DISTINCT FROM ROW({filled})",
            [*values, ws],
        )


def _fills(relation: Relation, constraint: models.UniqueConstraint) -> dict[str, str]:
    """Quoted column -> what it becomes: the kept value, else the other's; lists united, yes beats no. Columns without an empty value stay."""
    keys = _names(constraint) | {relation.column, relation.column.removesuffix("_id"), TYPE}
    found = {}
    for column in relation.model._meta.local_fields:
        if column.name in _QUIET or column.name in keys or column.choices or getattr(column, "generated", False):
            continue
        name = connection.ops.quote_name(column.column)
        if column.null:
            found[name] = f"coalesce(k.{name}, d.{name})"
        elif isinstance(column, ArrayField):
            found[name] = f"patron_distinct(k.{name} || d.{name})"
        elif isinstance(column, models.BooleanField):
            found[name] = f"(k.{name} OR d.{name})"
        elif isinstance(column, models.JSONField) and column.name == "custom":
            found[name] = f"(d.{name} || k.{name})"
        elif isinstance(column, models.CharField | models.TextField):
            found[name] = f"coalesce(nullif(k.{name}, ''), d.{name})"
    return found


def _delete(relation: Relation, ids: list[uuid.UUID]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(relation.table)} WHERE workspace_id = %s AND id = ANY(%s)", [current_workspace_id(), ids])
        return int(cursor.rowcount)


def _keep(relation: Relation, rows: QuerySet[Any], moved: Moved) -> None:
    """Write down rows of a table without ledger: whole, since some of them go."""
    table = connection.ops.quote_name(relation.table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT jsonb_agg(to_jsonb(t) - 'workspace_id') FROM {table} t WHERE workspace_id = %s AND id = ANY(%s)", [current_workspace_id(), list(rows.values_list("pk", flat=True))])
        found = cursor.fetchone()[0]
    found = json.loads(found) if isinstance(found, str) else found
    moved.kept.append({"model": relation.model._meta.label, "column": relation.column, "rows": found or []})


def _rename_in_views(survivor: uuid.UUID, others: list[uuid.UUID]) -> None:
    """Filters that name a merged record, in saved views, reports and conditions of own fields (`names_records`), name the one that stays."""
    places = [(connection.ops.quote_name(m._meta.db_table), connection.ops.quote_name(c)) for m in tenant_models() for c in getattr(m, "names_records", ())]
    with connection.cursor() as cursor:
        for table, column in places:
            for other in others:
                cursor.execute(
                    f"UPDATE {table} SET {column} = replace({column}::text, %s, %s)::jsonb WHERE workspace_id = %s AND strpos({column}::text, %s) > 0",
                    [str(other), str(survivor), current_workspace_id(), str(other)],
                )
