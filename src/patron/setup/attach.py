"""What the settings hang on the pages of people and teams."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from patron.identity import invitations
from patron.identity.access import Access
from patron.identity.enums import MembershipState
from patron.identity.models import Invitation, Membership, Team, TeamMember
from patron.records import registry
from patron.records.record_type import Panel
from patron.records.views.base import href
from patron.setup.domain import ownership
from patron.setup.views.teams import member_row


def _invitation(member: Membership, access: Access) -> dict[str, Any] | None:
    """For administrators: how the invitation fares, and its link for handing over by other means."""
    if member.state != MembershipState.INVITED or not access.manages_settings:
        return None
    found = Invitation.objects.filter(member=member).first()
    return {"invitation": found, "link": invitations.link_of(found) if found else "", "resend": href(access, "people", member.pk, "do", "resend")}


def _teams(member: Membership, access: Access) -> dict[str, Any] | None:
    """The teams of a person; administrators put them in and take them out."""
    rows = TeamMember.objects.filter(member=member).select_related("team").order_by("team__name")
    inside = [{"name": row.team.name, "kind": row.team.get_kind_display(), "url": href(access, "teams", row.team_id), "change": href(access, "settings", "teams", row.team_id, "members")} for row in rows]
    may = access.manages_settings
    others = Team.objects.filter(archived_at__isnull=True).exclude(members__member=member).order_by("name") if may else Team.objects.none()
    if not inside and not may:
        return None
    return {"teams": inside, "may": may, "member": member, "others": [{"name": t.name, "url": href(access, "settings", "teams", t.pk, "members")} for t in others]}


def _work(member: Membership, access: Access) -> dict[str, Any] | None:
    """How much open work the person has, as far as the reader may see it."""
    found = []
    for record_type, column, rows in ownership.owned(member):
        if not access.can(record_type.key, "view"):
            continue
        number = record_type.restrict(rows, access).count()
        if number:
            query = ownership.filter_of(record_type, column, member)
            found.append({"label": record_type.plural, "icon": record_type.icon, "count": number, "url": href(access, record_type.key, query=query)})
    return {"work": found} if found else None


def _sign_in(member: Membership, access: Access) -> dict[str, Any] | None:
    """For administrators: whether and how safely the person signs in."""
    if not access.manages_settings:
        return None
    rights = href(access, "settings", "rights", query=f"person={member.pk}")
    if member.user_id is None:
        return {"user": None, "rights": rights}
    kinds = set(Authenticator.objects.filter(user_id=member.user_id).values_list("type", flat=True))
    last = UserSession.objects.filter(user_id=member.user_id).order_by("-last_seen_at").first()
    return {"user": member.user, "app": "totp" in kinds, "passkey": "webauthn" in kinds, "last": last, "rights": rights}


def _members(team: Team, access: Access) -> dict[str, Any] | None:
    """Who is in the team."""
    rows = TeamMember.objects.filter(team=team).select_related("member").order_by("member__name")
    inside = [member_row(row, access) for row in rows]
    return {"id": team.pk, "members": inside, "may": access.manages_settings, "change": href(access, "settings", "teams", team.pk, "members"), "people": href(access, "people", "options")}


registry.attach_panel("people", Panel("invitation", _("Invitation"), "setup/_invitation.html", _invitation, order=5))
registry.attach_panel("people", Panel("work", _("Open work"), "setup/_work.html", _work, order=10))
registry.attach_panel("people", Panel("teams", _("Teams"), "setup/_teams.html", _teams, order=20))
registry.attach_panel("people", Panel("sign-in", _("Sign-in"), "setup/_sign_in.html", _sign_in, column="about", order=10))
registry.attach_panel("teams", Panel("members", _("Members"), "setup/_members.html", _members, order=10))
