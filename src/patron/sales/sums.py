"""What PostgreSQL does so that the sums over deals (`models.kept.DealSum`) are always those of the deals."""

from __future__ import annotations

from typing import Any

from patron.kernel.db.install import SETTING, is_distributed, per_table, whole_database
from patron.sales.models import LAYOUT

_KEY = "cut, owner_id, stage_id, outcome, forecast_category, expected_close, closed_on, day"
_FIGURES = ("deals", "base_amount", "weighted", "won_base", "lost_base")
_ROW = f"workspace_id, id, folded, {_KEY}, {', '.join(_FIGURES)}"
_READ = (
    "workspace_id, owner_id, stage_id, outcome, forecast_category, expected_close, closed_on, archived_at, base_amount, weighted, won_base, lost_base, "
    "stage_since, next_activity_at"
)
_WORTH = ", ".join(f"CASE WHEN c.cut IN ('since', 'next') THEN 0 ELSE coalesce(d.{name}, 0) END AS {name}" for name in _FIGURES[1:])
_CHANGED = " OR ".join(f"sum(sign * {name}) <> 0" for name in _FIGURES)


def _summed(source: str, folded: str) -> str:
    """Deals of `source`, each with a sign, as rows of sums: every deal under its owner, and once more among the open or the closed ones.

    Open ones are counted by the days of two instants, too; amounts are no part of that, so that a deal which is worth more now changes nothing there.
    """
    return f"""
      SELECT workspace_id, gen_random_uuid(), {folded}, {_KEY}, {", ".join(f"sum(sign * {name})" for name in _FIGURES)} FROM (
        SELECT d.workspace_id, d.sign, c.cut, 1 AS deals,
          CASE c.cut WHEN 'owner' THEN d.owner_id END AS owner_id, CASE WHEN c.cut IN ('open', 'since', 'next') THEN d.stage_id END AS stage_id, d.outcome,
          CASE c.cut WHEN 'open' THEN d.forecast_category ELSE '' END AS forecast_category, CASE c.cut WHEN 'open' THEN d.expected_close END AS expected_close,
          CASE c.cut WHEN 'closed' THEN d.closed_on END AS closed_on,
          (CASE c.cut WHEN 'since' THEN d.stage_since WHEN 'next' THEN d.next_activity_at END AT TIME ZONE 'UTC')::date AS day, {_WORTH}
        FROM ({source}) AS d
        CROSS JOIN LATERAL unnest(CASE d.outcome WHEN 'open' THEN '{{owner,open,since,next}}'::text[] ELSE '{{owner,closed}}' END) AS c (cut)
        WHERE d.archived_at IS NULL
      ) AS each_deal GROUP BY workspace_id, {_KEY} HAVING {_CHANGED}
    """


_SOURCES = {"insert": f"SELECT 1 AS sign, {_READ} FROM come", "delete": f"SELECT -1 AS sign, {_READ} FROM gone"}
_SOURCES["update"] = f"{_SOURCES['insert']} UNION ALL {_SOURCES['delete']}"
_TABLES = {"insert": "NEW TABLE AS come", "delete": "OLD TABLE AS gone", "update": "OLD TABLE AS gone NEW TABLE AS come"}


def _noting(event: str) -> str:
    return f"""
    CREATE OR REPLACE FUNCTION sales_sum_{event}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      INSERT INTO sales_dealsum ({_ROW}) {_summed(_SOURCES[event], "false")};
      RETURN NULL;
    END $$
    """


#: Counts deals and takes what writers noted so far in one statement, so in one snapshot: what commits later adds its own difference.
_KEEP = f"""
CREATE OR REPLACE FUNCTION sales_keep_sums(loose integer) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  ws uuid := {SETTING};
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'sales_deal'::regclass AND tgname = 'sums_insert') THEN
    RETURN false;  -- a cluster: nobody would note what changes
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('sales.sums'), hashtext(ws::text));
  IF NOT EXISTS (SELECT FROM sales_dealsum WHERE workspace_id = ws AND cut = 'built' AND deals = {LAYOUT}) THEN
    WITH gone AS (DELETE FROM sales_dealsum WHERE workspace_id = ws)
    INSERT INTO sales_dealsum ({_ROW})
      SELECT ws, gen_random_uuid(), true, 'built', NULL, NULL, '', '', NULL, NULL, NULL, {LAYOUT}, 0, 0, 0, 0
      UNION ALL SELECT * FROM ({_summed(f"SELECT 1 AS sign, {_READ} FROM sales_deal WHERE workspace_id = ws", "true")}) AS made;
    RETURN true;
  END IF;
  IF (SELECT count(*) FROM (SELECT FROM sales_dealsum WHERE workspace_id = ws AND NOT folded LIMIT loose) AS few) < loose THEN
    RETURN false;
  END IF;
  WITH taken AS (DELETE FROM sales_dealsum WHERE workspace_id = ws AND cut <> 'built' RETURNING *)
  INSERT INTO sales_dealsum ({_ROW})
    SELECT ws, gen_random_uuid(), true, {_KEY}, {", ".join(f"sum({name})" for name in _FIGURES)} FROM taken
    GROUP BY {_KEY} HAVING {_CHANGED.replace("sign * ", "")};
  RETURN true;
END $$
"""


@whole_database
def _functions() -> list[str]:
    return [*map(_noting, _SOURCES), _KEEP]


@per_table
def _triggers(model: Any) -> list[str]:
    """On a cluster of PostgreSQL servers there are no transition tables (scale.md): no sums are kept there, and deals are added up when asked."""
    if model._meta.db_table != "sales_deal":
        return []
    made = [f"DROP TRIGGER IF EXISTS sums_{event} ON sales_deal" for event in _SOURCES]
    if is_distributed():
        made.append("DELETE FROM sales_dealsum")  # what one machine kept would be taken for the sums of now
    else:
        made += [
            f"CREATE TRIGGER sums_{event} AFTER {event.upper()} ON sales_deal REFERENCING {_TABLES[event]} FOR EACH STATEMENT EXECUTE FUNCTION sales_sum_{event}()"
            for event in _SOURCES
        ]
    return made
