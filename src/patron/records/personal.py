"""Record types whose rows belong to one person each, whatever a role grants on the type."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.records.record_type import RecordType


class PersonalType(RecordType):
    """Everybody reaches the rows that are theirs (the first of `owners`), administrators all of them. New ones are not made by hand, so there are no
    defaults."""

    owners = ("member",)
    narrowed = _("that are their own")
    keys = ()
    creatable = False
    importable = False
    searchable = False
    duplicate_fields = ()

    def restrict(self, queryset: QuerySet[Any], access: Access, action: str = "view") -> QuerySet[Any]:
        rows = super().restrict(queryset, access, action)
        return rows if access.manages_settings else rows.filter(**{f"{self.owners[0]}_id": access.member_id})

    def allows(self, record: Any, access: Access, action: str) -> bool:
        return super().allows(record, access, action) and (access.manages_settings or getattr(record, f"{self.owners[0]}_id") == access.member_id)

    def defaults(self, access: Access) -> dict[str, Any]:
        return {}
