"""Conversion in SQL, for sums over many rows."""

from patron.kernel.db.install import SETTING, whole_database

_RATE = f"""
CREATE OR REPLACE FUNCTION catalog_rate(currency text, day date) RETURNS numeric LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN $1 = '' OR $1 = (SELECT w.currency FROM identity_workspace w WHERE w.id = {SETTING}) THEN 1 ELSE (
    SELECT r.rate FROM catalog_exchangerate r
    WHERE r.workspace_id = {SETTING} AND r.currency = $1 AND r."on" <= $2 AND r.archived_at IS NULL ORDER BY r."on" DESC LIMIT 1) END
$$
"""
_ROUND = """
CREATE OR REPLACE FUNCTION catalog_converted(amount numeric, rate numeric) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN round(sign(amount) * div(200 * abs(amount) + rate, 2 * rate) * 0.01, 2)
"""
_TO_BASE = """
CREATE OR REPLACE FUNCTION catalog_to_base(amount numeric, currency text, day date) RETURNS numeric LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT catalog_converted($1, catalog_rate($2, $3))
$$
"""


@whole_database
def _functions() -> list[str]:
    """`catalog_rate(currency, day)`: null where none is known; `catalog_to_base(amount, currency, day)`: null then, never a silent zero."""
    return [_RATE, _ROUND, _TO_BASE]
