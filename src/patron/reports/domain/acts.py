"""Verbs: what is done with a saved report or dashboard beyond changing its fields."""

from __future__ import annotations

import uuid
from typing import Annotated

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.identity.models import Team
from patron.records import changes, registry
from patron.records.models import ViewScope
from patron.records.verbs import Input, Refused, verb
from patron.reports.domain import dashboards, reports, schedules, sharing
from patron.reports.enums import Frequency
from patron.reports.models import Dashboard, Report, Schedule, Shared

_TEAM = Input(_("Team"), hint=_("For what a team is to see."))


def _share(kept: Shared, scope: ViewScope, team: Team | None, access: Access) -> None:
    changes.edit(registry.of_model(type(kept)), kept, {"scope": scope.value, "team": team.pk if team else None}, access=access)


@verb("reports", "share", label=_("Share"), icon="users", action="edit", order=10, done=_("Shared"))
def share_report(report: Report, *, access: Access, scope: Annotated[ViewScope, Input(_("Who sees it"))], team: Annotated[Team | None, _TEAM] = None) -> None:
    """Say who sees the report: its owner, a team, or everyone. Everyone sees the figures of what they themselves may see."""
    _share(report, scope, team, access)


@verb("dashboards", "share", label=_("Share"), icon="users", action="edit", order=10, done=_("Shared"))
def share_dashboard(dashboard: Dashboard, *, access: Access, scope: Annotated[ViewScope, Input(_("Who sees it"))], team: Annotated[Team | None, _TEAM] = None) -> None:
    """Say who sees the dashboard: its owner, a team, or everyone. Tiles whose report somebody does not see are left out for them."""
    _share(dashboard, scope, team, access)


def _may_make(kept: Shared, access: Access) -> str | None:
    return None if sharing.may_make(type(kept), access) else _now("Your role reads these, and keeps none of its own.")


@verb("reports", "duplicate", label=_("Make a copy"), icon="copy", action="view", when=_may_make, order=20, done=_("Copied"))
def duplicate_report(report: Report, *, access: Access, name: Annotated[str, Input(_("Name"), hint=_("Empty: “Copy of …”."))] = "") -> Report:
    """Keep the same definition as a private report of one's own."""
    named = reports.of_saved(report)
    return reports.save(named.definition, access=access, name=name or reports.copy_name(report.name), scope=ViewScope.PRIVATE.value, description=report.description)


@verb("dashboards", "duplicate", label=_("Make a copy"), icon="copy", action="view", when=_may_make, order=20, done=_("Copied"))
def duplicate_dashboard(dashboard: Dashboard, *, access: Access, name: Annotated[str, Input(_("Name"), hint=_("Empty: “Copy of …”."))] = "") -> Dashboard:
    """Keep the same tiles, as far as one sees them, as a private dashboard of one's own."""
    like = dashboards.of_saved(dashboard)
    return dashboards.save(access=access, name=name or reports.copy_name(dashboard.name), scope=ViewScope.PRIVATE.value, description=dashboard.description, like=like)


@verb("dashboards", "arrange", label=_("Arrange"), icon="layout-dashboard", action="edit", order=30, done=_("Arranged"))
def arrange(dashboard: Dashboard, *, access: Access, tiles: Annotated[list[str], Input(_("Tiles"), kind="tags", hint=_("Their ids in the new order; those left out stay behind."))]) -> None:
    """Put the tiles in this order."""
    known = {str(pk) for pk in dashboard.tiles.values_list("pk", flat=True)}
    if unknown := [i for i in tiles if i not in known]:
        raise Refused(_now("This dashboard has no tile “%(id)s”.") % {"id": unknown[0]}, field="tiles")
    dashboards.arrange(dashboard, tiles, access=access)


def _may_plan(report: Report, access: Access) -> str | None:
    return None if sharing.may_make(Schedule, access) and access.member_id else _now("Your role sends no reports.")


@verb("reports", "schedule", label=_("Send by e-mail"), icon="mail", action="view", when=_may_plan, order=30, done=_("Scheduled"))
def schedule(
    report: Report,
    *,
    access: Access,
    frequency: Annotated[Frequency, Input(_("How often"))],
    members: Annotated[list[str] | None, Input(_("To"), kind="tags", hint=_("Ids of people; empty: oneself."))] = None,
    weekday: Annotated[int, Input(_("Weekday"), hint=_("0 for Monday to 6 for Sunday."))] = 0,
    month_day: Annotated[int, Input(_("Day of the month"))] = 1,
    hour: Annotated[int, Input(_("Hour"), hint=_("By one's own clock, 0 to 23."))] = 8,
) -> Schedule:
    """Mail the report regularly; each gets the figures that they may see."""
    found = _people(members) if members else [access.member_id]
    return schedules.plan(reports.of_saved(report), frequency=frequency, weekday=weekday, month_day=month_day, hour=hour, members=[i for i in found if i], access=access)


def _people(texts: list[str]) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(text) for text in texts]
    except ValueError:
        raise Refused(_now("Write ids of people."), field="members") from None
