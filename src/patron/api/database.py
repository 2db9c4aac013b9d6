"""The bucket of tokens per key: one statement, shared by all web processes.

Unlogged: a crash of the database forgets who asked how often, nothing more.
"""

from __future__ import annotations

from django.conf import settings
from django.db import connection

from patron.kernel.db.install import whole_database

# The bucket refills at `rate` per second up to `burst`. Answers what is left after taking one; below zero: refused, and how much is missing.
_TAKE = """
CREATE OR REPLACE FUNCTION api_take(who text, rate double precision, burst double precision) RETURNS double precision
LANGUAGE sql VOLATILE AS $$
  INSERT INTO api_bucket AS b (key, level, at) VALUES (who, burst - 1, clock_timestamp())
  ON CONFLICT (key) DO UPDATE SET
    level = CASE WHEN least(burst, b.level + rate * extract(epoch FROM clock_timestamp() - b.at)) >= 1
      THEN least(burst, b.level + rate * extract(epoch FROM clock_timestamp() - b.at)) - 1
      ELSE least(burst, b.level + rate * extract(epoch FROM clock_timestamp() - b.at)) END,
    at = clock_timestamp(),
    allowed = least(burst, b.level + rate * extract(epoch FROM clock_timestamp() - b.at)) >= 1
  RETURNING CASE WHEN allowed THEN level ELSE level - 1 END
$$
"""


@whole_database
def _functions() -> list[str]:
    return [_TAKE, f"GRANT EXECUTE ON FUNCTION api_take(text, double precision, double precision) TO {connection.ops.quote_name(settings.PATRON_APP_ROLE)}"]
