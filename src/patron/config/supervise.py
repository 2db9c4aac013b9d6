"""`patron serve`: database, migrations, demo, then web and worker as children, until Ctrl-C.

One process imports Django once and forks: a second start is ready in about two seconds, and web and worker share their memory.
Stopping goes web -> worker -> database, ten seconds at most. A child that dies is started again, and so is the database. What a
killed run left behind is found by the record in the data folder and ended at the next start.
"""

import gc
import http.client
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from patron.config import environment, locks, processes
from patron.config.postgres import DatabaseTrouble, places
from patron.config.runtime import Failure, database, setup_django

_STOP_SECONDS = 3.0
_CALM_SECONDS = 60.0
_LONGEST_PAUSE = 30.0
_READY_SECONDS = 120.0
_DATABASE_PAUSE = 5.0


@dataclass(frozen=True, slots=True)
class Options:
    """What to serve, and where."""

    host: str
    port: int
    worker: bool = True
    demo: bool = False

    @property
    def address(self) -> str:
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host  # compared, not bound
        return f"http://{host}:{self.port}/"


@dataclass(slots=True)
class Child:
    """A process that ought to run: what it does, and when it may be started again after it ended."""

    name: str
    work: Callable[[], None]
    pid: int = 0
    since: float = 0.0
    failures: int = 0
    not_before: float = field(default=0.0)

    def start(self) -> None:
        self.pid, self.since = processes.spawn(self.work), time.monotonic()

    def ended(self, status: int) -> None:
        """Take note of its end: the pause before the next start doubles until it lived for a minute."""
        lived = time.monotonic() - self.since
        self.failures = 1 if lived > _CALM_SECONDS else self.failures + 1
        self.pid, self.not_before = 0, time.monotonic() + min(_LONGEST_PAUSE, 0.25 * 2**self.failures)
        click.echo(f"{self.name} {processes.describe(status)}; starting it again", err=True)

    def stop(self, patience: Callable[[], float]) -> None:
        """End it gently, and with force when `patience` (seconds, asked again and again) is over."""
        if self.pid:
            processes.end_group(self.pid, patience=patience)
            self.pid = 0


class StopSignal:
    """Turns the first Ctrl-C, SIGTERM or hang-up into KeyboardInterrupt, wherever the program is; later ones never interrupt the end.

    One Ctrl-C may arrive several times (make passes SIGTERM on, too), so only a repetition after a second means "hurry".
    """

    def __init__(self) -> None:
        self.first = 0.0
        self.hurry = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._came)  # also where a script started us with SIGINT ignored

    def _came(self, _number: int, _frame: object) -> None:
        now = time.monotonic()
        if not self.first:
            self.first = now
            raise KeyboardInterrupt
        self.hurry = now - self.first > 1


def serve(options: Options) -> None:
    """Run until a signal says stop. Raises Failure or DatabaseTrouble when it cannot start; leaves nothing running."""
    began, stop = time.monotonic(), StopSignal()
    os.environ["PORT"] = str(options.port)  # the settings make links with it
    data = places.data_dir()
    places.make_data_dir(data)
    own_database = not environment.text("DATABASE_URL")
    try:
        with _only_one(data / "serve.lock"), _record(data / "serve.json") as record:
            _require_free_port(options)
            with database(role="app", create=True, patience=_STOP_SECONDS) as owner_url:
                _prepare(owner_url, options)
                Supervisor(options, record, stop, data if own_database else None).run(began)
    except KeyboardInterrupt:
        click.echo("Stopped.")


@contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    """Hold the lock that says "this data folder is being served"."""
    try:
        with locks.exclusive(lock, wait=False):
            yield
    except locks.Busy:
        raise Failure(f"Patron is being served from {lock.parent} already. Stop it first, or choose another PATRON_DATA_DIR.") from None


@contextmanager
def _record(path: Path) -> Iterator[Callable[[list[int]], None]]:
    """End what the last run left behind, then keep the pids of ours in `path` until a clean end."""
    try:
        left = [(int(pid), str(born)) for pid, born in json.loads(path.read_text())]
    except (FileNotFoundError, ValueError, TypeError):
        left = []
    ended = [processes.end_stranger(pid, born, seconds=_STOP_SECONDS) for pid, born in left]
    if any(ended):
        click.echo("The last run was killed; ended what it had left running.")

    def write(pids: list[int]) -> None:
        fresh = path.with_suffix(".new")
        try:
            fresh.write_text(json.dumps([(pid, processes.birth(pid)) for pid in pids]))
            fresh.replace(path)
        except OSError as error:  # a full disk must not end what runs
            click.echo(f"{path} was not written: {error.strerror}", err=True)

    try:
        yield write
    finally:
        path.unlink(missing_ok=True)


def _require_free_port(options: Options) -> None:
    until = time.monotonic() + 2  # the web workers of a killed run may take a moment to go
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((options.host, options.port))
                return
            except OSError as error:
                if time.monotonic() > until:
                    raise Failure(
                        f"{options.host}:{options.port} cannot be served ({error.strerror}). "
                        f"Choose another port: PORT={options.port + 1} make run, or patron serve --port {options.port + 1}"
                    ) from error
        time.sleep(0.05)


