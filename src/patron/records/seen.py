"""Rows that a person may see, by statements that are compiled once where the person may see all of a type."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from django.db.models import QuerySet

from patron.identity.access import Access
from patron.kernel.db import prepared
from patron.records import registry
from patron.records.record_type import RecordType


def unrestricted(access: Access, *keys: str) -> bool:
    """Whether the person may see every row of these types, so that who they are does not show in a statement."""
    return all(access.scope(key, "view") == "all" and _plain(registry.get(key), access) for key in keys)


def _plain(record_type: RecordType, access: Access) -> bool:
    kind = type(record_type)
    if kind.restrict is not RecordType.restrict and not record_type.seen_with:
        return False
    return kind.visible is RecordType.visible and all(access.scope(key, "view") == "all" for key in record_type.seen_with)


def rows(access: Access, types: tuple[str, ...], key: Hashable, build: Callable[..., QuerySet[Any]], **ids: prepared.Ids) -> list[Any]:
    """The rows of `build(**ids)`, which narrows by what the person may see of `types` and by nothing else that depends on them (see `prepared.rows`)."""
    if unrestricted(access, *types):
        return prepared.rows(key, build, **ids)
    return list(build(**ids))
