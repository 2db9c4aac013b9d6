"""The trigger that signs every write, and the function that keeps the ledger's monthly partitions."""

from typing import Any

from django.conf import settings
from django.db import connection

from patron.kernel.db.install import before_migration, is_distributed, per_table, whole_database

UNSIGNED = "PT001"  # SQLSTATE of a write outside an operation

#: A row as the ledger keeps it: own values (the column `custom`) one by one, so that each has its own history and undo.
_FLAT = """
CREATE OR REPLACE FUNCTION ledger_flat(line jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF NOT line ? 'custom' THEN RETURN line; END IF;
  IF line -> 'custom' = '{}' THEN RETURN line - 'custom'; END IF;
  RETURN (line - 'custom') || (SELECT jsonb_object_agg('custom.' || key, value) FROM jsonb_each(line -> 'custom'));
END $$
"""

_REFUSE = f"""IF op IS NULL OR op = '' THEN
    RAISE EXCEPTION 'A write to % outside an operation was refused', TG_ARGV[0]
      USING ERRCODE = '{UNSIGNED}', HINT = 'Open one first: every change is signed by who, what and why.';
  END IF;"""

_WRITE = f"""
CREATE OR REPLACE FUNCTION ledger_write() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  op text := current_setting('app.operation_id', true);
  skip text[] := TG_ARGV[1]::text[];
  was jsonb;
  now_is jsonb;
  diff jsonb;
BEGIN
  {_REFUSE}
  IF TG_OP = 'INSERT' THEN
    INSERT INTO ledger_change (workspace_id, at, operation_id, table_name, row_id, action, changes)
    VALUES (NEW.workspace_id, now(), op::uuid, TG_ARGV[0], NEW.id, 'I', ledger_flat(jsonb_strip_nulls(to_jsonb(NEW)) - skip));
  ELSIF TG_OP = 'UPDATE' THEN
    was := to_jsonb(OLD) - skip;
    now_is := to_jsonb(NEW) - skip;
    IF was = now_is THEN RETURN NULL; END IF;
    IF was -> 'custom' IS DISTINCT FROM now_is -> 'custom' THEN
      was := ledger_flat(was);
      now_is := ledger_flat(now_is);
      SELECT jsonb_object_agg(k, jsonb_build_array(was -> k, now_is -> k)) INTO diff
        FROM jsonb_object_keys(was || now_is) AS k WHERE was -> k IS DISTINCT FROM now_is -> k;
    ELSE
      SELECT jsonb_object_agg(e.key, jsonb_build_array(was -> e.key, e.value)) INTO diff
        FROM jsonb_each(now_is) AS e WHERE was -> e.key IS DISTINCT FROM e.value;
    END IF;
    INSERT INTO ledger_change (workspace_id, at, operation_id, table_name, row_id, action, changes)
    VALUES (NEW.workspace_id, now(), op::uuid, TG_ARGV[0], NEW.id, 'U', diff);
  ELSE
    INSERT INTO ledger_change (workspace_id, at, operation_id, table_name, row_id, action, changes)
    VALUES (OLD.workspace_id, now(), op::uuid, TG_ARGV[0], OLD.id, 'D', ledger_flat(jsonb_strip_nulls(to_jsonb(OLD)) - skip));
  END IF;
  RETURN NULL;
END $$
"""

