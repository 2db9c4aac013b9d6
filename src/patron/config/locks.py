"""Locks on files: held by a process, released by the kernel when it ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_handles: list[int] = []


class Busy(Exception):
    """Another process holds the lock."""


@contextmanager
def exclusive(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock alone; with `wait=False`, Busy instead of patience."""
    with opened(path) as handle:
        if wait:
            fcntl.flock(handle, fcntl.LOCK_EX)
        elif not alone(handle):
            raise Busy(path)
        yield


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """A lock file without a lock on it yet; closing it at the end releases whatever was taken meanwhile."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    _handles.append(handle)
    try:
        yield handle
    finally:
        if handle in _handles:
            _handles.remove(handle)
            os.close(handle)


def share(handle: int) -> None:
    """Take the lock together with others who share it; waits for one who holds it alone."""
    fcntl.flock(handle, fcntl.LOCK_SH)


def alone(handle: int) -> bool:
    """Try to hold the lock alone, giving up a share for it; False, and nothing held, when others have a share."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def let_go_after_fork() -> None:
    """Call in a forked child: the locks belong to its parent alone, and must not outlive it."""
    while _handles:
        os.close(_handles.pop())
