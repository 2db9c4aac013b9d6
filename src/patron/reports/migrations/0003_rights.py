"""Reports, dashboards, tiles and schedules are record types now, which roles grant. Until here everybody could keep their own: every role that is there goes on
to allow it, signed like any change of a role. Roles that grant these types already, or everything, stay as they are."""

import json
from typing import Any

from django.db import migrations

from patron.kernel.tenancy import uuid7

KEYS = ("reports", "dashboards", "dashboard-tiles", "report-schedules")
OWN = {"view": "all", "create": "all", "edit": "own", "delete": "own", "act": "own"}
ALL = dict.fromkeys(OWN, "all")

SIGN = "INSERT INTO ledger_operation (at, workspace_id, id, verb, actor_name, subject_type, reason, request_id, details) VALUES (now(), %s, %s, 'roles.edit', 'Patron', 'roles', %s, '', '{}')"
GRANT = """
UPDATE identity_role SET matrix = CASE WHEN matrix -> 'settings' ? 'edit' THEN %s::jsonb ELSE %s::jsonb END || matrix
WHERE workspace_id = %s AND NOT matrix ?& %s AND NOT coalesce(matrix -> '*', '{}') @> %s::jsonb
"""


def grant(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM identity_workspace ORDER BY id")
        for (place,) in cursor.fetchall():
            signed = uuid7()
            cursor.execute(f"SET LOCAL app.workspace_id = '{place}'; SET LOCAL app.operation_id = '{signed}'")
            cursor.execute(SIGN, [place, signed, "Reports and dashboards became record types: who could keep them still can."])
            cursor.execute(GRANT, [json.dumps(dict.fromkeys(KEYS, ALL)), json.dumps(dict.fromkeys(KEYS, OWN)), place, list(KEYS), json.dumps(ALL)])
        cursor.execute("SET LOCAL app.workspace_id = ''; SET LOCAL app.operation_id = ''")


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_records"), ("identity", "0005_token_use"), ("ledger", "0003_feed")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