#: New rows of one statement at once: half of what the ledger costs an import. Not on a cluster of PostgreSQL servers, which knows no such triggers
#: on its shards (scale.md); there rows are written one by one.
_WRITE_MADE = f"""
CREATE OR REPLACE FUNCTION ledger_write_made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  op text := current_setting('app.operation_id', true);
  skip text[] := TG_ARGV[1]::text[];
  bare text[] := skip || 'custom'::text;
BEGIN
  IF op IS NULL OR op = '' THEN
    IF NOT EXISTS (SELECT FROM made) THEN RETURN NULL; END IF;
    RAISE EXCEPTION 'A write to % outside an operation was refused', TG_ARGV[0]
      USING ERRCODE = '{UNSIGNED}', HINT = 'Open one first: every change is signed by who, what and why.';
  END IF;
  INSERT INTO ledger_change (workspace_id, at, operation_id, table_name, row_id, action, changes)
  SELECT workspace_id, now(), op::uuid, TG_ARGV[0], id, 'I', CASE WHEN line -> 'custom' = '{{}}' THEN line - bare ELSE ledger_flat(line - skip) END
    FROM (SELECT m.workspace_id, m.id, jsonb_strip_nulls(to_jsonb(m)) AS line FROM made AS m OFFSET 0) AS lines;
  RETURN NULL;
END $$
"""

#: Before a migration changes tables: changes are written by the function that asks the row what columns it has. `install` brings the quick ones back.
PLAIN = """
DO $$ DECLARE quick record; BEGIN
  FOR quick IN SELECT t.tgrelid::regclass AS place, t.tgname, p.proname, pg_get_triggerdef(t.oid) AS made
      FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname ~ '^ledger_(made|changed)_' LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', quick.tgname, quick.place);
    EXECUTE replace(quick.made, quick.proname || '(', CASE quick.tgname WHEN 'ledger_made' THEN 'ledger_write_made(' ELSE 'ledger_write(' END);
  END LOOP;
END $$
"""

_PARTITION = """
CREATE OR REPLACE FUNCTION ledger_partition(month date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  first date := date_trunc('month', month)::date;
  next date := (first + interval '1 month')::date;
  name text := 'ledger_change_' || to_char(first, 'YYYYMM');
BEGIN
  IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
  LOCK TABLE ledger_change IN SHARE ROW EXCLUSIVE MODE;
  IF NOT EXISTS (SELECT FROM ledger_change_rest WHERE at >= first AND at < next) THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF ledger_change FOR VALUES FROM (%L) TO (%L)', name, first, next);
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE ledger_change INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
  EXECUTE format('WITH moved AS (DELETE FROM ledger_change_rest WHERE at >= %L AND at < %L RETURNING *) INSERT INTO %I SELECT * FROM moved', first, next, name);
  EXECUTE format('ALTER TABLE ledger_change ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, first, next);
END $$
"""  # rows of a month that had no partition yet went into the rest: they move over, or the partition could not be made


before_migration(PLAIN)


def skipped_columns(model: Any) -> list[str]:
    """Columns that say nothing about what a person did: generated ones the row's own bookkeeping, `derived_columns`."""
    names = {"workspace_id", "revision", "updated_at", "own_text", *getattr(model, "derived_columns", ())}
    return sorted(f.column for f in model._meta.local_fields if f.column in names or getattr(f, "generated", False))


def _made(model: Any) -> str:
    """What `ledger_write_made` does, of the columns that are kept alone: a row's search text is not turned into JSON to be left out (a third of what the
    ledger costs an import). They come in the order in which PostgreSQL keeps the keys of an object, or it would sort them for each row."""
    table, skip, quote = model._meta.db_table, skipped_columns(model), connection.ops.quote_name
    columns = sorted((f.column for f in model._meta.local_fields if f.column not in skip), key=lambda c: (len(c), c))
    kept = ", ".join(f"m.{quote(c)}" for c in columns if c != "custom")
    own = """
        || CASE WHEN m.custom = '{}' THEN '{}' ELSE coalesce((SELECT jsonb_object_agg('custom.' || key, value) FROM jsonb_each(jsonb_strip_nulls(m.custom))), '{}') END
    """ if "custom" in columns else ""  # fmt: skip
    return f"""
    CREATE OR REPLACE FUNCTION ledger_made_{table}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE op text := current_setting('app.operation_id', true);
    BEGIN
      IF NOT EXISTS (SELECT FROM made) THEN RETURN NULL; END IF;
      {_REFUSE}
      INSERT INTO ledger_change (workspace_id, at, operation_id, table_name, row_id, action, changes)
      SELECT m.workspace_id, now(), op::uuid, '{table}', m.id, 'I', jsonb_strip_nulls(to_jsonb(kept)) {own} FROM made AS m CROSS JOIN LATERAL (SELECT {kept}) AS kept;
      RETURN NULL;
    END $$
    """


