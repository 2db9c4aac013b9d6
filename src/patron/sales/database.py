"""What the database keeps of a deal and its lines, whoever writes: verb, form, import, undo or psql.

A deal's pipeline follows its stage. A new row may name a pipeline beside a stage of another one: then the stage's namesake there is meant;
or, where it came with the stage that deals start in, the first open one there; anything else is refused by the foreign key.
A deal that is written into a closing stage without an outcome is history: it takes the outcome of that kind.
"""

from typing import Any

from django.db import connection

from patron.kernel.db.install import per_table, whole_database

_STAGE_MEANT = """
CREATE OR REPLACE FUNCTION sales_stage_meant(ws uuid, pipeline uuid, given uuid) RETURNS uuid LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
  WITH step AS (SELECT * FROM sales_stage WHERE workspace_id = ws AND id = given),
  there AS (SELECT * FROM sales_stage WHERE workspace_id = ws AND pipeline_id = pipeline AND archived_at IS NULL),
  started AS (SELECT s.id FROM sales_stage s JOIN step ON s.pipeline_id = step.pipeline_id
    WHERE s.workspace_id = ws AND s.archived_at IS NULL AND s.kind = 'open' ORDER BY s."order", s.id LIMIT 1)
  SELECT coalesce(
    (SELECT there.id FROM there JOIN step ON lower(there.name) = lower(step.name)),
    (SELECT there.id FROM there JOIN started ON started.id = given WHERE there.kind = 'open' ORDER BY there."order", there.id LIMIT 1),
    given)
$$
"""

_SETTLE_DEAL = """
CREATE OR REPLACE FUNCTION sales_settle_deal() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  moved boolean := true;
  decided boolean := NEW.outcome <> 'open';
  step sales_stage;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    moved := NEW.stage_id <> OLD.stage_id;
    decided := NEW.outcome <> OLD.outcome;
  ELSIF NEW.pipeline_id IS NOT NULL THEN
    NEW.stage_id := sales_stage_meant(NEW.workspace_id, NEW.pipeline_id, NEW.stage_id);
  END IF;
  SELECT * INTO step FROM sales_stage WHERE workspace_id = NEW.workspace_id AND id = NEW.stage_id;
  IF moved AND (TG_OP = 'UPDATE' OR NEW.pipeline_id IS NULL) THEN
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
_CALLS = {
    "sales_deal": "EXECUTE FUNCTION sales_settle_deal()",
    "sales_dealline": "EXECUTE FUNCTION sales_settle_line()",
}


@whole_database
def _functions() -> list[str]:
    return [_STAGE_MEANT, _SETTLE_DEAL, _SETTLE_LINE]


@per_table
def _triggers(model: Any) -> list[str]:
    table = model._meta.db_table
    if table not in _TRIGGERS:
        return []
    quoted = connection.ops.quote_name(table)
    return [
        f"DROP TRIGGER IF EXISTS settle ON {quoted}",
        f"CREATE TRIGGER settle {_TRIGGERS[table]} ON {quoted} FOR EACH ROW {_CALLS[table]}",
    ]
