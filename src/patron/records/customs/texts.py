"""The words of own values, beside a record's search text: one folded column, written by a trigger whenever `custom` changes, with a trigram index of its own.

What the words are follows from the definitions (live fields of kinds with words that may be searched; choices by their labels), so a change of definitions
has the rows that hold the field written anew, in the background (`rewrite`). The names of files are told by `patron_file_names`, which the package that
keeps files installs (see `records.uploads`); it writes the words anew when a file gets another name.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import F, Func, TextField, Value

from patron.identity.access import Access
from patron.identity.models import Workspace
from patron.kernel.db.install import per_table, whole_database
from patron.kernel.tenancy import current_workspace_id, set_local, workspace
from patron.ledger.operations import operation
from patron.records import registry, shared
from patron.records.customs import definitions
from patron.records.customs.values import WORDED

COLUMN = "own_text"
BATCH = 5000  # rows that one transaction writes anew
_KINDS = ", ".join(f"'{kind}'" for kind in WORDED)

#: The words of one record's own values without those of the fields `but`; NULL for none.
_WORDS = f"""
CREATE OR REPLACE FUNCTION records_own_text(ws uuid, of_type text, own jsonb, but text[]) RETURNS text LANGUAGE plpgsql STABLE COST 1000 AS $$
BEGIN
  IF own = '{{}}' THEN RETURN NULL; END IF;
  RETURN (SELECT patron_fold(string_agg(CASE WHEN f.kind IN ('choice', 'multi_choice')
      THEN (SELECT string_agg(c ->> 'label', ' ') FROM jsonb_array_elements(f.choices) c WHERE own -> f.key @> (c -> 'value'))
      WHEN f.kind = 'file' THEN patron_file_names(ws, own -> f.key) ELSE own ->> f.key END, ' '))
    FROM records_customfield f
    WHERE f.workspace_id = ws AND f.type_key = of_type AND f.archived_at IS NULL AND f.searchable AND f.kind IN ({_KINDS}) AND own ? f.key AND f.key <> ALL (but));
END $$
"""

_WRITE = """
CREATE OR REPLACE FUNCTION records_write_own_text() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of_type text := TG_ARGV[0];
BEGIN
  IF of_type = '' THEN SELECT t.key INTO of_type FROM records_customtype t WHERE t.workspace_id = NEW.workspace_id AND t.id = NEW.type_id; END IF;
  NEW.own_text := records_own_text(NEW.workspace_id, of_type, NEW.custom, '{}');
  RETURN NEW;
END $$
"""


def has_own_text(model: Any) -> bool:
    """Whether rows of the model carry the words of their own values."""
    return any(f.name == COLUMN for f in model._meta.local_fields)


@whole_database
def _functions() -> list[str]:
    return [_WORDS, _WRITE]


@per_table
def _trigger(model: Any) -> list[str]:
    """Whoever writes the column has it written right: nothing but the trigger decides what stands there."""
    if not has_own_text(model):
        return []
    record_type, table = registry.find_model(model), connection.ops.quote_name(model._meta.db_table)
    changed = "NEW.custom IS DISTINCT FROM OLD.custom OR NEW.own_text IS DISTINCT FROM OLD.own_text"
    call = f"records_write_own_text('{record_type.key if record_type else ''}')"
    return [
        *(f"DROP TRIGGER IF EXISTS {name} ON {table}" for name in ("own_text", "own_text_made")),
        f"CREATE TRIGGER own_text_made BEFORE INSERT ON {table} FOR EACH ROW WHEN (NEW.custom <> '{{}}') EXECUTE FUNCTION {call}",
        f"CREATE TRIGGER own_text BEFORE UPDATE OF custom, own_text ON {table} FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION {call}",
    ]


def words(type_key: str, hidden: list[str]) -> Func:
    """The words of the fields that are not hidden, as an expression over rows of the type; `hidden` are keys."""
    but = Value(hidden, output_field=ArrayField(TextField()))
    return Func(F("workspace_id"), Value(type_key), F("custom"), but, function="records_own_text", output_field=TextField())


def rewrite(place: Workspace, type_key: str, key: str) -> int:
    """Write the words of the records that hold the field anew where they changed, a batch to a transaction; answers how many were looked at.

    Neither their revision nor their history moves.
    """
    with workspace(place.pk):
        record_type = registry.find(type_key)
        table = connection.ops.quote_name(record_type.table) if record_type is not None and has_own_text(record_type.model) else ""
        more = shared.condition(record_type.model) if record_type is not None else ""
    after, done = None, 0
    while table:
        with workspace(place.pk), operation("custom-fields.search", access=Access.system(place), details={"upkeep": True}), connection.cursor() as cursor:
            set_local(keep_times="all")
            cursor.execute(
                f"WITH batch AS (SELECT id FROM {table} WHERE workspace_id = %(ws)s{more} AND custom ? %(key)s AND (%(after)s::uuid IS NULL OR id > %(after)s) ORDER BY id LIMIT %(most)s FOR UPDATE), "
                f"done AS (UPDATE {table} t SET own_text = '' FROM batch WHERE t.workspace_id = %(ws)s AND t.id = batch.id "
                "AND t.own_text IS DISTINCT FROM records_own_text(t.workspace_id, %(type)s, t.custom, '{}')) SELECT count(*), max(id::text)::uuid FROM batch",
                {"ws": current_workspace_id(), "type": type_key, "key": key, "after": after, "most": BATCH},
            )
            count, after = cursor.fetchone()
        done += count
        if count < BATCH:
            break
    return done


def is_searched(type_key: str) -> bool:
    """Whether any own field of the type is found by search."""
    return any(d.searchable for d in definitions.current().of(type_key).values())
