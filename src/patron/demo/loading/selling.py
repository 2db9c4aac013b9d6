"""Deals with all that hangs on them, and the reviews of what was lost."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

from patron.demo.loading.book import Book, stamps, uuid_at, write
from patron.demo.loading.touching import Touches
from patron.demo.story import things
from patron.kernel.numbering import draw
from patron.sales.domain.opening import FIRST, SERIES, numbered
from patron.sales.enums import LineOutcome
from patron.sales.models import Deal, DealCompetitor, DealLine, DealMember, DealReview, StageChange, Stakeholder

QUANTITIES = {LineOutcome.WON: ("won_quantity",), LineOutcome.LOST: ("lost_quantity",), LineOutcome.DEFERRED: ("deferred_quantity", "moved_quantity")}


def load(book: Book, touches: Touches) -> None:
    """Write deals, lines, people, rivals, the stages they went through, and reviews. The database settles outcome and probability as always."""
    _number(book)
    leads = {lead.qualification.deal: lead.key for lead in book.story.leads if lead.qualification and lead.qualification.deal}
    deals = book.story.deals
    write(Deal, (_deal(book, deal, touches, deal.lead or leads.get(deal.key)) for deal in deals))
    products = {product.key: product.name for product in book.story.products}
    write(DealLine, (_line(book, deal, line, place, products) for deal in deals for place, line in enumerate(deal.lines, 1)))
    _around(book)
    write(StageChange, (change for deal in deals for change in _changes(book, deal)))
    reviewed = {deal.key: deal for deal in deals}
    write(DealReview, (_review(book, review, reviewed[review.deal], products) for review in book.story.reviews))


def _number(book: Book) -> None:
    in_order = sorted(book.story.deals, key=lambda deal: (deal.created_at, deal.key))
    first = draw(SERIES, len(in_order), start=FIRST)
    book.numbers.update({deal.key: numbered(first + place) for place, deal in enumerate(in_order)})


def moves_of(book: Book, deal: things.Deal) -> tuple[things.StageMove, ...]:
    """The moves that are history already; the newest one of some deals is made afterwards."""
    return deal.moves[:-1] if book.held.get(("deals", deal.key)) == "stage" else deal.moves


def _deal(book: Book, deal: things.Deal, touches: Touches, lead: str | None) -> Deal:
    last, closed = moves_of(book, deal)[-1], book.day(deal.closed_at) if deal.closed_at else None
    held = book.held.get(("deals", deal.key))
    lost_to = next((rival.competitor for rival in deal.rivals if rival.outcome == "lost_to"), None)
    record = book.ref(things.Ref("deals", deal.key))
    won = deal.outcome == "partially_won"
    return Deal(
        id=record.id, number=book.numbers[deal.key], name=deal.name, account_id=book.maybe("accounts", deal.account),
        lead_id=book.maybe("leads", lead), contact_id=book.maybe("contacts", deal.stakeholders[0].contact if deal.stakeholders else None),
        owner_id=book.person(deal.owner), pipeline_id=book.id("pipelines", deal.pipeline), stage_id=book.id("stages", last.stage),
        stage_since=last.at, outcome=deal.outcome, probability=None if held == "probability" else deal.probability,
        opened_on=book.day(deal.created_at), expected_close=deal.close_date, closed_on=closed, currency=deal.currency,
        rate=book.rate(deal.currency, closed or book.day(book.now)), **_totals(deal.lines),
        won_amount=deal.won_value if won else 0, lost_amount=deal.lost_value if won else 0,
        source_id=book.maybe("lead_sources", deal.source), lost_reason_id=book.maybe("lost_reasons", deal.lost_reason), lost_note=deal.lost_note,
        lost_to_id=book.maybe("competitors", lost_to), next_step="" if held == "next_step" else deal.next_step, description=deal.description,
        deferred_from_id=book.maybe("deals", deal.continues), last_activity_at=touches.last(record), next_activity_at=touches.next(record),
        tags=book.tags(deal.tags), **stamps(deal.created_at, last.at),
    )  # fmt: skip


def _totals(lines: Iterable[things.DealLine]) -> dict[str, Any]:
    """The sums as `sales.domain.amounts` makes them: what went on in another deal counts there; nothing to add up is no sum."""
    kept = [line for line in lines if line.outcome != LineOutcome.DEFERRED]
    once = [line for line in kept if line.frequency == "one_off"]
    again = [line for line in kept if line.frequency != "one_off"]
    zero = Decimal(0)
    everything = list(lines)
    has_once, has_again = (any((line.frequency == "one_off") == which for line in everything) for which in (True, False))
    value = sum((line.value for line in kept), zero)
    return {
        "one_off_total": sum((line.value for line in once), zero) if has_once else None,
        "mrr": sum((line.monthly for line in again), zero) if has_again else None,
        "tcv": value, "amount": value, "cost_total": sum((line.total_cost for line in kept), zero),
    }  # fmt: skip


def _line(book: Book, deal: things.Deal, line: things.DealLine, place: int, products: dict[str, str]) -> DealLine:
    parts = dict.fromkeys(QUANTITIES.get(LineOutcome(line.outcome), ()), line.quantity)
    return DealLine(
        id=book.id("lines", line.key), deal_id=book.id("deals", deal.key), product_id=book.id("products", line.product),
        description=products[line.product], spec=line.description, quantity=line.quantity, unit=line.unit, unit_price=line.unit_price,
        discount=line.discount, frequency=line.frequency, commitment_months=line.commitment_months, unit_cost=line.unit_cost,
        lost_reason_id=book.maybe("lost_reasons", line.lost_reason), position=place, **parts, **stamps(deal.created_at, deal.closed_at),
    )  # fmt: skip


def _around(book: Book) -> None:
    deals = [(deal, book.id("deals", deal.key), stamps(deal.created_at)) for deal in book.story.deals]
    write(DealMember, (
        DealMember(id=uuid_at(deal.created_at), deal_id=pk, member_id=book.id("people", m.person), role=m.role, **made)
        for deal, pk, made in deals for m in deal.team
    ))  # fmt: skip
    write(Stakeholder, (
        Stakeholder(
            id=uuid_at(deal.created_at), deal_id=pk, contact_id=book.id("contacts", s.contact), role=s.role, influence=s.influence,
            sentiment=s.sentiment, **made,
        )
        for deal, pk, made in deals for s in deal.stakeholders
    ))  # fmt: skip
    write(DealCompetitor, (
        DealCompetitor(
            id=uuid_at(deal.created_at), deal_id=pk, competitor_id=book.id("competitors", r.competitor), outcome=r.outcome, strengths=r.note, **made
        )
        for deal, pk, made in deals for r in deal.rivals
    ))  # fmt: skip


def _changes(book: Book, deal: things.Deal) -> Iterator[StageChange]:
    """One row for each move; the first has no stage that it came from."""
    pk, moves = book.id("deals", deal.key), moves_of(book, deal)
    first = moves[0]
    yield _change(book, pk, first)
    for before, after in pairwise(moves):
        stood = round(Decimal((after.at - before.at).total_seconds()) / 86_400, 2)
        yield _change(book, pk, after, from_stage_id=book.id("stages", before.stage), days=stood)


def _change(book: Book, deal: Any, move: things.StageMove, **came: Any) -> StageChange:
    return StageChange(id=uuid_at(move.at), deal_id=deal, to_stage_id=book.id("stages", move.stage), at=move.at, by_id=book.person(move.by), **came)


def _review(book: Book, review: things.Review, deal: things.Deal, products: dict[str, str]) -> DealReview:
    """Of the whole deal, or of the line that was the greatest loss where the rest was won."""
    lost = [line for line in deal.lines if line.outcome == LineOutcome.LOST]
    line = max(lost, key=lambda line: line.value) if deal.outcome == "partially_won" and lost else None
    name = f"{book.numbers[deal.key]} {deal.name}" + (f" – {products[line.product]}" if line else "")
    found: datetime.datetime | None = review.found_at
    return DealReview(
        id=book.id("deal-reviews", review.key), name=name[:300], deal_id=book.id("deals", deal.key), line_id=book.maybe("lines", line.key if line else None),
        lost_reason_id=book.id("lost_reasons", review.reason), team_id=book.id("teams", review.group), assignee_id=book.person(review.assignee),
        due=review.due, state=review.state, finding=review.finding, winnable=review.winnable, done_at=found, done_by_id=book.person(review.found_by),
        **stamps(review.created_at, found),
    )  # fmt: skip
