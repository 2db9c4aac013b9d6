"""The entry of the sidebar."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.quality.subjects import subjects
from patron.records.shell import nav_link


@nav_link(_("Duplicates"))
def duplicates(request: HttpRequest, access: Access) -> dict[str, Any] | None:
    """Duplicates, for those who may change records of a type that has any. Not counted: that would cost every page."""
    if not any(s.allows(access) for s in subjects()):
        return None
    return {"icon": "copy", "url": f"/w/{access.workspace.slug}/duplicates/"}
