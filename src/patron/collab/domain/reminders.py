"""Reminders: a task's `reminder_at` becomes a notification for whoever does it."""

import datetime

from django.db import connection

from patron.kernel.tenancy import current_workspace_id

FORGOTTEN = datetime.timedelta(days=30)

_DUE = """
INSERT INTO collab_notification (workspace_id, id, member_id, kind, params, record_type, record_id, key, at)
SELECT t.workspace_id, gen_random_uuid(), coalesce(t.assignee_id, t.owner_id), 'reminder', '{"who": ""}', 'tasks', t.id,
  'reminder:' || t.id || ':' || extract(epoch FROM t.reminder_at), t.reminder_at
FROM collab_task t
WHERE t.workspace_id = %(workspace)s AND t.state = 'open' AND t.archived_at IS NULL
  AND t.reminder_at > %(from)s AND t.reminder_at <= %(now)s AND coalesce(t.assignee_id, t.owner_id) IS NOT NULL
ON CONFLICT DO NOTHING
"""


def send_due(now: datetime.datetime) -> int:
    """Notify the assignees (else the makers) of open tasks whose reminder has come; answers how many were told.

    One statement, safe to repeat and to run twice at once: a reminder is told once for each time it is set to. Reminders that lie more than
    thirty days back, after a long standstill, are let go. Needs an open workspace; no operation, for nothing of the business changes.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"workspace": current_workspace_id(), "now": now, "from": now - FORGOTTEN})
        return int(cursor.rowcount)
