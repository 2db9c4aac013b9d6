"""Reports, dashboards, their tiles and schedules as record types: rights, history, undo and API as of everything else. Their screens are their own.

Whose they are is one rule, held here and asked by screens and programs alike: what is somebody's own, their teams' or everyone's is theirs to see, and of that
the role's scope says what they may change. Those who manage settings see all.
"""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.kernel.parsing import Invalid
from patron.records import registry
from patron.records.models import ViewScope
from patron.records.personal import PersonalType
from patron.records.record_type import RecordType, Section
from patron.records.registry import register
from patron.reports import checking
from patron.reports.definition import BadReport
from patron.reports.domain import dashboards, reports, schedules, sharing
from patron.reports.models import Dashboard, Report, Schedule, Tile
from patron.reports.schema import DEFINITION


class SharedType(RecordType):
    """Something that a person keeps for themselves, for a team or for everyone."""

    narrowed = _("that are their own, their teams' or everyone's")
    keys = ("name",)
    columns = ("name", "description", "scope", "owner", "updated_at")
    filters = ("scope", "owner", "team")
    sort = "name"
    protected = ("owner",)
    screens = False
    searchable = False
    importable = False
    duplicate_fields = ()

    def restrict(self, queryset: QuerySet[Any], access: Access, action: str = "view") -> QuerySet[Any]:
        rows = super().restrict(queryset, access, action)
        return rows if access.manages_settings else rows.filter(sharing.addressed(access))

    def allows(self, record: Any, access: Access, action: str) -> bool:
        return super().allows(record, access, action) and (access.manages_settings or sharing.is_addressed(record, access))

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        return sharing.problems(record, access, changed)


@register
class ReportRecord(SharedType):
    """A definition with a name. It holds no figures: those are worked out for every reader, under that reader's rights."""

    key = "reports"
    model = Report
    label, plural, icon = _("Report"), _("Reports"), "chart-column"
    description = _("Saved reports: figures over records of one type, for oneself, a team or everyone.")
    sections = (Section(_("Report"), ("name", "description", "definition")), Section(_("Sharing"), ("scope", "team")))
    structures: ClassVar[dict[str, dict[str, Any]]] = {"definition": DEFINITION}

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        found = super().clean(record, access=access, changed=changed)
        if found or "definition" not in changed:
            return found
        try:
            checking.of(record.definition, access)
        except BadReport as error:
            return {f"definition.{error.place}".rstrip("."): error.message}
        except Invalid as error:
            return {"definition": error.message}
        return {}


@register
class DashboardRecord(SharedType):
    """A page of tiles."""

    key = "dashboards"
    model = Dashboard
    label, plural, icon = _("Dashboard"), _("Dashboards"), "layout-dashboard"
    description = _("Pages of tiles, each a report; for oneself, a team or everyone.")
    sections = (Section(_("Dashboard"), ("name", "description", "is_default")), Section(_("Sharing"), ("scope", "team")))

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        found = super().clean(record, access=access, changed=changed)
        if not found and record.is_default and changed & {"is_default", "scope"} and (record.scope != ViewScope.WORKSPACE or not access.manages_settings):
            return {"is_default": _now("Only an administrator makes a dashboard open first, and everyone has to see it.")}
        return found


@register
class TileRecord(RecordType):
    """A report on a dashboard. Who sees the dashboard sees its tiles; who may edit it arranges them."""

    key = "dashboard-tiles"
    model = Tile
    label, plural, icon = _("Tile"), _("Tiles"), "layout-dashboard"
    description = _("Reports on dashboards: which, how wide, in which order.")
    title = "dashboard"
    columns = ("dashboard", "report", "shipped", "width", "position")
    sections = (Section(_("Tile"), ("dashboard", "report", "shipped", "width", "position")),)
    sort = "position"
    owners = ()
    keys = ()
    screens = False
    has_page = False
    searchable = False
    importable = False
    duplicate_fields = ()

    def restrict(self, queryset: QuerySet[Any], access: Access, action: str = "view") -> QuerySet[Any]:
        if not access.can(self.key, action):
            return queryset.none()
        reached = registry.of_model(Dashboard).visible(access, "view" if action == "view" else "edit")
        return queryset.filter(dashboard__in=reached.values("pk"))

    def allows(self, record: Any, access: Access, action: str) -> bool:
        return access.can(self.key, action) and registry.of_model(Dashboard).allows(record.dashboard, access, "view" if action == "view" else "edit")

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        if "dashboard" in changed and not sharing.may_change(record.dashboard, access):
            return {"dashboard": _now("This belongs to someone else. Make a copy to change it.")}
        made = record._state.adding
        if (made or changed & {"report", "shipped"}) and (bool(record.report_id) == bool(record.shipped) or reports.find(str(record.report_id or record.shipped), access) is None):
            return {"report": _now("Choose a report: a saved one, or one that comes with Patron.")}
        if record.width not in dashboards.WIDTHS:
            return {"width": _now("Choose a width from the list.")}
        others = Tile.objects.filter(dashboard=record.dashboard_id).exclude(pk=record.pk)
        if "dashboard" in changed and others.count() >= dashboards.MOST_TILES:
            return {"dashboard": _now("A dashboard holds at most %(n)s tiles.") % {"n": dashboards.MOST_TILES}}
        if made and "position" not in changed:
            last = others.aggregate(last=Max("position"))["last"]
            record.position = 0 if last is None else last + 1
        return {}


@register
class ScheduleRecord(PersonalType):
    """A report by e-mail. It is made by planning one on a report."""

    key = "report-schedules"
    model = Schedule
    label, plural, icon = _("Schedule"), _("Schedules"), "mail"
    description = _("Reports that are sent by e-mail at their hour, each recipient's with the figures that they may see.")
    title = "frequency"
    columns = ("report", "shipped", "frequency", "next_at", "sent_at", "problem")
    filters = ("frequency", "owner", "report")
    sections = (Section(_("Schedule"), ("frequency", "weekday", "month_day", "hour")),)
    owners = ("owner",)
    protected = ("report", "shipped", "owner", "zone", "next_at", "sent_at", "problem", "created_at")
    screens = False
    has_page = False

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        if problem := schedules.bad_time(record.weekday, record.month_day, record.hour):
            return {"hour": problem}
        when = {"weekday": record.weekday, "month_day": record.month_day, "hour": record.hour}
        record.next_at = schedules.next_time(record.frequency, **when, zone=ZoneInfo(record.zone), after=timezone.now())
        return {}
