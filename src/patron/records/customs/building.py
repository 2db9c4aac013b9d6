"""Building the indexes of own fields, as the role that owns the tables, outside any transaction."""

from __future__ import annotations

import logging
from typing import Any

import psycopg

from patron.identity.access import Access
from patron.identity.models import Workspace
from patron.kernel.db.owner import maintenance
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import registry
from patron.records.custom_models import CustomField, IndexState
from patron.records.customs import indexes
from patron.records.customs.definitions import current, name_of
from patron.records.customs.values import alike

MANY = 20_000  # rows from which on a wrong guess costs more than a person notices

log = logging.getLogger(__name__)


def build(place: Workspace) -> int:
    """Make the indexes that the workspace's own fields want, and say of each whether it is there; answers how many were made.

    An index that cannot be made (two records alike in a field that is to be unique) leaves the field marked as failed; nothing else stops.
    """
    with workspace(place.pk):
        wanted = list(CustomField.objects.filter(index_state=IndexState.WANTED).values_list("pk", "type_key", "key", "unique"))
        found = {pk: (type_key, current().of(type_key).get(name_of(key)), unique) for pk, type_key, key, unique in wanted}
        fields = {pk: (type_key, d.field, unique) for pk, (type_key, d, unique) in found.items() if d is not None and not d.formula}
        tasks = {pk: [*_statements(type_key, field, unique), *_told(type_key, field)] for pk, (type_key, field, unique) in fields.items()}
    for pk in found:
        state = IndexState.READY if pk not in tasks or _make(tasks[pk]) else IndexState.FAILED
        with workspace(place.pk), operation("custom-fields.index", access=Access.system(place), details={"upkeep": True}):
            CustomField.objects.filter(pk=pk).update(index_state=state)
    return len(tasks)


def _statements(type_key: str, field: Any, unique: bool) -> list[str]:
    table = registry.get(type_key).table
    made = indexes.statements(table, type_key, field, unique=unique)
    before = [s for kind in alike(field.kind)[1:] for s in indexes.drop_statements(type_key, field.own_key, kind)]  # it was of another kind, perhaps
    return [*made, *before, *([] if unique else indexes.drop_statements(type_key, field.own_key, field.kind, unique_only=True))]


def drop(place: Workspace, type_key: str, key: str, kind: str) -> bool:
    """Take the indexes of a deleted field away; answers whether it did: not where there is such a field again."""
    with workspace(place.pk):
        if CustomField.objects.filter(type_key=type_key, key=key, kind=kind).exists():
            return False
        statements = indexes.drop_statements(type_key, key, kind)
    with maintenance() as connection:
        for statement in statements:
            connection.execute(statement)
    return True


def _told(type_key: str, field: Any) -> list[str]:
    """Statistics for workspaces with many rows: few of them, since the planner reads those of all workspaces with every statement."""
    record_type = registry.get(type_key)
    many = record_type.model.objects.order_by()[: MANY + 1].count() > MANY
    return indexes.statistics(record_type.table, type_key, field) if many else []


def _make(statements: list[str]) -> bool:
    """Run the statements; an index that a broken attempt left behind is taken away first."""
    with maintenance() as connection:
        for statement in statements:
            try:
                _sweep(connection, statement)
                connection.execute(statement)
            except (psycopg.errors.UniqueViolation, psycopg.errors.DataError):
                log.warning("own field: %s failed", statement)
                _sweep(connection, statement)
                return False
    return True


def _sweep(connection: Any, statement: str) -> None:
    """Drop the index of the statement where it is there but not valid."""
    name = statement.split('"')[1]
    row = connection.execute("SELECT NOT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [f'"{name}"']).fetchone()
    if row and row[0]:
        connection.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')
