"""When a record was last worked on and what comes next: set-based questions, and the hook by which upper packages keep the answers.

"Last" is the newest call, meeting or note that happened, or task that was completed. "Next" is the earliest planned call or meeting or open
task with a day; a day without an hour counts until its last second in the workspace's zone. Archived ones do not count.
"""

import datetime
import uuid
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.db import connection

from patron.collab.domain.refs import Ref
from patron.identity.access import Access
from patron.kernel.tenancy import current_workspace_id
from patron.ledger import operations

Touched = Callable[[list[uuid.UUID], Access], None]
_listeners: dict[str, list[tuple[int, Touched]]] = {}

FIGURES = """
SELECT wanted.id AS record_id,
  greatest(
    (SELECT l.at FROM collab_activitylink l JOIN collab_activity a ON a.workspace_id = l.workspace_id AND a.id = l.activity_id
      WHERE l.workspace_id = %(workspace)s AND l.record_id = wanted.id AND a.done AND a.archived_at IS NULL
      ORDER BY l.at DESC, l.activity_id DESC LIMIT 1),
    (SELECT max(t.done_at) FROM collab_tasklink l JOIN collab_task t ON t.workspace_id = l.workspace_id AND t.id = l.task_id
      WHERE l.workspace_id = %(workspace)s AND l.record_id = wanted.id AND t.state = 'done' AND t.archived_at IS NULL)
  ) AS last_at,
  next.at AS next_at, next.kind AS next_kind
FROM unnest(%(ids)s::uuid[]) AS wanted(id)
LEFT JOIN LATERAL (
  SELECT ahead.at, ahead.kind FROM (
    SELECT a.at, a.kind FROM collab_activitylink l JOIN collab_activity a ON a.workspace_id = l.workspace_id AND a.id = l.activity_id
      WHERE l.workspace_id = %(workspace)s AND l.record_id = wanted.id AND NOT a.done AND a.archived_at IS NULL
    UNION ALL
    SELECT coalesce(t.due_at, ((t.due + 1)::timestamp - interval '1 second') AT TIME ZONE %(zone)s), t.kind
      FROM collab_tasklink l JOIN collab_task t ON t.workspace_id = l.workspace_id AND t.id = l.task_id
      WHERE l.workspace_id = %(workspace)s AND l.record_id = wanted.id AND t.state = 'open' AND t.due IS NOT NULL AND t.archived_at IS NULL
  ) AS ahead ORDER BY ahead.at LIMIT 1
) AS next ON true
"""


class Figures(NamedTuple):
    """Last and next of one record, as instants in UTC; `next_kind` is call, meeting, task or follow_up, "" for nothing ahead."""

    last_at: datetime.datetime | None
    next_at: datetime.datetime | None
    next_kind: str


def register(type_key: str, listener: Touched, *, order: int = 50) -> None:
    """Call `listener(ids, access)` after activities or tasks on records of the type were written, inside the same operation.

    Lower `order` first, whatever the records: two people at a time then lock rows of the same tables in the same order.
    """
    _listeners.setdefault(type_key, []).append((order, listener))


def after(refs: Iterable[Ref], access: Access) -> None:
    """Tell the listeners which records were touched: one call per type."""
    groups: dict[str, set[uuid.UUID]] = {}
    for ref in refs:
        if ref.type_key in _listeners:
            groups.setdefault(ref.type_key, set()).add(ref.id)
    calls = sorted(((order, key, place) for key in groups for place, (order, _listener) in enumerate(_listeners[key])))
    for _order, key, place in calls:
        _listeners[key][place][1](sorted(groups[key]), access)


_TOUCHED = """
SELECT DISTINCT record_type, record_id FROM (
  SELECT c.changes ->> 'record_type' AS record_type, (c.changes ->> 'record_id')::uuid AS record_id FROM ledger_change c
    WHERE c.workspace_id = %(workspace)s AND c.at = now() AND c.operation_id = %(operation)s AND c.action <> 'U'
      AND c.table_name IN ('collab_activitylink', 'collab_tasklink')
  UNION ALL
  SELECT l.record_type, l.record_id FROM ledger_change c JOIN collab_activitylink l ON l.workspace_id = c.workspace_id AND l.activity_id = c.row_id
    WHERE c.workspace_id = %(workspace)s AND c.at = now() AND c.operation_id = %(operation)s AND c.table_name = 'collab_activity'
  UNION ALL
  SELECT l.record_type, l.record_id FROM ledger_change c JOIN collab_tasklink l ON l.workspace_id = c.workspace_id AND l.task_id = c.row_id
    WHERE c.workspace_id = %(workspace)s AND c.at = now() AND c.operation_id = %(operation)s AND c.table_name = 'collab_task'
) AS touched
"""


def settle(operation_id: uuid.UUID, access: Access) -> None:
    """Tell the listeners what the open operation touched by other ways than this package's verbs: undo, archive, bring back, delete."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {"workspace": current_workspace_id(), "operation": operation_id})
        refs = [Ref(key, record_id) for key, record_id in cursor.fetchall() if key]
    after(refs, access)


operations.follow(("collab_activity", "collab_activitylink", "collab_task", "collab_tasklink"), settle)


def figures(ids: Iterable[uuid.UUID], access: Access) -> dict[uuid.UUID, Figures]:
    """Last and next of each record, in one query. Knows no rights: the caller may see the records, and figures are no content."""
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, parameters(ids, access))
        return {row[0]: Figures(row[1], row[2], row[3] or "") for row in cursor.fetchall()}


def parameters(ids: Iterable[uuid.UUID], access: Access) -> dict[str, Any]:
    """What `FIGURES` needs, for a statement of an upper package that embeds it."""
    return {"workspace": current_workspace_id(), "ids": list(ids), "zone": access.workspace.time_zone}


def refresh(table: str, ids: Iterable[uuid.UUID], *, last: str, next_: str, access: Access) -> int:
    """Bring two columns of an upper package's table to the figures: one UPDATE that leaves unchanged rows alone; answers how many changed.

    Must run inside an operation where the table is ledgered.
    """
    quote = connection.ops.quote_name
    statement = f"""
      UPDATE {quote(table)} AS t SET {quote(last)} = f.last_at, {quote(next_)} = f.next_at FROM ({FIGURES}) AS f
      WHERE t.workspace_id = %(workspace)s AND t.id = f.record_id
        AND (t.{quote(last)}, t.{quote(next_)}) IS DISTINCT FROM (f.last_at, f.next_at)
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters(ids, access))
        return int(cursor.rowcount)
