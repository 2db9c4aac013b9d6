"""The OpenAPI 3.1 document of one workspace for one access: the same facts that the handlers go by, nothing written twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from patron.api.openapi import paths, schemas
from patron.identity.access import Access
from patron.records import registry

#: Of the interface, not of the program: the number in the address is its first part.
VERSION = "1.0.0"
#: The tag of what is there once.
GENERAL = "general"
_INTRODUCTION = """Everything that people do in Patron, for programs: the same records, rights, rules and history.

A key (`patron token create`) acts as one person within its scopes. Lists speak the filter language of saved views. Every write is signed in
the ledger and can be undone by the id in the answer's `Patron-Operation` header. Refusals are problem documents (RFC 9457)."""


def of(access: Access, *, acts: Callable[[str], bool] = lambda key: True, only: str = "") -> dict[str, Any]:
    """The whole document: only types, fields and verbs that the access reaches.

    `acts` answers whether the key's scopes let it act on a type at all; `only` names a tag whose addresses alone are wanted.
    """
    types = [t for t in registry.all_types() if access.can(t.key, "view")]
    components = schemas.shared()
    made: dict[str, Any] = paths.fixed() if only in ("", GENERAL) else {}
    for record_type in types:
        if only in ("", record_type.key):
            components["schemas"].update(schemas.of_type(record_type, access))
            made.update(paths.of_type(record_type, access, acts=acts(record_type.key)))
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Patron: {access.workspace.name}", "version": VERSION, "description": _INTRODUCTION, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "tags": [
            {"name": GENERAL, "description": "What the key reaches, the change feed, undo."},
            *({"name": t.key, "description": f"{t.plural}. {t.description}".strip()} for t in types),
        ],
        "paths": made,
        "components": components,
    }  # fmt: skip
