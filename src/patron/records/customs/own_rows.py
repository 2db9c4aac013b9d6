"""Which of the workspace's own types a row of the shared table is of: asked of the table, of the ledger for rows that are gone."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from patron.kernel import tenancy
from patron.ledger.models import Change
from patron.records.customs import types

if TYPE_CHECKING:
    from patron.records.record_type import RecordType

TABLE = "records_customrecord"


def learn(ids: Iterable[uuid.UUID]) -> None:
    """Find out the types of many rows at once, for `type_of`: two queries at most, none for what was asked before."""
    from patron.records.own_records import CustomRecord

    known: dict[uuid.UUID, uuid.UUID | None] = tenancy.memo().setdefault("own_rows", {})
    wanted = set(ids) - set(known)
    if wanted:
        known.update(CustomRecord.objects.filter(pk__in=wanted).values_list("pk", "type_id"))
    if gone := wanted - set(known):
        told = Change.objects.filter(table_name=TABLE, row_id__in=gone, action__in=("I", "D")).values_list("row_id", "changes__type_id")
        known.update({row: uuid.UUID(str(kind)) for row, kind in told if kind})
        known.update(dict.fromkeys(gone - set(known)))


def type_of(row_id: uuid.UUID) -> RecordType | None:
    """The type of one row; None where nobody knows it any more."""
    learn([row_id])
    kind = tenancy.memo()["own_rows"][row_id]
    return types.current().by_id.get(kind) if kind else None
