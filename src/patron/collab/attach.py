"""What every record page gets from working together: what is ahead, the composer and the timeline; and what the shell of every page shows."""

import json
import uuid
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from patron.collab import fields, importing, own  # noqa: F401  (fields: who keeps the files of own fields; importing: what columns of files can do)
from patron.collab.domain import ahead, favourites, notifications, touch
from patron.collab.domain.refs import Ref
from patron.collab.filing import file_panel, files_panel
from patron.collab.panels import ahead_panel, hangs, star, stream_panel
from patron.identity.access import Access
from patron.kernel.db import prepared
from patron.kernel.web import page_part
from patron.records import registry
from patron.records.merging.rules import after_merge
from patron.records.record_type import Panel
from patron.records.shell import nav_link


def _ahead(record: Any, access: Access) -> dict[str, Any] | None:
    return ahead_panel(Ref.of(record), access) if hangs(record) and access.can("tasks", "view") else None


def _stream(record: Any, access: Access) -> dict[str, Any] | None:
    return stream_panel(record, access) if hangs(record) and access.can("activities", "view") else None


def _files(record: Any, access: Access) -> dict[str, Any] | None:
    return files_panel(record, access) if hangs(record) and access.can("files", "view") else None


registry.attach_panel("*", Panel("files", _("Files"), "collab/_files.html", _files, column="about", order=30))
registry.attach_panel("files", Panel("content", _("Content"), "collab/_content.html", file_panel, column="centre", order=5))
registry.attach_panel("*", Panel("ahead", _("Next steps"), "collab/_ahead.html", _ahead, column="work", order=10))
registry.attach_panel("*", Panel("stream", _("Activity"), "collab/_stream.html", _stream, column="centre", order=10))
for _key in ("tasks", "activities"):
    registry.attach_panel(_key, Panel("text", _("Text"), "collab/_text.html", own.text_panel, column="centre", order=20))
    registry.attach_panel(_key, Panel("links", _("Belongs to"), "collab/_links.html", own.links_panel, column="about", order=20))
registry.attach_panel("tasks", Panel("checklist", _("Checklist"), "collab/_checklist.html", own.checklist_panel, column="work", order=20))


@after_merge
def touched(record_type: Any, ids: list[Any], access: Access) -> None:
    """When a record was last worked on follows the calls and tasks that came to it."""
    touch.after([Ref(record_type.key, pk) for pk in ids], access)


_OWN = """
SELECT (SELECT count(*) FROM collab_notification WHERE workspace_id = %(workspace)s AND member_id = %(member)s AND read_at IS NULL),
  (SELECT jsonb_agg(jsonb_build_array(record_type, record_id) ORDER BY created_at, id) FROM collab_favourite
    WHERE workspace_id = %(workspace)s AND member_id = %(member)s)
"""


def own_things(access: Access) -> tuple[int, list[Ref]]:
    """How much is unread, and the favourites in their order: what every page shows, in one query."""
    if access.member_id is None:
        return 0, []
    ((unread, kept),) = prepared.fetch(_OWN, {"workspace": access.workspace.pk, "member": access.member_id})
    pairs = json.loads(kept) if isinstance(kept, str) else kept or []
    return unread, [Ref(key, uuid.UUID(pk)) for key, pk in pairs[: favourites.MOST]]


def _own(request: HttpRequest, access: Access) -> tuple[int, list[Ref]]:
    """The same, once per page."""
    if not hasattr(request, "own_things"):
        request.own_things = own_things(access)  # type: ignore[attr-defined]
    found: tuple[int, list[Ref]] = request.own_things  # type: ignore[attr-defined]
    return found


@page_part
def shell(request: HttpRequest) -> dict[str, Any]:
    """The bell, the favourites of the sidebar and the star of a record page; nothing outside a workspace. Two queries and one per type."""
    access: Access | None = getattr(request, "access", None)
    if access is None:
        return {}
    unread, refs = _own(request, access)
    kept = favourites.shown(refs, access)
    marked = [{"label": one.text, "url": one.href, "icon": one.icon, "current": request.path == one.href} for one in kept]
    bell = {"url": f"/w/{access.workspace.slug}/collab/inbox/", "count": unread}
    parts: dict[str, Any] = {"frame_key": (unread, *(tuple(one.values()) for one in marked)), "frame_parts": lambda: {"notifications": bell, "favourites": marked}}
    match = request.resolver_match
    if match is not None and match.url_name == "record" and "type_key" in match.kwargs:
        ref = Ref(match.kwargs["type_key"], match.kwargs["record_id"])
        parts["favourite"] = star(ref, access, kept=any(one.ref == ref for one in kept), request=request)
    return parts


def counts(access: Access) -> dict[str, int]:
    """Figures for the sidebar: unread notifications, and tasks that are due or overdue."""
    return {"inbox": notifications.unread(access), "tasks": ahead.waiting(access)}


@nav_link(_("Inbox"))
def inbox(request: HttpRequest, access: Access) -> dict[str, Any]:
    """The inbox in the sidebar, with what is unread."""
    return {"icon": "inbox", "url": f"/w/{access.workspace.slug}/collab/inbox/", "count": _own(request, access)[0]}
