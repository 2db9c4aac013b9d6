"""Search functions: one narrow SECURITY DEFINER pair per searched table, since row-level security keeps trigram predicates off their index."""

from typing import Any

from django.conf import settings
from django.db import connection, models

from patron.kernel.db.functions import Fold
from patron.kernel.db.install import SETTING, per_table
from patron.records import shared
from patron.records.customs.texts import has_own_text


class Folded(Fold, models.Transform):
    """`field__folded__contains`: compare without case and accents."""

    lookup_name = "folded"


models.CharField.register_lookup(Folded)
models.TextField.register_lookup(Folded)
models.EmailField.register_lookup(Folded)


def has_spelling(model: Any) -> bool:
    """Whether records are found by names that are nearly right."""
    return bool(getattr(model, "spelt", ()))


def _spelt(model: Any) -> str:
    """The names of a row as one folded text: the expression of its spelling index, with quotes doubled for use inside a literal."""
    columns = getattr(model, "spelt", ())
    if len(columns) < 2:
        return f"patron_fold({columns[0]})" if columns else ""
    none, space = "''''", "'' ''"
    return "patron_fold(" + f" || {space} || ".join(f"coalesce({c}, {none})" for c in columns) + ")"


def has_search(model: Any) -> bool:
    return any(f.name == "search" for f in model._meta.local_fields)


def _finding(table: str, own: bool, asked: str, given: str, also: str, head: str) -> str:
    """The two parts are asked apart: each is an index scan of its own, where a condition on both columns would be none."""
    row = f"SELECT id FROM {table} WHERE workspace_id = $1 {also}"
    beside = f"""
          IF own THEN
            statement := statement || ' UNION ({row} AND (false' || one || ')' || each || ' LIMIT $2)';
          END IF;""" if own else ""  # fmt: skip
    return f"""
        CREATE OR REPLACE FUNCTION find_{table}(words text[], most int, own boolean{asked}) RETURNS SETOF uuid {head} AS $$
        DECLARE word text; statement text; plain text := ''; one text := ''; each text := '';
        BEGIN
          FOREACH word IN ARRAY words LOOP
            word := '%' || replace(replace(replace(word, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%';
            plain := plain || format(' AND search LIKE %L', word);
            one := one || format(' OR own_text LIKE %L', word);
            each := each || format(' AND (search LIKE %1$L OR own_text LIKE %1$L)', word);
          END LOOP;
          statement := '({row}' || plain || ' LIMIT $2)';{beside}
          RETURN QUERY EXECUTE statement USING {SETTING}, most{given};
        END $$
        """


@per_table
def _search_functions(model: Any) -> list[str]:
    """`find_<table>(words, most, own)` all words anywhere, with `own` also in own fields; `like_<table>(words, most, nearness)` near in spelling (likeness 0–1), best first. A shared table's ask for the type too."""
    if not has_search(model):
        return []
    table, quote = model._meta.db_table, connection.ops.quote_name
    live = "AND archived_at IS NULL" if any(f.name == "archived_at" for f in model._meta.local_fields) else ""
    kind = shared.column(model)
    asked, given, also = (", kind uuid", ", kind", f"AND {kind} = ${{}}") if kind else ("", "", "")
    head = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp"
    types = ", uuid" if kind else ""
    made = [_finding(table, has_own_text(model), asked, given, also.format(3), head), f"DROP FUNCTION IF EXISTS find_{table}(text[], int{types})"]  # as it was without `own`
    signatures = [f"find_{table}(text[], int, boolean{types})"]
    if spelt := _spelt(model):
        signatures.append(f"like_{table}(text, int, real{types})")
        made.append(f"DROP FUNCTION IF EXISTS like_{table}(text, int{types})")  # as it was without `nearness`
        made.append(
            f"""
            CREATE OR REPLACE FUNCTION like_{table}(words text, most int, nearness real{asked}) RETURNS TABLE (id uuid, likeness real) {head} AS $$
            BEGIN
              PERFORM set_config('pg_trgm.word_similarity_threshold', nearness::text, true);
              RETURN QUERY EXECUTE 'SELECT id, word_similarity($2, {spelt}) FROM {table} WHERE workspace_id = $1 {also.format(4)} {live} AND $2 <% {spelt} ORDER BY 2 DESC LIMIT $3'
              USING {SETTING}, words, most{given};
            END $$
            """
        )
    for signature in signatures:
        made.append(f"ALTER FUNCTION {signature} OWNER TO {quote(settings.PATRON_READER_ROLE)}")
        made.append(f"GRANT EXECUTE ON FUNCTION {signature} TO {quote(settings.PATRON_APP_ROLE)}")
    return made
