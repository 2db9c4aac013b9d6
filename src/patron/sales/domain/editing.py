"""What may be changed on a deal by hand, and what follows from it."""

from __future__ import annotations

from django.utils.translation import gettext as _now

from patron.identity.access import Access
from patron.sales.domain import parties
from patron.sales.domain.amounts import recompute
from patron.sales.domain.money import rate_on_day
from patron.sales.domain.opening import opened
from patron.sales.domain.stages import gate_message, keep_history, missing, stages_of
from patron.sales.enums import StageKind
from patron.sales.models import Deal, Stage

_FORMER = "_former_account"  # whose deal it was before the edit that is under way


def faults(deal: Deal, *, access: Access, changed: set[str]) -> dict[str, str]:
    """Why a deal cannot be saved as it is: {field: message}. Moves a deal whose pipeline was changed to a stage of the new one."""
    found = _stage_faults(deal, changed)
    if "account" in changed and not deal._state.adding:
        deal.__dict__[_FORMER] = Deal.objects.values_list("account_id", flat=True).get(pk=deal.pk)
    if deal.closed_on and deal.is_open:
        found["closed_on"] = _now("An open deal has no closing day. Win or lose it instead.")
    elif "closed_on" in changed and deal.closed_on and deal.closed_on > access.today():
        found["closed_on"] = _now("A deal cannot close on a day to come.")
    elif "closed_on" in changed and not deal.closed_on and not deal.is_open and not deal.history:
        found["closed_on"] = _now("Enter the day on which the deal closed.")
    if not deal.is_open:
        for name in changed & {"amount", "currency"}:
            found[name] = _now("This is part of how the deal ended. Reopen it first.")
        if "account" in changed and deal.is_won and deal.account_id is None:
            found["account"] = _now("A won deal belongs to somebody.")
    elif "amount" in changed and deal.tcv is not None:
        found["amount"] = _now("The amount follows from the lines. Change the lines.")
    return found


def _stage_faults(deal: Deal, changed: set[str]) -> dict[str, str]:
    if not {"stage", "pipeline"} & changed:
        return {}
    if "stage" not in changed and deal.pipeline_id is not None:
        first = stages_of(deal.pipeline_id, StageKind.OPEN)
        if not first:
            return {"pipeline": _now("This pipeline has no open stage.")}
        deal.stage = first[0]
    stage = Stage.objects.filter(pk=deal.stage_id).first()
    if stage is None:
        return {}
    if not deal.is_open:
        return {"stage": _now("This deal is closed. Reopen it first.")}
    if stage.kind != StageKind.OPEN:
        return {"stage": _now("“%(stage)s” closes the deal: use win or lose.") % {"stage": stage.name}}
    if {"stage", "pipeline"} <= changed and deal.pipeline_id not in (None, stage.pipeline_id):
        return {"stage": _now("“%(stage)s” is a stage of another pipeline.") % {"stage": stage.name}}
    names = missing(deal, stage)
    return {"stage": gate_message(stage, names)} if names else {}


def saved(deal: Deal, *, access: Access, created: bool, changed: set[str]) -> None:
    """What follows when a deal was written by hand: history, rate, the account's status."""
    if created:
        opened(deal, access=access)
        return
    keep_history([deal.pk], access=access)
    if {"currency", "closed_on"} & changed:
        Deal.objects.filter(pk=deal.pk).update(rate=rate_on_day(deal.currency, deal.closed_on or access.today(), access=access))
    if "currency" in changed:
        deal.lines.update(currency=deal.currency)
        recompute([deal.pk])
    if {"account", "closed_on"} & changed and deal.is_won:
        parties.sold_to([deal.account_id, deal.__dict__.pop(_FORMER, None)], access=access, cause="deal changed")
    deal.refresh_from_db()
