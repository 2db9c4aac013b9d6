"""The trigger that notes which operations webhooks are still to be told of, and the function that finds the workspaces with something to do."""

from __future__ import annotations

from django.conf import settings

from patron.kernel.clock import TOLERATED
from patron.kernel.db.install import as_reader, whole_database

#: An operation is noted in its own transaction: it is seen when that commits, however late, and not at all when it rolls back. Restoring a
#: workspace from a file opens none, and tells nobody.
_NOTE = """
CREATE OR REPLACE FUNCTION automation_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('app.workspace_id', true) = NEW.workspace_id::text
     AND EXISTS (SELECT FROM automation_webhook w WHERE w.workspace_id = NEW.workspace_id AND w.state <> 'off') THEN
    INSERT INTO automation_outbox (workspace_id, id, at) VALUES (NEW.workspace_id, NEW.id, NEW.at);
  END IF;
  RETURN NULL;
END $$
"""
#: Where something is due, or was planned by a clock that was ahead (`settling.plan_anew`).
_DUE = """
CREATE OR REPLACE FUNCTION automation_due() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT workspace_id FROM automation_outbox
  UNION SELECT workspace_id FROM automation_delivery WHERE state = 'sending' AND lease_until NOT BETWEEN now() AND now() + interval '{lease} seconds'
  UNION SELECT w.workspace_id FROM automation_webhook w WHERE w.state = 'active' AND (
    EXISTS (SELECT FROM automation_health h WHERE h.workspace_id = w.workspace_id AND h.webhook_id = w.id AND h.failed_at > now() + interval '{ahead} seconds')
    OR EXISTS (SELECT FROM automation_delivery d WHERE d.workspace_id = w.workspace_id AND d.made_at > now() + interval '{ahead} seconds'))
  UNION SELECT w.workspace_id FROM automation_webhook w WHERE w.state = 'active' AND EXISTS (
    SELECT FROM automation_delivery d WHERE d.workspace_id = w.workspace_id AND d.webhook_id = w.id AND d.state = 'waiting' AND d.next_at <= now())
$$
"""


@whole_database
def _functions() -> list[str]:
    return [
        _NOTE,
        "DROP TRIGGER IF EXISTS automation_note ON ledger_operation",
        "CREATE TRIGGER automation_note AFTER INSERT ON ledger_operation FOR EACH ROW EXECUTE FUNCTION automation_note()",
        _DUE.format(lease=settings.PATRON_WEBHOOK_LEASE + int(TOLERATED), ahead=int(TOLERATED)),
        *as_reader("automation_due()"),
    ]
