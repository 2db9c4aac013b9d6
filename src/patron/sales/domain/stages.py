"""Stages: which there are, what they ask for, and how a deal goes from one to another."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Annotated, Any, Final

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.kernel.db import prepared
from patron.kernel.tenancy import current_workspace_id
from patron.records import registry
from patron.records.verbs import Input, Refused, verb
from patron.sales.enums import StageKind
from patron.sales.models import Deal, Pipeline, Stage, StageChange

#: Gates that look at what hangs on the deal instead of at a field.
_COLLECTIONS: Final = {"lines": _("lines"), "stakeholders": _("stakeholders"), "competitors": _("competitors"), "members": _("sales team")}


def default_pipeline() -> Pipeline | None:
    """The pipeline that deals start in; the first in order where none is marked."""
    found: list[Pipeline] = prepared.rows("sales.default_pipeline", lambda: Pipeline.objects.filter(archived_at=None).order_by("-is_default", "order", "id")[:1])
    return found[0] if found else None


def stages_of(pipeline_id: uuid.UUID, kind: StageKind | None = None) -> list[Stage]:
    """A pipeline's stages in order, perhaps of one kind; archived ones left out."""

    def build(pipeline: uuid.UUID) -> QuerySet[Stage]:
        rows = Stage.objects.filter(pipeline=pipeline, archived_at=None).order_by("order", "id")
        return rows.filter(kind=kind) if kind else rows

    return prepared.rows(("sales.stages", kind), build, pipeline=pipeline_id)


def open_stages() -> list[Stage]:
    """The open stages of every pipeline, archived ones too, where deals may still stand."""
    return prepared.rows("sales.open_stages", lambda: Stage.objects.filter(kind=StageKind.OPEN))


def stage_of_kind(pipeline_id: uuid.UUID, kind: StageKind) -> Stage:
    """The first stage of that kind; `Refused` where the pipeline has none."""
    found = stages_of(pipeline_id, kind)
    if not found:
        raise Refused(_now("This pipeline has no stage of the kind “%(kind)s”. Add one in the settings.") % {"kind": kind.label})
    return found[0]


def missing(deal: Deal, stage: Stage) -> list[str]:
    """What a stage gate still asks for, as words in the order of the gate."""
    return [str(_label(name)) for name in stage.required_fields if not _filled(deal, name)]


def _filled(deal: Deal, name: str) -> bool:
    if name in _COLLECTIONS:
        return bool(getattr(deal, name).filter(archived_at=None).exists())
    if name.startswith("custom."):
        return deal.custom.get(name.removeprefix("custom.")) not in (None, "", [])
    column = next((f.attname for f in Deal._meta.local_fields if f.name == name), None)
    return column is None or getattr(deal, column) not in (None, "")


def is_gate(name: str) -> bool:
    """Whether a stage may ask for `name`: a field of deals, an own field, or something that hangs on the deal."""
    return name in _COLLECTIONS or name.startswith("custom.") or any(f.name == name for f in Deal._meta.local_fields)


def _label(name: str) -> Any:
    if name in _COLLECTIONS:
        return _COLLECTIONS[name]
    return next((f.verbose_name for f in Deal._meta.local_fields if f.name == name), name.removeprefix("custom."))


def gate_message(stage: Stage, names: list[str]) -> str:
    return _now("“%(stage)s” needs: %(fields)s.") % {"stage": stage.name, "fields": ", ".join(names)}


def is_open(deal: Deal, access: Access) -> str | None:
    """Precondition of what can be done to open deals only."""
    return None if deal.is_open else _now("This deal is closed. Reopen it first.")


def is_closed(deal: Deal, access: Access) -> str | None:
    return _now("This deal is open.") if deal.is_open else None


