"""The uploaded file: kept under the data folder, described once, read as often as needed."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from django.conf import settings

from patron.records.import_models import Import
from patron.records.transfer import reading, vcards
from patron.records.transfer.source import Source

FOLDER = Path("files") / "imports"
_CHUNK = 1 << 20
_SAMPLES = 60  # values per column that are kept beside the import


def folder() -> Path:
    """Where uploads are kept."""
    return Path(settings.DATA_DIR) / FOLDER


def keep(stream: BinaryIO, workspace_id: uuid.UUID, import_id: uuid.UUID) -> str:
    """Write an upload to the data folder; answers its name below the workspace's folder."""
    target = folder() / str(workspace_id) / str(import_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        shutil.copyfileobj(stream, file, _CHUNK)
    _as_table(target)
    return str(import_id)


def _as_table(path: Path) -> None:
    """Address books become tables when they arrive. Raises `Unreadable`, and the upload is gone then."""
    with path.open("rb") as file:
        if not vcards.is_one(file.read(64)):
            return
    made = path.with_name(f"{path.name}.csv")
    try:
        vcards.convert(path, made)
    except Exception:
        made.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        raise
    made.replace(path)


def path_of(item: Import) -> Path:
    """The upload on the disk. The workspace is that of the import, so that a restored one finds its files under its own id."""
    return folder() / str(item.workspace_id) / Path(item.path or str(item.pk)).name


def remove(item: Import) -> None:
    """Delete the upload; one that is gone already is no mistake."""
    path_of(item).unlink(missing_ok=True)


def as_json(source: Source) -> dict[str, Any]:
    """What is known about a file, for a JSON column: without its place on this machine, and with fewer samples."""
    found: dict[str, Any] = msgspec.to_builtins(source)
    found["path"] = ""
    for column in found["columns"]:
        column["samples"] = column["samples"][:_SAMPLES]
    return found


def source_of(item: Import) -> Source:
    """The file of an import, ready to be read."""
    return msgspec.convert({**item.source, "path": str(path_of(item))}, Source)


def look_at(item: Import, **told: Any) -> Source:
    """Find out afresh what the file is; `told` (sheet, encoding, delimiter, header) overrides what would be found. Raises `Unreadable`."""
    return reading.probe(path_of(item), item.filename, **told)
