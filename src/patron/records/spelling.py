"""What PostgreSQL does so that names are found in spite of typing errors.

`records_word` holds the words of all names (`word_models.Word`). A query's words are first looked up there, which costs the same however many
records there are; rows are then found by those words through the table's one trigram index, and ranked by how near the whole name comes.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from patron.kernel.db.install import SETTING, as_reader, is_distributed, per_table, tenant_models, whole_database
from patron.records import shared
from patron.records.database import begun_by, live

_APART = """.,;:!?()[]{}<>/|&+*#@"'`-_=~^$%\\"""
#: How alike a word must be to be meant (0–1), and how alike beside the likest; how many of them at most; how much of a query must be made of such words.
ALIKE, BESIDE, WORDS, PART = 0.3, 0.5, 8, 0.4
#: How many rows are compared, and how many of those that lack one of several words; what part of the nearness asked for is enough with all.
ROWS, LACKING, LESS = 120, 60, 0.8
#: So many phrases are put together of words that may be meant, and so many names that begin with one of them are enough.
PHRASES, ENOUGH = 12, 3

#: The words of a folded text by which names are found: codes and numbers are not misspelt, they are wrong. Few names have signs that would have to go.
_WORDS = f"""
CREATE OR REPLACE FUNCTION patron_words(value text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT word FROM (SELECT value AS folded OFFSET 0) AS once CROSS JOIN LATERAL unnest(string_to_array(
    CASE WHEN folded ~ '[^a-z0-9 ]' THEN translate(folded, $apart${_APART}$apart$, repeat(' ', {len(_APART)})) ELSE folded END, ' ')) AS word
  WHERE length(word) BETWEEN 3 AND 30 AND word !~ '[0-9]'
$$
"""

#: For each word of a query a pattern of the words that may be meant, itself included; NULL where names have no words that make up enough of it.
_MEANT = f"""
CREATE OR REPLACE FUNCTION records_meant(query text) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE one text; others text; meant text[] := '{{}}'; best real; known real := 0; whole real := 0;
BEGIN
  PERFORM set_config('pg_trgm.similarity_threshold', '{ALIKE}', true);
  FOR one IN SELECT word FROM patron_words(patron_fold(query)) AS word LIMIT 6 LOOP
    SELECT string_agg(near.word, '|'), max(near.part) INTO others, best FROM (
      SELECT word, part FROM (
        SELECT k.word, similarity(k.word, one) AS alike, max(similarity(k.word, one)) OVER () AS likest, word_similarity(one, k.word) AS part FROM records_word AS k
        WHERE k.workspace_id = {SETTING} AND k.word % one GROUP BY k.word
      ) AS found WHERE alike >= likest * {BESIDE} ORDER BY alike DESC, word LIMIT {WORDS}
    ) AS near;
    known := known + coalesce(best, 0) * length(one);
    whole := whole + length(one);
    meant := meant || CASE WHEN best = 1 THEN others ELSE concat_ws('|', one, others) END;
  END LOOP;
  RETURN CASE WHEN known > 0 AND known >= whole * {PART} THEN meant END;
END $$
"""


def has_spelling(model: Any) -> bool:
    """Whether records are found by names that are nearly right."""
    return bool(getattr(model, "spelt", ()))


def _name(model: Any, row: str) -> str:
    """The names of a row as one folded text."""
    return "patron_fold(" + " || ' ' || ".join(f"coalesce({row}{column}, '')" for column in model.spelt) + ")"


def _new(source: str, name: str) -> str:
    """Note the words of `source` that are not there yet. Of two who note one at once neither sees the other's: it is there twice until the night."""
    return f"""
      INSERT INTO records_word (workspace_id, id, word)
        SELECT DISTINCT ON (n.workspace_id, word) n.workspace_id, gen_random_uuid(), word FROM {source} AS n CROSS JOIN LATERAL patron_words({name}) AS word
        WHERE NOT EXISTS (SELECT FROM records_word AS k WHERE k.workspace_id = n.workspace_id AND k.word = word.word)
    """


