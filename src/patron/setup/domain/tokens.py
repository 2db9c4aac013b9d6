"""Keys for programs: shown once, kept as a hash. A key says by itself which workspace it is for, since nothing may be read before that is known."""

from __future__ import annotations

import datetime
import re
import secrets

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from patron.identity.access import Access
from patron.identity.domain.administrators import Impossible
from patron.identity.enums import MembershipState
from patron.identity.keys import KIND, digest
from patron.identity.models import ApiToken, Membership, TokenUse
from patron.ledger.operations import operation
from patron.records import registry
from patron.setup.domain.roles import ACTIONS

_SCOPE = re.compile(r"\*|(?:\*|[a-z]+(?:-[a-z]+)*)\.(?:\*|[a-z]+)")


def check_scopes(scopes: list[str]) -> list[str]:
    """Scopes as they are kept: "*" for all that the person may, "deals.view", "*.view", "tasks.*". `Impossible` for others."""
    for scope in scopes:
        key, _dot, action = scope.partition(".")
        known = scope == "*" or ((key in ("*", "settings") or registry.find(key)) and (action == "*" or action in ACTIONS))
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


def listed() -> list[ApiToken]:
    """The keys of the open workspace, oldest first; `last_used_at` is exact to the minute, None for a key that was never used."""
    used = TokenUse.objects.filter(token=OuterRef("pk")).values("at")
    return list(ApiToken.objects.select_related("member").annotate(last_used_at=Subquery(used)).order_by("created_at"))


def revoke(token: ApiToken, *, access: Access) -> None:
    """End a key at once."""
    with operation("tokens.revoke", access=access, details={"name": token.name}):
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
