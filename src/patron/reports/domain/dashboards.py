"""Dashboards: tiles of reports, arranged by people; shipped ones live in code and are copied to be changed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.ledger.operations import operation
from patron.records import changes, perform, registry
from patron.records.verbs import Refused
from patron.reports.domain import reports, sharing
from patron.reports.models import Dashboard, Report, Tile
from patron.reports.shipped import DASHBOARDS, SHIPPED

MOST_TILES = 24
WIDTHS = (3, 4, 6, 8, 12)


@dataclass(frozen=True, slots=True)
class Shown:
    """One tile as a reader sees it: `report` is the key of its report, `id` what addresses call the tile."""

    id: str
    report: str
    name: str
    width: int


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard that can be opened: saved or shipped."""

    key: str
    name: str
    description: str
    saved: Dashboard | None = None


def find(key: str, access: Access) -> Board | None:
    """The dashboard under a key that the person sees."""
    if not access.can("dashboards", "view"):
        return None
    if key in DASHBOARDS:
        return next(b for b in shipped(access) if b.key == key)
    try:
        wanted = uuid.UUID(key)
    except ValueError:
        return None
    found = sharing.visible(Dashboard, access).filter(pk=wanted).first()
    return of_saved(found) if found else None


def all_of(access: Access) -> list[Board]:
    """The person's own, their teams' and everyone's (the default first), then the shipped ones; nothing where the person's role shows no dashboards."""
    if not access.can("dashboards", "view"):
        return []
    saved = sharing.visible(Dashboard, access).filter(sharing.addressed(access)).select_related("owner", "team").order_by("-is_default", "name")
    return [*(of_saved(d) for d in saved), *shipped(access)]


def shipped(access: Access) -> list[Board]:
    """Those that come with Patron."""
    return [Board(d.key, str(d.name), str(d.description)) for d in DASHBOARDS.values()] if access.can("dashboards", "view") else []


def of_others(access: Access) -> list[Board]:
    """What other people keep for themselves or their teams: for those who see all."""
    rows = sharing.visible(Dashboard, access).exclude(sharing.addressed(access)).select_related("owner", "team").order_by("name")
    return [of_saved(d) for d in rows] if access.manages_settings and access.can("dashboards", "view") else []


def of_saved(dashboard: Dashboard) -> Board:
    return Board(str(dashboard.pk), dashboard.name, dashboard.description, dashboard)


def tiles(board: Board, access: Access) -> list[Shown]:
    """The tiles in order; those whose report the person does not see are left out. Two queries."""
    if board.saved is None:
        found = [(t.report, t.width, reports.find(t.report, access)) for t in DASHBOARDS[board.key].tiles]
        return [Shown(key, key, named.name, width) for key, width, named in found if named]
    rows = list(Tile.objects.filter(dashboard=board.saved).order_by("position", "id"))
    seen = {r.pk: reports.of_saved(r) for r in sharing.visible(Report, access).filter(pk__in=[t.report_id for t in rows if t.report_id])}
    pairs = [(t, seen.get(t.report_id) if t.report_id else reports.find(t.shipped, access)) for t in rows]
    return [Shown(str(t.pk), named.key, named.name, t.width) for t, named in pairs if named and access.can(named.type_key, "view")]


def save(*, access: Access, name: str, scope: str, description: str = "", team_id: uuid.UUID | None = None, is_default: bool = False, dashboard: Dashboard | None = None, like: Board | None = None) -> Dashboard:
    """Name and share a dashboard, or make one; `like` copies the tiles of another. Raises `Refused`, and `NotValid` with the fields that are wrong."""
    record_type = registry.of_model(Dashboard)
    values = {"name": name, "description": description, "scope": scope, "team": team_id, "is_default": is_default}
    if dashboard is not None:
        return change(dashboard, values, access=access)
    sharing.check_make(Dashboard, access)
    with transaction.atomic(), operation("dashboards.create", access=access):
        made: Dashboard = changes.create(record_type, values, access=access)
        copied = [(t.report, t.width) for t in tiles(like, access)] if like is not None else []
        Tile.objects.bulk_create(_tile(made, key, width, i) for i, (key, width) in enumerate(copied))
    return made


def change(dashboard: Dashboard, values: dict[str, Any], *, access: Access) -> Dashboard:
    """Change the name or reach of a dashboard: the values that are given. Raises `Refused`, `NotValid`."""
    sharing.check_change(dashboard, access)
    changes.edit(registry.of_model(Dashboard), dashboard, values, access=access)
    return dashboard


def _tile(dashboard: Dashboard, key: str, width: int, position: int) -> Tile:
    return Tile(dashboard=dashboard, shipped=key if key in SHIPPED else "", report_id=None if key in SHIPPED else uuid.UUID(key), width=width, position=position)


def delete(dashboard: Dashboard, *, access: Access) -> uuid.UUID:
    """Remove a dashboard with its tiles; its reports stay. Answers the operation to undo. Raises `NotAllowed`."""
    return perform.perform(registry.verb("dashboards", "delete"), registry.of_model(Dashboard), dashboard, access=access, inputs={}).operation_id


def add(dashboard: Dashboard, report_key: str, *, access: Access, width: int = 6) -> Tile:
    """Put a report at the end. Raises `Refused`, `NotValid`."""
    sharing.check_make(Tile, access)
    if reports.find(report_key, access) is None:
        raise Refused(_("Choose a report."), field="report")
    built = report_key in SHIPPED
    values = {"dashboard": dashboard.pk, "shipped": report_key if built else "", "report": None if built else uuid.UUID(report_key), "width": width}
    made: Tile = changes.create(registry.of_model(Tile), values, access=access)
    return made


def placed(dashboard: Dashboard) -> dict[str, Tile]:
    """The tiles by id, in their order."""
    return {str(t.pk): t for t in dashboard.tiles.order_by("position", "id")}


def arrange(dashboard: Dashboard, order: Sequence[str], *, access: Access, widths: dict[str, int] | None = None, removed: Sequence[str] = ()) -> None:
    """Put the tiles in this order (those not named stay behind), with these widths, without the removed ones. Raises `Refused`."""
    sharing.check_change(dashboard, access)
    rows = placed(dashboard)
    wanted = [rows[i] for i in dict.fromkeys(order) if i in rows] + [t for i, t in rows.items() if i not in order]
    kept = [t for t in wanted if str(t.pk) not in removed]
    for position, tile in enumerate(kept):
        width = (widths or {}).get(str(tile.pk), tile.width)
        if width not in WIDTHS:
            raise Refused(_("Choose a width from the list."))
        tile.position, tile.width = position, width
    with operation("dashboards.arrange", access=access, details={"name": dashboard.name}):
        dashboard.tiles.filter(pk__in=[i for i in removed if i in rows]).delete()
        Tile.objects.bulk_update(kept, ["position", "width"])