def _prepare(owner_url: str, options: Options) -> None:
    """Django, migrations where some are missing, the demo workspace where it is asked for and missing."""
    setup_django()
    from patron.config import migrations  # needs Django

    if missing := migrations.unapplied(owner_url):
        click.echo(f"Bringing the database up to date ({len(missing)} migrations) …")
        done = subprocess.run([sys.executable, "-m", "patron.config.cli", "migrate", "--quiet"], check=False)
        if done.returncode:
            raise Failure("The migrations failed; see above. Nothing is served.")
    if options.demo and (sign_in := processes.ask(_demo)):
        click.echo(f"Sign in as {sign_in[0]} with the password {sign_in[1]}")


def _demo() -> list[str]:
    """Address and password of the demo's administrator; empty where somebody changed the password."""
    from patron.demo import load  # only in a child that may use a lot of memory

    known = load.ensure(click.echo)
    return [known.email, known.password] if known else []


class Supervisor:
    """Keeps web, worker and (with `data`) the embedded database up until a signal comes."""

    def __init__(self, options: Options, record: Callable[[list[int]], None], stop: StopSignal, data: Path | None) -> None:
        self.options, self.record, self.stop, self.data = options, record, stop, data
        self.children = [Child("web", lambda: _web(options))]
        if options.worker:
            self.children.append(Child("worker", _worker))
        self.ready = False
        self.database_not_before = 0.0

    def run(self, began: float) -> None:
        """Ends by KeyboardInterrupt, which a signal raises at any point, or by Failure when web cannot start at all."""
        _import_all()
        wake = _wake_on_signals()
        try:
            while True:
                self._reap()
                self._start_missing()
                if not self.ready:
                    self._look_for_ready(began)
                if self.data:
                    self._keep_database(self.data)
                if select.select([wake], [], [], 1.0 if self.ready else 0.05)[0]:
                    os.read(wake, 512)
        finally:
            for child in self.children:
                child.stop(lambda: 0 if self.stop.hurry else _STOP_SECONDS)

    def _reap(self) -> None:
        for child in [child for child in self.children if child.pid]:
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if pid:
                child.ended(status)
                if not self.ready and child.name == "web":
                    raise Failure("The web server does not start; see above.")

    def _start_missing(self) -> None:
        due = [child for child in self.children if not child.pid and time.monotonic() >= child.not_before]
        for child in due:
            child.start()
        if due:
            self.record([child.pid for child in self.children if child.pid])

    def _keep_database(self, data: Path) -> None:
        """Start the embedded database again if it died; where it cannot (a full disk), say so and try again every few seconds."""
        from patron.config import embedded  # not needed with a server of one's own

        if time.monotonic() < self.database_not_before or embedded.running_url(data) is not None:
            return
        click.echo("The database ended; starting it again", err=True)
        try:
            address = embedded.ensure_running(data)
        except (DatabaseTrouble, OSError) as trouble:
            click.echo(f"{trouble}\nIt is tried again in {_DATABASE_PAUSE:.0f} seconds.", err=True)
            self.database_not_before = time.monotonic() + _DATABASE_PAUSE
            return
        if address != os.environ["DATABASE_URL"]:
            self._follow(address)

    def _follow(self, address: str) -> None:
        """The database's port was taken by a stranger while it was away: it has a new one, and web and worker are started anew with it."""
        from django.conf import settings  # after setup

        click.echo("The database goes on at another port, since somebody has taken its own; web and worker start again", err=True)
        os.environ["DATABASE_URL"] = address
        settings.DATABASES["default"]["PORT"] = settings.PATRON_OWNER["PORT"] = str(urlsplit(address).port)
        for child in self.children:
            child.stop(lambda: _STOP_SECONDS)

    def _look_for_ready(self, began: float) -> None:
        if _answers(self.options):
            click.echo(f"Patron is ready after {time.monotonic() - began:.1f} s: {self.options.address}   (Ctrl-C stops it)")
            self.ready = True
        elif time.monotonic() - self.children[0].since > _READY_SECONDS:
            raise Failure(f"The web server gave no answer for {_READY_SECONDS:.0f} seconds.")


def _wake_on_signals() -> int:
    """A file descriptor that becomes readable when a signal comes, a child's end included."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    return reading


def _import_all() -> None:
    """Import in the parent what the children need, so that they share it; nothing may connect to the database here."""
    from django.db import connections  # after setup
    from django.urls import get_resolver  # after setup

    importlib.import_module("patron.config.wsgi")
    _ = get_resolver().reverse_dict
    connections.close_all()
    gc.collect()
    gc.freeze()


def _web(options: Options) -> None:
    """The web server: one process that accepts, two that answer, four threads each."""
    from granian import Granian  # a child's affair
    from granian.constants import Interfaces
    from granian.log import LogLevels

    def application(_: str) -> Callable[..., Any]:
        processes.die_with_parent()
        from patron.config.wsgi import application  # imported already, in the parent

        return application

    server = Granian(
        "patron.config.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=4,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=2,
        log_level=LogLevels.warning,
    )
    server.on_startup(lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))  # granian's "reload" would bring back the same code
    server.serve(target_loader=application)


def _worker() -> None:
    """The job worker; unfinished jobs get two seconds at the end and are taken up again later."""
    from patron.kernel import jobs  # after setup

    jobs.run_worker(concurrency=4, patience=2)


def _answers(options: Options) -> bool:
    """Whether the web server answers a request, with whatever status."""
    host = options.address.split("/")[2].rpartition(":")[0]
    connection = http.client.HTTPConnection(host, options.port, timeout=10)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
