"""Files: put on records and into their own fields, listed and fetched, piece by piece, however large they are."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypedDict
from urllib.parse import quote

from patron_client.core import PIECE, R, Resource, V

if TYPE_CHECKING:
    from patron_client.records import File

#: A path, the content itself, or something to read it from.
Content = str | os.PathLike[str] | bytes | IO[bytes]
_KEPT = 1 << 20  # bytes of what cannot be read twice that stay in memory


class Told(TypedDict):
    """A file as fields and uploads tell of it. `media_type` is what the content shows, `url` where programs get it."""

    id: str
    name: str
    media_type: str
    size: int
    url: str


@dataclass(frozen=True)
class Upload:
    """A file on its way: its content, and its name where that is not the path's."""

    content: Content
    name: str = ""


@dataclass(frozen=True)
class Added:
    """What was added, and the operation, for its undo."""

    operation: str
    files: list[Told]


class HasFiles(Resource[R, V]):
    """Records that files can be put on."""

    def add_file(self, record_id: str, content: Content, *, name: str = "", field: str = "", idempotency_key: str = "") -> Told:
        """Put a file on the record, or into the own `field` of it: one field for one file has it instead of the one before. Needs a name unless a path is given."""
        (told,) = self.add_files(record_id, [Upload(content, name)], field=field, idempotency_key=idempotency_key).files
        return told

    def add_files(self, record_id: str, files: Sequence[Upload | Content], *, field: str = "", idempotency_key: str = "") -> Added:
        """Put several on the record, or into the own `field` of it: all of them or, where one is refused (`Invalid`), none."""
        uploads = [one if isinstance(one, Upload) else Upload(one) for one in files]
        with ExitStack() as open_files:
            form = _Form([(_named(one), _readable(one.content, open_files)) for one in uploads])
            headers = {"Content-Type": form.media_type, "Content-Length": str(form.size), **({"Idempotency-Key": idempotency_key} if idempotency_key else {})}
            answer = self._transport.send_raw("POST", f"{self.key}/{quote(record_id)}/files/", form, query={"field": field} if field else None, headers=headers)
        return Added(answer.headers.get("patron-operation", ""), answer.data["data"])

    def files(self, record_id: str, *, sort: str = "-created_at") -> Iterator[File]:
        """The files of a record, also those in its own fields, page by page as they are asked for."""
        query: dict[str, Any] = {"limit": 200, "sort": sort}
        while True:
            page = self._transport.send("GET", f"{self.key}/{quote(record_id)}/files/", query=query).data
            yield from page["data"]
            if page["next"] is None:
                return
            query["after"] = page["next"]


class Downloads(Resource[R, V]):
    """Files, whose contents can be fetched."""

    def pieces(self, file_id: str) -> Iterator[bytes]:
        """The content piece by piece, as it comes. Raises `Unreachable` when it breaks off."""
        yield from self._transport.pieces(f"{self.key}/{quote(file_id)}/content/")

    def content(self, file_id: str) -> bytes:
        """The content as a whole: for files that fit into memory."""
        return self._transport.again(lambda: b"".join(self.pieces(file_id)))

    def download(self, file_id: str, to: str | os.PathLike[str] | IO[bytes]) -> int:
        """Write the content to a path, which has it as a whole or stays as it was, or into what was opened for writing; answers the number of bytes."""
        if not isinstance(to, str | os.PathLike):
            return _copied(self.pieces(file_id), to)
        target = Path(to)
        part = target.with_name(f".{uuid.uuid4().hex}.part")

        def fetch() -> int:
            with part.open("wb") as file:
                return _copied(self.pieces(file_id), file)

        try:
            size = self._transport.again(fetch)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return size


def _copied(pieces: Iterator[bytes], to: IO[bytes]) -> int:
    size = 0
    for piece in pieces:
        to.write(piece)
        size += len(piece)
    return size


def _named(upload: Upload) -> str:
    of_path = upload.content if isinstance(upload.content, str | os.PathLike) else getattr(upload.content, "name", "")
    name = upload.name or (Path(of_path).name if isinstance(of_path, str | os.PathLike) else "")
    if not name:
        raise ValueError("give the file a name: only those of paths are known")
    return name


def _readable(content: Content, stack: ExitStack) -> bytes | tuple[IO[bytes], int, int]:
    """The content, or (file, where it begins, bytes). What cannot be read twice is kept aside, since an upload may have to be sent again."""
    if isinstance(content, bytes):
        return content
    if isinstance(content, str | os.PathLike):
        file: IO[bytes] = stack.enter_context(open(content, "rb"))  # noqa: SIM115 - the stack closes it
    else:
        file = content
    if not file.seekable():
        kept = stack.enter_context(tempfile.SpooledTemporaryFile(_KEPT))  # noqa: SIM115 - the stack closes it
        _copied(iter(lambda: file.read(PIECE), b""), kept)
        kept.seek(0)
        file = kept
    start = file.tell()
    return file, start, file.seek(0, os.SEEK_END) - start


class _Form:
    """The files as multipart/form-data (RFC 7578); can be gone through more than once."""

    def __init__(self, files: Sequence[tuple[str, bytes | tuple[IO[bytes], int, int]]]) -> None:
        boundary = uuid.uuid4().hex
        self.media_type = f"multipart/form-data; boundary={boundary}"
        self._parts = [(_head(boundary, name), content) for name, content in files]
        self._end = f"--{boundary}--\r\n".encode()
        self.size = len(self._end) + sum(len(head) + 2 + (len(content) if isinstance(content, bytes) else content[2]) for head, content in self._parts)

    def __iter__(self) -> Iterator[bytes]:
        for head, content in self._parts:
            yield head
            if isinstance(content, bytes):
                yield content
            else:
                yield from _between(*content)
            yield b"\r\n"
        yield self._end


def _between(file: IO[bytes], start: int, size: int) -> Iterator[bytes]:
    """So many bytes of a file, since so many were announced."""
    file.seek(start)
    while size and (piece := file.read(min(PIECE, size))):
        size -= len(piece)
        yield piece
    if size:
        raise ValueError("the file became shorter while it was sent")


def _head(boundary: str, name: str) -> bytes:
    """The name goes as RFC 8187 has it, for quotes, umlauts and line ends."""
    return f"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''{quote(name, safe='')}\r\nContent-Type: application/octet-stream\r\n\r\n".encode()
