"""One round trip that says who a user is in a workspace: the only read that happens before a workspace is open."""

import json
import uuid
from typing import Any

from django.conf import settings
from django.db import connection

from patron.identity.access import Access, Place
from patron.identity.models import Workspace
from patron.kernel.db.install import whole_database

_ENTER = """
CREATE OR REPLACE FUNCTION identity_enter(person uuid, address text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT jsonb_build_object(
    'workspace', to_jsonb(w), 'member', m.id, 'name', m.name, 'preferences', m.preferences,
    'role', r.name, 'matrix', r.matrix, 'field_rules', r.field_rules,
    'places', (SELECT jsonb_agg(jsonb_build_array(p.slug, p.name, p.hue)) FROM identity_workspaces(person) p),
    'team', (SELECT coalesce(jsonb_agg(DISTINCT ids.member_id), '[]') FROM (
        SELECT other.member_id FROM identity_teammember mine
          JOIN identity_teammember other ON other.workspace_id = mine.workspace_id AND other.team_id = mine.team_id
          WHERE mine.workspace_id = w.id AND mine.member_id = m.id
        UNION SELECT managed.member_id FROM identity_team t
          JOIN identity_teammember managed ON managed.workspace_id = t.workspace_id AND managed.team_id = t.id
          WHERE t.workspace_id = w.id AND t.manager_id = m.id
        UNION SELECT report.id FROM identity_membership report
          WHERE report.workspace_id = w.id AND report.manager_id = m.id) ids))
  FROM identity_workspace w
  JOIN identity_membership m ON m.workspace_id = w.id AND m.user_id = person AND m.state = 'active'
  JOIN identity_role r ON r.workspace_id = m.workspace_id AND r.id = m.role_id
  WHERE w.slug = address
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
    owner = connection.ops.quote_name(settings.PATRON_READER_ROLE)
    made = [_LIST, _ENTER, f"GRANT SELECT ON identity_workspace TO {owner}"]
    for signature in ("identity_enter(uuid, text)", "identity_workspaces(uuid)"):
        made.append(f"ALTER FUNCTION {signature} OWNER TO {owner}")
    return made


def enter(user_id: uuid.UUID, slug: str) -> Access | None:
    """What the user may do in the workspace at `slug`; None where there is none, or no active membership: the two look alike."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_enter(%s, %s)", [user_id, slug])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        return None
    found: dict[str, Any] = json.loads(row[0]) if isinstance(row[0], str) else row[0]
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
        places=tuple(Place(*place) for place in found["places"]),
    )


def places(user_id: uuid.UUID) -> list[Place]:
    """The workspaces that the user may enter, by name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT slug, name, hue FROM identity_workspaces(%s)", [user_id])
        return [Place(*row) for row in cursor.fetchall()]
