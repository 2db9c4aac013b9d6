"""The pipeline board."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from patron.kernel.web import render
from patron.records import describe, registry, saved_views
from patron.records.keyset import Sort, decode
from patron.records.kinds import Invalid, View
from patron.records.listing import Lister, ListState
from patron.records.record_type import RecordType
from patron.records.views.base import href, view_of
from patron.sales.board import BOARD, Lane, shows
from patron.sales.cards import ACTS, cards
from patron.sales.domain import kept
from patron.sales.domain.kept import Deals
from patron.sales.domain.stages import default_pipeline
from patron.sales.models import Pipeline, Stage

#: Verbs that the menu of a card offers below the stages; each opens its dialog.
ENDINGS = ("win", "close_lines", "lose")
#: What the sums over a column are made of.
_WORTH = ("amount", "base_amount")
_WEIGHTED = (*_WORTH, "weighted")


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """The open deals of a pipeline by stage, with the totals of the whole filter. A filter that cannot be read says so and is left out."""
    record_type, view = _deals(request)
    state, problem = _state(request, record_type, view)
    lister = Lister(record_type, view, state)
    pipelines = list(Pipeline.objects.filter(archived_at=None).order_by("order", "id"))
    pipeline = next((p for p in pipelines if str(p.pk) == request.GET.get("pipeline")), None) or default_pipeline()
    try:
        lanes = BOARD.lanes(_deals_of(lister), pipeline.pk, _sort(lister), access=view.access) if pipeline else []
    except Invalid as error:
        problem, state = error.message, ListState(sort=BOARD.sort)
        lister = Lister(record_type, view, state)
        lanes = BOARD.lanes(_deals_of(lister), pipeline.pk, _sort(lister), access=view.access) if pipeline else []
    context = _context(record_type, view, lister, lanes, pipeline, pipelines)
    return render(request, "sales/board.html", {**context, "problem": problem}, status=400 if problem else 200)


@require_safe
def more(request: HttpRequest, slug: str, stage_id: uuid.UUID) -> HttpResponse:
    """The next cards of one column."""
    record_type, view = _deals(request)
    state, _problem = _state(request, record_type, view)
    stage = Stage.objects.filter(pk=stage_id).first()
    if stage is None:
        raise Http404
    lister = Lister(record_type, view, state)
    try:
        lane = BOARD.more(lister.queryset(), stage, _sort(lister), decode(request.GET.get("edge", "")), access=view.access)
    except Invalid as error:
        raise Http404 from error
    column = _column(lane, view, state, record_type, stage.pipeline_id)
    return render(request, "sales/board.html", {"column": column}, block="cards")


def _deals_of(lister: Lister) -> Deals:
    """What the board adds up: all deals where nothing narrows them, by the sums that are kept of them, else rows."""
    state = lister.state
    return kept.part(lister.queryset()) if state.filter or state.words or state.archived else kept.whole(lister.view.access)


def _deals(request: HttpRequest) -> tuple[RecordType, View]:
    record_type, view = registry.get("deals"), view_of(request)
    if not view.access.can(record_type.key, "view"):
        raise Http404
    return record_type, view


def _state(request: HttpRequest, record_type: RecordType, view: View) -> tuple[ListState, str]:
    """What the address says, with the board's own order where it says none."""
    try:
        state = ListState.read(request.GET, saved_views.named(record_type.key, request.GET.get("view", ""), view.access))
    except Invalid as error:
        return ListState(sort=BOARD.sort), error.message
    return (state if state.sort in BOARD.sorts else replace(state, sort=BOARD.sort)), ""


def _sort(lister: Lister) -> Sort:
    return lister.sort()


def _query(state: ListState, pipeline_id: Any, **changes: Any) -> str:
    """The address of the board in another state; the pipeline goes along."""
    rest = state.query(**changes)
    return f"pipeline={pipeline_id}" + (f"&{rest}" if rest else "")


