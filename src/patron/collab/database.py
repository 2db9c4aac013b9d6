"""What the database itself keeps true about links: their order on a timeline, and that a task hangs on the record it names."""

from typing import Any

from django.db import connection

from patron.kernel.db.install import per_table, whole_database

_LINK_TIME = """
CREATE OR REPLACE FUNCTION collab_link_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT a.at INTO NEW.at FROM collab_activity a WHERE a.workspace_id = NEW.workspace_id AND a.id = NEW.activity_id;
  RETURN NEW;
END $$
"""

_ACTIVITY_MOVED = """
CREATE OR REPLACE FUNCTION collab_activity_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE collab_activitylink SET at = NEW.at WHERE workspace_id = NEW.workspace_id AND activity_id = NEW.id AND at <> NEW.at;
  RETURN NULL;
END $$
"""

_TASK_LINK = """
CREATE OR REPLACE FUNCTION collab_task_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.record_id IS NOT NULL THEN
    DELETE FROM collab_tasklink
      WHERE workspace_id = OLD.workspace_id AND task_id = OLD.id AND record_type = OLD.record_type AND record_id = OLD.record_id;
  END IF;
  IF NEW.record_id IS NOT NULL THEN
    INSERT INTO collab_tasklink (workspace_id, id, task_id, record_type, record_id)
      VALUES (NEW.workspace_id, gen_random_uuid(), NEW.id, NEW.record_type, NEW.record_id) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$
"""
# Names after "ledger" in the alphabet: the change of the row is written down before that of its links, and undone after it.
_TRIGGERS = {
    "collab.activitylink": [("links_time", "BEFORE INSERT OR UPDATE OF at, activity_id", "", "collab_link_time")],
    "collab.activity": [("links_moved", "AFTER UPDATE OF at", "WHEN (OLD.at IS DISTINCT FROM NEW.at)", "collab_activity_moved")],
    "collab.task": [
        ("links_made", "AFTER INSERT", "WHEN (NEW.record_id IS NOT NULL)", "collab_task_link"),
        (
            "links_moved",
            "AFTER UPDATE OF record_type, record_id",
            "WHEN ((OLD.record_type, OLD.record_id) IS DISTINCT FROM (NEW.record_type, NEW.record_id))",
            "collab_task_link",
        ),
    ],
}


@whole_database
def _functions() -> list[str]:
    return [_LINK_TIME, _ACTIVITY_MOVED, _TASK_LINK]


@per_table
def _link_triggers(model: Any) -> list[str]:
    """A link has its activity's time whoever writes either; a task's first record is always among its links."""
    table = connection.ops.quote_name(model._meta.db_table)
    made = []
    for name, event, when, function in _TRIGGERS.get(model._meta.label_lower, []):
        made.append(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        made.append(f"CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION {function}()")
    return made
