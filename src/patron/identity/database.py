"""One round trip that says who a user is in a workspace: the only read that happens before a workspace is open."""

import datetime
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from patron.identity.access import Access, Place
from patron.identity.models import Workspace
from patron.kernel.db.install import as_reader, whole_database

_RIGHTS = """  SELECT jsonb_build_object(
    'workspace', to_jsonb(w), 'member', m.id, 'name', m.name, 'preferences', m.preferences,
    'role', r.name, 'matrix', r.matrix, 'field_rules', r.field_rules,
    'team', (SELECT coalesce(jsonb_agg(DISTINCT ids.member_id), '[]') FROM (
        SELECT other.member_id FROM identity_teammember mine
          JOIN identity_teammember other ON other.workspace_id = mine.workspace_id AND other.team_id = mine.team_id
          WHERE mine.workspace_id = w.id AND mine.member_id = m.id
        UNION SELECT managed.member_id FROM identity_team t
          JOIN identity_teammember managed ON managed.workspace_id = t.workspace_id AND managed.team_id = t.id
          WHERE t.workspace_id = w.id AND t.manager_id = m.id
        UNION SELECT report.id FROM identity_membership report
          WHERE report.workspace_id = w.id AND report.manager_id = m.id) ids))"""
_ENTER = f"""
CREATE OR REPLACE FUNCTION identity_enter(person uuid, address text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
{_RIGHTS}
    || jsonb_build_object('places', (SELECT jsonb_agg(jsonb_build_array(p.slug, p.name, p.hue)) FROM identity_workspaces(person) p))
  FROM identity_workspace w
  JOIN identity_membership m ON m.workspace_id = w.id AND m.user_id = person AND m.state = 'active'
  JOIN identity_role r ON r.workspace_id = m.workspace_id AND r.id = m.role_id
  WHERE w.slug = address
$$
"""
_ENTER_BY_KEY = f"""
CREATE OR REPLACE FUNCTION identity_enter_by_key(place uuid, digest text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT made.rights || jsonb_build_object('user', made.person, 'key', made.id, 'key_name', made.key_name, 'scopes', made.scopes,
    'expires_at', made.expires_at, 'stale', made.stale)
  FROM (
{_RIGHTS} AS rights, m.user_id AS person, t.id, t.name AS key_name, t.scopes, t.expires_at,
    NOT EXISTS (SELECT FROM identity_tokenuse u WHERE u.workspace_id = t.workspace_id AND u.token_id = t.id AND u.at > now() - interval '1 minute') AS stale
  FROM identity_apitoken t
  JOIN identity_workspace w ON w.id = t.workspace_id
  JOIN identity_membership m ON m.workspace_id = t.workspace_id AND m.id = t.member_id AND m.state = 'active'
  JOIN identity_role r ON r.workspace_id = m.workspace_id AND r.id = m.role_id
  WHERE t.workspace_id = place AND t.hash = digest AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())) AS made
$$
"""
_LIST = """
CREATE OR REPLACE FUNCTION identity_workspaces(person uuid) RETURNS TABLE (slug text, name text, hue int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT w.slug, w.name, w.hue FROM identity_workspace w
  JOIN identity_membership m ON m.workspace_id = w.id AND m.user_id = person AND m.state = 'active' ORDER BY w.name, w.slug
$$
"""


@whole_database
def _functions() -> list[str]:
    seen = f"GRANT SELECT ON identity_workspace TO {connection.ops.quote_name(settings.PATRON_READER_ROLE)}"
    return [_LIST, _ENTER, _ENTER_BY_KEY, seen, *as_reader("identity_enter(uuid, text)", "identity_enter_by_key(uuid, text)", "identity_workspaces(uuid)")]


def enter(user_id: uuid.UUID, slug: str) -> Access | None:
    """What the user may do in the workspace at `slug`; None where there is none, or no active membership: the two look alike."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_enter(%s, %s)", [user_id, slug])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        return None
    return _access(_object(row[0]), user_id)


@dataclass(frozen=True, slots=True)
class Key:
    """A program's key that is in force: whose rights it lends, within which scopes; `stale` when its last use was not noted for a minute."""

    id: uuid.UUID
    name: str
    scopes: tuple[str, ...]
    expires_at: datetime.datetime | None
    stale: bool
    access: Access


def enter_by_key(workspace_id: uuid.UUID, digest: str) -> Key | None:
    """The key with that hash and what its person may do; None for keys that are unknown, revoked or expired, or whose person is not active."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_enter_by_key(%s, %s)", [workspace_id, digest])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        return None
    found = _object(row[0])
    until = found["expires_at"]
    person = uuid.UUID(found["user"]) if found["user"] else None
    expires = datetime.datetime.fromisoformat(until) if until else None
    return Key(uuid.UUID(found["key"]), found["key_name"], tuple(found["scopes"]), expires, found["stale"], _access(found, person))


def _object(value: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return made


def _access(found: dict[str, Any], user_id: uuid.UUID | None) -> Access:
    place = found["workspace"]
    place["id"] = uuid.UUID(place["id"])
    return Access(
        workspace=Workspace(**place),
        member_id=uuid.UUID(found["member"]),
        user_id=user_id,
        name=found["name"],
        role_name=found["role"],
        matrix=found["matrix"],
        field_rules=found["field_rules"],
        team_member_ids=tuple(uuid.UUID(i) for i in found["team"]),
        preferences=found["preferences"],
        places=tuple(Place(*place) for place in found.get("places") or ()),
    )


def places(user_id: uuid.UUID) -> list[Place]:
    """The workspaces that the user may enter, by name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT slug, name, hue FROM identity_workspaces(%s)", [user_id])
        return [Place(*row) for row in cursor.fetchall()]
