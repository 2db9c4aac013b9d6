"""What PostgreSQL itself keeps of customers: the closure of the account tree, names of contacts, their primary account.

The tree (D3): `customers_account_tree` follows every write to `parent_id`, whoever makes it, in row triggers that run after the statement
has written all its rows. A move locks both trees first, so that two moves at a time cannot make a cycle between them: advisory locks of the
transaction, on one of 256 buckets per workspace and root, in order. Buckets bound the number of locks of an import; that two roots share one
costs a wait, never a wrong tree. A new leaf shares the lock with other new leaves and waits for moves alone. The locks live on the node that
holds the workspace, with all its rows (`scale.md`, section 7).
"""

from typing import Any

from django.conf import settings
from django.db import connection

from patron.kernel.db.install import whole_database

CYCLE = "account_no_cycle"  # the constraint that a refused move names

# One plan for all: a plan for this workspace's values may take a wrong index while the statistics do not know the workspace yet.
_HEAD = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan"

_LOCK = """
CREATE OR REPLACE FUNCTION customers_tree_lock(ws uuid, roots uuid[], alone boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  tree int := hashtext('customers.tree:' || ws::text);
  bucket int;
BEGIN
  FOR bucket IN SELECT DISTINCT get_byte(uuid_send(root), 15) FROM unnest(roots) AS root ORDER BY 1 LOOP
    IF alone THEN
      PERFORM pg_advisory_xact_lock(tree, bucket);
    ELSE
      PERFORM pg_advisory_xact_lock_shared(tree, bucket);
    END IF;
  END LOOP;
END $$
"""

_CHAIN = f"""
CREATE OR REPLACE FUNCTION customers_tree_chain(ws uuid, node uuid, above uuid) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE
  chain uuid[] := '{{}}';
  at uuid := above;
BEGIN
  WHILE at IS NOT NULL LOOP
    IF at = node OR at = ANY (chain) THEN
      RAISE EXCEPTION 'An account cannot be below itself'
        USING ERRCODE = 'check_violation', CONSTRAINT = '{CYCLE}', TABLE = 'customers_account', COLUMN = 'parent_id';
    END IF;
    chain := chain || at;
    SELECT parent_id INTO at FROM customers_account WHERE workspace_id = ws AND id = at;
  END LOOP;
  RETURN chain;
END $$
"""

# OFFSET 0 keeps PostgreSQL from joining the whole table for a handful of nodes.
_REBUILD = """
CREATE OR REPLACE FUNCTION customers_tree_rebuild(ws uuid, nodes uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM customers_account_tree WHERE workspace_id = ws AND descendant_id = ANY (nodes) AND depth > 0;
  INSERT INTO customers_account_tree (workspace_id, ancestor_id, descendant_id, depth)
  WITH RECURSIVE up (descendant_id, ancestor_id, depth) AS (
    SELECT a.id, a.parent_id, 1 FROM customers_account a WHERE a.workspace_id = ws AND a.id = ANY (nodes) AND a.parent_id IS NOT NULL
    UNION ALL
    SELECT up.descendant_id, above.parent_id, up.depth + 1 FROM up
    CROSS JOIN LATERAL (SELECT a.parent_id FROM customers_account a WHERE a.workspace_id = ws AND a.id = up.ancestor_id OFFSET 0) above
    WHERE above.parent_id IS NOT NULL
  ) CYCLE ancestor_id SET looped USING trail
  SELECT ws, ancestor_id, descendant_id, depth FROM up WHERE NOT looped AND ancestor_id <> descendant_id;
END $$
"""

_SELF = """
CREATE OR REPLACE FUNCTION customers_tree_self() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN  -- names its schema and calls nothing, so that it can do without the price of SET search_path
  INSERT INTO public.customers_account_tree (workspace_id, ancestor_id, descendant_id, depth) VALUES (NEW.workspace_id, NEW.id, NEW.id, 0);
  RETURN NULL;
END $$
"""

