"""What the database itself keeps true about links (their order on a timeline, that a task hangs on the record it names) and about the names of files in own fields."""

from typing import Any

from django.db import connection

from patron.kernel.db.install import per_table, whole_database
from patron.records import registry
from patron.records.customs import own_rows, texts

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
    "collab.attachment": [
        ("named_made", "AFTER INSERT", "WHEN (NEW.field_key IS NOT NULL)", "collab_file_named"),
        ("named", "AFTER UPDATE OF name", "WHEN (NEW.field_key IS NOT NULL AND NEW.name <> OLD.name)", "collab_file_named"),
    ],
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


#: What search finds files of own fields by (`records.customs.texts`).
_FILE_NAMES = """
CREATE OR REPLACE FUNCTION patron_file_names(ws uuid, ids jsonb) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT string_agg(a.name, ' ' ORDER BY a.id) FROM collab_attachment a
    WHERE a.workspace_id = ws AND a.id IN (SELECT one::uuid FROM jsonb_array_elements_text(ids) one));
END $$
"""
#: A file that was renamed, or came back after the record that holds it: the record's words are written anew, which is no change of the record.
_FILE_NAMED = """
CREATE OR REPLACE FUNCTION collab_file_named() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  place text := CASE NEW.record_type %(places)s ELSE '%(own)s' END;
  times text := coalesce(current_setting('app.keep_times', true), '');
BEGIN
  PERFORM set_config('app.keep_times', 'all', true);
  EXECUTE format('UPDATE %%I SET own_text = '''' WHERE workspace_id = $1 AND id = $2 AND custom -> $3 ? $4', place)
    USING NEW.workspace_id, NEW.record_id, NEW.field_key, NEW.id::text;
  PERFORM set_config('app.keep_times', times, true);
  RETURN NULL;
END $$
"""


@whole_database
def _functions() -> list[str]:
    places = " ".join(f"WHEN '{t.key}' THEN '{t.table}'" for t in registry.all_types() if texts.has_own_text(t.model))
    return [_LINK_TIME, _ACTIVITY_MOVED, _TASK_LINK, _FILE_NAMES, _FILE_NAMED % {"places": places, "own": own_rows.TABLE}]


@per_table
def _link_triggers(model: Any) -> list[str]:
    """A link has its activity's time whoever writes either; a task's first record is always among its links."""
    table = connection.ops.quote_name(model._meta.db_table)
    made = []
    for name, event, when, function in _TRIGGERS.get(model._meta.label_lower, []):
        made.append(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        made.append(f"CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION {function}()")
    return made
