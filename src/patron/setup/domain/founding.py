"""Founding a workspace: roles, lists and pipeline, and its first administrator, in one operation."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from patron.customers.domain import start as customer_lists
from patron.identity.access import Access
from patron.identity.domain import workspaces
from patron.identity.models import Workspace
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.sales.domain.start import ship_lists


def found_workspace(name: str, slug: str, *, email: str, person: str = "", password: str | None = None, **settings: Any) -> Workspace:
    """Make a workspace with everything that it ships with; all of it or, on an error, nothing.

    The user with that address is made where there is none; an existing one keeps name and password. Raises Django's `ValidationError` for an
    address that is taken or malformed.
    """
    with transaction.atomic():
        place = workspaces.found(name, slug, **settings)
        user = workspaces.person(email, person or email.partition("@")[0], password)
        with workspace(place.pk), operation("workspaces.found", access=Access.system(place)):
            roles = workspaces.ship_roles()
            workspaces.join(user, roles["administrator"], name=person)
            ship_lists()
            customer_lists.ship_lists()
    return place
