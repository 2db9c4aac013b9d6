"""Programs' keys as a record type: list, history, undo and the verb that ends one; making one is in the settings, where the secret is shown once."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.identity.models import ApiToken
from patron.records.fields import Field
from patron.records.record_type import RecordType, Section
from patron.records.registry import register


@register
class KeyRecord(RecordType):
    """A program's key. Administrators reach all of them, everybody else their own; nothing shows the secret or its hash."""

    key = "keys"
    model = ApiToken
    label, plural, icon = _("Key"), _("Keys"), "key-round"
    description = _("What programs sign in with: each acts as one person, within its scopes.")
    columns = ("name", "member", "scopes", "expires_at", "revoked_at")
    filters = ("member", "expires_at")
    sections = (Section(_("Key"), ("name",)),)
    owners = ("member",)
    keys = ()
    internal = ("hash", "prefix")
    protected = ("member", "scopes", "expires_at", "revoked_at")
    searchable = False
    has_page = False
    creatable = False
    importable = False
    duplicate_fields = ()
    tones: ClassVar[dict[str, dict[str, str]]] = {}

    def restrict(self, queryset: QuerySet[Any], access: Access, action: str = "view") -> QuerySet[Any]:
        rows = super().restrict(queryset, access, action)
        return rows if access.manages_settings else rows.filter(member_id=access.member_id)

    def allows(self, record: Any, access: Access, action: str) -> bool:
        return super().allows(record, access, action) and (access.manages_settings or record.member_id == access.member_id)

    def defaults(self, access: Access) -> dict[str, Any]:
        return {}

    def editable_fields(self, access: Access) -> dict[str, Field]:
        return {n: f for n, f in super().editable_fields(access).items() if n == "name"}
