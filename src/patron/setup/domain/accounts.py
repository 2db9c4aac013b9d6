"""Users as whoever runs the server sees them: across workspaces, signed as the machine. For the command line."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction

from patron.identity.access import Access
from patron.identity.adapter import know_address
from patron.identity.domain import people as members
from patron.identity.domain.administrators import Impossible
from patron.identity.domain.workspaces import join, person
from patron.identity.enums import MembershipState
from patron.identity.models import Membership, Role, User, Workspace
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.setup.database import LAST_ADMINISTRATOR


@contextlib.contextmanager
def failing(failure: type[Exception]) -> Iterator[None]:
    """What cannot be done, as the caller's kind of error."""
    try:
        yield
    except Impossible as error:
        raise failure(error.message) from error
    except IntegrityError as error:
        if LAST_ADMINISTRATOR in str(error) or "settings any more" in str(error):
            raise failure("Nobody else could change the settings any more. Make another person an administrator first.") from error
        raise


def place_of(slug: str) -> Workspace:
    """The workspace at that address."""
    found = Workspace.objects.filter(slug=slug).first()
    if found is None:
        raise Impossible(f"There is no workspace {slug!r}.")
    return found


def user(email: str) -> User:
    """The user with that address."""
    found = User.objects.filter(email__iexact=email.strip()).first()
    if found is None:
        raise Impossible(f"There is no user {email!r}. See: patron user list")
    return found


def role_of(text: str) -> Role:
    """A role of the open workspace by its name or shipped key."""
    wanted = text.strip()
    found = Role.objects.filter(key=wanted).first() or Role.objects.filter(name__iexact=wanted).first()
    if found is None:
        names = ", ".join(Role.objects.order_by("name").values_list("name", flat=True))
        raise Impossible(f"There is no role {text!r} in this workspace. There are: {names}")
    return found


def add(email: str, *, name: str, password: str | None, slug: str | None, role: str) -> dict[str, Any]:
    """Make a user and, with `slug`, a member; all or nothing."""
    with transaction.atomic():
        address = members.address_of(email)
        found = person(address, name or address.partition("@")[0], password)
        know_address(found)
        given = ""
        if slug:
            place = place_of(slug)
            with workspace(place.pk), operation("people.join", access=Access.system(place)):
                given = _member(found, role_of(role)).role.name
        return {"email": found.email, "name": found.name, "workspace": slug or "", "role": given}


def _member(found: User, role: Role) -> Membership:
    """Join as a new member, or as the one that the workspace knows by this address."""
    if Membership.objects.filter(user=found).exists():
        raise Impossible(f"{found.email} is in this workspace already.")
    known = Membership.objects.filter(email__iexact=found.email, user__isnull=True).first()
    if known is None:
        return join(found, role)
    known.user, known.role, known.state = found, role, MembershipState.ACTIVE
    known.save(update_fields=["user", "role", "state"])
    return known


def users() -> list[dict[str, Any]]:
    """Every user with the workspaces they are in."""
    where: dict[Any, list[dict[str, str]]] = {}
    for place in Workspace.objects.order_by("slug"):
        with workspace(place.pk):
            for member in Membership.objects.filter(user__isnull=False).select_related("role"):
                where.setdefault(member.user_id, []).append({"slug": place.slug, "role": member.role.name, "state": member.state})
    return [{"email": u.email, "name": u.name, "active": u.is_active, "workspaces": where.get(u.pk, [])} for u in User.objects.order_by("email")]


def people(slug: str) -> list[dict[str, Any]]:
    """The people of a workspace, with and without a sign-in."""
    with workspace(place_of(slug).pk):
        rows = Membership.objects.select_related("role", "user").order_by("name")
        return [{"email": m.user.email if m.user else m.email, "name": m.name, "role": m.role.name, "state": m.state, "signs_in": m.user_id is not None} for m in rows]


def set_password(found: User, password: str) -> None:
    """A new password; every session of the user ends."""
    found.set_password(password)
    found.save(update_fields=["password"])
    end_sessions(found)


def switch(found: User, *, on: bool) -> None:
    """Let the user sign in anywhere, or nowhere."""
    found.is_active = on
    found.save(update_fields=["is_active"])
    if not on:
        end_sessions(found)


def end_sessions(found: User) -> None:
    for session in UserSession.objects.filter(user=found):
        session.end()


def deactivate_in(found: User, slug: str, *, reason: str) -> None:
    """Keep the user out of one workspace."""
    place = place_of(slug)
    with workspace(place.pk), operation("people.deactivate", access=Access.system(place), reason=reason):
        members.deactivate(_active(found), by=Access.system(place))


def reactivate_in(found: User, slug: str) -> None:
    """Let the user into a workspace again."""
    place = place_of(slug)
    with workspace(place.pk), operation("people.reactivate", access=Access.system(place)):
        member = Membership.objects.filter(user=found).first()
        if member is None:
            raise Impossible(f"{found.email} was never in {slug}. Put them there: patron user add {found.email} --workspace {slug}")
        members.reactivate(member)


def _active(found: User) -> Membership:
    member = Membership.objects.select_for_update(of=("self",)).select_related("role").filter(user=found).first()
    if member is None or member.state == MembershipState.DEACTIVATED:
        raise Impossible(f"{found.email} is not active in this workspace.")
    return member


def forget_second_step(found: User) -> int:
    """Remove everything that is asked for beside the password; answers how many things."""
    return int(Authenticator.objects.filter(user=found).delete()[0])
