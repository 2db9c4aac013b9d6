"""Teams and who is in them."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from patron.identity.access import Access
from patron.identity.enums import MembershipState
from patron.identity.models import Membership, Team, TeamMember
from patron.kernel.parsing import Invalid
from patron.ledger.operations import operation
from patron.records import lookup
from patron.records.fields import Field
from patron.records.views.base import href, view_of
from patron.setup.views.base import administrators, answer, page, refuse

_PERSON = Field("add", "person", gettext_lazy("Person"), "member_id", model=Membership, target="people")


@require_safe
@administrators
def index(request: HttpRequest) -> HttpResponse:
    """Every team with its people."""
    access = view_of(request).access
    people = Prefetch("members", TeamMember.objects.select_related("member").order_by("member__name"))
    teams = Team.objects.filter(archived_at__isnull=True).select_related("manager").prefetch_related(people).order_by("name")
    context = {"teams": [_team(team, access) for team in teams], "teams_url": href(access, "teams")}
    return page(request, "setup/teams.html", context)


def member_row(row: TeamMember, access: Access) -> dict[str, Any]:
    """Somebody in a team; `left` where they can no longer sign in."""
    person = row.member
    left = person.get_state_display() if person.state == MembershipState.DEACTIVATED else ""
    return {"id": person.pk, "name": person.name, "title": person.title, "left": left, "url": href(access, "people", person.pk)}


def _team(team: Any, access: Access) -> dict[str, Any]:
    inside = [member_row(row, access) for row in team.members.all()]
    return {
        "id": team.pk, "name": team.name, "kind": team.get_kind_display(), "manager": team.manager, "members": inside, "may": True,
        "change": href(access, "settings", "teams", team.pk, "members"), "people": href(access, "people", "options"),
    }  # fmt: skip


@require_POST
@administrators
def members(request: HttpRequest, team_id: uuid.UUID) -> HttpResponse:
    """Put a person into the team (`add`) or take one out (`remove`)."""
    view = view_of(request)
    team = Team.objects.filter(pk=team_id).first()
    if team is None:
        raise Http404
    word, text = ("remove", request.POST["remove"]) if "remove" in request.POST else ("add", request.POST.get("add", ""))
    try:
        member = Membership.objects.get(pk=lookup.one(_PERSON, text, view)) if word == "add" else Membership.objects.get(pk=uuid.UUID(text))
    except Invalid as error:
        return refuse(request, error.message)
    except (ValueError, Membership.DoesNotExist):
        raise Http404 from None
    with transaction.atomic(), operation("teams.members", access=view.access, subject=("teams", team.pk), details={"member": member.name, "change": word}) as signed:
        if word == "add":
            _row, made = TeamMember.objects.get_or_create(team=team, member=member)
            said = _("%(name)s is in %(team)s now") if made else _("%(name)s is in %(team)s already")
        else:
            made = bool(TeamMember.objects.filter(team=team, member=member).delete()[0])
            said = _("%(name)s taken out of %(team)s")
    return answer(request, said % {"name": member.name, "team": team.name}, operation_id=signed.id if made else None)
