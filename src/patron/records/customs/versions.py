"""What a workspace defined itself, read once per transaction and kept per version of its definitions."""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import connection

from patron.kernel import tenancy

_KEPT = 200  # workspaces whose definitions stay in memory

Made = TypeVar("Made")
_all: list[Any] = []


class PerVersion(Generic[Made]):
    """`read` makes it of the rows of the open workspace; `nothing` stands for it where there are none, or no workspace is open."""

    def __init__(self, name: str, nothing: Made, read: Callable[[], Made]) -> None:
        self.name, self.nothing, self.read = name, nothing, read
        self._known: OrderedDict[tuple[uuid.UUID, int], Made] = OrderedDict()
        _all.append(self)

    def current(self) -> Made:
        """What the open workspace has."""
        scope = tenancy.current_scope()
        if not isinstance(scope, uuid.UUID):
            return self.nothing
        memo = tenancy.memo()
        found: Made | None = memo.get(self.name)
        if found is None:
            found = memo[self.name] = self._load(scope)
        return found

    def _load(self, scope: uuid.UUID) -> Made:
        """From memory where the version is the same. A version that this transaction made itself is not shared: it may never be committed."""
        version, own = _version(scope), "fields_changed" in tenancy.memo()
        if version == 0:
            return self.nothing
        if not own and (scope, version) in self._known:
            return self._known[scope, version]
        found = self.read()
        if not own:
            self._known[scope, version] = found
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return found


def _version(scope: uuid.UUID) -> int:
    memo = tenancy.memo()
    version: int | None = memo.get("fields_version")
    if version is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT fields_version FROM identity_workspace WHERE id = %s", [scope])
            row = cursor.fetchone()
        version = memo["fields_version"] = row[0] if row else 0
    return version


def forget() -> None:
    """After a change of definitions: read them anew in this transaction. Others do so by the version, which a trigger has moved on."""
    memo = tenancy.memo()
    memo.update(fields_changed=True, fields_version=None)
    for kept in _all:
        memo.pop(kept.name, None)
