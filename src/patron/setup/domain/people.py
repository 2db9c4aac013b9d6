"""The verbs of people. All of them take an administrator, whatever a role grants on people otherwise."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.identity import invitations
from patron.identity.access import Access
from patron.identity.domain import people
from patron.identity.domain.administrators import Impossible, manages
from patron.identity.enums import MembershipState
from patron.identity.models import Invitation, Membership, Role, Team
from patron.ledger.operations import operation
from patron.records.verbs import Input, Refused, When, verb
from patron.setup import jobs
from patron.setup.domain import ownership


@contextlib.contextmanager
def refusing() -> Iterator[None]:
    """What identity finds impossible, refused as every verb is."""
    try:
        yield
    except Impossible as error:
        raise Refused(error.message, field=error.field) from error


def only(*states: MembershipState, others: bool = False) -> When:
    """A verb for administrators, on people in these states; with `others` not on oneself."""

    def refusal(member: Membership, access: Access) -> str | None:
        if not access.manages_settings:
            return _now("Only administrators manage people.")
        if others and member.pk == access.member_id:
            return _now("Another administrator has to do this for you.")
        if member.state not in states:
            return _now("%(name)s is %(state)s.") % {"name": member.name, "state": str(MembershipState(member.state).label).lower()}
        return None

    return refusal


def mail(invitation: Invitation, access: Access) -> None:
    """Have the invitation sent by a job, once this transaction is through."""
    jobs.send_invitation.defer(workspace_id=str(invitation.workspace_id), member_id=str(invitation.member_id), code=invitation.code, by=access.name)


def invite_new(email: str, *, access: Access, role: Role, name: str = "", team: Team | None = None, manager: Membership | None = None) -> tuple[Membership, Any]:
    """Invite somebody by e-mail; answers the member and the operation's id."""
    with transaction.atomic(), refusing(), operation("people.invite", access=access, details={"email": email}) as signed:
        member = people.invite_new(email, role=role, name=name, team=team, manager=manager)
        mail(Invitation.objects.get(member=member), access)
    return member, signed.id


_ANYONE = (MembershipState.ACTIVE, MembershipState.INVITED, MembershipState.LISTED)
_ADDRESS = Input(_("E-mail address"), kind="email", initial=lambda member, access: member.email)


@verb("people", "invite", label=_("Invite"), icon="mail-plus", when=only(MembershipState.LISTED), primary=True, order=10, done=_("Invitation on its way"))
def invite(member: Membership, *, access: Access, email: Annotated[str, _ADDRESS]) -> None:
    """Send a listed colleague a link by which they join."""
    with refusing():
        mail(people.invite(member, email), access)


@verb("people", "resend", label=_("Send the invitation again"), icon="mail-check", when=only(MembershipState.INVITED), primary=True, order=11, done=_("Invitation on its way"))
def resend(member: Membership, *, access: Access) -> None:
    """Send a new link; earlier ones end."""
    if not member.email:
        raise Refused(_now("%(name)s has no e-mail address yet. Enter one first.") % {"name": member.name})
    mail(invitations.issue(member), access)


_ROLE = Input(_("Role"), initial=lambda member, access: member.role_id)


def _roles(member: Membership, access: Access, given: Mapping[str, Any]) -> dict[str, Any]:
    return {"roles": [(role, manages(role)) for role in Role.objects.order_by("name")], "chosen": member.role_id}


@verb("people", "change_role", label=_("Change role"), icon="shield", when=only(*_ANYONE, others=True), order=20, done=_("Role changed"),
      template="setup/change_role.html", context=_roles)  # fmt: skip
def change_role(member: Membership, *, access: Access, role: Annotated[Role, _ROLE]) -> None:  # type: ignore[valid-type]
    """Give the person another role; it holds from their next click."""
    with refusing():
        people.change_role(member, role, by=access)


def _work(member: Membership, access: Access, given: Mapping[str, Any]) -> dict[str, Any]:
    return {"work": [{"label": record_type.plural, "count": n, "icon": record_type.icon} for record_type, _column, n in ownership.counts(member)]}


@verb("people", "deactivate", label=_("Deactivate"), icon="user-minus", when=only(*_ANYONE, others=True), tone="bad", order=30, done=_("Deactivated"),
      template="setup/deactivate.html", context=_work)  # fmt: skip
def deactivate(member: Membership, *, access: Access, reassign_to: Annotated[Membership | None, Input(_("Hand the open work to"))] = None) -> None:
    """Let the person in no longer, and hand over what they work on. All that they did stays under their name."""
    if reassign_to is not None and (reassign_to.pk == member.pk or reassign_to.state == MembershipState.DEACTIVATED):
        raise Refused(_now("Choose a colleague who stays."), field="reassign_to")
    with refusing():
        people.deactivate(member, by=access)
    if reassign_to is not None:
        ownership.hand_over(member, reassign_to)


@verb("people", "reactivate", label=_("Reactivate"), icon="user-check", when=only(MembershipState.DEACTIVATED), primary=True, order=31, done=_("Reactivated"))
def reactivate(member: Membership, *, access: Access) -> None:
    """Let the person in again."""
    with refusing():
        people.reactivate(member)
