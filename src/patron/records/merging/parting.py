"""Unmerging: the records exist again, and what the merge moved goes back where nothing newer stands in the way."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.kernel.db import prepared
from patron.kernel.tenancy import current_workspace_id
from patron.ledger.models import Operation
from patron.ledger.operations import operation
from patron.ledger.tolerant import Left, take_back
from patron.records import registry
from patron.records.merge_models import Merge, Redirect
from patron.records.merging.rules import settle
from patron.records.record_type import RecordType
from patron.records.verbs import Refused


@dataclass(slots=True)
class Parted:
    """What unmerging did, or would do: the operation, the records that are back, and what stays as it is now."""

    operation_id: uuid.UUID | None = None
    back: list[uuid.UUID] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


class _DryRun(Exception):
    pass


def merges_of(record_type: RecordType, record_id: uuid.UUID) -> list[Merge]:
    """The merges into this record that stand, newest first."""

    def build(survivor: uuid.UUID) -> Any:
        return Merge.objects.filter(type_key=record_type.key, survivor_id=survivor, parted_at=None).order_by("-at", "-pk")

    return prepared.rows(("records.merges", record_type.key), build, survivor=record_id)


def refusal(item: Merge) -> str | None:
    """Why a merge cannot be taken back now, in words."""
    record_type = registry.get(item.type_key)
    if item.parted_at is not None:
        return _("These records were unmerged already.")
    if record_type.model.objects.filter(pk=item.survivor_id).exists():
        return None
    if Redirect.objects.filter(pk=item.survivor_id).exists():
        return _("The record that stayed was merged into another one since: unmerge that first.")
    return _("The record that stayed was deleted since: undo that first.")


def preview(item: Merge, *, access: Access) -> Parted:
    """What unmerging would leave as it is: it is done and rolled back, so that the answer is exact."""
    found = Parted()
    try:
        with transaction.atomic(), operation(f"{item.type_key}.unmerge", access=access):
            found = unmerge(item, access=access)
            raise _DryRun
    except _DryRun:
        return found


def unmerge(item: Merge, *, access: Access, undoes: uuid.UUID | None = None) -> Parted:
    """Take a merge back; answers what was left. Raises `Refused` where the record that stayed is not there any more.

    Rights are the caller's business: the right to edit the record that stayed. What came to it since stays with it.
    """
    item = Merge.objects.select_for_update().get(pk=item.pk)
    if why := refusal(item):
        raise Refused(why)
    record_type, target = registry.get(item.type_key), Operation.objects.get(pk=item.operation_id)
    ids = [uuid.UUID(m["id"]) for m in item.merged]
    with operation(f"{item.type_key}.unmerge", access=access, subject=(item.type_key, item.survivor_id), undoes=undoes) as signed, transaction.atomic():
        left = take_back(target)
        _unkeep(item)
        Redirect.objects.filter(merge=item).delete()
        back = sorted(record_type.model.objects.filter(pk__in=ids).values_list("pk", flat=True))
        settle(record_type, [item.survivor_id, *back], access)
        Merge.objects.filter(pk=item.pk).update(parted_at=timezone.now(), parted_operation_id=signed.id)
    return Parted(signed.id, back, left)


def _unkeep(item: Merge) -> None:
    """Rows of tables without ledger: those that were folded come back, the others go back, where they still point to the record that stayed."""
    for kept in item.kept:
        model = apps.get_model(kept["model"])
        table, column = connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name(kept["column"])
        names = ", ".join(connection.ops.quote_name(f.column) for f in model._meta.local_fields if f.column != "workspace_id" and not getattr(f, "generated", False))
        rows = json.dumps(kept["rows"])
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} t SET {column} = r.{column} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) r "
                f"WHERE t.workspace_id = %s AND t.id = r.id AND t.{column} = %s",
                [rows, current_workspace_id(), item.survivor_id],
            )
            cursor.execute(
                f"INSERT INTO {table} (workspace_id, {names}) SELECT %s, {names} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) r "
                "WHERE NOT EXISTS (SELECT FROM " + table + " t WHERE t.workspace_id = %s AND t.id = r.id) AND r.id::text = ANY(%s) ON CONFLICT DO NOTHING",
                [current_workspace_id(), rows, current_workspace_id(), kept.get("folded", [])],
            )
