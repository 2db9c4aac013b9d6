"""What a key or an application may be allowed: scopes, each a record type and an action."""

from __future__ import annotations

from patron.identity.enums import ACTIONS
from patron.records import registry


def is_scope(scope: str) -> bool:
    """Whether there is such a scope in the open workspace: "*" for all that the person may, "deals.view", "*.view", "tasks.*", "settings.edit"."""
    key, _dot, action = scope.partition(".")
    return scope == "*" or ((key in ("*", "settings") or registry.find(key) is not None) and (action == "*" or action in ACTIONS))
