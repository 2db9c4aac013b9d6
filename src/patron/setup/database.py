"""The rule that PostgreSQL itself keeps of people: no workspace loses its last administrator, whichever door is used."""

from __future__ import annotations

from patron.kernel.db.install import whole_database

LAST_ADMINISTRATOR = "one_administrator"  # the constraint that a refused change names

# The table's name comes as an argument: on a shard of a cluster TG_TABLE_NAME is the shard's.
_CHECK = f"""
CREATE OR REPLACE FUNCTION setup_keep_administrator() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_ARGV[0] = 'identity_membership' THEN
    IF NOT EXISTS (SELECT FROM identity_role r WHERE r.workspace_id = OLD.workspace_id AND r.id = OLD.role_id AND r.matrix -> 'settings' ? 'edit') THEN
      RETURN NULL;
    END IF;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('identity.administrators'), hashtext(OLD.workspace_id::text));
  IF NOT EXISTS (
    SELECT FROM identity_membership m JOIN identity_role r ON r.workspace_id = m.workspace_id AND r.id = m.role_id
    WHERE m.workspace_id = OLD.workspace_id AND m.state = 'active' AND m.user_id IS NOT NULL AND r.matrix -> 'settings' ? 'edit'
  ) THEN
    RAISE EXCEPTION 'Nobody could change the settings any more. Make another person an administrator first.'
      USING ERRCODE = 'check_violation', CONSTRAINT = '{LAST_ADMINISTRATOR}', TABLE = TG_ARGV[0];
  END IF;
  RETURN NULL;
END $$
"""

_MEMBER = """
CREATE CONSTRAINT TRIGGER keep_administrator AFTER UPDATE ON identity_membership DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW
WHEN (OLD.state = 'active' AND OLD.user_id IS NOT NULL
  AND (NEW.state <> 'active' OR NEW.user_id IS NULL OR NEW.role_id <> OLD.role_id)) EXECUTE FUNCTION setup_keep_administrator('identity_membership')
"""
_GONE = """
CREATE CONSTRAINT TRIGGER keep_administrator_gone AFTER DELETE ON identity_membership DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW
WHEN (OLD.state = 'active' AND OLD.user_id IS NOT NULL) EXECUTE FUNCTION setup_keep_administrator('identity_membership')
"""
_ROLE = """
CREATE CONSTRAINT TRIGGER keep_administrator AFTER UPDATE ON identity_role DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW
WHEN (OLD.matrix -> 'settings' ? 'edit' AND NOT coalesce(NEW.matrix -> 'settings' ? 'edit', false)) EXECUTE FUNCTION setup_keep_administrator('identity_role')
"""


@whole_database
def _rules() -> list[str]:
    drop = "DROP TRIGGER IF EXISTS {} ON {}"
    return [
        _CHECK,
        drop.format("keep_administrator", "identity_membership"),
        drop.format("keep_administrator_gone", "identity_membership"),
        drop.format("keep_administrator", "identity_role"),
        _MEMBER,
        _GONE,
        _ROLE,
    ]
