"""How deals end: won, partly won, lost, deferred, and opened again (D2)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any

from django.db.models import F, Sum
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.kernel.db import prepared
from patron.records.verbs import Input, Refused, verb
from patron.sales.domain import decisions, parties, reviews, stages
from patron.sales.domain.amounts import recompute
from patron.sales.domain.decisions import Decision, decide, split_of
from patron.sales.domain.deferring import defer_lines
from patron.sales.domain.money import rate_at_close
from patron.sales.enums import Outcome, RivalOutcome, StageKind
from patron.sales.models import Competitor, Deal, DealCompetitor, DealLine, LostReason, Stage
from patron.sales.rules import STAGE_KIND, deal_outcome

_ZERO = Decimal(0)
AfterClose = Callable[[Deal, Access], None]
_after: list[AfterClose] = []


def after_close(consequence: AfterClose) -> AfterClose:
    """Register what follows in other contexts when a verb closes a deal, in the same transaction (`flows.deal_won`). Imports do not call it."""
    _after.append(consequence)
    return consequence


def open_lines(deal: Deal) -> list[DealLine]:
    """The lines of which something is undecided, in order."""

    def build(deal: uuid.UUID) -> Any:
        return DealLine.objects.filter(deal=deal, archived_at=None, outcome="open").order_by("position", "id").select_related("product")

    found = prepared.rows("sales.open_lines", build, deal=deal.pk)
    for line in found:
        line.deal = deal
    return found


def settle(deal: Deal, *, access: Access, closed_on: datetime.date | None = None, **loss: Any) -> Deal:
    """Close the deal when its lines say so: outcome, amounts, stage, the account's status, reviews, the deal with what was deferred.

    Leaves it open while a quantity is undecided. `loss` may carry lost_reason, lost_note and lost_to; where a lost deal has no reason of
    its own it takes the one that cost most. Reviews and the deal that goes on are made here and nowhere else.
    """
    lines = list(deal.lines.filter(archived_at=None))
    outcome = deal_outcome(map(split_of, lines))
    undecided = [line for line in lines if split_of(line).open]
    if undecided:
        recompute([deal.pk])
        deal.refresh_from_db()
        return deal
    if outcome == Outcome.OPEN:
        raise Refused(_now("Nothing would be won or lost. Move the expected close date instead of deferring everything."), field="lines")
    if outcome == Outcome.LOST and not loss.get("lost_reason"):
        loss["lost_reason"] = _costliest_reason(deal)
    return _close(deal, outcome, access=access, closed_on=closed_on, **loss)


def _costliest_reason(deal: Deal) -> LostReason | None:
    lost = deal.lines.filter(archived_at=None, lost_quantity__gt=0, lost_reason__isnull=False)
    line = lost.select_related("lost_reason").order_by(F("lost_value").desc(nulls_last=True), "position", "id").first()
    return line.lost_reason if line else None


def _close(deal: Deal, outcome: Outcome, *, access: Access, closed_on: datetime.date | None, **loss: Any) -> Deal:
    if outcome != Outcome.LOST and deal.account_id is None:
        raise Refused(_now("Choose the account first: a won deal belongs to somebody."), field="account")
    stage = stages.stage_of_kind(deal.pipeline_id, STAGE_KIND[outcome])
    defer_lines(deal, access=access)
    recompute([deal.pk])
    day = closed_on or access.today()
    if outcome == Outcome.WON:
        loss = {}
    values: dict[str, Any] = {
        "outcome": outcome,
        "closed_on": day,
        "history": False,
        "rate": rate_at_close(deal.currency, day, access=access),
        **loss,
    }
    if outcome == Outcome.PARTIALLY_WON:
        sums = deal.lines.filter(archived_at=None).aggregate(won=Sum("won_value"), lost=Sum("lost_value"))
        values |= {"won_amount": sums["won"] or _ZERO, "lost_amount": sums["lost"] or _ZERO}
    stages.enter(deal, stage, access=access, **values)
    if outcome != Outcome.LOST:
        parties.sold_to([deal.account_id], access=access, cause="deal won")
    _rivals(deal, loss.get("lost_to"))
    reviews.open_reviews(deal, access=access)
    for consequence in _after:
        consequence(deal, access)
    return deal


def _rivals(deal: Deal, lost_to: Competitor | None) -> None:
    """Who beat us, or was beaten. A competitor nobody had noted is added."""
    undecided = DealCompetitor.objects.filter(deal=deal, outcome=RivalOutcome.OPEN)
    if lost_to is not None and not DealCompetitor.objects.filter(deal=deal, competitor=lost_to).update(outcome=RivalOutcome.LOST_TO):
        DealCompetitor.objects.create(deal=deal, competitor=lost_to, outcome=RivalOutcome.LOST_TO)
    if deal.outcome == Outcome.WON:
        undecided.update(outcome=RivalOutcome.BEATEN)


@verb("deals", "win", label=_("Mark as won"), icon="circle-check", when=stages.is_open, bulk=True, tone="good", primary=True, done=_("Won"), order=10)
def win_deal(
    deal: Deal, *, access: Access, closed_on: Annotated[datetime.date | None, Input(_("Closed on"), hint=_("Empty: today."))] = None
) -> Deal:
    """Win everything that is undecided. The deal is won, or partially won where lines were lost before (D2).

    Needs an account; one that is blacklisted may still win deals (it blocks quotes, orders and jobs). Counts for the account's status as
    the order would. Makes no order, subscription or project: those come through `flows`.
    """
    if deal.account_id is None:
        raise Refused(_now("Choose the account first: a won deal belongs to somebody."), field="account")
    _not_ahead(closed_on, access)
    if not deal.lines.filter(archived_at=None).exists():
        return _close(deal, Outcome.WON, access=access, closed_on=closed_on)
    decide([Decision(line, won=split_of(line).open) for line in open_lines(deal)])
    return settle(deal, access=access, closed_on=closed_on)


@verb("deals", "lose", label=_("Mark as lost"), icon="circle-x", when=stages.is_open, bulk=True, tone="bad", done=_("Lost"), order=12)
def lose_deal(
    deal: Deal,
    *,
    access: Access,
    reason: Annotated[LostReason, Input(_("Lost reason"))],  # type: ignore[valid-type]  # django-stubs reads Annotated[Model] as its own
    note: Annotated[str, Input(_("What happened"), kind="long_text")] = "",
    competitor: Annotated[Competitor | None, Input(_("Lost to"))] = None,
    closed_on: Annotated[datetime.date | None, Input(_("Closed on"), hint=_("Empty: today."))] = None,
) -> Deal:
    """Lose everything that is undecided, for a reason. Partially won where a line was won before (D2).

    Opens a review for the reason's consultant group, due after the days that the reason names; none where it has no group.
    """
    _not_ahead(closed_on, access)
    loss = {"lost_reason": reason, "lost_note": note, "lost_to": competitor}
    if not deal.lines.filter(archived_at=None).exists():
        return _close(deal, Outcome.LOST, access=access, closed_on=closed_on, **loss)
    decide([Decision(line, lost=split_of(line).open, reason=reason) for line in open_lines(deal)])
    return settle(deal, access=access, closed_on=closed_on, **loss)


def close_lines(deal: Deal, chosen: Iterable[Decision], *, access: Access, closed_on: datetime.date | None = None, **loss: Any) -> Deal:
    """Decide several lines at once and settle the deal. Lines left out stay as they are, and then the deal stays open."""
    _not_ahead(closed_on, access)
    decide(chosen)
    return settle(deal, access=access, closed_on=closed_on, **loss)


def _has_open_lines(deal: Deal, access: Access) -> str | None:
    return stages.is_open(deal, access) or (None if open_lines(deal) else _now("This deal has no lines. Win or lose it as a whole."))


def _dialog(deal: Deal, access: Access, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the dialog shows: the undecided lines, how much of each is open, and the reasons for losing."""
    lines = open_lines(deal)
    return {"lines": lines, "left": {line.pk: split_of(line).open for line in lines}, "reasons": list(LostReason.objects.filter(archived_at=None).order_by("order", "name"))}