def _changed(model: Any) -> str:
    """What `ledger_write` does for a change, column by column: a row is not turned into JSON twice to be compared (two thirds of what the ledger costs an edit)."""
    table, skip, quote = model._meta.db_table, skipped_columns(model), connection.ops.quote_name
    columns = [f.column for f in model._meta.local_fields if f.column not in skip]
    noted = "".join(
        f"  IF OLD.{quote(c)} IS DISTINCT FROM NEW.{quote(c)} THEN diff := diff || jsonb_build_object('{c}', jsonb_build_array(OLD.{quote(c)}, NEW.{quote(c)})); END IF;\n"
        for c in columns if c != "custom"
    )  # fmt: skip
    own = """
      IF OLD.custom IS DISTINCT FROM NEW.custom THEN
        diff := diff || coalesce((SELECT jsonb_object_agg('custom.' || k, jsonb_build_array(OLD.custom -> k, NEW.custom -> k))
          FROM jsonb_object_keys(OLD.custom || NEW.custom) AS k WHERE OLD.custom -> k IS DISTINCT FROM NEW.custom -> k), '{}');
      END IF;""" if "custom" in columns else ""  # fmt: skip
    return f"""
    CREATE OR REPLACE FUNCTION ledger_changed_{table}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE op text := current_setting('app.operation_id', true); diff jsonb := '{{}}';
    BEGIN
      {_REFUSE}
    {noted}{own}
      IF diff = '{{}}' THEN RETURN NULL; END IF;
      INSERT INTO ledger_change (workspace_id, at, operation_id, table_name, row_id, action, changes)
      VALUES (NEW.workspace_id, now(), op::uuid, '{table}', NEW.id, 'U', diff);
      RETURN NULL;
    END $$
    """


@whole_database
def _functions() -> list[str]:
    months = "generate_series(date_trunc('month', now()), date_trunc('month', now()) + interval '2 months', interval '1 month')"
    closed = f"""
    DO $$ DECLARE part regclass; BEGIN
      FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'ledger_change'::regclass LOOP
        EXECUTE format('REVOKE ALL ON %s FROM {connection.ops.quote_name(settings.PATRON_APP_ROLE)}', part);
      END LOOP;
    END $$
    """  # a partition has no policies of its own: it is read through its parent alone
    return [_FLAT, _WRITE, _WRITE_MADE, _PARTITION, closed, f"SELECT ledger_partition(month::date) FROM {months} AS month"]


@per_table
def _trigger(model: Any) -> list[str]:
    table = connection.ops.quote_name(model._meta.db_table)
    statements = [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name in ("ledger", "ledger_made", "ledger_changed")]
    if model.ledgered:
        skip = "{" + ",".join(skipped_columns(model)) + "}"
        alone = not is_distributed()
        events, what = "DELETE" if alone else "INSERT OR UPDATE OR DELETE", f"('{model._meta.db_table}', '{skip}')"
        statements.append(f"CREATE TRIGGER ledger AFTER {events} ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_write{what}")
        if alone:
            statements += [
                _made(model),
                _changed(model),
                f"CREATE TRIGGER ledger_changed AFTER UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_changed_{model._meta.db_table}{what}",
                f"CREATE TRIGGER ledger_made AFTER INSERT ON {table} REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION ledger_made_{model._meta.db_table}{what}",
            ]
        statements.append(f"REVOKE TRUNCATE ON {table} FROM {connection.ops.quote_name(settings.PATRON_APP_ROLE)}")
    return statements
