"""A whole Patron in a data folder of its own, and ways to hurt it and to look at it. Only for `make soak`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import psycopg
import pytest

from patron.config import embedded
from tests.config.conftest import SOURCE, Site
from tests.soak.acts import SLUG

_TOKEN = "s" * 32


@pytest.fixture(autouse=True)
def _only_when_asked_for() -> None:
    if not os.environ.get("PATRON_SOAK"):
        pytest.skip("slow: make soak runs it")


def trials(default: int) -> int:
    """How many kills per piece of work: PATRON_SOAK_TRIALS, else the default."""
    return int(os.environ.get("PATRON_SOAK_TRIALS") or default)


class Answer:
    """Status and text of a page; status 0 where the connection broke."""

    def __init__(self, status: int, text: str) -> None:
        self.status, self.text = status, text


class Patron(Site):
    """A real one, with web, worker and database."""

    patience = 600
    session = ""
    further: ClassVar[dict[str, str]] = {}

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "DJANGO_SETTINGS_MODULE": "tests.soak.settings", **self.further}

    def act(self, name: str, *arguments: object) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "tests.soak.acts", name, *map(str, arguments)], env=self.environment, cwd=SOURCE, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    def ask(self, path: str, data: dict[str, str] | None = None) -> Answer:
        """A page of the workspace as its administrator; POST where there are data."""
        body = urllib.parse.urlencode(data).encode() if data is not None else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/w/{SLUG}/{path}", data=body)
        request.add_header("Cookie", f"sessionid={self.session}; csrftoken={_TOKEN}")
        request.add_header("X-CSRFToken", _TOKEN)
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                return Answer(answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read().decode())
        except (OSError, ConnectionError):
            return Answer(0, "")

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """What the owner sees in the database; waits for it while it is away."""
        until = time.monotonic() + 120
        while True:
            try:
                url = embedded.running_url(self.data)
                if url:
                    with psycopg.connect(url, autocommit=True) as owner:
                        return owner.execute(question, values).fetchall()
            except psycopg.OperationalError:
                pass
            assert time.monotonic() < until, f"the database does not come back: {self.log()[-3000:]}"
            time.sleep(0.05)

    def value(self, question: str, *values: object) -> Any:
        return self.rows(question, *values)[0][0]

    def wait(self, question: Callable[[], object] | float = 10, seconds: float = 180) -> Any:  # type: ignore[override]
        """Wait until the question is answered with yes; with a number: until the program ends."""
        if not callable(question):
            return super().wait(question)
        until = time.monotonic() + seconds
        while not (found := question()):
            assert time.monotonic() < until, f"it never came true: {self.log()[-3000:]}"
            time.sleep(0.05)
        return found

    # --- hurting it ---------------------------------------------------------------------------------------------------

    def kill(self, victim: str) -> None:
        """SIGKILL for the worker, the processes that answer pages, the database's first process, or the backend with the oldest transaction."""
        for pid in {"worker": self._worker, "web": self._web, "database": self._database, "backend": self._backend}[victim]():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def _worker(self) -> list[int]:
        return [self.recorded()["worker"]]

    def _web(self) -> list[int]:
        parent = self.recorded()["web"]
        children = []
        for entry in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = entry.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == parent:
                children.append(int(entry.parent.name))
        return children

    def _database(self) -> list[int]:
        running = self.cluster.running()
        return [running.pid] if running else []

    def _backend(self) -> list[int]:
        question = "SELECT pid FROM pg_stat_activity WHERE usename = 'patron_app' AND xact_start IS NOT NULL ORDER BY xact_start LIMIT 1"
        return [int(pid) for (pid,) in self.rows(question)]

    # --- what must hold -----------------------------------------------------------------------------------------------

    def well(self) -> None:
        """Pages answer, a worker lives, no job hangs, rows and ledger agree, the doctor is content."""
        self.wait(lambda: self.ask("leads/").status == 200)
        self.wait(lambda: self.value("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '10 seconds'"))
        self.wait(lambda: not self.value("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name LIKE 'records.import_%%ly'"))
        assert self.value("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'") == 0
        self.rows_and_ledger_agree()
        done = self.run("doctor", "--json")
        findings = {f["check"]: f for f in json.loads(done.stdout)}
        assert done.returncode == 0, findings
        assert findings["jobs"]["detail"].startswith("0 stalled, 0 failed"), findings["jobs"]

    def rows_and_ledger_agree(self) -> None:
        for table in ("sales_lead", "customers_account"):
            unsigned = f"""SELECT count(*) FROM {table} r WHERE NOT EXISTS
                (SELECT FROM ledger_change c WHERE c.workspace_id = r.workspace_id AND c.row_id = r.id AND c.table_name = %s AND c.action = 'I')"""
            assert self.value(unsigned, table) == 0
            ghosts = f"""SELECT count(*) FROM (SELECT row_id, (array_agg(action ORDER BY seq DESC))[1] AS last FROM ledger_change WHERE table_name = %s GROUP BY 1) c
                LEFT JOIN {table} r ON r.id = c.row_id WHERE (c.last = 'D') <> (r.id IS NULL)"""
            assert self.value(ghosts, table) == 0
        assert self.value("SELECT count(*) FROM ledger_change c WHERE NOT EXISTS (SELECT FROM ledger_operation o WHERE o.workspace_id = c.workspace_id AND o.id = c.operation_id)") == 0
        latest = """SELECT count(*) FROM sales_lead r JOIN LATERAL (SELECT changes -> 'city' ->> 1 AS city FROM ledger_change c
            WHERE c.workspace_id = r.workspace_id AND c.row_id = r.id AND c.action = 'U' AND c.changes ? 'city' ORDER BY seq DESC LIMIT 1) c ON true WHERE c.city <> r.city"""
        assert self.value(latest) == 0
        assert self.value("SELECT count(*) FROM (SELECT FROM ledger_operation WHERE verb = 'leads.import' GROUP BY details ->> 'import' HAVING count(*) > 1) twice") == 0


class Doing:
    """A page asked for in the background, to be disturbed."""

    def __init__(self, work: Callable[[], Answer]) -> None:
        self.answer = Answer(0, "")
        self._work = work
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        self.answer = self._work()

    def end(self) -> Answer:
        self._thread.join(300)
        assert not self._thread.is_alive()
        return self.answer


@pytest.fixture(scope="module")
def patron(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Patron]:
    """A Patron that serves; ended and deleted after the module."""
    if not os.environ.get("PATRON_SOAK"):
        pytest.skip("slow: make soak runs it")
    found = Patron(tmp_path_factory.mktemp("soak") / "data")
    embedded.ensure_running(found.data, throwaway=True)
    embedded.stop(found.data)
    found.keep_promises()
    made = found.run("init")
    assert made.returncode == 0, made.stderr
    found.session = found.act("found")["session"]
    found.start()
    yield found
    found.signal_group(signal.SIGTERM)
    found.wait(30)
    embedded.discard(found.data)