@verb(
    "deals", "close_lines", label=_("Close line by line"), icon="list-checks", when=_has_open_lines, done=_("Closed"), order=11,
    template="sales/close_lines.html", context=_dialog,
)  # fmt: skip
def close_line_by_line(
    deal: Deal,
    *,
    access: Access,
    lines: Annotated[
        str, Input(_("Lines"), kind="long_text", hint=_("line=won, line=lost:reason or line=deferred, separated by commas; won:2 for a part."))
    ],
    note: Annotated[str, Input(_("What happened"), kind="long_text")] = "",
    competitor: Annotated[Competitor | None, Input(_("Lost to"))] = None,
    closed_on: Annotated[datetime.date | None, Input(_("Closed on"), hint=_("Empty: today."))] = None,
) -> Deal:
    """Say of each line whether it was won, lost (for a reason) or deferred; the outcome of the deal follows (D2).

    `lines` comes as text from the dialog, or from the API as a list of `{"line", "won", "lost", "deferred", "reason"}` with quantities.
    A line that is left out stays open, and so does the deal.
    """
    rows = decisions.rows_of(lines) if isinstance(lines, str) else lines
    loss = {"lost_note": note, "lost_to": competitor}
    return close_lines(deal, decisions.read(deal, rows), access=access, closed_on=closed_on, **loss)


def _not_ahead(day: datetime.date | None, access: Access) -> None:
    if day is not None and day > access.today():
        raise Refused(_now("A deal cannot close on a day to come."), field="closed_on")


@verb("deals", "reopen", label=_("Reopen"), icon="rotate-ccw", when=stages.is_closed, done=_("Reopened"), order=14)
def reopen_deal(deal: Deal, *, access: Access, stage: Annotated[Stage | None, Input(_("Stage"), hint=_("Empty: the last open one."))] = None) -> Deal:
    """Open a closed deal again: nothing of it counts as won or lost any more, its open reviews are withdrawn.

    What was deferred stays with the deal that goes on with it. The account's status follows.
    """
    target = stage or _last_open_stage(deal)
    if target.kind != StageKind.OPEN:
        raise Refused(_now("Choose an open stage."), field="stage")
    deal.lines.update(won_quantity=0, lost_quantity=0, lost_reason=None, history=False)
    stages.enter(
        deal, target, access=access, outcome=Outcome.OPEN, closed_on=None, history=False, won_amount=0, lost_amount=0,
        lost_reason=None, lost_note="", lost_to=None,
    )  # fmt: skip
    DealCompetitor.objects.filter(deal=deal).exclude(outcome=RivalOutcome.WITHDREW).update(outcome=RivalOutcome.OPEN)
    reviews.withdraw(deal)
    parties.sold_to([deal.account_id], access=access, cause="deal reopened")
    return deal


def _last_open_stage(deal: Deal) -> Stage:
    """Where the deal stood before it was closed; the last open stage of its pipeline where that is not known."""
    known = stages.stages_of(deal.pipeline_id, StageKind.OPEN)
    left = deal.stage_changes.filter(from_stage__in=[stage.pk for stage in known]).order_by("-at", "-id").values_list("from_stage", flat=True).first()
    if not known:
        return stages.stage_of_kind(deal.pipeline_id, StageKind.OPEN)  # says what is missing
    return next((stage for stage in known if stage.pk == left), known[-1])
