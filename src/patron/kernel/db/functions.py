"""SQL functions that the schema rests on."""

from typing import Any

from django.db import models
from django.db.models.functions import Coalesce


class Fold(models.Func):
    """`patron_fold(text)`: lower case without accents; immutable, so that it may be indexed. Python's twin is `kernel.text.fold`."""

    function = "patron_fold"
    output_field: Any = models.TextField()


class FoldedTail(models.Func):
    """The folded text from its second character on: what has words in it that it does not begin with."""

    template = "substr(patron_fold(%(expressions)s), 2)"
    output_field: Any = models.TextField()


class SearchText(models.Func):
    """Folded text of several columns, for the one trigram index of a table."""

    function = "patron_fold"
    output_field: Any = models.TextField()

    def __init__(self, *columns: Any, **extra: Any) -> None:
        if len(columns) == 1 and not isinstance(columns[0], str):
            super().__init__(columns[0], **extra)
            return
        joined: Any = None
        for column in columns:
            part = Coalesce(models.F(column), models.Value(""), output_field=models.TextField())
            joined = part if joined is None else _Concat(joined, part)
        super().__init__(joined, **extra)


class _Concat(models.Func):
    """`a || ' ' || b`: immutable, unlike concat()."""

    template = "(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field: Any = models.TextField()


@models.UUIDField.register_lookup
@models.ForeignKey.register_lookup
class Among(models.Lookup):  # type: ignore[type-arg]
    """`pk__among=[…]`: like `in`, with all ids as one value, so that the statement is the same for any number of them."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", [*params, list(self.rhs)]


#: Moves a row's revision and time of change. An import that keeps the times of another system (`app.keep_times`) moves the revision
#: alone; upkeep that changes nothing anybody sees ("all") neither.
TOUCH = """
    CREATE OR REPLACE FUNCTION patron_touch() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF coalesce(current_setting('app.keep_times', true), '') = 'all' THEN RETURN NEW; END IF;
      NEW.revision := OLD.revision + 1;
      IF coalesce(current_setting('app.keep_times', true), '') <> 'on' THEN
        NEW.updated_at := now();
      END IF;
      RETURN NEW;
    END $$
    """

FOUNDATION_SQL: list[str] = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE EXTENSION IF NOT EXISTS unaccent",
    "CREATE EXTENSION IF NOT EXISTS btree_gin",
    """
    CREATE OR REPLACE FUNCTION patron_fold(value text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
    BEGIN
      IF octet_length(value) = char_length(value) THEN RETURN lower(value); END IF;  -- ASCII has no accents: half the time
      RETURN lower(public.unaccent('public.unaccent'::regdictionary, value));
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION patron_distinct(value varchar[]) RETURNS varchar[] LANGUAGE sql IMMUTABLE AS $$
      SELECT coalesce(array_agg(word ORDER BY place), '{}') FROM
        (SELECT word, min(place) AS place FROM unnest(value) WITH ORDINALITY AS t(word, place) GROUP BY word) AS once
    $$
    """,
    TOUCH,
]
