"""Own values that were stored under an earlier definition go where they belong as they are: taking back and merging change no value, they only move it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from patron.kernel.tenancy import set_local

_NAME = "as_stored"
SETTING = f"app.{_NAME}"  # what the check of own values asks for


@contextlib.contextmanager
def as_stored() -> Iterator[None]:
    """Inside, the database takes a value whose field is gone or whose choice is on the list no more; never one that its field could not read.

    Needs an open transaction; one that fails inside has to be rolled back.
    """
    set_local(**{_NAME: "on"})
    yield
    set_local(**{_NAME: ""})
