"""How deals come into being: number, first stage, first line of history."""

from __future__ import annotations

from typing import Any

from patron.identity.access import Access
from patron.kernel.numbering import next_number
from patron.sales.domain.money import rate_on_day
from patron.sales.domain.stages import default_pipeline, keep_history, stage_of_kind
from patron.sales.enums import StageKind
from patron.sales.models import Deal

SERIES, FIRST = "deals", 1001


def numbered(number: int) -> str:
    return f"D-{number}"


def defaults(access: Access) -> dict[str, Any]:
    """A deal begins in the first open stage of the default pipeline, in the workspace's currency, with whoever makes it as owner.

    The pipeline itself is no default: it follows from the stage, which may be one of another pipeline.
    """
    pipeline = default_pipeline()
    found: dict[str, Any] = {"currency": access.workspace.currency}
    if access.member_id:
        found["owner"] = access.member_id
    if pipeline is not None:
        found["stage"] = stage_of_kind(pipeline.pk, StageKind.OPEN).pk
    return found


def open_deal(*, access: Access, **values: Any) -> Deal:
    """Make a deal from model values under `defaults`. Needs an open operation; checks no rights."""
    pipeline = values.get("pipeline") or values.get("pipeline_id")
    if pipeline is not None and not {"stage", "stage_id"} & values.keys():
        values["stage"] = stage_of_kind(getattr(pipeline, "pk", pipeline), StageKind.OPEN)
    given = {name.removesuffix("_id") for name in values}
    start = {f"{n}_id" if n != "currency" else n: v for n, v in defaults(access).items() if n not in given}
    deal = Deal(**start, **values)
    deal.save(force_insert=True)
    opened(deal, access=access)
    return deal


def opened(deal: Deal, *, access: Access) -> None:
    """What follows when a row of a new deal is there: its number, the day it was opened, its rate, the first stage of its history."""
    deal.refresh_from_db()
    rate = rate_on_day(deal.currency, deal.closed_on or access.today(), access=access)
    values: dict[str, Any] = {"rate": rate, "opened_on": deal.opened_on or access.today()}
    if not deal.number:
        values["number"] = numbered(next_number(SERIES, start=FIRST))
    Deal.objects.filter(pk=deal.pk).update(**values)
    keep_history([deal.pk], access=access)
    deal.refresh_from_db()
