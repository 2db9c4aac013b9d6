"""Short ways to merge in tests: everything in operations of its own, and the whole workspace as one comparable value."""

from __future__ import annotations

import contextlib
import datetime
import json
from collections.abc import Iterator
from typing import Any

from django.db import connection

from patron.collab.models import Activity, ActivityLink, Favourite, Task
from patron.kernel.db.install import tenant_models
from patron.kernel.tenancy import current_workspace_id, workspace
from patron.ledger.operations import operation
from patron.records import registry
from patron.records.merge_models import Merge
from patron.records.merging import engine, parting
from patron.testing import Scene

NOON = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)


@contextlib.contextmanager
def signed(scene: Scene, name: str = "dora") -> Iterator[Any]:
    with workspace(scene.workspace.pk):
        access = scene.access(name)
        with operation("test", access=access):
            yield access


def merge(scene: Scene, key: str, survivor: Any, *others: Any, choices: dict[str, Any] | None = None, name: str = "dora") -> Merge:
    with workspace(scene.workspace.pk):
        given = {n: r.pk for n, r in (choices or {}).items()}
        return engine.merge(registry.get(key), survivor.pk, [o.pk for o in others], access=scene.access(name), choices=given)


def unmerge(scene: Scene, item: Merge) -> parting.Parted:
    with workspace(scene.workspace.pk):
        return parting.unmerge(item, access=scene.access())


def whole(scene: Scene) -> dict[str, dict[str, Any]]:
    """Every row of the workspace, without bookkeeping: table -> id -> row."""
    found: dict[str, dict[str, Any]] = {}
    with workspace(scene.workspace.pk), connection.cursor() as cursor:
        for model in tenant_models():
            table = model._meta.db_table
            if table.startswith(("ledger_", "records_merge", "records_redirect", "quality_")):
                continue
            key = "id" if any(f.column == "id" for f in model._meta.local_fields) else "ancestor_id::text || descendant_id"
            kept = ["revision", "updated_at", "own_text", *getattr(model, "derived_columns", ())]  # derived values follow by themselves
            cursor.execute(f'SELECT {key}, to_jsonb(t) - %s::text[] FROM "{table}" t WHERE workspace_id = %s', [kept, current_workspace_id()])
            found[table] = {str(pk): json.loads(row) if isinstance(row, str) else row for pk, row in cursor.fetchall()}
    return found


def differences(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> list[str]:
    """What is not the same, a line each."""
    found = []
    for table, rows in before.items():
        for pk in rows.keys() | after[table].keys():
            one, other = rows.get(pk), after[table].get(pk)
            if one != other:
                changed = {k: (one.get(k), other.get(k)) for k in one.keys() | other.keys() if one.get(k) != other.get(k)} if one and other else (one, other)
                found.append(f"{table} {pk}: {changed}")
    return found


def note_on(text: str, *refs: tuple[str, Any]) -> Activity:
    made = Activity.objects.create(kind="note", body=text, at=NOON)
    for key, record in refs:
        ActivityLink.objects.create(activity=made, record_type=key, record_id=record.pk, at=NOON)
    return made


def task_on(subject: str, key: str, record: Any) -> Task:
    return Task.objects.create(subject=subject, record_type=key, record_id=record.pk)


def favourite(scene: Scene, name: str, key: str, record: Any) -> Favourite:
    return Favourite.objects.create(member=scene.members[name], record_type=key, record_id=record.pk)
