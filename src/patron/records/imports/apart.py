"""Work in Python on a core of its own: what a generator yields is computed in a forked process while this one goes on."""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, NoReturn, TypeVar

T = TypeVar("T")

_ITEM, _ERROR, _END = "item", "error", "end"
_STANDARD = (0, 1, 2)  # file descriptors that the child keeps beside the pipe
_GARBAGE = (50_000, 20, 50)  # what is computed dies with its last reference: looking for cycles at the usual pace takes a third of the time


class CutOff(RuntimeError):
    """The process ended before its work was done; the message says how."""


@contextlib.contextmanager
def apart(produce: Callable[[], Iterable[T]]) -> Iterator[Iterator[T]]:
    """What `produce()` yields, computed by a child that knows all that is known here now.

    The child asks no database: it closes every connection, lock and file that it inherited before it begins; files it opens itself. What it yields has to be
    picklable. An exception there is raised here, as itself where it can travel; a child that is killed is `CutOff`. It ends with the block,
    and when this process ends, however that does (its pipe has no reader then). Raises `OSError` where the machine has no room for another process.
    """
    reading, writing = os.pipe()
    try:
        pid = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        raise
    if not pid:
        _be_child(writing, produce)
    os.close(writing)
    stream = os.fdopen(reading, "rb")
    try:
        yield _received(stream)
    finally:
        stream.close()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


@contextlib.contextmanager
def unswept() -> Iterator[None]:
    """What is there now is not looked through for cycles during the block: Django's hundred thousands of objects, again and again, were a third of the time."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _received(stream: BinaryIO) -> Iterator[T]:
    while True:
        try:
            what, found = pickle.load(stream)  # noqa: S301 - written by our own child
        except (EOFError, pickle.UnpicklingError):
            raise CutOff("The process that read the file was ended before it was done.") from None
        if what == _ERROR:
            raise found
        if what == _END:
            return
        yield found


# --- in the child -----------------------------------------------------------------------------------------------------


def _be_child(writing: int, produce: Callable[[], Iterable[T]]) -> NoReturn:
    """Its end is the parent's business: signals to a whole group of processes (Ctrl-C, a service that is stopped) mean the parent, which may still want to finish."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for handle in {int(name) for name in os.listdir("/dev/fd")} - {*_STANDARD, writing}:
            with contextlib.suppress(OSError):  # the one by which the folder was read is gone
                os.close(handle)
        gc.freeze()
        gc.set_threshold(*_GARBAGE)
        with os.fdopen(writing, "wb") as stream:
            _answer(stream, produce)
        code = 0
    except BrokenPipeError:
        code = 0  # nobody listens any more
    except BaseException:  # noqa: BLE001 - the child's last line of defence
        traceback.print_exc()
    finally:
        os._exit(code)


def _answer(stream: BinaryIO, produce: Callable[[], Iterable[T]]) -> None:
    try:
        for item in produce():
            stream.write(pickle.dumps((_ITEM, item), pickle.HIGHEST_PROTOCOL))
            stream.flush()
        stream.write(pickle.dumps((_END, None)))
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - it is raised again, by the parent
        stream.write(_portable(error))


def _portable(error: Exception) -> bytes:
    """The error as it is, or what can be said of it; where it arose is a note on it."""
    told = "".join(traceback.format_exception(error))
    try:
        error.add_note(told)
        packed = pickle.dumps((_ERROR, error))
        pickle.loads(packed)  # noqa: S301 - ours, and not every class can be made again
    except Exception:  # noqa: BLE001 - whatever its class does
        return pickle.dumps((_ERROR, RuntimeError(told)))
    return packed
