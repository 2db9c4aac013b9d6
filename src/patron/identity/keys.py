"""The form of a program's key: it says by itself which workspace it is for, since nothing may be read before that is known."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace

from patron.identity.access import Access

KIND = "patron"


def digest(key: str) -> str:
    """What is kept of a key. It has 192 random bits, so that a plain hash is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def workspace_id_of(key: str) -> uuid.UUID | None:
    """The workspace that a key is for; None for what is no key."""
    kind, _sign, rest = key.partition("_")
    place, sign, secret = rest.partition("_")
    if kind != KIND or not sign or not secret or len(place) != 32:
        return None
    try:
        return uuid.UUID(hex=place)
    except ValueError:
        return None


def grants(scopes: tuple[str, ...], type_key: str, action: str) -> bool:
    """Whether scopes cover an action: "*", "deals.*", "*.view", "deals.view". The settings are never meant by a type's "*"."""
    wanted = {"*", "*.*", f"{type_key}.*", f"{type_key}.{action}"}
    return not wanted.isdisjoint(scopes) or (type_key != "settings" and f"*.{action}" in scopes)


def narrowed(access: Access, scopes: tuple[str, ...]) -> Access:
    """The person's rights within the scopes, never more: made once, so that every later check is the ordinary one."""
    if "*" in scopes or "*.*" in scopes:
        return access
    named = {scope.partition(".")[0] for scope in scopes}
    matrix = {}
    for key in {*access.matrix, *named, "*", "settings"}:
        rights = access.matrix.get(key)
        if rights is None:
            rights = access.matrix.get("*", {}) if key != "settings" else {}
        matrix[key] = {action: reach for action, reach in rights.items() if grants(scopes, key, action)}
    return replace(access, matrix=matrix)
