"""Links of many things at once."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from patron.collab.domain import touch
from patron.collab.domain.refs import Ref, ensure
from patron.identity.access import Access
from patron.kernel.tenancy import current_workspace_id
from patron.ledger.operations import operation

_ACTIVITIES = """
INSERT INTO collab_activitylink (workspace_id, id, activity_id, record_type, record_id, at)
SELECT l.workspace_id, gen_random_uuid(), l.activity_id, target.type_key, target.id, l.at
FROM collab_activitylink l CROSS JOIN unnest(%(keys)s::text[], %(ids)s::uuid[]) AS target(type_key, id)
WHERE l.workspace_id = %(workspace)s AND l.record_id = %(from)s AND l.record_type = %(from_key)s
ON CONFLICT DO NOTHING
"""
_TASKS = """
INSERT INTO collab_tasklink (workspace_id, id, task_id, record_type, record_id)
SELECT l.workspace_id, gen_random_uuid(), l.task_id, target.type_key, target.id
FROM collab_tasklink l JOIN collab_task t ON t.workspace_id = l.workspace_id AND t.id = l.task_id AND t.state = 'open'
CROSS JOIN unnest(%(keys)s::text[], %(ids)s::uuid[]) AS target(type_key, id)
WHERE l.workspace_id = %(workspace)s AND l.record_id = %(from)s AND l.record_type = %(from_key)s
ON CONFLICT DO NOTHING
"""


def carry_over(from_ref: Ref, to_refs: Sequence[Ref], *, access: Access) -> tuple[int, int]:
    """Link all activities and open tasks of one record to others as well; answers how many links of each were added.

    The old links stay, and so does the record that a task names: nothing moves, it shows in more places. Takes every activity, also those
    that the person may not see, since they belong to the record and not to the person. Done tasks stay behind. Two statements; repeating it
    adds nothing; undo takes the links away again. Raises `Refused` where a target may not be seen.
    """
    targets = ensure(to_refs, access)
    values: dict[str, Any] = {
        "workspace": current_workspace_id(), "from": from_ref.id, "from_key": from_ref.type_key,
        "keys": [ref.type_key for ref in targets], "ids": [ref.id for ref in targets],
    }  # fmt: skip
    added = []
    with operation("collab.carry_over", access=access, subject=from_ref):
        with connection.cursor() as cursor:
            for statement in (_ACTIVITIES, _TASKS):
                cursor.execute(statement, values)
                added.append(cursor.rowcount)
        touch.after(targets, access)
    return added[0], added[1]