_LEAF = f"""
CREATE OR REPLACE FUNCTION customers_tree_leaf() RETURNS trigger {_HEAD} AS $$
DECLARE
  chain uuid[];
  root uuid;
BEGIN
  LOOP
    chain := customers_tree_chain(NEW.workspace_id, NEW.id, NEW.parent_id);
    root := chain[array_length(chain, 1)];
    BEGIN
      PERFORM customers_tree_lock(NEW.workspace_id, ARRAY[root], false);
      chain := customers_tree_chain(NEW.workspace_id, NEW.id, NEW.parent_id);
      EXIT WHEN chain[array_length(chain, 1)] = root;
      RAISE SQLSTATE 'PT003';
    EXCEPTION WHEN SQLSTATE 'PT003' THEN NULL;
    END;
  END LOOP;
  INSERT INTO customers_account_tree (workspace_id, ancestor_id, descendant_id, depth)
  SELECT NEW.workspace_id, NEW.id, NEW.id, 0
  UNION ALL SELECT NEW.workspace_id, chain[i], NEW.id, i FROM generate_subscripts(chain, 1) AS i;
  -- Rows that came before their parent, within one statement or under deferred constraints.
  PERFORM customers_tree_rebuild(NEW.workspace_id, array_agg(below.descendant_id)) FROM customers_account_tree below
  WHERE below.workspace_id = NEW.workspace_id AND below.ancestor_id = NEW.id AND below.depth > 0 AND NOT EXISTS (
    SELECT FROM customers_account_tree known WHERE known.workspace_id = NEW.workspace_id
      AND known.descendant_id = below.descendant_id AND known.ancestor_id = NEW.parent_id)
  HAVING count(*) > 0;
  RETURN NULL;
END $$
"""

_ROOTS = """
CREATE OR REPLACE FUNCTION customers_tree_roots(ws uuid, node uuid, above uuid) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE
  chain uuid[] := customers_tree_chain(ws, node, above);
BEGIN
  RETURN array_remove(ARRAY[chain[array_length(chain, 1)], (
    SELECT ancestor_id FROM customers_account_tree WHERE workspace_id = ws AND descendant_id = node ORDER BY depth DESC LIMIT 1)], NULL);
END $$
"""

_MOVE = f"""
CREATE OR REPLACE FUNCTION customers_tree_move() RETURNS trigger {_HEAD} AS $$
DECLARE
  roots uuid[];
BEGIN
  IF current_setting('transaction_isolation') = 'repeatable read' THEN
    RAISE EXCEPTION 'Accounts are not moved under REPEATABLE READ: its snapshot does not see what others moved'
      USING ERRCODE = 'invalid_transaction_state';
  END IF;
  LOOP
    roots := customers_tree_roots(NEW.workspace_id, NEW.id, NEW.parent_id);
    BEGIN
      PERFORM customers_tree_lock(NEW.workspace_id, roots, true);
      EXIT WHEN customers_tree_roots(NEW.workspace_id, NEW.id, NEW.parent_id) <@ roots;
      RAISE SQLSTATE 'PT003';  -- the trees changed while we waited: give the locks back and take the right ones, in order
    EXCEPTION WHEN SQLSTATE 'PT003' THEN NULL;
    END;
  END LOOP;
  PERFORM customers_tree_rebuild(NEW.workspace_id, array_agg(descendant_id))
    FROM customers_account_tree WHERE workspace_id = NEW.workspace_id AND ancestor_id = NEW.id;
  RETURN NULL;
END $$
"""

_GONE = f"""
CREATE OR REPLACE FUNCTION customers_tree_gone() RETURNS trigger {_HEAD} AS $$
BEGIN
  PERFORM customers_tree_lock(OLD.workspace_id, array_agg(ancestor_id), false) FROM (
    SELECT ancestor_id FROM customers_account_tree
    WHERE workspace_id = OLD.workspace_id AND descendant_id = OLD.id ORDER BY depth DESC LIMIT 1) AS root;
  DELETE FROM customers_account_tree WHERE workspace_id = OLD.workspace_id AND descendant_id = OLD.id;
  RETURN NULL;
END $$
"""

