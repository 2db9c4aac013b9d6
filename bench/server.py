"""A real web server, one process, and a client that is signed in."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from bench.measure import family, resident


class Client:
    """Keeps one connection, a person's cookies, a program's key and the revisions that it was told."""

    def __init__(self, port: int, session: str = "", key: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies = {"sessionid": session} if session else {}
        self.key, self._revisions = key, dict[str, str]()

    def send(self, method: str, address: str, body: dict[str, Any] | None = None) -> tuple[int, str]:
        """Ask the API. A PATCH is for the revision that is known, which is read where none is."""
        headers = {"Authorization": f"Bearer {self.key}"}
        if method == "PATCH":
            if address not in self._revisions:
                self.send("GET", address)
            headers["If-Match"] = self._revisions[address]
        self.connection.request(method, address, None if body is None else json.dumps(body), {**headers, **({} if body is None else {"Content-Type": "application/json"})})
        answer = self.connection.getresponse()
        self._revisions[address] = answer.headers.get("ETag", "")
        return answer.status, answer.read().decode()

    def get(self, address: str, *, part: bool = False) -> tuple[int, str]:
        return self._ask("GET", address, None, part=part)

    def post(self, address: str, form: dict[str, str]) -> tuple[int, str]:
        token = self.cookies.get("csrftoken") or self._token(address)
        return self._ask("POST", address, urlencode({**form, "csrfmiddlewaretoken": token}))

    def _token(self, address: str) -> str:
        """The token of a form; its cookie comes with it."""
        _status, page = self.get(address)
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        return self.cookies.get("csrftoken") or (found.group(1) if found else "")

    def _ask(self, method: str, address: str, body: str | None, *, part: bool = False) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **({"HX-Request": "true"} if part else {})}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, address, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _eq, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.status, text


@contextmanager
def serving(settings: str = "patron.config.settings") -> Iterator[tuple[int, int]]:
    """Run Patron under these settings in one process of four threads; answers (pid, port)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "patron.config.wsgi:application", "--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4"]
    process = subprocess.Popen([*command, "--log-level", "warning"], env={**os.environ, "PATRON_DATABASE_ROLE": "app", "PATRON_API_RATE": "1000000", "DJANGO_SETTINGS_MODULE": settings})
    try:
        for _try in range(150):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(20)


def memory(pid: int) -> float:
    """MiB resident in the process that serves."""
    return max(resident(p) for p in family(pid)) / 1024
