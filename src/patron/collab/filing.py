"""The files of a record as its page shows them."""

from __future__ import annotations

from typing import Any

from patron.collab.domain import files, held
from patron.collab.domain.refs import Ref
from patron.collab.fields import content_address
from patron.collab.models import Attachment
from patron.identity.access import Access
from patron.kernel.db import prepared
from patron.records import registry

_SHOWN = 100
_ICONS = {"image": "image", "text": "file-text", "audio": "file", "video": "file"}
_SHEETS = ("spreadsheet", "excel")
_OWN = ("edit", "delete")


def files_panel(record: Any, access: Access, error: str = "") -> dict[str, Any]:
    """A record's files for `_files.html`: rows, where more are, the address to add ("" where not allowed), the largest size in MB, why an upload failed."""
    ref, reach = Ref.of(record), {action: _reach(access, action) for action in _OWN}
    found = prepared.rows("collab.files", lambda record: files.on(record)[: _SHOWN + 1], record=record.pk)
    root = f"/w/{access.workspace.slug}/"
    shown, labels = [row for row in found[:_SHOWN] if not held.is_ruled(row, access, "view")], held.labels(ref.type_key)
    return {
        "files": [_row(row, access, reach, labels) for row in shown],
        "more": f"{root}files/" if len(found) > _SHOWN else "",
        "add": f"{root}collab/on/{ref}/files/" if access.can(files.KEY, "create") else "",
        "error": error,
        "most": files.most_bytes() // 1024**2,
    }


def _reach(access: Access, action: str) -> Any:
    """Whose files an action reaches: None for nobody's, True for everybody's, else a set of members."""
    scope = access.scope(files.KEY, action)
    return True if scope == "all" else access.reach(scope) if scope else None


def _row(row: Attachment, access: Access, reach: dict[str, Any], labels: dict[str, str]) -> dict[str, Any]:
    page = f"/w/{access.workspace.slug}/files/{row.pk}/"
    may = {action: (among is True or (among is not None and row.owner_id in among)) and not held.is_ruled(row, access, action) for action, among in reach.items()}
    return {
        "name": row.name, "icon": icon_of(row.media_type), "size": row.size, "who": row.owner.name if row.owner else "", "at": row.created_at, "field": labels.get(row.field_key or "", ""),
        "content": content_address(access, row.pk), "page": page, "rename": f"{page}do/rename/" if may["edit"] else "", "remove": f"{page}do/delete/" if may["delete"] else "",
    }  # fmt: skip


def icon_of(media_type: str) -> str:
    """The icon of a kind of file."""
    if any(word in media_type for word in _SHEETS):
        return "file-spreadsheet"
    return _ICONS.get(media_type.partition("/")[0], "file")


def file_panel(row: Attachment, access: Access) -> dict[str, Any] | None:
    """A file's own page, for `_content.html`: the way to its content."""
    target = registry.find(row.record_type)
    return {"content": content_address(access, row.pk), "name": row.name, "size": row.size, "icon": icon_of(row.media_type), "type": target.label if target else ""}