_NAME = """
CREATE OR REPLACE FUNCTION customers_contact_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.name = '' OR (TG_OP = 'UPDATE' AND NEW.name = OLD.name AND OLD.name = btrim(left(concat_ws(' ', nullif(btrim(OLD.first_name), ''), nullif(btrim(OLD.last_name), '')), 200))) THEN
    NEW.name := btrim(left(concat_ws(' ', nullif(btrim(NEW.first_name), ''), nullif(btrim(NEW.last_name), '')), 200));
  END IF;
  RETURN NEW;
END $$
"""

_PRIMARY = """
CREATE OR REPLACE FUNCTION customers_primary_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.primary AND OLD.archived_at IS NULL THEN
    UPDATE customers_contact c SET account_id = NULL WHERE c.workspace_id = OLD.workspace_id AND c.id = OLD.contact_id AND c.account_id = OLD.account_id
      AND NOT EXISTS (SELECT FROM customers_affiliation a WHERE a.workspace_id = OLD.workspace_id AND a.contact_id = OLD.contact_id
        AND a.account_id = OLD.account_id AND a.primary AND a.archived_at IS NULL);
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.primary AND NEW.archived_at IS NULL THEN
    UPDATE customers_contact c SET account_id = NEW.account_id
    WHERE c.workspace_id = NEW.workspace_id AND c.id = NEW.contact_id AND c.account_id IS DISTINCT FROM NEW.account_id;
  END IF;
  RETURN NULL;
END $$
"""

_FUNCTIONS = (_LOCK, _CHAIN, _ROOTS, _REBUILD, _SELF, _LEAF, _MOVE, _GONE, _NAME, _PRIMARY)
_INTERNAL = (
    "customers_tree_lock(uuid, uuid[], boolean)", "customers_tree_chain(uuid, uuid, uuid)", "customers_tree_roots(uuid, uuid, uuid)",
    "customers_tree_rebuild(uuid, uuid[])",
)  # fmt: skip
_TRIGGERS: tuple[tuple[str, str, str], ...] = (
    ("customers_account", "tree_self", "AFTER INSERT ON {} FOR EACH ROW WHEN (NEW.parent_id IS NULL) EXECUTE FUNCTION customers_tree_self()"),
    ("customers_account", "tree_leaf", "AFTER INSERT ON {} FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION customers_tree_leaf()"),
    (
        "customers_account", "tree_move",
        "AFTER UPDATE ON {} FOR EACH ROW WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id) EXECUTE FUNCTION customers_tree_move()",
    ),
    ("customers_account", "tree_gone", "AFTER DELETE ON {} FOR EACH ROW EXECUTE FUNCTION customers_tree_gone()"),
    ("customers_contact", "contact_name", "BEFORE INSERT OR UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION customers_contact_name()"),
    ("customers_affiliation", "primary_account", "AFTER INSERT OR UPDATE OR DELETE ON {} FOR EACH ROW EXECUTE FUNCTION customers_primary_account()"),
)  # fmt: skip


@whole_database
def _install() -> list[str]:
    """Functions and triggers; harmless to repeat. The serving role may not call the inner functions by itself."""
    quote: Any = connection.ops.quote_name
    made = list(_FUNCTIONS)
    made += [f"REVOKE EXECUTE ON FUNCTION {signature} FROM PUBLIC, {quote(settings.PATRON_APP_ROLE)}" for signature in _INTERNAL]
    for table, name, rest in _TRIGGERS:
        made += [f"DROP TRIGGER IF EXISTS {name} ON {quote(table)}", f"CREATE TRIGGER {name} {rest.format(quote(table))}"]
    return made
