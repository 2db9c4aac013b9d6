"""Who can be called or met about an account or a contact, and whose timelines belong to theirs."""

from __future__ import annotations

import uuid
from typing import Any

from patron.collab.domain import related
from patron.collab.domain.refs import Ref
from patron.customers.domain.places import open_places
from patron.identity.access import Access
from patron.records import registry, seen

MOST = 200  # contacts of one account that are offered or read along


def contacts_of(ref: Ref, access: Access) -> list[Ref]:
    """The account's contacts that the person may see, by name."""
    if not access.can("contacts", "view"):
        return []

    def build(account: uuid.UUID) -> Any:
        rows = registry.get("contacts").live(access).filter(pk__in=open_places(account=account).values("contact"))
        return rows.order_by("name", "pk").values_list("pk", flat=True)[:MOST]

    return [Ref("contacts", pk) for pk in seen.rows(access, ("contacts",), "customers.contacts_of", build, account=ref.id)]


def _self(ref: Ref, access: Access) -> list[Ref]:
    return [ref]


related.register_people("accounts", contacts_of)
related.register_family("accounts", contacts_of)
related.register_people("contacts", _self)
