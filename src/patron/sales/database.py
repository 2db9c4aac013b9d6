"""What the database keeps of a deal and its lines, whoever writes: verb, form, import, undo or psql."""

from typing import Any

from django.db import connection

from patron.kernel.db.install import per_table, whole_database

_SETTLE_DEAL = """
CREATE OR REPLACE FUNCTION sales_settle_deal() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  moved boolean := TG_OP = 'INSERT';
  decided boolean := TG_OP = 'INSERT' AND NEW.outcome <> 'open';
  step record;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    moved := NEW.stage_id <> OLD.stage_id;
    decided := NEW.outcome <> OLD.outcome;
  END IF;
  SELECT pipeline_id, lower(name) AS name, kind, probability INTO step FROM sales_stage
    WHERE workspace_id = NEW.workspace_id AND id = NEW.stage_id;
  IF moved AND NEW.pipeline_id IS DISTINCT FROM step.pipeline_id AND TG_OP = 'INSERT' AND NEW.pipeline_id IS NOT NULL THEN
    SELECT id INTO NEW.stage_id FROM sales_stage
      WHERE workspace_id = NEW.workspace_id AND pipeline_id = NEW.pipeline_id AND archived_at IS NULL
      ORDER BY lower(name) = step.name DESC, kind = step.kind DESC, "order", id LIMIT 1;
    SELECT pipeline_id, lower(name) AS name, kind, probability INTO step FROM sales_stage
      WHERE workspace_id = NEW.workspace_id AND id = NEW.stage_id;
  ELSIF moved THEN
    NEW.pipeline_id := step.pipeline_id;
  END IF;
  IF moved AND NOT decided AND step.kind <> (CASE WHEN NEW.outcome = 'partially_won' THEN 'won' ELSE NEW.outcome END) THEN
    NEW.outcome := step.kind;
    NEW.history := step.kind <> 'open';
  END IF;
  IF TG_OP = 'UPDATE' AND moved AND NEW.stage_since = OLD.stage_since THEN
    NEW.stage_since := clock_timestamp();
  END IF;
  IF NEW.outcome <> 'partially_won' THEN
    NEW.won_amount := CASE NEW.outcome WHEN 'won' THEN coalesce(NEW.amount, 0) ELSE 0 END;
    NEW.lost_amount := CASE NEW.outcome WHEN 'lost' THEN coalesce(NEW.amount, 0) ELSE 0 END;
  END IF;
  NEW.effective_probability := CASE NEW.outcome
    WHEN 'open' THEN coalesce(NEW.probability, step.probability, 0) WHEN 'lost' THEN 0 ELSE 100 END;
  RETURN NEW;
END $$
"""

_SETTLE_LINE = """
CREATE OR REPLACE FUNCTION sales_settle_line() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  SELECT currency INTO NEW.currency FROM sales_deal WHERE workspace_id = NEW.workspace_id AND id = NEW.deal_id;
  NEW.currency := coalesce(NEW.currency, '');
  RETURN NEW;
END $$
"""

_TRIGGERS = {
    "sales_deal": "BEFORE INSERT OR UPDATE OF stage_id, pipeline_id, outcome, amount, probability, won_amount, lost_amount, effective_probability",
    "sales_dealline": "BEFORE INSERT OR UPDATE OF deal_id, currency",
}
_FUNCTIONS = {"sales_deal": "sales_settle_deal", "sales_dealline": "sales_settle_line"}


@whole_database
def _functions() -> list[str]:
    return [_SETTLE_DEAL, _SETTLE_LINE]


@per_table
def _triggers(model: Any) -> list[str]:
    table = model._meta.db_table
    if table not in _TRIGGERS:
        return []
    quoted = connection.ops.quote_name(table)
    return [
        f"DROP TRIGGER IF EXISTS settle ON {quoted}",
        f"CREATE TRIGGER settle {_TRIGGERS[table]} ON {quoted} FOR EACH ROW EXECUTE FUNCTION {_FUNCTIONS[table]}()",
    ]
