"""The backup file: one tar with the database's dump, the uploaded files and the installation's key."""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from patron.config.runtime import Failure

FORMAT = 1
MANIFEST, DUMP, KEY, FILES = "manifest.json", "database.dump", "secret_key", "files"
_CHUNK = 1 << 20


def sha256(path: Path) -> str:
    """The digest of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def new_file(target: Path) -> Iterator[tarfile.TarFile]:
    """A tar that appears as `target` when it is complete and on the disk, readable by its owner only; nothing remains of a failure."""
    partial = target.with_name(target.name + ".partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            with tarfile.open(fileobj=stream, mode="w") as tar:
                yield tar
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    """Add a small member from memory."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, io.BytesIO(content))


def add_tree(tar: tarfile.TarFile, folder: Path) -> int:
    """Add all files below `folder` as files/…; how many. One that is deleted meanwhile is left out, as a moment later it would be."""
    count = 0
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            try:
                tar.add(path, arcname=f"{FILES}/{path.relative_to(folder).as_posix()}", recursive=False)
                count += 1
            except FileNotFoundError:
                continue
    return count


def read_manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    """The manifest, if this version can read the rest."""
    stream = _open_member(tar, MANIFEST)
    manifest: dict[str, Any] = json.load(stream) if stream else {}
    if manifest.get("format") != FORMAT:
        raise Failure("This is not a backup made by Patron, or one of a newer version.")
    return manifest


def extract(tar: tarfile.TarFile, name: str, target: Path) -> bool:
    """Write one member to `target`, readable by its owner only; False when the archive lacks it."""
    stream = _open_member(tar, name)
    if stream is None:
        return False
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        shutil.copyfileobj(stream, out, _CHUNK)
    return True


def extract_tree(tar: tarfile.TarFile, folder: Path) -> int:
    """Write all files/… below `folder`; how many. Refuses names that lead out of it."""
    count = 0
    for member in tar:
        name = PurePosixPath(member.name)
        if not member.isfile() or name.parts[0] != FILES:
            continue
        if name.is_absolute() or ".." in name.parts:
            raise Failure(f"The backup holds a file with a forbidden name: {member.name}")
        target = folder.joinpath(*name.parts[1:])
        target.parent.mkdir(parents=True, exist_ok=True)
        extract(tar, member.name, target)
        count += 1
    return count


def _open_member(tar: tarfile.TarFile, name: str) -> BinaryIO | None:
    try:
        return tar.extractfile(name)  # type: ignore[return-value]
    except KeyError:
        return None