def _context(record_type: RecordType, view: View, lister: Lister, lanes: list[Lane], pipeline: Any, pipelines: list[Any]) -> dict[str, Any]:
    access, state, fmt = view.access, lister.state, view.fmt
    here, table = href(access, "deals", "board"), href(access, "deals")
    pipeline_id = pipeline.pk if pipeline else ""
    totals = [lane.totals for lane in lanes]
    rotting = sum(t.rotting for t in totals) if shows(access, "stage_since") else 0
    base_value, weighted_value = (_sum(values, view) for values in ([t.base for t in totals], [t.weighted for t in totals]))
    chips = describe.chips(record_type, state.filter, view, state, here)
    return {
        "record_type": record_type, "here": here, "table": table, "state": state, "pipeline": pipeline,
        "pipelines": [{"name": p.name, "url": f"{here}?{_query(state, p.pk)}", "current": p.pk == pipeline_id} for p in pipelines],
        "moves": [(lane.stage.pk, lane.stage.name) for lane in lanes],
        "endings": [registry.verb("deals", name) for name in ENDINGS] if access.can("deals", "act") else [],
        "columns": [_column(lane, view, state, record_type, pipeline_id) for lane in lanes],
        "open_value": base_value if shows(access, *_WORTH) else "", "weighted_value": weighted_value if shows(access, *_WEIGHTED) else "",
        "open_text": _open_text(sum(t.count for t in totals), view), "rotting": rotting,
        "rotting_text": ngettext("%(n)s rotting", "%(n)s rotting", rotting) % {"n": fmt.number(rotting)},
        "chips": [{**c, "remove": f"{c['remove']}&pipeline={pipeline_id}"} for c in chips],
        "query": _query(state, pipeline_id), "pairs": [("pipeline", str(pipeline_id))],
        "sorts": [{"label": _sort_label(record_type, name), "url": f"{here}?{_query(state, pipeline_id, sort=name)}", "current": name == state.sort} for name in BOARD.sorts if shows(access, name.lstrip("-"))],
        "sort_label": _sort_label(record_type, state.sort), "may_create": access.can("deals", "create"), "filtered": bool(state.filter or state.words),
    }  # fmt: skip


def _sum(values: list[Decimal], view: View) -> str:
    return view.fmt.money(sum(values, start=Decimal(0)) if values else None, view.access.workspace.currency, cents=False)


def _sort_label(record_type: RecordType, name: str) -> str:
    label = str(record_type.fields[name.lstrip("-")].label)
    return label[:1].upper() + label[1:]


def _open_text(count: int, view: View) -> str:
    return ngettext("open in %(n)s deal", "open in %(n)s deals", count) % {"n": view.fmt.number(count)}


def _column(lane: Lane, view: View, state: ListState, record_type: RecordType, pipeline_id: Any) -> dict[str, Any]:
    """A column as the kit's macro wants it."""
    access, fmt, totals = view.access, view.fmt, lane.totals
    total, weighted = _sum([totals.base], view) if shows(access, *_WORTH) else "", _sum([totals.weighted], view) if shows(access, *_WEIGHTED) else ""
    mix = {} if not shows(access, "next_activity_at") else {"today": totals.next_today, "planned": totals.next_planned, "overdue": totals.next_overdue, "none": totals.next_none}
    edge = f"{href(access, 'deals', 'board', lane.stage.pk)}?{_query(state, pipeline_id)}&edge={lane.after}" if lane.after else ""
    return {
        "id": lane.stage.pk, "label": lane.stage.name, "count": fmt.number(totals.count), "probability": fmt.number(lane.stage.probability.normalize()),
        "total": total, "weighted": weighted,
        "mix": [(ACTS[key][1], n) for key, n in mix.items()],
        "mix_label": mix and _("Next activities: ") + ", ".join(f"{n} {str(ACTS[key][2]).lower()}" for key, n in mix.items() if n),
        "add": f"{href(access, 'deals', 'new')}?stage={lane.stage.pk}" if access.can("deals", "create") else "",
        "cards": cards(lane.cards, lane.stage, view), "more": edge,
    }  # fmt: skip
