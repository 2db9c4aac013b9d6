"""Search functions: narrow SECURITY DEFINER ones per searched table, since row-level security keeps trigram predicates off their index."""

from typing import Any

from django.db import models

from patron.kernel.db.functions import Fold
from patron.kernel.db.install import SETTING, as_reader, per_table, whole_database
from patron.records import shared
from patron.records.customs.texts import has_own_text


class Folded(Fold, models.Transform):
    """`field__folded__contains`: compare without case and accents."""

    lookup_name = "folded"


models.CharField.register_lookup(Folded)
models.TextField.register_lookup(Folded)
models.EmailField.register_lookup(Folded)


#: Of a function whose statements are planned once per connection: for theirs, planning costs more than running.
ONE_PLAN = "SET plan_cache_mode = force_generic_plan"
#: Up to so many words a search's statement is planned once.
USUAL = 3
#: Of a table with so many rows, so many of the newest are looked at first; and so many more of them where these had some.
MANY, NEWEST, FURTHER = 200_000, 400, 4000


def has_search(model: Any) -> bool:
    return any(f.name == "search" for f in model._meta.local_fields)


def has_beginnings(model: Any) -> bool:
    """Whether there are columns, each under an index of its folded text, by whose beginning records are looked for: `begins = (…)`."""
    return bool(getattr(model, "begins", ()))


def live(model: Any) -> str:
    """The condition that rows of a table are not archived; nothing where they can't be."""
    return " AND archived_at IS NULL" if any(f.name == "archived_at" for f in model._meta.local_fields) else ""


def begun_by(model: Any, column: str, text: str, chosen: str = "id", given: str = "") -> str:
    """A SELECT of `most` rows whose folded column begins with `text` (an SQL expression), walked in its index's order and left then, however many there are.
    `>=` alone would not stop where a collation is not that of the code points; `starts_with` decides."""
    folded = f"patron_fold({column})"
    return (
        f"SELECT {chosen} FROM {model._meta.db_table} WHERE workspace_id = {SETTING} {given}{live(model)} AND {folded} >= {text} AND {folded} <= {text} || U&'\\+10FFFF' "
        f"AND starts_with({folded}, {text}) ORDER BY workspace_id, {folded}, id LIMIT most"
    )


def _beginning(model: Any, asked: str, given: str, head: str) -> str:
    """Names and numbers, and telephone numbers as they are kept: "+" and digits."""
    table = model._meta.db_table
    arms = [begun_by(model, column, "begun", given=given) for column in model.begins]
    arms += [
        f"SELECT id FROM {table} WHERE workspace_id = {SETTING} {given}{live(model)} AND {column} <> '' AND begun LIKE '+%' AND {column} >= begun AND {column} < begun || ':' "
        f"AND starts_with({column}, begun) LIMIT most"
        for column in getattr(model, "dials", ())
    ]
    return f"CREATE OR REPLACE FUNCTION begin_{table}(begun text, most int{asked}) RETURNS SETOF uuid {head} {ONE_PLAN} AS $$ BEGIN RETURN QUERY ({') UNION ('.join(arms)}); END $$"


def _newest(model: Any, each_word: list[str]) -> str:
    """Look at the newest rows of a large table, and return where these are enough: at further ones where the first have some."""
    table = model._meta.db_table
    first, further = ("".join(
        f" WHEN {n} THEN RETURN QUERY SELECT id FROM (SELECT id, search FROM {table} WHERE workspace_id = {SETTING}{live(model)} ORDER BY workspace_id DESC, id DESC LIMIT {rows}) AS newest WHERE true{each_word[n]} LIMIT most;"
        for n in range(1, USUAL + 1)) for rows in (NEWEST, FURTHER))  # fmt: skip
    return f"""
          IF cardinality(words) <= {USUAL} AND EXISTS (SELECT FROM pg_class WHERE oid = 'public.{table}'::regclass AND reltuples > {MANY}) THEN
            CASE cardinality(words){first} END CASE;
            GET DIAGNOSTICS found = ROW_COUNT;
            IF found > 0 AND found < most THEN
              CASE cardinality(words){further} END CASE;
              GET DIAGNOSTICS found = ROW_COUNT;
            END IF;
            IF found >= most THEN RETURN; END IF;
          END IF;"""


