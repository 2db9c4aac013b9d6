"""What the database knows of own values: how to read them as days, instants and lists, and which it refuses."""

from __future__ import annotations

from typing import Any

from django.db import connection

from patron.kernel.db.install import per_table, whole_database
from patron.kernel.tenancy import current_workspace_id
from patron.ledger.as_stored import SETTING
from patron.records import shared

DEFINING = frozenset({"records_customfield", "records_customtype"})  # tables whose rows say what fields and record types a workspace has
STATE_RULE = "custom_record_state"  # the same for a state that the record's type does not have
CHECK = "custom_values"  # the name under which the database refuses an own value

_READERS = [
    """
    CREATE OR REPLACE FUNCTION patron_day(value text) RETURNS date LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
    BEGIN RETURN value::date; END $$
    """,
    """
    CREATE OR REPLACE FUNCTION patron_instant(value text) RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
    BEGIN RETURN value::timestamptz; END $$
    """,
    """
    CREATE OR REPLACE FUNCTION patron_words(value jsonb) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
    BEGIN RETURN ARRAY(SELECT jsonb_array_elements_text(value)); END $$
    """,
    """
    CREATE OR REPLACE FUNCTION patron_patched(custom jsonb, own jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN jsonb_strip_nulls(coalesce(custom, '{}') || own)
    """,
]

#: Whether a value is of its field's kind. Dates must exist, numbers fit 22 digits before the point and 6 behind, choices are on the list.
_FITS = r"""
CREATE OR REPLACE FUNCTION records_custom_fits(kind text, value jsonb, choices jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
#variable_conflict use_variable
DECLARE word text := value #>> '{}';
BEGIN
  RETURN CASE kind
    WHEN 'checkbox' THEN jsonb_typeof(value) = 'boolean'
    WHEN 'multi_choice' THEN jsonb_typeof(value) = 'array' AND NOT EXISTS (
      SELECT 1 FROM jsonb_array_elements(value) one WHERE NOT EXISTS (SELECT 1 FROM jsonb_array_elements(choices) c WHERE c -> 'value' = one))
    WHEN 'file' THEN jsonb_typeof(value) = 'array' AND NOT EXISTS (
      SELECT 1 FROM jsonb_array_elements(value) one WHERE jsonb_typeof(one) <> 'string' OR one #>> '{}' !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')
    ELSE jsonb_typeof(value) = 'string' AND CASE kind
      WHEN 'number' THEN word ~ '^-?\d{1,22}(\.\d{1,6})?$'
      WHEN 'money' THEN word ~ '^-?\d{1,22}(\.\d{1,6})?$'
      WHEN 'date' THEN word ~ '^\d{4}-\d\d-\d\d$' AND patron_day(word) IS NOT NULL
      WHEN 'datetime' THEN word ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$' AND patron_instant(word) IS NOT NULL
      WHEN 'choice' THEN EXISTS (SELECT 1 FROM jsonb_array_elements(choices) c WHERE c -> 'value' = value)
      WHEN 'person' THEN word ~ '^[0-9a-f-]{36}$'
      WHEN 'relation' THEN word ~ '^[0-9a-f-]{36}$'
      ELSE word <> '' AND length(word) <= 100000 END
  END;
EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN
  RETURN false;
END $$
"""

#: Whether a field of the kind could read a value that was stored before: which choices there are may have changed.
_READS = """
CREATE OR REPLACE FUNCTION records_custom_reads(kind text, value jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN CASE kind WHEN 'choice' THEN records_custom_fits('text', value, '[]') WHEN 'multi_choice' THEN jsonb_typeof(value) = 'array'
  ELSE records_custom_fits(kind, value, '[]') END
"""

