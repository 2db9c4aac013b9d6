"""Readings: the figures of a report, its definition, and all the figures of a dashboard, for every door that reads."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.kernel.parsing import Invalid
from patron.records.kinds import View
from patron.records.readings import Answer, Built, reading
from patron.reports import files
from patron.reports.domain import dashboards, reports
from patron.reports.domain.dashboards import Board
from patron.reports.domain.reports import Named
from patron.reports.models import Dashboard, Report, Schedule
from patron.reports.schema import DEFINITION, FIGURES, TILES
from patron.reports.shipped import DASHBOARDS


def _reports(access: Access) -> list[tuple[str, str]]:
    return [(named.key, named.name) for named in reports.shipped(access)]


def _boards(access: Access) -> list[tuple[str, str]]:
    return [(b.key, b.name) for b in dashboards.shipped(access)]


_SHIPPED = Built(reports.find, _reports)


def _named(found: Report | Named) -> Named:
    return reports.of_saved(found) if isinstance(found, Report) else found


@reading("reports", "figures", label=_("Figures"), schema=FIGURES, table=True, built=_SHIPPED)
def figures(found: Report | Named, *, view: View) -> Answer:
    """The figures of a report as the reader may see them: lines, totals and comparison. As CSV this takes the right to export what it counts."""
    named = _named(found)
    result = reports.figures(named, view)
    return Answer({"report": named.name, **files.plain(result)}, lambda stream: reports.export(named, result, stream, "csv"), f"{files.slug(named.name)}.csv")


@reading("reports", "definition", label=_("Definition"), schema={"type": "object", "properties": {"name": {"type": "string"}, "description": {"type": "string"}, "definition": DEFINITION}}, built=_SHIPPED)
def definition(found: Report | Named, *, view: View) -> Answer:
    """What a report asks: send it as the `definition` of a new one to make a variant, also of those that come with Patron."""
    named = _named(found)
    return Answer({"name": named.name, "description": named.description, "definition": named.definition.stored()})


@reading("dashboards", "figures", label=_("Figures"), schema=TILES, built=Built(lambda key, access: dashboards.find(key, access) if key in DASHBOARDS else None, _boards))
def board(found: Dashboard | Board, *, view: View) -> Answer:
    """The tiles of a dashboard in order, each with its figures. A tile whose report cannot be made for the reader says why; one that they do not see is left out."""
    shown = dashboards.of_saved(found) if isinstance(found, Dashboard) else found
    return Answer({"dashboard": shown.name, "tiles": [_tile(t, view) for t in dashboards.tiles(shown, view.access)]})


def _tile(tile: dashboards.Shown, view: View) -> dict[str, Any]:
    made: dict[str, Any] = {"id": tile.id, "report": tile.report, "name": tile.name, "width": tile.width}
    named = reports.find(tile.report, view.access)
    try:
        return {**made, **({"figures": {"report": named.name, **files.plain(reports.figures(named, view))}} if named else {})}
    except Invalid as error:
        return {**made, "problem": error.message}


@reading("report-schedules", "people", label=_("People"), schema={"type": "object", "properties": {"people": {"type": "array", "items": {"type": "string", "format": "uuid"}}}})
def people(found: Schedule, *, view: View) -> Answer:
    """Ids of the people who get the report."""
    return Answer({"people": [str(pk) for pk in found.recipients.order_by("pk").values_list("member_id", flat=True)]})
