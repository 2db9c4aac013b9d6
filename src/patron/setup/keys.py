"""Programs' keys as a record type: list, history, undo and the verb that ends one; making one is in the settings, where the secret is shown once."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.identity.models import ApiToken
from patron.records.fields import Field
from patron.records.personal import PersonalType
from patron.records.record_type import Section
from patron.records.registry import register


@register
class KeyRecord(PersonalType):
    """A program's key. Administrators reach all of them, everybody else their own; nothing shows the secret or its hash."""

    key = "keys"
    model = ApiToken
    label, plural, icon = _("Key"), _("Keys"), "key-round"
    description = _("What programs sign in with: each acts as one person, within its scopes.")
    columns = ("name", "member", "scopes", "expires_at", "revoked_at")
    filters = ("member", "expires_at")
    sections = (Section(_("Key"), ("name",)),)
    internal = ("hash", "prefix")
    protected = ("member", "scopes", "expires_at", "revoked_at")
    has_page = False
    tones: ClassVar[dict[str, dict[str, str]]] = {}

    def editable_fields(self, access: Access) -> dict[str, Field]:
        return {n: f for n, f in super().editable_fields(access).items() if n == "name"}
