"""Giving out contents of files: to whom, and as what."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.http import FileResponse

from patron.collab.domain import contents, files, held
from patron.collab.models import Attachment
from patron.identity.access import Access
from patron.records import changes, registry

#: Whatever a file holds, a browser that opens it runs nothing of it and gives it no rights of this site.
HEADERS: Final = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
#: Types that a browser would take for a page are given out as text.
_AS_TEXT = {"text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml"}


def seen(file_id: uuid.UUID, access: Access) -> Attachment | None:
    """The file, if the person may see it: as one of a record that they see, or in a field of it that their role does not hide."""
    row: Attachment | None = changes.get_visible(registry.get(files.KEY), access, file_id) if access.can(files.KEY, "view") else None
    return row or held.in_seen_field(file_id, access)


def download(row: Attachment) -> Any:
    """The content, always as a download. Raises `FileNotFoundError`."""
    kind = "text/plain" if row.media_type in _AS_TEXT else row.media_type
    return FileResponse(contents.opened(row.sha256), as_attachment=True, filename=row.name, content_type=kind, headers=HEADERS)