#: Only values that change are looked at: what was stored under an earlier definition stays as it is, and goes where it
#: belonged as it was (`ledger.as_stored`). A table that types share asks the row for its type.
_REFUSE = f"""
CREATE OR REPLACE FUNCTION records_custom_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was jsonb := CASE WHEN TG_OP = 'UPDATE' THEN OLD.custom ELSE '{{}}' END;
  of_type text := TG_ARGV[0];
  wrong text;
  earlier boolean := coalesce(current_setting('{SETTING}', true), '') = 'on';
BEGIN
  IF NEW.custom = was THEN RETURN NEW; END IF;
  IF of_type = '' THEN SELECT t.key INTO of_type FROM records_customtype t WHERE t.workspace_id = NEW.workspace_id AND t.id = NEW.type_id; END IF;
  SELECT e.key INTO wrong FROM jsonb_each(NEW.custom) e
    LEFT JOIN records_customfield f ON f.workspace_id = NEW.workspace_id AND f.type_key = of_type AND f.key = e.key AND f.kind <> 'formula'
    WHERE was -> e.key IS DISTINCT FROM e.value AND CASE WHEN earlier THEN f.kind IS NOT NULL AND NOT records_custom_reads(f.kind, e.value)
      ELSE f.kind IS NULL OR NOT records_custom_fits(f.kind, e.value, f.choices) END LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the own field % does not take this value', wrong USING ERRCODE = '23514', CONSTRAINT = '{CHECK}', COLUMN = wrong;
  END IF;
  RETURN NEW;
END $$
"""


def holds_others(model: Any, key: str, kind: str) -> bool:
    """Whether records of the model, in the open workspace, hold values under the key that a field of the kind could not read."""
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(model._meta.db_table)
        sql = f"SELECT EXISTS (SELECT 1 FROM {name} WHERE workspace_id = %(ws)s{shared.condition(model)} AND custom ? %(key)s AND NOT records_custom_reads(%(kind)s, custom -> %(key)s))"
        cursor.execute(sql, {"ws": current_workspace_id(), "key": key, "kind": kind})
        return bool(cursor.fetchone()[0])


#: Whoever changes definitions, by whatever door: every process reads them anew.
_VERSION = """
CREATE OR REPLACE FUNCTION records_fields_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE identity_workspace SET fields_version = fields_version + 1 WHERE id = coalesce(NEW.workspace_id, OLD.workspace_id);
  RETURN NULL;
END $$
"""


#: A record of a workspace's own type stays of that type, and has one of its states.
_STATES = f"""
CREATE OR REPLACE FUNCTION records_own_states() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.type_id <> OLD.type_id THEN
    RAISE EXCEPTION 'a record stays of its type' USING ERRCODE = '23514', CONSTRAINT = 'custom_record_type';
  END IF;
  IF NEW.state <> '' AND coalesce(current_setting('{SETTING}', true), '') <> 'on' AND (TG_OP = 'INSERT' OR NEW.state <> OLD.state) AND NOT EXISTS (
    SELECT 1 FROM records_customtype t, jsonb_array_elements(t.states) s
    WHERE t.workspace_id = NEW.workspace_id AND t.id = NEW.type_id AND s ->> 'value' = NEW.state
  ) THEN
    RAISE EXCEPTION 'the record type has no state %', NEW.state USING ERRCODE = '23514', CONSTRAINT = '{STATE_RULE}';
  END IF;
  RETURN NEW;
END $$
"""


@whole_database
def _functions() -> list[str]:
    return [*_READERS, _FITS, _READS, _REFUSE, _VERSION, _STATES]


@per_table
def _version_trigger(model: Any) -> list[str]:
    if model._meta.db_table not in DEFINING:
        return []
    table = connection.ops.quote_name(model._meta.db_table)
    return [
        f"DROP TRIGGER IF EXISTS fields_version ON {table}",
        f"CREATE TRIGGER fields_version AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION records_fields_version()",
    ]


@per_table
def _trigger(model: Any) -> list[str]:
    """Every table with own values refuses those that no definition allows."""
    if not any(f.name == "custom" for f in model._meta.local_fields):
        return []
    from patron.records import registry

    record_type = registry.find_model(model)
    table = connection.ops.quote_name(model._meta.db_table)
    made = [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name in ("custom_check", "custom_check_made")]
    if record_type is not None or shared.column(model):
        call = f"records_custom_check('{record_type.key if record_type else ''}')"
        made.append(f"CREATE TRIGGER custom_check_made BEFORE INSERT ON {table} FOR EACH ROW WHEN (NEW.custom <> '{{}}') EXECUTE FUNCTION {call}")
        made.append(f"CREATE TRIGGER custom_check BEFORE UPDATE OF custom ON {table} FOR EACH ROW WHEN (NEW.custom IS DISTINCT FROM OLD.custom) EXECUTE FUNCTION {call}")
    if shared.column(model):
        made.append(f"DROP TRIGGER IF EXISTS own_states ON {table}")
        made.append(f"CREATE TRIGGER own_states BEFORE INSERT OR UPDATE OF state, type_id ON {table} FOR EACH ROW EXECUTE FUNCTION records_own_states()")
    return made
