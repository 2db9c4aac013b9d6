"""Keys for programs: shown once, kept as a hash. A key says by itself which workspace it is for, since nothing may be read before that is known."""

from __future__ import annotations

import datetime
import secrets

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.identity.domain.administrators import Impossible
from patron.identity.enums import ACTIONS, MembershipState
from patron.identity.keys import KIND, digest
from patron.identity.models import ApiToken, Membership, TokenUse
from patron.ledger.operations import operation
from patron.records.scopes import is_scope
from patron.records.verbs import verb


def check_scopes(scopes: list[str]) -> list[str]:
    """Scopes as they are kept: "*" for all that the person may, "deals.view", "*.view", "tasks.*". `Impossible` for others."""
    for scope in scopes:
        if not is_scope(scope):
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
    made = ApiToken(
        member=member, name=name.strip(), prefix=secret[:8], hash=digest(key), scopes=check_scopes(scopes), expires_at=timezone.now() + lasts if lasts else None
    )
    with operation("keys.create", access=access, subject=("keys", made.pk), details={"name": name, "person": member.name}):
        made.save(force_insert=True)
    return made, key


def listed(rows: QuerySet[ApiToken] | None = None) -> list[ApiToken]:
    """Keys of the open workspace, oldest first; `last_used_at` is exact to the minute, None for a key that was never used."""
    used = TokenUse.objects.filter(token=OuterRef("pk")).values("at")
    found = ApiToken.objects.all() if rows is None else rows
    return list(found.select_related("member").annotate(last_used_at=Subquery(used)).order_by("created_at"))


def state_of(token: ApiToken) -> str:
    """"revoked", "expired" or "in force"."""
    over = token.expires_at is not None and token.expires_at <= timezone.now()
    return "revoked" if token.revoked_at else "expired" if over else "in force"


def _in_force(token: ApiToken, access: Access) -> str | None:
    return _now("This key was revoked already.") if token.revoked_at else None


@verb("keys", "revoke", label=_("Revoke"), icon="ban", action="edit", when=_in_force, bulk=True, tone="bad", order=10, done=_("Key revoked"),
      hint=_("Programs that use the key are turned away from now on."))  # fmt: skip
def end(token: ApiToken, *, access: Access) -> None:
    """End a key at once: whatever uses it is turned away from its next request on. Undo lets it work again, until it expires."""
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])


def revoke(token: ApiToken, *, access: Access) -> None:
    """The same for the command line, signed as the verb is."""
    with operation("keys.revoke", access=access, subject=("keys", token.pk), details={"name": token.name}):
        end(token, access=access)
