"""Keys for programs: shown once, kept as a hash. A key says by itself which workspace it is for, since nothing may be read before that is known."""

from __future__ import annotations

import datetime
import hashlib
import re
import secrets
import uuid
from typing import Any

from django.utils import timezone

from patron.identity.access import Access
from patron.identity.domain.administrators import Impossible
from patron.identity.enums import MembershipState
from patron.identity.models import ApiToken, Membership
from patron.ledger.operations import operation
from patron.records import registry
from patron.setup.domain.roles import ACTIONS

KIND = "patron"
_SCOPE = re.compile(r"\*|(?:\*|[a-z]+(?:-[a-z]+)*)\.(?:\*|[a-z]+)")


def check_scopes(scopes: list[str]) -> list[str]:
    """Scopes as they are kept: "*" for all that the person may, "deals.view", "*.view", "tasks.*". `Impossible` for others."""
    for scope in scopes:
        key, _dot, action = scope.partition(".")
        known = scope == "*" or ((key == "*" or registry.find(key)) and (action == "*" or action in ACTIONS))
        if not _SCOPE.fullmatch(scope) or not known:
            raise Impossible(f"There is no scope {scope!r}. Write * or TYPE.ACTION, such as deals.view or *.view; actions: {', '.join(ACTIONS)}.")
    return sorted(set(scopes))


def create(member: Membership, name: str, scopes: list[str], *, access: Access, lasts: datetime.timedelta | None) -> tuple[ApiToken, str]:
    """A new key; the second value is the only time that it can be read."""
    if member.state != MembershipState.ACTIVE:
        raise Impossible(f"{member.name} is not active in this workspace.")
    if not name.strip():
        raise Impossible("Give the key a name, such as the program that uses it.")
    secret = secrets.token_hex(24)
    key = f"{KIND}_{access.workspace.pk.hex}_{secret}"
    with operation("tokens.create", access=access, details={"name": name, "person": member.name}):
        made = ApiToken.objects.create(
            member=member, name=name.strip(), prefix=secret[:8], hash=digest(key), scopes=check_scopes(scopes), expires_at=timezone.now() + lasts if lasts else None
        )
    return made, key


def digest(key: str) -> str:
    """What is kept of a key. It has 192 random bits, so that a plain hash is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def workspace_id_of(key: str) -> uuid.UUID | None:
    """The workspace that a key is for; None for what is no key."""
    kind, _sign, rest = key.partition("_")
    try:
        return uuid.UUID(hex=rest.partition("_")[0]) if kind == KIND else None
    except ValueError:
        return None


def find(key: str) -> ApiToken | None:
    """The key inside its open workspace, if it is in force and its person is."""
    now = timezone.now()
    rows: Any = ApiToken.objects.select_related("member", "member__role").filter(hash=digest(key), revoked_at__isnull=True, member__state=MembershipState.ACTIVE)
    return next((t for t in rows if t.expires_at is None or t.expires_at > now), None)


def revoke(token: ApiToken, *, access: Access) -> None:
    """End a key at once."""
    with operation("tokens.revoke", access=access, details={"name": token.name}):
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
