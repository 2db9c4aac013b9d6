"""Dashboards: tiles of reports, arranged by people; shipped ones live in code and are copied to be changed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.ledger.operations import operation
from patron.records.models import ViewScope
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
    if key in DASHBOARDS:
        shipped = DASHBOARDS[key]
        return Board(key, str(shipped.name), str(shipped.description))
    try:
        wanted = uuid.UUID(key)
    except ValueError:
        return None
    found = sharing.visible(Dashboard, access).filter(pk=wanted).first()
    return _of(found) if found else None


def all_of(access: Access) -> list[Board]:
    """Saved ones (the default first), then the shipped ones."""
    saved = sharing.visible(Dashboard, access).order_by("-is_default", "name")
    return [*(_of(d) for d in saved), *(Board(d.key, str(d.name), str(d.description)) for d in DASHBOARDS.values())]


def _of(dashboard: Dashboard) -> Board:
    return Board(str(dashboard.pk), dashboard.name, dashboard.description, dashboard)


def tiles(board: Board, access: Access) -> list[Shown]:
    """The tiles in order; those whose report the person does not see are left out. Two queries."""
    if board.saved is None:
        found = [(t.report, t.width, reports.find(t.report, access)) for t in DASHBOARDS[board.key].tiles]
        return [Shown(key, key, named.name, width) for key, width, named in found if named]
    rows = list(Tile.objects.filter(dashboard=board.saved).order_by("position", "id"))
    seen = {r.pk: reports.of_saved(r) for r in sharing.visible(Report, access).filter(pk__in=[t.report_id for t in rows if t.report_id])}
    pairs = [(t, seen.get(t.report_id) if t.report_id else reports.find(t.shipped, access)) for t in rows]
    return [Shown(str(t.pk), named.key, named.name, t.width) for t, named in pairs if named and access.can(_type_of(named), "view")]


def _type_of(named: reports.Named) -> str:
    stored = named.stored
    return stored.get("type_key", "") if isinstance(stored, dict) else stored.type_key


def save(*, access: Access, name: str, scope: str, description: str = "", team_id: uuid.UUID | None = None, is_default: bool = False, dashboard: Dashboard | None = None, like: Board | None = None) -> Dashboard:
    """Name and share a dashboard, or make one; `like` copies the tiles of another. Raises `Refused`."""
    if dashboard is not None:
        sharing.check_change(dashboard, access)
    if is_default and (scope != ViewScope.WORKSPACE or not access.manages_settings):
        raise Refused(_("Only an administrator makes a dashboard open first, and everyone has to see it."), field="is_default")
    kept = dashboard or Dashboard(owner_id=access.member_id)
    sharing.share(kept, name=name, description=description, scope=scope, team_id=team_id, access=access)
    kept.is_default = is_default
    with operation("dashboards.save", access=access, details={"name": kept.name}):
        if is_default:
            Dashboard.objects.filter(is_default=True).exclude(pk=kept.pk).update(is_default=False)
        kept.save()
        if like is not None:
            copied = [(t.report, t.width) for t in tiles(like, access)]
            Tile.objects.bulk_create(_tile(kept, key, width, i) for i, (key, width) in enumerate(copied))
    return kept


def _tile(dashboard: Dashboard, key: str, width: int, position: int) -> Tile:
    return Tile(dashboard=dashboard, shipped=key if key in SHIPPED else "", report_id=None if key in SHIPPED else uuid.UUID(key), width=width, position=position)


def delete(dashboard: Dashboard, *, access: Access) -> uuid.UUID:
    """Remove a dashboard; its reports stay. Answers the operation to undo."""
    sharing.check_change(dashboard, access)
    with operation("dashboards.delete", access=access, details={"name": dashboard.name}) as signed:
        dashboard.tiles.all().delete()
        dashboard.delete()
    return signed.id


def add(dashboard: Dashboard, report_key: str, *, access: Access, width: int = 6) -> Tile:
    """Put a report at the end. Raises `Refused`."""
    sharing.check_change(dashboard, access)
    if reports.find(report_key, access) is None:
        raise Refused(_("Choose a report."), field="report")
    if dashboard.tiles.count() >= MOST_TILES:
        raise Refused(_("A dashboard holds at most %(n)s tiles.") % {"n": MOST_TILES}, field="report")
    last = dashboard.tiles.aggregate(last=Max("position"))["last"]
    tile = _tile(dashboard, report_key, width, 0 if last is None else last + 1)
    with operation("dashboards.arrange", access=access, details={"name": dashboard.name}):
        tile.save()
    return tile


def arrange(dashboard: Dashboard, order: Sequence[str], *, access: Access, widths: dict[str, int] | None = None, removed: Sequence[str] = ()) -> None:
    """Put the tiles in this order (those not named stay behind), with these widths, without the removed ones. Raises `Refused`."""
    sharing.check_change(dashboard, access)
    rows = {str(t.pk): t for t in dashboard.tiles.order_by("position", "id")}
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
