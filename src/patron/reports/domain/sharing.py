"""Who sees a report or a dashboard, who may change it, and what it takes to share one: the same rules as for saved views."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.identity.models import Team, TeamMember
from patron.records.models import ViewScope
from patron.records.verbs import Refused
from patron.reports.models import Shared


def visible(model: type[Any], access: Access) -> QuerySet[Any]:
    """Those of the person, of their teams, and of everyone; all of them for the machine."""
    if access.is_system:
        return model.objects.all()  # type: ignore[no-any-return]
    teams = TeamMember.objects.filter(member_id=access.member_id).values("team_id")
    mine = Q(owner_id=access.member_id, scope=ViewScope.PRIVATE) | Q(scope=ViewScope.TEAM, team_id__in=teams) | Q(scope=ViewScope.TEAM, owner_id=access.member_id)
    return model.objects.filter(mine | Q(scope=ViewScope.WORKSPACE))  # type: ignore[no-any-return]


def may_change(kept: Shared, access: Access) -> bool:
    """Whose it is may change it; what is shared also those who manage settings."""
    return access.manages_settings or (kept.owner_id is not None and kept.owner_id == access.member_id)


def share(kept: Shared, *, name: str, description: str, scope: str, team_id: uuid.UUID | None, access: Access) -> None:
    """Set name and reach; raises `Refused` with the field that is wrong. Saves nothing."""
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Enter a name."), field="name")
    if len(name) > 80:
        raise Refused(_("Enter at most %(n)s characters.") % {"n": 80}, field="name")
    if scope not in ViewScope.values:
        raise Refused(_("Choose who sees it."), field="scope")
    if scope == ViewScope.WORKSPACE and kept.scope != scope and not access.manages_settings:
        raise Refused(_("Only an administrator shares with everyone."), field="scope")
    if scope == ViewScope.TEAM and not (team_id and teams(access).filter(pk=team_id).exists()):
        raise Refused(_("Choose one of your teams."), field="team")
    kept.name, kept.description, kept.scope = name, " ".join(description.split())[:250], scope
    kept.team_id = team_id if scope == ViewScope.TEAM else None


def teams(access: Access) -> QuerySet[Any]:
    """The teams that a person may share with: their own; all of them for those who manage settings."""
    rows = Team.objects.order_by("name")
    return rows if access.manages_settings else rows.filter(members__member_id=access.member_id)


def check_change(kept: Shared, access: Access) -> None:
    """Raises `Refused` where the person may not change it."""
    if not may_change(kept, access):
        raise Refused(_("This belongs to someone else. Make a copy to change it."))
