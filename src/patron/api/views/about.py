"""What this API is and whose key asks."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from patron.api.door import Call, json
from patron.records import registry


def index(call: Call) -> HttpResponse:
    """The record types that the key reaches, with their addresses."""
    call.only()
    types = [{"type": t.key, "label": str(t.label), "plural": str(t.plural), "href": f"/api/v1/{t.key}/"} for t in registry.all_types() if call.access.can(t.key, "view")]
    return json({"types": types, "openapi": "/api/v1/openapi.json", "documentation": "/api/docs/", "me": "/api/v1/me/", "changes": "/api/v1/changes/"})


def openapi(call: Call) -> HttpResponse:
    """The description of this API for this key: with the workspace's own fields, without what the person may not see."""
    from patron.api.openapi import document

    call.only()
    return json(document.of(call.access, acts=lambda key: call.credential.grants(key, "act")))


def me(call: Call) -> HttpResponse:
    """The person whose rights the key lends, the workspace, the key itself and how far it reaches."""
    call.only()
    access, credential = call.access, call.credential
    place = access.workspace
    rights: dict[str, dict[str, Any]] = {}
    for record_type in registry.all_types():
        reach = {a: s for a in ("view", "create", "edit", "delete", "act", "export", "import") if (s := access.scope(record_type.key, a))}
        if reach:
            rights[record_type.key] = reach
    return json({
        "person": {"id": access.member_id, "name": access.name, "role": access.role_name},
        "workspace": {"id": place.pk, "slug": place.slug, "name": place.name, "currency": place.currency, "time_zone": place.time_zone},
        "key": {"id": credential.id, "name": credential.name, "scopes": list(credential.scopes), "expires_at": credential.expires_at},
        "rights": rights,
    })  # fmt: skip
