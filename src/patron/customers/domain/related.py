"""Who can be called or met about an account or a contact, and whose timelines belong to theirs."""

from __future__ import annotations

from patron.collab.domain import related
from patron.collab.domain.refs import Ref
from patron.customers.domain.places import open_places
from patron.identity.access import Access
from patron.records import registry

MOST = 200  # contacts of one account that are offered or read along


def contacts_of(ref: Ref, access: Access) -> list[Ref]:
    """The account's contacts that the person may see, by name."""
    if not access.can("contacts", "view"):
        return []
    rows = registry.get("contacts").live(access).filter(pk__in=open_places(account=ref.id).values("contact"))
    return [Ref("contacts", pk) for pk in rows.order_by("name", "pk").values_list("pk", flat=True)[:MOST]]


def _self(ref: Ref, access: Access) -> list[Ref]:
    return [ref]


related.register_people("accounts", contacts_of)
related.register_family("accounts", contacts_of)
related.register_people("contacts", _self)
