"""Founding a workspace and bringing people in."""

from __future__ import annotations

from typing import Any

from patron.identity.enums import MembershipState
from patron.identity.models import Membership, Role, User, Workspace
from patron.identity.roles import SHIPPED


def found(name: str, slug: str, **settings: Any) -> Workspace:
    """Make a workspace with the shipped roles. Needs to run inside `founding`, which opens it and signs what follows."""
    place = Workspace(name=name, slug=slug, **settings)
    place.full_clean()
    place.save(force_insert=True)
    return place


def ship_roles() -> dict[str, Role]:
    """The shipped roles of the open workspace by key; missing ones are made, changed ones stay as they are."""
    known = {role.key: role for role in Role.objects.exclude(key="")}
    for shipped in SHIPPED:
        if shipped.key not in known:
            known[shipped.key] = Role.objects.create(
                name=shipped.name, key=shipped.key, description=shipped.description, matrix=shipped.matrix, field_rules=shipped.field_rules
            )
    return known


def join(user: User, role: Role, *, name: str = "", **details: Any) -> Membership:
    """Make the user an active member of the open workspace."""
    return Membership.objects.create(
        user=user, name=name or user.name or user.email, email=user.email, role=role, state=MembershipState.ACTIVE, **details
    )


def person(email: str, name: str, password: str | None = None) -> User:
    """The user with that address, made where there is none. An existing user's password and name are left alone."""
    found_user = User.objects.filter(email__iexact=email.strip()).first()
    return found_user or User.objects.create_user(email, password, name=name)
