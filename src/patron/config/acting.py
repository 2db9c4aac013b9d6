"""Whose rights a command has: those of the member that `--as` names, within scopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patron.config import runtime

if TYPE_CHECKING:
    from patron.api.credentials import Credential


def credential_of(slug: str, person: str, scopes: tuple[str, ...], name: str) -> Credential:
    """The member's rights as a program's credential; `Failure` for nobody who may enter that workspace. Needs Django."""
    from patron.api.credentials import Credential
    from patron.identity import database, keys
    from patron.identity.domain.administrators import Impossible
    from patron.setup.domain import accounts, tokens

    try:
        user, scopes = accounts.user(person), tuple(tokens.check_scopes(list(scopes)))
        access = database.enter(user.pk, accounts.place_of(slug).slug) if user.is_active else None
    except Impossible as error:
        raise runtime.Failure(error.message) from error
    if access is None or access.member_id is None:
        raise runtime.Failure(f"{person} is not active in the workspace {slug!r}. See: patron user list")
    return Credential(access.member_id, name, scopes, None, access, keys.narrowed(access, scopes))