def _finding(model: Any, own: bool, asked: str, kind: str, head: str) -> str:
    """Own values are asked when the rest did not give enough: one condition on both columns would be no index scan.

    Under row-level security PostgreSQL does not know how common words are. So the rows of one word are found first: of one that is in no name, or of the longest.
    Of a large table the newest rows are looked at before the index is asked, which finds all rows of a word or none: what many have, some of them have; then further
    ones soon fill the answer.
    """
    table = model._meta.db_table
    row = f"SELECT id FROM {table} WHERE workspace_id = {{}} {{}}"
    each_word = ["".join(f" AND strpos(search, words[{i + 1}]) > 0" for i in range(n)) for n in range(USUAL + 1)]
    newest = "" if kind else _newest(model, each_word)
    usual = "".join(
        f" WHEN {n} THEN RETURN QUERY {row.format(SETTING, f'AND {kind} = kind' if kind else '')}" + "".join(f" AND search LIKE patterns[{i + 1}]" for i in range(n)) + each_word[n] + " LIMIT most;"
        for n in range(1, USUAL + 1)
    )
    also, given = (f"AND {kind} = $3", ", kind") if kind else ("", "")
    beside = f"""
          GET DIAGNOSTICS found = ROW_COUNT;
          IF own AND found < most THEN
            SELECT given.one INTO word FROM unnest(words) AS given (one) ORDER BY EXISTS (SELECT FROM records_word AS k WHERE k.workspace_id = {SETTING} AND k.word = given.one), length(given.one) DESC LIMIT 1;
            RETURN QUERY EXECUTE format('WITH led AS MATERIALIZED (SELECT id, search, own_text FROM {table} WHERE workspace_id = $1 {also} AND (search LIKE %1$L OR own_text LIKE %1$L))
              SELECT id FROM led WHERE (false', records_like(word)) || one || ')' || each || ' LIMIT $2' USING {SETTING}, most{given};
          END IF;""" if own else ""  # fmt: skip
    return f"""
        CREATE OR REPLACE FUNCTION find_{table}(words text[], most int, own boolean{asked}) RETURNS SETOF uuid {head} {ONE_PLAN} AS $$
        DECLARE patterns text[]; word text; plain text; one text; each text; found bigint;
        BEGIN
          SELECT array_agg(records_like(records_part(w))), string_agg(format(' AND search LIKE %L', pattern), ''), string_agg(format(' OR own_text LIKE %L', pattern), ''),
              string_agg(format(' AND (search LIKE %1$L OR own_text LIKE %1$L)', pattern), '')
            INTO patterns, plain, one, each FROM (SELECT w, records_like(w) AS pattern FROM unnest(words) AS w) AS asked;{newest}
          CASE cardinality(words){usual}
            ELSE RETURN QUERY EXECUTE '{row.format("$1", also)}' || plain || ' LIMIT $2' USING {SETTING}, most{given};
          END CASE;{beside}
        END $$
        """


#: A pattern for LIKE of what contains the word.
_LIKE = """
CREATE OR REPLACE FUNCTION records_like(word text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '%' || replace(replace(replace(word, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'
$$
"""

#: The part of a word that the trigram index is asked for: of letters with digits behind them the end, for few rows have it; the index is slow at adding up what all have.
_PART = """
CREATE OR REPLACE FUNCTION records_part(word text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN word ~ '^[[:alpha:]]{3,}[0-9]{2,}$' THEN right(word, greatest(length(substring(word FROM '[0-9]+$')) + 1, 4)) ELSE word END
$$
"""


@whole_database
def _functions() -> list[str]:
    return [_LIKE, _PART]


@per_table
def _search_functions(model: Any) -> list[str]:
    """`find_<table>(words, most, own)` all words anywhere, with `own` also in own fields (a row may come twice); `begin_<table>(text, most)` names or
    numbers that begin with the text, of rows that are not archived. A shared table's ask for the type too."""
    if not has_search(model):
        return []
    table, kind = model._meta.db_table, shared.column(model)
    asked, types = (", kind uuid", ", uuid") if kind else ("", "")
    head = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp"
    made = [_finding(model, has_own_text(model), asked, kind, head), f"DROP FUNCTION IF EXISTS find_{table}(text[], int{types})"]  # as it was without `own`
    signatures = [f"find_{table}(text[], int, boolean{types})"]
    if has_beginnings(model):
        made.append(_beginning(model, asked, f"AND {kind} = kind" if kind else "", head))
        signatures.append(f"begin_{table}(text, int{types})")
    return [*made, *as_reader(*signatures)]
