"""Who comes and goes: inviting, joining, leaving, coming back, another role. Each runs inside an operation that the caller opened."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from patron.identity import invitations
from patron.identity.access import Access
from patron.identity.domain.administrators import Impossible, manages, refuse_last
from patron.identity.enums import MembershipState
from patron.identity.models import Invitation, Membership, Role, Team, TeamMember, User


def address_of(text: str) -> str:
    """An e-mail address as it is kept; `Impossible` where it is none."""
    address = text.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise Impossible(_("Enter an e-mail address such as anna@example.org."), field="email") from None
    return address


def invite_new(email: str, *, role: Role, name: str = "", team: Team | None = None, manager: Membership | None = None) -> Membership:
    """Make a member who is invited. Somebody whom the workspace knows by that address already is invited, or brought back, instead."""
    address = address_of(email)
    known = Membership.objects.select_for_update(of=("self",)).filter(email__iexact=address).first()
    if known is not None and known.state == MembershipState.DEACTIVATED:
        raise Impossible(_("%(name)s was deactivated. Open the person and choose “Reactivate”.") % {"name": known.name}, field="email")
    if known is not None and known.state == MembershipState.ACTIVE:
        raise Impossible(_("%(name)s is in this workspace already.") % {"name": known.name}, field="email")
    member = known or Membership(email=address, name=name.strip() or address.partition("@")[0])
    member.role, member.state = role, MembershipState.INVITED
    member.name, member.manager = name.strip() or member.name, manager or member.manager
    member.save()
    if team is not None:
        TeamMember.objects.get_or_create(team=team, member=member)
    invitations.issue(member)
    return member


def invite(member: Membership, email: str) -> Invitation:
    """Invite somebody who is listed, at the given address."""
    address = address_of(email)
    if Membership.objects.filter(email__iexact=address).exclude(pk=member.pk).exists():
        raise Impossible(_("Another person here has this address."), field="email")
    member.email, member.state = address, MembershipState.INVITED
    member.save(update_fields=["email", "state"])
    return invitations.issue(member)


def accept(member: Membership, user: User) -> None:
    """The invited person joins as `user`."""
    if Membership.objects.filter(user=user).exclude(pk=member.pk).exists():
        raise Impossible(_("You are in this workspace already, under another name."))
    member.user, member.state = user, MembershipState.ACTIVE
    member.save(update_fields=["user", "state"])
    Invitation.objects.filter(member=member).delete()


def deactivate(member: Membership, *, by: Access) -> None:
    """The person no longer gets in. What they did and what they own stays theirs."""
    if member.pk == by.member_id:
        raise Impossible(_("Another administrator has to deactivate you."))
    if member.state == MembershipState.ACTIVE and manages(member.role):
        refuse_last(member.pk)
    member.state = MembershipState.DEACTIVATED
    member.save(update_fields=["state"])
    Invitation.objects.filter(member=member).delete()


def reactivate(member: Membership) -> None:
    """The person gets in again with the sign-in they had; one who never signed in is listed again, and can be invited."""
    member.state = MembershipState.ACTIVE if member.user_id else MembershipState.LISTED
    member.save(update_fields=["state"])


def change_role(member: Membership, role: Role, *, by: Access) -> None:
    """Another role. One's own is changed by somebody else, and the last administrator stays one."""
    if member.pk == by.member_id:
        raise Impossible(_("Another administrator has to change your role."), field="role")
    if member.state == MembershipState.ACTIVE and manages(member.role) and not manages(role):
        refuse_last(member.pk, field="role")
    member.role = role
    member.save(update_fields=["role"])


def team_ids(member: Membership) -> tuple[uuid.UUID, ...]:
    """Whose records count as the team's: people in teams that the person is in or leads, and those who report to them."""
    mine = TeamMember.objects.filter(member=member).values("team")
    ids: set[Any] = set(TeamMember.objects.filter(team__in=mine).values_list("member", flat=True))
    ids |= set(TeamMember.objects.filter(team__manager=member).values_list("member", flat=True))
    ids |= set(Membership.objects.filter(manager=member).values_list("pk", flat=True))
    return tuple(sorted(ids))


def access_of(member: Membership, by: Access) -> Access:
    """What somebody else may do, whether they ever signed in or not: for explaining it."""
    return Access(
        workspace=by.workspace, member_id=member.pk, user_id=member.user_id, name=member.name, role_name=member.role.name, matrix=member.role.matrix,
        field_rules=member.role.field_rules, team_member_ids=team_ids(member), preferences=member.preferences,
    )  # fmt: skip
