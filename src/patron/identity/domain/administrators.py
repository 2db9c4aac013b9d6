"""A workspace never loses its last administrator.

Whoever takes the right away from somebody asks here first, under a lock that two of them cannot hold at once. `patron.setup.database`
holds the same rule as a trigger, for the doors that change rows in bulk (import, undo).
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from patron.identity.enums import MembershipState
from patron.identity.models import Membership, Role
from patron.kernel.tenancy import current_workspace_id


class Impossible(Exception):
    """What was asked for cannot be done; `message` says why, `field` names the input it is about."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def manages(role: Role) -> bool:
    """Whether people of this role may change settings."""
    return "edit" in role.matrix.get("settings", {})


def administrators() -> QuerySet[Membership]:
    """Who can sign in and change the settings of the open workspace."""
    rows: Any = Membership.objects.filter(state=MembershipState.ACTIVE, user__isnull=False, role__matrix__settings__has_key="edit")
    return rows


def lock() -> None:
    """Take turns with everybody else who changes who is an administrator, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('identity.administrators'), hashtext(%s))", [str(current_workspace_id())])


def refuse_last(leaving: uuid.UUID, *, field: str = "") -> None:
    """Raise `Impossible` where nobody but `leaving` is an administrator."""
    lock()
    if not administrators().exclude(pk=leaving).exists():
        raise Impossible(last_one(), field=field)


def last_one() -> str:
    return _("Nobody else could change the settings any more. Make another person an administrator first.")
