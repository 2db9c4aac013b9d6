"""One merge: records of one type become one of them, in one operation."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.kernel.tenancy import current_workspace_id
from patron.ledger.as_stored import as_stored
from patron.ledger.operations import operation
from patron.records import changes, constraints
from patron.records.merge_models import Merge, Redirect
from patron.records.merging import moving, values
from patron.records.merging.relations import parent_columns
from patron.records.merging.rules import settle
from patron.records.record_type import RecordType
from patron.records.verbs import Refused

MOST = 10
_DEADLOCK = "40P01"


def merge(record_type: RecordType, survivor_id: uuid.UUID, other_ids: Collection[uuid.UUID], *, access: Access, choices: Mapping[str, uuid.UUID] | None = None) -> Merge:
    """Merge `other_ids` into `survivor_id`; answers what is kept about it. Raises `Refused` or `changes.NotValid`: then nothing was written.

    `choices` is field -> id of the record whose value wins; what is not chosen follows `merging.values`. Everything that pointed to the others
    points to the survivor afterwards, also what the person may not see: it belongs to the records, not to the person. The others are removed;
    the ledger keeps them whole, and their ids lead to the survivor. Takes the right to edit each of them.
    """
    records = load(record_type, survivor_id, other_ids, access, lock=True)
    survivor, others = records[0], [r.pk for r in records[1:]]
    for name in choices or {}:
        if access.field_rule(record_type.key, name) is not None:
            raise Refused(_("Your role does not let you choose “%(name)s”.") % {"name": name}, field="choices")
    decided = values.results(record_type, records, choices or {})
    kept_values, own = _settled(record_type, records, decided, choices or {}), values.own_results(record_type, records, choices or {})
    with operation(f"{record_type.key}.merge", access=access, subject=(record_type.key, survivor.pk)) as signed, transaction.atomic():
        try:
            _hang_first(record_type, survivor, kept_values)
            moved = moving.move_all(record_type, survivor.pk, others)
            _remove(record_type, others)
            _write(record_type, survivor, kept_values, own, access)
        except IntegrityError as error:
            raise changes.NotValid(constraints.explain(record_type, error)) from error
        done = Merge.objects.create(
            type_key=record_type.key, survivor_id=survivor.pk, operation_id=signed.id, member_id=access.member_id, member_name=access.name[:150],
            merged=[{"id": str(r.pk), "title": title_of(record_type, r), "external_id": getattr(r, "external_id", "")} for r in records[1:]],
            counts=moved.counts, choices={n: str(pk) for n, pk in (choices or {}).items()}, kept=moved.kept,
        )  # fmt: skip
        Redirect.objects.bulk_create(
            Redirect(pk=r.pk, type_key=record_type.key, target_id=survivor.pk, merge=done, external_id=getattr(r, "external_id", "")) for r in records[1:]
        )
        settle(record_type, [survivor.pk], access)
    return done


def load(record_type: RecordType, survivor_id: uuid.UUID, other_ids: Collection[uuid.UUID], access: Access, *, lock: bool = False) -> list[Any]:
    """The records, the one that stays first, the others in the given order. Raises `Refused` where one cannot be merged by this person."""
    wanted = list(dict.fromkeys([survivor_id, *other_ids]))
    if not record_type.mergeable:
        raise Refused(_("%(plural)s cannot be merged.") % {"plural": record_type.plural})
    if not 2 <= len(wanted) <= MOST:
        raise Refused(_("Choose 2 to %(most)s different records to merge.") % {"most": MOST}, field="others")
    rows = record_type.visible(access).filter(pk__in=wanted)
    if lock:
        _lock(record_type, wanted)
    found = {r.pk: r for r in rows}
    if len(found) < len(wanted):
        raise Refused(_("A record that should be merged does not exist, or you cannot see it."), field="others")
    for record in found.values():
        if not record_type.allows(record, access, "edit"):
            raise Refused(_("You may not change “%(name)s”, so you cannot merge it.") % {"name": title_of(record_type, record)}, field="others")
    return [found[pk] for pk in wanted]


def _lock(record_type: RecordType, ids: list[uuid.UUID]) -> None:
    """Hold all records, in one order for all: nobody hangs anything on them until the merge is through."""
    try:
        with transaction.atomic():
            list(record_type.model.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != _DEADLOCK:
            raise
        raise Refused(_("Somebody else is changing these records right now. Look at them and try again.")) from error


def title_of(record_type: RecordType, record: Any) -> str:
    """What the record is called."""
    return str(getattr(record, record_type.title, "") or record)


def _settled(record_type: RecordType, records: list[Any], decided: dict[str, values.Result], choices: Mapping[str, uuid.UUID]) -> dict[str, values.Result]:
    """The results with every column that points to the same type kept out of circles (D3): never to or below one of the merged records."""
    for column in parent_columns(record_type):
        inside = below(record_type, column, [r.pk for r in records])
        wanted = decided[column.name]
        if wanted.value not in inside:
            continue
        if column.name in choices and wanted.value not in {r.pk for r in records}:
            raise Refused(_("The chosen value of “%(label)s” lies below one of these records: choose another.") % {"label": record_type.fields[column.name].label}, field="choices")
        outside = next((r for r in records if getattr(r, column.attname) and getattr(r, column.attname) not in inside), None)
        value, source = (getattr(outside, column.attname), outside.pk) if outside is not None else (None, records[0].pk)
        decided = {**decided, column.name: values.Result(column.name, column.attname, value, source, wanted.forced)}
    return decided


def below(record_type: RecordType, column: Any, ids: list[uuid.UUID]) -> set[uuid.UUID]:
    """The records themselves and everything below them by a column that points to the same type."""
    table, name = connection.ops.quote_name(record_type.table), connection.ops.quote_name(column.column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE down (id) AS (SELECT unnest(%(ids)s::uuid[]) UNION SELECT t.id FROM down JOIN {table} t ON t.workspace_id = %(ws)s AND t.{name} = down.id) SELECT id FROM down",
            {"ids": ids, "ws": current_workspace_id()},
        )
        return {row[0] for row in cursor.fetchall()}


def _hang_first(record_type: RecordType, survivor: Any, decided: dict[str, values.Result]) -> None:
    """Give the survivor its place in trees before children come to it: a circle must not exist even in between."""
    placed = {c.attname: decided[c.name].value for c in parent_columns(record_type) if getattr(survivor, c.attname) != decided[c.name].value}
    if placed:
        record_type.model.objects.filter(pk=survivor.pk).update(**placed)


def _remove(record_type: RecordType, others: list[uuid.UUID]) -> None:
    """Plain SQL: nothing points to them any more, and PostgreSQL would say so if something did."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(record_type.table)} WHERE workspace_id = %s AND id = ANY(%s)", [current_workspace_id(), others])


def _write(record_type: RecordType, survivor: Any, decided: dict[str, values.Result], own: dict[str, values.Result], access: Access) -> None:
    """The decided values, by the one path that edits take, so that the type's rules and consequences hold; then what no door shows.

    Own values come first, as they are stored: what a rule demands once the other values are there must be there, and a locked field is no reason to lose one.
    """
    custom = {r.name: r.value for r in own.values() if r.value is not None}
    if own and custom != survivor.custom:
        with as_stored():
            record_type.model.objects.filter(pk=survivor.pk).update(custom=custom)
        survivor.custom = custom
    shown = {r.name: r.value for r in decided.values() if r.name in record_type.fields and not record_type.fields[r.name].is_custom}
    changes.edit(record_type, survivor, shown, access=access)
    rest = {r.attname: r.value for r in decided.values() if r.name not in shown}
    rest = {name: value for name, value in rest.items() if getattr(survivor, name) != value}
    if rest:
        record_type.model.objects.filter(pk=survivor.pk).update(**rest)
