"""A workspace's file looked at before anything of it is believed: names, sizes and checksums."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from patron.records.archive import form
from patron.records.archive.form import BadFile, Manifest, Member

_CHUNK = 1 << 20
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


def is_one(path: Path) -> bool:
    """Whether the file is a ZIP at all; a backup of the whole installation is a tar."""
    return zipfile.is_zipfile(path)


class Source:
    """An opened file whose contents are what its manifest says: no member more or less, none larger."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.infos = {info.filename: info for info in archive.infolist()}
        self._check_shape()
        self.manifest: Manifest = form.manifest_from(self._small(form.MANIFEST, form.MOST_MANIFEST))
        self.expected: dict[str, Member] = {**self.manifest.members, **{t.member: t for t in self.manifest.tables}}
        self.files: dict[str, Member] = dict(self._files())
        self._check_members()

    def _check_shape(self) -> None:
        if len(self.infos) != len(self.archive.infolist()):
            raise BadFile("The file holds two members of one name.")
        for info in self.infos.values():
            if not form.proper(info.filename):
                raise BadFile(f"The file holds a member with a forbidden name: {info.filename[:100]!r}")
            if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise BadFile(f"{info.filename} is encrypted or packed in an unusual way.")
            if info.file_size > form.LARGE and info.file_size > form.MOST_RATIO * max(info.compress_size, 1):
                raise BadFile(f"{info.filename} would unpack to {info.file_size / 1e9:.1f} GB from next to nothing, which no workspace does.")
        if form.MANIFEST not in self.infos:
            raise BadFile("This is no export of a Patron workspace: it has no manifest.json.")

    def _files(self) -> Iterator[tuple[str, Member]]:
        if form.FILES not in self.expected:
            raise BadFile("The file's manifest names no files.csv.")
        try:
            rows = list(csv.reader(io.StringIO(self.read(form.FILES).decode())))
            for name, size, digest in rows[1:]:
                yield f"files/{name}", Member(bytes=int(size), sha256=digest)
        except (ValueError, csv.Error) as error:
            raise BadFile("files.csv cannot be read.") from error

    def _check_members(self) -> None:
        told = self.expected.keys() | self.files.keys() | {form.MANIFEST}
        if missing := sorted(told - self.infos.keys()):
            raise BadFile(f"The file is not complete: it lacks {missing[0]}.")
        if further := sorted(self.infos.keys() - told):
            raise BadFile(f"The file holds something that its manifest does not name: {further[0]}.")
        for name, member in {**self.expected, **self.files}.items():
            if self.infos[name].file_size != member.bytes:
                raise BadFile(f"{name} is not as long as the manifest says: the file is damaged.")

    def _small(self, name: str, most: int) -> bytes:
        if self.infos[name].file_size > most:
            raise BadFile(f"{name} is too large to be true.")
        with self.archive.open(name) as member:
            return member.read(most + 1)

    def read(self, name: str) -> bytes:
        """A small part as a whole, checked."""
        if self.expected[name].bytes > form.MOST_MANIFEST:
            raise BadFile(f"{name} is too large to be true.")
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """A part in pieces; raises `BadFile` at its end where the checksum is not the manifest's: believe nothing before."""
        member = self.expected.get(name) or self.files[name]
        digest = hashlib.sha256()
        with self.archive.open(name) as stream:
            yield from _counted(stream, name, member.bytes, digest)
        if digest.hexdigest() != member.sha256:
            raise BadFile(f"{name} is damaged: its checksum is not the manifest's.")


def _counted(stream: IO[bytes], name: str, size: int, digest: hashlib._Hash) -> Iterator[bytes]:
    left = size
    while piece := stream.read(_CHUNK):
        left -= len(piece)
        if left < 0:
            raise BadFile(f"{name} is longer than the manifest says.")
        digest.update(piece)
        yield piece


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """The file, ready to be restored from; `BadFile` in words where it is none, damaged or hostile, whenever that shows."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield Source(archive)
    except BadFile:
        raise
    except _DAMAGED as error:
        raise BadFile(f"The file is damaged or no ZIP: {error}") from error