def _trigger(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN {body}; RETURN NULL; END $$"


def _first(model: Any) -> str:
    """Names that begin with the words as they may be meant, before the index is asked for names that have them anywhere: that finds all of them, however many."""
    columns = [column for column in model.spelt if column in getattr(model, "begins", ())]
    if not columns or shared.column(model):
        return ""
    chosen = f"id, {_name(model, '')} AS name"
    arms = " UNION ".join(f"({begun_by(model, column, 'phrase', chosen)})" for column in columns)
    return f"""
          IF NOT lacking THEN
            FOREACH one IN ARRAY meant LOOP
              SELECT array_agg(concat_ws(' ', nullif(phrase, ''), word)) INTO phrases FROM (SELECT phrase, word FROM unnest(phrases) AS phrase, unnest(string_to_array(one, '|')) AS word LIMIT {PHRASES}) AS joined;
            END LOOP;
            RETURN QUERY SELECT id, likeness FROM (SELECT DISTINCT id, name, word_similarity(patron_fold(query), name) AS likeness FROM unnest(phrases) AS phrase CROSS JOIN LATERAL ({arms}) AS begun) AS likely
              WHERE likeness >= nearness * {LESS}::real ORDER BY likeness DESC, similarity(patron_fold(query), name) DESC, id LIMIT most;
            GET DIAGNOSTICS found = ROW_COUNT;
            IF found >= least(most, {ENOUGH}) THEN RETURN; END IF;
          END IF;"""


def _near(model: Any) -> list[str]:
    """`near_<table>(meant, query, most, nearness, lacking)`: rows with all words that may be meant; or those that lack one of several."""
    table, kind = model._meta.db_table, shared.column(model)
    asked, also = (", kind uuid", f"AND {kind} = $5") if kind else ("", "")
    types = ", uuid" if kind else ""
    one = f"(SELECT id, {_name(model, '')} AS name FROM {table} WHERE workspace_id = $1{live(model)} {also}"
    return [
        f"""
        CREATE OR REPLACE FUNCTION near_{table}(meant text[], query text, most int, nearness real, lacking boolean{asked}) RETURNS TABLE (id uuid, likeness real)
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        #variable_conflict use_column
        DECLARE each text[]; rows text; phrases text[] := '{{""}}'; one text; found bigint;
        BEGIN{_first(model)}
          SELECT array_agg(format(' AND search ~ %L', '(' || word || ')')) INTO each FROM unnest(meant) AS word;
          IF lacking THEN
            SELECT string_agg($sql${one}$sql$ || array_to_string(each[:i - 1] || each[i + 1:], '') || ' LIMIT {LACKING})', ' UNION ') INTO rows
              FROM generate_subscripts(each, 1) AS i;
          ELSE
            rows := $sql${one}$sql$ || array_to_string(each, '') || ' LIMIT {ROWS})';
            nearness := nearness * {LESS}::real;  -- what has every word may look a little less alike
          END IF;
          RETURN QUERY EXECUTE 'SELECT id, likeness FROM (SELECT id, name, word_similarity($2, name) AS likeness FROM (' || rows || ') AS rows) AS likely
            WHERE likeness >= $4 ORDER BY likeness DESC, similarity($2, name) DESC, id LIMIT $3' USING {SETTING}, patron_fold(query), most, nearness{", kind" if kind else ""};
        END $$
        """,
        f"DROP FUNCTION IF EXISTS near_{table}(text[], text, int, real{types})",  # as it was without `lacking`
        *as_reader(f"near_{table}(text[], text, int, real, boolean{types})"),
    ]


@per_table
def _of_table(model: Any) -> list[str]:
    """The triggers that note words, and the search by them. On a cluster there are no transition tables (scale.md): words come at night there."""
    if not has_spelling(model):
        return []
    table, quote = model._meta.db_table, connection.ops.quote_name
    changed = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in model.spelt)
    made = [*_near(model), *(f"DROP FUNCTION IF EXISTS like_{table}({arguments})" for arguments in ("text, int, real", "text, int, real, uuid"))]
    made += [f"DROP TRIGGER IF EXISTS words_{event} ON {table}" for event in ("insert", "update")]
    if is_distributed():
        return made
    return [
        *made,
        _trigger(f"{table}_words_insert", _new("come", _name(model, "n."))),
        _trigger(f"{table}_words_update", _new("(SELECT NEW.*)", _name(model, "n."))),
        f"CREATE TRIGGER words_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION {table}_words_insert()",
        f"CREATE TRIGGER words_update AFTER UPDATE OF {', '.join(map(quote, model.spelt))} ON {table} FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION {table}_words_update()",
    ]


def _keeping() -> str:
    """`records_keep_words(anew)`: go through all names of the open workspace, if that was never done or `anew`; answers whether it did.

    Words that are there twice, or in no name any more, go. A word whose last name goes while another writer, not yet done, brings it back,
    is missing until the next time.
    """
    models = [m for m in tenant_models() if has_spelling(m)]
    names = " UNION ".join(f"SELECT word FROM {m._meta.db_table} AS n CROSS JOIN LATERAL patron_words({_name(m, 'n.')}) AS word WHERE n.workspace_id = ws" for m in models)
    return f"""
    CREATE OR REPLACE FUNCTION records_keep_words(anew boolean) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE ws uuid := {SETTING};
    BEGIN
      IF NOT anew AND EXISTS (SELECT FROM records_word WHERE workspace_id = ws AND word = '') THEN RETURN false; END IF;
      PERFORM pg_advisory_xact_lock(hashtext('records.words'), hashtext(ws::text));
      WITH names AS MATERIALIZED ({names} UNION SELECT ''),
        gone AS (
          DELETE FROM records_word AS k WHERE k.workspace_id = ws AND (NOT EXISTS (SELECT FROM names WHERE names.word = k.word)
            OR EXISTS (SELECT FROM records_word AS twin WHERE twin.workspace_id = ws AND twin.word = k.word AND twin.id < k.id)))
      INSERT INTO records_word (workspace_id, id, word)
        SELECT ws, gen_random_uuid(), word FROM names WHERE NOT EXISTS (SELECT FROM records_word AS k WHERE k.workspace_id = ws AND k.word = names.word);
      RETURN true;
    END $$
    """


@whole_database
def _functions() -> list[str]:
    return [_WORDS, _MEANT, *as_reader("records_meant(text)"), _keeping()]
