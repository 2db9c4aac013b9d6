"""The contents of files: kept by Django's storage under the workspace's folder by their SHA-256, told apart by what they are."""

from __future__ import annotations

import datetime
import hashlib
import re
import unicodedata
import uuid
from typing import IO, NamedTuple

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.utils.translation import gettext as _

from patron.kernel.tenancy import current_workspace_id
from patron.records.verbs import Refused

AREA = "attachments"
_CHUNK = 1 << 20
_HEAD = 4096
#: How files begin (https://www.garykessler.net/library/file_sigs.html); what is not here and is no text is a stream of bytes.
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"), (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"), (b"MM\x00*", "image/tiff"), (b"OggS", "application/ogg"), (b"ID3", "audio/mpeg"), (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"), (b"Rar!\x1a\x07", "application/vnd.rar"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"MZ", "application/vnd.microsoft.portable-executable"), (b"\x7fELF", "application/x-elf"), (b"{\\rtf", "application/rtf"), (b"PK\x03\x04", "application/zip"),
)  # fmt: skip
_MARKUP = re.compile(rb"^\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|script|svg|\?xml)", re.I | re.S)
_IN_ZIP: tuple[tuple[bytes, str], ...] = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.spreadsheet"),
)


class Content(NamedTuple):
    """A stored content."""

    sha256: str
    size: int
    media_type: str


def path_of(sha256: str, workspace_id: uuid.UUID | None = None) -> str:
    """The name of a content in the storage."""
    return f"{AREA}/{workspace_id or current_workspace_id()}/{sha256[:2]}/{sha256}"


def keep(stream: IO[bytes], most: int) -> Content:
    """Store a content, unless the workspace has it already. `Refused` when it is empty or larger than `most` bytes; then nothing is stored."""
    digest, size, head = hashlib.sha256(), 0, b""
    while piece := stream.read(_CHUNK):
        digest.update(piece)
        head = head or piece[:_HEAD]
        size += len(piece)
        if size > most:
            raise Refused(_("This file is larger than %(most)s MB. Files on records may not be larger.") % {"most": most // 1024**2}, field="file")
    if size == 0:
        raise Refused(_("This file is empty."), field="file")
    found = Content(digest.hexdigest(), size, sniff(head))
    name = path_of(found.sha256)
    if not default_storage.exists(name):
        stream.seek(0)
        stored = default_storage.save(name, File(stream))
        if stored != name:  # somebody stored the same meanwhile
            default_storage.delete(stored)
    return found


def opened(sha256: str) -> IO[bytes]:
    """A stored content, to be read. Raises `FileNotFoundError`."""
    file: IO[bytes] = default_storage.open(path_of(sha256), "rb")  # type: ignore[assignment]
    return file


def sniff(head: bytes) -> str:
    """The media type that the first bytes of a file show, whatever its name claims."""
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return next((inner for part, inner in _IN_ZIP if part in head), kind) if kind == "application/zip" else kind
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(head[8:12], "application/octet-stream")
    if head[4:8] == b"ftyp":
        return "video/mp4"
    if b"\x00" in head:
        return "application/octet-stream"
    return "text/html" if _MARKUP.match(head) else "text/plain"


def clean_name(name: str) -> str:
    """A file's name without a path, control characters and what systems refuse; `Refused` where nothing is left."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(" .")
    if not kept:
        raise Refused(_("Enter a name for the file."), field="name")
    stem, dot, ending = kept.rpartition(".")
    return kept if len(kept) <= 200 else (stem[: 199 - len(ending)] + dot + ending if dot and len(ending) < 20 else kept[:200])


_NEEDED = """
SELECT wanted FROM unnest(%(hashes)s::text[]) AS wanted
WHERE EXISTS (SELECT FROM collab_attachment a WHERE a.workspace_id = %(ws)s AND a.sha256 = wanted)
   OR EXISTS (SELECT FROM ledger_change c WHERE c.workspace_id = %(ws)s AND c.table_name = 'collab_attachment' AND c.action IN ('I', 'D') AND c.changes ->> 'sha256' = wanted)
"""


def forget_unneeded(now: datetime.datetime) -> int:
    """Delete the open workspace's contents that neither a row nor the history refers to, a day old or more; answers how many.

    Those are left by uploads whose transaction failed, and by records whose history was erased.
    """
    old = [name for name in _stored() if default_storage.get_modified_time(name) < now - datetime.timedelta(days=1)]
    by_hash = {name.rpartition("/")[2]: name for name in old}
    with connection.cursor() as cursor:
        cursor.execute(_NEEDED, {"ws": current_workspace_id(), "hashes": list(by_hash)})
        needed = {sha for (sha,) in cursor.fetchall()}
    unneeded = [name for sha, name in by_hash.items() if sha not in needed]
    for name in unneeded:
        default_storage.delete(name)
    return len(unneeded)


def _stored() -> list[str]:
    root = f"{AREA}/{current_workspace_id()}"
    if not default_storage.exists(root):
        return []
    return [f"{root}/{folder}/{name}" for folder in default_storage.listdir(root)[0] for name in default_storage.listdir(f"{root}/{folder}")[1]]
