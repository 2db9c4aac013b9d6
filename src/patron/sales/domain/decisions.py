"""What becomes of lines: deciding, and reading decisions from plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _now

from patron.records.verbs import Refused
from patron.sales.models import Deal, DealLine, LostReason
from patron.sales.rules import Split

_ZERO = Decimal(0)
OUTCOMES = ("won", "lost", "deferred")


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one line: quantities that are added to what was decided before. `reason` is for the lost part."""

    line: DealLine
    won: Decimal = _ZERO
    lost: Decimal = _ZERO
    deferred: Decimal = _ZERO
    reason: LostReason | None = None


def split_of(line: DealLine) -> Split:
    """The line's quantities as `rules` wants them."""
    return Split(line.quantity, line.won_quantity, line.lost_quantity, line.deferred_quantity)


def decide(decisions: Iterable[Decision]) -> None:
    """Write what became of lines. Refuses quantities that do not fit, and a loss without a reason."""
    for decision in decisions:
        line = decision.line
        after = Split(line.quantity, line.won_quantity + decision.won, line.lost_quantity + decision.lost, line.deferred_quantity + decision.deferred)
        if min(decision.won, decision.lost, decision.deferred) < 0 or after.fault():
            raise Refused(
                _now("“%(line)s”: only %(open)s of it is undecided.") % {"line": line, "open": split_of(line).open.normalize()}, field="lines"
            )
        if decision.lost and decision.reason is None:
            raise Refused(_now("“%(line)s”: choose a lost reason.") % {"line": line}, field="lines")
        values: dict[str, Any] = {"won_quantity": after.won, "lost_quantity": after.lost, "deferred_quantity": after.deferred}
        if decision.lost:
            values["lost_reason"] = decision.reason
        DealLine.objects.filter(pk=line.pk).update(**values)


def read(deal: Deal, rows: Iterable[Mapping[str, Any]]) -> list[Decision]:
    """Decisions from plain values: `{"line", "outcome", "quantity", "reason"}`, or quantities under "won", "lost" and "deferred".

    No quantity means all that is undecided. Refuses lines of other deals, unknown outcomes and what is no quantity; rows that decide
    nothing are left out.
    """
    lines = {str(line.pk): line for line in deal.lines.filter(archived_at=None)}
    reasons = {str(reason.pk): reason for reason in LostReason.objects.filter(archived_at=None)}
    found = []
    for row in rows:
        line = lines.get(str(row.get("line", "")))
        if line is None:
            raise Refused(_now("One of the lines is not in this deal any more. Reload the page."), field="lines")
        parts = _parts(row, line)
        if any(parts.values()):
            found.append(Decision(line, reason=reasons.get(str(row.get("reason") or "")), **parts))
    return found


def _parts(row: Mapping[str, Any], line: DealLine) -> dict[str, Decimal]:
    outcome = row.get("outcome")
    if outcome is None:
        return {name: _quantity(row.get(name)) for name in OUTCOMES}
    if outcome not in OUTCOMES:
        raise Refused(_now("A line is won, lost or deferred."), field="lines")
    return {str(outcome): _quantity(row["quantity"]) if row.get("quantity") else split_of(line).open}


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows in a form's text: `line=won`, `line=lost:reason` and `line=deferred`, separated by commas; a quantity may follow (`won:2`)."""
    rows = []
    for token in filter(None, (part.strip() for part in text.split(","))):
        line, _equals, rest = token.partition("=")
        outcome, *more = rest.split(":")
        row = {"line": line, "outcome": outcome}
        if outcome == "lost" and more:
            row["reason"] = more.pop(0)
        if more:
            row["quantity"] = more[0]
        rows.append(row)
    return rows


def _quantity(value: Any) -> Decimal:
    try:
        number = Decimal(str(value or 0).strip())
    except ArithmeticError:
        number = Decimal("NaN")
    if not number.is_finite():
        raise Refused(_now("Enter quantities as numbers, such as 2 or 1.5."), field="lines")
    return number
