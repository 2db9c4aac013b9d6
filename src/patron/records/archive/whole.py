"""A workspace to a file and from one: what the command line and the background job call."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import psycopg

from patron.identity.access import Access
from patron.identity.models import Workspace
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records.archive import loading, reading, writing
from patron.records.archive.form import Manifest

VERB = "workspace.export"


def to_file(place: Workspace, target: Path, access: Access, *, tell: writing.Tell = writing.nobody, count: bool = False) -> Manifest:
    """Write the workspace's file, which appears when it is whole, readable by its owner only; then the history says who took everything."""
    partial = target.with_name(target.name + ".partial")
    try:
        with os.fdopen(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as stream:
            manifest = writing.write(place, stream, tell=tell, count=count)
            stream.flush()
            os.fsync(stream.fileno())
        with workspace(place.pk), operation(VERB, access=access, details={"rows": manifest.rows, "files": manifest.files}):
            partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def from_file(path: Path, raw: psycopg.Connection[Any], *, slug: str = "", say: loading.Say = lambda words: None) -> loading.Restored:
    """Restore a workspace's file; `raw` is a connection of the tables' owner. Raises `BadFile`, and nothing was written then."""
    with reading.opened(path) as source:
        return loading.load(source, raw, slug=slug, say=say)