@verb("deals", "move_stage", label=_("Move to stage"), icon="arrow-right-left", when=is_open, bulk=True, done=_("Moved"), order=20)
def move_stage(
    deal: Deal,
    *,
    access: Access,
    stage: Annotated[Stage, Input(_("Stage"))],  # type: ignore[valid-type]  # django-stubs reads Annotated[Model] as its own
    override: Annotated[str, Input(_("Reason to go on without what the stage needs"))] = "",
) -> Deal:
    """Put an open deal into another open stage, of its own or another pipeline, and keep when and by whom.

    Refused while fields that the stage asks for are empty, unless the person may override gates (managers for their team, administrators) and says why. Does not close a deal:
    that is what win and lose are for. Moving to where it stands changes nothing.
    """
    if stage.pk == deal.stage_id:
        return deal
    if stage.kind != StageKind.OPEN:
        raise Refused(_now("“%(stage)s” closes the deal: use win or lose.") % {"stage": stage.name}, field="stage")
    names = missing(deal, stage)
    if names and not override:
        raise Refused(gate_message(stage, names), field="stage")
    if names and not (registry.get("deals").allows(deal, access, "override") or access.manages_settings):
        raise Refused(_now("Your role does not allow to skip what a stage needs."), field="override")
    enter(deal, stage, access=access, override_reason=override if names else "")
    return deal


def enter(deal: Deal, stage: Stage, *, access: Access, override_reason: str = "", **values: Any) -> None:
    """Write a new stage, and what comes with it, and the row of its history. Checks nothing."""
    now = timezone.now()
    days = Decimal((now - deal.stage_since).total_seconds()) / 86_400
    came_from = deal.stage_id
    Deal.objects.filter(pk=deal.pk).update(stage=stage, pipeline=stage.pipeline_id, stage_since=now, **values)
    StageChange.objects.create(
        deal=deal, from_stage_id=came_from, to_stage=stage, at=now, by_id=access.member_id, days=round(max(days, Decimal(0)), 2),
        override_reason=override_reason[:500],
    )  # fmt: skip
    deal.refresh_from_db()


def _probability_allowed(deal: Deal, access: Access) -> str | None:
    return is_open(deal, access)


@verb("deals", "set_probability", label=_("Set probability"), icon="percent", action="edit", when=_probability_allowed, bulk=True, order=60)
def set_probability(
    deal: Deal,
    *,
    access: Access,
    probability: Annotated[Decimal | None, Input(_("Probability"), kind="percent", hint=_("Empty: the stage's."))] = None,
) -> Deal:
    """Override the stage's probability for this deal; None goes back to the stage's. Per cent, 0 to 100."""
    if probability is not None and not 0 <= probability <= 100:
        raise Refused(_now("Enter a probability between 0 and 100."), field="probability")
    Deal.objects.filter(pk=deal.pk).update(probability=probability)
    deal.refresh_from_db()
    return deal


def probability_changed(stage_ids: list[uuid.UUID]) -> None:
    """Bring open deals in line with stages whose probability was changed. Set-based; own probabilities stay."""
    rows = Deal.objects.filter(stage__in=stage_ids, probability=None).filter(Q(outcome="open"))
    rows.update(effective_probability=0)  # any value: the database puts the stage's in its place


#: One row of history for every deal whose last one does not say where it stands now.
_HISTORY: Final = """
INSERT INTO sales_stagechange (workspace_id, id, deal_id, from_stage_id, to_stage_id, at, by_id, days, override_reason)
SELECT d.workspace_id, gen_random_uuid(), d.id, last.to_stage_id, d.stage_id, d.stage_since, %(by)s,
  CASE WHEN last.at <= d.stage_since THEN round(extract(epoch FROM d.stage_since - last.at) / 86400, 2) END, ''
FROM sales_deal d
LEFT JOIN LATERAL (
  SELECT c.to_stage_id, c.at FROM sales_stagechange c WHERE c.workspace_id = d.workspace_id AND c.deal_id = d.id ORDER BY c.at DESC, c.id DESC LIMIT 1
) AS last ON true
WHERE d.workspace_id = %(workspace)s AND d.id = ANY (%(ids)s) AND last.to_stage_id IS DISTINCT FROM d.stage_id
"""


def keep_history(deal_ids: list[uuid.UUID], *, access: Access) -> int:
    """Write what is missing of the stages that deals went through: one row for each that stands elsewhere than its last row says."""
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, {"workspace": current_workspace_id(), "ids": deal_ids, "by": access.member_id})
        return int(cursor.rowcount)
