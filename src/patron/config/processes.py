"""Forked children of the supervisor: cheap, since they share what is already imported, and never left behind."""

import ctypes
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from patron.config import locks

_PR_SET_PDEATHSIG = 1
_PAUSE = 0.02


def die_with_parent() -> None:
    """Ask the kernel to send SIGTERM when the parent dies, however it dies. Linux only; elsewhere the pid file must do."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def spawn(target: Callable[[], None]) -> int:
    """Run `target` in a forked child in a process group of its own (a terminal's Ctrl-C does not reach it); returns its pid.

    The caller must have a single thread and no open database connection. The child's exit code is 1 when `target` raises.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        _become_child(parent)
        target()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except KeyboardInterrupt:
        code = 130
    except BaseException:  # noqa: BLE001 - the child's last line of defence
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _become_child(parent: int) -> None:
    os.setpgid(0, 0)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    locks.let_go_after_fork()
    die_with_parent()
    if os.getppid() != parent:
        os._exit(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)


def ask(question: Callable[[], Any]) -> Any:
    """Run `question` in a forked child and return its JSON-able answer; the child's memory and connections go with it.

    Raises ChildFailed when it raised (its traceback is on stderr).
    """
    reading, writing = os.pipe()

    def answer() -> None:
        with os.fdopen(writing, "w") as stream:
            json.dump(question(), stream)

    pid = spawn(answer)
    os.close(writing)
    try:
        with os.fdopen(reading) as stream:
            text = stream.read()
    except BaseException:
        end_group(pid, patience=lambda: 1)
        raise
    _, status = os.waitpid(pid, 0)
    if status:
        raise ChildFailed(describe(status))
    return json.loads(text)


class ChildFailed(RuntimeError):
    """A child ended otherwise than well; the message says how."""


def describe(status: int) -> str:
    """A wait status in words."""
    code = os.waitstatus_to_exitcode(status)
    return f"ended with code {code}" if code >= 0 else f"was ended by {signal.Signals(-code).name}"


def end_group(pid: int, *, patience: Callable[[], float]) -> None:
    """End our child and its group: SIGTERM to the child, SIGKILL to all that is left after `patience()` seconds. Returns when it is gone."""
    _send(os.kill, pid, signal.SIGTERM)
    began = time.monotonic()
    while not (gone := _reaped(pid)) and time.monotonic() - began < patience():
        time.sleep(_PAUSE)
    _send(os.killpg, pid, signal.SIGKILL)
    if not gone:
        os.waitpid(pid, 0)


def _reaped(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True


def _send(how: Callable[[int, int], None], pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        how(pid, number)


def birth(pid: int) -> str:
    """When a process began, in clock ticks since boot: with the pid it names one process for ever. Empty when it is gone or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


def end_stranger(pid: int, born: str, *, seconds: float) -> bool:
    """End a process that another run of ours left behind, if it still is the one born then; whether there was one."""
    if not born or birth(pid) != born:
        return False
    until = time.monotonic() + seconds
    _send(os.kill, pid, signal.SIGTERM)
    while birth(pid) == born and time.monotonic() < until:
        time.sleep(_PAUSE)
    _send(os.killpg, pid, signal.SIGKILL)
    while birth(pid) == born:
        time.sleep(_PAUSE)
    return True
