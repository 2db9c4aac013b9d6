"""A small site in a folder of its own, run as a program, for the tests of the command line and of starting and stopping."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from patron.config import embedded
from patron.config.postgres import places
from patron.config.postgres.server import Cluster

SOURCE = Path(__file__).resolve().parents[2]


class Site:
    """A data folder and a port, and the program that serves them in a process group of its own, as a terminal would start it."""

    patience = 120  # seconds for one command

    def __init__(self, data: Path) -> None:
        self.data = data
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.program: subprocess.Popen[str] | None = None

    def patron(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "patron.config.cli", *arguments]

    @property
    def environment(self) -> dict[str, str]:
        own = {"PATRON_DATA_DIR": str(self.data), "PORT": str(self.port), "DJANGO_SETTINGS_MODULE": "tests.config.tiny"}
        path = f"{SOURCE / 'src'}:{SOURCE}"
        return {"PATH": os.environ["PATH"], "HOME": str(self.data.parent), "LANG": "C.UTF-8", "PYTHONPATH": path, **own}

    def launch(self) -> subprocess.Popen[str]:
        with (self.data.parent / "log").open("a") as log:
            self.program = subprocess.Popen(
                self.patron("serve"),
                env=self.environment,
                cwd=SOURCE,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                text=True,
                start_new_session=True,
            )
        return self.program

    def start(self) -> float:
        """Start and wait for an answer; the seconds it took."""
        before = self.log().count("Patron is ready")
        began, program = time.monotonic(), self.launch()
        while time.monotonic() < began + 60:
            if self.log().count("Patron is ready") > before and self.page():
                return time.monotonic() - began
            assert program.poll() is None, self.log()
            time.sleep(0.05)
        pytest.fail(f"no answer in 60 s: {self.log()}")

    def page(self) -> list[str]:
        """What the page says: pid of the web process, role of the database; nothing when there is no answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as answer:
                return str(answer.read().decode()).split()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return []

    def run(self, *arguments: str, **further: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end, with `further` variables in its environment."""
        return subprocess.run(
            self.patron(*arguments), env=self.environment | further, cwd=SOURCE, capture_output=True, text=True, timeout=self.patience, check=False
        )

    def log(self) -> str:
        log = self.data.parent / "log"
        return log.read_text() if log.exists() else ""

    def signal_group(self, number: int) -> None:
        assert self.program is not None
        os.killpg(self.program.pid, number)

    def wait(self, seconds: float = 10) -> int:
        assert self.program is not None
        return self.program.wait(seconds)

    def recorded(self) -> dict[str, int]:
        """The pids of web and worker."""
        pids = [pid for pid, _ in json.loads((self.data / "serve.json").read_text())]
        return dict(zip(("web", "worker"), pids, strict=False))

    def keep_promises(self) -> None:
        """What is committed survives, as in a real cluster: a throwaway one may lose the last moments before a kill."""
        target = self.cluster.pgdata / "conf.d" / "zz-local.conf"
        target.write_text("fsync = on\nsynchronous_commit = on\nfull_page_writes = on\n")
        shutil.chown(target, self.cluster.pgdata.stat().st_uid, self.cluster.pgdata.stat().st_gid)

    @property
    def cluster(self) -> Cluster:
        root = places.cluster_of(self.data)
        assert root is not None
        return Cluster(root)

    def everything_ended(self) -> bool:
        return not self.page() and self.cluster.running() is None


class Templates:
    """Clusters to copy, since making one takes a second and filling it three: an empty one and one after `patron init`."""

    def __init__(self, folder: Path) -> None:
        self.empty = Site(folder / "empty")
        embedded.ensure_running(self.empty.data, throwaway=True)
        embedded.stop(self.empty.data)
        self.filled = self.copy(folder / "filled", self.empty)
        assert self.filled.run("init").returncode == 0

    def copy(self, data: Path, template: Site) -> Site:
        """A site with a cluster and key of its own, equal to the template's."""
        places.make_data_dir(data)
        target = places.cluster_of(data, create=True)
        assert target is not None
        target.mkdir(exist_ok=True)
        subprocess.run(["cp", "--archive", "--no-clobber", f"{template.cluster.root}/.", target], check=True)  # keeps what says whose it is
        if (template.data / "secret_key").exists():
            shutil.copy2(template.data / "secret_key", data)
        return Site(data)


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    """Made once per test process."""
    made = Templates(tmp_path_factory.mktemp("templates"))
    yield made
    for site in (made.empty, made.filled):
        embedded.discard(site.data)


@pytest.fixture
def make_site(tmp_path: Path, templates: Templates) -> Iterator[Callable[..., Site]]:
    """Makes sites with a throwaway database that is down: `make_site(name, empty=True)` without tables. Ends and deletes them after the test."""
    made: list[Site] = []

    def make(name: str, *, empty: bool = False) -> Site:
        (tmp_path / name).mkdir()
        made.append(templates.copy(tmp_path / name / "data", templates.empty if empty else templates.filled))
        return made[-1]

    yield make
    for site in made:
        if site.program and site.program.poll() is None:
            site.signal_group(signal.SIGTERM)
            site.wait(20)
        embedded.discard(site.data)


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    """A site that is ready to serve."""
    return make_site("site")


@pytest.fixture
def empty_site(make_site: Callable[..., Site]) -> Site:
    """A site whose database is empty."""
    return make_site("empty", empty=True)
