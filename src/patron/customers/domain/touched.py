"""Keeps when an account was last worked on: by a call, meeting, note or completed task on it, on its contacts or on its deals.

The newest of these is kept in `Account.last_activity_at`, so that lists of a million accounts filter and sort by an index. It follows every
act of `collab`; a contact or deal that moves to another account takes its past along when it is next worked on.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import connection

from patron.collab.domain import touch
from patron.customers.models import Contact
from patron.identity.access import Access
from patron.kernel.tenancy import current_workspace_id

ORDER = 90  # after the records themselves, whose figures are read here

_OWN = f"SELECT figures.record_id, figures.last_at FROM ({touch.FIGURES}) AS figures"
_CONTACTS = """
SELECT c.account_id, max(found.at) FROM customers_contact c CROSS JOIN LATERAL (
  SELECT greatest(
    (SELECT l.at FROM collab_activitylink l JOIN collab_activity a ON a.workspace_id = l.workspace_id AND a.id = l.activity_id
      WHERE l.workspace_id = c.workspace_id AND l.record_id = c.id AND a.done AND a.archived_at IS NULL ORDER BY l.at DESC, l.activity_id DESC LIMIT 1),
    (SELECT max(t.done_at) FROM collab_tasklink l JOIN collab_task t ON t.workspace_id = l.workspace_id AND t.id = l.task_id
      WHERE l.workspace_id = c.workspace_id AND l.record_id = c.id AND t.state = 'done' AND t.archived_at IS NULL)) AS at) AS found
WHERE c.workspace_id = %(workspace)s AND c.account_id = ANY(%(ids)s) GROUP BY 1
"""
_parts = [_OWN, _CONTACTS]


def register_part(statement: str) -> None:
    """Something else that belongs to accounts: rows of account and last instant, for `%(workspace)s` and `%(ids)s`."""
    _parts.append(statement)


def refresh(account_ids: Iterable[uuid.UUID], *, access: Access) -> int:
    """Bring the accounts' last activity up to date: one UPDATE that leaves unchanged rows alone, inside an operation."""
    ids = sorted(set(account_ids))
    if not ids:
        return 0
    statement = f"""
      UPDATE customers_account AS a SET last_activity_at = newest.at FROM (
        SELECT wanted.id, max(part.at) AS at FROM unnest(%(ids)s::uuid[]) AS wanted(id)
        LEFT JOIN ({" UNION ALL ".join(_parts)}) AS part(account_id, at) ON part.account_id = wanted.id GROUP BY 1
      ) AS newest WHERE a.workspace_id = %(workspace)s AND a.id = newest.id AND a.last_activity_at IS DISTINCT FROM newest.at
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, {**touch.parameters(ids, access), "workspace": current_workspace_id()})
        return int(cursor.rowcount)


def _accounts(ids: list[uuid.UUID], access: Access) -> None:
    refresh(ids, access=access)


def _contacts(ids: list[uuid.UUID], access: Access) -> None:
    refresh(Contact.objects.filter(pk__in=ids, account__isnull=False).values_list("account", flat=True), access=access)


touch.register("accounts", _accounts, order=ORDER)
touch.register("contacts", _contacts, order=ORDER)
