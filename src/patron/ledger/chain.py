"""What the database itself holds of the chain: a block is taken only behind the head, once, with the hash that its contents give; then the head moves."""

from __future__ import annotations

from typing import Any

from patron.kernel.db.install import as_reader, per_table, whole_database
from patron.ledger import canonical

NOBODY = "00000000-0000-0000-0000-000000000000"
REFUSED = "PT002"  # SQLSTATE of a block that does not fit behind the last one

#: The head's row is what two who seal at once meet at, whatever lock they took before.
_TAKE = f"""
CREATE OR REPLACE FUNCTION ledger_take_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  place record;
BEGIN
  IF NEW.hash IS DISTINCT FROM {canonical.block("NEW")} OR NEW.changes IS DISTINCT FROM (SELECT sum(n) FROM unnest(NEW.counts) AS n)
     OR (cardinality(NEW.counts), octet_length(NEW.operation_hashes), octet_length(NEW.change_hashes))
        IS DISTINCT FROM (cardinality(NEW.operations), 32 * cardinality(NEW.operations), 32 * cardinality(NEW.operations)) THEN
    RAISE EXCEPTION 'Block % has not the hash of its contents', NEW.number USING ERRCODE = '{REFUSED}';
  END IF;
  SELECT o.xid, o.seq INTO place FROM ledger_operation o
    WHERE o.workspace_id = NEW.workspace_id AND o.id = NEW.operations[cardinality(NEW.operations)];
  IF NOT FOUND THEN
    RAISE EXCEPTION 'Block % ends with an operation that is not there', NEW.number USING ERRCODE = '{REFUSED}';
  END IF;
  IF NEW.number = 1 AND NEW.previous = '' THEN
    INSERT INTO ledger_head (workspace_id, id, number, hash, at, operations, changes, last, xid, seq)
    VALUES (NEW.workspace_id, gen_random_uuid(), 1, NEW.hash, NEW.at, cardinality(NEW.operations), NEW.changes, NEW.operations[cardinality(NEW.operations)], place.xid, place.seq)
    ON CONFLICT (workspace_id) DO NOTHING;
  ELSE
    UPDATE ledger_head h SET number = NEW.number, hash = NEW.hash, at = NEW.at, operations = h.operations + cardinality(NEW.operations),
      changes = h.changes + NEW.changes, last = NEW.operations[cardinality(NEW.operations)], xid = place.xid, seq = place.seq
    WHERE h.workspace_id = NEW.workspace_id AND h.number = NEW.number - 1 AND h.hash = NEW.previous;
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'Block % does not follow the last one', NEW.number USING ERRCODE = '{REFUSED}';
  END IF;
  RETURN NEW;
END $$
"""

#: Every workspace with the head of its chain: cheap, for the job and for `patron doctor`. `sound`: the last block is the head's; `since`: when what waits longest was done.
_HEADS = f"""
CREATE OR REPLACE FUNCTION ledger_heads() RETURNS TABLE (workspace_id uuid, number bigint, hash varchar, at timestamptz, operations bigint, changes bigint, sound boolean, since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT w.id, h.number, h.hash, h.at, h.operations, h.changes,
    (SELECT s.hash FROM ledger_seal s WHERE s.workspace_id = w.id ORDER BY s.number DESC LIMIT 1) IS NOT DISTINCT FROM h.hash,
    (SELECT o.at FROM ledger_operation o WHERE o.workspace_id = w.id AND (o.xid, o.seq, o.id) > (coalesce(h.xid, -1), coalesce(h.seq, 0), coalesce(h.last, '{NOBODY}'))
      ORDER BY o.xid, o.seq LIMIT 1)
  FROM identity_workspace w LEFT JOIN ledger_head h ON h.workspace_id = w.id ORDER BY w.id
$$
"""


@whole_database
def _functions() -> list[str]:
    return [_TAKE, _HEADS, *as_reader("ledger_heads()")]


@per_table
def _trigger(model: Any) -> list[str]:
    if model._meta.db_table != "ledger_seal":
        return []
    return [
        "DROP TRIGGER IF EXISTS take_seal ON ledger_seal",
        "CREATE TRIGGER take_seal BEFORE INSERT ON ledger_seal FOR EACH ROW EXECUTE FUNCTION ledger_take_seal()",
    ]
