"""One HTTP request to a receiver: connections that stay open, to addresses that were checked, with an end.

urllib3 speaks HTTP and TLS; the socket is made here, so that the addresses that are checked and the one that is connected to are the same, while
certificate, SNI and Host go on being those of the name. Redirects are not followed: a signed message goes where an administrator said.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from patron.automation import addresses

_AT_ONCE = 1.0  # seconds within which a connection that was closed while idle says so
AGENT = f"Patron/{settings.PATRON_VERSION} (webhooks)"


class NotAllowedThere(Exception):
    """The name leads to no address that webhooks may go to."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt: the status (None where no answer came), the beginning of the answer, what went wrong in words, how long it took."""

    status: int | None
    answer: str
    problem: str
    milliseconds: int

    @property
    def good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        return self.status == 410


def resolve(host: str, port: int) -> list[tuple[Any, ...]]:
    """The addresses of a name that may be connected to; raises `NotAllowedThere` where there is none, OSError where the name is unknown."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    good = [entry for entry in found if addresses.allowed(str(entry[4][0]))]
    if not good:
        raise NotAllowedThere(host)
    return good


def _connect(line: Any) -> socket.socket:
    """A socket to the first address that answers, of those that are allowed."""
    host = line.host.strip("[]")
    problem: OSError | None = None
    for family, kind, protocol, _name, address in resolve(host, line.port):
        made = socket.socket(family, kind, protocol)
        try:
            made.settimeout(line.timeout)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            made.connect(address)
        except OSError as error:
            made.close()
            problem = error
        else:
            return made
    raise problem or OSError(host)


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _Secure(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self)


class Sender:
    """Sends from several threads at once. `watch` is to be called now and then: it ends requests that take too long as a whole, such as an answer
    that comes byte by byte."""

    def __init__(self) -> None:
        self._idle: dict[str, list[HTTPConnection]] = {}
        self._busy: dict[int, tuple[float, HTTPConnection]] = {}
        self._lock = threading.Lock()

    def send(self, url: str, body: bytes, headers: dict[str, str]) -> Outcome:
        """Post the body; never raises for what a receiver or the network does."""
        began = time.monotonic()
        try:
            status, answer = self._post(url, body, headers)
        except NotAllowedThere:
            return _failed(began, _("The address leads into a private network. Webhooks go to public addresses only."))
        except socket.gaierror:
            return _failed(began, _("There is no such host."))
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            late = time.monotonic() - began >= settings.PATRON_WEBHOOK_TIMEOUT * 0.95
            return _failed(began, _("No answer within %(n)s seconds.") % {"n": round(settings.PATRON_WEBHOOK_TIMEOUT)} if late else _reason(error))
        problem = "" if 200 <= status < 300 else _("The receiver answered %(status)s.") % {"status": status}
        return Outcome(status, answer, problem, _since(began))

    def watch(self) -> None:
        """End requests that are over time."""
        now = time.monotonic()
        with self._lock:
            late = [line for end, line in self._busy.values() if end < now]
        for line in late:
            made = line.sock
            if made is not None:
                with contextlib.suppress(OSError):
                    made.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            lines = [line for group in self._idle.values() for line in group]
            self._idle.clear()
        for line in lines:
            line.close()

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        (line, used), began = self._line(origin, parts), time.monotonic()
        try:
            return self._exchange(origin, line, path, body, headers)
        except (OSError, HTTPError, HTTPException):
            if not used or time.monotonic() - began > _AT_ONCE:
                raise
        return self._exchange(origin, _new(parts), path, body, headers)  # the receiver had closed the connection that was kept: once more on a new one

    def _line(self, origin: str, parts: Any) -> tuple[HTTPConnection, bool]:
        with self._lock:
            idle = self._idle.get(origin)
            if idle:
                return idle.pop(), True
        return _new(parts), False

    def _exchange(self, origin: str, line: HTTPConnection, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        with self._lock:
            self._busy[id(line)] = (time.monotonic() + settings.PATRON_WEBHOOK_TIMEOUT, line)
        keep = False
        try:
            line.request("POST", path, body=body, headers=headers, preload_content=False, decode_content=False)
            response = line.getresponse()
            most = settings.PATRON_WEBHOOK_ANSWER
            content = response.read(most + 1)
            keep = len(content) <= most and response.headers.get("connection", "").lower() != "close" and line.sock is not None
            return response.status, _text(content[:most])
        finally:
            with self._lock:
                self._busy.pop(id(line), None)
                if keep:
                    self._idle.setdefault(origin, []).append(line)
            if not keep:
                line.close()


def _new(parts: Any) -> HTTPConnection:
    host, timeout = parts.hostname, settings.PATRON_WEBHOOK_TIMEOUT
    if parts.scheme == "https":
        return _Secure(host, parts.port or 443, timeout=timeout, cert_reqs="CERT_REQUIRED")
    return _Plain(host, parts.port or 80, timeout=timeout)


def _text(content: bytes) -> str:
    """Bytes of a stranger as text that PostgreSQL keeps."""
    return content.decode("utf-8", "replace").replace("\x00", "\ufffd")


def _reason(error: BaseException) -> str:
    words = str(getattr(error, "reason", "") or error) or type(error).__name__
    return _text(words.encode("utf-8", "replace"))[:300]


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)


def _failed(began: float, problem: str) -> Outcome:
    return Outcome(None, "", problem[:300], _since(began))

