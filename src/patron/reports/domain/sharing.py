"""Who a report or a dashboard is addressed to, and what it takes to share one. The rights that follow are those of the record types (`reports.records`)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.identity.models import Team, TeamMember
from patron.records import registry
from patron.records.models import ViewScope
from patron.records.verbs import Refused
from patron.reports.models import Shared


def addressed(access: Access) -> Q:
    """What is the person's own, their teams', and everyone's."""
    everyone = Q(scope=ViewScope.WORKSPACE)
    if access.member_id is None:
        return everyone
    mine = TeamMember.objects.filter(member_id=access.member_id).values("team_id")
    return everyone | Q(owner_id=access.member_id) | Q(scope=ViewScope.TEAM, team_id__in=mine)


def is_addressed(kept: Shared, access: Access) -> bool:
    """The same for a loaded one; asks the database only about a team's."""
    if kept.scope == ViewScope.WORKSPACE or (access.member_id is not None and kept.owner_id == access.member_id):
        return True
    return kept.scope == ViewScope.TEAM and TeamMember.objects.filter(member_id=access.member_id, team_id=kept.team_id).exists()


def problems(kept: Shared, access: Access, changed: set[str]) -> dict[str, str]:
    """Put name and reach in order; what is wrong with them, by field. Only what was changed is judged: whoever edits a name need not be able to share."""
    kept.name, kept.description = " ".join(kept.name.split()), " ".join((kept.description or "").split())
    if kept.scope != ViewScope.TEAM:
        kept.team_id = None
    for field, most in (("name", 80), ("description", 250)):
        if len(getattr(kept, field)) > most:
            return {field: _("Enter at most %(n)s characters.") % {"n": most}}
    if not kept.name:
        return {"name": _("Enter a name.")}
    if kept.scope == ViewScope.WORKSPACE and "scope" in changed and not access.manages_settings:
        return {"scope": _("Only an administrator shares with everyone.")}
    if kept.scope == ViewScope.TEAM and changed & {"scope", "team"} and not (kept.team_id and teams(access).filter(pk=kept.team_id).exists()):
        return {"team": _("Choose one of your teams.")}
    return {}


def teams(access: Access) -> QuerySet[Any]:
    """The teams that a person may share with: their own; all of them for those who manage settings."""
    rows = Team.objects.order_by("name")
    return rows if access.manages_settings else rows.filter(members__member_id=access.member_id)


def visible(model: type[Any], access: Access) -> QuerySet[Any]:
    """Those that the person sees."""
    return registry.of_model(model).visible(access)


def may_change(kept: Shared, access: Access) -> bool:
    return registry.of_model(type(kept)).allows(kept, access, "edit")


def may_delete(kept: Shared, access: Access) -> bool:
    return registry.of_model(type(kept)).allows(kept, access, "delete")


def check_change(kept: Shared, access: Access) -> None:
    """Raises `Refused` where the person may not change it."""
    if not may_change(kept, access):
        raise Refused(_("This belongs to someone else. Make a copy to change it."))


def may_make(model: type[Any], access: Access) -> bool:
    return access.can(registry.of_model(model).key, "create")


def check_make(model: type[Any], access: Access) -> None:
    """Raises `Refused` where the person's role keeps none of its own."""
    if not may_make(model, access):
        raise Refused(_("Your role reads these, and keeps none of its own."))
