"""Who asks: a bearer key becomes the person's access, narrowed to the key's scopes."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from patron.api import limits
from patron.api.problems import Problem
from patron.identity import database, keys
from patron.identity.access import Access
from patron.identity.models import TokenUse
from patron.kernel import tenancy
from patron.kernel.tenancy import uuid7


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request may do: `access` is narrowed already, `role` is the person's own. `id` tells programs apart."""

    id: uuid.UUID
    name: str
    scopes: tuple[str, ...]
    expires_at: datetime.datetime | None
    role: Access
    access: Access

    def grants(self, type_key: str, action: str) -> bool:
        """Whether the scopes, whatever the role, cover the action."""
        return keys.grants(self.scopes, type_key, action)


#: Readers of the Authorization header's bearer: each answers a credential, or None for what is not its own.
Reader = Callable[[str], Credential | None]
_readers: list[Reader] = []


def bearer(reader: Reader) -> Reader:
    """Register another kind of bearer, such as the access tokens of OAuth."""
    _readers.append(reader)
    return reader


def of(request: HttpRequest) -> Credential:
    """The request's credential; a 401 `Problem` where it brings none that is in force. Cookies never count."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and (text := text.strip()) and text.isascii():
        for reader in _readers:
            if found := reader(text):
                return found
        limits.take(f"failed:{request.META.get('REMOTE_ADDR', '')}", limits.FAILED)
        raise _refused("This key is unknown, revoked or expired, or its person no longer belongs to the workspace.", error=True)
    raise _refused("Send a key: Authorization: Bearer patron_…")


def _refused(detail: str, *, error: bool = False) -> Problem:
    return Problem("unauthenticated", detail, headers={"WWW-Authenticate": 'Bearer realm="patron"' + (', error="invalid_token"' if error else "")})


@bearer
def _key(text: str) -> Credential | None:
    """A key made by `patron token`."""
    place = keys.workspace_id_of(text)
    if place is None:
        return None
    found = database.enter_by_key(place, keys.digest(text))
    if found is None:
        return None
    if found.stale:
        _note_use(place, found.id)
    return Credential(found.id, found.name, found.scopes, found.expires_at, found.access, keys.narrowed(found.access, found.scopes))


def _note_use(place: uuid.UUID, key: uuid.UUID) -> None:
    """At most once a minute, in a transaction of its own: a request that is refused was a use as well."""
    now = timezone.now()
    with tenancy.workspace(place), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TokenUse._meta.db_table} (workspace_id, id, token_id, at) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (workspace_id, token_id) DO UPDATE SET at = excluded.at",
            [place, uuid7(), key, now],
        )
