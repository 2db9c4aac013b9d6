"""Old ids lead to the record that stayed, on every door."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from django.db import connection

from patron.kernel.db import prepared
from patron.kernel.tenancy import current_workspace_id
from patron.records.record_type import RecordType

_FOLLOW = """
WITH RECURSIVE chain (asked, id, step) AS (
  SELECT r.id, r.target_id, 1 FROM records_redirect r WHERE r.workspace_id = %(ws)s AND r.type_key = %(key)s AND r.id = ANY(%(ids)s)
  UNION ALL
  SELECT chain.asked, r.target_id, step + 1 FROM chain JOIN records_redirect r ON r.workspace_id = %(ws)s AND r.id = chain.id WHERE step < 1000)
SELECT DISTINCT ON (asked) asked, id FROM chain ORDER BY asked, step DESC
"""


def follow(record_type: RecordType, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Where merged records went, chains followed to their end: {old id: id}. Ids that were never merged are left out. One query.

    Knows no rights: filter what it answers by `visible`.
    """
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW, {"ws": current_workspace_id(), "key": record_type.key, "ids": list(ids)})
        return dict(cursor.fetchall())


def survivor_of(record_type: RecordType, record_id: Any) -> uuid.UUID | None:
    """The record that a merged one went into; None for an id that was never merged."""
    return follow(record_type, [record_id]).get(record_id) if isinstance(record_id, uuid.UUID) else None


_BY_EXTERNAL_ID = "SELECT external_id, id FROM records_redirect WHERE workspace_id = %s AND type_key = %s AND external_id = ANY(%s)"


def by_external_id(record_type: RecordType, wanted: Collection[str]) -> dict[str, uuid.UUID]:
    """The records that merged ones went into, by the external id that these had."""
    rows = dict(prepared.fetch(_BY_EXTERNAL_ID, [current_workspace_id(), record_type.key, [w for w in wanted if w]]))
    targets = follow(record_type, list(rows.values()))
    return {word: targets[pk] for word, pk in rows.items() if pk in targets}
